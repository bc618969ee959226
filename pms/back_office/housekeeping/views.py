"""Housekeeping: the board by floor, a room turned in one tap, and rooms kept from guests."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.housekeeping import board, columns, differing, sharing, standing, tasking
from pms.back_office.housekeeping.board import WORDS
from pms.back_office.housekeeping.desk import bp
from pms.back_office.housekeeping.forms import BlockForm
from pms.base import dates
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import blocks
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service import housekeeping as keeping
from pms.hotel.stays import facts
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.forms import Form
from pms.web.saying import say, say_outcome, say_refused

__all__ = ["bp", "columns", "differing", "sharing", "standing", "tasking"]

CONDITIONS = {condition.value for condition in Condition}
KINDS = {Block.OUT_OF_ORDER: "Out of order", Block.OUT_OF_SERVICE: "Out of service"}


@bp.get("/housekeeping")
@allows(Permission.TURN_ROOMS)
def housekeeping() -> ResponseReturnValue:
    """Show the rooms by floor, each with how it is, who is in it and who waits for it.

    Who only turns rooms begins with those there is something to do in.
    """
    hotel = here()
    asked = _asked()
    show = asked.get("show") or ("all" if may(Permission.CHECK_IN) else "to_do")
    page = board.rooms_page(hotel, floor=asked.get("floor", ""), show=show)
    tiles = board.tiles(hotel, list(page.rows))
    by_floor = groupby(tiles, key=lambda tile: tile.room.floor)
    return render_template(
        "housekeeping/housekeeping.html",
        page=page,
        by_floor=[(floor, list(those)) for floor, those in by_floor],
        floors=board.floors(hotel),
        counts=board.counts(hotel),
        asked=asked,
        show=show,
        words=WORDS,
        differ=board.open_differences(hotel),
    )


@bp.post("/housekeeping/rooms/<int:room_id>/turn")
@allows(Permission.TURN_ROOMS)
def turn(room_id: int) -> ResponseReturnValue:
    """Say how a room is now, in one tap."""
    found, form = find(Room, room_id), Form()
    wanted, before = _condition(request.form.get("to", "")), found.condition
    turned = attempt(form, keeping.turn, found, wanted, by=on_duty())
    if turned:
        undo = url_for(
            "housekeeping.turn_back",
            room_id=room_id,
            to=before.value,
            version=turned.version,
            **_asked(),
        )
        say(f"Room {turned.number} is {WORDS[wanted]}.", undo=undo)
    say_refused(form)
    return _back(found)


@bp.post("/housekeeping/rooms/<int:room_id>/back")
@allows(Permission.TURN_ROOMS)
def turn_back(room_id: int) -> ResponseReturnValue:
    """Undo a tap, unless somebody turned the room since."""
    found, form = find(Room, room_id), Form()
    wanted = _condition(request.args.get("to", ""))
    form.version_seen = request.args.get("version", 0, type=int)
    if attempt(form, keeping.turn, found, wanted, by=on_duty(), why="undone"):
        say(f"Room {found.number} is {WORDS[wanted]} again.")
    say_refused(form)
    return _back(found)


@bp.route("/housekeeping/rooms/<int:room_id>/block", methods=["GET", "POST"])
@allows(Permission.BLOCK_ROOMS)
def block(room_id: int) -> ResponseReturnValue:
    """Put a room out of order or out of service, with its nights and why."""
    found, form = find(Room, room_id), BlockForm()
    form.kind.offer(KINDS, label=KINDS.__getitem__)
    form.return_condition.offer(Condition, label=lambda each: WORDS[each].capitalize())
    form.shows(found)
    if not form.is_submitted():
        form.first.data = here().business_date
        form.until.data = here().business_date + dates.ONE_DAY
    if form.validate_on_submit() and form.first.data and form.until.data:
        kept = _block(form, found, first=form.first.data, until=form.until.data)
        if kept:
            say(f"Room {found.number} is {KINDS[kept.kind].lower()}.")
            return redirect(url_for("housekeeping.kept"))
    status = 422 if form.is_submitted() else 200
    return render_template("housekeeping/block.html", room=found, form=form), status


def _block(form: BlockForm, room: Room, *, first: date, until: date) -> RoomBlock | None:
    """Keep a room from guests; out of order as a fact takes it from whoever has it."""
    fact = (form.force.data or "").strip() or None
    reason, back = form.reason.data or "", form.return_condition.chosen
    if fact is not None and form.kind.chosen is Block.OUT_OF_ORDER:
        return attempt(
            form, facts.put_out_of_order, room,
            first=first, until=until, reason=reason, return_condition=back, force=fact,
            by=on_duty(),
        )  # fmt: skip
    return attempt(
        form, blocks.block, room, form.kind.chosen,
        first=first, until=until, reason=reason, return_condition=back, force=fact, by=on_duty(),
    )  # fmt: skip


@bp.get("/housekeeping/blocks")
@allows(Permission.TURN_ROOMS)
def kept() -> ResponseReturnValue:
    """Show which rooms are kept from guests, until when and why."""
    standing = board.blocks_standing(here())
    numbers = board.room_numbers(here(), {each.room_id for each in standing})
    return render_template(
        "housekeeping/kept.html", kept=standing, numbers=numbers, today=here().business_date
    )


@bp.post("/housekeeping/blocks/<int:block_id>/return")
@allows(Permission.BLOCK_ROOMS)
def return_to_sale(block_id: int) -> ResponseReturnValue:
    """Give a room back to guests today."""
    found, form = find(RoomBlock, block_id), Form()
    number = found.room.number
    attempt(form, blocks.return_to_sale, found, by=on_duty())
    say_outcome(form, f"Room {number} can be sold again.")
    return redirect(url_for("housekeeping.kept"))


def _asked() -> dict[str, Any]:
    """Return the filters of the board that the address carries."""
    return {name: request.args[name] for name in ("floor", "show") if request.args.get(name)}


def _condition(text: str) -> Condition:
    if text not in CONDITIONS:
        abort(404)
    return Condition(text)


def _back(found: Room) -> ResponseReturnValue:
    return redirect(
        url_for("housekeeping.housekeeping", _anchor=f"room-{found.number}", **_asked())
    )
