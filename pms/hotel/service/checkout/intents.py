"""Intents: intended before, called with no transaction open, settled in one of their own.

Whatever dies between these steps, the reconciler ends: it asks the gateway about every intent
that nobody settled, under the key that was kept before the call left.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import perform, transaction
from pms.base.gateway import (
    Charge,
    Checkout,
    Gateway,
    GatewayAway,
    GatewayRefused,
    Heard,
    Mode,
    NoGateway,
    Takes,
)
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house import outbox, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import (
    card_guarantees,
    cards,
    holding,
    intending,
    modes,
    settling,
)
from pms.hotel.service.checkout.refusals import (
    AnotherAccount,
    CardOver,
    HoldBusy,
    HoldLapsed,
    HoldOver,
)
from pms.hotel.service.checkout.tables import (
    Deed,
    Intent,
    IntentState,
    KeptCard,
    PaymentRequest,
    Purpose,
)
from pms.hotel.stays.reservations import Reservation

Gateways = Callable[[str, Mode], Gateway]
Ask = Callable[[Gateway], Heard]

KEY_LIVES = timedelta(hours=23)  # a gateway keeps a key for a day at least
LONGEST_WAIT = timedelta(hours=6)
PAGE_LIVES = timedelta(hours=1)  # a hosted page, from the moment it is opened
AT_ONCE = 50  # intents that one round of the reconciler asks about

_TAKES = {Purpose.HOLD: Takes.HOLD, Purpose.CARD: Takes.CARD}


# --- one intent -----------------------------------------------------------------------------------


def carry_out(session: Session, intent: Intent, gateways: Gateways, *, back_to: str = "") -> Intent:
    """Say a committed intent to the gateway and settle what it answers.

    `back_to` is the address of the guest's page, for a hosted page. Raises GatewayAway where the
    outcome isn't known (the reconciler goes on), and GatewayRefused where nothing came of it.
    Refuses to ask another account than the hotel's: there, nothing would ever have come of it.
    """
    hotel = session.get_one(Hotel, intent.hotel_id)
    gateway, own = gateways(hotel.code, intent.mode), modes.noted_account(session, hotel)
    call = _call_of(session, hotel, intent, back_to)
    session.rollback()  # nothing is open while the outside is spoken to
    if own is not None and _account(gateway) not in {None, own}:
        raise AnotherAccount
    try:
        heard = call(gateway)
    except GatewayRefused as no:
        perform(session, partial(settling.fail, session, intent, no.sentence))
        raise
    return perform(session, lambda: settling.settle(session, intent, heard))


def _call_of(session: Session, hotel: Hotel, intent: Intent, back_to: str) -> Ask:
    """Put together what is said, while it can still be read."""
    key, amount = intent.key, Money(intent.amount, hotel.currency)
    payment, mine = str(intent.payment), settling.ours(intent)
    if intent.deed is Deed.CHECKOUT:
        page = _page(session, hotel, intent, back_to)
        return lambda gateway: gateway.open_checkout(page, key=key)
    if intent.deed is Deed.CAPTURE:
        return lambda gateway: gateway.capture(payment, amount, key=key)
    if intent.deed is Deed.RELEASE:
        return lambda gateway: gateway.release(payment, key=key)
    if intent.deed is Deed.REFUND:
        of = session.get_one(GatewayPayment, (hotel.id, intent.of_id)).named
        return lambda gateway: gateway.refund(of, amount, ours=mine, key=key)
    card = session.get_one(KeptCard, (hotel.id, intent.card_id))
    ask = Charge(
        customer=card.customer,
        method=card.method,
        amount=amount,
        holds=intent.deed is Deed.RENEW,
        words=f"{hotel.name}: {intent.reason or intent.words}",
        ours=mine,
    )
    return lambda gateway: gateway.charge(ask, key=key)


def _page(session: Session, hotel: Hotel, intent: Intent, back_to: str) -> Checkout:
    request = session.get_one(PaymentRequest, (hotel.id, intent.request_id))
    reservation = (
        session.get_one(Reservation, (hotel.id, request.reservation_id))
        if request.reservation_id is not None
        else None
    )
    page, mark, query = back_to.partition("?")
    looked_at = f"{page}/back{mark}{query}"  # also of who turns back: a card may be declined
    return Checkout(
        takes=_TAKES.get(request.purpose, Takes.PAYMENT),
        amount=Money(intent.amount, hotel.currency),
        words=intent.words,
        language=request.language,
        email=_address_of(reservation.guest.email) if reservation else None,
        paid_url=looked_at,
        back_url=looked_at,
        expires_at=intent.intended_at + PAGE_LIVES,
        ours=settling.ours(intent),
    )


def _address_of(kept: str | None) -> str | None:
    """Return an address that the gateway can write a receipt to.

    A profile may say `none` there: the gateway would refuse the page for it, and the guest asks.
    """
    try:
        return outbox.address(kept) if kept else None
    except Invalid:
        return None


def look(session: Session, intent: Intent, gateways: Gateways) -> Intent:
    """Ask the gateway where an intent stands, and settle that; an ended one is left alone.

    But for money given back, which a bank may send back days later; and for what failed and is
    known to the gateway, which may be paid after all. It is never asked for again.
    """
    if intent.state is IntentState.SETTLED and intent.deed is not Deed.REFUND:
        return intent
    if intent.state is IntentState.FAILED and intent.object_id is None:
        return intent
    hotel = session.get_one(Hotel, intent.hotel_id)
    gateway = gateways(hotel.code, intent.mode)
    if intent.deed in {Deed.CAPTURE, Deed.RELEASE}:
        return carry_out(session, intent, gateways)  # said twice, it is done once
    known, mine = intent.object_id, settling.ours(intent)
    if known is None and intent.deed is not Deed.CHECKOUT:
        if intent.intended_at > clock.now() - KEY_LIVES:
            return carry_out(session, intent, gateways)
        of, customer = _found_by(session, hotel, intent)
        session.rollback()
        heard = gateway.find(ours=mine, payment=of, customer=customer)
    elif known is not None:
        session.rollback()
        heard = gateway.look(known)
    else:
        heard = None  # a page whose address never came is a page nobody has seen
        if intent.intended_at > clock.now() - PAGE_LIVES:
            return intent
    if heard is None:
        return perform(session, lambda: settling.fail(session, intent, "nothing came of it"))
    return perform(session, lambda: settling.settle(session, intent, heard))


def _found_by(session: Session, hotel: Hotel, intent: Intent) -> tuple[str | None, str | None]:
    """Return the payment, or the customer, among whose things an intent's is looked for."""
    if intent.of_id is not None:
        return session.get_one(GatewayPayment, (hotel.id, intent.of_id)).named, None
    return None, session.get_one(KeptCard, (hotel.id, intent.card_id)).customer


def forget_card(
    session: Session, card: KeptCard, gateways: Gateways, *, reason: str, by: Staff
) -> KeptCard:
    """Let the gateway forget a card, then note it: one that dies between does both again."""
    require(by, Permission.PAY, card.hotel_id)
    hotel = session.get_one(Hotel, card.hotel_id)
    gateway, method = gateways(hotel.code, card.mode), card.method
    session.rollback()
    gateway.forget_card(method)
    return perform(session, partial(cards.end, session, card, reason=reason, by=by))


def close_pages(session: Session, request: PaymentRequest, gateways: Gateways) -> None:
    """Shut the hosted pages of a request that was withdrawn; one that was paid says so."""
    pages = session.scalars(
        sa.select(Intent).where(
            Intent.hotel_id == request.hotel_id,
            Intent.request_id == request.id,
            Intent.state == IntentState.CALLED,
            Intent.object_id.is_not(None),
        )
    ).all()
    for intent in pages:
        close_page(session, intent, gateways)


def close_page(session: Session, intent: Intent, gateways: Gateways) -> None:
    """Shut a hosted page, once; what it came to meanwhile is settled."""
    hotel = session.get_one(Hotel, intent.hotel_id)
    gateway, page = gateways(hotel.code, intent.mode), str(intent.object_id)
    session.rollback()
    heard: Heard | None = None
    with suppress(GatewayRefused):  # unknown to that account: there is nothing to shut
        heard = gateway.close_checkout(page)
    perform(session, partial(_note_shut, session, intent, heard))


def _note_shut(session: Session, intent: Intent, heard: Heard | None) -> None:
    """Settle what a page came to; it has no address any more, so nobody is sent there again."""
    if heard is not None:
        settling.settle(session, intent, heard)
    intent.url = None
    session.flush()


# --- the reconciler -------------------------------------------------------------------------------


def reconcile(session: Session, hotel: Hotel, gateways: Gateways) -> int:
    """Ask about every intent that nobody settled in time, and renew holds; how many were asked.

    Cards whose time is over are forgotten, and those that have run out guarantee nothing.
    """
    due = session.scalars(
        sa.select(Intent)
        .where(Intent.hotel_id == hotel.id, Intent.look_at <= clock.now())
        .order_by(Intent.look_at)
        .limit(AT_ONCE)
    ).all()
    for intent in due:
        _look_later(session, intent)
        try:
            look(session, intent, gateways)
        except (AnotherAccount, GatewayAway, GatewayRefused, NoGateway):
            continue  # asked again at its next time, or ended
    _renew_holds(session, hotel, gateways)
    _forget_cards(session, hotel, gateways)
    for party in card_guarantees.expired(session, hotel):
        perform(session, partial(card_guarantees.end_expired, session, party))
    return len(due)


def _look_later(session: Session, intent: Intent) -> None:
    """Say when to look again before looking: a look that dies isn't repeated at once."""
    with transaction(session):
        session.refresh(intent)
        if intent.look_at is not None:
            intent.looks = min(intent.looks + 1, 20)
            wait = min(timedelta(minutes=2**intent.looks), LONGEST_WAIT)
            intent.look_at = clock.now() + wait


def _renew_holds(session: Session, hotel: Hotel, gateways: Gateways) -> None:
    """Hold anew what dies within a day, then let the old hold go."""
    by = staff.the_house(session, hotel)
    for wanted, verb in ((holding.to_renew, intending.renew), (holding.renewed, intending.release)):
        for hold in wanted(session, hotel):
            try:
                intent = perform(session, partial(verb, session, hold, by=by))
                carry_out(session, intent, gateways)
            except (
                AnotherAccount, GatewayAway, GatewayRefused, NoGateway, HoldOver, HoldBusy,
                HoldLapsed,
            ):  # fmt: skip
                continue


def _forget_cards(session: Session, hotel: Hotel, gateways: Gateways) -> None:
    by = staff.the_house(session, hotel)
    for card in cards.due(session, hotel):
        try:
            forget_card(session, card, gateways, reason="The stay is over", by=by)
        except (GatewayAway, NoGateway, CardOver):
            continue


def account_of(session: Session, hotel: Hotel, mode: Mode | None, gateways: Gateways) -> str | None:
    """Return the gateway's own name for a hotel's account; None where it doesn't say so now.

    It is asked again before payouts are booked. A restricted key may not be told.
    """
    if mode is None:
        return None
    code = hotel.code
    session.rollback()  # nothing is open while the outside is spoken to
    try:
        return _account(gateways(code, mode))
    except NoGateway:
        return None


def _account(gateway: Gateway) -> str | None:
    try:
        return gateway.account()
    except (GatewayAway, GatewayRefused):
        return None
