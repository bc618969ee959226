"""Upgrades at the desk: better types with their price, sold or given, and taken back."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.checkin.desk import bp
from pms.front_office.checkin.forms import ReasonForm, UpgradeForm
from pms.hotel.house.staff import Permission
from pms.hotel.stays import upgrades
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.upgrades import Upgrade
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.saying import say, say_outcome

AT_ONCE = "undone at once"


@bp.route("/check-in/<int:reservation_id>/upgrades", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def upgrade(reservation_id: int) -> ResponseReturnValue:
    """Offer the better types that are free for the whole stay; sell one, or give it."""
    reservation = find(Reservation, reservation_id)
    offers = upgrades.offers(session(), reservation)
    form = UpgradeForm()
    form.type.offer([each.room_type for each in offers], label=lambda kind: kind.name)
    form.shows(reservation)
    if form.validate_on_submit() and form.type.chosen is not None:
        made = _upgrade(form, reservation)
        if made is not None:
            back = url_for("checkin.take_back_upgrade", upgrade_id=made.id)
            asked = f"for {money(form.total.data)}" if made.amount else "for nothing"
            say(f"{reservation.guest.name} has a {made.to_type.name} {asked}.", undo=back)
            return redirect(_on_from_here(reservation))
        offers = upgrades.offers(session(), reservation)
    may_give = may(Permission.SET_RATE)
    page = render_template(
        "checkin/upgrades.html",
        reservation=reservation,
        offers=[each for each in offers if each.total.minor > 0 or may_give],
        form=form,
        standing=upgrades.of(session(), reservation),
        may_give=may_give,
    )
    return page, 422 if form.is_submitted() else 200


def _upgrade(form: UpgradeForm, reservation: Reservation) -> Upgrade | None:
    kind = form.type.chosen
    if request.form.get("do") == "give":
        reason = form.free_why.data or ""
        return attempt(form, upgrades.give, reservation, kind, reason=reason, by=on_duty())
    return attempt(form, upgrades.take, reservation, kind, expected=form.total.data, by=on_duty())


@bp.post("/check-in/upgrades/<int:upgrade_id>/back")
@allows(Permission.RESERVE)
def take_back_upgrade(upgrade_id: int) -> ResponseReturnValue:
    """Take an upgrade back: type, prices and room as before."""
    found, form = find(Upgrade, upgrade_id), ReasonForm()
    reservation = session().get(Reservation, (found.hotel_id, found.reservation_id))
    if reservation is None:
        abort(404)
    reason = (form.reason.data or "").strip() or AT_ONCE
    attempt(form, upgrades.take_back, found, reason=reason, by=on_duty())
    say_outcome(form, f"{reservation.guest.name} has what was booked again.")
    return redirect(_on_from_here(reservation))


def _on_from_here(reservation: Reservation) -> str:
    """Who is due goes on to the key, who comes later is put aside."""
    due = reservation.is_due(here().business_date)
    endpoint = "checkin.check_in" if due else "reservations.reservation"
    return url_for(endpoint, reservation_id=reservation.id)
