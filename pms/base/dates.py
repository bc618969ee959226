"""Dates: nights, hotel-local times and the instants they are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pms.base.refusal import Invalid

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2200  # no hotel asks beyond, and no sum of days leaves the calendar


@lru_cache
def zone(name: str) -> ZoneInfo:
    """Return a time zone of the IANA list; refuses a name that isn't on it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid(f"{name[:40]} is not a time zone.", field="time_zone") from None


def nights(arrival: date, departure: date) -> list[date]:
    """Return the nights of a stay [arrival, departure), each named by its evening."""
    return [arrival + timedelta(days=n) for n in range((departure - arrival).days)]


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day from first to last, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def read(text: str | None) -> date | None:
    """Return the day that an address says, or None where it is none, or none of any hotel's."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if is_thinkable(day) else None


def is_thinkable(day: date) -> bool:
    """Tell whether a day is one that a hotel could mean."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def instant(local: datetime, zone_name: str) -> datetime:
    """Return the instant (UTC) at which clocks in the zone show `local`.

    A time that comes twice in autumn is the first one, unless `fold=1`. A time that spring leaves
    out is read with the offset from before the change, so it moves on by the hour left out.
    """
    return local.replace(tzinfo=zone(zone_name)).astimezone(UTC)


def next_instant(at: time, zone_name: str, *, after: datetime) -> datetime:
    """Return the next instant after another at which clocks in the zone show an hour."""
    wall = datetime.combine(local(after, zone_name).date(), at)
    today = instant(wall, zone_name)
    return today if today > after else instant(wall + ONE_DAY, zone_name)


def local(at: datetime, zone_name: str) -> datetime:
    """Return what clocks in the zone show at an instant."""
    return at.astimezone(zone(zone_name))


def exists(wall: datetime, zone_name: str) -> bool:
    """Tell whether clocks in the zone ever show that time (spring leaves an hour out)."""
    back = instant(wall, zone_name).astimezone(zone(zone_name))
    return back.replace(tzinfo=None) == wall.replace(tzinfo=None, fold=0)


def comes_twice(wall: datetime, zone_name: str) -> bool:
    """Tell whether clocks in the zone show that time twice (autumn repeats an hour)."""
    bare = wall.replace(tzinfo=None)
    first, second = (instant(bare.replace(fold=fold), zone_name) for fold in (0, 1))
    return first < second


def day_by_rollover(wall: datetime, rollover: time) -> date:
    """Return the day a local time belongs to when days roll at `rollover`, not at midnight."""
    return wall.date() if wall.time() >= rollover else wall.date() - ONE_DAY
