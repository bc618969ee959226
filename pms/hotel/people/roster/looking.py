"""Looking: a department's week as its page shows it: people by days, need, hours and cost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock, dates
from pms.base.money import Money, round_half_up
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.absences import Absence, AbsentDay
from pms.hotel.people.employees import Employee, Employment, PayBasis, PayRate, Position, pay
from pms.hotel.people.roster.tables import RosterShift, RosterWeek
from pms.hotel.rooms import inventory
from pms.hotel.stays.reservations import Reservation, State

SIX_DAYS = timedelta(days=6)
_WEEKS_A_YEAR = {PayBasis.WEEK: (1, 1), PayBasis.MONTH: (12, 52), PayBasis.YEAR: (1, 52)}


@dataclass(frozen=True)
class Need:
    """What a day wants hands for: rooms occupied in its night, parties that come and go."""

    day: date
    occupied: int
    arrivals: int
    departures: int


@dataclass(frozen=True)
class Line:
    """One person's week, or that of the open shifts; `absent` says why on a day."""

    employee: Employee | None
    shifts: dict[date, list[RosterShift]]
    absent: dict[date, str]

    @property
    def minutes(self) -> int:
        """What their standing shifts come to."""
        return sum(
            each.minutes
            for shifts in self.shifts.values()
            for each in shifts
            if each.cancelled_at is None
        )


@dataclass(frozen=True)
class Week:
    """A department's week from Monday."""

    monday: date
    days: list[date]
    published_at: datetime | None
    drafts: int
    lines: list[Line]
    need: list[Need]

    @property
    def minutes(self) -> int:
        """What all standing shifts come to."""
        return sum(each.minutes for each in self.lines)

    def minutes_on(self, day: date) -> int:
        """What the standing shifts of a day come to."""
        shifts = [each for line in self.lines for each in line.shifts.get(day, ())]
        return sum(each.minutes for each in shifts if each.cancelled_at is None)


def week(session: Session, hotel: Hotel, department: Department, monday: date) -> Week:
    """Return a department's week; eight questions, however many people and shifts."""
    days = list(dates.days(monday, monday + SIX_DAYS))
    row = session.scalar(
        sa.select(RosterWeek).filter_by(hotel_id=hotel.id, department=department, monday=monday)
    )
    shifts = [] if row is None else shifts_of(session, hotel, row)
    people = {each.id: each for each in _holders(session, hotel, department, days)}
    people |= {each.employee.id: each.employee for each in shifts if each.employee is not None}
    absent = _absent(session, hotel, list(people), days)
    by_person: dict[int | None, dict[date, list[RosterShift]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each in shifts:
        by_person[each.employee_id][each.day].append(each)
    in_order = sorted(people.values(), key=lambda each: (each.last_name, each.first_name))
    lines = [Line(each, dict(by_person[each.id]), absent[each.id]) for each in in_order]
    lines.append(Line(None, dict(by_person[None]), {}))
    return Week(
        monday=monday,
        days=days,
        published_at=row.published_at if row else None,
        drafts=sum(each.published_at is None for each in shifts),
        lines=lines,
        need=need(session, hotel, days),
    )


def shifts_of(session: Session, hotel: Hotel, row: RosterWeek) -> list[RosterShift]:
    """Return a week's shifts with who and what, cancelled ones too."""
    return list(
        session.scalars(
            sa.select(RosterShift)
            .options(joinedload(RosterShift.employee), joinedload(RosterShift.position))
            .where(RosterShift.hotel_id == hotel.id, RosterShift.week_id == row.id)
            .order_by(RosterShift.starts_at, RosterShift.id)
        )
    )


def need(session: Session, hotel: Hotel, days: Sequence[date]) -> list[Need]:
    """Return what each day wants hands for, from what is booked now; three questions."""
    first, last = days[0], days[-1]
    sold = {each.night: each.sold for each in inventory.house_nights(session, hotel, first, last)}
    comes = _parties(session, hotel, Reservation.arrival, first, last)
    goes = _parties(session, hotel, Reservation.departure, first, last)
    return [Need(day, sold.get(day, 0), comes.get(day, 0), goes.get(day, 0)) for day in days]


def cost(session: Session, hotel: Hotel, shown: Week) -> tuple[Money, list[str]]:
    """Return what a week's shifts cost, and the names of those whose pay nobody wrote down.

    Hours by their rates, without premiums; a salary by its share of a week, once. Log the look
    (`pay.note_look`) before showing it.
    """
    held = _employments(session, hotel, shown)
    paid = pay.rates(session, hotel, {each.id for each in held})
    exact, unknown = 0, set()
    for line in shown.lines:
        if line.employee is None:
            continue
        salaried = set()
        for day, shifts in line.shifts.items():
            for shift in (each for each in shifts if each.cancelled_at is None):
                rate = _rate(held, paid, shift, day)
                if rate is None:
                    unknown.add(line.employee.name)
                elif rate.basis is PayBasis.HOUR:
                    exact += round_half_up(Fraction(rate.amount * shift.minutes, 60))
                elif rate.employment_id not in salaried:
                    salaried.add(rate.employment_id)
                    times, over = _WEEKS_A_YEAR[rate.basis]
                    exact += round_half_up(Fraction(rate.amount * times, over))
    return Money(exact, hotel.currency), sorted(unknown)


def of_person(session: Session, employee: Employee, first: date, last: date) -> list[RosterShift]:
    """Return somebody's published shifts of days, both included; cancelled ones are news too."""
    return list(
        session.scalars(
            sa.select(RosterShift)
            .options(joinedload(RosterShift.position))
            .where(
                RosterShift.hotel_id == employee.hotel_id,
                RosterShift.employee_id == employee.id,
                RosterShift.day.between(first, last),
                RosterShift.published_at.is_not(None),
            )
            .order_by(RosterShift.starts_at)
        )
    )


def open_for(session: Session, employee: Employee, first: date, last: date) -> list[RosterShift]:
    """Return the open published shifts to come in positions that somebody holds, next first."""
    mine = sa.select(Employment.position_id).where(
        Employment.hotel_id == employee.hotel_id,
        Employment.employee_id == employee.id,
        Employment.begins_on <= last,
        sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= first),
    )
    return list(
        session.scalars(
            sa.select(RosterShift)
            .options(joinedload(RosterShift.position))
            .where(
                RosterShift.hotel_id == employee.hotel_id,
                RosterShift.employee_id.is_(None),
                RosterShift.day.between(first, last),
                RosterShift.starts_at > clock.now(),
                RosterShift.published_at.is_not(None),
                RosterShift.cancelled_at.is_(None),
                RosterShift.position_id.in_(mine),
            )
            .order_by(RosterShift.starts_at)
            .limit(50)
        )
    )


def _holders(
    session: Session, hotel: Hotel, department: Department, days: Sequence[date]
) -> Sequence[Employee]:
    """Return who holds a position of the department in the week."""
    held = (
        sa.select(Employment.employee_id)
        .join(
            Position,
            sa.and_(
                Position.hotel_id == Employment.hotel_id, Position.id == Employment.position_id
            ),
        )
        .where(
            Employment.hotel_id == hotel.id,
            Position.department == department,
            Employment.begins_on <= days[-1],
            sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= days[0]),
        )
    )
    return session.scalars(
        sa.select(Employee).where(Employee.hotel_id == hotel.id, Employee.id.in_(held)).limit(500)
    ).all()


def _absent(
    session: Session, hotel: Hotel, employee_ids: Sequence[int], days: Sequence[date]
) -> dict[int, dict[date, str]]:
    found: dict[int, dict[date, str]] = defaultdict(dict)
    rows = session.execute(
        sa.select(AbsentDay.employee_id, AbsentDay.day, Absence.kind)
        .join(
            Absence,
            sa.and_(Absence.hotel_id == AbsentDay.hotel_id, Absence.id == AbsentDay.absence_id),
        )
        .where(
            AbsentDay.hotel_id == hotel.id,
            AbsentDay.employee_id.in_(employee_ids),
            AbsentDay.day.between(days[0], days[-1]),
        )
    )
    for employee_id, day, kind in rows:
        found[employee_id][day] = kind.words
    return found


def _parties(
    session: Session,
    hotel: Hotel,
    on: sa.orm.InstrumentedAttribute[date],
    first: date,
    last: date,
) -> dict[date, int]:
    rows = session.execute(
        sa.select(on, sa.func.count())
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state.in_((State.BOOKED, State.IN_HOUSE, State.DEPARTED)),
            on.between(first, last),
        )
        .group_by(on)
    )
    return {row[0]: row[1] for row in rows}


def _employments(session: Session, hotel: Hotel, shown: Week) -> Sequence[Employment]:
    ids = [each.employee.id for each in shown.lines if each.employee is not None]
    return session.scalars(
        sa.select(Employment).where(
            Employment.hotel_id == hotel.id, Employment.employee_id.in_(ids)
        )
    ).all()


def _rate(
    held: Sequence[Employment],
    paid: Mapping[int, Sequence[PayRate]],
    shift: RosterShift,
    day: date,
) -> PayRate | None:
    for each in held:
        same = (each.employee_id, each.position_id) == (shift.employee_id, shift.position_id)
        if same and each.runs_on(day):
            return pay.rate_on(day, paid.get(each.id, ()))
    return None
