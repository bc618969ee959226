"""Benches of looking: availability, pages, finding one in a million, and memory that stays flat."""

import http.client
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.bench import filling
from pms.bench.calling import clerk, hire, page, timed_served
from pms.bench.filling import DAY, NIGHTS, House
from pms.bench.ground import (
    MILLI,
    Answer,
    Asked,
    Caller,
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
from pms.hotel.guests import finding
from pms.hotel.house import staff, tokens
from pms.hotel.house.numbers import FIRST
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import offers
from pms.hotel.stays import reservations

MAIN_PAGES = ("/", "/today/arrivals", "/today/in_house", "/reservations", "/rooms", "/folios")
FLAT, CPU_MS = 1.2, 3.0  # from the smallest to the largest; of the server
ROUNDS = 5
THINKS = 1.0  # seconds a user looks at a page before the next
SEARCH = "/api/v1/hotels/BENCH/availability"


def availability(asked: Asked) -> Answer:
    """What can be sold for three nights, as the reservations grow a hundredfold."""
    sizes = asked.of([200, 400], [10_000, 100_000], [10_000, 100_000, 1_000_000])
    calls = asked.of(20, 300, 1_000)
    found: list[Answer] = []
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=asked.of(50, 5_000, 5_000))
        token, there = _token(session, house), 0
        for size in sizes:
            asked.say(f"{size:,} reservations … ")
            with transaction(session):
                filling.book(session, house, first=there, count=size - there)
            there = size
            found.append(_availability_at(engine, session, house, token, size, calls))
        words = engine_words(engine)
    # by the server's processor time: this process fills a house between the sizes, and wakes slowly
    slowest, fastest = (f(each["server_cpu_ms"] for each in found) for f in (max, min))
    return {
        "bench": "availability: 10 types × 3 plans × 3 nights, taxes included",
        **machine(),
        "engine": words,
        "server": server_words(),
        "data": f"{asked.of(50, 5_000, 5_000):,} rooms, {sizes[-1]:,} reservations at most",
        "sizes": found,
        "growth": round(slowest / fastest, 2) if fastest else None,
        "ok": asked.size == "tiny" or (slowest <= FLAT * fastest and slowest <= CPU_MS),
    }


def _availability_at(
    engine: Engine, session: Session, house: House, token: str, size: int, calls: int
) -> Answer:
    def arrival(n: int) -> Any:
        return DAY + timedelta(days=n * 11 % filling.SPAN)

    def ask(n: int) -> object:
        session.rollback()
        first = arrival(n)
        return offers.offers(session, house.hotel, first, first + timedelta(days=NIGHTS), adults=2)

    timed(ask, 5)
    service, used = _in_rounds(ask, calls)
    session.rollback()
    with served(engine) as server, closing(Caller(server, token)) as caller:

        def call(n: int) -> bytes:
            first = arrival(n)
            last = first + timedelta(days=NIGHTS)
            return page(caller, f"{SEARCH}?arrival={first}&departure={last}&adults=2")

        timed(call, 20)
        over_http, cpu = _served_in_rounds(server, call, calls)
    raw = _raw_availability(engine, house, calls)
    return {
        "reservations": size,
        "service": told(service),
        "service_cpu_ms": round(used * MILLI, 3),
        "http": told(over_http),
        "server_cpu_ms": round(cpu, 2),
        "raw_ms": round(raw * MILLI, 3),
        "service_over_raw": round(percentile(service, 0.5) / raw, 1) if raw else None,
    }


def _in_rounds(ask: Callable[[int], object], calls: int) -> tuple[list[float], float]:
    """Return each call's seconds, and the processor's a call in the calmest of some rounds."""
    seconds: list[float] = []
    calmest = float("inf")
    for _ in range(ROUNDS):
        used = time.process_time()
        seconds += timed(ask, calls // ROUNDS)
        calmest = min(calmest, (time.process_time() - used) / (calls // ROUNDS))
    return seconds, calmest


def _served_in_rounds(
    server: Server, call: Callable[[int], object], calls: int
) -> tuple[list[float], float]:
    """As `_in_rounds`, of the server's processor: its milliseconds a call."""
    rounds = [timed_served(server, call, calls // ROUNDS) for _ in range(ROUNDS)]
    return [each for seconds, _ in rounds for each in seconds], min(cpu for _, cpu in rounds)


def _raw_availability(engine: Engine, house: House, calls: int) -> float:
    """Ask SQLite itself for the least of each type's nights; 0 on another engine."""
    if engine.dialect.name != "sqlite":
        return 0.0
    asked = (
        "SELECT type_id, MIN(rooms - out_of_order + allowance - sold - held) FROM type_nights"
        " WHERE hotel_id = ? AND night >= ? AND night < ? GROUP BY type_id"
    )
    with closing(sqlite3.connect(str(engine.url.database))) as link:

        def ask(n: int) -> None:
            first = DAY + timedelta(days=n * 11 % filling.SPAN)
            last = first + timedelta(days=NIGHTS)
            link.execute(asked, (house.hotel.id, first.isoformat(), last.isoformat())).fetchall()

        return percentile(timed(ask, calls), 0.5)


def _token(session: Session, house: House) -> str:
    with transaction(session):
        by = staff.the_house(session, house.hotel)
        return tokens.issue(session, house.hotel, name="Bench", scopes=[Scope.AVAILABILITY], by=by)[
            1
        ]


# --- pages --------------------------------------------------------------------------------------


def pages(asked: Asked) -> Answer:
    """Six main pages of a busy hotel of 300 rooms, asked for by twenty users: at work, in haste."""
    users, each = asked.of(2, 20, 20), asked.of(1, 5, 25)
    with _lived_in(asked) as engine, served(engine) as server:
        alone = _alone(server, each)
        cpu = server.cpu_seconds
        times, seconds = _by_many(server, users, each)
        cpu = server.cpu_seconds - cpu
        at_work, _ = _by_many(server, users, each, thinking=asked.of(0.01, THINKS, THINKS))
        nothing = _nothing(server, users * each)
        words = engine_words(engine)
    every = [one for page in times.values() for one in page]
    calm = [one for page in at_work.values() for one in page]
    p95 = percentile(calm, 0.95) * MILLI
    return {
        "bench": f"pages: {users} users, {each} rounds each of six pages",
        **machine(),
        "engine": words,
        "server": server_words(),
        "data": _LIVED_IN.format(*_lived_in_sizes(asked)),
        "pages": {page: told(found) for page, found in at_work.items()},
        "at_work": {"what": f"a page each {THINKS} s and its answer", **told(calm)},
        "in_haste": {"what": "the next page as soon as one is there", **told(every)},
        "alone": alone,
        "server_cpu_ms": round(cpu / len(every) * MILLI, 2),
        "requests_per_second": round(len(every) / seconds, 1),
        "raw": {"what": "a view that answers one word, same server", **told(nothing)},
        "page_over_raw": round(_middle(alone) / percentile(nothing, 0.5), 1),
        "ok": asked.size == "tiny" or p95 <= 150,
    }


_LIVED_IN = "{} rooms, {} parties in house, {:,} bookings to come"


def _lived_in_sizes(asked: Asked) -> tuple[int, int, int]:
    return asked.of((20, 10, 50), (300, 240, 5_000), (300, 240, 20_000))  # type: ignore[no-any-return]


def _middle(alone: dict[str, Answer]) -> float:
    """Return the middle of the pages' medians, in seconds."""
    return percentile([each["p50_ms"] / MILLI for each in alone.values()], 0.5)


def _alone(server: Server, rounds: int) -> dict[str, Answer]:
    found = {}
    with closing(clerk(server)) as caller:
        for address in MAIN_PAGES:
            ask = partial(page, caller, address)
            ask()
            times, cpu = timed_served(server, lambda _, ask=ask: ask(), max(rounds, 2))  # type: ignore[misc]
            found[address] = told(times) | {"server_cpu_ms": round(cpu, 1)}
    return found


def _by_many(
    server: Server, users: int, rounds: int, *, thinking: float = 0.0
) -> tuple[dict[str, list[float]], float]:
    """Let users go round the pages at once, each beginning at another."""
    times: dict[str, list[float]] = {address: [] for address in MAIN_PAGES}
    callers = [clerk(server) for _ in range(users)]

    def go_round(n: int) -> None:
        for turn in range(rounds * len(MAIN_PAGES)):
            address = MAIN_PAGES[(n + turn) % len(MAIN_PAGES)]
            began = time.perf_counter()
            page(callers[n], address)
            times[address].append(time.perf_counter() - began)
            time.sleep(thinking)

    began = time.perf_counter()
    _together(go_round, users)
    seconds = time.perf_counter() - began
    for caller in callers:
        caller.close()
    return times, seconds


def _together(work: Callable[[int], None], times: int) -> None:
    threads = [Thread(target=work, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _nothing(server: Server, count: int) -> list[float]:
    with closing(Caller(server)) as caller:
        return timed(lambda _: page(caller, "/bench/nothing"), max(count, 5))


@contextmanager
def _lived_in(asked: Asked) -> Iterator[Engine]:
    """Open a hotel with people in it and somebody who can sign in."""
    rooms_, parties, bookings = _lived_in_sizes(asked)
    with database(asked) as engine:
        with session_of(engine) as session, transaction(session):
            house = filling.build(session, rooms_=rooms_)
            filling.move_in(session, house, parties)
            filling.book(session, house, first=parties, count=bookings)
            hire(session, house)
        yield engine


# --- memory -------------------------------------------------------------------------------------


def memory(asked: Asked) -> Answer:
    """What the server holds after tens of thousands of requests, beside what it held warm."""
    warm, count = asked.of((20, 60), (1_000, 5_000), (5_000, 50_000))
    with (
        _lived_in(asked) as engine,
        served(engine) as server,
        closing(clerk(server)) as caller,
    ):
        _requests(caller, warm)
        before, began = server.memory_mb, time.perf_counter()
        _requests(caller, count)
        seconds, after = time.perf_counter() - began, server.memory_mb
        words = engine_words(engine)
    return {
        "bench": f"memory: {count:,} requests over six pages and a search, after {warm:,} to warm",
        **machine(),
        "engine": words,
        "server": server_words(),
        "data": _LIVED_IN.format(*_lived_in_sizes(asked)),
        "warm_mb": before,
        "after_mb": after,
        "growth": round(after / before, 3) if before else None,
        "requests_per_second": round(count / seconds, 1),
        "ok": asked.size == "tiny" or after <= before * 1.1,
    }


def _requests(caller: Caller, count: int) -> None:
    addresses = (*MAIN_PAGES, "/search?q=silva")
    for n in range(count):
        page(caller, addresses[n % len(addresses)])


# --- one in a million ---------------------------------------------------------------------------


def lookup(asked: Asked) -> Answer:
    """Finding one reservation or guest among a million, by number, by name, by mail, by room."""
    size, calls = asked.of((500, 20), (50_000, 200), (1_000_000, 500))
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=asked.of(50, 5_000, 5_000))
            hire(session, house)
        with transaction(session):
            filling.book(session, house, first=0, count=size)

        def by_number(n: int) -> None:
            session.rollback()
            number = FIRST + n * 7919 % size
            if reservations.by_number(session, house.hotel, number) is None:
                raise LookupError(number)

        def by_name(n: int) -> object:
            session.rollback()
            return finding.search(session, house.hotel, f"silva{n * 13 % max(1, size // 80):x}")

        service = {"number": told(timed(by_number, calls)), "name": told(timed(by_name, calls))}
        session.rollback()
        raw = _raw_lookup(engine, house, size, calls)
        found = _search_box(engine, house, size, calls)
        words = engine_words(engine)
    worst = max(each["p95_ms"] for each in found.values())
    return {
        "bench": f"lookup: one of {size:,}",
        **machine(),
        "engine": words,
        "server": server_words(),
        "service": service,
        "raw_ms": round(raw * MILLI, 4),
        "service_over_raw": round(service["number"]["p50_ms"] / (raw * MILLI), 1) if raw else None,
        "search_box": found,
        "ok": asked.size == "tiny" or worst <= 30,
    }


def _raw_lookup(engine: Engine, house: House, size: int, calls: int) -> float:
    if engine.dialect.name != "sqlite":
        return 0.0
    with closing(sqlite3.connect(str(engine.url.database))) as link:
        asked = "SELECT id, state, arrival FROM reservations WHERE hotel_id = ? AND number = ?"

        def ask(n: int) -> None:
            link.execute(asked, (house.hotel.id, FIRST + n * 7919 % size)).fetchone()

        return percentile(timed(ask, calls), 0.5)


def _search_box(engine: Engine, house: House, size: int, calls: int) -> dict[str, Answer]:
    """Search over HTTP as the box on top of every page does."""
    typed: dict[str, Callable[[int], str]] = {
        "number": lambda n: str(FIRST + n * 7919 % size),
        "name": lambda n: f"silva{n * 13 % max(1, size // 80):x}",
        "short name": lambda n: "si",
        "mail": lambda n: f"g{n * 7919 % size}%40example",
        "room": lambda n: f"1{n % 50:02}",
    }
    with served(engine) as server, closing(clerk(server)) as caller:

        def ask(words: str) -> bytes:
            return page(caller, f"/search?q={words}", http.client.OK, http.client.FOUND)

        ask("warm")
        return {
            kind: told(timed(lambda n, say=say: ask(say(n)), calls))  # type: ignore[misc]
            for kind, say in typed.items()
        }
