"""The doors: who may enter, strangers' rows, and questions that don't grow with the house."""

from collections.abc import Callable
from typing import Any

import pytest

from pms.base.db import transaction
from pms.hotel.guests import companies
from pms.hotel.house.staff import Role
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.web.conftest import SQLITE_ONLY
from tests.web.test_query_counts import queries

OF_A_PARTY = [
    "/check-in/{id}",
    "/check-in/{id}/room",
    "/check-in/{id}/move",
    "/check-in/{id}/departure",
    "/check-out/{id}",
    "/reservations/{id}",
    "/reservations/{id}/change",
    "/reservations/{id}/cancel",
    "/reservations/{id}/no-show",
    "/reservations/{id}/reinstate",
    "/book?with_id={id}",
]
PRESSED = [
    "/check-in/{id}/undo",
    "/check-in/{id}/unassign",
    "/check-in/{id}/pin",
    "/check-out/{id}/undo",
    "/check-out/{id}/charge",
    "/reservations/{id}/take-back",
]


@pytest.fixture
def stranger(app: Any, hotel: House) -> dict[str, int]:
    """A party, a guest and a company of another hotel, in another chain."""
    with app.app_context(), transaction(db.session()) as session:
        other = make.furnished(session, "OTHER")
        party = make.reservation(session, other, surname="Foreign")
        firm = companies.enter(session, other, code="X", name="X Ltd", by=make.by(session, other))
        return {"party": party.id, "guest": party.guest_id, "company": firm.id}


def test_a_strangers_rows_are_not_found(clerk: Clerk, stranger: dict[str, int]) -> None:
    asked = [address.format(id=stranger["party"]) for address in OF_A_PARTY]
    asked += [f"/guests/{stranger['guest']}", f"/companies/{stranger['company']}"]

    assert {address: clerk.get(address).status_code for address in asked} == dict.fromkeys(
        asked, 404
    )


def test_a_strangers_party_cannot_be_pressed(clerk: Clerk, stranger: dict[str, int]) -> None:
    for address in PRESSED:
        assert clerk.press(address.format(id=stranger["party"])).status_code == 404


def test_who_only_looks_does_nothing(as_role: Callable[[Role], Clerk], hotel: House) -> None:
    owner = as_role(Role.OWNER)
    party = hotel.party("Yamada").id
    seen = {"/reservations/{id}", "/book?with_id={id}"}

    for address in OF_A_PARTY:
        if address not in seen:
            assert owner.get(address.format(id=party)).status_code == 403, address
    for address in ("/book", "/walk-in", "/check-in/rooms", "/book/guests?q=a"):
        assert owner.get(address).status_code == 403, address
    for address in PRESSED:
        assert owner.press(address.format(id=party)).status_code == 403, address


def test_a_page_says_why_a_role_cannot(as_role: Callable[[Role], Clerk], hotel: House) -> None:
    page = as_role(Role.OWNER).get(f"/reservations/{hotel.party('Yamada').id}").text

    assert "Your role doesn&#39;t include it." in page
    assert "Mark as no-show</a>" not in page


@SQLITE_ONLY
def test_questions_do_not_grow_with_the_house(app: Any, clerk: Clerk, hotel: House) -> None:
    coming, here = hotel.party("Yamada"), hotel.party("Novák")
    addresses = [
        f"/check-in/{coming.id}",
        f"/check-in/{coming.id}/room",
        "/check-in/rooms",
        f"/check-in/{here.id}/move",
        f"/check-in/{here.id}/departure?departure=2026-11-25",
        f"/check-out/{here.id}",
        "/book?arrival=2026-11-21&departure=2026-11-23",
        "/walk-in",
        f"/reservations/{coming.id}",
        f"/reservations/{coming.id}/change",
        f"/guests/{coming.guest_id}",
        "/guests",
    ]
    few = {address: queries(app, clerk.client, address) for address in addresses}

    def grow(session: Any, house: Any) -> None:
        for floor in range(2, 6):
            for n in range(1, 6):
                make.room(session, house, f"{floor}{n:02d}")
        for _ in range(12):
            make.reservation(session, house, surname="Yam", nights=1)

    hotel.does(grow)
    many = {address: queries(app, clerk.client, address) for address in addresses}

    assert all(many[address] <= few[address] for address in addresses), (few, many)
    assert max(many.values()) <= 28, many
