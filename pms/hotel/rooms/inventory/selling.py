"""Selling: the only writer of the counters; what can't be promised is refused, a fact is forced.

Nights are locked in one order everywhere, house before types, by night and then type, before
they are counted, releases included: so two sellers never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import is_postgresql, new_id
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory.counters import Forcing, HouseNight, TypeNight
from pms.hotel.rooms.rooms import RoomType

Column = Literal["sold", "held", "out_of_order"]
Deltas = Mapping[tuple[date, int], int]


class SoldOut(Refusal):
    """No room of the type is left for a night."""

    def __init__(self, kind: str, night: date) -> None:
        super().__init__(
            f"{kind} is sold out on {night:%a %d %b %Y}. Choose another type or other dates.",
            field="room_type",
            night=night.isoformat(),
        )


class HouseFull(Refusal):
    """The house as a whole can't take one more party that night."""

    def __init__(self, night: date) -> None:
        super().__init__(
            f"The house is full on {night:%a %d %b %Y}. Choose other dates.",
            field="arrival",
            night=night.isoformat(),
        )


class BeyondHorizon(Refusal):
    """Nights aren't open for sale that far ahead, or that far back."""

    status = 422

    def __init__(self, night: date) -> None:
        super().__init__(
            f"{night:%a %d %b %Y} isn't open for sale. Choose a date within the next 800 days.",
            field="departure",
        )


@dataclass(frozen=True)
class Force:
    """Leave to go over what can be sold, since it is a fact: who says so, and why."""

    reason: str
    by: Staff


@dataclass
class _Count:
    """One counter row while it is weighed."""

    capacity: int
    taken: int
    sold: int
    held: int
    out_of_order: int
    forced: int

    def over_after(self, column: Column, delta: int) -> int:
        """How many more than fit there would be."""
        capacity, taken = self.capacity, self.taken
        if column == "out_of_order":
            capacity -= delta
        else:
            taken += delta
        return max(0, taken - capacity)


_HOUSE: Any = HouseNight.__table__
_TYPE: Any = TypeNight.__table__
_COUNTED = ("rooms", "out_of_order", "sold", "held", "allowance", "forced")


def _counters(table: Any, *more: Any) -> Any:
    """Say once how counters are read: each booking does it."""
    return sa.select(table.c.night, *(table.c[name] for name in _COUNTED), *more).where(
        table.c.hotel_id == sa.bindparam("hotel"),
        table.c.night.between(sa.bindparam("first"), sa.bindparam("last")),
    )


_READ = (
    _counters(_HOUSE).order_by(_HOUSE.c.night),
    _counters(_TYPE, _TYPE.c.type_id)
    .where(_TYPE.c.type_id.in_(sa.bindparam("kinds", expanding=True)))
    .order_by(_TYPE.c.night, _TYPE.c.type_id),
)
_LOCKED = tuple(statement.with_for_update() for statement in _READ)


def change(
    session: Session,
    hotel: Hotel,
    deltas: Deltas,
    *,
    subject_id: int,
    column: Column = "sold",
    force: Force | None = None,
) -> None:
    """Add to (or take from) a counter of each (night, type), the house's counter with it.

    Refuses SoldOut or HouseFull when that doesn't fit, unless `force` says it is a fact; then
    `forced` rises by what doesn't fit and a Forcing says who and why. When rooms are given back,
    `forced` falls with them: it is never more than what is really over.
    """
    by_type = {key: delta for key, delta in deltas.items() if delta}
    if not by_type:
        return
    if force is not None:
        require(force.by, Permission.OVERBOOK, hotel.id)
    by_house: dict[date, int] = defaultdict(int)
    for (night, _), delta in by_type.items():
        by_house[night] += delta
    house, types = _lock(session, hotel, by_type)

    type_rows = _weigh(
        types,
        by_type,
        column,
        force,
        lambda key: SoldOut(_type_name(session, hotel, key[1]), key[0]),
    )
    house_rows = _weigh(house, by_house, column, force, HouseFull)
    _write(session, hotel, column, house_rows, type_rows)
    if force is not None:
        _note_forcings(session, hotel, force, subject_id, house, house_rows, types, type_rows)


def _lock(
    session: Session, hotel: Hotel, deltas: Deltas
) -> tuple[dict[date, _Count], dict[tuple[date, int], _Count]]:
    """Lock and read the counters, in the one order; refuses nights that have none."""
    asked = {
        "hotel": hotel.id,
        "first": min(night for night, _ in deltas),
        "last": max(night for night, _ in deltas),
        "kinds": sorted({type_id for _, type_id in deltas}),
    }
    house_rows, type_rows = _LOCKED if is_postgresql(session) else _READ
    connection = session.connection()
    house = {row[0]: _count(row) for row in connection.execute(house_rows, asked)}
    types = {(row[0], row[7]): _count(row) for row in connection.execute(type_rows, asked)}
    for key in deltas:
        if key[0] not in house or key not in types:
            raise BeyondHorizon(key[0])
    return house, types


def _count(row: Any) -> _Count:
    _, rooms, out_of_order, sold, held, allowance, forced, *_ = row
    return _Count(
        capacity=rooms - out_of_order + allowance,
        taken=sold + held,
        sold=sold,
        held=held,
        out_of_order=out_of_order,
        forced=forced,
    )


def _weigh(
    counts: Mapping[Any, _Count],
    deltas: Mapping[Any, int],
    column: Column,
    force: Force | None,
    refusal: Any,
) -> dict[Any, tuple[int, int]]:
    """Return delta and new `forced` per row; raises the refusal where it doesn't fit."""
    rows: dict[Any, tuple[int, int]] = {}
    for key in sorted(deltas):
        delta, count = deltas[key], counts[key]
        if delta == 0:
            continue
        over = count.over_after(column, delta)
        if over > count.forced and force is None:
            raise refusal(key)
        rows[key] = (delta, over)
    return rows


def _write(
    session: Session,
    hotel: Hotel,
    column: Column,
    house_rows: dict[date, tuple[int, int]],
    type_rows: dict[tuple[date, int], tuple[int, int]],
) -> None:
    if house_rows:
        session.connection().execute(
            _UPDATE_HOUSE[column],
            [
                {"hotel": hotel.id, "at": night, "delta": delta, "over": over}
                for night, (delta, over) in house_rows.items()
            ],
        )
    if type_rows:
        session.connection().execute(
            _UPDATE_TYPE[column],
            [
                {"hotel": hotel.id, "at": night, "kind": kind, "delta": delta, "over": over}
                for (night, kind), (delta, over) in type_rows.items()
            ],
        )


def _update(table: sa.Table, column: str, *more: Any) -> sa.Update:
    return (
        sa.update(table)
        .where(
            table.c.hotel_id == sa.bindparam("hotel"), table.c.night == sa.bindparam("at"), *more
        )
        .values({column: table.c[column] + sa.bindparam("delta"), "forced": sa.bindparam("over")})
    )


_COLUMNS: tuple[Column, ...] = ("sold", "held", "out_of_order")
_UPDATE_HOUSE = {column: _update(_HOUSE, column) for column in _COLUMNS}
_UPDATE_TYPE = {
    column: _update(_TYPE, column, _TYPE.c.type_id == sa.bindparam("kind")) for column in _COLUMNS
}


def _note_forcings(
    session: Session,
    hotel: Hotel,
    force: Force,
    subject_id: int,
    house: dict[date, _Count],
    house_rows: dict[date, tuple[int, int]],
    types: dict[tuple[date, int], _Count],
    type_rows: dict[tuple[date, int], tuple[int, int]],
) -> None:
    raised: list[tuple[date, int | None, int]] = [
        (night, None, over - house[night].forced)
        for night, (_, over) in house_rows.items()
        if over > house[night].forced
    ]
    raised += [
        (key[0], key[1], over - types[key].forced)
        for key, (_, over) in type_rows.items()
        if over > types[key].forced
    ]
    if not raised:
        return
    session.execute(
        sa.insert(Forcing),
        [
            {
                "hotel_id": hotel.id,
                "id": new_id(),
                "night": night,
                "type_id": type_id,
                "rooms": rooms,
                "subject_id": subject_id,
                "reason": force.reason,
                "staff_id": force.by.id,
                "at": clock.now(),
            }
            for night, type_id, rooms in raised
        ],
    )


def _type_name(session: Session, hotel: Hotel, type_id: int) -> str:
    kind = session.get(RoomType, {"hotel_id": hotel.id, "id": type_id})
    return kind.name if kind else "That type"


def per_night(
    nights: Iterable[date], type_id: int | None, delta: int
) -> dict[tuple[date, int], int]:
    """Return the same delta for each night of a type; nothing for no type."""
    return {} if type_id is None else {(night, type_id): delta for night in nights}


def together(*deltas: Deltas) -> dict[tuple[date, int], int]:
    """Add deltas up, so that a change of type is weighed as one."""
    total: dict[tuple[date, int], int] = defaultdict(int)
    for each in deltas:
        for key, delta in each.items():
            total[key] += delta
    return dict(total)
