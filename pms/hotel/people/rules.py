"""Work rules: the rest, the length of days and weeks, and the breaks that a hotel keeps to."""

from dataclasses import dataclass, replace
from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, upsert
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class WorkRules(Base):
    """How long people work and rest in a hotel, in minutes; nothing for what it doesn't limit.

    `grace` is how far a punch may be from the roster before it is late or early; breaks of up to
    `paid_break` are paid (29 CFR 785.18 pays those of 5 to 20 minutes).
    """

    __tablename__ = "work_rules"
    __table_args__ = (
        sa.CheckConstraint("rest BETWEEN 0 AND 1440", name="rest_within_a_day"),
        sa.CheckConstraint("longest_day BETWEEN 60 AND 1440", name="day_within_a_day"),
        sa.CheckConstraint("longest_week BETWEEN 60 AND 10080", name="week_within_a_week"),
        sa.CheckConstraint("paid_break BETWEEN 0 AND 60", name="paid_within_an_hour"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    rest: Mapped[int]
    longest_day: Mapped[int]
    longest_week: Mapped[int]
    minor_day: Mapped[int]
    minor_week: Mapped[int]
    minor_from: Mapped[time]
    minor_until: Mapped[time]
    break_after: Mapped[int]
    break_of: Mapped[int]
    paid_break: Mapped[int]
    grace: Mapped[int]
    long_shift: Mapped[int]


@dataclass(frozen=True)
class Limits:
    """The rules as plain values, in minutes; these are the usual ones (directive 2003/88/EC)."""

    rest: int = 660
    longest_day: int = 600
    longest_week: int = 2880
    minor_day: int = 480
    minor_week: int = 2400
    minor_from: time = time(6)
    minor_until: time = time(22)
    break_after: int = 360
    break_of: int = 30
    paid_break: int = 0
    grace: int = 7
    long_shift: int = 720


_NAMES = tuple(Limits.__dataclass_fields__)


def of_hotel(session: Session, hotel: Hotel) -> Limits:
    """Return a hotel's rules, or the usual ones."""
    row = session.get(WorkRules, hotel.id)
    return Limits() if row is None else Limits(**{name: getattr(row, name) for name in _NAMES})


def set_rules(session: Session, hotel: Hotel, limits: Limits, *, by: Staff) -> None:
    """Set a hotel's rules; what was published stands. Refuses lengths that can't be."""
    require(by, Permission.SET_UP, hotel.id)
    today = business_day.hold(session, hotel)
    lengths = {
        "rest": (0, 1440),
        "longest_day": (60, 1440),
        "longest_week": (60, 10_080),
        "minor_day": (0, 1440),
        "minor_week": (0, 10_080),
        "break_after": (0, 1440),
        "break_of": (0, 240),
        "paid_break": (0, 60),
        "grace": (0, 120),
        "long_shift": (60, 1440),
    }
    for name, (least, most) in lengths.items():
        if not least <= getattr(limits, name) <= most:
            raise Invalid(f"Between {least} and {most} minutes.", field=name)
    before = of_hotel(session, hotel)
    values = {name: getattr(limits, name) for name in _NAMES}
    upsert(session, WorkRules, [{"hotel_id": hotel.id, **values}], key=["hotel_id"])
    session.expire_all()
    changed = {name: value for name, value in values.items() if value != getattr(before, name)}
    line = logbook.line(
        "set work rules",
        "hotels",
        hotel.id,
        hotel.id,
        by=by,
        day=today,
        before={name: getattr(before, name) for name in changed},
        after=changed,
    )
    logbook.write(session, [line])


def for_minors(limits: Limits) -> Limits:
    """Return the rules as they are for who isn't 18."""
    return replace(
        limits,
        longest_day=min(limits.longest_day, limits.minor_day),
        longest_week=min(limits.longest_week, limits.minor_week),
    )


def in_hours(minutes: int) -> str:
    """Return minutes as hours are said: 7:30, -0:30."""
    sign, size = ("-", -minutes) if minutes < 0 else ("", minutes)
    return f"{sign}{size // 60}:{size % 60:02}"
