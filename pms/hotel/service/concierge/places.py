"""Places: the counter of each time, changed here alone, under the row's lock, never over.

Times are locked in the order of their ids, so that two moves between the same two can't wait for
each other.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.service.concierge.refusals import Full, TimeClosed
from pms.hotel.service.concierge.tables import ActivityTime, Counts


def needed(time: ActivityTime, persons: int) -> int:
    """Return how many places so many persons take."""
    return persons if time.activity.counts is Counts.PERSONS else 1


def lock_all(session: Session, times: Iterable[ActivityTime]) -> None:
    """Lock times before they are counted, in one order."""
    for time in sorted(set(times), key=lambda each: each.id):
        lock(session, time)


def take(session: Session, time: ActivityTime, places: int) -> None:
    """Take places of a locked time; refuses a closed one, and more than are left."""
    if time.closed:
        raise TimeClosed(time.activity.name)
    _weigh(time, places)
    time.taken += places
    time.version += 1
    session.flush()


def give_back(session: Session, time: ActivityTime, places: int) -> None:
    """Give places of a locked time back."""
    time.taken -= places
    time.version += 1
    session.flush()


def _weigh(time: ActivityTime, places: int) -> None:
    left = time.capacity - time.taken
    if places > left:
        raise Full(time.activity.name, left, places)
