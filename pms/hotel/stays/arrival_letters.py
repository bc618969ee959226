"""Arrival letters: what a house writes by itself some days before a party comes, if it wants to."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column

from pms.base.db import Base, upsert
from pms.base.refusal import Invalid
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.correspondence import ReservationLetter, Tells
from pms.hotel.stays.reservations.promise import Reservation, State

MOST_DAYS = 30
LOOKED_AT = 500  # parties a time; who has no address that can be written to is passed by


class ArrivalLetterRule(Base):
    """So many days before the arrival a house writes; a house without a row doesn't."""

    __tablename__ = "arrival_letter_rules"
    __table_args__ = (
        sa.CheckConstraint(f"days BETWEEN 1 AND {MOST_DAYS}", name="within_a_month"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    days: Mapped[int] = mapped_column(sa.SmallInteger)


def days_of(session: Session, hotel: Hotel) -> int | None:
    """Return how many days before the arrival a house writes; None where it doesn't."""
    return session.scalar(
        sa.select(ArrivalLetterRule.days).where(ArrivalLetterRule.hotel_id == hotel.id)
    )


def set_days(session: Session, hotel: Hotel, days: int | None, *, by: Staff) -> None:
    """Write so many days before the arrival from now on, or (None) no more.

    Refuses less than a day and more than a month.
    """
    require(by, Permission.SET_UP, hotel.id)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Write 1 to {MOST_DAYS} days before, or leave it empty.", field="days")
    day = business_day.hold(session, hotel)
    before = days_of(session, hotel)
    if days is None:
        session.execute(sa.delete(ArrivalLetterRule).filter_by(hotel_id=hotel.id))
    else:
        upsert(session, ArrivalLetterRule, [{"hotel_id": hotel.id, "days": days}], key=["hotel_id"])
    line = logbook.line(
        "set letters before arrival", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"days": before}, after={"days": days},
    )  # fmt: skip
    logbook.write(session, [line])


def due(session: Session, hotel: Hotel, *, limit: int) -> list[Reservation]:
    """Return parties to write to now: expected soon, with an address, and never written to so.

    Who booked today was written to today; options aren't promises yet; a booking of several rooms
    gets one letter, with its first room.
    """
    days = days_of(session, hotel)
    if days is None:
        return []
    today = business_day.today(session, hotel)
    first = aliased(Reservation)
    is_first = ~sa.exists().where(
        first.hotel_id == Reservation.hotel_id,
        first.booking_number == Reservation.booking_number,
        first.guest_id == Reservation.guest_id,
        first.state == State.BOOKED,
        first.number < Reservation.number,
    )
    told = aliased(Reservation)
    written = sa.exists().where(
        told.hotel_id == Reservation.hotel_id,
        told.booking_number == Reservation.booking_number,
        told.guest_id == Reservation.guest_id,
        ReservationLetter.hotel_id == told.hotel_id,
        ReservationLetter.reservation_id == told.id,
        ReservationLetter.tells == Tells.BEFORE_ARRIVAL,
    )
    found = session.scalars(
        sa.select(Reservation)
        .join(
            Guest,
            sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id),
        )
        .options(joinedload(Reservation.guest))
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.arrival > today,
            Reservation.arrival <= today + timedelta(days=days),
            Reservation.booked_on < today,
            Reservation.option_date.is_(None),
            Guest.email.is_not(None),
            is_first,
            ~written,
        )
        .order_by(Reservation.arrival, Reservation.number)
        .limit(LOOKED_AT)
    )
    return [each for each in found if _has_address(each)][:limit]


def _has_address(reservation: Reservation) -> bool:
    try:
        outbox.address(reservation.guest.email or "")
    except Invalid:
        return False
    return True
