"""What packages a reservation has, and what may be consumed against them, as they were agreed."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, choice, within_hotel
from pms.hotel.rooms.packaging import EVERY_DAY, Per, Rhythm, Span

MOST = 99


class ReservationPackage(Base):
    """A package of a reservation; with a `plan_id` it is for that plan's nights.

    `children_price` is what the party's children come to; it falls on no night before `first`, and
    on none from `taken_off_on`.
    """

    __tablename__ = "reservation_packages"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("package_id", "packages"),
        within_hotel("plan_id", "rate_plans"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.CheckConstraint(f"quantity BETWEEN 1 AND {MOST}", name="some_of_it"),
        sa.CheckConstraint("price >= 0 AND children_price >= 0", name="price_not_negative"),
        sa.CheckConstraint(f"weekdays BETWEEN 1 AND {EVERY_DAY}", name="some_weekday"),
        sa.Index(
            "uq_reservation_packages_of_plan",
            "hotel_id",
            "reservation_id",
            "plan_id",
            "package_id",
            unique=True,
            sqlite_where=sa.text("plan_id IS NOT NULL AND taken_off_on IS NULL"),
            postgresql_where=sa.text("plan_id IS NOT NULL AND taken_off_on IS NULL"),
        ),
        sa.Index(None, "hotel_id", "package_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    package_id: Mapped[int]
    plan_id: Mapped[int | None]
    charge_code_id: Mapped[int]
    included: Mapped[bool]
    quantity: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    per: Mapped[Per] = mapped_column(choice(Per, "per"))
    price: Mapped[int]
    child_prices: Mapped[list[list[int]]] = mapped_column(sa.JSON)
    children_price: Mapped[int]
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm, "rhythm"))
    weekdays: Mapped[int] = mapped_column(sa.SmallInteger)
    first: Mapped[date | None]
    taken_off_on: Mapped[date | None]


class ReservationAllowance(Base):
    """What may be consumed against a package of a reservation, as it was agreed."""

    __tablename__ = "reservation_allowances"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["hotel_id", "reservation_id", "no"],
            [
                "reservation_packages.hotel_id",
                "reservation_packages.reservation_id",
                "reservation_packages.no",
            ],
        ),
        sa.CheckConstraint("amount > 0", name="allows_something"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    span: Mapped[Span] = mapped_column(choice(Span, "span"))
    amount: Mapped[int]
