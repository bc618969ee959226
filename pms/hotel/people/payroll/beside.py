"""Beside hours: bonuses, and tips that people say they took in cash."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees import Employee
from pms.hotel.people.pay import ExtraKind
from pms.hotel.people.pay.lines import BONUSES
from pms.hotel.people.payroll.locking import refuse_locked
from pms.hotel.people.payroll.tables import PayBonus
from pms.hotel.people.tips import TipDeclaration


def give_bonus(
    session: Session,
    employee: Employee,
    *,
    on: date,
    kind: ExtraKind,
    amount: Money,
    words: str,
    by: Staff,
) -> PayBonus:
    """Give somebody a bonus that was earned in the workweek of a day.

    Refuses nothing, a day that is locked, and one on which they weren't employed. The logbook says
    that it was given, never how much.
    """
    hotel, day = _begin(session, employee, on, amount, by)
    if kind not in BONUSES:
        raise Invalid("Choose what kind of bonus it is.", field="kind")
    if not words.strip():
        raise Invalid("Say what the bonus is for.", field="words")
    bonus = PayBonus(
        hotel_id=hotel.id,
        id=new_id(),
        employee_id=employee.id,
        day=on,
        kind=kind,
        amount=amount.minor,
        words=words.strip(),
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(bonus)
    session.flush()
    logbook.record(
        session, "gave bonus", bonus, by=by, day=day, employee=employee.number, on=on, kind=kind
    )
    return bonus


def declare_tips(
    session: Session, employee: Employee, *, on: date, amount: Money, by: Staff
) -> TipDeclaration:
    """Write down what somebody took in cash on a day; refuses what `give_bonus` does."""
    hotel, day = _begin(session, employee, on, amount, by)
    declared = TipDeclaration(
        hotel_id=hotel.id,
        id=new_id(),
        employee_id=employee.id,
        day=on,
        amount=amount.minor,
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(declared)
    session.flush()
    logbook.record(
        session, "declared tips", declared, by=by, day=day, employee=employee.number, on=on
    )
    return declared


def take_back(session: Session, given: PayBonus | TipDeclaration, *, by: Staff) -> None:
    """Take a bonus or a declaration back that isn't locked yet."""
    require(by, Permission.RUN_PAYROLL, given.hotel_id)
    hotel = session.get_one(Hotel, given.hotel_id)
    day = business_day.hold(session, hotel)
    refuse_locked(session, hotel, given.day, field="on")
    before = {"on": given.day, "employee": given.employee_id}
    logbook.record(session, "took back", given, by=by, day=day, before=before)
    session.delete(given)
    session.flush()


def of_days(
    session: Session, hotel: Hotel, first: date, last: date, employee: Employee
) -> Sequence[PayBonus | TipDeclaration]:
    """Return what somebody got beside hours on days, both included, the earliest first."""
    found: list[PayBonus | TipDeclaration] = []
    for table in (PayBonus, TipDeclaration):
        found += session.scalars(
            sa.select(table)
            .where(
                table.hotel_id == hotel.id,
                table.employee_id == employee.id,
                table.day.between(first, last),
            )
            .order_by(table.day, table.id)
        )
    return sorted(found, key=lambda each: (each.day, each.id))


def _begin(
    session: Session, employee: Employee, on: date, amount: Money, by: Staff
) -> tuple[Hotel, date]:
    require(by, Permission.RUN_PAYROLL, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    day = business_day.hold(session, hotel)
    if amount.minor <= 0 or amount.currency != hotel.currency:
        raise Invalid(f"It is above nothing, in {hotel.currency}.", field="amount")
    if not employee.works_on(on):
        raise Invalid(f"{employee.name} didn't work here on that day.", field="on")
    refuse_locked(session, hotel, on, field="on")
    return hotel, day
