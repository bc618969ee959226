"""Linking: which sign-in is an employee's; the duty list follows, for it asks who signs in."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import employees
from pms.hotel.people.employees import Employee
from pms.hotel.people.employees.refusals import OwnSignIn, SignInTaken
from pms.hotel.people.roster import RosterShift, telling


def link(session: Session, employee: Employee, staff: Staff | None, *, by: Staff) -> None:
    """Say which sign-in is this employee's, or that none is.

    Refuses another employee's, one without a role in the hotel or that is nobody's (the house's,
    the guest's, a machine's), and to take one's own off: who isn't known as an employee could
    approve their own hours. Published shifts that aren't over stand on the duty list under the new
    sign-in.
    """
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, employee)
    if employee.staff_id == by.id and (staff is None or staff.id != by.id):
        raise OwnSignIn
    if staff is not None:
        if staff.is_automatic:
            raise Invalid(
                f"“{staff.name}” acts by itself; nobody signs in as it. Choose a person.",
                field="sign_in",
            )
        other = employees.of_sign_in(session, hotel.id, staff)
        if other is not None and other.id != employee.id:
            raise SignInTaken(other.name)
        if staff.role_in(hotel.id) is None:
            raise Invalid(f"{staff.name} has no role in this hotel.", field="sign_in")
    employee.staff_id = None if staff is None else staff.id
    employee.version += 1
    session.flush()
    _follow(session, hotel, employee)
    name = None if staff is None else staff.name
    logbook.record(session, "linked sign-in", employee, by=by, day=today, sign_in=name)


def _follow(session: Session, hotel: Hotel, employee: Employee) -> None:
    shifts = session.scalars(
        sa.select(RosterShift).where(
            RosterShift.hotel_id == hotel.id,
            RosterShift.employee_id == employee.id,
            RosterShift.published_at.is_not(None),
            RosterShift.cancelled_at.is_(None),
            RosterShift.ends_at > clock.now(),
        )
    ).all()
    telling.fill_duties(session, hotel, shifts)
