"""F9: two sell the last room, two check in to one room: exactly one does, whatever the moment.

The twins check first and write later, without the lock and without the rules of the database:
they must oversell, or the races prove nothing.
"""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.rooms.inventory import TypeNight, availability, claiming, selling
from pms.hotel.stays import arriving, stays
from pms.hotel.stays.presence import Presence, Stay
from tests import make
from tests.proofs import deeds
from tests.sweeping import children

CONTEXT = multiprocessing.get_context("fork")
PAUSE = 0.3  # how long one waits for the other between check and write

Deed = Callable[[Session, int, Any], None]


@pytest.fixture
def hotel(engine: Engine) -> Engine:
    """A hotel of one room and two parties that want it: one to book, two that are booked."""
    with deeds.session_at_noon(engine) as session, transaction(session):
        house = make.furnished(session, rooms=2)
        for n in range(2):
            make.reservation(session, house, nights=1, surname=f"Party{n}")
        make.reservation(session, house, nights=3, surname="Other",
                         arrival=make.DAY + timedelta(days=3))  # fmt: skip
        make.guest(session, house, "New")
    engine.dispose()
    return engine


def race(url: str, deed: Deed) -> list[str]:
    """Let two processes do a deed at once; return what each of them was told."""
    barrier, said = CONTEXT.Barrier(2), CONTEXT.Queue()

    def one(n: int) -> Callable[[], None]:
        def run() -> None:
            engine = db.connect(url)
            with deeds.session_at_noon(engine) as session:
                barrier.wait(timeout=20)
                try:
                    deed(session, n, barrier)
                except Refusal as refusal:
                    said.put(refusal.message_id)
                else:
                    said.put("done")
            said.close()
            said.join_thread()

        return run

    with children(one(0), one(1)):
        pass
    return sorted(said.get(timeout=5) for _ in range(2))


def meet(barrier: Any) -> None:
    """Wait a moment for the other to come as far; go on without them if they can't."""
    try:
        barrier.wait(timeout=PAUSE)
    except Exception:  # noqa: BLE001 - a broken barrier: a lock kept the other one out
        return


def wait_after(session: Session, barrier: Any, sign: str) -> None:
    """Stop once between the check, a statement with this sign in it, and what follows."""
    waited = []

    def after(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if sign in statement and statement.startswith("SELECT") and not waited:
            waited.append(True)
            meet(barrier)

    event.listen(session.get_bind(), "after_cursor_execute", after)


# --- the last room ------------------------------------------------------------------------------


def sell(session: Session, _n: int, barrier: Any) -> None:
    house = deeds.the_hotel(session)
    wait_after(session, barrier, "FROM type_nights")
    with transaction(session):
        deeds.book(session, house)


def sell_unguarded(session: Session, _n: int, barrier: Any) -> None:
    """The twin: look, decide, then write what was decided."""
    house = deeds.the_hotel(session)
    arrival = make.DAY + timedelta(days=3)
    [kind] = availability(session, house, arrival, arrival + timedelta(days=3))
    assert kind.rooms == 1
    selling._weigh = lambda _counts, deltas, *_: {  # type: ignore[assignment]
        key: (*delta, 0) for key, delta in deltas.items()
    }
    meet(barrier)
    with transaction(session):
        if not db.is_postgresql(session):
            session.execute(sa.text("PRAGMA ignore_check_constraints=ON"))
        deeds.book(session, house)


def most_sold(engine: Engine) -> int:
    with Session(engine) as session:
        return int(session.scalar(sa.select(sa.func.max(TypeNight.sold))) or 0)


def test_the_last_room_is_sold_once(hotel: Engine, database_url: str) -> None:
    said = race(database_url, sell)

    assert said == ["done", "sold_out"]
    assert most_sold(hotel) == 2
    deeds.everything_holds(hotel)


def test_without_lock_and_rule_the_last_room_is_sold_twice(
    hotel: Engine, database_url: str
) -> None:
    without_rule(hotel, "type_nights", "house_nights")

    assert race(database_url, sell_unguarded) == ["done", "done"]
    assert most_sold(hotel) == 3


def without_rule(engine: Engine, *tables: str) -> None:
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in tables:
                rule = f"ck_{table}_never_oversold"
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
        engine.dispose()


# --- one room, two keys -------------------------------------------------------------------------


def hand_over(session: Session, n: int, barrier: Any) -> None:
    house = deeds.the_hotel(session)
    party, room = deeds.of(session, house, f"Party{n}"), deeds.room(session, house, "101")
    wait_after(session, barrier, "FROM stays")
    with transaction(session):
        stays.check_in(session, party, room=room, by=make.by(session, house))


def hand_over_unguarded(session: Session, n: int, barrier: Any) -> None:
    """The twin: see that nobody is in it, then check in without claiming the room."""
    house = deeds.the_hotel(session)
    party, room = deeds.of(session, house, f"Party{n}"), deeds.room(session, house, "101")
    assert stays.in_room(session, room) is None
    arriving.in_room = lambda *_: None  # type: ignore[assignment]
    claiming.insert_new = lambda *_: None  # type: ignore[assignment]
    meet(barrier)
    with transaction(session):
        stays.check_in(session, party, room=room, by=make.by(session, house))


def in_101(engine: Engine) -> int:
    with deeds.session_at_noon(engine) as session:
        room = deeds.room(session, deeds.the_hotel(session), "101")
        return int(
            session.scalar(
                sa.select(sa.func.count())
                .select_from(Stay)
                .where(Stay.room_id == room.id, Stay.state == Presence.IN_HOUSE)
            )
            or 0
        )


def test_one_room_is_handed_over_once(hotel: Engine, database_url: str) -> None:
    said = race(database_url, hand_over)

    assert said[0] == "done"
    assert said[1] in {"room_taken", "room_occupied"}
    assert in_101(hotel) == 1
    deeds.everything_holds(hotel)


def test_without_claims_one_room_is_handed_over_twice(hotel: Engine, database_url: str) -> None:
    assert race(database_url, hand_over_unguarded) == ["done", "done"]
    assert in_101(hotel) == 2
