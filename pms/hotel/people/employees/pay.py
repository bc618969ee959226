"""Pay: what positions are paid from a day on, seen by those allowed; every look is written down.

Rates are ink: a new one follows the old from its day, one of the same day corrects it, and what is
paid for a day is what holds on it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees.tables import Employee, Employment, PayBasis, PayRate

MOST_MINUTES = 7 * 24 * 60
Looked = tuple[Sequence[Employment], Mapping[int, Sequence[PayRate]]]


def set_rate(
    session: Session,
    employment: Employment,
    *,
    amount: Money,
    basis: PayBasis,
    valid_from: date,
    week_minutes: int | None = None,
    by: Staff,
) -> PayRate:
    """Write down what a position pays from a day on.

    `week_minutes` are those that a salary pays straight (0: whatever hours the week has), so that
    overtime beyond them can be reckoned. Refuses less than nothing, another currency than the
    hotel's, hours of a salary for pay by the hour, and a day outside the employment.
    The logbook says that it was set, never how much.
    """
    require(by, Permission.SET_PAY, employment.hotel_id)
    hotel = session.get_one(Hotel, employment.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, employment)
    if amount.minor < 0 or amount.currency != hotel.currency:
        raise Invalid(f"Pay is not negative, and in {hotel.currency}.", field="amount")
    if week_minutes is not None and not (basis.is_salary and 0 <= week_minutes <= MOST_MINUTES):
        raise Invalid("Only a salary is for hours of a week, at most 168.", field="week_hours")
    if not employment.runs_on(valid_from):
        raise Invalid("They don't hold the position on that day.", field="valid_from")
    rate = PayRate(
        hotel_id=hotel.id,
        id=new_id(),
        employment_id=employment.id,
        valid_from=valid_from,
        basis=basis,
        amount=amount.minor,
        week_minutes=week_minutes,
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(rate)
    session.flush()
    logbook.record(session, "set pay", employment, by=by, day=today, since=valid_from, basis=basis)
    return rate


def look(session: Session, employee: Employee, *, by: Staff) -> Looked:
    """Return somebody's employments and the rates of each; who looked is written down."""
    require(by, Permission.SEE_PAY, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    today = business_day.hold(session, hotel)
    held = session.scalars(
        sa.select(Employment)
        .options(sa.orm.joinedload(Employment.position))
        .where(Employment.hotel_id == hotel.id, Employment.employee_id == employee.id)
        .order_by(Employment.begins_on, Employment.id)
    ).all()
    logbook.record(session, "looked at pay", employee, by=by, day=today)
    return held, rates(session, hotel, {each.id for each in held})


def note_look(session: Session, hotel: Hotel, *, what: str, by: Staff) -> None:
    """Write down that somebody looked at the pay of many: `what` says which list, of which days."""
    require(by, Permission.SEE_PAY, hotel.id)
    today = business_day.hold(session, hotel)
    line = logbook.line(
        "looked at pay", "hotels", hotel.id, hotel.id, by=by, day=today, after={"what": what}
    )
    logbook.write(session, [line])


def rates(
    session: Session, hotel: Hotel, employment_ids: Collection[int]
) -> Mapping[int, Sequence[PayRate]]:
    """Return the rates of employments, the one that holds last at the end."""
    rows = session.scalars(
        sa.select(PayRate)
        .where(PayRate.hotel_id == hotel.id, PayRate.employment_id.in_(employment_ids))
        .order_by(PayRate.valid_from, PayRate.id)
    )
    found: dict[int, list[PayRate]] = defaultdict(list)
    for row in rows:
        found[row.employment_id].append(row)
    return found


def base_rates(session: Session, hotel: Hotel, day: date, *, known_at: datetime) -> dict[int, int]:
    """Return, by employee, what an hour of the position held longest pays on a day.

    In minor units; 0 where it is paid by a salary. By what was written down at an instant, so that
    it stays the same whatever is written later; who holds no position on the day has their last.
    """
    rows = session.execute(
        sa.select(Employment, PayRate)
        .join(
            PayRate,
            sa.and_(
                PayRate.hotel_id == Employment.hotel_id, PayRate.employment_id == Employment.id
            ),
        )
        .where(
            Employment.hotel_id == hotel.id,
            PayRate.valid_from <= day,
            PayRate.made_at <= known_at,
        )
        .order_by(Employment.begins_on, Employment.id, PayRate.valid_from, PayRate.id)
    ).all()
    newest = {employment.id: (employment, rate) for employment, rate in rows}
    held = {employment.employee_id: rate for employment, rate in newest.values()}
    running = [each for each in newest.values() if each[0].runs_on(day)]
    held |= {employment.employee_id: rate for employment, rate in reversed(running)}
    return {who: 0 if rate.basis.is_salary else rate.amount for who, rate in held.items()}


def rate_on(day: date, written: Sequence[PayRate]) -> PayRate | None:
    """Return the rate that holds on a day, of an employment's rates in their order."""
    return next((rate for rate in reversed(written) if rate.valid_from <= day), None)
