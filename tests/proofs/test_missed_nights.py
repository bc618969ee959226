"""F12, F13: nights that were missed, and clocks that jump: the hotel's days follow one by one."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.hotel.books.ledger import Entry
from pms.hotel.close import night_audit, seals
from pms.hotel.house import business_day
from tests import make
from tests.hotel.close import lived
from tests.proofs import deeds
from tests.proofs.conftest import SQLITE

ZONES = (
    "Pacific/Kiritimati",  # +14
    "Pacific/Niue",  # −11
    "Pacific/Apia",  # left out 30 December 2011
    "Australia/Lord_Howe",  # half an hour of summer
    "Europe/Berlin",
    "America/New_York",
    "Africa/Casablanca",  # winter time in Ramadan
    "Asia/Kathmandu",  # +5:45
)
ZONE = st.sampled_from(ZONES)
INSTANT = st.datetimes(datetime(2010, 1, 1), datetime(2036, 12, 31)).map(  # noqa: DTZ001
    lambda wall: wall.replace(tzinfo=UTC)
)


def charged(session: Session) -> Counter[date]:
    """How often each night was charged."""
    return Counter(session.scalars(sa.select(Entry.service_night).where(Entry.rule == "room")))


def test_three_missed_days_are_closed_one_by_one_and_none_is_left_out(session: Session) -> None:
    hotel = lived.plain(session, parties=2)
    by, first = make.by(session, hotel), hotel.business_date
    last = first + timedelta(days=2)

    with lived.night_of(last):
        with pytest.raises(night_audit.NotYet):
            night_audit.audit(session, hotel, by=by, closing=last)
        audits = night_audit.audit_until(session, hotel, last, by=by)

    nights = list(dates.days(first, last))
    assert [audit.day for audit in audits] == nights
    assert hotel.business_date == last + timedelta(days=1)
    assert charged(session) == dict.fromkeys(nights, 2)
    assert all(seals.of_day(session, hotel, night) for night in nights)
    deeds.everything_holds(session.get_bind().engine)  # type: ignore[union-attr]


# --- what the clock can do -----------------------------------------------------------------------

LEAP = date(2028, 2, 28)
YEAR_END = date(2026, 12, 31)
SPRING, AUTUMN = date(2027, 3, 27), date(2026, 10, 24)


@SQLITE
@pytest.mark.parametrize(
    ("zone", "opens_on"),
    [
        ("Pacific/Kiritimati", YEAR_END),
        ("Pacific/Niue", LEAP),
        ("Europe/Berlin", SPRING),
        ("Europe/Berlin", AUTUMN),
        ("Australia/Lord_Howe", date(2027, 4, 3)),
    ],
)
def test_nights_are_charged_once_whatever_the_clock_shows(
    engine: Engine, zone: str, opens_on: date
) -> None:
    """Three nights; the clock goes back two hours during the first audit's night."""
    with Session(engine, expire_on_commit=False) as session:
        hotel = lived.plain(session, parties=1, opens_on=opens_on, time_zone=zone)
        by = make.by(session, hotel)
        for n, hour in enumerate((3, 2, 4)):
            day = opens_on + timedelta(days=n)
            wall = datetime.combine(day + timedelta(days=1), time(hour))
            with clock.set_to(dates.instant(wall, zone)):
                night_audit.audit(session, hotel, by=by)
            with (
                clock.set_to(dates.instant(wall, zone) - timedelta(hours=2)),
                pytest.raises(night_audit.AlreadyClosed),
            ):
                night_audit.audit(session, hotel, by=by, closing=day)
            assert business_day.today(session, hotel) == day + timedelta(days=1)

        assert charged(session) == {opens_on + timedelta(days=n): 1 for n in range(3)}
        assert hotel.business_date == opens_on + timedelta(days=3)
    deeds.everything_holds(engine)


@given(ZONE, INSTANT)
def test_an_instant_is_shown_and_read_back_the_same(zone: str, at: datetime) -> None:
    shown = dates.local(at, zone)

    assert dates.instant(shown.replace(tzinfo=None), zone) == at
    assert dates.exists(shown.replace(tzinfo=None), zone)


@given(ZONE, INSTANT, st.times())
@example("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), time(2, 30))
def test_a_wall_clocks_day_is_that_day_or_the_one_before(
    zone: str, at: datetime, rollover: time
) -> None:
    """And it never goes back by more than the hour that autumn repeats."""
    wall = dates.local(at, zone)
    day = dates.day_by_rollover(wall, rollover)

    later = dates.local(at + timedelta(hours=2), zone)
    assert wall.date() - timedelta(days=1) <= day <= wall.date()
    assert dates.day_by_rollover(later, rollover) >= day
    assert wall.utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()


@given(st.dates(date(1990, 1, 1), date(9000, 1, 1)), st.integers(0, 400))
@example(date(2028, 2, 28), 3)
@example(date(2026, 12, 31), 1)
@example(date(2100, 2, 28), 2)
def test_the_nights_of_a_stay_are_each_day_once(arrival: date, length: int) -> None:
    nights = dates.nights(arrival, arrival + timedelta(days=length))

    assert len(set(nights)) == length
    assert nights == sorted(nights)
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(nights))
