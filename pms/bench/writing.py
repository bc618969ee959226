"""Benches of writing: the commit, the booking, and how long sixteen writers wait for their turn."""

import http.client
import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import perform, transaction
from pms.base.refusal import Refusal
from pms.bench import filling, raw
from pms.bench.filling import DAY, House
from pms.bench.ground import (
    MILLI,
    Answer,
    Asked,
    Caller,
    database,
    engine_words,
    machine,
    percentile,
    served,
    server_words,
    session_of,
    timed,
    told,
)
from pms.hotel.close import verify
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hotels, staff, tokens
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import rates, rooms
from pms.hotel.stays import reservations

FORK = multiprocessing.get_context("fork")
BOOKING = "/api/v1/hotels/BENCH/reservations"
GOAL_MS = 10.0


# --- the commit ---------------------------------------------------------------------------------


def commit(asked: Asked) -> Answer:
    """One durable commit of one row: through the house, by SQLite itself, by the disk itself."""
    count = asked.of(20, 500, 5_000)
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            hotel = filling.build(session, rooms_=10, types=1, plans=1).hotel
        change = (
            sa.update(Hotel.__table__)  # type: ignore[arg-type]
            .where(Hotel.id == hotel.id)
            .values(credit_limit=sa.bindparam("limit"))
        )

        def once(n: int) -> None:
            with transaction(session):
                session.connection().execute(change, {"limit": n})

        timed(once, 5)
        times = timed(once, count)
        words = engine_words(engine)
    with tempfile.TemporaryDirectory(prefix="pms-bench-") as folder:
        limit = _raw_commits(Path(folder), count)
        disk = _raw_syncs(Path(folder), count)
    median = percentile(times, 0.5)
    return {
        "bench": f"commit: {count:,} times one row changed, durable",
        **machine(),
        "engine": words,
        "processes": 1,
        "per_second": round(1 / median, 1),
        **told(times),
        "raw_sqlite": told(limit),
        "raw_write_and_sync": told(disk),
        "share_of_raw_pct": round(100 * percentile(limit, 0.5) / median, 1),
        "ok": True,
    }


def _raw_commits(folder: Path, count: int) -> list[float]:
    with closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as link:
        link.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE one (id INTEGER PRIMARY KEY, value INTEGER);"
            "INSERT INTO one VALUES (1, 0)"
        )

        def once(n: int) -> None:
            link.execute("BEGIN IMMEDIATE")
            link.execute("UPDATE one SET value = ? WHERE id = 1", (n,))
            link.execute("COMMIT")

        return timed(once, count)


def _raw_syncs(folder: Path, count: int) -> list[float]:
    handle = os.open(folder / "raw", os.O_RDWR | os.O_CREAT, 0o600)
    page = b"x" * 4096

    def once(n: int) -> None:
        os.pwrite(handle, page, n % 1000 * len(page))
        os.fdatasync(handle)

    try:
        return timed(once, count)
    finally:
        os.close(handle)


# --- the booking --------------------------------------------------------------------------------


def bookings(asked: Asked) -> Answer:
    """A booking of three nights: by the verb, through the API, and by hand-written SQL."""
    count, there = asked.of((15, 50), (200, 10_000), (1_000, 100_000))
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=asked.of(100, 1_000, 1_000))
            filling.book(session, house, first=0, count=there)
            by = staff.the_house(session, house.hotel)
            token = tokens.issue(
                session, house.hotel, name="Bench", scopes=list(Scope), by=by
            )[1]  # fmt: skip
        by_verb = _by_verb(session, house, count)
        session.rollback()
        over_http, cpu = _over_http(engine, token, count)
        with session_of(engine) as fresh:
            wrong = _wrong(fresh, house.hotel)
        words = engine_words(engine)
    with tempfile.TemporaryDirectory(prefix="pms-bench-") as folder:
        limit = raw.bookings_per_second(Path(folder), count)
    median = percentile(by_verb, 0.5)
    return {
        "bench": f"bookings: {count:,} of three nights, guest included, a durable commit each",
        **machine(),
        "engine": words,
        "server": server_words(),
        "data": f"{there:,} reservations there before",
        "verb": told(by_verb) | {"per_second": round(1 / median, 1)},
        "http": told(over_http) | {"server_cpu_ms": round(cpu / count * MILLI, 2)},
        "raw_per_second": round(limit, 1),
        "share_of_raw_pct": round(100 / median / limit, 1),
        "wrong": wrong,
        "ok": not wrong and (asked.size == "tiny" or percentile(over_http, 0.5) * MILLI <= GOAL_MS),
    }


def _by_verb(session: Session, house: House, count: int) -> list[float]:
    kinds = rooms.types(session, house.hotel)
    plan = rates.by_code(session, house.hotel, "P0")
    if plan is None:
        raise LookupError("P0")

    def once(n: int) -> None:
        def deed() -> object:
            by = staff.the_house(session, house.hotel)
            guest = guests.welcome(session, house.hotel, surname=f"Verb {n}", by=by)
            arrival = DAY + timedelta(days=1 + n * 7 % filling.SPAN)
            return reservations.book(
                session, house.hotel, guest=guest, room_type=kinds[n % len(kinds)], plan=plan,
                arrival=arrival, departure=arrival + timedelta(days=filling.NIGHTS), adults=2,
                by=by,
            )  # fmt: skip

        perform(session, deed)

    timed(lambda n: once(-1 - n), 3)
    return timed(once, count)


def _over_http(engine: Engine, token: str, count: int) -> tuple[list[float], float]:
    with served(engine) as server:
        caller = Caller(server, token)

        def once(n: int) -> None:
            arrival = DAY + timedelta(days=1 + n * 7 % filling.SPAN)
            status, content = caller.send(
                BOOKING,
                {
                    "room_type": f"T{n % 10:02}",
                    "rate_plan": "P0",
                    "arrival": arrival.isoformat(),
                    "departure": (arrival + timedelta(days=filling.NIGHTS)).isoformat(),
                    "adults": 2,
                    "guest": {"given_name": "Ana", "surname": f"Http {n}"},
                },
            )
            if status != http.client.CREATED:
                raise LookupError(content.decode())

        timed(lambda n: once(-1 - n), 5)
        cpu = server.cpu_seconds
        times = timed(once, count)
        cpu = server.cpu_seconds - cpu
        caller.close()
    return times, cpu


def _wrong(session: Session, hotel: Hotel) -> list[str]:
    return [check.name for check in verify.checks(session, hotel) if not check.ok]


# --- the wait -----------------------------------------------------------------------------------


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
        found = _at_once(_book_steadily, url, writers, pace, seconds)
        with session_of(engine) as session:
            hotel = hotels.by_code(session, filling.CODE)
            wrong = _wrong(session, hotel) if hotel else ["no hotel"]
    with tempfile.TemporaryDirectory(prefix="pms-bench-") as folder:
        limit = _at_once(_write_steadily, f"{folder}/raw.db", writers, pace, seconds)
    times = [each for each in found if each >= 0]
    return {
        "bench": f"write-wait: {writers} processes × {pace}/s for {seconds} s, from the due moment",
        **machine(),
        "engine": words,
        "processes": writers,
        "bookings": told(times),
        "errors": len(found) - len(times),
        "raw": {"what": "sqlite3, its own busy handler, one row", **told(limit)},
        "wrong": wrong,
        "ok": len(times) == len(found) and not wrong,
    }


def _at_once(
    work: Callable[[str, int, float, float, Any], None],
    where: str,
    writers: int,
    pace: float,
    seconds: float,
) -> list[float]:
    """Let processes work at once; return the seconds from due to done of every write."""
    gate, said = FORK.Barrier(writers), FORK.Queue()
    processes = [
        FORK.Process(target=_one_of, args=(work, where, n, pace, seconds, gate, said))
        for n in range(writers)
    ]
    for process in processes:
        process.start()
    times = [each for _ in processes for each in said.get(timeout=seconds * 10 + 120)]
    for process in processes:
        process.join()
    return times


def _one_of(
    work: Any, where: str, n: int, pace: float, seconds: float, gate: Any, said: Any
) -> None:
    times: list[float] = []
    work(where, n, pace, seconds, (gate, times))
    said.put(times)
    said.close()
    said.join_thread()


def _steadily(
    once: Callable[[int], object], n: int, pace: float, seconds: float, told_to: Any
) -> None:
    """Do something at a steady pace whatever it takes; note −1 where it was refused."""
    gate, times = told_to
    gate.wait(timeout=120)
    began = time.monotonic() + n / pace / 16
    for turn in range(max(1, int(pace * seconds))):
        due = began + turn / pace
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            once(turn)
        except (Refusal, sqlite3.OperationalError):
            times.append(-1.0)
        else:
            times.append(time.monotonic() - due)


def _book_steadily(url: str, n: int, pace: float, seconds: float, told_to: Any) -> None:
    engine = db.connect(url)
    with session_of(engine) as session:
        hotel = hotels.by_code(session, filling.CODE)
        guest = session.scalars(sa.select(Guest).where(Guest.surname == "Writer")).one()
        if hotel is None:
            raise LookupError(filling.CODE)
        kinds, plan = rooms.types(session, hotel), rates.by_code(session, hotel, "P0")
        by = staff.the_house(session, hotel)

        def once(turn: int) -> object:
            arrival = DAY + timedelta(days=1 + (n * 31 + turn) % filling.SPAN)
            return perform(
                session,
                lambda: reservations.book(
                    session, hotel, guest=guest, room_type=kinds[n % len(kinds)],
                    plan=plan,  # type: ignore[arg-type]
                    arrival=arrival, departure=arrival + timedelta(days=filling.NIGHTS),
                    adults=2, by=by,
                ),
            )  # fmt: skip

        _steadily(once, n, pace, seconds, told_to)
    engine.dispose()


def _write_steadily(path: str, n: int, pace: float, seconds: float, told_to: Any) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as link:
        link.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        link.execute("CREATE TABLE IF NOT EXISTS one (writer INTEGER, turn INTEGER)")

        def once(turn: int) -> None:
            link.execute("BEGIN IMMEDIATE")
            link.execute("INSERT INTO one VALUES (?, ?)", (n, turn))
            link.execute("COMMIT")

        _steadily(once, n, pace, seconds, told_to)
