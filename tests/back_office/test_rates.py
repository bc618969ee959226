"""Rates: the calendar shows what is sold; a change is seen first, applied as shown, taken back."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import calendar, restrictions
from pms.hotel.rooms.calendar import RateChange
from pms.hotel.rooms.rates import NightPrice
from pms.hotel.rooms.restrictions import Kind, Restriction
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, queries, sign_in

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = make.DAY
WEEK = {"first": DAY.isoformat(), "last": (DAY + timedelta(days=6)).isoformat()}


def prices(reading: Session) -> list[int]:
    """The prices of the first seven nights."""
    reading.rollback()
    nights = NightPrice.night < DAY + timedelta(days=7)
    return list(reading.scalars(sa.select(NightPrice.price).where(nights).order_by("night")))


def shown(desk: Any, **asked: str) -> dict[str, str]:
    """What the page would send when its preview is confirmed."""
    return preview(desk.get("/rates", query_string=asked).text)


def preview(page: str) -> dict[str, str]:
    """What the preview of a page would send."""
    form = page.split('id="preview"')[1].split("<form")[1].split("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_prices_are_seen_first_changed_as_shown_and_taken_back(
    desk: Any, send: Send, reading: Session
) -> None:
    sent = shown(desk, **WEEK, what="percent", value="10", weekdays="5")
    before = prices(reading)
    done = send("/rates", **sent)
    changed = prices(reading)
    undo = desk.get("/rates").text.split('class="toast-undo"')[1].split('action="')[1].split('"')[0]
    send(undo.replace("&amp;", "&"))

    assert done.status_code == 302
    assert before == [10_000] * 7
    assert changed == [10_000, 11_000] + [10_000] * 5  # the Saturday
    assert prices(reading) == before
    assert "taken back" in desk.get("/rates").text


def test_what_was_shown_is_refused_once_a_price_moved(
    desk: Any, send: Send, reading: Session
) -> None:
    sent = shown(desk, **WEEK, what="set", value="120")
    with transaction(reading):
        reading.execute(sa.update(NightPrice).where(NightPrice.night == DAY).values(price=1))

    answer = send("/rates", **sent)

    assert answer.status_code == 422
    assert "meanwhile. Here are the new values" in answer.text
    assert prices(reading) == [1] + [10_000] * 6
    send("/rates", **preview(answer.text))
    assert prices(reading) == [12_000] * 7


def test_a_change_that_was_built_on_is_not_taken_back(
    desk: Any, send: Send, reading: Session
) -> None:
    send("/rates", **shown(desk, **WEEK, what="set", value="120"))
    first = reading.scalars(sa.select(RateChange.id)).one()
    send("/rates", **shown(desk, **WEEK, what="add", value="-20"))

    send(f"/rates/changes/{first}/undo")

    assert "changed meanwhile" in desk.get("/rates").text
    assert prices(reading) == [10_000] * 7
    assert reading.get_one(RateChange, (_hotel(reading).id, first)).undone_at is None


def test_nights_are_restricted_shown_and_opened_again(
    desk: Any, send: Send, reading: Session
) -> None:
    sent = shown(desk, **WEEK, what="min_stay", value="3")
    send("/rates", **sent)
    page = desk.get("/rates").text
    kept = reading.scalars(sa.select(Restriction.value)).all()
    send("/rates", **shown(desk, **WEEK, what="lift min_stay"))
    reading.rollback()

    assert kept == [3] * 7
    assert "Minimum stay 3 nights" in page
    assert reading.scalar(sa.select(sa.func.count()).select_from(Restriction)) == 0
    last = reading.scalars(sa.select(RateChange.id).order_by(RateChange.id.desc())).first()
    send(f"/rates/changes/{last}/undo")
    reading.rollback()
    assert reading.scalars(sa.select(Restriction.value)).all() == [3] * 7


def minimum(reading: Session) -> list[int | None]:
    """The minimum stays of the first nights, as far as there are any."""
    reading.rollback()
    wanted = sa.select(Restriction.value).where(Restriction.kind == Kind.MIN_STAY)
    return list(reading.scalars(wanted.order_by(Restriction.night)))


def test_a_restriction_that_somebody_put_meanwhile_is_not_written_over(
    app: Flask, desk: Any, send: Send, reading: Session
) -> None:
    closes = shown(desk, **WEEK, what="closed")
    sent = shown(desk, **WEEK, what="min_stay", value="3")
    other = shown(desk, **WEEK, what="min_stay", value="5", weekdays="5")
    send("/rates", **closes)  # another kind is nothing to a minimum stay
    send("/rates", **other)

    answer = send("/rates", **sent)

    assert answer.status_code == 422
    assert "meanwhile. Here are the new values" in answer.text
    assert minimum(reading) == [5]
    assert ">5</td>" in answer.text.split('id="preview"')[1]
    send("/rates", **preview(answer.text))
    assert minimum(reading) == [3] * 7


def test_nothing_is_asked_where_no_restriction_would_change(desk: Any, send: Send) -> None:
    send("/rates", **shown(desk, **WEEK, what="closed"))

    again = desk.get("/rates", query_string={**WEEK, "what": "closed"}).text
    lift = desk.get("/rates", query_string={**WEEK, "what": "lift min_stay"}).text

    assert "These nights have that restriction already." in again
    assert "None of these nights has that restriction at this level." in lift
    assert "<form" not in again.split('id="preview"')[1].split("</section>")[0]


def test_what_moves_between_two_looks_is_refused_by_the_verb(app: Flask, house: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by, nights = make.by(session, hotel), [DAY, DAY + timedelta(days=1)]
        looked = calendar.work_out_restrictions(session, hotel, Kind.CLOSED, nights)
        restrictions.put(session, hotel, Kind.CLOSED, [DAY], by=by)

        with pytest.raises(calendar.ChangedMeanwhile, match="A night was changed"):
            calendar.restrict(
                session, hotel, Kind.CLOSED, nights, shown=looked, words="Closed", by=by
            )


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({**WEEK, "what": "abc"}, "Choose what changes"),
        ({**WEEK, "what": "min_stay", "value": "0x"}, "Write a number from 1 to 999"),
        ({**WEEK, "what": "set", "value": "cheap"}, "isn’t an amount|amount"),
        ({**WEEK, "what": "set", "value": ""}, "Say how much"),
        ({**WEEK, "what": "percent", "value": "half"}, "Write a percentage"),
        ({**WEEK, "what": "percent", "value": "-101"}, "percentage from -100"),
        ({**WEEK, "what": "add", "value": "-100.01"}, "below zero"),
        ({"first": "2026-12-01", "last": "2026-11-25", "what": "closed"}, "Say from which night"),
        ({"first": "soon", "last": "2026-11-25", "what": "closed"}, "Say from which night"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(
    desk: Any, reading: Session, asked: dict[str, str], says: str
) -> None:
    page = desk.get("/rates", query_string=asked)

    assert page.status_code == 200
    assert re.search(says, page.text)
    assert 'id="preview"' not in page.text


@SQLITE_ONLY
def test_an_agent_looks_and_changes_nothing(client: Any, house: int, reading: Session) -> None:
    sign_in(client, Role.FRONT_DESK)

    page = client.get("/rates")

    assert page.status_code == 200
    assert "Change many nights" not in page.text
    assert client.post("/rates", data={**WEEK, "what": "closed"}).status_code in {400, 403}
    assert reading.scalar(sa.select(sa.func.count()).select_from(Restriction)) == 0


@SQLITE_ONLY
def test_the_booking_page_says_why_a_plan_is_shut(app: Flask, desk: Any, house: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        restrictions.put(session, hotel, Kind.MIN_STAY, [DAY], value=4, by=by)

    page = desk.get("/book", query_string={"arrival": DAY.isoformat()}).text

    assert "Restricted" in page
    assert "at least 4 nights from" in page


@SQLITE_ONLY
def test_more_types_and_nights_ask_no_more(app: Flask, desk: Any, house: int) -> None:
    few = queries(app, desk, "/rates?days=7")
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        for n in range(5):
            make.plan(session, hotel, make.room_type(session, hotel, f"T{n}"))

    assert queries(app, desk, "/rates?days=31") <= few


def _hotel(reading: Session) -> Hotel:
    return reading.scalars(sa.select(Hotel)).first()  # type: ignore[return-value]
