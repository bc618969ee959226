"""Rooms of a group: several at once in one name, or a whole list of names from a spreadsheet."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.front_office.groups import reading
from pms.front_office.groups.desk import bp
from pms.front_office.groups.forms import ListForm, RoomsForm
from pms.gateways import sheets
from pms.hotel.guests import guests
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays import groups, rooming, together
from pms.hotel.stays.groups import Group
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.rooming import Row
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say

MOST_ROOMS = 60


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: the booking it made, or why there is none."""

    row: Row
    made: Reservation | None
    why: str = ""


# --- several rooms in one name --------------------------------------------------------------------


@bp.route("/groups/<int:group_id>/rooms", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def pick_up(group_id: int) -> ResponseReturnValue:
    """Book several rooms of several types on one booking."""
    found = find(Group, group_id)
    if found.terms is None:
        return redirect(url_for("groups.agree", group_id=group_id))
    form = RoomsForm()
    if not form.is_submitted():
        form.arrival.data = max(found.terms.arrival, here().business_date)
        form.departure.data = found.terms.departure
    lines = reading.grid(found, found.terms)
    wanted = _wanted(lines)
    if form.validate_on_submit():
        if not any(count for _, count in wanted):
            form.refusals.append("Say how many rooms, of at least one type.")
        else:
            made = attempt(form, _pick_up, found, wanted, form, by=on_duty())
            if made:
                say(f"{plural(len(made), 'room')} booked, number {made[0].booking_number}.")
                return redirect(url_for("groups.group", group_id=group_id))
    return render_template(
        "groups/rooms.html", group=found, terms=found.terms, form=form, lines=lines,
        counts={kind.id: count for kind, count in wanted},
    )  # fmt: skip


def _wanted(lines: list[reading.Line]) -> list[tuple[RoomType, int]]:
    wanted = []
    for line in lines:
        typed = request.form.get(f"rooms-{line.kind.id}", "").strip()
        wanted.append((line.kind, min(whole(typed, digits=3) or 0, MOST_ROOMS)))
    return wanted


def _pick_up(
    session: Session,
    group: Group,
    wanted: list[tuple[RoomType, int]],
    form: RoomsForm,
    *,
    by: Staff,
) -> list[Reservation]:
    """Write the guest down and book the rooms, all of them or none."""
    guest = guests.welcome(
        session,
        here(),
        surname=form.surname.data or "",
        given_name=form.given_name.data or "",
        email=(form.email.data or "").strip() or None,
        by=by,
    )
    terms = groups.terms_of(group)
    arrival: date = form.arrival.data or terms.arrival
    departure: date = form.departure.data or terms.departure
    return together.pick_up(
        session, group, wanted, guest=guest, arrival=arrival, departure=departure,
        adults=form.adults.data or 1, notes=(form.notes.data or "").strip() or None, by=by,
    )  # fmt: skip


# --- a list of names ------------------------------------------------------------------------------


@bp.route("/groups/<int:group_id>/list", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def rooming_list(group_id: int) -> ResponseReturnValue:
    """Read a list, show what would become of each row, and book the good ones when told to."""
    found = find(Group, group_id)
    if found.terms is None:
        return redirect(url_for("groups.agree", group_id=group_id))
    form = ListForm()
    rows: list[Row] | None = None
    results: list[Result] | None = None
    if form.validate_on_submit():
        rows = _read(form, found)
        if rows is not None and request.form.get("do") == "book":
            results = [_land(found, row) for row in rows]
            made = sum(result.made is not None for result in results)
            say(f"{plural(made, 'row')} booked, {len(results) - made} not.")
            rows = None
    return render_template(
        "groups/list.html", group=found, terms=found.terms, form=form, rows=rows, results=results,
        good=sum(row.problem is None for row in rows or ()),
        heads=("Surname", "Given name", "Arrival", "Departure", "Room type", "Adults", "Shares"),
    )  # fmt: skip


def _read(form: ListForm, group: Group) -> list[Row] | None:
    """Return the list's rows as they would fare, and keep its cells in the form."""
    sent = request.files.get("file")
    try:
        content = sent.read() if sent is not None and sent.filename else b""
        table = sheets.read(content) if content else sheets.read_text(form.sheet.data or "")
        if not table:
            form.refusals.append("The list is empty. Choose a file, or paste the cells.")
            return None
        form.sheet.data = sheets.as_text(table)
        return rooming.check(session(), group, rooming.read(session(), group, table))
    except sheets.UnreadableSheet as problem:
        form.refusals.append(str(problem))
    except Refusal as refusal:
        form.refuse(refusal)
    return None


def _land(group: Group, row: Row) -> Result:
    """Book one row in a transaction of its own."""
    if row.problem:
        return Result(row, None, row.problem)
    form = Form()
    made = attempt(form, rooming.book_row, group, row, by=on_duty())
    return Result(row, made, form.said)
