"""A group on other days: its calls, traces and bookings go along, or somebody is asked."""

from datetime import datetime, time, timedelta

import pytest

from pms.base import clock, dates
from pms.base.db import transaction
from pms.hotel.close import verify
from pms.hotel.house.departments import Department
from pms.hotel.service import concierge, group_days, wake_ups
from pms.hotel.service.concierge import Asked
from pms.hotel.stays import groups, together, traces
from tests import make
from tests.hotel.service import outing
from tests.hotel.stays import allotted

WEEK = allotted.IN_A_WEEK


@pytest.fixture
def wedding(session):
    """A group in a week; its party is called, has a trace and two places of a walk."""
    with clock.set_to(make.NOON), transaction(session):
        house = make.furnished(session, rooms=4)
        by = make.by(session, house)
        allotted.wedding(session, house, rooms=2)
        group = groups.by_code(session, house, "WEDDING")
        [party] = [each.reservation for each in together.parties(session, group)]
        wake_ups.ask(session, house, [party], at=time(7), first_on=WEEK + dates.ONE_DAY, by=by)
        for due_on in (WEEK, WEEK - 3 * dates.ONE_DAY):
            traces.add(
                session, house, department=Department.FRONT_OFFICE, due_on=due_on,
                words="Flowers", reservation=party, by=by,
            )  # fmt: skip
        walk = outing.walk(session, house).activity
        at = dates.instant(datetime.combine(WEEK, time(13)), house.time_zone)
        for day in (at, at + timedelta(days=1)):
            outing.open_time(session, house, walk, day, by=by)
        booked = concierge.catalogue.times(session, house, first=at, until=at + timedelta(hours=1))[
            0
        ]
        concierge.book(session, booked, party, Asked(persons=2), by=by)
        return house, group, party


def test_what_hangs_on_a_groups_days_goes_along_and_comes_back(session, wedding):
    house, group, party = wedding
    by = make.by(session, house)

    def stands():
        session.expire_all()
        [call] = session.query(wake_ups.WakeUpCall).all()
        [booking] = session.query(concierge.ActivityBooking).all()
        due = sorted(trace.due_on for trace in session.query(traces.Trace).all())
        local = dates.local(booking.time.starts_at, house.time_zone)
        return (party.arrival, call.day, local.date(), due)

    before = stands()
    with clock.set_to(make.NOON), transaction(session):
        moved = group_days.shift(session, group, days=1, by=by)

    assert (moved.group.first, moved.wake_ups, moved.bookings, moved.behind) == (
        WEEK + dates.ONE_DAY, 1, 1, (),
    )  # fmt: skip
    one = dates.ONE_DAY
    assert stands() == (WEEK + one, WEEK + 2 * one, WEEK + one, [WEEK - 3 * one, WEEK + one])
    with clock.set_to(make.NOON), transaction(session):
        group_days.shift(session, group, days=-1, by=by)
    assert stands() == before
    assert [check.name for check in verify.checks(session, house) if not check.ok] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_go_along_stays_and_the_concierge_is_asked(session, wedding):
    house, group, _ = wedding

    with clock.set_to(make.NOON), transaction(session):
        moved = group_days.shift(session, group, days=3, by=make.by(session, house))

    [left] = moved.behind
    assert left == "Ana Åkesson: City walk, booking 10001, 27 Nov 13:00"
    asked = [
        each.words for each in session.query(traces.Trace).all() if each.reservation_id is None
    ]
    assert asked == [f"WEDDING comes on other days, this stays: {left}"]
