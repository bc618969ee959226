"""Check-out: the bill settled or let go, the key handed back, and undone on the same day."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.check_out import express
from pms.front_office.check_out.bill import bill, tonight
from pms.front_office.check_out.desk import bp
from pms.front_office.check_out.forms import CheckOutForm, HourForm
from pms.hotel.house.staff import Permission, who_may
from pms.hotel.stays import hour_fees, house_rules, night_charges, stays
from pms.hotel.stays.hour_fees import Due, Hour
from pms.hotel.stays.house_rules import Check, Severity
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, State
from pms.web import refused
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome

__all__ = ["bp", "express"]


@bp.route("/check-out/<int:reservation_id>", methods=["GET", "POST"])
@allows(Permission.CHECK_OUT)
def check_out(reservation_id: int) -> ResponseReturnValue:
    """Take the key back from a party in house."""
    reservation = find(Reservation, reservation_id)
    stay = stays.of(session(), reservation)
    if stay is None or reservation.state is not State.IN_HOUSE:
        return redirect(_party(reservation_id))
    form = CheckOutForm()
    form.shows(stay)
    number = stay.room.number
    if form.validate_on_submit() and _checked_out(form, stay):
        back = url_for("check_out.undo", reservation_id=reservation_id)
        owing = " with a balance" if stay.left_owing else ""
        say(f"{reservation.guest.name} has left {number}{owing}.", undo=back)
        return redirect(url_for("today.today", show="departures"))
    hotel, day = here(), here().business_date
    of_tonight = tonight(hotel, reservation, stay, day)
    facts = house_rules.Desk(session(), reservation, day, stay=stay).facts()
    form.begin_with(of_tonight)
    return render_template(
        "check_out/check_out.html",
        reservation=reservation,
        stay=stay,
        form=form,
        bill=bill(hotel, reservation),
        tonight=of_tonight,
        hours=_hours(stay),
        rules=[fact for fact in facts if fact.check not in _SHOWN_APART],
        who_refunds=who_may(Permission.REFUND),
        stopped=any(fact.severity is Severity.BLOCKS for fact in facts),
        may_pass=may(Permission.OVERRIDE_RULES),
        may_waive=may(Permission.WAIVE_FEE),
        day=day,
    )


_SHOWN_APART = {Check.OWING, Check.LATE_FEE, Check.ALERT_OUT}  # where the page says it anyway


def _hours(stay: Stay) -> list[Due]:
    """Return what the party's hours cost that isn't decided yet."""
    found = [hour_fees.of_stay(session(), stay, hour) for hour in Hour]
    return [due for due in found if due is not None]


def _checked_out(form: CheckOutForm, stay: Stay) -> bool:
    attempt(
        form,
        stays.check_out,
        stay,
        leave_owing=form.owing,
        charge_tonight=form.charges_tonight,
        passing=form.passed,
        by=on_duty(),
    )
    return not form.said


@bp.post("/check-out/<int:reservation_id>/charge")
@allows(Permission.POST)
def charge(reservation_id: int) -> ResponseReturnValue:
    """Put tonight on the folio now, so that it can be paid before they go."""
    reservation, hotel = find(Reservation, reservation_id), here()
    form = Form()
    nights = [hotel.business_date]
    attempt(form, night_charges.charge_nights, hotel, reservation, nights, by=on_duty())
    say_outcome(form, "Tonight is on the folio.")
    return redirect(url_for("check_out.check_out", reservation_id=reservation_id))


@bp.post("/check-out/<int:reservation_id>/hours")
@allows(Permission.CHECK_OUT)
def settle_hour(reservation_id: int) -> ResponseReturnValue:
    """Charge what a party's early or late hour costs, or waive it."""
    reservation = find(Reservation, reservation_id)
    stay, form = stays.of(session(), reservation), HourForm()
    if stay is not None and form.validate():
        waives = request.form.get("do") == "waive"
        fee = attempt(
            form,
            hour_fees.settle,
            stay,
            Hour(form.hour.data),
            waive=(form.waive_reason.data or "") if waives else None,
            expected=form.due.data,
            by=on_duty(),
        )
        if fee is not None:
            say(f"{fee.hour.words}: {'waived' if waives else 'on the folio'}.")
    return refused.or_back(
        form,
        url_for("check_out.check_out", reservation_id=reservation_id),
        unseen=_hour_now(stay, form) if stay is not None else None,
    )


def _hour_now(stay: Stay, form: HourForm) -> dict[str, str]:
    """Return what the form of an hour carries unseen, with what is due by now."""
    due = hour_fees.of_stay(session(), stay, Hour(form.hour.data)) if not form.hour.errors else None
    return {"hour": str(form.hour.data), "due": str(due.amount if due else form.due.data or "")}


@bp.post("/check-out/<int:reservation_id>/undo")
@allows(Permission.CHECK_OUT)
def undo(reservation_id: int) -> ResponseReturnValue:
    """Give the key again: the party is in its room as before."""
    reservation = find(Reservation, reservation_id)
    form = Form()
    stay = stays.of(session(), reservation)
    if stay is not None:
        attempt(form, stays.undo_check_out, stay, by=on_duty())
        say_outcome(form, f"{reservation.guest.name} is in room {stay.room.number} again.")
    return redirect(_party(reservation_id))


def _party(reservation_id: int) -> str:
    return url_for("reservations.reservation", reservation_id=reservation_id)
