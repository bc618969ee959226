"""The waiting list: who would come if a room came free, and which of them can be booked now."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from pms.base import card_numbers, clock, dates
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import HouseNight, TypeNight
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays.reservations import Origin, Reservation, Wishes, book
from pms.hotel.stays.reservations.booking import check_party


class Waiting(enum.StrEnum):
    """Where an entry stands; it ends once."""

    OPEN = "open"
    OFFERED = "offered"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits."""
        return self in {Waiting.OPEN, Waiting.OFFERED}


class WaitsNoMore(Refusal):
    def __init__(self) -> None:
        super().__init__("That entry waits no more. Reload the list.")


class WaitlistEntry(OfHotel, Base):
    """Who waits for which nights of which type, how urgently, and until when."""

    __tablename__ = "waitlist"
    __table_args__ = (
        within_chain("guest_id", "guests"),
        within_hotel("type_id", "room_types"),
        within_hotel("plan_id", "rate_plans"),
        within_hotel("reservation_id", "reservations"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.UniqueConstraint("hotel_id", "reservation_id"),
        sa.CheckConstraint("departure > arrival", name="has_a_night"),
        sa.CheckConstraint("until <= arrival", name="waits_before_it_comes"),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="one_to_three"),
        sa.CheckConstraint(
            "(state = 'booked') = (reservation_id IS NOT NULL)", name="booked_is_a_reservation"
        ),
        sa.CheckConstraint("(state = 'offered') <= (offered_at IS NOT NULL)", name="offered_at"),
        sa.Index(None, "hotel_id", "state", "arrival"),
    )

    chain_id: Mapped[int]
    guest_id: Mapped[int]
    type_id: Mapped[int]
    plan_id: Mapped[int]
    arrival: Mapped[date]
    departure: Mapped[date]
    adults: Mapped[int]
    children: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(sa.SmallInteger, default=2)
    until: Mapped[date]
    notes: Mapped[str | None]
    state: Mapped[Waiting] = mapped_column(choice(Waiting), default=Waiting.OPEN)
    offered_at: Mapped[datetime | None]
    reservation_id: Mapped[int | None]
    staff_id: Mapped[int]
    asked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    room_type: Mapped[RoomType] = relationship(viewonly=True)
    plan: Mapped[RatePlan] = relationship(viewonly=True)
    guest: Mapped[Guest] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            WaitlistEntry.chain_id == Guest.chain_id,
            sa.orm.foreign(WaitlistEntry.guest_id) == Guest.id,
        ),
    )


@dataclass(frozen=True)
class Place:
    """An entry on the list, and the first night on which nothing is free for it."""

    entry: WaitlistEntry
    full_on: date | None

    @property
    def can_be_booked(self) -> bool:
        """Whether every night is free now."""
        return self.full_on is None


def put(
    session: Session,
    hotel: Hotel,
    *,
    guest: Guest,
    room_type: RoomType,
    plan: RatePlan,
    arrival: date,
    departure: date,
    adults: int,
    children: int = 0,
    priority: int = 2,
    until: date | None = None,
    notes: str | None = None,
    by: Staff,
) -> WaitlistEntry:
    """Let a guest wait for nights; without `until`, until they would come.

    Refuses past nights, a party the type doesn't sleep, and a day after the arrival.
    """
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    until = until or arrival
    _check_nights(arrival, departure, until, today=day)
    check_party(room_type, adults, children)
    if priority not in {1, 2, 3}:
        raise Invalid("The priority is 1, 2 or 3.", field="priority")
    card_numbers.refuse(notes=notes)
    guests.hold(session, guest)
    entry = WaitlistEntry(
        hotel_id=hotel.id, id=new_id(), chain_id=hotel.chain_id, guest_id=guest.id,
        type_id=room_type.id, plan_id=plan.id, arrival=arrival, departure=departure,
        adults=adults, children=children, priority=priority, until=until, notes=notes,
        staff_id=by.id, asked_at=clock.now(),
    )  # fmt: skip
    session.add(entry)
    session.flush()
    logbook.record(
        session, "put on the waiting list", entry, by=by, day=day,
        arrival=arrival, departure=departure, room_type=room_type.code, priority=priority,
    )  # fmt: skip
    return entry


def _check_nights(arrival: date, departure: date, until: date, *, today: date) -> None:
    """Refuse nights that are past or none, and waiting that is over or outlasts the arrival."""
    inventory.check_dates(arrival, departure)
    if arrival < today or departure == arrival:
        raise Invalid("Wait for nights to come, at least one.", field="arrival")
    if not today <= until <= arrival:
        raise Invalid("They wait from today until they would come.", field="until")


def offer(session: Session, entry: WaitlistEntry, *, by: Staff) -> None:
    """Note that the guest was told of a room."""
    day = _hold(session, entry, by)
    entry.state, entry.offered_at = Waiting.OFFERED, clock.now()
    entry.version += 1
    session.flush()
    logbook.record(session, "offered a room", entry, by=by, day=day)


def withdraw(session: Session, entry: WaitlistEntry, *, by: Staff) -> None:
    """Take a guest off the list, who wants no room any more."""
    day = _hold(session, entry, by)
    entry.state = Waiting.WITHDRAWN
    entry.version += 1
    session.flush()
    logbook.record(session, "withdrew", entry, by=by, day=day)


def accept(session: Session, entry: WaitlistEntry, *, by: Staff) -> Reservation:
    """Book what was waited for, which ends the waiting; refuses whatever booking refuses."""
    day = _hold(session, entry, by)
    hotel = session.get_one(Hotel, entry.hotel_id)
    made = book(
        session,
        hotel,
        guest=entry.guest,
        room_type=entry.room_type,
        plan=entry.plan,
        arrival=entry.arrival,
        departure=entry.departure,
        adults=entry.adults,
        children=entry.children,
        origin=Origin(source="waiting list"),
        wishes=Wishes(notes=entry.notes),
        by=by,
    )
    entry.state, entry.reservation_id = Waiting.BOOKED, made.id
    entry.version += 1
    session.flush()
    logbook.record(session, "booked from the list", entry, by=by, day=day, number=made.number)
    return made


def _hold(session: Session, entry: WaitlistEntry, by: Staff) -> date:
    require(by, Permission.RESERVE, entry.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, entry.hotel_id))
    lock(session, entry)
    if not entry.state.is_open:
        raise WaitsNoMore
    return day


def expire_due(session: Session, hotel: Hotel, *, by: Staff) -> int:
    """End the waiting that is over with today, and say of how many; said again, of none."""
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    due = session.scalars(
        sa.select(WaitlistEntry)
        .where(
            WaitlistEntry.hotel_id == hotel.id,
            WaitlistEntry.state.in_([Waiting.OPEN, Waiting.OFFERED]),
            WaitlistEntry.until <= day,
        )
        .order_by(WaitlistEntry.id)
        .limit(500)
        .with_for_update()  # who is being booked at this moment is waited for, and then isn't due
        .execution_options(populate_existing=True)
    ).all()
    for entry in due:
        entry.state = Waiting.EXPIRED
        entry.version += 1
        logbook.record(session, "waited in vain", entry, by=by, day=day)
    session.flush()
    return len(due)


def places(session: Session, hotel: Hotel, *, limit: int = 200) -> list[Place]:
    """Return who waits, the most urgent first, and for whom a room is free: three questions."""
    entries = session.scalars(
        sa.select(WaitlistEntry)
        .options(
            joinedload(WaitlistEntry.guest),
            joinedload(WaitlistEntry.room_type),
            joinedload(WaitlistEntry.plan),
        )
        .where(
            WaitlistEntry.hotel_id == hotel.id,
            WaitlistEntry.state.in_([Waiting.OPEN, Waiting.OFFERED]),
        )
        .order_by(WaitlistEntry.priority, WaitlistEntry.arrival, WaitlistEntry.id)
        .limit(limit)
    ).all()
    return _placed(session, hotel, entries)


def _placed(session: Session, hotel: Hotel, entries: Sequence[WaitlistEntry]) -> list[Place]:
    if not entries:
        return []
    first = min(entry.arrival for entry in entries)
    last = max(entry.departure for entry in entries)
    types: dict[Any, int] = {}
    for table, *key in (
        (TypeNight, TypeNight.night, TypeNight.type_id),
        (HouseNight, HouseNight.night),
    ):
        free = table.rooms - table.out_of_order + table.allowance - table.sold - table.held
        asked: Any = sa.select(*key, free).where(
            table.hotel_id == hotel.id, table.night.between(first, last)
        )
        for *of, left in session.execute(asked):
            types[tuple(of)] = left
    found = []
    for entry in entries:
        full = (
            night
            for night in dates.nights(entry.arrival, entry.departure)
            if min(types.get((night, entry.type_id), 0), types.get((night,), 0)) <= 0
        )
        found.append(Place(entry, next(full, None)))
    return found
