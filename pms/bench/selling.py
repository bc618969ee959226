"""Benches of selling: every plan, type and night of a stay explained; a guest among a million."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import planner
from pms.base.db import transaction
from pms.bench import filling
from pms.bench.calling import clerk, hire, page, timed_served
from pms.bench.filling import DAY, House
from pms.bench.ground import (
    MILLI,
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
    timed_here,
    told,
)
from pms.hotel.guests.guests import Guest
from pms.hotel.house import staff
from pms.hotel.house.numbers import FIRST
from pms.hotel.rooms import derivations, quotes, rates
from pms.hotel.rooms.derivations import Difference
from pms.hotel.tariff.charges import ChargeCode

PLANS, TYPES, NIGHTS, STANDING = 20, 10, 14, 4
QUOTE_MS, FOUND_MS = 150, 50  # of processor time, at most

_BARE_PRICES = (
    "SELECT type_id, plan_id, night, price FROM night_prices"
    " WHERE hotel_id = {hotel} AND night >= '{first}' AND night < '{last}'"
)
_BARE_LIST = (
    "SELECT id, number, arrival FROM reservations WHERE hotel_id = {hotel} AND state = 'booked'"
    " ORDER BY arrival LIMIT 50"
)
_BARE_GUESTS = (
    "SELECT id, surname, given_name, email, phone, country FROM guests"
    " WHERE chain_id = {chain} AND folded_name >= '{words}' AND folded_name < '{words}~'"
    " ORDER BY folded_name, id LIMIT 50"
)


def quote(asked: Asked) -> Answer:
    """A fortnight quoted in 20 plans and 10 types, every night explained."""
    calls = asked.of(3, 30, 200)
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=asked.of(50, 500, 500), plans=STANDING)
            _derive(session, house)
        with transaction(session):
            filling.book(session, house, first=0, count=asked.of(100, 2_000, 20_000))

        def ask(n: int) -> None:
            session.rollback()
            first = DAY + timedelta(days=n * 11 % 300)
            last = first + timedelta(days=NIGHTS)
            found = quotes.quote(session, house.hotel, first, last, adults=2)
            explained = sum(1 for each in found for night in each.nights if night.parts)
            if explained != PLANS * TYPES * NIGHTS:
                raise LookupError(f"{explained} nights are explained.")

        timed(ask, 2)
        times, cpu = timed_here(ask, calls)
        session.rollback()
        bare = _bare(engine, calls, lambda n: _prices_of(house, n))
        words = engine_words(engine)
    return {
        "bench": f"quote: {PLANS} plans × {TYPES} types × {NIGHTS} nights, each night explained",
        **machine(),
        "engine": words,
        "data": f"{STANDING} plans with prices of their own, {PLANS - STANDING} that follow them",
        "quote": told(times) | {"cpu_ms": cpu},
        "raw": {"what": "the bare query of these nights' prices", **told(bare)},
        "quote_over_raw": round(percentile(times, 0.5) / percentile(bare, 0.5), 1),
        "ok": asked.size == "tiny" or cpu <= QUOTE_MS,
    }


def _derive(session: Session, house: House) -> None:
    """Let each plan that is still missing follow one of the first, some of them another."""
    by = staff.the_house(session, house.hotel)
    standing = rates.plans(session, house.hotel)
    code = session.get_one(ChargeCode, (house.hotel.id, standing[0].charge_code_id))
    for n in range(STANDING, PLANS):
        plan = rates.add_plan(
            session, house.hotel, code=f"P{n}", name=f"Plan {n}", market="transient",
            charge_code=code, by=by,
        )  # fmt: skip
        parent = standing[n % len(standing)]
        derivations.derive(session, plan, parent, Difference(points=-100 * (n % 7 + 1)), by=by)


def _prices_of(house: House, n: int) -> str:
    first = DAY + timedelta(days=n * 11 % 300)
    last = first + timedelta(days=NIGHTS)
    return _BARE_PRICES.format(hotel=house.hotel.id, first=first, last=last)


def _bare(engine: Engine, calls: int, said: Callable[[int], str]) -> list[float]:
    """Time statements that the engine answers without a line of the house."""
    with engine.connect() as link:
        return timed(lambda n: link.exec_driver_sql(said(n)).fetchall(), max(calls, 5))


# --- guests -------------------------------------------------------------------------------------


def guests(asked: Asked) -> Answer:
    """The first page of a search among a million guests, by name, part of it, and mail."""
    size, calls = asked.of((500, 5), (50_000, 50), (1_000_000, 200))
    typed: dict[str, Callable[[int], str]] = {
        "nothing": lambda n: "",
        "name": lambda n: f"silva{n * 13 % max(1, size // 80):x}",
        "short name": lambda n: "si",
        "whole surname": lambda n: "silva",
        "mail": lambda n: f"g{n * 7919 % size}%40example",
        "nobody": lambda n: f"zzz{n}",
    }
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=20, types=1, plans=1)
            hire(session, house)
        with transaction(session):
            _welcome(session, house, size)
        with served(engine) as server:
            found = {kind: _searched(server, "/guests", say, calls) for kind, say in typed.items()}
        chain = house.hotel.chain_id
        bare = _bare(engine, calls, lambda n: _BARE_GUESTS.format(chain=chain, words="si"))
        words = engine_words(engine)
    worst = max(each["server_cpu_ms"] for each in found.values())
    short = found["short name"]["p50_ms"] / MILLI
    return {
        "bench": f"guests: the first page of a search among {size:,}",
        **machine(),
        "engine": words,
        "server": server_words(),
        "found": found,
        "raw": {"what": "the bare query of a short name's first page", **told(bare)},
        "page_over_raw": round(short / percentile(bare, 0.5), 1),
        "ok": asked.size == "tiny" or worst <= FOUND_MS,
    }


def _welcome(session: Session, house: House, count: int) -> None:
    for first in range(0, count, filling.AT_ONCE):
        numbers = range(first, min(first + filling.AT_ONCE, count))
        session.execute(sa.insert(Guest), [filling.guest(house, n) for n in numbers])
    planner.tell(session.connection())


def _searched(server: Server, searched: str, say: Callable[[int], str], calls: int) -> Answer:
    with closing(clerk(server)) as caller:

        def ask(n: int) -> bytes:
            return page(caller, f"{searched}?q={say(n)}")

        ask(0)
        times, cpu = timed_served(server, ask, calls)
    return told(times) | {"server_cpu_ms": round(cpu, 2)}


# --- reservations ---------------------------------------------------------------------------------


def reservations(asked: Asked) -> Answer:
    """The list of a million reservations: its first page by name, common and rare, and a later."""
    size, calls = asked.of((500, 5), (50_000, 20), (1_000_000, 100))
    middle = f"{DAY + timedelta(days=filling.SPAN // 2)}~{FIRST + size // 2}"
    typed: dict[str, Callable[[int], str]] = {
        "nothing": lambda n: "",
        "common surname": lambda n: "silva",
        "first name": lambda n: "ana",
        "rare name": lambda n: f"silva{n * 13 % max(1, size // 80):x}",
        "nobody": lambda n: f"zzz{n}",
        "further page": lambda n: f"silva&page=9&after={middle}",
        "common, none in house": lambda n: "silva&show=in_house",
    }
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=asked.of(50, 5_000, 5_000))
            hire(session, house)
        with transaction(session):
            filling.book(session, house, first=0, count=size)
        with served(engine) as server:
            found = {
                kind: _searched(server, "/reservations", say, calls) for kind, say in typed.items()
            }
        bare = _bare(engine, calls, lambda n: _BARE_LIST.format(hotel=house.hotel.id))
        words = engine_words(engine)
    worst = max(each["server_cpu_ms"] for each in found.values())
    return {
        "bench": f"reservations: pages of a list of {size:,}",
        **machine(),
        "engine": words,
        "server": server_words(),
        "found": found,
        "raw": {"what": "the bare query of the first fifty that come", **told(bare)},
        "ok": asked.size == "tiny" or worst <= FOUND_MS,
    }
