"""The routing desk: rules in plain sentences, tried before they are kept; adjustment limits."""

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, receivables, routing
from pms.hotel.books.folios import Folio, RoutingRule
from pms.hotel.books.routing import Takes
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Agreement, Party
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import default_rules, recurring, settlements
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff import charge_sets
from pms.hotel.tariff.charge_sets import ChargeSet
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Levies
from pms.web import sentences
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


BAR, SPA, TEA = (ChargeCode(name=name) for name in ("Bar", "Spa", "Tea"))
SENTENCES: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "Acme pays everything"),
    (
        {"percent": 6_000, "night_limit": Money(12_000, "EUR"), "weekdays": 0b0001111},
        "Acme pays 60 % of everything, up to €120.00 a night, Mon–Thu",
    ),
    (
        {
            "department": Department.ROOMS,
            "night_limit": Money(100, "EUR"),
            "total_limit": Money(900, "EUR"),
        },
        "Acme pays rooms, up to €1.00 a night and €9.00 in all",
    ),
    ({"percent": 1_250, "weekdays": 0b1100001}, "Acme pays 12.5 % of everything, Mon, Sat, Sun"),
    ({"first_night": date(2026, 11, 20)}, "Acme pays everything, from 20 Nov 2026"),
    (
        {"first_night": date(2026, 11, 20), "last_night": date(2026, 11, 20)},
        "Acme pays everything, on 20 Nov 2026",
    ),
    ({"code": BAR}, "Acme pays Bar"),
    ({"codes": (BAR, SPA, TEA), "percent": 5_000}, "Acme pays 50 % of Bar, Spa and Tea"),
    ({"charge_set": ChargeSet(name="Extras")}, "Acme pays Extras"),
    ({"code": BAR, "levies": Levies.LEFT}, "Acme pays Bar without levies"),
    (
        {"levies": Levies.ONLY, "night_limit": Money(500, "EUR")},
        "Acme pays the levies on everything, up to €5.00 a night",
    ),
)


def test_a_rule_is_a_plain_sentence(app: Flask) -> None:
    with app.test_request_context():
        for takes, says in SENTENCES:
            assert sentences.sentence(Takes(**takes), payer="Acme") == says


def test_a_rule_is_tried_kept_followed_changed_and_ended(
    send: Send, desk: Any, reading: Session, house: int, couple: int
) -> None:
    hotel = reading.get_one(Hotel, house)
    room = make.charge_code(reading, hotel)
    asked = {"what": room.id, "percent": "60", "night_limit": "50.00", "to": "2"}

    tried = send(f"/folios/{couple}/routing", **asked, **{"try": "1"})
    assert tried.status_code == 200
    assert "isn't kept yet" in tried.text.replace("&#39;", "'")
    assert tried.text.count("€50.00") >= 4  # each night, of each payer
    assert rules(reading) == []

    send(f"/folios/{couple}/routing", **asked)
    [rule] = rules(reading)
    shown = desk.get(f"/folios/{couple}/routing").text
    assert "Window 2 (Acme GmbH) pays 60 % of Room, up to €50.00 a night" in shown
    send(f"/folios/{couple}/post", code=room.id, quantity="1", amount="100.00", tonight="on_top")
    assert balances(reading, house, couple) == {1: "50.00", 2: "50.00"}

    change = f"/folios/{couple}/routing/{rule.id}"
    assert 'value="60"' in desk.get(change).text
    below = send(change, what="everything", percent="100", night_limit="49.00")
    assert 'id="night_limit-refuses"' in below.text
    send(change, what="everything", percent="100", night_limit="120.00", weekdays=["4", "5"])
    send(f"/folios/{couple}/post", code=room.id, quantity="1", amount="100.00", tonight="on_top")
    assert balances(reading, house, couple) == {1: "80.00", 2: "120.00"}

    send(f"{change}/end")
    assert "Every charge goes to window 1." in desk.get(f"/folios/{couple}/routing").text
    assert desk.get(change).status_code == 404


def test_a_bill_expects_what_stays_on_it_and_what_recurs(
    app: Flask, desk: Any, send: Send, reading: Session, couple: int
) -> None:
    with transaction(reading):
        folio = reading.scalars(sa.select(Folio).where(Folio.id == couple)).one()
        hotel = reading.get_one(Hotel, folio.hotel_id)
        by, party = (
            make.by(reading, hotel),
            reading.scalars(sa.select(Reservation).where(Reservation.folio_id == couple)).one(),
        )
        garage = make.charge_code(reading, hotel, "GARAGE")
        recurring.add(reading, party, code=garage, amount=Money(1_000, "EUR"), by=by)
        master, room = make.folio(reading, hotel), make.charge_code(reading, hotel)
        takes = Takes(code=room, percent=7_500)
        routing.route(reading, folio, to_folio=master, to_window=1, takes=takes, by=by)
        nights = (party.departure - party.arrival).days

    page = desk.get(f"/folios/{couple}").text

    # of each night 25.00 of the room and the garage: 75.00 stand on the master's bill
    assert f"<dt>Still to post, {nights} nights</dt><dd>€{35 * nights}.00</dd>" in page


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
    send(
        f"/folios/{couple}/post",
        code=room,
        quantity="1",
        amount="100.00",
        tonight="on_top",
        window="1",
    )
    send(f"/folios/{couple}/routing", what=room, percent="60", to="2")

    shown = desk.get(posted).text
    expects = re.search(r'name="expects"[^>]*value="([0-9a-f]+)"', shown)
    assert expects
    assert "Acme GmbH, folio" in shown
    assert "€60.00" in shown
    send(
        f"/folios/{couple}/post",
        code=room,
        quantity="1",
        amount="10.00",
        tonight="on_top",
        window="1",
    )
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
    send(f"/folios/{couple}/routing", what="everything", to="2")
    send(f"/folios/{couple}/routing", what="rooms", to=f"folio-{master.id}")
    first, second = rules(reading)

    send(f"/folios/{couple}/routing/{second.id}/earlier")

    assert [rule.id for rule in rules(reading)] == [second.id, first.id]


def test_who_pays_is_found_by_what_is_typed(send: Send, reading: Session, couple: int) -> None:
    with transaction(reading):
        hotel = reading.scalars(sa.select(Hotel)).one()
        by = make.by(reading, hotel)
        master = folios.open_folio(
            reading, hotel, kind=folios.FolioKind.COMPANY, name="Nordwind", by=by
        )
        folios.open_folio(
            reading, hotel, kind=folios.FolioKind.COMPANY, name="Acme engineers' days", by=by
        )
        for code, name in (("SUN", "Sunny Tours"), ("SUNDA", "Sunda Ltd")):
            companies.enter(reading, hotel, code=code, name=name, by=by)
    page = f"/folios/{couple}/routing"

    for words in ("nordw", "sunny", "101", "acme"):
        send(page, what="rooms", folio=words)
    tried = send(page, what="rooms", folio="sunda", **{"try": "1"})
    several = send(page, what="rooms", folio="su")
    nobody = send(page, what="rooms", folio="Nobody")

    to = [(rule.to_folio_id, rule.to_window) for rule in rules(reading)]
    # 101 is the couple's own bill, its first window; a company's code is no part of a name
    assert to == [(master.id, 1), (couple, 3), (couple, 2)]
    assert tried.status_code == 200
    windows = reading.get_one(Folio, (master.hotel_id, couple)).windows
    assert [window.payee_name for window in windows][1:] == ["Acme GmbH", "Sunny Tours"]
    assert [page.status_code for page in (several, nobody)] == [422, 422]
    assert "Sunda Ltd (SUNDA); Sunny Tours (SUN)" in several.text
    assert 'id="folio-refuses"' in nobody.text


def test_sets_are_kept_routed_changed_and_retired(
    send: Send, desk: Any, reading: Session, house: int, couple: int
) -> None:
    hotel = reading.get_one(Hotel, house)
    with transaction(reading):
        bar, room = (make.charge_code(reading, hotel, code).id for code in ("BAR", "ROOM"))

    assert "No set is kept yet" in desk.get("/charge-sets").text
    assert "Choose 1 to 100 charge codes." in send("/charge-sets", name="Extras").text
    send("/charge-sets", name="Extras", codes=[str(bar)])
    [extras] = charge_sets.named(reading, hotel)
    send(f"/folios/{couple}/routing", what=str(extras.id), to="2")
    send(f"/folios/{couple}/routing", codes=[str(bar), str(room)], percent="50", to="2")
    shown = desk.get(f"/folios/{couple}/routing").text
    assert "pays Extras<" in shown
    assert "pays 50 % of Bar and Room<" in shown
    own = rules(reading)[1].charge_set_id
    assert desk.get(f"/charge-sets/{own}").status_code == 404

    send(f"/charge-sets/{extras.id}", name="Bar and room", codes=[str(bar), str(room)])
    page = desk.get("/charge-sets").text
    assert "Bar, Room" in page
    send(f"/charge-sets/{extras.id}/retire")
    assert "Retired" in desk.get("/charge-sets").text
    change = f"/folios/{couple}/routing/{rules(reading)[0].id}"
    assert "Bar and room" in desk.get(change).text
    assert "Bar and room</option>" not in desk.get(f"/folios/{couple}/routing").text
    send(f"/charge-sets/{extras.id}/back")
    assert "Bar and room</option>" in desk.get(f"/folios/{couple}/routing").text


def test_odd_rules_are_refused_beside_their_fields(send: Send, couple: int) -> None:
    for wrong, field in (
        ({"what": "everything", "to": "", "folio": "999"}, "folio"),
        ({"what": "everything", "to": "2", "percent": "101"}, "percent"),
        ({"what": "everything", "to": "2", "night_limit": "0"}, "night_limit"),
    ):
        for more in ({}, {"try": "1"}):
            page = send(f"/folios/{couple}/routing", **wrong, **more)
            assert (page.status_code, f'id="{field}-refuses"' in page.text) == (422, True)


def test_more_rules_ask_no_more_queries(app: Flask, desk: Any, house: int, couple: int) -> None:
    def add(many: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            folio = session.get_one(Folio, (house, couple))
            by = make.by(session, hotel)
            for no in range(many):
                codes = [make.charge_code(session, hotel, f"{many}-{no}")]
                named = charge_sets.add(session, hotel, name=f"{many}-{no}", codes=codes, by=by)
                takes = Takes(percent=100, night_limit=Money(100, "EUR"), charge_set=named)
                routing.route(session, folio, to_window=2, takes=takes, by=by)

    def post_bar(many: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            folio, by = session.get_one(Folio, (house, couple)), make.by(session, hotel)
            code, amount = make.charge_code(session, hotel, "BAR"), Money(1_000, "EUR")
            for _ in range(many):
                folios.charge(session, folio, code=code, amount=amount, window=1, by=by)

    pages = [f"/folios/{couple}/routing", f"/folios/{couple}/routing/posted", "/charge-sets"]
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
    cash = {"amount": "20.01", "words": "Taxi", "expense": "travel"}
    handed = post(client, "/cashier/paid-outs/new", **cash)

    assert "adjusts a bill by €20.00 a day" in much.text
    assert right.status_code == 302
    assert "pays out €20.00 a day. Ask a manager" in handed.text
    assert client.get("/adjustment-limits").status_code == 403


def test_what_puts_a_company_over_its_limit_is_said_before_anybody_leaves(
    app: Flask, send: Send, desk: Any, reading: Session, house: int, couple: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by, acme = make.by(session, hotel), companies.by_code(session, hotel, "ACME")
        assert acme is not None
        most = Money(10_500, "EUR")
        agreements.grant_credit(
            session, acme, direct_bill=True, credit_limit=most, hotel=hotel, by=by
        )
        owing = make.folio(session, hotel)
        code = make.charge_code(session, hotel, "BAR")
        folios.charge(session, owing, code=code, amount=Money(8_300, "EUR"), by=by)
        receivables.direct_bill(session, owing, company=acme, by=by)
    page, bill = f"/folios/{couple}/routing", f"/folios/{couple}"
    half = {"to": "2", "percent": "50"}
    owes = "Acme GmbH may owe €105.00 at most, owes €83.00; "
    part = "part €100.00 would be €78.00 over."
    assert owes not in desk.get(bill).text

    tried = send(page, **half, **{"try": "y"}).text
    assert owes in tried
    assert part in tried
    assert owes not in desk.get(page).text
    send(page, **half)

    for each in (page, bill):
        assert owes in desk.get(each).text


# --- what is agreed -------------------------------------------------------------------------------


def test_an_agreement_lays_its_rules_down_and_the_page_says_so(
    send: Send, desk: Any, reading: Session, house: int, couple: int
) -> None:
    hotel = reading.get_one(Hotel, house)
    with transaction(reading):
        by = make.by(reading, hotel)
        acme = companies.by_code(reading, hotel, "ACME")
        assert acme is not None
        first = hotel.business_date
        agreed = agreements.make(
            reading, hotel, acme, party=Party.COMPANY, first=first, until=first, by=by
        )
        extras = charge_sets.add(
            reading, hotel, name="Extras", codes=[make.charge_code(reading, hotel, "BAR")], by=by
        )
        party = make.reservation(reading, hotel, surname="Itoh")
        ids = (acme.id, agreed.id, party.id, party.plan_id)
    firm, agreement, booking, plan = ids
    page = f"/agreements/{agreement}/routing"

    assert "Guests pay for everything by themselves." in desk.get(page).text
    assert 'id="percent-refuses"' in send(page, what="rooms", percent="0").text
    send(page, what="rooms", percent="60")
    send(f"/rate-plans/{plan}/routing", what=str(extras.id))
    assert "Acme GmbH pays 60 % of rooms" in desk.get(page).text
    assert "Their company pays Extras" in desk.get(f"/rate-plans/{plan}/routing").text
    assert "Acme GmbH pays 60 % of rooms" in desk.get(f"/companies/{firm}").text

    assert send(f"/reservations/{booking}/company", company="nobody").status_code == 422
    done = send(f"/reservations/{booking}/company", company="acme")
    assert done.status_code == 302
    said = desk.get(f"/reservations/{booking}").text
    assert "2 rules laid down on the bill" in said
    assert "Acme GmbH pays 60 % of rooms." in said
    folio = reading.scalars(sa.select(Reservation.folio_id).where(Reservation.id == booking)).one()
    assert "Laid down by what was agreed" in desk.get(f"/folios/{folio}/routing").text

    [rule] = default_rules.of(reading, reading.get_one(Agreement, (house, agreement)))
    send(f"/default-rules/{rule.id}/end")
    assert "Guests pay for everything by themselves." in desk.get(page).text
    assert "Acme GmbH pays 60 % of rooms." in desk.get(f"/reservations/{booking}").text
    assert send(f"/default-rules/{rule.id + 1}/end").status_code == 404
