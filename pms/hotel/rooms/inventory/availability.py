"""Availability: what can still be sold for a stay, in one query that never reads reservations."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory.counters import HouseNight, TypeNight
from pms.hotel.rooms.inventory.selling import BeyondHorizon
from pms.hotel.rooms.rooms import RoomType

LONGEST_STAY = 400


class BadDates(Invalid):
    """The stay's dates can't be."""


@dataclass(frozen=True)
class Available:
    """How many rooms of a type can still be sold for every night of a stay."""

    type_id: int
    code: str
    name: str
    sleeps: int
    rooms: int


def check_dates(arrival: date, departure: date) -> None:
    """Refuse a stay that ends before it begins, or goes on for ever."""
    if departure < arrival:
        raise BadDates("The departure is before the arrival. Check the dates.", field="departure")
    if (departure - arrival).days > LONGEST_STAY:
        raise BadDates(f"A stay has at most {LONGEST_STAY} nights.", field="departure")


_FREE_TYPE = (
    TypeNight.rooms - TypeNight.out_of_order + TypeNight.allowance - TypeNight.sold - TypeNight.held
)
_FREE_HOUSE = (
    HouseNight.rooms
    - HouseNight.out_of_order
    + HouseNight.allowance
    - HouseNight.sold
    - HouseNight.held
)


_OF_STAY = (sa.bindparam("arrival", type_=sa.Date), sa.bindparam("departure", type_=sa.Date))
_HOUSE_LEFT = (
    sa.select(sa.func.min(_FREE_HOUSE))
    .where(
        HouseNight.hotel_id == sa.bindparam("hotel"),
        HouseNight.night >= _OF_STAY[0],
        HouseNight.night < _OF_STAY[1],
    )
    .scalar_subquery()
)
_AVAILABLE = (
    sa.select(
        RoomType.id,
        RoomType.code,
        RoomType.name,
        RoomType.sleeps,
        sa.func.min(_FREE_TYPE),
        sa.func.count(TypeNight.night),
        _HOUSE_LEFT,
    )
    .join(
        TypeNight,
        sa.and_(
            TypeNight.hotel_id == RoomType.hotel_id,
            TypeNight.type_id == RoomType.id,
            TypeNight.night >= _OF_STAY[0],
            TypeNight.night < _OF_STAY[1],
        ),
    )
    .where(RoomType.hotel_id == sa.bindparam("hotel"))
    .group_by(RoomType.id, RoomType.code, RoomType.name, RoomType.sleeps, RoomType.rank)
    .order_by(RoomType.rank, RoomType.code)
)


def availability(session: Session, hotel: Hotel, arrival: date, departure: date) -> list[Available]:
    """Return what each type can still sell for the stay [arrival, departure), plain to best.

    The least of its nights, and never more than the house can take. Refuses dates that aren't
    a stay, and nights that aren't open for sale.
    """
    check_dates(arrival, departure)
    if arrival == departure:
        departure = arrival + dates.ONE_DAY
    asked = {"hotel": hotel.id, "arrival": arrival, "departure": departure}
    rows = session.connection().execute(_AVAILABLE, asked).all()
    length = (departure - arrival).days
    if not rows or any(row[5] < length for row in rows):
        raise BeyondHorizon(departure - dates.ONE_DAY)
    return [
        Available(
            type_id=row[0],
            code=row[1],
            name=row[2],
            sleeps=row[3],
            rooms=max(0, min(row[4], row[6])),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class TypeLeft:
    """How many rooms of a type can still be sold on one night, as `Available` says of a stay.

    `house` is what the house can take, of whichever type.
    """

    kind: Available
    night: date
    house: int


def nights_left(session: Session, hotel: Hotel, first: date, last: date) -> list[TypeLeft]:
    """Return what each type can sell on each night, first to last, in the order of `availability`.

    For who looks at many stays among them; nights that aren't open have no row. One question.
    """
    rows = session.execute(
        sa.select(
            RoomType.id, RoomType.code, RoomType.name, RoomType.sleeps, TypeNight.night,
            _FREE_TYPE, _FREE_HOUSE,
        )
        .join(
            TypeNight,
            sa.and_(TypeNight.hotel_id == RoomType.hotel_id, TypeNight.type_id == RoomType.id),
        )
        .join(
            HouseNight,
            sa.and_(
                HouseNight.hotel_id == TypeNight.hotel_id, HouseNight.night == TypeNight.night
            ),
        )
        .where(RoomType.hotel_id == hotel.id, TypeNight.night.between(first, last))
        .order_by(RoomType.rank, RoomType.code, TypeNight.night)
    )  # fmt: skip
    return [
        TypeLeft(
            Available(type_id, code, name, sleeps, max(0, min(left, house))), night, max(0, house)
        )
        for type_id, code, name, sleeps, night, left, house in rows
    ]


@dataclass(frozen=True)
class NightLeft:
    """One night of the house at a glance."""

    night: date
    rooms: int
    out_of_order: int
    sold: int
    held: int
    left: int
    over: int


def house_nights(session: Session, hotel: Hotel, first: date, last: date) -> list[NightLeft]:
    """Return each night of the house, first to last; `over` counts the worst of house and types."""
    types_over = (
        sa.select(sa.func.sum(TypeNight.forced))
        .where(TypeNight.hotel_id == HouseNight.hotel_id, TypeNight.night == HouseNight.night)
        .correlate(HouseNight)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            HouseNight.night,
            HouseNight.rooms,
            HouseNight.out_of_order,
            HouseNight.sold,
            HouseNight.held,
            _FREE_HOUSE,
            HouseNight.forced,
            types_over,
        )
        .where(HouseNight.hotel_id == hotel.id, HouseNight.night.between(first, last))
        .order_by(HouseNight.night)
    )
    return [
        NightLeft(night, rooms, out, sold, held, max(0, left), max(forced, over or 0))
        for night, rooms, out, sold, held, left, forced, over in rows
    ]


@dataclass(frozen=True)
class Oversold:
    """A night on which more was promised than there is: of a type, or of the house (no type)."""

    night: date
    type_id: int | None
    over: int


def oversold(session: Session, hotel: Hotel, first: date, last: date) -> list[Oversold]:
    """Return the nights that are over, for the walk list."""
    houses = sa.select(HouseNight.night, sa.null().label("type_id"), HouseNight.forced).where(
        HouseNight.hotel_id == hotel.id,
        HouseNight.night.between(first, last),
        HouseNight.forced > 0,
    )
    types = sa.select(TypeNight.night, TypeNight.type_id, TypeNight.forced).where(
        TypeNight.hotel_id == hotel.id, TypeNight.night.between(first, last), TypeNight.forced > 0
    )
    rows = session.execute(houses.union_all(types).order_by(sa.literal_column("1")))
    return [Oversold(night, type_id, over) for night, type_id, over in rows]
