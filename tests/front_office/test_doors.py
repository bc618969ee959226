"""The doors: who may enter, strangers' rows, and questions that don't grow with the house."""

from collections.abc import Callable
from typing import Any

import pytest

from pms.base.db import transaction
from pms.hotel.guests import companies
from pms.hotel.house.staff import Role
from pms.hotel.service import maintenance
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


def test_concierge_and_engineer_begin_at_their_own_desks(
    as_role: Callable[[Role], Clerk],
) -> None:
    concierge, engineer = as_role(Role.CONCIERGE), as_role(Role.ENGINEER)

    assert concierge.get("/sign-in").location == "/concierge"
    assert engineer.get("/sign-in").location == "/maintenance"
    assert (
        concierge.get("/reception").status_code == engineer.get("/maintenance").status_code == 200
    )
    menu = engineer.get("/maintenance").text
    assert 'href="/maintenance"' in menu
    for closed in ("/reception", "/concierge", "/folios", "/guests"):
        assert engineer.get(closed).status_code == 403
        assert f'href="{closed}"' not in menu
    assert concierge.get("/maintenance/new").status_code == 200
    assert concierge.get("/book").status_code == 403


READ = (
    "/housekeeping/share?shown=1&person={number}",
    "/housekeeping/share?shown=1&person={who}&minutes-{who}={number}",
    "/search?q={number}",
    "/reservations?q={number}",
    "/folios?q={number}",
    "/book?with_id={number}",
    "/book?guest={number}",
    "/traces?day={day}",
    "/requests/duty?day={day}",
    "/commissions?month={day:.7}",
    "/rates?from={day}",
    "/reservations?arrives={day}",
    "/cashier?day={day}",
    "/reports?day={day}",
    "/check-in/{party}/departure?departure={day}",
)
OUT_OF_ORDER = {
    "step": "take", "kind": "out_of_order", "first": "2026-11-20", "until": "2026-11-21",
    "return_condition": "dirty",
}  # fmt: skip
SENT: tuple[tuple[str, dict[str, str]], ...] = (
    ("/guests/{guest}", {"surname": "Novák", "version": "{number}"}),
    ("/housekeeping/share", {"person": "{who}", "minutes-{who}": "{number}"}),
    ("/maintenance/{order}/out-of-order", {**OUT_OF_ORDER, "confirmed": "{number}"}),
    ("/concierge/wake-ups", {"rooms": "101", "at": "{hour}", "first_on": "{day}"}),
)


@pytest.mark.parametrize(
    ("number", "day", "hour", "zone"),
    [
        ("\N{SUPERSCRIPT TWO}", "0001-01-01", "00:00", "Europe/Berlin"),
        ("9" * 5_000, "9999-12-31", "23:30", "America/New_York"),
    ],
    ids=["superscript and the first day", "endless and the last day"],
)
@SQLITE_ONLY
def test_what_is_no_number_and_no_day_of_ours_is_answered(
    number: str, day: str, hour: str, zone: str, clerk: Clerk, hotel: House
) -> None:
    def furnish(session: Any, house: Any) -> dict[str, int]:
        by, room = make.by(session, house), make.room(session, house, "103")
        house.time_zone = zone
        order = maintenance.report(session, house, words="Lamp", room=room, by=by)
        return {"who": by.id, "order": order.id}

    party = hotel.party("Novák")
    typed = {"number": number, "day": day, "hour": hour, "party": party.id, "guest": party.guest_id}
    typed |= hotel.does(furnish)

    said = {page: clerk.get(page.format(**typed)).status_code for page in READ}
    for page, form in SENT:
        filled = {name.format(**typed): value.format(**typed) for name, value in form.items()}
        said[f"sent {page}"] = clerk.send(page.format(**typed), **filled).status_code

    assert {page: code for page, code in said.items() if code not in {200, 422}} == {}


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
def test_no_page_offers_a_door_that_stays_shut(
    as_role: Callable[[Role], Clerk], hotel: House
) -> None:
    party = hotel.party("Yamada")

    for role in (Role.RESERVATIONS, Role.CONCIERGE, Role.ACCOUNTANT):
        looks = as_role(role)
        page = looks.get("/").text + looks.get(f"/reservations/{party.id}").text
        assert f'href="/check-in/{party.id}"' not in page, role
        assert 'href="/check-in/rooms"' not in page, role


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
    # a reservation's page and its check-in ask most: each desk's word on one party
    assert max(many.values()) <= 33, many
