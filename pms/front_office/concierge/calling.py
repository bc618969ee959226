"""Wake-up calls: asked for, made, answered or not, and taken back."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.base import clock
from pms.front_office.concierge.desk import bp
from pms.front_office.concierge.forms import WakeUpForm
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import wake_ups
from pms.hotel.service.wake_ups import CallState, Listed, WakeUp, WakeUpCall
from pms.hotel.stays.groups import Group
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation
from pms.web.asked import party_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import moment, plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

AHEAD, BEHIND = timedelta(days=3), timedelta(hours=12)


@bp.route("/concierge/wake-ups", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def wake_up_list() -> ResponseReturnValue:
    """Show whom to call and what came of it, and write down a call for rooms or a group."""
    form, party = WakeUpForm(), party_asked()
    form.group.offer(_groups(), label=lambda each: each.name, none="—")
    if form.validate_on_submit():
        made = _ask(form, party)
        if made:
            say(f"{plural(len(made), 'call')} at {made[0].at:%H:%M} from {_first(made)}.")
            return redirect(url_for("concierge.wake_up_list"))
    now = clock.now()
    calls = wake_ups.listed(session(), here(), first=now - BEHIND, until=now + AHEAD)
    page = render_template(
        "concierge/wake_ups.html",
        form=form,
        party=party,
        **_sorted(calls, now),
        grace=int(wake_ups.GRACE.total_seconds()) // 60,
    )
    return page, 422 if form.is_submitted() else 200


def _ask(form: WakeUpForm, party: Reservation | None) -> list[WakeUp] | None:
    at = form.at.data or time()
    parties = [party] if party is not None else _parties(form, at)
    if parties is None:
        return None
    return attempt(
        form,
        wake_ups.ask,
        here(),
        parties,
        at=at,
        first_on=form.first_on.data,
        daily=bool(form.daily.data),
        again_minutes=form.again_minutes.data or 0,
        notes=form.notes.data,
        by=on_duty(),
    )


def _first(made: list[WakeUp]) -> str:
    return f"{made[0].first_on:%a} {made[0].first_on.day} {made[0].first_on:%b}"


def _sorted(calls: list[Listed], now: datetime) -> dict[str, list[Listed]]:
    """Return calls as those to make now, those to come, and those that are seen to."""
    waiting = [each for each in calls if each.call.state is CallState.WAITING]
    ended = [each for each in calls if each.call.state is not CallState.WAITING]
    return {
        "due": [each for each in waiting if each.is_due(now)],
        "coming": [each for each in waiting if not each.is_due(now)],
        "ended": sorted(ended, key=lambda each: each.call.due_at, reverse=True),
    }


def _groups() -> list[Group]:
    """Return the groups that have a party in the house or due."""
    there = sa.select(Reservation.group_id).where(
        Reservation.hotel_id == here().id,
        Reservation.state.in_(("booked", "in_house")),
        Reservation.group_id.is_not(None),
        Reservation.departure >= here().business_date,
    )
    return list(
        session().scalars(
            sa.select(Group)
            .where(Group.hotel_id == here().id, Group.id.in_(there))
            .order_by(Group.name)
            .limit(200)
        )
    )


def _parties(form: WakeUpForm, at: time) -> list[Reservation] | None:
    """Return who is called: the parties in the rooms that were typed, or a group's."""
    numbers = [each for each in re.split(r"[,;\s]+", form.rooms.data or "") if each]
    if form.group.chosen is not None and numbers:
        form.group.errors = ["Type rooms or choose a group, not both."]
        return None
    if form.group.chosen is not None:
        day = form.first_on.data or wake_ups.next_day(here(), at)
        return wake_ups.of_group(session(), form.group.chosen, day)
    rows = session().execute(
        sa.select(Room.number, Reservation)
        .join(Stay, sa.and_(Stay.hotel_id == Room.hotel_id, Stay.room_id == Room.id))
        .join(Stay.reservation)
        .where(
            Room.hotel_id == here().id,
            Room.number.in_(numbers),
            Stay.state == Presence.IN_HOUSE,
        )
        .order_by(Reservation.shares_with_id.is_not(None).desc(), Reservation.id)
    )
    found: dict[str, Reservation] = {row[0]: row[1] for row in rows}  # who shares comes first
    empty = [number for number in numbers if number not in found]
    if empty:
        form.rooms.errors = [f"Nobody is in {', '.join(empty)}. Check the numbers."]
        return None
    return list(found.values())


PRESSED: dict[str, tuple[Callable[..., Any], str]] = {
    "answered": (wake_ups.answered, "The guest answered."),
    "skip": (wake_ups.skip, "That call is taken off."),
}


@bp.post("/concierge/wake-ups/calls/<int:call_id>/<name>")
@allows(Permission.CONCIERGE)
def call(call_id: int, name: str) -> ResponseReturnValue:
    """Note what came of a call: answered, no answer, or taken off."""
    found, form = find(WakeUpCall, call_id), Form()
    if name == "no-answer":
        if attempt(form, wake_ups.no_answer, found, by=on_duty()):
            say(_said(found))
    elif name in PRESSED:
        verb, said = PRESSED[name]
        if attempt(form, verb, found, by=on_duty()):
            say(said)
    else:
        abort(404)
    say_refused(form)
    return redirect(url_for("concierge.wake_up_list"))


def _said(found: WakeUpCall) -> str:
    if found.state is CallState.WAITING:
        return f"Call again at {moment(found.next_at)[-5:]}."
    return "Nobody answered twice: somebody is asked to go up and knock."


@bp.post("/concierge/wake-ups/<int:wake_up_id>/take-back")
@allows(Permission.CONCIERGE)
def take_back(wake_up_id: int) -> ResponseReturnValue:
    """Take back what a party asked for, all mornings of it."""
    return _take_back(wake_up_id, whole_batch=False)


@bp.post("/concierge/wake-ups/<int:wake_up_id>/take-back-all")
@allows(Permission.CONCIERGE)
def take_back_all(wake_up_id: int) -> ResponseReturnValue:
    """Take back what was asked for several rooms at once."""
    return _take_back(wake_up_id, whole_batch=True)


def _take_back(wake_up_id: int, *, whole_batch: bool) -> ResponseReturnValue:
    found, form = find(WakeUp, wake_up_id), Form()
    gone = attempt(form, wake_ups.take_back, found, whole_batch=whole_batch, by=on_duty())
    if gone:
        say(f"{plural(gone, 'room')} won't be called.")
    say_refused(form)
    return redirect(url_for("concierge.wake_up_list"))
