"""The routing desk: rules in plain sentences, tried before they are kept; adjustment limits."""

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.back_office.folios import sentences
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio, RoutingRule
from pms.hotel.books.routing import Takes
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff.charges import Department
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, balances, post, queries, sign_in


@pytest.fixture
def couple(app: Flask, house: int) -> int:
    """The open folio of the couple in house, with a company in window 2; its id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        here = session.scalars(sa.select(Reservation).where(Reservation.state == "in_house")).one()
        folio = settlements.folio_of(session, here, by=by)
        acme = companies.enter(session, hotel, code="ACME", name="Acme GmbH", by=by)
        folios.open_window(session, folio, no=2, payee_company=acme, payee_name=acme.name, by=by)
        return folio.id


def rules(session: Session) -> list[RoutingRule]:
    session.rollback()
    return list(session.scalars(sa.select(RoutingRule).order_by(RoutingRule.priority)))


SENTENCES: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "Acme pays everything"),
    (
        {"percent": 6_000, "night_limit": 12_000, "weekdays": 0b0001111},
        "Acme pays 60 % of everything, up to €120.00 a night, Mon–Thu",
    ),
    (
        {"department": Department.ROOMS, "night_limit": 100, "total_limit": 900},
        "Acme pays rooms, up to €1.00 a night and €9.00 in all",
    ),
    ({"percent": 1_250, "weekdays": 0b1100001}, "Acme pays 12.5 % of everything, Mon, Sat, Sun"),
    ({"first_night": date(2026, 11, 20)}, "Acme pays everything, from 20 Nov 2026"),
    (
        {"first_night": date(2026, 11, 20), "last_night": date(2026, 11, 20)},
        "Acme pays everything, on 20 Nov 2026",
    ),
)


def test_a_rule_is_a_plain_sentence(app: Flask) -> None:
    usual = {"weekdays": folios.EVERY_DAY, "percent": folios.WHOLE}

    with app.test_request_context():
        for takes, says in SENTENCES:
            rule = RoutingRule(**(usual | takes))
            said = sentences.sentence(rule, payer="Acme", code=None, currency="EUR")
            assert said == says


def test_a_rule_is_tried_kept_followed_changed_and_ended(
    send: Send, desk: Any, reading: Session, house: int, couple: int
) -> None:
    hotel = reading.get_one(Hotel, house)
    room = make.charge_code(reading, hotel)
    asked = {"what": room.id, "percent": "60", "night_limit": "50.00", "to": f"{couple}-2"}

    tried = send(f"/folios/{couple}/routing", **asked, **{"try": "1"})
    assert tried.status_code == 200
    assert "isn't kept yet" in tried.text.replace("&#39;", "'")
    assert tried.text.count("€50.00") >= 4  # each night, of each payer
    assert rules(reading) == []

    send(f"/folios/{couple}/routing", **asked)
    [rule] = rules(reading)
    shown = desk.get(f"/folios/{couple}/routing").text
    assert "Window 2 (Acme GmbH) pays 60 % of Room, up to €50.00 a night" in shown
    send(f"/folios/{couple}/post", code=room.id, quantity="1", amount="100.00")
    assert balances(reading, house, couple) == {1: "50.00", 2: "50.00"}

    change = f"/folios/{couple}/routing/{rule.id}"
    assert 'value="60"' in desk.get(change).text
    below = send(change, what="everything", percent="100", night_limit="49.00")
    assert 'id="night_limit-refuses"' in below.text
    send(change, what="everything", percent="100", night_limit="120.00", weekdays=["4", "5"])
    send(f"/folios/{couple}/post", code=room.id, quantity="1", amount="100.00")
    assert balances(reading, house, couple) == {1: "80.00", 2: "120.00"}

    send(f"{change}/end")
    assert "Every charge goes to window 1." in desk.get(f"/folios/{couple}/routing").text
    assert desk.get(change).status_code == 404


def test_opening_the_page_waits_for_nobody_who_writes(
    desk: Any, reading: Session, couple: int
) -> None:
    with transaction(reading):
        page = desk.get(f"/folios/{couple}/routing")

    assert page.status_code == 200
    assert "As the night audits will post it" in page.text


def test_the_rules_are_applied_to_what_is_posted_as_it_was_shown(
    send: Send, desk: Any, reading: Session, house: int, couple: int
) -> None:
    room = make.charge_code(reading, reading.get_one(Hotel, house)).id
    posted = f"/folios/{couple}/routing/posted"
    send(f"/folios/{couple}/post", code=room, quantity="1", amount="100.00", window="1")
    send(f"/folios/{couple}/routing", what=room, percent="60", to=f"{couple}-2")

    shown = desk.get(posted).text
    expects = re.search(r'name="expects"[^>]*value="([0-9a-f]+)"', shown)
    assert expects
    assert "Acme GmbH, folio" in shown
    assert "€60.00" in shown
    send(f"/folios/{couple}/post", code=room, quantity="1", amount="10.00", window="1")
    stale = send(posted, expects=expects.group(1))
    assert stale.status_code == 422
    assert "Look again, then apply it." in stale.text
    again = re.search(r'name="expects"[^>]*value="([0-9a-f]+)"', stale.text)
    assert again
    done = send(posted, expects=again.group(1))
    assert done.status_code == 302
    assert balances(reading, house, couple) == {1: "44.00", 2: "66.00"}
    back = re.search(r'action="([^"]+/posted/\d+/back)"', desk.get(f"/folios/{couple}").text)
    assert back
    assert "stands where the rules send it" in desk.get(posted).text
    send(back.group(1))
    assert balances(reading, house, couple) == {1: "110.00", 2: "0.00"}


def test_a_rule_leads_to_a_master_and_goes_before_another(
    send: Send, reading: Session, house: int, couple: int
) -> None:
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        by = make.by(reading, hotel)
        master = folios.open_folio(
            reading, hotel, kind=folios.FolioKind.HOUSE, name="The owner", by=by
        )
    send(f"/folios/{couple}/routing", what="everything", to=f"{couple}-2")
    send(f"/folios/{couple}/routing", what="rooms", to=f"{master.id}-1")
    first, second = rules(reading)

    send(f"/folios/{couple}/routing/{second.id}/earlier")

    assert [rule.id for rule in rules(reading)] == [second.id, first.id]


def test_odd_rules_are_refused_beside_their_fields(send: Send, couple: int) -> None:
    for wrong, field in (
        ({"what": "everything", "to": "", "folio": "999"}, "folio"),
        ({"what": "everything", "to": f"{couple}-2", "percent": "101"}, "percent"),
        ({"what": "everything", "to": f"{couple}-2", "night_limit": "0"}, "night_limit"),
    ):
        for more in ({}, {"try": "1"}):
            page = send(f"/folios/{couple}/routing", **wrong, **more)
            assert (page.status_code, f'id="{field}-refuses"' in page.text) == (422, True)


def test_more_rules_ask_no_more_queries(app: Flask, desk: Any, house: int, couple: int) -> None:
    def add(many: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            folio = session.get_one(Folio, (house, couple))
            takes = Takes(percent=100, night_limit=Money(100, "EUR"))
            for _ in range(many):
                routing.route(session, folio, to_window=2, takes=takes, by=make.by(session, hotel))

    def post_bar(many: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            folio, by = session.get_one(Folio, (house, couple)), make.by(session, hotel)
            code, amount = make.charge_code(session, hotel, "BAR"), Money(1_000, "EUR")
            for _ in range(many):
                folios.charge(session, folio, code=code, amount=amount, window=1, by=by)

    pages = [f"/folios/{couple}/routing", f"/folios/{couple}/routing/posted"]
    post_bar(1)
    add(1)
    few = [queries(app, desk, page) for page in pages]
    add(10)
    post_bar(10)

    many = [queries(app, desk, page) for page in pages]
    assert all(more <= less for more, less in zip(many, few, strict=True))


def test_adjustment_limits_are_set_by_the_manager(
    send: Send, desk: Any, reading: Session, house: int
) -> None:
    wrong = send("/adjustment-limits", night_auditor="-1")
    send("/adjustment-limits", night_auditor="20.00", accountant="", manager="")

    reading.rollback()
    assert 'id="night_auditor-refuses"' in wrong.text
    assert 'value="20.00"' in desk.get("/adjustment-limits").text
    limits = folios.limits(reading, reading.get_one(Hotel, house))
    assert limits == {Role.NIGHT_AUDITOR: Money(2_000, "EUR")}


def test_the_desk_keeps_to_its_limit(app: Flask, client: Any, house: int, bill: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        most = Money(2_000, "EUR")
        folios.set_limits(session, hotel, {Role.NIGHT_AUDITOR: most}, by=make.by(session, hotel))
        code = make.charge_code(session, hotel, "BAR").id
    sign_in(client, Role.NIGHT_AUDITOR)
    asked = {"code": code, "window": "1", "reason": "cold soup"}

    much = post(client, f"/folios/{bill}/adjust", amount="-20.01", **asked)
    right = post(client, f"/folios/{bill}/adjust", amount="-20.00", **asked)

    assert "adjusts a bill by 20.00 EUR a day" in much.text
    assert right.status_code == 302
    assert client.get("/adjustment-limits").status_code == 403
