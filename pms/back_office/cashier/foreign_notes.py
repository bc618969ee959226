"""Foreign notes: what of them lies in the safe, and their way to the bank."""

import sqlalchemy as sa
from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.desk import bp, names, reason_page
from pms.back_office.cashier.forms import BankForm, ReasonForm
from pms.hotel.books import cashiers
from pms.hotel.books.cashiers import NotesBanked, banking, clearing
from pms.hotel.house.staff import Permission
from pms.web import paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money, money_of
from pms.web.saying import say


@bp.get("/cashier/foreign-notes")
@allows(Permission.KEEP_CASH)
def foreign_notes() -> ResponseReturnValue:
    """Show the foreign notes in the safe, and those that went to the bank."""
    return _page()


@bp.post("/cashier/foreign-notes")
@allows(Permission.KEEP_CASH)
def bank_notes() -> ResponseReturnValue:
    """Pay foreign notes of the safe into the bank at its rate."""
    form = BankForm()
    form.currency.offer(cashiers.in_the_safe(session(), here()))
    if form.validate() and form.rate.data is not None:
        banked = attempt(
            form,
            banking.bank,
            here(),
            notes=form.foreign,
            rate=form.rate.data,
            fee=form.fee.data,
            reference=form.reference.data or None,
            key=form.entry_key,
            by=on_duty(),
        )
        if banked:
            credited = money_of(banked.credited - banked.fee, here().currency)
            say(f"{money(form.foreign)} is at the bank, which gives {credited} for it.")
            return redirect(url_for("cashier.foreign_notes"))
    return _page(form)


@bp.route("/cashier/foreign-notes/<int:banked_id>/undo", methods=["GET", "POST"])
@allows(Permission.KEEP_CASH)
def undo_banking(banked_id: int) -> ResponseReturnValue:
    """Bring notes back into the safe that were banked by mistake today."""
    found, form = find(NotesBanked, banked_id), ReasonForm()
    back, notes = url_for("cashier.foreign_notes"), money_of(found.amount, found.currency)
    if form.validate_on_submit() and attempt(
        form, banking.undo, found, reason=form.reason.data or "", by=on_duty()
    ):
        say(f"{notes} is in the safe again.")
        return redirect(back)
    return reason_page("Undo the banking", notes, form, back)


@bp.route("/cashier/foreign-notes/<currency>/clear", methods=["GET", "POST"])
@allows(Permission.KEEP_CASH)
def clear_notes(currency: str) -> ResponseReturnValue:
    """Take what stands in the books of notes that all went to exchange differences."""
    left = banking.left_over(session(), here()).get(currency)
    if left is None:
        abort(404)
    form, back, amount = ReasonForm(), url_for("cashier.foreign_notes"), money(left)
    if form.validate_on_submit() and attempt(
        form, clearing.clear, here(), currency, reason=form.reason.data or "", by=on_duty()
    ):
        say(f"{amount} of {currency} is cleared: it went to exchange differences.")
        return redirect(back)
    return reason_page("Clear the rest", f"{currency}, {amount} without notes", form, back)


def _page(refused: BankForm | None = None) -> ResponseReturnValue:
    page = paging.page(
        sa.select(NotesBanked)
        .where(NotesBanked.hotel_id == here().id)
        .order_by(NotesBanked.id.desc())
    )
    in_safe = cashiers.in_the_safe(session(), here())
    form = refused or BankForm(formdata=None)
    form.currency.offer(in_safe)
    html = render_template(
        "cashier/foreign_notes.html",
        page=page,
        bankings=banking.bankings(session(), here(), page.rows),
        names=names({each.staff_id for each in page.rows}),
        in_safe=in_safe,
        left=banking.left_over(session(), here()),
        as_decimal=cashiers.as_decimal,
        form=form,
    )
    return html, 422 if refused else 200
