"""F8: sixteen processes book the same rooms: nobody sees an error, nothing is sold twice."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import perform, transaction
from pms.base.refusal import Refusal
from pms.hotel.guests.guests import Guest
from pms.hotel.rooms import rates
from pms.hotel.rooms.inventory import TypeNight
from pms.hotel.stays import reservations
from tests import make
from tests.proofs import deeds
from tests.sweeping import ALL, children

CONTEXT = multiprocessing.get_context("fork")
WRITERS, ROOMS, NIGHTS = 16, 5, 8
EACH = 40 if ALL else 6
PATIENCE = 5.0  # the write turn's own; `pms bench write-wait` says how long it really is


def writer(url: str, n: int, start: object, said: object) -> Callable[[], None]:
    """Book nights at random as fast as it goes."""

    def run() -> None:
        engine, dice = db.connect(url), random.Random(n)  # noqa: S311 - a seed
        longest = 0.0
        with deeds.session_at_noon(engine) as session:
            house = deeds.the_hotel(session)
            by, kind = make.by(session, house), make.room_type(session, house)
            guest = session.scalars(sa.select(Guest).where(Guest.surname == "New")).one()
            plan = rates.by_code(session, house, "BAR")
            answers: Counter[str] = Counter()
            start.wait(timeout=60)  # type: ignore[attr-defined]
            for _ in range(EACH):
                arrival = make.DAY + timedelta(days=dice.randrange(NIGHTS))

                def book(arrival: object = arrival) -> object:
                    return reservations.book(
                        session, house, guest=guest, room_type=kind, plan=plan, adults=2, by=by,
                        arrival=arrival, departure=arrival + timedelta(days=1 + dice.randrange(3)),
                    )  # fmt: skip

                began = time.monotonic()
                try:
                    perform(session, book)
                    answers["booked"] += 1
                except Refusal as refusal:
                    answers[refusal.message_id] += 1
                longest = max(longest, time.monotonic() - began)
        said.put((answers, longest))  # type: ignore[attr-defined]
        said.close()  # type: ignore[attr-defined]
        said.join_thread()  # type: ignore[attr-defined]

    return run


@pytest.mark.timeout(300)
def test_sixteen_writers_never_see_an_error_nor_sell_a_room_twice(
    engine: Engine, database_url: str, record_property: Callable[[str, object], None]
) -> None:
    with deeds.session_at_noon(engine) as session, transaction(session):
        house = make.furnished(session, rooms=ROOMS)
        make.guest(session, house, "New")
    engine.dispose()
    start, said = CONTEXT.Barrier(WRITERS), CONTEXT.Queue()

    with children(*(writer(database_url, n, start, said) for n in range(WRITERS))):
        told = [said.get(timeout=240) for _ in range(WRITERS)]

    answers = sum((counted for counted, _ in told), Counter[str]())
    longest = max(waited for _, waited in told)
    record_property("longest_wait_seconds", round(longest, 3))
    print(f"longest wait {longest:.3f} s, {dict(answers)}")
    assert set(answers) <= {"booked", "sold_out", "house_full"}
    assert answers["booked"] > 0
    assert longest < PATIENCE
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.max(TypeNight.sold))) <= ROOMS
    deeds.everything_holds(engine)
