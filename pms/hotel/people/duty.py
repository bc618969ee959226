"""Duty: who is there for which department and when, and whom to ask first.

A row says from when to when somebody is on duty, so that the roster can fill it with hours of its
own; the shifts are only the usual hours, for a list written by hand.
"""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base import clock, dates
from pms.base.db import Base, OfHotel, choice, insert_new, lock, new_id, within_chain
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class Level(enum.IntEnum):
    """Whom a matter goes to: who does it, who is in charge of them, who answers for the house."""

    ATTENDS = 1
    IN_CHARGE = 2
    DUTY_MANAGER = 3

    @property
    def words(self) -> str:
        """The level in words."""
        return self.name.replace("_", " ").capitalize()


class Shift(enum.StrEnum):
    """The usual shifts; the night begins on the day it is named by."""

    EARLY = "early"
    LATE = "late"
    NIGHT = "night"


HOURS: dict[Shift, tuple[time, time]] = {
    Shift.EARLY: (time(7), time(15)),
    Shift.LATE: (time(15), time(23)),
    Shift.NIGHT: (time(23), time(7)),
}


class OnDutyAlready(Refusal):
    def __init__(self, person: Staff) -> None:
        super().__init__(
            f"{person.name} is on that list already. Choose another shift, or somebody else.",
            field="person",
        )


class NotOfTheHouse(Invalid):
    def __init__(self, person: Staff) -> None:
        super().__init__(
            f"{person.name} doesn't work in this hotel. Give them a role first.", field="person"
        )


class Duty(OfHotel, Base):
    """Somebody's hours for a department, and at which level matters reach them.

    `roster_shift_id` is the published shift that filled it; nothing where a hand did.
    """

    __tablename__ = "duties"
    __table_args__ = (
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.UniqueConstraint("hotel_id", "staff_id", "department", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="one_to_three"),
        sa.CheckConstraint("(level = 3) = (department = 'management')", name="management_is_third"),
        sa.Index(None, "hotel_id", "department", "ends_at"),
        sa.Index(None, "hotel_id", "day"),
        sa.Index(None, "hotel_id", "roster_shift_id"),
    )

    chain_id: Mapped[int]
    staff_id: Mapped[int]
    department: Mapped[Department] = mapped_column(choice(Department))
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    day: Mapped[date]
    shift: Mapped[Shift] = mapped_column(choice(Shift))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    roster_shift_id: Mapped[int | None]

    person: Mapped[Staff] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Duty.chain_id == Staff.chain_id, sa.orm.foreign(Duty.staff_id) == Staff.id
        ),
    )


def put(
    session: Session,
    hotel: Hotel,
    *,
    person: Staff,
    department: Department,
    level: Level,
    day: date,
    shift: Shift,
    by: Staff,
) -> Duty:
    """Put somebody on the duty list of a department for a shift.

    Refuses who doesn't work here, who is on that list already, and a level that isn't the
    department's: the duty manager stands in management's list, everybody else below.
    """
    require(by, Permission.DIRECT_REQUESTS, hotel.id)
    today = business_day.hold(session, hotel)
    if person.role_in(hotel.id) is None or person.disabled:
        raise NotOfTheHouse(person)
    if (level is Level.DUTY_MANAGER) != (department is Department.MANAGEMENT):
        raise Invalid("The duty manager stands in management's list.", field="level")
    starts_at, ends_at = hours(hotel, day, shift)
    _refuse_listed(session, hotel, person, department, starts_at)
    duty = Duty(
        hotel_id=hotel.id, id=new_id(), chain_id=hotel.chain_id, staff_id=person.id,
        department=department, level=int(level), day=day, shift=shift, starts_at=starts_at,
        ends_at=ends_at,
    )  # fmt: skip
    session.add(duty)
    session.flush()
    logbook.record(
        session, "put on duty", duty, by=by, day=today,
        person=person.name, department=department.value, on=day, shift=shift.value,
    )  # fmt: skip
    return duty


def _refuse_listed(
    session: Session, hotel: Hotel, person: Staff, department: Department, starts_at: datetime
) -> None:
    """Refuse who is on a department's list already for the shift that starts then."""
    listed = sa.select(Duty.id).where(
        Duty.hotel_id == hotel.id,
        Duty.staff_id == person.id,
        Duty.department == department,
        Duty.starts_at == starts_at,
    )
    if session.scalar(listed) is not None:
        raise OnDutyAlready(person)


def take_off(session: Session, duty: Duty, *, by: Staff) -> None:
    """Take somebody off the list; what they were given stays theirs."""
    require(by, Permission.DIRECT_REQUESTS, duty.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, duty.hotel_id))
    lock(session, duty)
    before = {"person": duty.staff_id, "on": duty.day, "shift": duty.shift.value}
    logbook.record(session, "took off duty", duty, by=by, day=today, before=before)
    session.delete(duty)
    session.flush()


@dataclass(frozen=True)
class Rostered:
    """Hours that a published shift puts somebody on duty for."""

    shift_id: int
    staff_id: int
    department: Department
    level: Level
    day: date
    starts_at: datetime
    ends_at: datetime


def fill(
    session: Session, hotel: Hotel, shift_ids: Collection[int], rostered: Sequence[Rostered]
) -> None:
    """Let published shifts stand on the list, in the place of what these shifts put there before.

    The roster's own verb writes the logbook. Who was put on the list by hand for the same hours
    stays there as they are.
    """
    session.execute(
        sa.delete(Duty).where(Duty.hotel_id == hotel.id, Duty.roster_shift_id.in_(shift_ids))
    )
    rows = [
        {
            "hotel_id": hotel.id,
            "id": new_id(),
            "chain_id": hotel.chain_id,
            "staff_id": each.staff_id,
            "department": each.department,
            "level": int(each.level),
            "day": each.day,
            "shift": _named(hotel, each.starts_at),
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "roster_shift_id": each.shift_id,
        }
        for each in rostered
    ]
    insert_new(session, Duty, rows)


def _named(hotel: Hotel, starts_at: datetime) -> Shift:
    """Return the usual shift whose beginning is nearest on the clock's face."""
    at = dates.local(starts_at, hotel.time_zone)

    def apart(shift: Shift) -> int:
        minutes = abs(_minute(at.time()) - _minute(HOURS[shift][0]))
        return min(minutes, 24 * 60 - minutes)

    return min(Shift, key=apart)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def hours(hotel: Hotel, day: date, shift: Shift) -> tuple[datetime, datetime]:
    """Return the instants at which a shift of a day begins and ends on the hotel's clock."""
    begins, ends = HOURS[shift]
    until = day if ends > begins else day + dates.ONE_DAY
    return (
        dates.instant(datetime.combine(day, begins), hotel.time_zone),
        dates.instant(datetime.combine(until, ends), hotel.time_zone),
    )


def now(hotel: Hotel) -> tuple[date, Shift]:
    """Return the day and the shift that it is on the hotel's clock."""
    wall = dates.local(clock.now(), hotel.time_zone)
    for shift, (begins, ends) in HOURS.items():
        if begins < ends and begins <= wall.time() < ends:
            return wall.date(), shift
    rolls = HOURS[Shift.NIGHT][0]
    return dates.day_by_rollover(wall.replace(tzinfo=None), rolls), Shift.NIGHT


def there(hotel: Hotel, department: Department, level: Level, at: datetime) -> sa.Select[int]:
    """Return the query of who is on duty for a department at a level, at an instant."""
    wanted = Department.MANAGEMENT if level is Level.DUTY_MANAGER else department
    return (
        sa.select(Duty.staff_id)
        .join(Staff, sa.and_(Staff.chain_id == Duty.chain_id, Staff.id == Duty.staff_id))
        .where(
            Duty.hotel_id == hotel.id,
            Duty.department == wanted,
            Duty.level == int(level),
            Duty.ends_at > at,
            Duty.starts_at <= at,
            sa.not_(Staff.disabled),
        )
    )


def of_day(session: Session, hotel: Hotel, day: date) -> Sequence[Duty]:
    """Return the duty list of a day, with the people on it."""
    return session.scalars(
        sa.select(Duty)
        .options(sa.orm.joinedload(Duty.person))
        .where(Duty.hotel_id == hotel.id, Duty.day == day)
        .order_by(Duty.department, Duty.starts_at, Duty.level, Duty.id)
        .limit(500)
    ).all()
