"""Benches of closing: the night audit of a full house, and the recount of everything."""

import sqlite3
import tempfile
import time
from collections import defaultdict
from contextlib import closing as closed
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.memory import settle
from pms.bench import filling
from pms.bench.filling import DAY, NOON, House
from pms.bench.ground import MILLI, Answer, Asked, database, engine_words, machine, session_of
from pms.hotel.books.ledger import Line
from pms.hotel.close import night_audit, verify
from pms.hotel.house import staff

GOALS = {500: 1.0, 5_000: 5.0}
LONGEST_TURN_MS = 100


def audit(asked: Asked) -> Answer:
    """Closing a night with 500 and with 5,000 occupied rooms, taxes and reports included."""
    sizes = asked.of([8], [500], [500, 5_000])
    found = []
    words = ""
    for size in sizes:
        asked.say(f"{size:,} rooms … ")
        with database(asked) as engine:
            words = engine_words(engine)
            found.append(_nights(engine, size))
        if asked.database:
            break  # a second one would find it filled
    return {
        "bench": "night audit: every step, each party charged with two taxes",
        **machine(),
        "engine": words,
        "processes": 1,
        "nights": found,
        "ok": all(
            not each["wrong"] and (asked.size == "tiny" or each["usual_seconds"] <= each["goal"])
            for each in found
        ),
    }


def _nights(engine: Engine, size: int) -> Answer:
    """Close two nights: the first also opens every party's folio, the second is any other."""
    with session_of(engine) as session:
        with clock.set_to(NOON), transaction(session):
            house = filling.build(session, rooms_=size, plans=1)
            filling.move_in(session, house, size)
        turns = _turns(engine)
        settle()  # as the command does
        seconds, steps = [], {}
        for n in range(2):
            turns.clear()
            began = time.perf_counter()
            steps = _close(session, house, n)
            seconds.append(time.perf_counter() - began)
        lines = session.scalar(sa.select(sa.func.count()).select_from(Line)) or 0
        wrong = verify.broken(session, house.hotel)
    raw = _raw_postings(lines // 2)
    return {
        "occupied_rooms": size,
        "first_seconds": round(seconds[0], 3),
        "usual_seconds": round(seconds[1], 3),
        "goal": GOALS.get(size, 1.0),
        "lines_per_night": lines // 2,
        "longest_write_turn_ms": round(max(turns) * MILLI, 1),
        "write_turns": len(turns),
        "slowest_steps_ms": dict(sorted(steps.items(), key=lambda each: -each[1])[:5]),
        "raw_seconds": round(raw, 3),
        "over_raw": round(seconds[1] / raw, 1),
        "wrong": wrong,
    }


def _close(session: Session, house: House, n: int) -> dict[str, float]:
    """Close a day at three in the morning; return the milliseconds of its steps."""
    steps: dict[str, float] = defaultdict(float)
    reached = time.perf_counter()

    def progress(_day: object, step: str, _rows: int) -> None:
        nonlocal reached
        now = time.perf_counter()
        steps[step] += round((now - reached) * MILLI, 1)
        reached = now

    with clock.set_to(NOON + timedelta(days=n, hours=15)):
        by = staff.the_house(session, house.hotel)
        day = DAY + timedelta(days=n)
        night_audit.audit(session, house.hotel, by=by, closing=day, progress=progress)
    return dict(steps)


def _turns(engine: Engine) -> list[float]:
    """Note how long each write turn is held."""
    held: list[float] = []
    began: list[float] = []

    def begin(connection: Any) -> None:
        began[:] = [time.perf_counter()] if _writes(connection) else []

    def end(_connection: Any) -> None:
        if began:
            held.append(time.perf_counter() - began.pop())

    sa.event.listen(engine, "begin", begin)
    sa.event.listen(engine, "commit", end)
    return held


def _writes(connection: Any) -> bool:
    return bool(connection.get_execution_options().get("pms_writes"))


def _raw_postings(lines: int) -> float:
    """Post as many lines by one statement of SQLite itself, with keys, checks and an index."""
    shape = """
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
    CREATE TABLE stays (id INTEGER PRIMARY KEY, price INTEGER);
    CREATE TABLE lines (id INTEGER PRIMARY KEY, stay INTEGER REFERENCES stays (id),
        night TEXT NOT NULL, rule TEXT, amount INTEGER CHECK (typeof(amount) = 'integer'),
        UNIQUE (stay, night, rule));
    CREATE INDEX by_night ON lines (night);
    """
    with (
        tempfile.TemporaryDirectory(prefix="pms-bench-") as folder,
        closed(sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)) as link,
    ):
        link.executescript(shape)
        link.execute("BEGIN")
        link.executemany(
            "INSERT INTO stays VALUES (?, ?)", ((n, filling.PRICE) for n in range(max(lines, 1)))
        )
        link.execute("COMMIT")
        began = time.perf_counter()
        link.execute("BEGIN IMMEDIATE")
        link.execute(
            "INSERT INTO lines (stay, night, rule, amount)"
            " SELECT id, '2026-11-20', 'room', price FROM stays"
        )
        link.execute("COMMIT")
        return time.perf_counter() - began


# --- the recount --------------------------------------------------------------------------------


def recount(asked: Asked) -> Answer:
    """How many rows a second `pms verify` recounts, beside reading and digesting them."""
    rooms_, bookings = asked.of((10, 50), (500, 10_000), (2_000, 200_000))
    with database(asked) as engine, session_of(engine) as session:
        with clock.set_to(NOON), transaction(session):
            house = filling.build(session, rooms_=rooms_, plans=1)
            filling.move_in(session, house, rooms_ // 2)
            filling.book(session, house, first=rooms_ // 2, count=bookings)
        for n in range(2):
            _close(session, house, n)
        session.rollback()
        began = time.perf_counter()
        checks = verify.checks(session, house.hotel)
        seconds = time.perf_counter() - began
        session.rollback()
        rows, raw = _read_everything(engine)
        words = engine_words(engine)
    speed = rows / seconds
    return {
        "bench": "verify: every invariant of a hotel recounted",
        **machine(),
        "engine": words,
        "processes": 1,
        "data": f"{rooms_:,} rooms, two closed nights, {bookings:,} bookings",
        "rows_there": rows,
        "rows_looked_at": sum(check.rows for check in checks),
        "seconds": round(seconds, 2),
        "rows_per_second": round(speed),
        "raw_rows_per_second": round(rows / raw),
        "share_of_raw_pct": round(100 * raw / seconds, 1),
        "wrong": [check.name for check in checks if not check.ok],
        "ok": all(check.ok for check in checks),
    }


_TABLES = (
    "reservations",
    "reservation_nights",
    "night_changes",
    "room_claims",
    "stays",
    "type_nights",
    "house_nights",
    "entries",
    "lines",
    "folios",
    "account_days",
    "logbook",
)


def _read_everything(engine: Engine) -> tuple[int, float]:
    """Read each row of the tables that are recounted, once; return how many, and the seconds."""
    rows, began = 0, time.perf_counter()
    with engine.connect() as connection:
        for table in _TABLES:
            result = connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - ours
            while chunk := result.fetchmany(10_000):
                rows += len(chunk)

    return rows, time.perf_counter() - began
