"""Punching: the press that a form names, taken for one employee."""

from flask import request
from sqlalchemy.orm import Session

from pms.back_office.clock import standing
from pms.base.numbers import whole
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.timeclock import Punch, Punched, punching
from pms.hotel.people.timeclock.punching import Press
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.forms import Form


def punch_asked(form: Form, hotel: Hotel, who: Employee, pressed: Press) -> Punch | None:
    """Take the press that the request names, or put its refusal on the form."""
    kind, chosen = request.form.get("kind", ""), request.form.get("employment", type=whole)
    if kind not in set(Punched):
        return None
    held = session().get(Employment, (hotel.id, chosen)) if chosen else None

    def deed(here: Session, employee: Employee) -> Punch:
        return punching.punch(
            here,
            employee,
            Punched(kind),
            press=pressed,
            employment=held,
            by=standing.actor(employee, hotel),
        )

    return attempt(form, deed, who)
