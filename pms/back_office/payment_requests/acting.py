"""Acting on what guests gave: holds taken or let go, kept cards charged; disputes and payouts."""

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payment_requests.desk import bp
from pms.back_office.payment_requests.forms import CaptureForm, ChargeForm, EndForm, ForgetForm
from pms.base import clock
from pms.base.gateway import GUEST_NEEDED
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.house.staff import Permission
from pms.hotel.service.checkout import (
    CardHold,
    Deed,
    HoldState,
    Intent,
    IntentState,
    KeptCard,
    disputes,
    holding,
    intending,
    intents,
    payout_lines,
    payouts,
    putting_aside,
    standing_cards,
)
from pms.hotel.service.checkout import asking as requests_of
from pms.hotel.service.checkout.payouts import Payout, PayoutLine
from pms.hotel.stays.reservations import Reservation
from pms.web import paging, refused
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.checkout import carry_out, gateway
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import Form
from pms.web.saying import say, say_refused

C = TypeVar("C", CardHold, KeptCard)
DEEDS = {
    Deed.CHECKOUT: "Payment on the hosted page",
    Deed.CHARGE: "Charge of a kept card",
    Deed.RENEW: "Renewal of a hold",
    Deed.CAPTURE: "Taking a hold",
    Deed.RELEASE: "Letting a hold go",
    Deed.REFUND: "Refund",
}


@bp.get("/payment-requests/holds")
@allows(Permission.PAY)
def holds() -> ResponseReturnValue:
    """Show what is held on cards, the hold that dies first at the top."""
    return render_template("payment_requests/holds.html", holds=holding.standing(session(), here()))


@bp.get("/payment-requests/disputes")
@allows(Permission.PAY)
def disputed() -> ResponseReturnValue:
    """Show the payments that are disputed, or were."""
    listed = disputes.listed(session(), here())
    return render_template(
        "payment_requests/disputes.html",
        disputes=listed,
        parties=disputes.parties(session(), here(), listed),
        paid_out=payout_lines.of_disputes(session(), here(), listed),
    )


@bp.get("/payment-requests/put-aside")
@allows(Permission.PAY)
def put_aside() -> ResponseReturnValue:
    """Show answers that weren't what was asked for; each waits to be ended."""
    return render_template(
        "payment_requests/put_aside.html",
        intents=putting_aside.standing(session(), here()),
        deeds=DEEDS,
    )


@bp.route("/payment-requests/put-aside/<int:intent_id>", methods=["GET", "POST"])
@allows(Permission.REFUND)
def end_put_aside(intent_id: int) -> ResponseReturnValue:
    """End what is put aside: nothing of it is booked."""
    intent, form = find(Intent, intent_id), EndForm()
    if form.validate_on_submit():
        reason = form.reason.data or ""
        if attempt(form, putting_aside.end, intent, reason=reason, by=on_duty()):
            say("It is ended: nothing of it is booked, and nothing waits for it any more.")
            return redirect(url_for("payment_requests.put_aside"))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "payment_requests/end.html", intent=intent, deed=DEEDS[intent.deed], form=form
    ), status


@bp.get("/payment-requests/payouts")
@allows(Permission.REPORTS)
def paid_out() -> ResponseReturnValue:
    """Show what the gateway paid out, what it owes, and what isn't explained."""
    return render_template(
        "payment_requests/payouts.html",
        payouts=payouts.listed(session(), here()),
        odd=payouts.unexplained(session(), here()),
        kind_of=_kind_of,
        owed=payouts.owed(session(), here()),
    )


@bp.get("/payment-requests/payouts/<int:payout_id>")
@allows(Permission.REPORTS)
def payout(payout_id: int) -> ResponseReturnValue:
    """Show what one payout is made of: each line leads to the payment or dispute that it is."""
    found = find(Payout, payout_id)
    page = paging.page(
        sa.select(PayoutLine)
        .where(PayoutLine.hotel_id == found.hotel_id, PayoutLine.payout_id == found.id)
        .order_by(PayoutLine.id)
    )
    return render_template(
        "payment_requests/payout.html",
        payout=found,
        page=page,
        gross=Money(found.amount + found.fees, here().currency),
        net=Money(found.amount, here().currency),
        concerns=payout_lines.concerns(session(), here(), page.rows),
        kind_of=_kind_of,
    )


def _kind_of(line: PayoutLine) -> str:
    """Return what a payout's line is, in the house's words."""
    if line.kind in payouts.REFUNDS:
        return "Refund"
    if line.kind == payouts.RETURNED:
        return "Refund that came back"
    if line.dispute_id is not None:
        return "Dispute" if line.gross < 0 else "Dispute won"
    if line.gateway_payment_id is not None:
        return "Payment"
    return line.kind.replace("_", " ").capitalize()


@bp.get("/reservations/<int:reservation_id>/cards")
@allows(Permission.PAY)
def cards(reservation_id: int) -> ResponseReturnValue:
    """Show what a party was asked for, what is held, and which cards are kept.

    The address may say which `hold` is taken, which `card` charged; else it is the newest.
    """
    return _page(find(Reservation, reservation_id), CaptureForm(), ChargeForm())


@bp.post("/payment-requests/holds/<int:hold_id>/capture")
@allows(Permission.PAY)
def capture(hold_id: int) -> ResponseReturnValue:
    """Take a hold, in part or whole; the rest is let go."""
    hold, form = find(CardHold, hold_id), CaptureForm()
    reservation = find(Reservation, hold.reservation_id)
    if form.validate():
        intent = attempt(form, intending.capture, hold, amount=form.amount.data, by=on_duty())
        done = carry_out(form, intent)
        if done is not None and done.state is IntentState.SETTLED:
            say(f"{money(form.amount.data)} of the hold is taken; the rest is let go.")
        elif done is not None:
            say(f"The hold couldn't be taken: {done.refused or 'the gateway is still at it'}.")
    if form.said:
        return _page(reservation, form, ChargeForm(formdata=None), hold_id=hold_id, status=422)
    return redirect(url_for("payment_requests.cards", reservation_id=reservation.id))


@bp.post("/payment-requests/holds/<int:hold_id>/release")
@allows(Permission.PAY)
def release(hold_id: int) -> ResponseReturnValue:
    """Let a hold go."""
    hold, form = find(CardHold, hold_id), Form()
    intent = attempt(form, intending.release, hold, by=on_duty())
    if carry_out(form, intent) is not None:
        say("The hold is let go.")
    say_refused(form)
    return redirect(url_for("payment_requests.cards", reservation_id=hold.reservation_id))


@bp.post("/payment-requests/cards/<int:card_id>/charge")
@allows(Permission.CHARGE_CARD)
def charge(card_id: int) -> ResponseReturnValue:
    """Charge a kept card for what is owed, without its guest; also of a room it stands for."""
    card, form = find(KeptCard, card_id), ChargeForm()
    said = request.args.get("reservation")  # rubbish is nobody's room, least of all another's
    reservation = find(Reservation, card.reservation_id if said is None else whole(said) or 0)
    if form.validate() and form.amount.data is not None:
        intent = attempt(
            form, intending.charge, card, amount=form.amount.data, reason=form.reason.data or "",
            party=reservation, key=form.entry_key, by=on_duty(),
        )  # fmt: skip
        done = carry_out(form, intent)
        if done is not None and done.state is IntentState.SETTLED:
            say(f"{money(form.amount.data)} is charged to {card.words}.")
        elif done is not None and done.refused == GUEST_NEEDED:
            say(f"The bank of {card.words} wants its guest to agree. Send them this link.")
            return redirect(url_for("payment_requests.new", folio=done.folio_id))
        elif done is not None:
            say(f"{card.words} was declined: {done.refused}. The desk has a trace.")
    if form.said:
        return _page(reservation, CaptureForm(formdata=None), form, card_id=card_id, status=422)
    return redirect(url_for("payment_requests.cards", reservation_id=reservation.id))


@bp.post("/payment-requests/cards/<int:card_id>/forget")
@allows(Permission.PAY)
def forget(card_id: int) -> ResponseReturnValue:
    """Let a kept card be forgotten, as its guest may ask at any time."""
    card, form = find(KeptCard, card_id), ForgetForm()
    reservation_id = card.reservation_id
    if form.validate():
        reason = form.reason.data or ""
        try:
            intents.forget_card(session(), card, gateway, reason=reason, by=on_duty())
            say("The card is forgotten, here and at the gateway.")
        except Refusal as no:
            form.refuse(no)
    return refused.or_back(form, url_for("payment_requests.cards", reservation_id=reservation_id))


def _page(
    reservation: Reservation,
    taking: CaptureForm,
    charging: ChargeForm,
    *,
    hold_id: int | None = None,
    card_id: int | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    covered, until = holding.cover(session(), reservation)
    held = holding.of_reservation(session(), reservation)
    kept = standing_cards.of(session(), reservation)
    stand = [each for each in held if each.state is HoldState.HELD and _lasts(each)]
    owed = _owed(reservation)
    if not charging.is_submitted() and owed.minor > 0:
        charging.amount.data = owed
    html = render_template(
        "payment_requests/cards.html",
        reservation=reservation,
        requests=requests_of.of_reservation(session(), reservation),
        holds=held,
        cards=kept,
        hold=_chosen(stand, hold_id or request.args.get("hold", type=int)),
        card=_chosen(kept, card_id or request.args.get("card", type=int)),
        covered=covered,
        until=until,
        owed=owed,
        taking=taking,
        charging=charging,
        forgetting=ForgetForm(formdata=None),
    )
    return html, status


def _lasts(hold: CardHold) -> bool:
    return hold.capture_before > clock.now()


def _chosen(some: Sequence[C], wanted: int | None) -> C | None:
    """Return which of some holds or cards is worked with: the one that is wanted, or the first."""
    return next((each for each in some if each.id == wanted), some[0] if some else None)


def _owed(reservation: Reservation) -> Money:
    nothing = Money.zero(here().currency)
    if reservation.folio_id is None:
        return nothing
    folio = session().get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    return folios.balance_of(session(), folio).get(1, nothing)
