"""While they stay: another room, other nights; the price of it is shown before it is done."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from pms.base import dates
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.front_office.checkin.choices import SHOWN, choices
from pms.front_office.checkin.desk import bp, of
from pms.front_office.checkin.forms import DepartureForm, MoveForm
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import prices, rooms
from pms.hotel.rooms.pricing import Party
from pms.hotel.stays import promised, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, State, agreed
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import day as written
from pms.web.saying import say

NIGHTS_OFFERED = (1, 2, 3, 7)


@dataclass(frozen=True, slots=True)
class Change:
    """Another day of leaving: the nights that come or go, and what they cost."""

    departure: date
    later: bool
    nights: int
    was: Money
    difference: Money
    refusal: str | None = None

    @property
    def becomes(self) -> Money:
        """What the whole stay would cost."""
        return self.was + self.difference


@bp.route("/check-in/<int:reservation_id>/move", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def move(reservation_id: int) -> ResponseReturnValue:
    """Move a party in house to another room, now or from a later night on."""
    reservation, day = find(Reservation, reservation_id), here().business_date
    stay = stays.of(session(), reservation)
    if stay is None or reservation.state is not State.IN_HOUSE:
        return redirect(of(reservation))
    asked = request.args.get("type", type=whole)
    at_hand = choices(reservation, day, type_id=asked)
    others = [choice for choice in at_hand.all if not choice.is_theirs]
    form = MoveForm()
    form.room.offer([choice.room for choice in others], label=lambda room: room.number)
    form.shows(stay)
    if form.first.data is None and not form.is_submitted():
        form.first.data = day
    best = next((choice for choice in others if choice.ready), None)
    if best is not None:
        form.room.begin_with(best.room)
    if form.validate_on_submit() and form.has_room() and _moved(form, stay, day):
        return redirect(of(reservation))
    return render_template(
        "checkin/move.html",
        reservation=reservation,
        stay=stay,
        form=form,
        others=others,
        shown=len(others) if "all" in request.args else SHOWN,
        chosen=at_hand.of(form.room.data),
        type_id=at_hand.type_id,
        types=rooms.types(session(), here()),
        day=day,
        may_force=may(Permission.OVERBOOK),
    )


def _moved(form: MoveForm, stay: Stay, day: date) -> bool:
    room, first = form.room.chosen, form.first.data or day
    attempt(
        form,
        stays.move,
        stay,
        room=room,
        first=first,
        reason=form.reason.data or "",
        force=form.forced,
        by=on_duty(),
    )
    if form.said:
        return False
    name = stay.reservation.guest.name
    later = first > day
    say(
        f"{name} moves to {room.number} on {written(first)}."
        if later
        else f"{name} is in room {room.number} now. Keys to the old room are ended: make new ones."
    )
    return True


@bp.route("/check-in/<int:reservation_id>/departure", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def departure(reservation_id: int) -> ResponseReturnValue:
    """Let a party stay on or leave sooner: first what it would cost, then the deed."""
    reservation, day = find(Reservation, reservation_id), here().business_date
    stay = stays.of(session(), reservation)
    if stay is None or reservation.state is not State.IN_HOUSE:
        return redirect(of(reservation))
    form = DepartureForm()
    form.shows(stay)
    if form.validate_on_submit() and form.departure.data and _changed(form, stay):
        return redirect(of(reservation))
    wanted = form.departure.data or _day_asked()
    leaves = reservation.departure
    return render_template(
        "checkin/departure.html",
        reservation=reservation,
        stay=stay,
        form=form,
        change=_change(reservation, wanted) if wanted and wanted != leaves else None,
        offers=[leaves + timedelta(days=n) for n in NIGHTS_OFFERED],
        sooner=_sooner(reservation, day),
        day=day,
        may_force=may(Permission.OVERBOOK),
    )


def _sooner(reservation: Reservation, day: date) -> list[date]:
    """Return the last days before the planned one on which the party could leave."""
    days = [reservation.departure - timedelta(days=n) for n in (1, 2)]
    return [each for each in days if each >= day and each > reservation.arrival]


def _changed(form: DepartureForm, stay: Stay) -> bool:
    until = form.departure.data
    if until is None:
        return False
    if until > stay.reservation.departure:
        reason = (form.force.data or "").strip() or None
        attempt(form, stays.extend, stay, departure=until, force=reason, by=on_duty())
    else:
        attempt(form, stays.shorten, stay, departure=until, by=on_duty())
    if form.said:
        return False
    say(f"{stay.reservation.guest.name} leaves on {written(until)}.")
    return True


def _change(reservation: Reservation, wanted: date) -> Change:
    nights = [
        (night.night, night.price, night.plan_id, night.adults)
        for night in reservation.nights
        if night.live
    ]
    was = promised.with_taxes(session(), here(), reservation, nights)
    later = wanted > reservation.departure
    if not later:
        kept = [night for night in nights if night[0] < wanted]
        after = promised.with_taxes(session(), here(), reservation, kept)
        return Change(wanted, later, len(nights) - len(kept), was, after - was)
    _, ages = agreed.read(session(), reservation)
    party = Party(reservation.adults, reservation.children, ages)
    try:
        found = prices.of_stay(
            session(),
            reservation.plan,
            reservation.room_type,
            reservation.departure,
            wanted,
            party,
        )
    except Refusal as refusal:
        zero = Money.zero(here().currency)
        return Change(wanted, later, 0, was, zero, refusal.sentence)
    added = [
        (night, price, reservation.plan_id, reservation.adults)
        for night, price in found.minor.items()
    ]
    after = promised.with_taxes(session(), here(), reservation, [*nights, *added])
    return Change(wanted, later, len(added), was, after - was)


def _day_asked() -> date | None:
    return dates.read(request.args.get("departure"))
