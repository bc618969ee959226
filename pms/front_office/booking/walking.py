"""Walking in: a party at the desk, a ready room, a key."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.front_office.booking import party
from pms.front_office.booking.desk import bp
from pms.front_office.booking.forms import WalkInForm
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import made_before
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import inventory, quotes, rates
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.quotes import Quote
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service.housekeeping import slept_in
from pms.hotel.stays import stays
from pms.hotel.stays.presence import Stay
from pms.web import terms
from pms.web.attempt import attempt
from pms.web.auth import allows, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say

SHOWN_OF_A_TYPE = 2


@dataclass(frozen=True, slots=True)
class Ready:
    """A room that could be handed over now, and what it costs in the chosen plan."""

    room: Room
    quote: Quote
    shown: bool

    @property
    def total(self) -> Money:
        """What the guest pays for all nights, taxes included."""
        return self.quote.total

    @property
    def left(self) -> int:
        """How many rooms of its type are left."""
        return self.quote.room_type.rooms

    @property
    def says(self) -> tuple[str, str, str]:
        """How the room stands: tone, icon and word."""
        if self.room.condition is Condition.INSPECTED:
            return "ok", "checks", "Inspected"
        return "info", "sparkles", "Clean"


@bp.route("/walk-in", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def walk_in() -> ResponseReturnValue:
    """Take in a party that stands at the desk."""
    hotel, day = here(), here().business_date
    form = WalkInForm() if request.method == "POST" else WalkInForm(request.args)
    form.take_a_key()
    if not form.departure.data and not form.departure.errors:
        form.departure.data = day + timedelta(days=1)
    plans = rates.plans(session(), hotel)
    form.plan.offer(plans, label=lambda plan: plan.name)
    if not form.plan.data and plans:
        form.plan.data = str(_usual(plans).id)
    ready = _ready(form, hotel)
    form.room.offer([each.room for each in ready], label=lambda room: room.number)
    takes_in = request.method == "POST" and request.form.get("do") == "take_in"
    if takes_in and (before := _taken_in_before(form, hotel)):
        return redirect(url_for("reservations.reservation", reservation_id=before))
    if takes_in and form.validate() and form.has_room():
        stay = _take_in(form, hotel)
        if stay is not None:
            return redirect(url_for("reservations.reservation", reservation_id=stay))
        ready = _ready(form, hotel)
    if not form.room.data and ready and request.method == "GET":
        form.room.data = str(ready[0].room.id)
    is_part = request.headers.get("HX-Request") and request.method == "GET"
    chosen = next((each for each in ready if str(each.room.id) == form.room.data), None)
    return render_template(
        "booking/ready.html" if is_part else "booking/walk_in.html",
        form=form,
        ready=ready,
        everything="all" in request.args,
        chosen=chosen,
        agreed=_agreed(hotel, chosen) if chosen else [],
        hits=[] if is_part else party.hits(form.q.data or "", form.guest_id),
        day=day,
        past_midnight=dates.local(clock.now(), hotel.time_zone).date() > day,
        may_set_rate=may(Permission.SET_RATE),
        part=is_part,
    )


def _agreed(hotel: Hotel, chosen: Ready) -> list[tuple[str, str]]:
    """Return what is agreed with the chosen room's plan."""
    quote, day = chosen.quote, hotel.business_date
    return terms.facts(  # they are here, so the hotel is sure of them
        hotel, quote.terms, arrival=day, booked_on=day, nights=quote.nights, is_sure=True
    )


def _taken_in_before(form: WalkInForm, hotel: Hotel) -> int | None:
    """Return the reservation this very page made: sent twice, its room isn't on offer any more."""
    try:
        stay_id = made_before(session(), hotel, form.sent)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return session().get_one(Stay, (hotel.id, stay_id)).reservation_id if stay_id else None


def _usual(plans: list[RatePlan]) -> RatePlan:
    """Return the plan to begin with: the flexible one by its usual code, else the first."""
    return next((plan for plan in plans if plan.code.upper() in {"BAR", "FLEX", "RACK"}), plans[0])


def _ready(form: WalkInForm, hotel: Hotel) -> list[Ready]:
    """Return the rooms fit to hand over for all nights, plain to best; six questions and two."""
    day, until = hotel.business_date, form.departure.data
    heads = (form.adults.data or 0) + form.heads_of_children
    if until is None or heads <= 0:
        return []
    try:
        quoted = {
            quote.room_type.type_id: quote
            for quote in quotes.quote(
                session(),
                hotel,
                day,
                until,
                adults=max(form.adults.data or 0, 1),
                children=form.heads_of_children,
                ages=form.child_ages,
                company_id=party.company_id(form),
            )
            if str(quote.plan.id) == form.plan.data and quote.can_be_sold
        }
    except Refusal as refusal:
        form.refuse(refusal)
        return []
    slot = Slot.DAY if until == day else Slot.NIGHT
    vacant = inventory.vacant(session(), hotel, type_id=None, first=day, until=until, slot=slot)
    busy = {*stays.occupied(session(), hotel), *slept_in(session(), hotel)}
    fit = [
        room
        for room in vacant
        if room.is_ready
        and room.id not in busy
        and room.type_id in quoted
        and quoted[room.type_id].room_type.sleeps >= heads
    ]
    order = {type_id: place for place, type_id in enumerate(quoted)}
    fit.sort(key=lambda room: (order[room.type_id], room.condition is not Condition.INSPECTED))
    seen: dict[int, int] = {}
    found = []
    for room in fit:
        seen[room.type_id] = seen.get(room.type_id, 0) + 1
        quote = quoted[room.type_id]
        shown = seen[room.type_id] <= SHOWN_OF_A_TYPE
        found.append(Ready(room, quote, shown))
    return found


def _take_in(form: WalkInForm, hotel: Hotel) -> int | None:
    by_hand = form.rate_amount.data
    until = form.departure.data or _tomorrow(hotel)
    room = form.room.chosen
    stay = attempt(
        form,
        party.take_in,
        hotel,
        who=party.who(form),
        room=room,
        plan=form.plan.chosen,
        departure=until,
        adults=form.adults.data or 0,
        children=form.heads_of_children,
        child_ages=form.child_ages,
        by_hand=(by_hand, form.rate_reason.data or "") if by_hand is not None else None,
        passing=form.passed,
        sent=form.sent,
        by=on_duty(),
    )
    if stay is None:
        return None
    name = stay.reservation.guest.name
    back = url_for("checkin.undo", reservation_id=stay.reservation_id)
    say(f"{name} is in room {room.number}.", undo=back)
    return stay.reservation_id


def _tomorrow(hotel: Hotel) -> date:
    return hotel.business_date + timedelta(days=1)
