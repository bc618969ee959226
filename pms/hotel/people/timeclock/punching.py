"""Punching: in, break, back, change of position, out; each once, at a whole minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import rules
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.timeclock.refusals import (
    ClockedIn,
    NeverClockedOut,
    NotClockedIn,
    NotEmployed,
    NotOnBreak,
    OnBreak,
    SameMinute,
    TimesOverlap,
)
from pms.hotel.people.timeclock.tables import Break, Punch, Punched, Source, TimeEntry

FORGOTTEN_AFTER = timedelta(hours=16)  # who comes to work again then never clocked out
LONGEST = timedelta(hours=24)  # what is pressed later ends nothing: nobody works so long
SAME_SHIFT = timedelta(hours=2)  # who is back within this goes on with the shift they left
LATE_NEWS = timedelta(days=2)  # a machine that was cut off tells its punches at most so late


@dataclass(frozen=True)
class Press:
    """Where a press of the clock comes from; `at` only where a machine tells it later."""

    source: Source
    device_id: int | None = None
    key: str | None = None
    at: datetime | None = None


def punch(
    session: Session,
    employee: Employee,
    kind: Punched,
    *,
    press: Press,
    by: Staff,
    employment: Employment | None = None,
) -> Punch:
    """Take one press at the clock; a key that was taken before gives the punch it made.

    `employment` is the position to work in; where only one is held it needn't be said. Refuses
    what can't follow what was pressed before, a second press in one minute, and to end or break
    hours that began more than a day ago: their end was forgotten.
    """
    require(by, Permission.CLOCK_IN, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, employee)
    taken = _taken(session, employee, press.key)
    if taken is not None:
        return taken
    at = _minute(press)
    entry = running(session, employee)
    if kind is Punched.IN:
        entry = _come_in(session, hotel, employee, entry, employment, at)
    elif entry is None:
        raise NotClockedIn(employee)
    elif at - entry.started_at > LONGEST:
        raise NeverClockedOut(employee, dates.local(entry.started_at, hotel.time_zone))
    elif kind is Punched.CHANGE:
        entry = _change(session, employee, entry, employment, at)
    elif kind is Punched.OUT:
        _end(session, entry, at)
    else:
        _pause(session, employee, entry, kind, at)
    made = Punch(
        hotel_id=hotel.id,
        id=new_id(),
        employee_id=employee.id,
        entry_id=entry.id,
        kind=kind,
        at=at,
        source=press.source,
        device_id=press.device_id,
        key=press.key,
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, f"punched {kind}", employee, by=by, day=today, at=at, source=press.source
    )
    return made


_RUNNING = sa.select(TimeEntry).where(
    TimeEntry.hotel_id == sa.bindparam("hotel"),
    TimeEntry.employee_id == sa.bindparam("whose"),
    TimeEntry.ended_at.is_(None),
    sa.not_(TimeEntry.struck),
    sa.not_(TimeEntry.forgotten),
)


def running(session: Session, employee: Employee) -> TimeEntry | None:
    """Return what somebody is at work on now, if they are."""
    return session.scalar(_RUNNING, {"hotel": employee.hotel_id, "whose": employee.id})


def is_forgotten(entry: TimeEntry, at: datetime) -> bool:
    """Tell whether who comes to the clock now has forgotten the end of what runs."""
    return at - entry.started_at >= FORGOTTEN_AFTER


_OPEN_BREAK = sa.select(Break).where(
    Break.hotel_id == sa.bindparam("hotel"),
    Break.entry_id == sa.bindparam("of"),
    Break.ended_at.is_(None),
)


def open_break(session: Session, entry: TimeEntry) -> Break | None:
    """Return the break that somebody is on now, if they are."""
    return session.scalar(_OPEN_BREAK, {"hotel": entry.hotel_id, "of": entry.id})


def held(session: Session, employee: Employee, day: date) -> Sequence[Employment]:
    """Return the positions that somebody holds on a day, the oldest first."""
    return session.scalars(
        sa.select(Employment)
        .options(sa.orm.joinedload(Employment.position))
        .where(
            Employment.hotel_id == employee.hotel_id,
            Employment.employee_id == employee.id,
            Employment.begins_on <= day,
            sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= day),
        )
        .order_by(Employment.begins_on, Employment.id)
    ).all()


def service_day(
    session: Session, hotel: Hotel, employee: Employee, at: datetime, *, but: int | None = None
) -> date:
    """Return the day to which work that begins at an instant belongs.

    It is the day the shift began on by the hotel's clock: who is back within two hours of having
    left goes on with the shift they left. `but` is the entry that is being asked for.
    """
    before = session.scalar(
        sa.select(TimeEntry.service_day)
        .where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.employee_id == employee.id,
            TimeEntry.id != (but or 0),
            TimeEntry.started_at < at,
            TimeEntry.ended_at <= at,
            TimeEntry.ended_at > at - SAME_SHIFT,
            sa.not_(TimeEntry.struck),
        )
        .order_by(TimeEntry.ended_at.desc())
        .limit(1)
    )
    return before or dates.local(at, hotel.time_zone).date()


def _taken(session: Session, employee: Employee, key: str | None) -> Punch | None:
    if key is None:
        return None
    found = session.scalar(
        sa.select(Punch).where(Punch.hotel_id == employee.hotel_id, Punch.key == key)
    )
    if found is not None and found.employee_id != employee.id:
        raise Invalid("That key belongs to another punch.", field="key")
    return found


def _minute(press: Press) -> datetime:
    now = clock.now()
    at = press.at or now
    if at > now + timedelta(minutes=1) or at < now - LATE_NEWS:
        raise Invalid("The clock of that machine is wrong, or it tells it too late.", field="at")
    return at.replace(second=0, microsecond=0)


def _come_in(
    session: Session,
    hotel: Hotel,
    employee: Employee,
    entry: TimeEntry | None,
    employment: Employment | None,
    at: datetime,
) -> TimeEntry:
    if entry is not None:
        if not is_forgotten(entry, at):
            raise ClockedIn(employee)
        entry.forgotten = True
        entry.version += 1
        session.flush()
    day = service_day(session, hotel, employee, at)
    return _begin(session, employee, _position(session, employee, employment, day), day, at)


def _change(
    session: Session,
    employee: Employee,
    entry: TimeEntry,
    employment: Employment | None,
    at: datetime,
) -> TimeEntry:
    """Go on in another position, which is held on the day that the hours belong to.

    So a last night's shift is worked to its end, and no hours are in what isn't paid yet.
    """
    if open_break(session, entry) is not None:
        raise OnBreak(employee)
    wanted = _position(session, employee, employment, entry.service_day)
    if wanted.id == entry.employment_id:
        raise Invalid("That is the position they work in. Choose another.", field="employment")
    _end(session, entry, at)
    return _begin(session, employee, wanted, entry.service_day, at)


def _pause(
    session: Session, employee: Employee, entry: TimeEntry, kind: Punched, at: datetime
) -> None:
    pause = open_break(session, entry)
    if kind is Punched.BREAK:
        if pause is not None:
            raise OnBreak(employee)
        if at < entry.started_at:
            raise TimesOverlap(employee)
        session.add(Break(hotel_id=entry.hotel_id, id=new_id(), entry_id=entry.id, started_at=at))
    elif pause is None:
        raise NotOnBreak(employee)
    elif at <= pause.started_at:
        raise SameMinute
    else:
        _come_back(session, pause, at)
    session.flush()


def _come_back(session: Session, pause: Break, at: datetime) -> None:
    """End a break; a short one is paid where the hotel's rules say so."""
    limits = rules.of_hotel(session, session.get_one(Hotel, pause.hotel_id))
    pause.ended_at = at
    pause.paid = at - pause.started_at <= timedelta(minutes=limits.paid_break)


def _begin(
    session: Session, employee: Employee, employment: Employment, day: date, at: datetime
) -> TimeEntry:
    later = sa.select(TimeEntry.id).where(
        TimeEntry.hotel_id == employee.hotel_id,
        TimeEntry.employee_id == employee.id,
        TimeEntry.ended_at > at,
        sa.not_(TimeEntry.struck),
    )
    if session.scalar(later.limit(1)) is not None:
        raise TimesOverlap(employee)
    entry = TimeEntry(
        hotel_id=employee.hotel_id,
        id=new_id(),
        chain_id=employee.chain_id,
        employee_id=employee.id,
        employment_id=employment.id,
        service_day=day,
        started_at=at,
    )
    session.add(entry)
    session.flush()
    return entry


def _end(session: Session, entry: TimeEntry, at: datetime) -> None:
    """End an entry, and with it the break that somebody is on."""
    if at <= entry.started_at:
        raise SameMinute
    pause = open_break(session, entry)
    if pause is not None and at > pause.started_at:
        _come_back(session, pause, at)
    elif pause is not None:
        session.delete(pause)
    session.flush()
    entry.ended_at = at
    session.flush()


def _position(
    session: Session, employee: Employee, employment: Employment | None, day: date
) -> Employment:
    """Return the position to work in; refuses another's, and none where several are held."""
    there = held(session, employee, day)
    if employment is None and len(there) > 1:
        raise Invalid("Say in which position.", field="employment")
    wanted = employment or next(iter(there), None)
    if wanted is None or all(each.id != wanted.id for each in there):
        raise NotEmployed(employee, day)
    return wanted
