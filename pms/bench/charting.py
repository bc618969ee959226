"""The bench of the tape chart: a full house of 500 rooms over 31 days, the page and its poll."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import orjson
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.bench import calling, filling
from pms.bench.calling import clerk, hire, timed_served
from pms.bench.filling import DAY, House
from pms.bench.ground import (
    Answer,
    Asked,
    Server,
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

DAYS = 31
SERVER_MS, WIRE_KB = 150, 150
LENGTHS = (2, 3, 3, 3)  # nights of the parties that follow each other in a room
EMPTY_EVERY = 4  # after every fourth party a room is empty for a night
KB = 1024


def tape_chart(asked: Asked) -> Answer:
    """A month of 500 rooms: the page, its grid, and asking whether anything changed."""
    rooms_, filled, calls = asked.of((20, 40, 3), (500, 60, 15), (500, 780, 60))
    with database(asked) as engine:
        with session_of(engine) as session, transaction(session):
            house = filling.build(session, rooms_=rooms_)
            asked.say(f"{filled} days are being filled … ")
            parties = fill(session, house, until=DAY + timedelta(days=filled))
            hire(session, house)
        with served(engine) as server:
            address = f"/tape-chart?days={DAYS}&first={DAY - timedelta(days=1)}"
            page, cpu, wire, size = _page(server, address, calls)
            grid, _, grid_wire, _ = _page(server, address.replace("?", "/grid?"), calls)
            poll = _poll(server, address.replace("?", "/grid?"), calls)
        raw, bars = _raw(engine, house, calls)
        words = engine_words(engine)
    return {
        "bench": f"tape chart: {rooms_} rooms by {DAYS} days, {bars:,} bars",
        **machine(),
        "engine": words,
        "server": server_words(),
        "data": f"{parties:,} parties one after the other in {filled} days",
        "page": {"what": "the whole page over HTTP", **told(page), "server_cpu_ms": cpu},
        "page_kb": round(size / KB, 1),
        "wire_kb": round(wire / KB, 1),
        "grid": {"what": "the grid alone, after a change", **told(grid)},
        "grid_wire_kb": round(grid_wire / KB, 1),
        "poll": {"what": "304: nothing changed", **told(poll)},
        "raw": {"what": "the bare query and orjson of its bars", **(told(raw) if raw else {})},
        "page_over_raw": round(percentile(page, 0.5) / percentile(raw, 0.5), 1) if raw else None,
        "ok": asked.size == "tiny" or (cpu <= SERVER_MS and wire <= WIRE_KB * KB),
    }


def _page(server: Server, address: str, calls: int) -> tuple[list[float], float, int, int]:
    """Ask for a page so often; return the times, the processor's, and its size packed and not."""
    with closing(clerk(server)) as caller:
        plain = calling.page(caller, address)
        caller.headers["Accept-Encoding"] = "br, gzip"
        packed = calling.page(caller, address)
        times, cpu = timed_served(server, lambda _: calling.page(caller, address), calls)
    return times, round(cpu, 1), len(packed), len(plain)


def _poll(server: Server, address: str, calls: int) -> list[float]:
    with closing(clerk(server)) as caller:
        page = calling.page(caller, address).decode()
        mark = page.split('data-mark="')[1].split('"')[0]
        caller.headers["If-None-Match"] = f'"{mark}"'
        return timed(lambda _: calling.page(caller, address, 304), calls)


def _raw(engine: Engine, house: House, calls: int) -> tuple[list[float], int]:
    """Read the same bars by the driver itself and write them as JSON; SQLite only."""
    if engine.dialect.name != "sqlite":
        return [], 0
    query = (
        "SELECT n.room_id, MIN(n.night), MAX(n.night), r.id, r.state, r.version, g.surname"
        " FROM reservation_nights n JOIN reservations r ON r.hotel_id = ? AND r.id ="
        " n.reservation_id JOIN guests g ON g.chain_id = r.chain_id AND g.id = r.guest_id"
        " WHERE n.hotel_id = ? AND n.night BETWEEN ? AND ? AND n.room_id IS NOT NULL"
        " GROUP BY n.reservation_id, n.room_id"
    )
    first, last = DAY - timedelta(days=2), DAY + timedelta(days=DAYS - 2)
    asked = (house.hotel.id, house.hotel.id, first.isoformat(), last.isoformat())
    with closing(sqlite3.connect(str(engine.url.database))) as link:

        def ask(_: int) -> bytes:
            return orjson.dumps(link.execute(query, asked).fetchall())

        return timed(ask, calls), len(link.execute(query, asked).fetchall())


# --- a house as full as its chart -----------------------------------------------------------------


def fill(session: Session, house: House, *, until: date) -> int:
    """Let one party follow the other in every room until a day; return how many those are."""
    parties = []
    for place in range(len(house.room_ids)):
        day, turn = DAY + timedelta(days=place % 3), place
        while day < until:
            nights = LENGTHS[turn % len(LENGTHS)]
            parties.append((place, day, nights))
            day += timedelta(days=nights + (turn % EMPTY_EVERY == 0))
            turn += 1
    filling.lodge(session, house, parties)
    return len(parties)
