"""Plans and policies at the desk: what follows what, who pays more, whom it is sold to, and why."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.policies import Amount, By
from pms.hotel.stays import fees, settlements
from pms.hotel.stays.reservations import Guarantee
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, queries, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = make.DAY


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The clock stands at noon of the hotel's day: what is free of charge is free until an hour."""
    with clock.set_to(make.NOON):
        yield


@pytest.fixture
def ids(app: Flask, house: int) -> dict[str, int]:
    """The ids of two plans, BAR and NRF, a type and a company's code beside them."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        strict = make.plan(session, hotel, code="NRF")
        bar = rates.by_code(session, hotel, "BAR")
        assert bar
        companies.enter(session, hotel, code="OURS", name="Ours", by=make.by(session, hotel))
        kind = make.room_type(session, hotel)
        return {"BAR": bar.id, "NRF": strict.id, "DBL": kind.id, "hotel": house}


def calendar_of(desk: Any, plan: str) -> str:
    text: str = desk.get(f"/rates?plan={plan}").text.split('class="rates"')[1].split("</table>")[0]
    return text


def test_a_plan_follows_another_and_stands_alone_again(
    desk: Any, send: Send, ids: dict[str, int]
) -> None:
    place = f"/rates/plans/{ids['NRF']}"
    ours = {"parent": ids["BAR"], "unit": "percent", "rounding": "nearest"}
    theirs = {**ours, "parent": ids["NRF"], "difference": "5"}
    wrong = send(f"{place}/derive", **ours, difference="much")
    round_ = send(f"{place}/derive", **{**ours, "unit": "amount"}, difference="")
    done = send(
        f"{place}/derive", parent=ids["BAR"], difference="-7.5", unit="percent",
        rounding="up", step="1.00",
    )  # fmt: skip

    assert (wrong.status_code, round_.status_code, done.status_code) == (422, 422, 302)
    assert "Write a percentage like 5 or -7.5." in wrong.text
    page = desk.get(place).text
    assert "Best available -7.5 %" in page
    assert "93.00" in calendar_of(desk, "NRF")  # 92.50, up to the next whole
    assert "Best available -7.5 %" in desk.get("/rates/plans").text
    again = send(f"/rates/plans/{ids['BAR']}/derive", **theirs)
    assert "follows Best available itself" in again.text
    # the calendar changes whom it follows, and leaves it out
    sent = {"first": DAY, "last": DAY, "what": "set", "value": "200", "plans": ids["NRF"]}
    assert "Change the prices of" in desk.get("/rates", query_string=sent).text
    assert send(f"{place}/stand-alone").status_code == 302
    assert "93.00" in calendar_of(desk, "NRF")


def test_who_pays_more_seasons_and_companies_are_set_on_the_plans_page(
    desk: Any, send: Send, ids: dict[str, int]
) -> None:
    place = f"/rates/plans/{ids['BAR']}"
    half = send(f"{place}/supplements", child_age_1="12")
    done = send(f"{place}/supplements", adults_1="-15", child_age_1="12", child_1="20")
    season = {
        "name": "Fair", "first": DAY + timedelta(days=3), "last": DAY + timedelta(days=4),
        f"price-{ids['DBL']}": "150", f"weekend-{ids['DBL']}": "180",
    }  # fmt: skip
    shown = send(f"{place}/seasons", **season)
    [seen] = re.findall(r'name="seen" value="(\w+)"', shown.text)
    stale = send(f"{place}/seasons", **season, seen="other")
    made = send(f"{place}/seasons", **season, seen=seen)
    twice = send(f"{place}/seasons", **season)
    empty = send(f"{place}/seasons", name="Fair", first=DAY, last=DAY)
    nobody = send(f"/rates/plans/{ids['NRF']}/companies", company="NOBODY", first=DAY)
    agreed = send(f"/rates/plans/{ids['NRF']}/companies", company="ours", first=DAY)

    assert [half.status_code, twice.status_code, empty.status_code, nobody.status_code] == [422] * 4
    assert "Say both the age and the amount." in half.text
    assert "Fair has nights of these already" in twice.text
    assert "Say a price for at least one type." in empty.text
    assert "No company has that code." in nobody.text
    assert [each.status_code for each in (done, made, agreed)] == [302] * 3
    assert (shown.status_code, "2 prices" in shown.text) == (200, True)
    assert "changed meanwhile" in stale.text
    page = desk.get(place).text
    [season_id] = re.findall(r'name="season" value="(\d+)"', page)
    of_another = send(f"/rates/plans/{ids['NRF']}/seasons", **season, season=season_id)
    assert of_another.status_code == 404
    ends_before = {**season, "season": season_id, "name": "Trade fair", "last": DAY}
    refused = send(f"{place}/seasons", **ends_before).text
    [folded] = re.findall(r'<details class="fold" open>.*?</details>', refused, re.DOTALL)
    assert 'value="Trade fair"' in folded
    assert 'role="alert"' in folded
    assert 'value="-15.00"' in page
    assert "<b>Fair</b>" in page
    assert 'title="Fair">150.00' in calendar_of(desk, "BAR")
    for_one = f"/book?arrival={DAY}&departure={DAY + timedelta(days=1)}&adults=1&ages=8"
    grid = desk.get(for_one).text
    assert "€105.00" in grid  # 100.00 - 15.00 + 20.00
    assert "NRF" not in grid
    assert "Agreed rate" in desk.get(f"{for_one}&company=OURS").text


def test_a_policy_is_added_changed_and_shown_before_booking(
    app: Flask, desk: Any, send: Send, ids: dict[str, int]
) -> None:
    with app.app_context():
        code = make.charge_code(db.session(), db.session().get_one(Hotel, ids["hotel"])).id
    terms = {
        "code": "flex", "name": "Flexible", "asks": "card", "cancel_days": "1",
        "cancel_at": "18:00", "cancel_by": "nights", "cancel_value": "1", "no_show_by": "percent",
        "no_show_value": "80", "deposit_by": "amount", "deposit_value": "50", "fee_code": code,
    }  # fmt: skip
    wrong = send("/rates/policies/new", **{**terms, "cancel_value": "some", "no_show_value": "x"})
    made = send("/rates/policies/new", **terms)

    assert (wrong.status_code, made.status_code) == (422, 302)
    assert "Say how many nights, 1 to 99." in wrong.text
    shown = desk.get("/rates/policies").text
    for words in ("Flexible", "until 18:00, 1 day before", "the first night", "80 % of the stay"):
        assert words in shown
    with app.app_context():
        policy = policies.by_code(db.session(), db.session().get_one(Hotel, ids["hotel"]), "FLEX")
        assert policy
    send(f"/rates/plans/{ids['BAR']}/policy", policy=policy.id)
    arrival, until = DAY + timedelta(days=5), DAY + timedelta(days=7)
    offer = f"{ids['DBL']}.{ids['BAR']}.20000"
    page = desk.get(f"/book?arrival={arrival}&departure={until}&adults=2&offer={offer}").text
    for words in (
        "Cancel free until", "Tue 24 Nov 18:00", "1 night, €100.00", "80 %, €160.00",
        "€50.00 at booking", "Free until 18:00, 1 day before", "Price of the day", "The guest pays",
    ):  # fmt: skip
        assert words in page
    assert "1 night, €100.00" in desk.get("/walk-in").text
    changed = send(
        f"/rates/policies/{policy.id}", **{**terms, "name": "Softer", "cancel_by": "none"}
    )
    assert changed.status_code == 302
    assert "Softer" in desk.get("/rates/policies").text


def test_a_rule_acts_in_the_calendar_and_the_quote_until_it_is_stopped(
    desk: Any, send: Send, ids: dict[str, int]
) -> None:
    rule = {
        "name": "Half full", "first": DAY, "last": DAY + timedelta(days=9), "when": "occupancy",
        "mark": "50", "does": "percent", "value": "10",
    }  # fmt: skip
    wrong = send("/rates/rules", **{**rule, "value": "", "mark": "50"})
    made = send("/rates/rules", **rule)

    assert (wrong.status_code, made.status_code) == (422, 302)
    page = desk.get("/rates/rules").text
    assert "from 50 % of the house sold" in page
    assert "price +10 %" in page
    assert "110.00" in calendar_of(desk, "BAR")  # three of four rooms are sold tonight
    assert "Half full: 75 % sold; ends by itself" in calendar_of(desk, "BAR")
    offer = f"{ids['DBL']}.{ids['BAR']}.0"
    until = DAY + timedelta(days=1)
    grid = desk.get(f"/book?arrival={DAY}&departure={until}&adults=2&offer={offer}").text
    assert "Half full: 75 % sold" in grid
    assert "€110.00" in grid
    stop = page.split('action="/rates/rules/')[1].split('"')[0]
    assert send(f"/rates/rules/{stop}").status_code == 302
    assert "110.00" not in calendar_of(desk, "BAR")


def test_deposits_due_are_listed_until_they_are_paid(
    app: Flask, desk: Any, client: Any, ids: dict[str, int]
) -> None:
    def book(surname: str, days: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, ids["hotel"])
            arrival = hotel.business_date + timedelta(days=days)
            make.reservation(
                session, hotel, surname=surname, arrival=arrival, guarantee=Guarantee.CARD
            )

    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, ids["hotel"])
        deposit = {"deposit": Amount(By.PERCENT, 5_000), "deposit_days": 10}
        policy = make.policy(session, hotel, **deposit)
        bar = rates.by_code(session, hotel, "BAR")
        assert bar
        policies.attach(session, bar, policy, by=make.by(session, hotel))
    assert "No deposit is due." in desk.get("/deposits").text
    book("Soon", 12)
    book("Later", 30)
    few = queries(app, desk, "/deposits")
    for n in range(4):
        book(f"More{n}", 14 - n)

    page = desk.get("/deposits").text
    assert "Soon" in page
    assert "Later" not in page
    assert page.count("€100.00") == 2 * 5  # asked for and missing, of each
    assert queries(app, desk, "/deposits") <= few


def test_what_is_held_for_who_wont_come_is_listed(
    app: Flask, desk: Any, ids: dict[str, int]
) -> None:
    def cancel(surname: str) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, ids["hotel"])
            by, paid = make.by(session, hotel), Money(1_800, "EUR")
            party = make.reservation(session, hotel, surname=surname)
            settlements.take_deposit(session, party, amount=paid, method=Method.CASH, by=by)
            fees.cancel(session, party, reason="Ill", by=by)

    cancel("Gone")
    few = queries(app, desk, "/deposits")
    for n in range(3):
        cancel(f"More{n}")

    page = desk.get("/deposits").text
    assert "Held for who won&#39;t come" in page
    assert page.count("€18.00") == 4
    assert queries(app, desk, "/deposits") <= few


def test_who_may_not_set_up_reads_and_a_strangers_plan_is_not_there(
    app: Flask, client: Any, ids: dict[str, int]
) -> None:
    clerk = sign_in(client, Role.FRONT_DESK)

    page = clerk.get(f"/rates/plans/{ids['BAR']}")
    assert page.status_code == 200
    assert "Follow this plan" not in page.text
    assert clerk.get("/rates/policies/new").status_code == 403
    assert clerk.post(f"/rates/plans/{ids['BAR']}/derive").status_code in {400, 403}
    with app.app_context(), transaction(db.session()) as session:
        other = make.furnished(session, "OTHER")
        plan = rates.by_code(session, other, "BAR")
        assert plan
        theirs = plan.id
    assert clerk.get(f"/rates/plans/{theirs}").status_code == 404


def test_a_plans_page_asks_no_more_for_more_plans(
    app: Flask, desk: Any, ids: dict[str, int]
) -> None:
    def add(count: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, ids["hotel"])
            for n in range(count):
                make.plan(session, hotel, code=f"P{count}{n}")

    desk.get("/rates/plans")
    few = queries(app, desk, "/rates/plans")
    add(5)
    desk.get("/rates/plans")  # the sheet is read once after each change
    assert queries(app, desk, "/rates/plans") <= few
