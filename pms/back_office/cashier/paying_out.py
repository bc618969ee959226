"""Paid-outs: cash handed out for a guest's folio or for the house, and one taken back."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.desk import bp, reason_page
from pms.back_office.cashier.forms import PaidOutForm, ReasonForm
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Invalid
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import PaidOut
from pms.hotel.house.staff import Permission
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.saying import say


class GuestOrHouse(Invalid):
    """Somebody bears a paid-out, and one only."""

    def __init__(self) -> None:
        super().__init__("Say a folio, or what the house spends it on: one of them.", field="folio")


class NoSuchFolio(Invalid):
    """The number is nobody's."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no folio {number}. Look at the bill's number.", field="folio")


@bp.route("/cashier/paid-outs/new", methods=["GET", "POST"])
@allows(Permission.PAY_OUT)
def pay_out() -> ResponseReturnValue:
    """Hand cash out, and say what for and who bears it."""
    form = PaidOutForm()
    if form.validate_on_submit():
        made = _pay_out(form)
        if made and form.amount.data is not None:
            say(f"Paid-out {made.number}: {money(form.amount.data)} for {made.words}.")
            if made.folio_id is not None:
                return redirect(url_for("folios.folio", folio_id=made.folio_id))
            return redirect(url_for("cashier.cashier"))
    elif not form.is_submitted():
        form.folio.data = request.args.get("folio", type=whole)
        form.window.data = request.args.get("window", 1, type=int)
    page = render_template("cashier/pay_out.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _pay_out(form: PaidOutForm) -> PaidOut | None:
    number, expense, amount = form.folio.data, form.expense.chosen, form.amount.data
    if (number is None) == (expense is None) or amount is None:
        form.refuse(GuestOrHouse())
        return None
    if number is None:
        return attempt(
            form,
            payments.spend,
            here(),
            expense=expense,
            amount=amount,
            words=form.words.data or "",
            key=form.entry_key,
            by=on_duty(),
        )
    folio = folios.by_number(session(), here(), number)
    if folio is None:
        form.refuse(NoSuchFolio(number))
        return None
    return attempt(
        form,
        payments.pay_out,
        folio,
        window=form.window.data or 1,
        amount=amount,
        words=form.words.data or "",
        key=form.entry_key,
        by=on_duty(),
    )


@bp.route("/cashier/paid-outs/<int:paid_out_id>/take-back", methods=["GET", "POST"])
@allows(Permission.REFUND)
def take_back(paid_out_id: int) -> ResponseReturnValue:
    """Undo an expense of today that was written down wrongly."""
    found, form = find(PaidOut, paid_out_id), ReasonForm()
    if form.validate_on_submit() and attempt(
        form, payments.take_back, found, reason=form.reason.data or "", by=on_duty()
    ):
        say(f"Paid-out {found.number} is undone.")
        return redirect(url_for("cashier.cashier"))
    amount = Money(found.amount, here().currency)
    return reason_page(
        f"Undo paid-out {found.number}",
        f"{found.words}, {money(amount)}",
        form,
        url_for("cashier.cashier"),
    )
