"""Maintenance: the list, a new work order, and each one with its history."""

from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.maintenance import acting, keeping
from pms.back_office.maintenance.desk import bp
from pms.back_office.maintenance.forms import ReportForm
from pms.base.numbers import whole
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import maintenance as orders
from pms.hotel.service.maintenance import STANDING, OrderState, WorkOrder
from pms.hotel.service.requests import Priority
from pms.web import history, paging
from pms.web.asked import word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.saying import say

__all__ = ["acting", "bp", "keeping"]

SHOWS = ("standing", "mine", "on_hold", "out_of_order", "done", "all")
_PRESSES = sa.case(
    {each.value: place for place, each in enumerate(reversed(Priority))}, value=WorkOrder.priority
)


@bp.get("/maintenance")
@allows(Permission.REQUEST)
def maintenance() -> ResponseReturnValue:
    """Show what is to be mended, what presses most first, or all of one room."""
    show, room_id = word_asked("show", SHOWS, "standing"), request.args.get("room", type=whole)
    room = find(Room, room_id) if room_id else None
    query = sa.select(WorkOrder).where(WorkOrder.hotel_id == here().id, *_shown(show))
    if room is not None:
        query = query.where(WorkOrder.room_id == room.id)
    query = query.options(
        sa.orm.joinedload(WorkOrder.room).lazyload("*"),
        sa.orm.joinedload(WorkOrder.block).lazyload("*"),
        sa.orm.joinedload(WorkOrder.assignee).lazyload("*"),
    )
    if show in {"done", "all"}:
        query = query.order_by(WorkOrder.id.desc())
    else:
        query = query.order_by(_PRESSES, WorkOrder.due_on.is_(None), WorkOrder.due_on, WorkOrder.id)
    return render_template(
        "maintenance/maintenance.html",
        page=paging.page(query),
        show=show,
        shows=SHOWS,
        counts=_counts(),
        room=room,
    )


def _shown(show: str) -> list[sa.ColumnElement[bool]]:
    standing = WorkOrder.state.in_(STANDING)
    wanted: dict[str, list[sa.ColumnElement[bool]]] = {
        "standing": [standing],
        "mine": [standing, WorkOrder.assignee_id == on_duty().id],
        "on_hold": [WorkOrder.state == OrderState.ON_HOLD],
        "out_of_order": [keeping.keeps_a_room()],
        "done": [WorkOrder.state == OrderState.DONE],
        "all": [],
    }
    return wanted[show]


def _counts() -> dict[str, int]:
    """Return how many each view has, in one question."""
    counted = [sa.func.count(sa.case((sa.and_(sa.true(), *_shown(e)), 1))) for e in SHOWS]
    row = session().execute(sa.select(*counted).where(WorkOrder.hotel_id == here().id)).one()
    return dict(zip(SHOWS, row, strict=True))


@bp.route("/maintenance/new", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def new() -> ResponseReturnValue:
    """Report something to be mended."""
    form = ReportForm()
    form.priority.offer(Priority, label=lambda each: each.value.capitalize())
    form.priority.begin_with(Priority.NORMAL)
    room_id = request.args.get("room", type=whole)
    if room_id and not form.is_submitted():
        form.room.data = find(Room, room_id).number
    if form.validate_on_submit():
        made = _report(form)
        if made:
            say(f"Work order {made.number} is written down.")
            return redirect(url_for("maintenance.order", order_id=made.id))
    page = render_template("maintenance/new.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _report(form: ReportForm) -> WorkOrder | None:
    number = (form.room.data or "").strip()
    room = rooms.by_number(session(), here(), number) if number else None
    if number and room is None:
        form.room.errors = [f"There is no room {number}. Check the number."]
        return None
    return attempt(
        form,
        orders.report,
        here(),
        words=form.words.data or "",
        room=room,
        place=form.place.data,
        priority=form.priority.chosen or Priority.NORMAL,
        due_on=form.due_on.data,
        by=on_duty(),
    )


@bp.get("/maintenance/<int:order_id>")
@allows(Permission.REQUEST)
def order(order_id: int) -> ResponseReturnValue:
    """Show one work order: what can be done, what it took from guests, and its history."""
    found = find(WorkOrder, order_id)
    return render_template(
        "maintenance/order.html",
        order=found,
        deeds=acting.deeds(found),
        reporter=session().get_one(Staff, (here().chain_id, found.staff_id)).name,
        others=_others(found),
        history=history.of(found, here()),
    )


def _others(found: WorkOrder) -> list[Any]:
    """Return what was to be mended in the same room, the latest first."""
    if found.room_id is None:
        return []
    wanted = sa.select(WorkOrder).where(
        WorkOrder.hotel_id == found.hotel_id,
        WorkOrder.room_id == found.room_id,
        WorkOrder.id != found.id,
    )
    return list(session().scalars(wanted.order_by(WorkOrder.id.desc()).limit(8)))
