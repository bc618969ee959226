"""Hours: the list of a period, what is out of order in it, and its approval."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pms.back_office.hours import editing
from pms.back_office.hours.desk import bp
from pms.base import clock, dates
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people import deviations
from pms.hotel.people.deviations import Deviation
from pms.hotel.people.employees import Employment, Position
from pms.hotel.people.timeclock import TimeEntry, approving, reckoning
from pms.web import paging
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

__all__ = ["bp", "editing"]

LONGEST = timedelta(days=62)
A_WEEK = timedelta(days=6)


@bp.get("/hours")
@allows(Permission.APPROVE_HOURS)
def hours_page() -> ResponseReturnValue:
    """Show the hours of some days, the deviations among them, and what waits for approval."""
    first, last, department = _asked()
    page = paging.page(
        _worked(first, last, department).order_by(
            TimeEntry.service_day.desc(), TimeEntry.started_at, TimeEntry.id
        )
    )
    odd = [
        each
        for each in deviations.found(session(), here(), first, last)
        if department is None or each.employee.department is department
    ]
    return render_template(
        "hours/hours.html",
        page=page,
        minutes=_minutes(page.rows),
        names=_names(page.rows),
        odd=odd,
        of_entry=_by_entry(odd),
        waiting=_waiting(first, last, department),
        first=first,
        last=last,
        department=department,
        departments=list(Department),
        asked=_address(first, last, department),
    )


@bp.post("/hours/approve")
@allows(Permission.APPROVE_HOURS)
def approve_days() -> ResponseReturnValue:
    """Approve the days shown."""
    form, (first, last, department) = Form(), _asked()
    done = attempt(
        form,
        approving.approve_days,
        here(),
        first=first,
        last=last,
        department=department,
        by=on_duty(),
    )
    if done:
        names = ", ".join(done.left)
        left = f" Left: {names} (not over, your own, or corrected by you)." if names else ""
        say(f"Approved: {plural(done.entries, 'entry', 'entries')}.{left}")
    say_refused(form)
    return redirect(url_for("hours.hours_page", **_address(first, last, department)))


def _asked() -> tuple[date, date, Department | None]:
    """Return the days and the department of the address; the last seven by the clock without."""
    today = dates.local(clock.now(), here().time_zone).date()
    last = dates.read(request.values.get("last")) or today
    first = dates.read(request.values.get("first")) or last - A_WEEK
    word = request.values.get("department", "")
    department = Department(word) if word in set(Department) else None
    if word and department is None and request.method == "POST":
        abort(404)  # nobody's hours are approved but those that were meant
    if first > last:
        first, last = last, first
    return max(first, last - LONGEST), last, department


def _address(first: date, last: date, department: Department | None) -> dict[str, Any]:
    where = {"first": first.isoformat(), "last": last.isoformat()}
    return where if department is None else {**where, "department": department.value}


def _worked(first: date, last: date, department: Department | None) -> sa.Select[TimeEntry]:
    wanted = (
        sa.select(TimeEntry)
        .options(
            joinedload(TimeEntry.employee),
            joinedload(TimeEntry.employment).joinedload(Employment.position),
        )
        .where(
            TimeEntry.hotel_id == here().id,
            TimeEntry.service_day.between(first, last),
            sa.not_(TimeEntry.struck),
        )
    )
    if department is None:
        return wanted
    of_department = (
        sa.select(Employment.id)
        .join(
            Position,
            sa.and_(
                Position.hotel_id == Employment.hotel_id, Position.id == Employment.position_id
            ),
        )
        .where(Employment.hotel_id == here().id, Position.department == department)
    )
    return wanted.where(TimeEntry.employment_id.in_(of_department))


def _waiting(first: date, last: date, department: Department | None) -> int:
    unsigned = _worked(first, last, department).where(
        TimeEntry.approved_at.is_(None), TimeEntry.ended_at.is_not(None)
    )
    return session().scalar(sa.select(sa.func.count()).select_from(unsigned.subquery())) or 0


def _minutes(entries: Sequence[TimeEntry]) -> dict[int, int]:
    """Return what each entry that is over is paid for, in minutes; one question."""
    unpaid = reckoning.unpaid(session(), here(), [each.id for each in entries])
    return {
        each.id: reckoning.minutes(each.started_at, each.ended_at) - unpaid.get(each.id, 0)
        for each in entries
        if each.ended_at is not None
    }


def _names(entries: Sequence[TimeEntry]) -> dict[int, str]:
    ids = {each.approved_by for each in entries if each.approved_by is not None}
    rows = session().execute(
        sa.select(Staff.id, Staff.name).where(Staff.chain_id == here().chain_id, Staff.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def _by_entry(odd: list[Deviation]) -> dict[int, list[Deviation]]:
    found: dict[int, list[Deviation]] = {}
    for each in odd:
        if each.entry_id is not None:
            found.setdefault(each.entry_id, []).append(each)
    return found
