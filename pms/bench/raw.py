"""The raw limit: what SQLite itself does of a booking's work, without a line of the house."""

import hashlib
import sqlite3
import time
from contextlib import closing
from pathlib import Path

_SHAPE = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE counters (night INTEGER, type INTEGER, rooms INTEGER, sold INTEGER,
    PRIMARY KEY (night, type), CHECK (sold <= rooms)) WITHOUT ROWID;
CREATE TABLE reservations (id INTEGER PRIMARY KEY, number INTEGER UNIQUE, guest TEXT,
    arrival INTEGER, departure INTEGER, state TEXT, price INTEGER);
CREATE INDEX by_arrival ON reservations (state, arrival);
CREATE TABLE nights (reservation INTEGER REFERENCES reservations (id), night INTEGER,
    type INTEGER, price INTEGER, PRIMARY KEY (reservation, night)) WITHOUT ROWID;
CREATE TABLE log (id INTEGER PRIMARY KEY, link TEXT, said TEXT);
"""
_NIGHTS, _TYPES, _STAY = 800, 10, 3


def bookings_per_second(folder: Path, count: int) -> float:
    """Book `count` times by hand-written SQL, a durable commit each; return how many a second.

    Each looks at three nights' counters, raises them, and writes a reservation, its three nights
    and a chained line of a log: row 2 of SPEED.md.
    """
    with closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as connection:
        connection.executescript(_SHAPE)
        connection.executemany(
            "INSERT INTO counters VALUES (?, ?, ?, 0)",
            ((night, kind, count) for night in range(_NIGHTS) for kind in range(_TYPES)),
        )
        link = ""
        started = time.perf_counter()
        for number in range(count):
            link = _book(connection, number, link)
        return count / (time.perf_counter() - started)


def _book(connection: sqlite3.Connection, number: int, link: str) -> str:
    arrival, kind = number * 7 % (_NIGHTS - _STAY), number % _TYPES
    nights = [(night, kind) for night in range(arrival, arrival + _STAY)]
    connection.execute("BEGIN IMMEDIATE")
    left = connection.execute(
        "SELECT MIN(rooms - sold) FROM counters WHERE type = ? AND night >= ? AND night < ?",
        (kind, arrival, arrival + _STAY),
    ).fetchone()[0]
    if left < 1:
        raise RuntimeError("The bench sells no more than there is.")
    connection.executemany(
        "UPDATE counters SET sold = sold + 1 WHERE night = ? AND type = ?", nights
    )
    reservation = connection.execute(
        "INSERT INTO reservations (number, guest, arrival, departure, state, price)"
        " VALUES (?, ?, ?, ?, 'booked', 30000)",
        (number, f"Guest {number}", arrival, arrival + _STAY),
    ).lastrowid
    connection.executemany(
        "INSERT INTO nights VALUES (?, ?, ?, 10000)",
        [(reservation, night, kind) for night, kind in nights],
    )
    said = f"booked {number}"
    link = hashlib.sha256(f"{link}{said}".encode()).hexdigest()
    connection.execute("INSERT INTO log (link, said) VALUES (?, ?)", (link, said))
    connection.execute("COMMIT")
    return link
