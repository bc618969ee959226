"""Vouchers: the numbered paper of a booking, kept as it was issued; whatever comes after is a copy.

A voucher speaks of its booking as it stood then (`booking_version`). Where that has changed a new
one is issued under the next number, and the newest counts.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, new_id, within_chain, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.house import logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.concierge.bookings import begin
from pms.hotel.service.concierge.refusals import WrongStep
from pms.hotel.service.concierge.tables import ActivityBooking


class IssuedAlready(Refusal):
    """The booking has a voucher as it stands."""

    def __init__(self, voucher: "Voucher") -> None:
        super().__init__(f"Voucher {voucher.number} is issued for it as it stands. Print a copy.")


class Voucher(OfHotel, Base):
    """One voucher: its number, and the page as it was handed out."""

    __tablename__ = "vouchers"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "booking_id", "booking_version"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("booking_id", "activity_bookings"),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("length(sha256) = 64", name="has_digest"),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    booking_id: Mapped[int]
    booking_version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(2))
    page: Mapped[str] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    staff_id: Mapped[int]
    issued_at: Mapped[datetime]


ink.append_only("vouchers")
ink.guard(
    "vouchers_gapless",
    table="vouchers",
    when="INSERT",
    refuse_if=(
        "NEW.number <> COALESCE((SELECT MAX(number) FROM vouchers"
        " WHERE hotel_id = NEW.hotel_id), 10000) + 1"  # as `numbers.FIRST` says
    ),
    message="vouchers are numbered without a gap",
)


@dataclass(frozen=True)
class Written:
    """A voucher as a page, and the language it speaks."""

    page: str
    language: str


def issue(
    session: Session, booking: ActivityBooking, *, write: Callable[[int], Written], by: Staff
) -> Voucher:
    """Issue the voucher of a booking: `write` is given the number that stands on it.

    Refuses a booking that isn't live, and one that has its voucher as it stands.
    """
    day = begin(session, booking, by=by)
    if not booking.is_live:
        raise WrongStep(booking, "it has no voucher any more")
    before = newest(session, booking)
    if before is not None and before.booking_version == booking.version:
        raise IssuedAlready(before)
    hotel = session.get_one(Hotel, booking.hotel_id)
    number = numbers.next_number(session, hotel, "voucher")
    written = write(number)
    voucher = Voucher(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=number,
        booking_id=booking.id,
        booking_version=booking.version,
        language=written.language,
        page=written.page,
        sha256=hashlib.sha256(written.page.encode()).hexdigest(),
        staff_id=by.id,
        issued_at=clock.now(),
    )
    session.add(voucher)
    session.flush()
    logbook.record(
        session, "issued voucher", booking, by=by, day=day, number=number, sha256=voucher.sha256
    )
    return voucher


def newest(session: Session, booking: ActivityBooking) -> Voucher | None:
    """Return the voucher that counts: the one issued last."""
    return session.scalar(
        sa.select(Voucher)
        .where(Voucher.hotel_id == booking.hotel_id, Voucher.booking_id == booking.id)
        .order_by(Voucher.number.desc())
        .limit(1)
    )
