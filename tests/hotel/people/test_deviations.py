"""Deviations: late, early, missing, long, short and unrostered, as tables of one day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pms.hotel.people import deviations
from pms.hotel.people.deviations import Day, Kind
from pms.hotel.people.employees import Employee
from pms.hotel.people.roster import RosterShift
from pms.hotel.people.rules import Limits
from pms.hotel.people.timeclock import Break, TimeEntry

DAY = date(2026, 11, 20)
WHO = Employee(hotel_id=1, id=1, first_name="Ana", last_name="Reyes")


def at(hour: float) -> datetime:
    """An instant of the day, by the hour; 31.0 is 07:00 of the next."""
    return datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour)


def shift(begins: float, ends: float) -> RosterShift:
    """A rostered shift."""
    return RosterShift(hotel_id=1, id=1, day=DAY, starts_at=at(begins), ends_at=at(ends))


def entry(begins: float, ends: float | None, *, number: int = 1, lost: bool = False) -> TimeEntry:
    """Hours, perhaps without an end."""
    return TimeEntry(
        hotel_id=1,
        id=number,
        started_at=at(begins),
        ended_at=None if ends is None else at(ends),
        forgotten=lost,
    )


EARLY = shift(7, 15)
CASES: list[tuple[str, list[RosterShift], list[TimeEntry], float, list[Kind]]] = [
    ("as rostered", [EARLY], [entry(6.95, 15.05)], 20, []),
    ("within the grace", [EARLY], [entry(7.1, 14.9)], 20, []),
    ("late", [EARLY], [entry(7.25, 15)], 20, [Kind.LATE]),
    ("left early", [EARLY], [entry(7, 14)], 20, [Kind.LEFT_EARLY]),
    ("still there", [EARLY], [entry(7, None)], 14, []),
    ("not there yet", [EARLY], [], 7.1, []),
    ("not there", [EARLY], [], 7.5, [Kind.NOT_THERE]),
    ("never left", [EARLY], [entry(6.9, None, lost=True)], 40, [Kind.MISSING_OUT]),
    ("long open", [EARLY], [entry(7, None)], 24, [Kind.MISSING_OUT]),
    ("unrostered", [], [entry(7, 12)], 20, [Kind.UNROSTERED]),
    ("long", [shift(7, 21)], [entry(7, 21)], 24, [Kind.LONG_SHIFT]),
    ("another time", [shift(15, 23)], [entry(7, 12)], 30, [Kind.NOT_THERE, Kind.UNROSTERED]),
    ("split", [shift(7, 11), shift(17, 21)], [entry(7, 11), entry(17, 21, number=2)], 22, []),
]


@pytest.mark.parametrize(
    ("shifts", "entries", "now", "kinds"),
    [each[1:] for each in CASES],
    ids=[each[0] for each in CASES],
)
def test_a_day_is_compared_with_its_roster(
    shifts: list[RosterShift], entries: list[TimeEntry], now: float, kinds: list[Kind]
) -> None:
    noon = Break(hotel_id=1, id=1, entry_id=1, started_at=at(11), ended_at=at(11.5))
    one = Day(WHO, DAY, shifts, entries, {1: [noon]}, rostered=True)

    assert [each.kind for each in deviations.of_day(one, Limits(), at(now))] == kinds


def test_a_break_that_is_too_short_is_named_with_its_minutes() -> None:
    short = Break(hotel_id=1, id=1, entry_id=1, started_at=at(11), ended_at=at(11.25))
    one = Day(WHO, DAY, [EARLY], [entry(7, 15)], {1: [short]}, rostered=False)

    [found] = deviations.of_day(one, Limits(), at(20))

    assert found.words == "Short break, 15 min"


def test_without_a_published_week_nobody_is_unrostered() -> None:
    one = Day(WHO, DAY, [], [entry(7, 12)], {}, rostered=False)

    assert deviations.of_day(one, Limits(), at(20)) == []
