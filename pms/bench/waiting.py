"""Benches of waiting: for one's turn to write, alone among others and while the night is closed.

Desks work at a steady pace; a wait is told from the moment a deed was due, so that what queues
up behind a slow one counts too.
"""

import multiprocessing
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import perform, transaction
from pms.base.memory import settle
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.bench import filling
from pms.bench.filling import DAY, NOON
from pms.bench.ground import (
    MILLI,
    Answer,
    Asked,
    database,
    engine_words,
    machine,
    session_of,
    told,
)
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.close import night_audit, verify
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hotels, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rates, rooms
from pms.hotel.stays import reservations
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode, Department

FORK = multiprocessing.get_context("fork")
REFUSED = -1.0
DESK_WAIT_GOAL_MS = 250.0
Once = Callable[[int], object]


# --- processes at a steady pace ------------------------------------------------------------------


@dataclass
class Crew:
    """Processes at work, and the seconds from due to done of all they did once they are home."""

    times: list[float] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How often somebody was sent away."""
        return self.times.count(REFUSED)

    @property
    def waits(self) -> list[float]:
        """The seconds of what was done."""
        return [each for each in self.times if each != REFUSED]


@contextmanager
def at_work(
    prepare: Callable[[str, int], Once], where: str, crew: int, pace: float, seconds: float
) -> Iterator[Crew]:
    """Let processes work while the block runs, and for `seconds` at least, at so many a second.

    `prepare` makes ready what each does, told the address and its number; nobody begins before
    all are.
    """
    gate, said = FORK.Barrier(crew + 1), FORK.Queue()
    home = FORK.Event()
    processes = [
        FORK.Process(target=_one_of, args=(prepare, where, n, pace, gate, home, said, crew))
        for n in range(crew)
    ]
    for process in processes:
        process.start()
    gate.wait(timeout=120)
    until = time.monotonic() + seconds
    done = Crew()
    try:
        yield done
        time.sleep(max(0.0, until - time.monotonic()))
    finally:
        home.set()
        for _ in processes:
            done.times += said.get(timeout=120)
        for process in processes:
            process.join()


def _one_of(
    prepare: Callable[[str, int], Once],
    where: str,
    n: int,
    pace: float,
    gate: Any,
    home: Any,
    said: Any,
    crew: int,
) -> None:
    once = prepare(where, n)
    once(-1)  # a desk has been at work all day: its statements are compiled
    gate.wait(timeout=120)
    due = time.monotonic() + n / pace / crew
    times: list[float] = []
    turn = 0
    while not home.is_set():
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            once(turn)
        except (Refusal, sqlite3.OperationalError):
            times.append(REFUSED)
        else:
            times.append(time.monotonic() - due)
        due += 1 / pace
        turn += 1
    said.put(times)
    said.close()
    said.join_thread()


# --- among others --------------------------------------------------------------------------------


def write_wait(asked: Asked) -> Answer:
    """How long sixteen processes wait that book at a steady pace; beside SQLite's own handler."""
    writers, pace, seconds = asked.of((4, 5, 1), (16, 6.25, 5), (16, 6.25, 30))
    with database(asked) as engine:
        with session_of(engine) as session, transaction(session):
            house = filling.build(session, rooms_=1_000)
            by = staff.the_house(session, house.hotel)
            guests.welcome(session, house.hotel, surname="Writer", by=by)
        url, words = engine.url.render_as_string(hide_password=False), engine_words(engine)
        engine.dispose()
        with at_work(_booking, url, writers, pace, seconds) as crew:
            pass
        with session_of(engine) as session:
            wrong = verify.broken(session, _hotel(session))
    with (
        tempfile.TemporaryDirectory(prefix="pms-bench-") as folder,
        at_work(_raw_row, f"{folder}/raw.db", writers, pace, seconds) as limit,
    ):
        pass
    return {
        "bench": f"write-wait: {writers} processes × {pace}/s for {seconds} s, from the due moment",
        **machine(),
        "engine": words,
        "processes": writers,
        "bookings": told(crew.waits),
        "errors": crew.refused,
        "raw": {"what": "sqlite3, its own busy handler, one row", **told(limit.waits)},
        "wrong": wrong,
        "ok": not crew.refused and not wrong,
    }


def _booking(url: str, n: int) -> Once:
    """Book three nights each time, of the process's own type."""
    session = Session(db.connect(url), expire_on_commit=False)
    hotel = _hotel(session)
    guest = session.scalars(sa.select(Guest).where(Guest.surname == "Writer")).one()
    kinds, plan = rooms.types(session, hotel), rates.by_code(session, hotel, "P0")
    if plan is None:
        raise LookupError("P0")
    by = staff.the_house(session, hotel)

    def once(turn: int) -> object:
        arrival = DAY + timedelta(days=1 + (n * 31 + turn) % filling.SPAN)
        return perform(
            session,
            lambda: reservations.book(
                session, hotel, guest=guest, room_type=kinds[n % len(kinds)], plan=plan,
                arrival=arrival, departure=arrival + timedelta(days=filling.NIGHTS),
                adults=2, by=by,
            ),
        )  # fmt: skip

    return once


def _raw_row(path: str, n: int) -> Once:
    """Write one row as SQLite itself lets us in."""
    link = sqlite3.connect(path, isolation_level=None, timeout=10)
    link.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    link.execute("CREATE TABLE IF NOT EXISTS one (writer INTEGER, turn INTEGER)")

    def once(turn: int) -> None:
        link.execute("BEGIN IMMEDIATE")
        link.execute("INSERT INTO one VALUES (?, ?)", (n, turn))
        link.execute("COMMIT")

    return once


# --- while the night is closed ------------------------------------------------------------------


def desks_at_night(asked: Asked) -> Answer:
    """How long desks wait that post to folios while the audit closes a full house."""
    parties = asked.of(8, 500, 5_000)
    desks, pace = asked.of((2, 10), (4, 10), (4, 10))
    with database(asked) as engine:
        with clock.set_to(NOON), session_of(engine) as session, transaction(session):
            house = filling.build(session, rooms_=parties, plans=1)
            filling.move_in(session, house, parties)
            charges.add(
                session, house.hotel, code="BAR", name="Bar", price=400,
                department=Department.FOOD_AND_BEVERAGE, by=_by(session, house.hotel),
            )  # fmt: skip
        url, words = engine.url.render_as_string(hide_password=False), engine_words(engine)
        with session_of(engine) as session:
            _close(session, 0)  # opens every folio
        engine.dispose()
        with at_work(_posting, url, desks, pace, asked.of(1, 5, 10)) as alone:
            pass
        settle()  # as the command does that closes a day
        with session_of(engine) as session, at_work(_posting, url, desks, pace, 0) as crew:
            began = time.perf_counter()
            _close(session, 1)
            seconds = time.perf_counter() - began
        with session_of(engine) as session:
            wrong = verify.broken(session, _hotel(session))
    return {
        "bench": f"desks at night: {desks} processes post {pace}/s each while {parties} are closed",
        **machine(),
        "engine": words,
        "processes": desks + 1,
        "audit_seconds": round(seconds, 3),
        "during_the_audit": told(crew.waits) | {"postings": len(crew.waits)},
        "raw": {"what": "the same desks without an audit", **told(alone.waits)},
        "goal_max_ms": DESK_WAIT_GOAL_MS,
        "errors": crew.refused + alone.refused,
        "wrong": wrong,
        "ok": not wrong
        and not crew.refused
        and (asked.size == "tiny" or max(crew.waits) * MILLI <= DESK_WAIT_GOAL_MS),
    }


def _close(session: Session, n: int) -> None:
    with clock.set_to(NOON + timedelta(days=n, hours=15)):
        hotel = _hotel(session)
        night_audit.audit(session, hotel, by=_by(session, hotel), closing=DAY + timedelta(days=n))


def _posting(url: str, n: int) -> Once:
    """Post a drink each time, to folios of the process's own."""
    session = Session(db.connect(url), expire_on_commit=False)
    hotel = _hotel(session)
    by = _by(session, hotel)
    mine = session.scalars(sa.select(Folio).order_by(Folio.id).offset(n * 2).limit(2)).all()
    drink = session.scalars(sa.select(ChargeCode).where(ChargeCode.code == "BAR")).one()
    four = Money(400, hotel.currency)

    def once(turn: int) -> object:
        folio = mine[turn % len(mine)]  # -1 too is one of them
        with clock.set_to(NOON + timedelta(days=1, hours=15)):
            return perform(
                session, lambda: folios.charge(session, folio, code=drink, amount=four, by=by)
            )

    return once


def _by(session: Session, hotel: Hotel) -> Any:
    return staff.the_house(session, hotel)


def _hotel(session: Session) -> Hotel:
    hotel = hotels.by_code(session, filling.CODE)
    if hotel is None:
        raise LookupError(filling.CODE)
    return hotel
