"""Ending a promise: cancelled, not shown up; and taken back again."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.front_office.reservations.desk import bp, of
from pms.front_office.reservations.forms import CancelForm, NoShowForm, ReinstateForm
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import checkout
from pms.hotel.stays import correspondence, fees, promised, settlements
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.tariff import fee_codes
from pms.web import letters, terms
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import day, money
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
    if not form.is_submitted():
        form.write.data = bool(reservation.guest.email)
    if form.validate_on_submit() and _reinstated(form, reservation):
        return redirect(of(reservation))
    return _page("reinstate", reservation, form)


@bp.post("/reservations/<int:reservation_id>/take-back")
@allows(Permission.RESERVE)
def take_back(reservation_id: int) -> ResponseReturnValue:
    """Undo a cancellation at once; where the nights have gone, its own page says so."""
    reservation = find(Reservation, reservation_id)
    form = ReinstateForm()
    form.force.data, form.write.data = None, _was_told(reservation)
    if _reinstated(form, reservation):
        return redirect(of(reservation))
    return _page("reinstate", reservation, form)


def _was_told(reservation: Reservation) -> bool:
    """Tell whether the newest letter to a guest says that the booking is cancelled."""
    newest = correspondence.of(session(), reservation, limit=1)
    return bool(newest) and newest[0].letter.tells is Tells.CANCELLATION


def _reinstated(form: ReinstateForm, reservation: Reservation) -> bool:
    fee = fees.standing(session(), reservation)
    tells = bool(form.write.data and reservation.guest.email)
    was_asked = bool(checkout.ended_with(session(), reservation))
    attempt(
        form,
        _reinstate_and_tell,
        reservation,
        force=(form.force.data or "").strip() or None,
        tells=tells,
        by=on_duty(),
    )
    if form.said:
        return False
    said = [_expected_again(reservation)]
    if fee is not None and fee.waived_why is None:
        worth = money(Money(fee.due, here().currency))
        nights = ", but for nights that are past" if fee.entry_id is None else ""
        said.append(f"The fee of {worth} is taken back{nights}.")
    if tells:
        said.append("The confirmation is mailed again.")
    if was_asked:
        said.append("The link they were to pay by ended with the booking: ask anew.")
    say(" ".join(said))
    return True


def _reinstate_and_tell(
    session: Session, reservation: Reservation, *, force: str | None, tells: bool, by: Staff
) -> None:
    """Reinstate a booking and, where it is wished, mail what stands again."""
    fees.reinstate(session, reservation, force=force, by=by)
    if tells:
        letters.tell(session, here(), reservation, tells=Tells.CONFIRMATION, by=by)


def _expected_again(reservation: Reservation) -> str:
    """Say when a party is expected: never on a day that is past."""
    name, arrival = reservation.guest.name, reservation.arrival
    if arrival < here().business_date:
        return f"{name} is expected today again; the night of {day(arrival)} is kept as well."
    return f"{name} is expected on {day(arrival)} again."


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
        is_sure=fees.is_sure(session(), reservation),
        promised_at=reservation.promised_at,
    )
