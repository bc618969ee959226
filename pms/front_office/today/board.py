"""The board: the day in a handful of numbers, each a query that doesn't grow with the house."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money, round_half_up
from pms.front_office.today.parties import to_come
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import Claimant, NightLeft, RoomClaim
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight, State

NIGHTS_AHEAD = 14


@dataclass(frozen=True, slots=True)
class Counts:
    """How many come, go and are here."""

    to_come: int
    came: int
    without_room: int
    to_go: int
    gone: int
    overdue: int
    in_house: int
    rooms_in_house: int
    guests: int


def counts(session: Session, hotel: Hotel, day: date) -> Counts:
    """Count the parties of the day in two queries."""
    coming, unassigned = session.execute(
        sa.select(
            sa.func.count(sa.distinct(Reservation.id)),
            sa.func.count(
                sa.distinct(sa.case((ReservationNight.room_id.is_(None), Reservation.id)))
            ),
        )
        .select_from(Reservation)
        .outerjoin(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
                ReservationNight.night
                == sa.case((Reservation.arrival < day, day), else_=Reservation.arrival),
            ),
        )
        .where(to_come(hotel, day))
    ).one()
    here = Stay.state == Presence.IN_HOUSE
    going = sa.and_(here, Reservation.departure <= day)
    row = session.execute(
        sa.select(
            _count(sa.and_(Stay.arrived_on == day, Stay.state != Presence.UNDONE)),
            _count(going),
            _count(Stay.departed_on == day),
            _count(sa.and_(here, Reservation.departure < day)),
            _count(here),
            sa.func.count(sa.distinct(sa.case((here, Stay.room_id)))),
            sa.func.coalesce(
                sa.func.sum(sa.case((here, Reservation.adults + Reservation.children), else_=0)), 0
            ),
        )
        .select_from(Stay)
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id),
        )
        .where(
            Stay.hotel_id == hotel.id,
            sa.or_(here, Stay.arrived_on == day, Stay.departed_on == day),
        )
    ).one()
    came, to_go, gone, overdue, in_house, rooms, guests = (int(n or 0) for n in row)
    return Counts(coming, came, unassigned, to_go, gone, overdue, in_house, rooms, guests)


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((condition, 1)))


@dataclass(frozen=True, slots=True)
class ConditionCount:
    """How many empty rooms are how."""

    name: str
    tone: str
    icon: str
    word: str
    rooms: int


_LOOKS = (
    ("inspected", "ok", "checks", "Inspected"),
    ("clean", "info", "sparkles", "Clean"),
    ("pickup", "warn", "brush", "Pick-up"),
    ("dirty", "idle", "circle-dashed", "Dirty"),
    ("out_of_order", "bad", "tool", "Out of order"),
)


def conditions(session: Session, hotel: Hotel, day: date) -> list[ConditionCount]:
    """Count the rooms nobody is in, by condition; blocked ones apart."""
    is_blocked = sa.exists().where(
        RoomClaim.hotel_id == Room.hotel_id,
        RoomClaim.room_id == Room.id,
        RoomClaim.night == day,
        RoomClaim.claimant == Claimant.BLOCK,
    )
    is_occupied = sa.exists().where(
        Stay.hotel_id == Room.hotel_id,
        Stay.room_id == Room.id,
        Stay.state == Presence.IN_HOUSE,
    )
    how = sa.case((is_blocked, "out_of_order"), else_=sa.cast(Room.condition, sa.String))
    grouped = (
        sa.select(how.label("how"))
        .where(Room.hotel_id == hotel.id, sa.not_(is_occupied))
        .subquery()
    )
    counted: dict[str, int] = {
        str(how): rooms
        for how, rooms in session.execute(
            sa.select(grouped.c.how, sa.func.count()).group_by(grouped.c.how)
        )
    }
    return [
        ConditionCount(name, tone, icon, word, counted.get(name, 0))
        for name, tone, icon, word in _LOOKS
    ]


@dataclass(frozen=True, slots=True)
class NightAhead:
    """One column of the nights to come."""

    night: date
    rooms: int
    promised: int
    left: int
    over: int
    average: Money | None
    revenue: Money

    @property
    def share(self) -> float:
        """Promised of all rooms; above one when oversold."""
        return self.promised / self.rooms if self.rooms else 0.0

    @property
    def revpar(self) -> Money:
        """What the night brings for each room the house has."""
        return Money(
            round_half_up(Fraction(self.revenue.minor, self.rooms or 1)), self.revenue.currency
        )

    @property
    def look(self) -> str:
        """How the bar is filled."""
        if self.over:
            return "bad"
        return "acc" if self.share >= 0.95 else "soft"

    @property
    def is_weekend(self) -> bool:
        """Whether it is a Saturday or a Sunday."""
        return self.night.weekday() >= 5


def nights_ahead(session: Session, hotel: Hotel, day: date) -> list[NightAhead]:
    """Return tonight and the nights after it: rooms promised and what they bring."""
    last = day + timedelta(days=NIGHTS_AHEAD - 1)
    brings = _brings(session, hotel, day, last)
    return [
        _ahead(night, hotel, *brings.get(night.night, (0, 0)))
        for night in inventory.house_nights(session, hotel, day, last)
    ]


def _ahead(night: NightLeft, hotel: Hotel, rooms: int, amount: int) -> NightAhead:
    average = Money(round_half_up(Fraction(amount, rooms)), hotel.currency) if rooms else None
    return NightAhead(
        night=night.night,
        rooms=night.rooms,
        promised=night.sold + night.held,
        left=night.left,
        over=night.over,
        average=average,
        revenue=Money(amount, hotel.currency),
    )


def _brings(session: Session, hotel: Hotel, first: date, last: date) -> dict[date, tuple[int, int]]:
    rows = session.execute(
        sa.select(ReservationNight.night, sa.func.count(), sa.func.sum(ReservationNight.price))
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ReservationNight.hotel_id,
                Reservation.id == ReservationNight.reservation_id,
            ),
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.night.between(first, last),
            ReservationNight.counted_type_id.is_not(None),
            Reservation.purpose == Purpose.PAYING,
            Reservation.state.in_([state for state in State if state.holds_nights]),
        )
        .group_by(ReservationNight.night)
    )
    return {night: (rooms, int(amount)) for night, rooms, amount in rows}
