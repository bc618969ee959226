"""My shifts: what is published for me, what is open, and the clock on my own phone."""

from datetime import timedelta

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.clock import standing
from pms.back_office.clock.desk import bp
from pms.back_office.clock.punching import punch_asked
from pms.base import clock, dates
from pms.hotel.house.staff import Permission
from pms.hotel.people import employees, hours, roster
from pms.hotel.people.employees import Employee
from pms.hotel.people.roster import RosterShift
from pms.hotel.people.timeclock import Source
from pms.hotel.people.timeclock.punching import Press
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

AHEAD = timedelta(days=28)
BACK = timedelta(days=14)


@bp.get("/my-shifts")
@allows(Permission.CLOCK_IN)
def my_shifts() -> ResponseReturnValue:
    """Show my shifts, the open ones I could take, and my clock."""
    mine = employees.of_sign_in(session(), here().id, on_duty())
    if mine is None:
        return render_template("clock/my_shifts.html", employee=None)
    today = dates.local(clock.now(), here().time_zone).date()
    days = (today - dates.ONE_DAY, today + AHEAD)  # a night shift may still run
    published = [
        each
        for each in roster.of_person(session(), mine, *days)
        if each.day >= today or each.ends_at > clock.now()
    ]
    unapproved = hours.unapproved(session(), here(), today - BACK, today)
    stands = standing.of(mine, here())
    running = stands.entry.id if stands.entry else None
    return render_template(
        "clock/my_shifts.html",
        employee=mine,
        stands=stands,
        shifts=published,
        news=sum(each.is_news for each in published),
        open_shifts=roster.open_for(session(), mine, today, today + AHEAD),
        forgotten=[
            each
            for each in unapproved
            if each.employee.id == mine.id and each.is_open and each.entry_id != running
        ],
    )


@bp.post("/my-shifts/punch")
@allows(Permission.CLOCK_IN)
def punch() -> ResponseReturnValue:
    """Take a press of my own phone."""
    form = Form()
    made = punch_asked(form, here(), _mine(), Press(Source.PHONE))
    if made:
        say(f"{made.kind.words}, {standing.at(here(), made.at)}.")
    say_refused(form)
    return redirect(url_for("clock.my_shifts"))


@bp.post("/my-shifts/seen")
@allows(Permission.CLOCK_IN)
def seen() -> ResponseReturnValue:
    """Say that I know of my shifts."""
    form = Form()
    attempt(form, roster.say_seen, _mine(), by=on_duty())
    say_refused(form)
    return redirect(url_for("clock.my_shifts"))


@bp.post("/my-shifts/open/<int:shift_id>/take")
@allows(Permission.CLOCK_IN)
def take(shift_id: int) -> ResponseReturnValue:
    """Take an open shift."""
    found, form = find(RosterShift, shift_id), Form()
    if attempt(form, roster.take_open, found, _mine(), by=on_duty()):
        say("The shift is yours.")
    say_refused(form)
    return redirect(url_for("clock.my_shifts"))


def _mine() -> Employee:
    """Return the employee that I am here, or nobody's page."""
    mine = employees.of_sign_in(session(), here().id, on_duty())
    if mine is None:
        abort(404)
    return mine
