"""Selling: the only writer of the counters; what can't be promised is refused, a fact is forced.

Nights are locked in one order everywhere, house before types, by night and then type, before
they are counted, releases included: so two sellers never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
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
from pms.hotel.rooms.inventory import allotments
from pms.hotel.rooms.inventory.counters import Forcing, HouseNight, TypeNight
from pms.hotel.rooms.rooms import RoomType

Column = Literal["sold", "held", "out_of_order"]
Deltas = Mapping[tuple[date, int], int]
Row = tuple[int, int, int]  # what the column gains, what `held` gains, what is forced then


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

    def over_after(self, column: Column, delta: int, held: int) -> int:
        """How many more than fit there would be."""
        capacity, taken = self.capacity, self.taken + held
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
    picked: Mapping[int, Deltas] | None = None,
) -> None:
    """Add to (or take from) a counter of each (night, type), the house's counter with it.

    `picked` says which of it are rooms of whose allotment: these leave `held` (or go back there)
    in the same statement. Refuses SoldOut or HouseFull when that doesn't fit, unless `force` says
    it is a fact; then `forced` rises by what doesn't fit and a Forcing says who and why. When
    rooms are given back, `forced` falls with them: it is never more than what is really over.
    """
    by_type = {key: (delta, 0) for key, delta in deltas.items() if delta}
    keys = {key for each in (picked or {}).values() for key, delta in each.items() if delta}
    if not by_type and not keys:
        return
    if force is not None:
        require(force.by, Permission.OVERBOOK, hotel.id)
    house, types = _lock(session, hotel, keys | by_type.keys())
    if picked and keys:
        held = allotments.pick_up(session, hotel, picked, forced=force is not None)
        by_type |= {key: (deltas.get(key, 0), each) for key, each in held.items()}
    by_house: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (night, _), (delta, to_held) in by_type.items():
        before = by_house[night]
        by_house[night] = (before[0] + delta, before[1] + to_held)

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


def lock_nights(session: Session, hotel: Hotel, keys: Collection[tuple[date, int]]) -> None:
    """Lock counters before what hangs on them is read; refuses nights that have none."""
    if keys:
        _lock(session, hotel, keys)


def _lock(
    session: Session, hotel: Hotel, deltas: Collection[tuple[date, int]]
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
    deltas: Mapping[Any, tuple[int, int]],
    column: Column,
    force: Force | None,
    refusal: Any,
) -> dict[Any, Row]:
    """Return delta, what goes to `held`, and new `forced` per row; raises the refusal otherwise."""
    rows: dict[Any, Row] = {}
    for key in sorted(deltas):
        (delta, held), count = deltas[key], counts[key]
        if delta == 0 and held == 0:
            continue
        over = count.over_after(column, delta, held)
        if over > count.forced and force is None:
            raise refusal(key)
        rows[key] = (delta, held, over)
    return rows


def _write(
    session: Session,
    hotel: Hotel,
    column: Column,
    house_rows: dict[date, Row],
    type_rows: dict[tuple[date, int], Row],
) -> None:
    picks = any(held for _, held, _ in type_rows.values())
    of_house, of_type = _UPDATE[_PICKED if picks else column]
    if house_rows:
        session.connection().execute(
            of_house,
            [
                {"hotel": hotel.id, "at": night, "delta": delta, "to_held": held, "over": over}
                if picks
                else {"hotel": hotel.id, "at": night, "delta": delta, "over": over}
                for night, (delta, held, over) in house_rows.items()
            ],
        )
    if type_rows:
        session.connection().execute(
            of_type,
            [
                {"hotel": hotel.id, "at": night, "kind": kind, "delta": delta, "over": over}
                | ({"to_held": held} if picks else {})
                for (night, kind), (delta, held, over) in type_rows.items()
            ],
        )


def _update(table: sa.Table, column: str, *more: Any) -> sa.Update:
    if column == _PICKED:  # from the allotment to the party: one statement, never in both
        added = {
            "sold": table.c.sold + sa.bindparam("delta"),
            "held": table.c.held + sa.bindparam("to_held"),
        }
    else:
        added = {column: table.c[column] + sa.bindparam("delta")}
    return (
        sa.update(table)
        .where(
            table.c.hotel_id == sa.bindparam("hotel"), table.c.night == sa.bindparam("at"), *more
        )
        .values({**added, "forced": sa.bindparam("over")})
    )


_PICKED = "picked"
_UPDATE = {
    column: (
        _update(_HOUSE, column),
        _update(_TYPE, column, _TYPE.c.type_id == sa.bindparam("kind")),
    )
    for column in ("sold", "held", "out_of_order", _PICKED)
}


def _note_forcings(
    session: Session,
    hotel: Hotel,
    force: Force,
    subject_id: int,
    house: dict[date, _Count],
    house_rows: dict[date, Row],
    types: dict[tuple[date, int], _Count],
    type_rows: dict[tuple[date, int], Row],
) -> None:
    raised: list[tuple[date, int | None, int]] = [
        (night, None, over - house[night].forced)
        for night, (_, _, over) in house_rows.items()
        if over > house[night].forced
    ]
    raised += [
        (key[0], key[1], over - types[key].forced)
        for key, (_, _, over) in type_rows.items()
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
