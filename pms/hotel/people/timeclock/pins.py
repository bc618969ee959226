"""PINs: how somebody says at the shared tablet who they are."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees import Employee
from pms.hotel.people.timeclock.punching import running
from pms.hotel.people.timeclock.refusals import TooManyPins, WrongPin
from pms.hotel.people.timeclock.tables import ClockDevice, PinTry

SHORTEST, LONGEST = 6, 8
TRIES_PER_NUMBER = 5
TRIES_PER_DEVICE = 30  # a whole shift that mistypes at once
TRIES_WITHIN = timedelta(minutes=15)
_RUNS = "01234567890 09876543210"


def set_pin(session: Session, employee: Employee, *, pin: str, by: Staff) -> None:
    """Give somebody a PIN of 6 to 8 digits; one's own, or with the permission another's.

    Refuses digits in a row, one digit over and over, and the employee's own number.
    """
    if employee.staff_id != by.id:
        require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    if not SHORTEST <= len(pin) <= LONGEST or not (pin.isascii() and pin.isdigit()):
        raise Invalid(f"A PIN has {SHORTEST} to {LONGEST} digits.", field="pin")
    if pin in _RUNS or len(set(pin)) == 1 or pin == employee.number:
        raise Invalid("That PIN is among the first anyone would try.", field="pin")
    lock(session, employee)
    employee.pin_hash = staff.hash_secret(pin)
    session.flush()
    _forget_tries(session, employee)
    logbook.record(session, "set PIN", employee, by=by, day=today)


def begin_try(session: Session, device: ClockDevice, *, number: str) -> PinTry:
    """Count a try before its PIN is hashed, and forget those that no longer count.

    One after the other at a tablet, so that many at once are no more tries than one by one. Refuses
    when the number or the tablet failed too often lately.
    """
    lock(session, device)
    _throttle(session, device, number)
    now = clock.now()
    session.execute(
        sa.delete(PinTry).where(PinTry.hotel_id == device.hotel_id, PinTry.at < now - TRIES_WITHIN)
    )
    tried = PinTry(
        hotel_id=device.hotel_id,
        id=new_id(),
        device_id=device.id,
        number=number.strip()[:20],
        at=now,
    )
    session.add(tried)
    session.flush()
    return tried


def check(session: Session, device: ClockDevice, *, number: str, pin: str) -> Employee:
    """Return who that is; looks only, so call it outside a transaction, after `begin_try`.

    Refuses a wrong pair and who has left. Who is at work still ends their shift: a last night goes
    on after the day has rolled.
    """
    today = session.get_one(Hotel, device.hotel_id).business_date
    employee = session.scalar(
        sa.select(Employee)
        .options(undefer(Employee.pin_hash))
        .where(Employee.hotel_id == device.hotel_id, Employee.number == number.strip())
    )
    is_here = employee is not None and (
        employee.works_on(today) or running(session, employee) is not None
    )
    kept = employee.pin_hash if employee is not None and is_here else None
    if not staff.secret_is_right(kept, pin) or employee is None:
        raise WrongPin
    return employee


def forget_try(session: Session, device: ClockDevice, tried: int) -> None:
    """Count a try no more: its PIN was right."""
    session.execute(sa.delete(PinTry).where(PinTry.hotel_id == device.hotel_id, PinTry.id == tried))


def _throttle(session: Session, device: ClockDevice, number: str) -> None:
    """Refuse when the number or the tablet failed too often lately."""
    since = clock.now() - TRIES_WITHIN
    lately = sa.and_(PinTry.hotel_id == device.hotel_id, PinTry.at > since)
    by_number, by_device = session.execute(
        sa.select(
            sa.func.count(sa.case((PinTry.number == number.strip()[:20], 1))),
            sa.func.count(sa.case((PinTry.device_id == device.id, 1))),
        ).where(lately)
    ).one()
    if by_number >= TRIES_PER_NUMBER or by_device >= TRIES_PER_DEVICE:
        raise TooManyPins


def _forget_tries(session: Session, employee: Employee) -> None:
    session.execute(
        sa.delete(PinTry).where(
            PinTry.hotel_id == employee.hotel_id, PinTry.number == employee.number
        )
    )
