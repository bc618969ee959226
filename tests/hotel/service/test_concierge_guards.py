"""What the database itself refuses of the concierge, and the race for the last places.

The twin looks, decides, and writes later, without the lock and the rule: it must overbook.
"""

import multiprocessing
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.service import concierge, knowledge, wake_ups
from pms.hotel.service.concierge import ActivityTime, Asked, places
from pms.hotel.service.knowledge import Topic, Written
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.hotel.service import outing
from tests.hotel.service.outing import NOON, booked
from tests.sweeping import children

CONTEXT = multiprocessing.get_context("fork")
PAUSE = 0.3

BOOKING, TIME = "UPDATE activity_bookings SET {}", "UPDATE activity_times SET {}"
CALL = "UPDATE wake_up_calls SET version = version + 1, {}"
AGAIN = (
    "INSERT INTO activity_times (hotel_id, id, activity_id, starts_at, capacity, taken, closed,"
    " version) SELECT hotel_id, 1, activity_id, starts_at, 1, 0, FALSE, 1 FROM activity_times"
)
GUARDED = [
    (TIME, "taken = capacity + 1", "never_overbooked"),
    (TIME, "capacity = taken - 1", "never_overbooked"),
    (TIME, "taken = -1", "not_negative"),
    (BOOKING, "version = version + 1, state = 'cancelled'", "cancelled_because"),
    (BOOKING, "version = version + 1, state = 'confirmed'", "confirmed_at_a_time"),
    (BOOKING, "state = 'no_show'", "changed this booking first"),
    (BOOKING, "fee = 1", "fee_for_cancelling"),
    (BOOKING, "fee_percent = 101", "fee_is_a_share"),
    (BOOKING, "commission = -1", "not_negative"),
    (BOOKING, "entry_id = NULL", "charge_stands_on_a_folio"),
    (BOOKING, "fee_entry_id = entry_id", "fee_has_its_amount"),
    (BOOKING, "places = 1", "made anew, not rewritten"),
    ("DELETE FROM activity_bookings", "", "cancelled, not erased"),
    ("UPDATE vendors SET {}", "commission_rate = 10001", "commission_is_a_share"),
    ("UPDATE vendors SET {}", "free_hours = -1", "free_hours_or_none"),
    ("UPDATE activities SET {}", "capacity = 0", "somebody_can_go"),
    (CALL, "state = 'answered', ended_at = due_at", "waits_for_a_time"),
    (CALL, "state = 'answered', next_at = NULL", "ended_at_a_time"),
    (CALL, "state = 'missed', next_at = NULL, ended_at = due_at", "somebody_is_sent_up"),
    (CALL, "tries = -1", "tries_not_negative"),
    ("UPDATE wake_up_calls SET {}", "tries = 1", "seen to this call first"),
    ("DELETE FROM wake_up_calls", "", "cancelled, not erased"),
    ("UPDATE wake_ups SET {}", "again_minutes = 0", "called_again_within_the_hour"),
    ("UPDATE articles SET {}", "map_url = 'http://maps.example'", "map_is_a_page"),
    ("UPDATE articles SET {}", "topic = 'gossip'", "topic"),
]


def test_the_database_itself_keeps_the_concierge_whole(session: Session) -> None:
    with clock.set_to(NOON):
        there = outing.house(session)
        booked(session, there, charge=True)
        wake_ups.ask(
            session, there.hotel, [there.here], at=NOON.time().replace(hour=7), by=there.by
        )
        knowledge.write(
            session, there.hotel, Written(title="Zoo", topic=Topic.SIGHTS, words="Lions"),
            by=there.by,
        )  # fmt: skip

    for sql, change, match in GUARDED:
        with pytest.raises(sa.exc.IntegrityError, match=match), session.begin_nested():
            session.execute(sa.text(sql.format(change)))
    session.execute(sa.text(TIME.format("closed = TRUE")))
    for sql, match in (
        (TIME.format("taken = taken + 1"), "that time is closed"),
        (
            AGAIN,
            "(?i)unique",
        ),
    ):
        with pytest.raises(sa.exc.IntegrityError, match=match), session.begin_nested():
            session.execute(sa.text(sql))


# --- the last places ------------------------------------------------------------------------------


@pytest.fixture
def last(engine: Engine) -> Engine:
    """A time with three places, and two parties of two that want them."""
    with clock.set_to(NOON), Session(engine) as session, transaction(session):
        outing.house(session, places=3)
    engine.dispose()
    return engine


def race(url: str, deed: Callable[[Session, ActivityTime, Reservation, Any, Any], None]) -> Any:
    """Let two processes book at once; return what each was told."""
    barrier, said = CONTEXT.Barrier(2), CONTEXT.Queue()

    def one(name: str) -> Callable[[], None]:
        def run() -> None:
            engine = db.connect(url)
            with clock.set_to(NOON), Session(engine, expire_on_commit=False) as session:
                time = session.scalars(sa.select(ActivityTime)).one()
                party = session.scalars(
                    sa.select(Reservation)
                    .join(Reservation.guest)
                    .where(sa.text("surname = :name")), {"name": name}
                ).one()  # fmt: skip
                _ = time.activity.vendor
                by = make.by(session, _hotel(session))
                session.rollback()
                barrier.wait(timeout=20)
                try:
                    deed(session, time, party, by, barrier)
                except Refusal as refusal:
                    said.put(refusal.message_id)
                else:
                    said.put("done")
            said.close()
            said.join_thread()

        return run

    with children(one("Here"), one("Beside")):
        pass
    return sorted(said.get(timeout=5) for _ in range(2))


def _hotel(session: Session) -> Any:
    return session.scalars(sa.select(outing.Hotel)).one()


def meet(barrier: Any) -> None:
    """Wait a moment for the other; go on without them when a lock keeps them out."""
    try:
        barrier.wait(timeout=PAUSE)
    except Exception:  # noqa: BLE001 - a broken barrier
        return


def book(session: Session, time: Any, party: Any, by: Any, barrier: Any) -> None:
    weigh = places._weigh

    def weigh_slowly(time: ActivityTime, wanted: int) -> None:
        weigh(time, wanted)
        meet(barrier)  # between the check and the write, where the other would slip in

    places._weigh = weigh_slowly
    with transaction(session):
        concierge.book(session, time, party, Asked(persons=2), by=by)


def book_unguarded(session: Session, time: Any, party: Any, by: Any, barrier: Any) -> None:
    places._weigh(time, 2)
    places._weigh = lambda *_: None
    meet(barrier)
    with transaction(session):
        if not db.is_postgresql(session):
            session.execute(sa.text("PRAGMA ignore_check_constraints=ON"))
        concierge.book(session, time, party, Asked(persons=2), by=by)


def taken(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalars(sa.select(ActivityTime)).one().taken


def test_the_last_places_are_booked_once(last: Engine, database_url: str) -> None:
    assert race(database_url, book) == ["done", "full"]
    assert taken(last) == 2


def test_without_lock_and_rule_the_last_places_are_booked_twice(
    last: Engine, database_url: str
) -> None:
    if last.dialect.name == "postgresql":
        with last.begin() as link:
            link.exec_driver_sql(
                "ALTER TABLE activity_times DROP CONSTRAINT ck_activity_times_never_overbooked"
            )
        last.dispose()

    assert race(database_url, book_unguarded) == ["done", "done"]
    assert taken(last) == 4
