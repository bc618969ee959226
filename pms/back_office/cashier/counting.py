"""Counting a drawer: begun, given up, entered blind, and counted again by whoever reviews it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.desk import bp, shift_asked
from pms.back_office.cashier.forms import CountForm, count_form
from pms.hotel.books import cashiers, payments
from pms.hotel.books.cashiers import CashierShift, ShiftState
from pms.hotel.house.staff import Permission
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.post("/cashier/shifts/<int:shift_id>/begin-count")
@allows(Permission.PAY)
def begin_count(shift_id: int) -> ResponseReturnValue:
    """Shut the drawer for its count."""
    found, form = shift_asked(shift_id), Form()
    if attempt(form, cashiers.begin_count, found, by=on_duty()):
        return redirect(url_for("cashier.count", shift_id=shift_id))
    say_refused(form)
    return redirect(url_for("cashier.one", shift_id=shift_id))


@bp.post("/cashier/shifts/<int:shift_id>/back-to-work")
@allows(Permission.PAY)
def back_to_work(shift_id: int) -> ResponseReturnValue:
    """Give the count up; the shift goes on."""
    found, form = shift_asked(shift_id), Form()
    if attempt(form, cashiers.back_to_work, found, by=on_duty()):
        say("The drawer is open again.")
    say_refused(form)
    return redirect(url_for("cashier.one", shift_id=shift_id))


@bp.route("/cashier/shifts/<int:shift_id>/count", methods=["GET", "POST"])
@allows(Permission.PAY)
def count(shift_id: int) -> ResponseReturnValue:
    """Enter what lies in the drawer; what should is shown when it is closed."""
    found = shift_asked(shift_id)
    form = _form(found)
    if form.validate_on_submit():
        if attempt(form, cashiers.close, found, counts=form.counts, by=on_duty()):
            say(f"Shift {found.number} is closed.")
            return redirect(url_for("cashier.one", shift_id=shift_id))
    elif found.state is not ShiftState.COUNTING:
        return redirect(url_for("cashier.one", shift_id=shift_id))
    return _page(found, form, is_recount=False)


@bp.route("/cashier/shifts/<int:shift_id>/recount", methods=["GET", "POST"])
@allows(Permission.KEEP_CASH)
def recount(shift_id: int) -> ResponseReturnValue:
    """Count a closed shift's money again, and say why."""
    found = shift_asked(shift_id)
    form = _form(found)
    if form.validate_on_submit() and attempt(
        form,
        cashiers.recount,
        found,
        counts=form.counts,
        reason=form.reason.data or "",
        by=on_duty(),
    ):
        say(f"Shift {found.number} is counted again.")
        return redirect(url_for("cashier.one", shift_id=shift_id))
    return _page(found, form, is_recount=True)


def _form(found: CashierShift) -> CountForm:
    currencies = cashiers.currencies(session(), here(), found)
    return count_form(currencies, house=here().currency)


def _page(found: CashierShift, form: CountForm, *, is_recount: bool) -> ResponseReturnValue:
    page = render_template(
        "cashier/count.html",
        shift=found,
        form=form,
        is_recount=is_recount,
        batches=payments.batches(session(), here(), here().business_date),
        taken=payments.beside_cash(session(), found),
    )
    return page, 422 if form.is_submitted() else 200
