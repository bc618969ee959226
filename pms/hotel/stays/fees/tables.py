"""What is kept of a fee."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.tariff.fee_codes import FeeOf


class ReservationFee(OfHotel, Base):
    """A fee of a reservation: what was due, and that it was charged, or why it wasn't.

    `entry_id` is the charge; a no-show's nights are charged as nights and have no entry here.
    """

    __tablename__ = "reservation_fees"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("entry_id", "entries"),
        sa.CheckConstraint("due > 0", name="of_something"),
        sa.CheckConstraint("waived_why IS NULL OR entry_id IS NULL", name="charged_or_waived"),
        sa.Index(
            "uq_reservation_fees_standing",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=sa.text("taken_back_on IS NULL"),
            postgresql_where=sa.text("taken_back_on IS NULL"),
        ),
        sa.Index(None, "hotel_id", "day"),
    )

    reservation_id: Mapped[int]
    of: Mapped[FeeOf] = mapped_column(choice(FeeOf, "of"))
    due: Mapped[int]
    waived_why: Mapped[str | None]
    entry_id: Mapped[int | None]
    staff_id: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime]
    taken_back_on: Mapped[date | None]
