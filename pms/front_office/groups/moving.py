"""A party put into a group or taken out, and a whole group moved: asked first, then done."""

from contextlib import suppress
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import InputRequired, NumberRange

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.front_office.groups.desk import bp, of
from pms.front_office.groups.reading import coming
from pms.hotel.house.staff import Permission
from pms.hotel.service import group_days
from pms.hotel.service.group_days import Shifted
from pms.hotel.stays import joining
from pms.hotel.stays.groups import Group
from pms.hotel.stays.joining import FARTHEST, Cannot
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import day as written
from pms.web.filters import plural
from pms.web.forms import ChoiceField, Form, IntegerField
from pms.web.saying import say, say_outcome

PATIENCE = 2.0  # who only asks doesn't wait as long as who does


class ShiftForm(Form):
    """By how many days."""

    days = IntegerField(
        "Days later (below zero: sooner)", [InputRequired(), NumberRange(-FARTHEST, FARTHEST)]
    )


class JoinForm(Form):
    """Into which group, at which price."""

    group = ChoiceField("Group", [InputRequired("Choose the group.")])
    at_its_price = BooleanField("Take the group's plan and price")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What moving the group would do, or what stands in the way."""

    moved: Shifted | None = None
    refusal: Refusal | None = None

    @property
    def obstacles(self) -> list[joining.Obstacle]:
        """What stands in the way, party by party."""
        return list(self.refusal.obstacles) if isinstance(self.refusal, Cannot) else []


class _Over(Exception):
    """The rehearsal is over: everything it did goes back."""


@bp.route("/groups/<int:group_id>/shift", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def shift(group_id: int) -> ResponseReturnValue:
    """Ask what moving a group by days would mean; posted, do it."""
    found = find(Group, group_id)
    form = ShiftForm() if request.method == "POST" else ShiftForm(request.args)
    form.shows(found)
    days = form.days.data
    if request.method == "POST" and form.validate() and days:
        moved = attempt(form, group_days.shift, found, days=days, by=on_duty())
        if moved is not None:
            back = url_for("groups.shift_back", group_id=group_id, days=-days)
            say(f"{found.name} comes on {written(moved.group.first)} now.{_lost(moved)}", undo=back)
            return redirect(of(found))
    would = _rehearse(found, days) if days is not None else None
    page = render_template("groups/shift.html", group=found, form=form, days=days, would=would)
    return page, 422 if request.method == "POST" else 200


def _lost(moved: Shifted) -> str:
    said = ""
    if moved.group.without_room:
        said += f" Without their room: {', '.join(moved.group.without_room)}."
    if moved.behind:
        said += f" The concierge is asked about {plural(len(moved.behind), 'thing')} left behind."
    return said


@bp.post("/groups/<int:group_id>/shift/back")
@allows(Permission.RESERVE)
def shift_back(group_id: int) -> ResponseReturnValue:
    """Move a group to the days it came from; rooms that were lost aren't given again."""
    found, form = find(Group, group_id), ShiftForm(request.args)
    if form.validate() and form.days.data:
        attempt(form, group_days.shift, found, days=form.days.data, by=on_duty())
    say_outcome(form, f"{found.name} comes on the days it came from.")
    return redirect(of(found))


def _rehearse(group: Group, days: int) -> Rehearsed:
    """Do it in a transaction that is rolled back, and say what came of it."""
    moved = None
    try:
        with suppress(_Over), transaction(session(), patience=PATIENCE):
            moved = group_days.shift(session(), group, days=days, by=on_duty())
            raise _Over
    except Refusal as refusal:
        return Rehearsed(refusal=refusal)
    return Rehearsed(moved)


@bp.route("/groups/of/<int:reservation_id>", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def membership(reservation_id: int) -> ResponseReturnValue:
    """Put a party into a group, or take it out of the one it is in."""
    reservation = find(Reservation, reservation_id)
    form = JoinForm()
    form.shows(reservation)
    form.group.offer(coming(), label=lambda group: f"{group.name}, {group.code}")
    if form.validate_on_submit():
        group = form.group.chosen
        attempt(
            form,
            joining.join,
            reservation,
            group,
            at_its_price=bool(form.at_its_price.data),
            by=on_duty(),
        )
        if not form.said:
            back = url_for("groups.take_out", reservation_id=reservation_id)
            say(f"{reservation.guest.name} belongs to {group.name}.", undo=back)
            return redirect(of(group))
    page = render_template(
        "groups/membership.html",
        reservation=reservation,
        form=form,
        group=session().get(Group, (here().id, reservation.group_id))
        if reservation.group_id
        else None,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/groups/of/<int:reservation_id>/out")
@allows(Permission.RESERVE)
def take_out(reservation_id: int) -> ResponseReturnValue:
    """Take a party out of its group."""
    reservation, form = find(Reservation, reservation_id), Form()
    attempt(form, joining.leave, reservation, by=on_duty())
    say_outcome(form, f"{reservation.guest.name} is in no group now. The price stays.")
    return redirect(url_for("reservations.reservation", reservation_id=reservation_id))
