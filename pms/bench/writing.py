"""Benches of writing: the commit and the booking."""

import http.client
import multiprocessing
import os
import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base.db import perform, transaction
from pms.bench import filling, raw
from pms.bench.calling import timed_served
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
from pms.hotel.house import staff, tokens
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
                session, house.hotel, name="Bench", scopes=[Scope.RESERVATIONS], by=by
            )[1]  # fmt: skip
        by_verb = _by_verb(session, house, count)
        session.rollback()
        over_http, cpu = _over_http(engine, token, count)
        with session_of(engine) as fresh:
            wrong = verify.broken(fresh, house.hotel)
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
        "http": told(over_http) | {"server_cpu_ms": round(cpu, 2)},
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
    with served(engine) as server, closing(Caller(server, token)) as caller:

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
        return timed_served(server, once, count)
