"""Amending: another stay for the same party, both prices shown before one is taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.front_office.reservations.desk import bp, of
from pms.front_office.reservations.forms import AmendForm
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import prices, rates, rooms
from pms.hotel.rooms.pricing import Party
from pms.hotel.service import guaranteeing
from pms.hotel.stays import promised, reservations, settlements
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Guarantee, Reservation, State, Wanted, agreed
from pms.web import letters
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say


@dataclass(frozen=True, slots=True)
class BothPrices:
    """What the stay costs now, and what it would: as promised where it was, or anew."""

    now: Money
    kept: Money
    anew: Money
    nights: int


@bp.route("/reservations/<int:reservation_id>/change", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def amend(reservation_id: int) -> ResponseReturnValue:
    """Change dates, type, plan, party or guarantee."""
    reservation = find(Reservation, reservation_id)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        return redirect(of(reservation))
    form = AmendForm() if request.method == "POST" else AmendForm(request.args)
    _begin(form, reservation)
    does = request.method == "POST" and request.form.get("do") == "amend"
    if does and form.validate():
        is_another = _amend(form, reservation)
        if is_another is not None:
            changed = f"Booking {reservation.number} is changed."
            say(changed if is_another else "Nothing is changed.")
            return redirect(of(reservation))
    prices = _prices(form, reservation)
    is_part = request.headers.get("HX-Request") and request.method == "GET"
    return render_template(
        "reservations/prices.html" if is_part else "reservations/amend.html",
        reservation=reservation,
        form=form,
        prices=prices,
        may_force=may(Permission.OVERBOOK),
    )


def _begin(form: AmendForm, reservation: Reservation) -> None:
    """Offer what there is, and show what stands."""
    form.room_type.offer(rooms.types(session(), here()), label=lambda kind: kind.name)
    plans = rates.plans(session(), here())
    if all(plan.id != reservation.plan_id for plan in plans):
        plans.append(reservation.plan)  # no longer sold, still promised
    form.rate_plan.offer(plans, label=lambda plan: plan.name)
    form.guarantee.offer(Guarantee, label=lambda each: each.words)
    form.shows(reservation, lambda shown: _fill(shown, reservation))


def _fill(form: AmendForm, reservation: Reservation) -> None:
    """Fill in the stay as it is, but for what the address already says."""
    form.arrival.data = form.arrival.data or reservation.arrival
    form.departure.data = form.departure.data or reservation.departure
    form.room_type.data = form.room_type.data or str(reservation.type_id)
    form.rate_plan.data = form.rate_plan.data or str(reservation.plan_id)
    form.guarantee.data = form.guarantee.data or reservation.guarantee.value
    if form.adults.data is None:
        form.adults.data = reservation.adults
    if form.children.data is None:
        form.children.data = reservation.children
    form.write.data = bool(reservation.guest.email)


def _amend(form: AmendForm, reservation: Reservation) -> bool | None:
    """Return whether anything is another now, or None where it was refused."""
    kind, plan = form.room_type.chosen, form.rate_plan.chosen
    adults, children = form.adults.data, form.children.data or 0
    wanted = Wanted(
        arrival=form.arrival.data if form.arrival.data != reservation.arrival else None,
        departure=form.departure.data if form.departure.data != reservation.departure else None,
        room_type=kind if kind and kind.id != reservation.type_id else None,
        plan=plan if plan and plan.id != reservation.plan_id else None,
        adults=adults if adults != reservation.adults else None,
        children=children if children != reservation.children else None,
    )
    return attempt(
        form,
        _amend_and_tell,
        reservation,
        wanted,
        guarantee=form.guarantee.chosen or reservation.guarantee,
        tells=bool(form.write.data),
        reprice=form.prices_anew,
        force=(form.force.data or "").strip() or None,
        by=on_duty(),
    )


def _amend_and_tell(
    session: Session,
    reservation: Reservation,
    wanted: Wanted,
    *,
    guarantee: Guarantee,
    tells: bool,
    reprice: bool | None,
    force: str | None,
    by: Staff,
) -> bool:
    """Change a booking and, where it is wished and there is an address, mail what is another."""
    changed = reservations.amend(session, reservation, wanted, reprice=reprice, force=force, by=by)
    settlements.price_changed(session, reservation, by=by)
    if guarantee is not reservation.guarantee:
        changed = guaranteeing.guarantee(session, reservation, guarantee, by=by) or changed
    if changed and tells and reservation.guest.email:
        letters.tell(session, here(), reservation, tells=Tells.CHANGE, by=by)
    return changed


def _prices(form: AmendForm, reservation: Reservation) -> BothPrices | None:
    """Reckon the stay that the form describes, both ways; None where it can't be."""
    arrival, departure = form.arrival.data, form.departure.data
    kind, plan = form.room_type.chosen, form.rate_plan.chosen
    if arrival is None or departure is None or kind is None or plan is None:
        return None
    day = here().business_date
    nights = [night for night in reservation.nights if night.live]
    past = [night for night in nights if night.night < day]
    first = max(arrival, day) if past else arrival
    last = max(departure, first + timedelta(days=1)) if arrival == departure else departure
    adults, children = form.adults.data or 0, form.children.data or 0
    _, ages = agreed.read(session(), reservation)
    party = Party(adults, children, ages if len(ages) <= children else ())
    try:
        fresh = (
            prices.of_stay(session(), plan, kind, first, last, party).minor if last > first else {}
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    stood = {
        night.night: (night.night, night.price, night.plan_id, night.adults) for night in nights
    }
    spent = [stood[night.night] for night in past]
    anew = [(night, price, plan.id, adults) for night, price in fresh.items()]

    def paid(of: Iterable[tuple[date, int, int, int]]) -> Money:
        come = party.child_ages
        return promised.with_taxes(session(), here(), reservation, of, children=come)

    return BothPrices(
        now=promised.with_taxes(session(), here(), reservation, stood.values()),
        kept=paid([*spent, *(stood.get(each[0], each) for each in anew)]),
        anew=paid([*spent, *anew]),
        nights=(departure - arrival).days,
    )
