"""Keeping a room from guests for a work order, after showing whom that would displace."""

from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.maintenance.desk import bp
from pms.back_office.maintenance.forms import KeepForm
from pms.base import dates
from pms.base.numbers import whole
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import maintenance
from pms.hotel.service.maintenance import Displaced, WorkOrder
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.saying import say

KINDS = {Block.OUT_OF_ORDER: "Out of order", Block.OUT_OF_SERVICE: "Out of service"}
LONGEST = 400  # nights


def keeps_a_room() -> sa.ColumnElement[bool]:
    """Return the condition of a work order whose room is kept from guests."""
    standing = sa.select(RoomBlock.id).where(
        RoomBlock.hotel_id == here().id, sa.not_(RoomBlock.ended)
    )
    return WorkOrder.block_id.in_(standing)


@bp.route("/maintenance/<int:order_id>/out-of-order", methods=["GET", "POST"])
@allows(Permission.BLOCK_ROOMS)
def out_of_order(order_id: int) -> ResponseReturnValue:
    """Say for which nights, see who would lose the room, and only then take it."""
    found, form = find(WorkOrder, order_id), _form()
    form.shows(found)
    ready = form.validate_on_submit()
    losing = _losing(found, form)
    seen = request.form.get("step") == "take"
    if ready and seen and attempt(form, maintenance.keep_from_guests, found, **_details(form)):
        say(f"{found.where} is {KINDS[form.kind.chosen].lower()}.")
        return redirect(url_for("maintenance.order", order_id=order_id))
    if ready and seen:
        losing = _losing(found, form)
    page = render_template(
        "maintenance/out_of_order.html",
        order=found,
        form=form,
        losing=losing,
        shown=ready,
        ids=",".join(str(each.reservation.id) for each in losing),
    )
    return page, 422 if form.is_submitted() and (form.errors or form.refusals) else 200


def _form() -> KeepForm:
    form = KeepForm()
    form.kind.offer(KINDS, label=KINDS.__getitem__)
    form.return_condition.offer(Condition, label=lambda each: each.value.capitalize())
    if not form.is_submitted():
        form.first.data = here().business_date
        form.until.data = here().business_date + dates.ONE_DAY
    return form


def _losing(found: WorkOrder, form: KeepForm) -> list[Displaced]:
    first, until = form.first.data, form.until.data
    if found.room is None or first is None or until is None:
        return []
    if form.is_submitted() and form.kind.chosen is not Block.OUT_OF_ORDER:
        return []
    if not 0 < (until - first).days <= LONGEST:
        return []
    return maintenance.displaced(session(), found.room, first=first, until=until)


def _details(form: KeepForm) -> dict[str, Any]:
    typed = (form.confirmed.data or "").split(",")
    return {
        "kind": form.kind.chosen,
        "first": form.first.data,
        "until": form.until.data,
        "return_condition": form.return_condition.chosen,
        "confirmed": {number for each in typed if (number := whole(each)) is not None},
        "force": (form.force.data or "").strip() or None,
        "by": on_duty(),
    }
