"""What the house asks before a key changes hands, how strictly, and what was passed."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel


class Check(enum.StrEnum):
    """A fact that is looked for at check-in or, those on the way out, at check-out."""

    UNWANTED = "unwanted"
    DOCUMENT = "document"
    CONTACT = "contact"
    AGE = "age"
    CARD = "card"
    GUARANTEE = "guarantee"
    DEPOSIT = "deposit"
    OTHER_BALANCE = "other_balance"
    INSPECTED = "inspected"
    VIP_ROOM = "vip_room"
    ALERT = "alert"
    TRACE = "trace"
    OWING = "owing"
    LATE_FEE = "late_fee"
    KEYS_OUT = "keys_out"
    ALERT_OUT = "alert_out"
    TRACE_OUT = "trace_out"

    @property
    def is_leaving(self) -> bool:
        """Whether it is looked for at check-out."""
        return self in LEAVING


LEAVING = (Check.OWING, Check.LATE_FEE, Check.KEYS_OUT, Check.ALERT_OUT, Check.TRACE_OUT)


class Severity(enum.StrEnum):
    """What a fact that was found does: keeps the key back, is shown, or nothing."""

    BLOCKS = "blocks"
    WARNS = "warns"
    SILENT = "silent"


class HouseRule(Base):
    """How strict a hotel is about one check; `least_age` is that of the check of age."""

    __tablename__ = "house_rules"
    __table_args__ = (
        sa.CheckConstraint("(rule = 'age') = (least_age IS NOT NULL)", name="age_has_its_least"),
        sa.CheckConstraint("least_age BETWEEN 1 AND 30", name="least_age_is_an_age"),
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    rule: Mapped[Check] = mapped_column(choice(Check), primary_key=True)
    severity: Mapped[Severity] = mapped_column(choice(Severity))
    least_age: Mapped[int | None]


class RulePassed(OfHotel, Base):
    """A block that somebody passed, and why."""

    __tablename__ = "rules_passed"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("length(why) > 0", name="passed_for_a_reason"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    rule: Mapped[Check] = mapped_column(choice(Check))
    fact: Mapped[str]
    why: Mapped[str]
    staff_id: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime]


ink.append_only("rules_passed")
