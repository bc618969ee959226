"""Payments at the desk: money taken and given back, bills sent to a company, what is lost."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.folios import page
from pms.back_office.folios.forms import CITY, PayForm, RefundForm, WindowLossForm
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, payments, receivables
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Payment
from pms.hotel.house import business_day
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service.checkout import IntentState, intending
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.checkout import carry_out
from pms.web.database import session
from pms.web.filters import money
from pms.web.saying import say

bp = Blueprint("payments", __name__)


class OnlyWhole(Invalid):
    """A window goes to the city ledger whole."""

    def __init__(self, owed: Money) -> None:
        super().__init__(
            f"The whole {money(owed)} goes to the company. Move what it doesn't pay first.",
            field="amount",
        )


class SettledMeanwhile(Invalid):
    """Another desk took it: the page that asks for it is older."""

    def __init__(self, owed: Money) -> None:
        stands = f"{money(owed)} is" if owed.minor > 0 else "nothing is"
        super().__init__(
            f"Somebody settled this meanwhile: {stands} owed here now. Look at the lines; if the "
            "guest pays it all the same, press again.",
            field="amount",
        )


@bp.route("/folios/<int:folio_id>/pay", methods=["GET", "POST"])
@allows(Permission.PAY)
def take(folio_id: int) -> ResponseReturnValue:
    """Take money for a window of a bill, also before it owes any, or bill its company."""
    found, no, form = find(Folio, folio_id), page.window_asked(), PayForm()
    if request.method == "GET":
        return page.show(found, pay=form)
    form.company.offer(page.may_be_billed(), none="No company")
    form.way.choices = [*(form.way.choices or []), (CITY, "City ledger")]
    form.offer_foreign()
    if form.validate() and (said := _bill(form, found, no) or _take(form, found, no)):
        say(said)
        return redirect(page.after_paying(found, no))
    return page.show(found, pay=form, status=422)


def _take(form: PayForm, found: Folio, no: int) -> str | None:
    if form.way.data == CITY or form.amount.data is None:
        return None
    paid = attempt(
        form,
        _pay,
        found,
        owed_then=form.owed_then,
        window=no,
        amount=form.amount.data,
        method=form.method,
        card=form.slip,
        tendered=form.foreign,
        reference=form.reference.data or None,
        key=form.entry_key,
        by=on_duty(),
    )
    said = f"{money(form.amount.data)} is taken in window {no}."
    return said + form.change_said if paid else None


def _pay(
    opened: Session,
    /,
    folio: Folio,
    *,
    owed_then: int | None,
    window: int,
    amount: Money,
    key: str,
    by: Staff,
    **how: Any,
) -> Payment:
    """Take money as `payments.pay`, unless the page is older than what settled the window.

    Refuses more than is owed by now where that is less than the page said. The same key is one
    payment, whatever stands since.
    """
    if owed_then is not None and not ledger.is_posted(opened, here(), key):
        business_day.hold(opened, here())
        folios.lock_open(opened, [folio])
        owed = folios.balance_of(opened, folio).get(window, amount)
        is_less = owed.minor < owed_then and amount > max(owed, Money.zero(owed.currency))
        # asked again: the same press may have been sent twice at once, and waited for the folio
        if is_less and not ledger.is_posted(opened, here(), key):
            raise SettledMeanwhile(owed)
    return payments.pay(opened, folio, window=window, amount=amount, key=key, by=by, **how)


def _bill(form: PayForm, found: Folio, no: int) -> str | None:
    if form.way.data != CITY:
        return None
    owed = folios.balance_of(session(), found).get(no)
    if owed is not None and form.amount.data != owed:
        form.refuse(OnlyWhole(owed))
        return None
    billed = attempt(
        form,
        receivables.direct_bill,
        found,
        window=no,
        company=form.company.chosen,
        reference=form.reference.data or None,
        by=on_duty(),
    )
    return f"{money(form.amount.data)} is billed to {form.company.chosen.name}." if billed else None


def give_back_online(form: RefundForm, **what: Any) -> str | None:
    """Give money back through the gateway, and return what to say of it."""
    if form.amount.data is None:
        return None
    intent = attempt(
        form, intending.refund, form.of.chosen, amount=form.amount.data,
        reason=form.reason.data or "", key=form.entry_key, by=on_duty(), **what,
    )  # fmt: skip
    done = carry_out(form, intent)
    if done is None:
        return None
    if done.state is IntentState.SETTLED:
        return f"{money(form.amount.data)} goes back the way it came."
    return f"{money(form.amount.data)} is on its way back; it is booked when the gateway says so."


@bp.post("/folios/<int:folio_id>/refund")
@allows(Permission.REFUND)
def refund(folio_id: int) -> ResponseReturnValue:
    """Give back what a window is in credit, and say why."""
    found, no, form = find(Folio, folio_id), page.window_asked(), RefundForm()
    form.offer_ways_back(page.paid_online(found, page.stay_behind(found)))
    if form.validate() and form.is_online:
        said = give_back_online(form, folio=found, window=no)
        if said:
            say(said)
            return redirect(page.after_paying(found, no))
    elif not form.said and form.amount.data is not None:
        given = attempt(
            form,
            payments.refund,
            found,
            window=no,
            amount=form.amount.data,
            method=form.method,
            card=form.slip,
            reason=form.reason.data or "",
            key=form.entry_key,
            by=on_duty(),
        )
        if given:
            say(f"{money(form.amount.data)} is given back from window {no}.")
            return redirect(page.after_paying(found, no))
    return page.show(found, refund=form, status=422)


@bp.route("/folios/<int:folio_id>/write-off", methods=["GET", "POST"])
@allows(Permission.WRITE_OFF)
def write_off(folio_id: int) -> ResponseReturnValue:
    """Give up what a window owes, and say why."""
    found, form = find(Folio, folio_id), WindowLossForm()
    owed = {no: due for no, due in folios.balance_of(session(), found).items() if due.minor > 0}
    form.window.offer(owed, label=lambda no: f"{no}, {money(owed[no])}")
    form.shows(found)
    if form.validate_on_submit():
        no, reason = form.window.chosen, form.reason.data or ""
        if attempt(form, receivables.write_off, found, window=no, reason=reason, by=on_duty()):
            say(f"{money(owed[no])} of window {no} is written off.")
            return redirect(url_for("folios.folio", folio_id=folio_id, window=no))
    html = render_template("payments/write_off.html", folio=found, form=form, owed=owed)
    return html, 422 if form.is_submitted() else 200
