"""Ending a promise: cancelled, not shown up; and taken back again."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.front_office.reservations.desk import bp, of
from pms.front_office.reservations.forms import CancelForm, NoShowForm, ReinstateForm
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import fees, promised, settlements
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.tariff import fee_codes
from pms.web import letters, terms
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import Form
from pms.web.saying import say


@bp.route("/reservations/<int:reservation_id>/cancel", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def cancel(reservation_id: int) -> ResponseReturnValue:
    """Cancel a booking, and say its cancellation number."""
    reservation = find(Reservation, reservation_id)
    if reservation.state is not State.BOOKED:
        return redirect(of(reservation))
    form = CancelForm()
    form.shows(reservation)
    if not form.is_submitted():
        form.write.data = bool(reservation.guest.email)
    if form.validate_on_submit():
        reason, tells = form.reason.data or "", bool(form.write.data)
        ended = attempt(
            form,
            _cancel_and_tell,
            reservation,
            reason=reason,
            waive=form.waives,
            expected=form.expects(here().currency),
            tells=tells,
            by=on_duty(),
        )
        if ended is not None:
            back = url_for("reservations.take_back", reservation_id=reservation_id)
            fee = f" {money(ended.fee)} is charged." if ended.fee else ""
            say(f"Cancelled. The cancellation number is {ended.number}.{fee}", undo=back)
            return redirect(of(reservation))
    return _page("cancel", reservation, form, fees.of_cancelling(session(), reservation))


def _cancel_and_tell(
    session: Session,
    reservation: Reservation,
    *,
    reason: str,
    waive: str | None,
    expected: Money | None,
    tells: bool,
    by: Staff,
) -> fees.Ended:
    """Cancel a booking and, where it is wished and there is an address, mail the number."""
    ended = fees.cancel(session, reservation, reason=reason, waive=waive, expected=expected, by=by)
    if tells and reservation.guest.email:
        letters.tell(session, here(), reservation, tells=Tells.CANCELLATION, by=by)
    return ended


@bp.route("/reservations/<int:reservation_id>/no-show", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def no_show(reservation_id: int) -> ResponseReturnValue:
    """Note that a party hasn't come."""
    reservation = find(Reservation, reservation_id)
    if reservation.state is not State.BOOKED:
        return redirect(of(reservation))
    form = NoShowForm()
    form.shows(reservation)
    if form.validate_on_submit():
        rolls = form.scope.data == "tonight"
        fee = attempt(
            form,
            fees.no_show,
            reservation,
            keep_remaining=rolls,
            waive=form.waives,
            expected=form.expects(here().currency),
            by=on_duty(),
        )
        if fee is not None:
            name = reservation.guest.name
            charged = f" {money(fee)} is charged." if fee else ""
            say(
                f"{name} is expected tomorrow.{charged}"
                if rolls
                else f"{name} is a no-show.{charged}"
            )
            return redirect(of(reservation))
    return _page("no_show", reservation, form, fees.of_no_show(session(), reservation))


@bp.route("/reservations/<int:reservation_id>/reinstate", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def reinstate(reservation_id: int) -> ResponseReturnValue:
    """Promise a cancelled or no-show party its nights again."""
    reservation = find(Reservation, reservation_id)
    if reservation.state not in {State.CANCELLED, State.NO_SHOW}:
        return redirect(of(reservation))
    form = ReinstateForm()
    form.shows(reservation)
    if form.validate_on_submit() and _reinstated(form, reservation, form.force.data):
        return redirect(of(reservation))
    return _page("reinstate", reservation, form)


@bp.post("/reservations/<int:reservation_id>/take-back")
@allows(Permission.RESERVE)
def take_back(reservation_id: int) -> ResponseReturnValue:
    """Undo a cancellation at once; where the nights have gone, its own page says so."""
    reservation = find(Reservation, reservation_id)
    form = ReinstateForm()
    if _reinstated(form, reservation, None):
        return redirect(of(reservation))
    return _page("reinstate", reservation, form)


def _reinstated(form: Form, reservation: Reservation, force: str | None) -> bool:
    reason = (force or "").strip() or None
    attempt(form, fees.reinstate, reservation, force=reason, by=on_duty())
    if form.said:
        return False
    say(f"{reservation.guest.name} is expected on {reservation.arrival:%a %d %b} again.")
    return True


def _page(
    deed: str, reservation: Reservation, form: Form, due: fees.Due | None = None
) -> ResponseReturnValue:
    [whole] = promised.promised(session(), here(), [reservation])
    code = fees.code_of(session(), here(), due) if due else None
    return render_template(
        f"reservations/{deed}.html",
        reservation=reservation,
        form=form,
        day=here().business_date,
        total=whole.total,
        deposit=settlements.deposit_held(session(), reservation),
        due=due,
        fee_code=code,
        fee_taxed=fee_codes.reckoned(session(), here(), code, due.amount) if code and due else None,
        agreed=_agreed(reservation, due, whole),
        may_force=may(Permission.OVERBOOK),
        may_waive=may(Permission.WAIVE_FEE),
    )


def _agreed(
    reservation: Reservation, due: fees.Due | None, whole: promised.PromisedRoom
) -> list[tuple[str, str]]:
    """Return the terms the party booked under, as the page lists them."""
    return terms.facts(
        here(),
        due.terms if due else None,
        arrival=reservation.arrival,
        booked_on=reservation.booked_on,
        nights=whole.nights,
    )
