"""Hiring: who comes to work here, what they are known by, the positions they hold, and leaving."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees.refusals import (
    BeginsLater,
    HasLeft,
    HasNotLeft,
    HeldAlready,
    NumberTaken,
    PayrollNumberTaken,
    TooYoung,
)
from pms.hotel.people.employees.tables import (
    Employee,
    Employment,
    PayrollNumber,
    PayrollSystem,
    Position,
)

ADULT = 18
LONGEST_NUMBER = 20
LONGEST_PAYROLL_NUMBER = 60
_ENDED = "ended with the leaving"


@dataclass(frozen=True)
class Person:
    """What is known of somebody: `number` is the hotel's own for them.

    `language` is one the house writes letters in; none is the house's own.
    """

    number: str
    first_name: str
    last_name: str
    department: Department
    email: str | None = None
    phone: str | None = None
    born_on: date | None = None
    is_manager: bool = False
    language: str | None = None


def hire(session: Session, hotel: Hotel, person: Person, *, hired_on: date, by: Staff) -> Employee:
    """Write down that somebody works here from a day on.

    Refuses no name or number, a number in use, and a birthday after the hire.
    """
    require(by, Permission.MANAGE_PEOPLE, hotel.id)
    today = business_day.hold(session, hotel)
    employee = Employee(hotel_id=hotel.id, id=new_id(), chain_id=hotel.chain_id, hired_on=hired_on)
    _describe(session, employee, person)
    session.add(employee)
    session.flush()
    logbook.record(
        session,
        "hired",
        employee,
        by=by,
        day=today,
        number=employee.number,
        name=employee.name,
        since=hired_on,
    )
    return employee


def change(session: Session, employee: Employee, person: Person, *, by: Staff) -> Employee:
    """Change what is known of somebody; refuses what `hire` refuses."""
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    lock(session, employee)
    before = {"name": employee.name, "department": employee.department}
    _describe(session, employee, person)
    employee.version += 1
    session.flush()
    logbook.record(
        session,
        "changed",
        employee,
        by=by,
        day=today,
        before=before,
        name=employee.name,
        department=employee.department,
    )
    return employee


def set_payroll_number(
    session: Session, employee: Employee, system: PayrollSystem, *, number: str, by: Staff
) -> None:
    """Write down how a payroll system knows somebody; nothing written takes it out.

    Refuses a number that another employee has in that system.
    """
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    lock(session, employee)
    number = number.strip()
    if len(number) > LONGEST_PAYROLL_NUMBER:
        raise Invalid(f"At most {LONGEST_PAYROLL_NUMBER} characters.", field="number")
    key = {"hotel_id": employee.hotel_id, "employee_id": employee.id, "system": system}
    row = session.get(PayrollNumber, key)
    before = None if row is None else row.number
    if (before or "") == number:
        return
    _refuse_if_taken(session, employee, system, number)
    if row is None:
        session.add(PayrollNumber(**key, number=number))
    elif number:
        row.number = number
    else:
        session.delete(row)
    session.flush()
    logbook.record(
        session,
        "set payroll number",
        employee,
        by=by,
        day=today,
        before={"number": before},
        system=system,
        number=number or None,
    )


def begin_position(
    session: Session,
    employee: Employee,
    position: Position,
    *,
    begins_on: date,
    jurisdiction: str,
    exempt: bool = False,
    by: Staff,
) -> Employment:
    """Let an employee hold a position from a day on.

    Refuses who has left, the same position twice on a day, a day before the hire, and a position
    for adults before the eighteenth birthday, where the birthday is known.
    """
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    lock(session, employee)
    if employee.left_on is not None:
        raise HasLeft(employee, employee.left_on)
    if begins_on < employee.hired_on:
        raise Invalid(
            f"{employee.name} is hired on {employee.hired_on:%d %b %Y}, not before.",
            field="begins_on",
        )
    age = employee.age_on(begins_on)
    if position.adults_only and age is not None and age < ADULT:
        raise TooYoung(employee, position)
    held = sa.select(Employment.id).where(
        Employment.hotel_id == employee.hotel_id,
        Employment.employee_id == employee.id,
        Employment.position_id == position.id,
        sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= begins_on),
    )
    if session.scalar(held.limit(1)) is not None:
        raise HeldAlready(employee, position)
    employment = Employment(
        hotel_id=employee.hotel_id,
        id=new_id(),
        employee_id=employee.id,
        position_id=position.id,
        begins_on=begins_on,
        exempt=exempt,
        jurisdiction=_jurisdiction(jurisdiction),
    )
    session.add(employment)
    session.flush()
    logbook.record(
        session, "began position", employee, by=by, day=today, title=position.title, on=begins_on
    )
    return employment


def end_position(session: Session, employment: Employment, *, ends_on: date, by: Staff) -> None:
    """Say on which day somebody holds a position for the last time."""
    require(by, Permission.MANAGE_PEOPLE, employment.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employment.hotel_id))
    lock(session, employment)
    if ends_on < employment.begins_on:
        raise Invalid("It ends when it begins, or later.", field="ends_on")
    employment.ends_on = ends_on
    session.flush()
    title = employment.position.title
    logbook.record(
        session, "ended position", employment.employee, by=by, day=today, title=title, on=ends_on
    )


def leave(session: Session, employee: Employee, *, left_on: date, why: str, by: Staff) -> Employee:
    """Write down somebody's last day; their positions end with it, and the PIN opens nothing then.

    Their sign-in is another matter: end it among the sign-ins.
    """
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    lock(session, employee)
    if employee.left_on is not None:
        raise HasLeft(employee, employee.left_on)
    if left_on < employee.hired_on:
        raise Invalid("Nobody leaves before they are hired.", field="left_on")
    held = sa.and_(Employment.hotel_id == employee.hotel_id, Employment.employee_id == employee.id)
    newest = session.scalar(sa.select(sa.func.max(Employment.begins_on)).where(held))
    if newest is not None and newest > left_on:
        raise BeginsLater(employee, newest)
    goes_on = sa.or_(Employment.ends_on.is_(None), Employment.ends_on > left_on)
    ended = [*session.execute(sa.select(Employment.id, Employment.ends_on).where(held, goes_on))]
    session.execute(sa.update(Employment).where(held, goes_on).values(ends_on=left_on))
    employee.left_on = left_on
    if left_on < today:  # who has given notice clocks in until then
        employee.pin_hash = None
    employee.version += 1
    session.flush()
    logbook.record(
        session, "left", employee, by=by, day=today, why=why or None, on=left_on,
        positions_ended=len(ended),
    )  # fmt: skip
    logbook.write(
        session,
        [
            logbook.line(
                _ENDED, Employment.__tablename__, employee.hotel_id, row.id, by=by, day=today,
                before={"on": row.ends_on}, after={"on": left_on},
            )
            for row in ended
        ],
    )  # fmt: skip
    return employee


def stay(session: Session, employee: Employee, *, by: Staff) -> Employee:
    """Take a leaving back, or a last day that was wrong: they go on in what ended with it.

    What was to end on that day anyhow ends on it, and what was to end later ends then. Refuses who
    hasn't left. A PIN that the leaving took is given anew; shifts that were given back stay open,
    and days away that it took out stay out.
    """
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    lock(session, employee)
    left_on = employee.left_on
    if left_on is None:
        raise HasNotLeft(employee)
    employee.left_on = None
    employee.version += 1
    session.flush()
    for employment, ends_on in _ended_by_leaving(session, employee, left_on):
        employment.ends_on = ends_on
    session.flush()
    logbook.record(session, "stays", employee, by=by, day=today, before={"on": left_on})
    return employee


def _ended_by_leaving(
    session: Session, employee: Employee, left_on: date
) -> list[tuple[Employment, date | None]]:
    """Return the positions that a leaving ended, and when each was to end before, as it was said.

    A leaving of before that was said ended whatever ends on its day.
    """
    held = session.scalars(
        sa.select(Employment).where(
            Employment.hotel_id == employee.hotel_id,
            Employment.employee_id == employee.id,
            Employment.ends_on == left_on,
        )
    ).all()
    of_hotel = logbook.Line.hotel_id == employee.hotel_id
    left = session.scalar(
        sa.select(logbook.Line)
        .where(
            of_hotel,
            logbook.Line.noun == Employee.__tablename__,
            logbook.Line.noun_id == employee.id,
            logbook.Line.verb == "left",
        )
        .order_by(logbook.Line.id.desc())
        .limit(1)
    )
    if left is None or "positions_ended" not in (left.after or {}):
        return [(each, None) for each in held]
    lines = session.scalars(
        sa.select(logbook.Line).where(
            of_hotel,
            logbook.Line.noun == Employment.__tablename__,
            logbook.Line.noun_id.in_([each.id for each in held]),
            logbook.Line.verb == _ENDED,
            logbook.Line.id > left.id,
        )
    )
    before = {line.noun_id: (line.before or {}).get("on") for line in lines}
    return [
        (each, date.fromisoformat(on) if (on := before[each.id]) else None)
        for each in held
        if each.id in before
    ]


def of_sign_in(session: Session, hotel_id: int, staff: Staff) -> Employee | None:
    """Return the employee that somebody who signs in is, in a hotel."""
    return session.scalar(
        sa.select(Employee).where(Employee.hotel_id == hotel_id, Employee.staff_id == staff.id)
    )


def next_number(session: Session, hotel: Hotel) -> str:
    """Return the number after the highest that is a number; the first is 1001."""
    numbers = session.scalars(sa.select(Employee.number).where(Employee.hotel_id == hotel.id))
    return str(max((int(each) for each in numbers if each.isdecimal()), default=1000) + 1)


def _describe(session: Session, employee: Employee, person: Person) -> None:
    """Write what is known of somebody onto their row; refuses what can't be."""
    number, last_name = person.number.strip(), person.last_name.strip()
    if not number or len(number) > LONGEST_NUMBER:
        raise Invalid(f"A number has 1 to {LONGEST_NUMBER} characters.", field="number")
    if not last_name:
        raise Invalid("Write the last name.", field="last_name")
    if person.born_on is not None and person.born_on >= employee.hired_on:
        raise Invalid("Nobody is hired before they are born.", field="born_on")
    if person.language and person.language not in LANGUAGES:
        raise Invalid(f"Letters are written in {', '.join(LANGUAGES.values())}.", field="language")
    taken = sa.select(Employee.id).where(
        Employee.hotel_id == employee.hotel_id,
        Employee.number == number,
        Employee.id != employee.id,
    )
    with session.no_autoflush:
        if session.scalar(taken) is not None:
            raise NumberTaken(number)
    employee.number, employee.last_name = number, last_name
    employee.first_name = person.first_name.strip()
    employee.email = (person.email or "").strip() or None
    employee.phone = (person.phone or "").strip() or None
    employee.born_on, employee.department = person.born_on, person.department
    employee.is_manager, employee.language = person.is_manager, person.language or None


def _refuse_if_taken(
    session: Session, employee: Employee, system: PayrollSystem, number: str
) -> None:
    other = session.scalar(
        sa.select(Employee)
        .join(
            PayrollNumber,
            sa.and_(
                PayrollNumber.hotel_id == Employee.hotel_id,
                PayrollNumber.employee_id == Employee.id,
            ),
        )
        .where(
            PayrollNumber.hotel_id == employee.hotel_id,
            PayrollNumber.system == system,
            PayrollNumber.number == number,
            PayrollNumber.employee_id != employee.id,
        )
    )
    if other is not None:
        raise PayrollNumberTaken(number, other.name)


def _jurisdiction(text: str) -> str:
    """Return a country, or a country and its state, as ISO 3166 writes them."""
    code = text.strip().upper()
    country, _, state = code.partition("-")
    if len(country) != 2 or not country.isalpha() or len(state) > 3 or not code.isascii():
        raise Invalid("Write it like DE or US-CA.", field="jurisdiction")
    return code
