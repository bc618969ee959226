"""Filling: a hotel with as many consistent rows as a bench asks for, written in sets.

The rows are those the verbs would write: nights, counters, claims, night changes, stays and
lines of the logbook; `pms verify` finds nothing wrong with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates, planner
from pms.base.db import Base, is_postgresql, new_id
from pms.base.money import Money
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hotels, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.numbers import FIRST, Counter
from pms.hotel.rooms import inventory, rates, rooms
from pms.hotel.rooms.inventory import NightChange, RoomClaim
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, ReservationNight, State
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import TaxKind

CODE = "BENCH"
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NIGHTS = 3
PRICE = 11_900
SPAN = 780  # arrivals are spread over so many days
AT_ONCE = 20_000
SURNAMES = ("Dvořák", "Silva", "Müller", "Okafor", "Yamada", "Rossi", "Nguyen", "Åkesson")
GIVEN = ("Ana", "Björn", "Chidi", "Dana", "Emre", "Fatima", "Goran", "Hana", "Ivo", "Jun")


@dataclass(frozen=True)
class House:
    """What the rows refer to."""

    hotel: Hotel
    type_ids: list[int]
    plan_id: int
    room_ids: list[int]
    staff_id: int


def build(session: Session, *, rooms_: int, types: int = 10, plans: int = 3) -> House:
    """Open a hotel with rooms evenly of so many types, and plans with a price for each night."""
    hotel = hotels.open_hotel(
        session,
        hotels.open_chain(session, "Bench"),
        code=CODE,
        name="Bench House",
        time_zone="Europe/Berlin",
        currency="EUR",
        opens_on=DAY,
    )
    by = staff.the_house(session, hotel)
    kinds = [
        rooms.add_type(
            session, hotel, code=f"T{n:02}", name=f"Type {n:02}", sleeps=4, rank=n, by=by
        )
        for n in range(types)
    ]
    made = [
        {
            "hotel_id": hotel.id,
            "id": new_id(),
            "number": f"{1 + n // 100}{n % 100:02}",
            "type_id": kinds[n % types].id,
            "floor": str(1 + n // 100),
            "features": [],
            "condition": Condition.INSPECTED,
            "condition_at": NOON,
        }
        for n in range(rooms_)
    ]
    session.execute(sa.insert(Room), made)
    horizon = DAY + timedelta(days=inventory.DAYS_AHEAD)
    inventory.extend(session, hotel, until=horizon)
    code = _taxed_room(session, hotel, by)
    price = Money(PRICE, hotel.currency)
    sold = []
    for n in range(plans):
        plan = rates.add_plan(
            session, hotel, code=f"P{n}", name=f"Plan {n}", market="transient",
            charge_code=code, by=by,
        )  # fmt: skip
        for kind in kinds:
            nights = dict.fromkeys(dates.days(DAY, horizon), price)
            rates.set_prices(session, plan, kind, nights, by=by)
        sold.append(plan.id)
    room_ids = [int(str(room["id"])) for room in made]
    return House(hotel, [kind.id for kind in kinds], sold[0], room_ids, by.id)


def _taxed_room(session: Session, hotel: Hotel, by: Any) -> Any:
    vat = taxes.add(
        session, hotel, code="VAT", name="VAT 7 %", kind=TaxKind.PERCENT,
        rate=7 * taxes.PERCENT, inclusive=True, by=by,
    )  # fmt: skip
    city = taxes.add(
        session, hotel, code="CITY", name="City tax", kind=TaxKind.PER_PERSON_NIGHT,
        rate=200, inclusive=False, by=by,
    )  # fmt: skip
    lodging = taxes.add_class(
        session, hotel, code="LODGING", name="Lodging", taxes=[vat, city], by=by
    )
    return charges.add(
        session, hotel, code="ROOM", name="Room", department=Department.ROOMS,
        tax_class_id=lodging.id, by=by,
    )  # fmt: skip


# --- bookings -----------------------------------------------------------------------------------


def book(session: Session, house: House, *, first: int, count: int) -> None:
    """Add `count` bookings of three nights, spread evenly over types and days."""
    for begin in range(first, first + count, AT_ONCE):
        numbers = range(begin, min(begin + AT_ONCE, first + count))
        _insert(session, Guest, (guest(house, n) for n in numbers))
        _insert(session, Reservation, (_booking(house, n) for n in numbers))
    _follow(session, house, first, count)
    _count_again(session, house)


_FOLLOWING = (
    """INSERT INTO reservation_nights (hotel_id, reservation_id, night, slot, booked_type_id,
           charged_type_id, counted_type_id, plan_id, price, adults, children, live)
       SELECT r.hotel_id, r.id, {night}, 'night', r.type_id, r.type_id, r.type_id, r.plan_id,
           :price, r.adults, r.children, TRUE
       FROM reservations r CROSS JOIN {three}
       WHERE r.hotel_id = :hotel AND r.id BETWEEN :first AND :last""",
    """INSERT INTO night_changes (hotel_id, id, business_day, night, type_id, market,
           reservation_id, rooms, amount)
       SELECT r.hotel_id, :changes + (r.id - :first) * 3 + k.n, r.booked_on, {night}, r.type_id,
           r.market, r.id, 1, :price
       FROM reservations r CROSS JOIN {three}
       WHERE r.hotel_id = :hotel AND r.id BETWEEN :first AND :last""",
    """INSERT INTO logbook (hotel_id, id, at, business_day, staff_id, origin, verb, noun, noun_id)
       SELECT r.hotel_id, :lines + r.id - :first, r.booked_at, r.booked_on, :staff, 'bench',
           'booked', 'reservations', r.id
       FROM reservations r WHERE r.hotel_id = :hotel AND r.id BETWEEN :first AND :last""",
)


def _follow(session: Session, house: House, first: int, count: int) -> None:
    """Write what follows from the bookings, a statement a table."""
    night = (
        "r.arrival + k.n" if is_postgresql(session) else "date(r.arrival, '+' || k.n || ' days')"
    )
    three = "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) k"
    asked = {
        "hotel": house.hotel.id,
        "first": _id(2, first),
        "last": _id(2, first + count - 1),
        "changes": _id(4, first * NIGHTS),
        "lines": _id(6, first),
        "price": PRICE,
        "staff": house.staff_id,
    }
    for statement in _FOLLOWING:
        words = sa.text(statement.format(night=night, three=three))
        known = {name: asked[name] for name in words.compile().params}
        session.execute(words, known)


def move_in(session: Session, house: House, parties: int) -> None:
    """Put a party into each of the first rooms, for three nights from today."""
    numbers = range(parties)
    for table, rows in (
        (Guest, [guest(house, n) for n in numbers]),
        (Reservation, [_booking(house, n, in_house=True) for n in numbers]),
        (ReservationNight, [row for n in numbers for row in _nights(house, n, in_house=True)]),
        (NightChange, [row for n in numbers for row in _changes(house, n, in_house=True)]),
        (RoomClaim, [row for n in numbers for row in _claims(house, n)]),
        (Stay, [_stay(house, n) for n in numbers]),
        (Line, [_line(house, 6, "booked", "reservations", n) for n in numbers]),
        (Line, [_line(house, 7, "checked in", "reservations", n) for n in numbers]),
    ):
        _insert(session, table, rows)
    _count_again(session, house)


def lodge(session: Session, house: House, parties: list[tuple[int, date, int]]) -> None:
    """Book parties into rooms: which room, from which day, for how many nights (three at most)."""
    _insert(session, Guest, (guest(house, n) for n in range(len(parties))))
    booked, nights = [], []
    for n, (place, arrival, many) in enumerate(parties):
        kind = house.type_ids[place % len(house.type_ids)]
        dated = {"arrival": arrival, "departure": arrival + timedelta(days=many)}
        booked.append(_booking(house, n) | dated | {"type_id": kind, "claim_id": _id(3, n)})
        given = {"booked_type_id": kind, "charged_type_id": kind, "counted_type_id": kind}
        given["room_id"] = house.room_ids[place]
        row = next(_nights(house, n)) | given
        nights += [row | {"night": arrival + timedelta(days=k)} for k in range(many)]
    _insert(session, Reservation, booked)
    _insert(session, ReservationNight, nights)
    taken = {"slot": "night", "claimant": "party"}
    places = ("hotel_id", "room_id", "night")
    claims = (
        {name: row[name] for name in places} | taken | {"claim_id": row["reservation_id"] + 10**9}
        for row in nights
    )
    _insert(session, RoomClaim, claims)
    _insert(session, NightChange, (_change_of(row, _id(4, k)) for k, row in enumerate(nights)))
    lines = (_line(house, 6, "booked", "reservations", n) for n in range(len(parties)))
    _insert(session, Line, lines)
    _count_again(session, house)


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    session.connection().execute(sa.insert(table.__table__), list(rows))  # type: ignore[arg-type]


def _id(kind: int, n: int) -> int:
    """Return an id of its own for the n-th thing of a kind, older than any made by the house."""
    return kind * 10**9 + n + 1


def _arrival(n: int) -> date:
    return DAY + timedelta(days=1 + n * 7 % SPAN)


def _type(house: House, n: int) -> int:
    """Return the n-th room's type; bookings shift by one each span, so that all days get all."""
    return house.type_ids[n % len(house.type_ids)]


def guest(house: House, n: int) -> dict[str, Any]:
    """Return the n-th guest as a row."""
    surname = f"{SURNAMES[n % len(SURNAMES)]}{n // 80:x}"
    given = GIVEN[n // 8 % len(GIVEN)]
    plain = surname.translate(str.maketrans("řáüÅ", "rauA")).lower()
    return {
        "chain_id": house.hotel.chain_id,
        "id": _id(1, n),
        "given_name": given,
        "surname": surname,
        "folded_name": f"{plain} {given.lower().replace('ö', 'o')}",
        "folded_given": given.lower().replace("ö", "o"),
        "email": f"g{n}@example.com",
        "vip": False,
        "version": 1,
    }


def _booking(house: House, n: int, *, in_house: bool = False) -> dict[str, Any]:
    arrival = DAY if in_house else _arrival(n)
    return {
        "hotel_id": house.hotel.id,
        "id": _id(2, n),
        "chain_id": house.hotel.chain_id,
        "number": FIRST + n,
        "booking_number": FIRST + n,
        "guest_id": _id(1, n),
        "state": State.IN_HOUSE if in_house else State.BOOKED,
        "arrival": arrival,
        "departure": arrival + timedelta(days=NIGHTS),
        "adults": 2,
        "children": 0,
        "type_id": _type(house, n if in_house else n + n // SPAN),
        "plan_id": house.plan_id,
        "purpose": "paying",
        "guarantee": "none",
        "collects": "hotel",
        "market": "transient",
        "source": "direct",
        "channel": "desk",
        "claim_id": _id(3, n) if in_house else None,
        "wishes": [],
        "walk_in": False,
        "booked_on": DAY,
        "booked_at": NOON,
        "version": 1,
    }


def _nights(house: House, n: int, *, in_house: bool = False) -> Iterator[dict[str, Any]]:
    arrival = DAY if in_house else _arrival(n)
    kind = _type(house, n)
    for night in dates.nights(arrival, arrival + timedelta(days=NIGHTS)):
        yield {
            "hotel_id": house.hotel.id,
            "reservation_id": _id(2, n),
            "night": night,
            "slot": "night",
            "booked_type_id": kind,
            "charged_type_id": kind,
            "counted_type_id": kind,
            "room_id": house.room_ids[n] if in_house else None,
            "plan_id": house.plan_id,
            "price": PRICE,
            "adults": 2,
            "children": 0,
            "live": True,
        }


def _changes(house: House, n: int, *, in_house: bool = False) -> Iterator[dict[str, Any]]:
    for no, row in enumerate(_nights(house, n, in_house=in_house)):
        yield _change_of(row, _id(4, n * NIGHTS + no))


def _change_of(row: dict[str, Any], change_id: int) -> dict[str, Any]:
    return {
        "hotel_id": row["hotel_id"],
        "id": change_id,
        "business_day": DAY,
        "night": row["night"],
        "type_id": row["counted_type_id"],
        "market": "transient",
        "reservation_id": row["reservation_id"],
        "rooms": 1,
        "amount": PRICE,
    }


def _claims(house: House, n: int) -> Iterator[dict[str, Any]]:
    for row in _nights(house, n, in_house=True):
        yield {
            "hotel_id": house.hotel.id,
            "room_id": row["room_id"],
            "night": row["night"],
            "slot": "night",
            "claim_id": _id(3, n),
            "claimant": "party",
        }


def _stay(house: House, n: int) -> dict[str, Any]:
    return {
        "hotel_id": house.hotel.id,
        "id": _id(5, n),
        "reservation_id": _id(2, n),
        "room_id": house.room_ids[n],
        "state": "in_house",
        "arrived_on": DAY,
        "arrived_at": NOON,
        "version": 1,
    }


def _line(house: House, kind: int, verb: str, noun: str, n: int) -> dict[str, Any]:
    return {
        "hotel_id": house.hotel.id,
        "id": _id(kind, n),
        "at": NOON,
        "business_day": DAY,
        "staff_id": house.staff_id,
        "origin": "bench",
        "verb": verb,
        "noun": noun,
        "noun_id": _id(2, n),
    }


def _count_again(session: Session, house: House) -> None:
    """Let the counters say what the nights say, and the numbers go on behind the last one."""
    key = {"hotel": house.hotel.id}
    counted = (
        "SELECT night, {kind} COUNT(*) AS sold FROM reservation_nights"
        " WHERE hotel_id = :hotel AND live AND counted_type_id IS NOT NULL GROUP BY {by}"
    )
    for table, kind, by, same in (
        ("type_nights", "counted_type_id AS kind,", "night, counted_type_id", "AND type_id = kind"),
        ("house_nights", "", "night", ""),
    ):
        counts = counted.format(kind=kind, by=by)
        session.execute(
            sa.text(
                f"UPDATE {table} SET sold = c.sold FROM ({counts}) c"  # noqa: S608 - ours
                f" WHERE hotel_id = :hotel AND {table}.night = c.night {same}"
            ),
            key,
        )
    last = session.scalar(
        sa.select(sa.func.max(Reservation.number)).where(Reservation.hotel_id == house.hotel.id)
    )
    session.execute(sa.delete(Counter).where(Counter.name == "reservation"))
    session.execute(
        sa.insert(Counter), [{"hotel_id": house.hotel.id, "name": "reservation", "last": last}]
    )
    planner.tell(session.connection())
    if is_postgresql(session):  # it would count by itself within a minute
        session.execute(sa.text("ANALYZE"))
