"""The queue: parties that are here while their room isn't ready, who waits longest first.

A row says since when a party waits and where it is found; it is in the queue while it is expected.
So a check-in ends its waiting without a word being written, and an undone one brings it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from pms.base import card_numbers, clock, dates
from pms.base.db import Base, OfHotel, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import blocks
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight, State
from pms.hotel.stays.reservations.refusals import WrongState

LONGEST = {"waits_at": 80, "phone": 40}
MOST = 200


class QueuedAlready(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"{reservation.guest.name} waits in the queue already. Change where, or until when."
        )


class NotHereToday(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} is due on {reservation.arrival:%a %d %b %Y}: "
            "only who is expected today waits for a room."
        )


class NotQueued(Refusal):
    def __init__(self) -> None:
        super().__init__("The party isn't in the queue any more.")


class QueuedParty(OfHotel, Base):
    """A party that waits for its room: since when, where it is found, and until when promised."""

    __tablename__ = "queued_parties"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("letter_id", "letters"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint(
            "taken_off_at IS NULL OR taken_off_at >= queued_at", name="off_after_on"
        ),
        sa.Index(
            "uq_queued_parties_once",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=sa.text("taken_off_at IS NULL"),
            postgresql_where=sa.text("taken_off_at IS NULL"),
        ),
        sa.Index(None, "hotel_id", "day"),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    day: Mapped[date]
    queued_at: Mapped[datetime]
    waits_at: Mapped[str | None]
    phone: Mapped[str | None]
    promised_by: Mapped[datetime | None]
    letter_id: Mapped[int | None]
    staff_id: Mapped[int]
    taken_off_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation] = relationship(viewonly=True)

    @property
    def minutes(self) -> int:
        """For how many whole minutes the party has waited."""
        return int((clock.now() - self.queued_at).total_seconds() // 60)

    @property
    def is_late(self) -> bool:
        """Whether the room was promised for an hour that has gone by."""
        return self.promised_by is not None and self.promised_by < clock.now()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A party of the queue with the room it was given, and what keeps that from being handed over.

    `holds` is empty where the room is ready.
    """

    queued: QueuedParty
    room: Room | None
    holds: str

    @property
    def is_ready(self) -> bool:
        """Whether the key can be handed over now."""
        return not self.holds


def put(
    session: Session,
    reservation: Reservation,
    *,
    waits_at: str | None = None,
    phone: str | None = None,
    promised_by: time | None = None,
    by: Staff,
) -> QueuedParty:
    """Let a party that is here wait for its room; `promised_by` is an hour by the hotel's clock.

    Refuses who isn't expected today and who waits already.
    """
    require(by, Permission.CHECK_IN, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a party still to come waits for its room")
    if not reservation.is_due(day):
        raise NotHereToday(reservation)
    if of(session, reservation) is not None:
        raise QueuedAlready(reservation)
    queued = QueuedParty(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        reservation_id=reservation.id,
        day=day,
        queued_at=clock.now(),
        staff_id=by.id,
    )
    _say(queued, hotel, waits_at, phone, promised_by)
    session.add(queued)
    session.flush()
    logbook.record(session, "queued", reservation, by=by, day=day, promised_by=queued.promised_by)
    return queued


def change(
    session: Session,
    queued: QueuedParty,
    *,
    waits_at: str | None = None,
    phone: str | None = None,
    promised_by: time | None = None,
    by: Staff,
) -> QueuedParty:
    """Say anew where a party waits and until when; refuses one that isn't in the queue any more."""
    hotel, day = _hold(session, queued, by)
    before = queued.promised_by
    _say(queued, hotel, waits_at, phone, promised_by)
    queued.version += 1
    session.flush()
    logbook.record(
        session,
        "changed queueing",
        queued.reservation,
        by=by,
        day=day,
        before={"promised_by": before},
        promised_by=queued.promised_by,
    )
    return queued


def take_off(session: Session, queued: QueuedParty, *, by: Staff) -> None:
    """Take a party off the queue that doesn't wait any more."""
    _, day = _hold(session, queued, by)
    queued.taken_off_at = clock.now()
    queued.version += 1
    session.flush()
    logbook.record(session, "took off queue", queued.reservation, by=by, day=day)


def put_back(session: Session, queued: QueuedParty, *, by: Staff) -> None:
    """Let a party wait on as before, since when it did; refuses one that is in the queue."""
    require(by, Permission.CHECK_IN, queued.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, queued.hotel_id))
    reservation = lock(session, queued.reservation)
    lock(session, queued)
    if reservation.state is not State.BOOKED or queued.taken_off_at is None:
        raise NotQueued
    if of(session, reservation) is not None:
        raise QueuedAlready(reservation)
    queued.taken_off_at = None
    queued.version += 1
    session.flush()
    logbook.record(session, "put back in queue", reservation, by=by, day=day)


def note_told(session: Session, queued: QueuedParty, letter: Letter, *, by: Staff) -> None:
    """Note by which letter a party was told that its room is ready."""
    _, day = _hold(session, queued, by)
    queued.letter_id = letter.id
    queued.version += 1
    session.flush()
    logbook.record(session, "told room ready", queued.reservation, by=by, day=day)


def _hold(session: Session, queued: QueuedParty, by: Staff) -> tuple[Hotel, date]:
    require(by, Permission.CHECK_IN, queued.hotel_id)
    hotel = session.get_one(Hotel, queued.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, queued)
    if queued.taken_off_at is not None or queued.reservation.state is not State.BOOKED:
        raise NotQueued
    return hotel, day


def _say(
    queued: QueuedParty,
    hotel: Hotel,
    waits_at: str | None,
    phone: str | None,
    promised_by: time | None,
) -> None:
    for field, said in (("waits_at", waits_at), ("phone", phone)):
        if said and len(said) > LONGEST[field]:
            raise Invalid(f"At most {LONGEST[field]} characters.", field=field)
    card_numbers.refuse(waits_at=waits_at, phone=phone)
    queued.waits_at = (waits_at or "").strip() or None
    queued.phone = (phone or "").strip() or None
    queued.promised_by = _instant(hotel, promised_by) if promised_by else None


def _instant(hotel: Hotel, wall: time) -> datetime:
    """Return when the hotel's clock shows an hour next: today's, or tomorrow's if long gone."""
    now = dates.local(clock.now(), hotel.time_zone)
    today = datetime.combine(now.date(), wall)
    gone = now.replace(tzinfo=None) - today
    return dates.instant(
        today + dates.ONE_DAY if gone > timedelta(hours=12) else today, hotel.time_zone
    )


def of(session: Session, reservation: Reservation) -> QueuedParty | None:
    """Return a party's place in the queue, if it has one that wasn't taken off."""
    return session.scalar(
        sa.select(QueuedParty).where(
            QueuedParty.hotel_id == reservation.hotel_id,
            QueuedParty.reservation_id == reservation.id,
            QueuedParty.taken_off_at.is_(None),
        )
    )


def still(hotel: Hotel, day: date) -> sa.ColumnElement[bool]:
    """Say of a queued party, joined with its reservation, that it waits on a business day."""
    return sa.and_(
        QueuedParty.hotel_id == hotel.id,
        QueuedParty.taken_off_at.is_(None),
        QueuedParty.day >= day - dates.ONE_DAY,  # past midnight one still waits
        Reservation.state == State.BOOKED,
    )


WITH_RESERVATION = sa.and_(
    Reservation.hotel_id == QueuedParty.hotel_id, Reservation.id == QueuedParty.reservation_id
)


def waiting(session: Session, hotel: Hotel, day: date, *, limit: int = MOST) -> list[Waiting]:
    """Return the queue, who waits longest first: three questions at most, however long it is."""
    rows: Sequence[Any] = session.execute(
        sa.select(QueuedParty, Room)
        .join(Reservation, WITH_RESERVATION)
        .outerjoin(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
                ReservationNight.live,
                ReservationNight.night
                == sa.case((Reservation.arrival < day, day), else_=Reservation.arrival),
            ),
        )
        .outerjoin(
            Room,
            sa.and_(
                Room.hotel_id == ReservationNight.hotel_id, Room.id == ReservationNight.room_id
            ),
        )
        .options(
            joinedload(QueuedParty.reservation).joinedload(Reservation.guest),
            joinedload(QueuedParty.reservation).joinedload(Reservation.room_type),
        )
        .where(still(hotel, day))
        .order_by(QueuedParty.queued_at, QueuedParty.id)
        .limit(limit)
    ).all()
    if not rows:
        return []
    found = {queued.id: (queued, room) for queued, room in rows}
    rooms = [room.id for _, room in found.values() if room is not None]
    inside = set(
        session.scalars(
            sa.select(Stay.room_id).where(
                Stay.hotel_id == hotel.id,
                Stay.state == Presence.IN_HOUSE,
                Stay.room_id.in_(rooms),
            )
        )
    )
    broken = blocks.out_of_order_among(session, hotel.id, rooms, day)
    return [Waiting(queued, room, _holds(room, inside, broken)) for queued, room in found.values()]


def _holds(room: Room | None, inside: set[int], broken: set[int]) -> str:
    if room is None:
        return "no room yet"
    if room.id in broken:
        return "out of order"
    if room.id in inside:
        return "still occupied"
    return "" if room.is_ready else room.condition.value
