"""F13: clock changes, leap days, year ends and far zones move no night and double none."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock, dates
from pms.base.db import transaction
from pms.hotel.books.ledger import Entry
from pms.hotel.close import night_audit, reports, verify
from pms.hotel.close.night_audit import earliest
from pms.hotel.close.statistics import DayStatistics
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.close import lived

DAY = timedelta(days=1)


def opened(session, first, zone="Europe/Berlin", nights=6):
    """A hotel that opens on a day, with one party in house for some nights."""
    noon = dates.instant(datetime.combine(first, time(12)), zone)
    with clock.set_to(noon), transaction(session):
        hotel = make.furnished(session, opens_on=first, time_zone=zone)
        lived.arrive(session, hotel, "101", nights=nights, arrival=first)
    return hotel


def live(session, hotel, nights):
    """Close so many days, each in its own night."""
    for _ in range(nights):
        with clock.set_to(earliest(hotel, hotel.business_date)):
            night_audit.audit(session, hotel, by=make.by(session, hotel))


CALENDARS = [
    (date(2026, 3, 27), "Europe/Berlin"),  # spring: 02:00 of the 29th doesn't exist
    (date(2026, 10, 23), "Europe/Berlin"),  # autumn: 02:00 of the 25th comes twice
    (date(2028, 2, 27), "Asia/Tokyo"),  # a leap day
    (date(2026, 12, 29), "America/New_York"),  # a year's end
    (date(2026, 12, 29), "Pacific/Kiritimati"),  # fourteen hours ahead
    (date(2026, 12, 29), "Pacific/Pago_Pago"),  # eleven behind
]


@pytest.mark.parametrize(
    ("database_url", "first", "zone"),
    [
        *(("sqlite", *each) for each in CALENDARS),
        *(("postgresql", *each) for each in CALENDARS[:2]),
    ],
    indirect=["database_url"],
)
def test_each_night_is_charged_once_whatever_the_calendar_does(session, first, zone):
    hotel = opened(session, first, zone)

    live(session, hotel, 5)

    charged = session.scalars(
        sa.select(Entry.service_night).where(Entry.rule == "room").order_by(Entry.service_night)
    ).all()
    assert charged == [first + n * DAY for n in range(5)]
    assert hotel.business_date == first + 5 * DAY
    assert [check for check in verify.checks(session, hotel) if not check.ok] == []


@ONE_ENGINE
def test_the_audit_hour_is_the_hotels_and_a_clock_change_moves_it_by_an_hour(session):
    hotel = opened(session, date(2026, 3, 27))

    hours = [earliest(hotel, date(2026, 3, day)) for day in (27, 28, 29)]

    assert hours == [
        datetime(2026, 3, 28, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 3, 30, 0, tzinfo=UTC),
    ]


@ONE_ENGINE
def test_an_audit_hour_before_midnight_is_of_the_day_itself(session):
    hotel = opened(session, date(2026, 3, 2))
    hotel.audit_at = time(23, 30)

    assert earliest(hotel, date(2026, 3, 2)) == datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    session.rollback()


@ONE_ENGINE
def test_a_clock_that_went_back_closes_nothing_twice(session):
    hotel = opened(session, date(2026, 3, 2))
    live(session, hotel, 1)

    with (
        clock.set_to(earliest(hotel, date(2026, 3, 2))),
        pytest.raises(night_audit.Blocked, match="closes from"),
    ):
        night_audit.audit(session, hotel, by=make.by(session, hotel))

    assert hotel.business_date == date(2026, 3, 3)


def test_the_flash_begins_its_month_and_year_anew(session):
    hotel = opened(session, date(2026, 12, 30), nights=4)
    live(session, hotel, 3)

    def revenue(day):
        rows = reports.flash(session, hotel, day).rows
        return next(row[1:] for row in rows if row[0] == "room_revenue")

    assert revenue(date(2026, 12, 31)) == ("100.00", "200.00", "200.00")
    assert revenue(date(2027, 1, 1)) == ("100.00", "100.00", "100.00")
    assert session.scalar(sa.select(sa.func.count()).select_from(DayStatistics)) == 3
