"""Where one is in the roster: the department and the week that an address says."""

from datetime import date

from flask import abort, request

from pms.base import dates
from pms.hotel.house.departments import Department
from pms.hotel.people import employees, roster
from pms.hotel.people.roster.fitting import monday_of
from pms.web.auth import here, on_duty
from pms.web.database import session


def department_asked() -> Department:
    """Return the department of the address, or one's own."""
    word = request.values.get("department", "")
    if word in set(Department):
        return Department(word)
    if word and request.method == "POST":
        abort(404)  # nothing is done to another department than was meant
    mine = employees.of_sign_in(session(), here().id, on_duty())
    return mine.department if mine else Department.FRONT_OFFICE


def monday_asked() -> date:
    """Return the Monday of the address' week, or of this one."""
    day = dates.read(request.values.get("week"))
    return monday_of(day) if day else roster.this_monday(here())
