"""Requests: the board, a new request, and each one with its history."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.base.numbers import whole
from pms.front_office.requests import acting, board, duties, handing, keeping
from pms.front_office.requests.desk import bp
from pms.front_office.requests.forms import EnterForm
from pms.hotel.guests.guests import Guest
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people.duty import Level
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import requests as hotel_requests
from pms.hotel.service.requests import (
    Escalation,
    Request,
    RequestNote,
    RequestRecovery,
    Where,
    categories,
)
from pms.hotel.stays.reservations import Reservation
from pms.web import history
from pms.web.asked import room_in, word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say

__all__ = ["acting", "bp", "duties", "handing", "keeping"]

DEPARTMENTS = {each.value for each in Department}


@bp.get("/requests")
@allows(Permission.REQUEST)
def requests() -> ResponseReturnValue:
    """Show what is asked of the house and how long each has, or all of one room or guest."""
    show = word_asked("show", board.SHOWS, "open")
    asked, about = _asked()
    page = board.page(here(), show=show, by=on_duty(), asked=asked)
    return render_template(
        "requests/requests.html",
        page=page,
        show=show,
        asked=asked,
        about=about,
        counts=board.counts(here(), on_duty()),
        clocks={each.id: board.clock_of(each) for each in page.rows},
        asked_whom=board.asked_whom,
        level_words=board.level_words,
        departments=board.departments(),
    )


def _asked() -> tuple[dict[str, Any], str]:
    """Return the filters of the address, and in words whose history is asked for."""
    asked: dict[str, Any] = {"department": word_asked("department", DEPARTMENTS, "")}
    about = ""
    room, guest, party = (request.args.get(n, type=whole) for n in ("room", "guest", "reservation"))
    if room:
        asked["room"], about = room, f"Room {find(Room, room).number}"
    if guest:
        asked["guest"], about = guest, find(Guest, guest).name
    if party:
        asked["reservation"], about = party, find(Reservation, party).guest.name
    return asked, about


@bp.route("/requests/new", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def new() -> ResponseReturnValue:
    """Write down what is asked for."""
    form = EnterForm()
    offered = categories.offered(session(), here())
    form.category.offer(offered, label=lambda each: f"{each.name} ({each.department.words})")
    form.prepare()
    party_id = request.args.get("reservation", type=whole)
    party = find(Reservation, party_id) if party_id else None
    room_id = request.args.get("room", type=whole)
    if room_id and not form.is_submitted():
        form.room.data = find(Room, room_id).number
    if form.validate_on_submit():
        made = _enter(form, party)
        if made:
            say(_said(made))
            return redirect(url_for("requests.request_page", request_id=made.id))
    status = 422 if form.is_submitted() else 200
    page = render_template("requests/new.html", form=form, offered=offered, party=party)
    return page, status


def _enter(form: EnterForm, party: Reservation | None) -> Request | None:
    room = room_in(form, "room")
    if form.room.errors:
        return None
    return attempt(
        form,
        hotel_requests.enter,
        here(),
        category=form.category.chosen,
        words=form.words.data or "",
        where=Where(room, party, form.place.data),
        source=form.source.chosen or hotel_requests.Source.DESK,
        priority=form.priority.chosen,
        wanted_at=_wanted_at(form),
        by=on_duty(),
    )


def _wanted_at(form: EnterForm) -> datetime | None:
    """Return the next instant at which the hotel's clocks show the time that was typed."""
    if form.wanted.data is None:
        return None
    return dates.next_instant(form.wanted.data, here().time_zone, after=clock.now())


def _said(made: Request) -> str:
    session().refresh(made, ["assignee"])
    what = f"Request {made.number} is written down"
    if made.assignee is None:
        return f"{what}, but nobody is on duty. Put somebody on the duty list, or take it."
    if made.level > 1:
        who = Level(made.level).words.lower()
        department = made.department.words.lower()
        return f"{what}. Nobody in {department} is on duty: {made.assignee.name} ({who}) is asked."
    return f"{what}; {made.assignee.name} is asked."


@bp.get("/requests/<int:request_id>")
@allows(Permission.REQUEST)
def request_page(request_id: int) -> ResponseReturnValue:
    """Show one request: its clocks, what can be done, its levels, its money and its history."""
    found = find(Request, request_id)
    levels = _of(Escalation, found, Escalation.turn, Escalation.level)
    notes = _of(RequestNote, found, RequestNote.id)
    names = _names({each.staff_id for each in (*levels, *notes)} | {found.staff_id})
    return render_template(
        "requests/request.html",
        request_=found,
        clock=board.clock_of(found),
        actions=acting.deeds(found),
        levels=levels,
        notes=notes,
        recoveries=_of(RequestRecovery, found, RequestRecovery.id),
        names=names,
        whom=board.asked_whom(found),
        others=_others(found),
        may_look=may(Permission.LOOK),
        history=history.of(found, here()),
    )


def _of(table: Any, found: Request, *order: Any) -> list[Any]:
    wanted = sa.select(table).where(table.hotel_id == found.hotel_id, table.request_id == found.id)
    return list(session().scalars(wanted.order_by(*order).limit(100)))


def _names(ids: set[int | None]) -> dict[int, str]:
    rows = session().execute(
        sa.select(Staff.id, Staff.name).where(
            Staff.chain_id == here().chain_id, Staff.id.in_({each for each in ids if each})
        )
    )
    return {row.id: row.name for row in rows}


def _others(found: Request) -> list[Request]:
    """Return what was asked for in the same room or by the same guest, the latest first."""
    same = Request.room_id == found.room_id if found.room_id else None
    if found.guest_id:
        same = Request.guest_id == found.guest_id
    if same is None:
        return []
    wanted = (
        sa.select(Request)
        .options(sa.orm.joinedload(Request.category))
        .where(Request.hotel_id == found.hotel_id, same, Request.id != found.id)
    )
    return list(session().scalars(wanted.order_by(Request.id.desc()).limit(8)))
