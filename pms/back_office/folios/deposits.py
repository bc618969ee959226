"""Deposits: money taken before arrival, held until the party comes, applied or given back."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.folios import page
from pms.back_office.folios.forms import PayForm, ReasonForm, RefundForm
from pms.back_office.folios.payments import give_back_online
from pms.base.money import Money
from pms.hotel.books import deposit_taxes, papers, payments, reserving
from pms.hotel.books.cashiers import drawers
from pms.hotel.books.ledger import Account
from pms.hotel.books.payments import Payment, PaymentKind
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house.staff import Permission
from pms.hotel.service import held_deposits
from pms.hotel.service.checkout import disputes, refundable
from pms.hotel.stays import deposits_due, settlements
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("deposits", __name__)

PAYMENTS_AT_MOST, LOOKS_AHEAD = 100, 7


@bp.get("/deposits")
@allows(Permission.PAY)
def deposits() -> ResponseReturnValue:
    """Show the deposits that aren't paid, up to a week ahead, and those of who won't come."""
    until = here().business_date + timedelta(days=LOOKS_AHEAD)
    return render_template(
        "deposits/deposits.html",
        due=deposits_due.due(session(), here(), until=until),
        left=deposits_due.left(session(), here()),
        day=here().business_date,
    )


@bp.route("/reservations/<int:reservation_id>/deposit", methods=["GET", "POST"])
@allows(Permission.PAY)
def deposit(reservation_id: int) -> ResponseReturnValue:
    """Show what is held for a party that is still to come, and take more."""
    found, form = find(Reservation, reservation_id), PayForm()
    form.company.offer([], none="No company")
    form.offer_foreign()
    form.shows(found)
    if form.validate_on_submit() and form.amount.data is not None:
        taken = attempt(
            form,
            settlements.take_deposit,
            found,
            amount=form.amount.data,
            method=form.method,
            card=form.slip,
            tendered=form.foreign,
            reference=form.reference.data or None,
            key=form.entry_key,
            by=on_duty(),
        )
        if taken:
            said = f"{money(form.amount.data)} is held for reservation {found.number}."
            say(said + form.change_said)
            return redirect(url_for("deposits.deposit", reservation_id=reservation_id))
    return _page(
        found, form, RefundForm(formdata=None, prefix="back"), 422 if form.is_submitted() else 200
    )


@bp.post("/reservations/<int:reservation_id>/deposit/return")
@allows(Permission.REFUND)
def give_back(reservation_id: int) -> ResponseReturnValue:
    """Give a deposit back, whole or in part."""
    found, form = find(Reservation, reservation_id), RefundForm(prefix="back")
    form.offer_ways_back(_paid_online(found))
    if form.validate() and form.is_online:
        said = give_back_online(form, reservation=found)
        if said:
            say(said)
            return redirect(url_for("deposits.deposit", reservation_id=reservation_id))
    elif not form.said and form.amount.data is not None:
        given = attempt(
            form,
            held_deposits.give_back,
            found,
            amount=form.amount.data,
            method=form.method,
            card=form.slip,
            reason=form.reason.data or "",
            key=form.entry_key,
            by=on_duty(),
        )
        if given:
            say(f"{money(form.amount.data)} of the deposit is given back.")
            return redirect(url_for("deposits.deposit", reservation_id=reservation_id))
    anew = PayForm(formdata=None)
    anew.offer_foreign()
    return _page(found, anew, form, 422)


@bp.post("/reservations/<int:reservation_id>/deposit/apply")
@allows(Permission.POST)
def apply(reservation_id: int) -> ResponseReturnValue:
    """Let what is held pay the party's bill now; check-in puts all of it there by itself."""
    found, form = find(Reservation, reservation_id), Form()
    applied = attempt(form, held_deposits.put_on_bill, found, by=on_duty())
    if applied:
        say(f"{money(applied)} of the deposit is on the bill.")
    say_refused(form)
    if found.folio_id is None:
        return redirect(url_for("deposits.deposit", reservation_id=reservation_id))
    return redirect(url_for("folios.folio", folio_id=found.folio_id))


@bp.route(
    "/reservations/<int:reservation_id>/deposit/<int:payment_id>/void", methods=["GET", "POST"]
)
@allows(Permission.REFUND)
def void(reservation_id: int, payment_id: int) -> ResponseReturnValue:
    """Undo what was written down wrongly today: a deposit, or one given back."""
    found, paid, form = find(Reservation, reservation_id), find(Payment, payment_id), ReasonForm()
    if paid.account_id != settlements.deposit_there(session(), found):
        abort(404)
    amount = money(Money(abs(paid.amount), here().currency))
    if form.validate_on_submit():
        reason = form.reason.data or ""
        if attempt(form, held_deposits.void, found, paid, reason=reason, by=on_duty()):
            came = paid.kind is PaymentKind.DEPOSIT
            say(f"The {'deposit' if came else 'refund'} of {amount} is voided.")
            return redirect(url_for("deposits.deposit", reservation_id=reservation_id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "deposits/void.html", reservation=found, paid=paid, amount=amount, form=form
    ), status


def _page(found: Reservation, form: PayForm, back: RefundForm, status: int) -> ResponseReturnValue:
    held = settlements.deposit_held(session(), found)
    form.begin_with_last()
    back.begin_with_last()
    account = settlements.deposit_there(session(), found)
    back.offer_ways_back(
        _paid_online(found), payments.came_by(session(), here(), [account] if account else [])
    )
    disputed = reserving.disputed(session(), here(), account) if account else held - held
    free, is_awaited = held - disputed, found.state is State.BOOKED
    if free.minor > 0 and not back.amount.data:
        back.amount.data = free
    moved = _moved(found)
    html = render_template(
        "deposits/deposit.html",
        reservation=found,
        form=form,
        back=back,
        held=held,
        disputed=disputed,
        disputes=disputes.of_party(session(), found),
        is_awaited=is_awaited,
        for_bill=min(free, settlements.owed_on_bill(session(), found)) if is_awaited else free,
        moved=moved,
        voidable=_voidable(moved),
        paid_out=page.paid_out(each.entry_id for each in moved),
        taxes=_taxes_in(moved),
        invoices=papers.of_payments(session(), here(), [each.id for each in moved]),
        foreign=drawers.foreign_words(session(), here(), {each.entry_id for each in moved}),
    )
    return html, status


def _voidable(moved: list[Payment]) -> set[int]:
    """Return what can be voided, by its id: today's, not voided yet, and not paid online."""
    undone = {each.voids_id for each in moved}
    online = set(
        session().scalars(
            sa.select(GatewayPayment.payment_id).where(
                GatewayPayment.hotel_id == here().id,
                GatewayPayment.payment_id.in_([each.id for each in moved]),
            )
        )
    )
    return {
        each.id
        for each in moved
        if each.kind is not PaymentKind.VOID
        and each.business_day == here().business_date
        and each.id not in undone | online
    }


def _taxes_in(moved: list[Payment]) -> dict[int, list[str]]:
    """Say of each deposit what VAT is in it, and how that was reckoned."""
    owed = deposit_taxes.of_payments(session(), here().id, [each.id for each in moved])
    return {
        payment_id: [each.words(here().currency) for each in some]
        for payment_id, some in owed.items()
    }


def _paid_online(found: Reservation) -> list[tuple[GatewayPayment, Money]]:
    paid = refundable.accounts_behind(session(), here(), folio=None, reservation=found)
    return refundable.refundable(session(), here(), account_ids=paid)


def _moved(found: Reservation) -> list[Payment]:
    return list(
        session().scalars(
            sa.select(Payment)
            .join(
                Account,
                sa.and_(Account.hotel_id == Payment.hotel_id, Account.id == Payment.account_id),
            )
            .where(Payment.hotel_id == found.hotel_id, Account.code == f"deposit/{found.number}")
            .order_by(Payment.id.desc())
            .limit(PAYMENTS_AT_MOST)
        )
    )
