"""Statistics: what a closed day came to, one row for the house and one for each market."""

from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base
from pms.hotel.books.ledger import Account, Entry, Ledger, Line
from pms.hotel.books.receivables import BROUGHT_FORWARD
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import tips
from pms.hotel.rooms.inventory import HouseNight, NightChange, Slot
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight
from pms.hotel.tariff.charges import Department


class DayStatistics(Base):
    """One closed day of the house; money in minor units, before taxes.

    Revenue, taxes and payments are what was posted on the day; tips are owed to the staff and no
    revenue (USALI). Rooms and people are who was in the house when it closed. Arrivals and
    departures are rooms of parties that stay the night; day use is counted apart.
    """

    __tablename__ = "day_statistics"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    rooms: Mapped[int]
    out_of_order: Mapped[int]
    occupied: Mapped[int]
    complimentary: Mapped[int]
    house_use: Mapped[int]
    group_rooms: Mapped[int]
    day_use: Mapped[int]
    adults: Mapped[int]
    children: Mapped[int]
    arrivals: Mapped[int]
    arrival_persons: Mapped[int]
    departures: Mapped[int]
    departure_persons: Mapped[int]
    walk_ins: Mapped[int]
    no_shows: Mapped[int]
    cancellations: Mapped[int]
    cancelled_arrivals: Mapped[int]
    reservations_made: Mapped[int]
    nights_reserved: Mapped[int]
    room_revenue: Mapped[int]
    food_and_beverage: Mapped[int]
    other_revenue: Mapped[int]
    tips: Mapped[int] = mapped_column(default=0)
    taxes: Mapped[int]
    payments: Mapped[int]


class SegmentStatistics(Base):
    """One market's share of a closed day: rooms occupied and room revenue (minor units)."""

    __tablename__ = "segment_statistics"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(primary_key=True)
    rooms: Mapped[int]
    revenue: Mapped[int]


ink.append_only("day_statistics")
ink.append_only("segment_statistics")

FIGURES = tuple(column.key for column in DayStatistics.__table__.columns if not column.primary_key)
_NO_MARKET = "-"
_ROOMS = f"revenue/{Department.ROOMS.value}/%"
_FOOD = f"revenue/{Department.FOOD_AND_BEVERAGE.value}/%"


def write(
    session: Session,
    hotel: Hotel,
    day: date,
    figures: dict[str, int],
    segments: dict[str, tuple[int, int]],
) -> int:
    """Keep a closed day's statistics as collected; returns how many rows were written."""
    key = {"hotel_id": hotel.id, "day": day}
    session.execute(sa.insert(DayStatistics), [key | figures])
    if segments:
        session.execute(
            sa.insert(SegmentStatistics),
            [
                key | {"market": market, "rooms": rooms, "revenue": revenue}
                for market, (rooms, revenue) in sorted(segments.items())
            ],
        )
    return 1 + len(segments)


def stored(session: Session, hotel: Hotel, first: date, last: date) -> dict[str, int] | None:
    """Return the sum of each figure over closed days; None when none of them is closed."""
    sums = session.execute(
        sa.select(*(sa.func.sum(getattr(DayStatistics, name)) for name in FIGURES)).where(
            DayStatistics.hotel_id == hotel.id, DayStatistics.day.between(first, last)
        )
    ).one()
    if sums[0] is None:
        return None
    return {name: int(value) for name, value in zip(FIGURES, sums, strict=True)}


def collect(session: Session, hotel: Hotel, day: date) -> dict[str, int]:
    """Reckon a day's figures from stays, reservations and postings."""
    return (
        _house(session, hotel, day)
        | _in_house(session, hotel, day)
        | _coming_and_going(session, hotel, day)
        | _promises(session, hotel, day)
        | _money(session, hotel, day)
    )


def here_at_close() -> sa.ColumnElement[bool]:
    """Return the condition that a night's party had come by its evening and not left.

    Speaks of `ReservationNight` and `Stay`; who came after the roll for the night before had not.
    """
    return sa.and_(
        ReservationNight.slot == Slot.NIGHT,
        ReservationNight.live,
        Stay.state != Presence.UNDONE,
        Stay.arrived_on <= ReservationNight.night,
        sa.or_(Stay.departed_on.is_(None), Stay.departed_on > ReservationNight.night),
    )


def nights_joined_stays() -> sa.Select[Any]:
    """Select from reservation nights with their reservation and their stay."""
    return (
        sa.select()
        .select_from(ReservationNight)
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ReservationNight.hotel_id,
                Reservation.id == ReservationNight.reservation_id,
            ),
        )
        .join(
            Stay,
            sa.and_(
                Stay.hotel_id == ReservationNight.hotel_id,
                Stay.reservation_id == ReservationNight.reservation_id,
            ),
        )
    )


def _house(session: Session, hotel: Hotel, day: date) -> dict[str, int]:
    row = session.execute(
        sa.select(HouseNight.rooms, HouseNight.out_of_order).where(
            HouseNight.hotel_id == hotel.id, HouseNight.night == day
        )
    ).one_or_none()
    return {"rooms": row[0] if row else 0, "out_of_order": row[1] if row else 0}


def _in_house(session: Session, hotel: Hotel, day: date) -> dict[str, int]:
    room = ReservationNight.room_id

    def rooms_with(condition: sa.ColumnElement[bool]) -> Any:
        return sa.func.count(sa.distinct(sa.case((condition, room))))

    row = session.execute(
        nights_joined_stays()
        .add_columns(
            sa.func.count(sa.distinct(room)),
            rooms_with(Reservation.purpose == Purpose.COMPLIMENTARY),
            rooms_with(Reservation.purpose == Purpose.HOUSE_USE),
            rooms_with(Reservation.group_id.is_not(None)),
            sa.func.coalesce(sa.func.sum(ReservationNight.adults), 0),
            sa.func.coalesce(sa.func.sum(ReservationNight.children), 0),
        )
        .where(
            ReservationNight.hotel_id == hotel.id, ReservationNight.night == day, here_at_close()
        )
    ).one()
    names = ("occupied", "complimentary", "house_use", "group_rooms", "adults", "children")
    return {name: int(value) for name, value in zip(names, row, strict=True)}


def _coming_and_going(session: Session, hotel: Hotel, day: date) -> dict[str, int]:
    stays_the_night = Reservation.departure > Reservation.arrival
    persons = Reservation.adults + Reservation.children
    a_room = Reservation.shares_with_id.is_(None)

    def counted(condition: sa.ColumnElement[bool], what: Any = 1) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, what), else_=0)), 0)

    def stays(*columns: Any) -> sa.Select[Any]:
        return (
            sa.select(*columns)
            .select_from(Stay)
            .join(
                Reservation,
                sa.and_(
                    Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id
                ),
            )
            .where(Stay.hotel_id == hotel.id, Stay.state != Presence.UNDONE)
        )

    arrived = session.execute(
        stays(
            counted(stays_the_night & a_room),
            counted(stays_the_night, persons),
            counted(stays_the_night & a_room & Reservation.walk_in),
            counted(~stays_the_night & a_room),
        ).where(Stay.arrived_on == day)
    ).one()
    departed = session.execute(
        stays(
            counted(stays_the_night & a_room),
            counted(stays_the_night, persons),
        ).where(Stay.departed_on == day)
    ).one()
    return {
        "arrivals": int(arrived[0]),
        "arrival_persons": int(arrived[1]),
        "walk_ins": int(arrived[2]),
        "day_use": int(arrived[3]),
        "departures": int(departed[0]),
        "departure_persons": int(departed[1]),
    }


def _promises(session: Session, hotel: Hotel, day: date) -> dict[str, int]:
    made, cancelled = Reservation.booked_on == day, Reservation.cancelled_on == day
    missed = Reservation.no_show_on == day

    def counted(condition: sa.ColumnElement[bool]) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    row = session.execute(
        sa.select(
            counted(missed),
            counted(cancelled),
            counted(cancelled & (Reservation.arrival == day)),
            counted(made),
        ).where(Reservation.hotel_id == hotel.id, sa.or_(made, cancelled, missed))
    ).one()
    nights = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(NightChange.rooms), 0))
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == NightChange.hotel_id,
                Reservation.id == NightChange.reservation_id,
            ),
        )
        .where(NightChange.hotel_id == hotel.id, NightChange.business_day == day, made)
    )
    names = ("no_shows", "cancellations", "cancelled_arrivals", "reservations_made")
    figures = {name: int(value) for name, value in zip(names, row, strict=True)}
    return figures | {"nights_reserved": int(nights or 0)}


def _money(session: Session, hotel: Hotel, day: date) -> dict[str, int]:
    """Add up a day's postings; the account's code keeps the department it was posted to."""
    rows = session.execute(
        sa.select(Account.ledger, Account.code, sa.func.sum(Line.amount))
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.business_day == day,
            Account.ledger.in_([Ledger.REVENUE, Ledger.TAX, Ledger.CASH, Ledger.CLEARING]),
        )
        .group_by(Account.ledger, Account.code)
    )
    of_tips, sums = tips.accounts(session, hotel), Counter[str]()
    for ledger, code, amount in rows:
        if ledger is Ledger.TAX:
            sums["taxes"] -= int(amount)
        elif code == BROUGHT_FORWARD:
            continue  # nobody paid it
        elif ledger in {Ledger.CASH, Ledger.CLEARING}:
            sums["payments"] += int(amount)
        elif code.startswith(_ROOMS.rstrip("%")):
            sums["room_revenue"] -= int(amount)
        elif code in of_tips:
            sums["tips"] -= int(amount)
        elif code.startswith(_FOOD.rstrip("%")):
            sums["food_and_beverage"] -= int(amount)
        else:
            sums["other_revenue"] -= int(amount)
    names = ("room_revenue", "food_and_beverage", "other_revenue", "tips", "taxes", "payments")
    return {name: sums[name] for name in names}


def collect_segments(session: Session, hotel: Hotel, day: date) -> dict[str, tuple[int, int]]:
    """Reckon rooms and room revenue by market; a shared room is its first party's."""
    room_of: dict[int, tuple[bool, int, str]] = {}
    rows = session.execute(
        nights_joined_stays()
        .add_columns(
            ReservationNight.room_id,
            ReservationNight.counted_type_id.is_(None),
            Reservation.number,
            Reservation.market,
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.night == day,
            ReservationNight.room_id.is_not(None),
            here_at_close(),
        )
    )
    for room_id, shares, number, market in rows:
        party = (bool(shares), number, market)
        room_of[room_id] = min(room_of.get(room_id, party), party)
    rooms = Counter(market for _, _, market in room_of.values())
    revenue: Counter[str] = Counter()
    for market, amount in session.execute(_revenue_by_market(hotel, day)):
        revenue[market or _NO_MARKET] -= int(amount)
    return {market: (rooms[market], revenue[market]) for market in rooms.keys() | revenue.keys()}


def _revenue_by_market(hotel: Hotel, day: date) -> sa.Select[Any, Any]:
    return (
        sa.select(Reservation.market, sa.func.sum(Line.amount))
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .outerjoin(
            Reservation,
            sa.and_(Reservation.hotel_id == Entry.hotel_id, Reservation.id == Entry.subject_id),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.business_day == day,
            Account.ledger == Ledger.REVENUE,
            Account.code.like(_ROOMS),
        )
        .group_by(Reservation.market)
    )
