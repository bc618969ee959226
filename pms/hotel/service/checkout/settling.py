"""Settling: what a gateway says of an intent goes into the books, once, however often it is heard.

Webhook, return page and reconciler all come here; the day and the intent are locked first, so two
at once are one after the other. Money always finds a home that is the guest's: what nobody waited
for any more stands to their credit, with a trace for the desk.
"""

from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.gateway import GUEST_NEEDED, Heard, Mode, Stand
from pms.base.money import Money
from pms.hotel.books.payments.online import Through
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import (
    asking,
    card_guarantees,
    giving_back,
    intending,
    putting_aside,
    standing_cards,
)
from pms.hotel.service.checkout.homes import (
    OVER,
    THERE,
    actor,
    book,
    finish,
    reservation_of,
    tell_desk,
    trace,
)
from pms.hotel.service.checkout.tables import (
    OPEN_STATES,
    CardConsent,
    CardHold,
    Deed,
    HoldState,
    Intent,
    IntentState,
    KeptCard,
    PaymentRequest,
    Purpose,
    RequestState,
)
from pms.hotel.stays.reservations import State

_DONE = {Purpose.HOLD: "was held on a card", Purpose.CARD: "was given a card"}
_TAKEN = "A hold that was to be let go had been taken"


def settle(session: Session, intent: Intent, heard: Heard) -> Intent:
    """End an intent by what is heard of it, or note how far it is; heard twice, it ends once.

    What isn't what was asked for (another mode, currency, amount, or somebody else's) is never
    booked: it is put aside, with a trace.
    """
    hotel = session.get_one(Hotel, intent.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, intent)
    if intent.state is IntentState.SETTLED:
        giving_back.book_returned(session, hotel, intent, heard, day)
        return intent
    if intent.state is IntentState.FAILED and heard.stand in {Stand.OPEN, Stand.PENDING}:
        return intent  # it was ended here; what it comes to is still heard
    odd = _odd(session, hotel, intent, heard)
    if odd is not None:
        putting_aside.put_aside(session, hotel, intent, odd)
        return intent
    if intent.object_id is None and intent.deed not in {Deed.CAPTURE, Deed.RELEASE}:
        intent.object_id = heard.object_id or None
    intent.payment = heard.payment or intent.payment
    intent.url = heard.url or intent.url
    _END[intent.deed](session, hotel, intent, heard, day)
    session.flush()
    return intent


def _odd(session: Session, hotel: Hotel, intent: Intent, heard: Heard) -> str | None:
    """Say what of an answer isn't what was asked for.

    What was held may be taken in part, over there, before its page was ever heard of.
    """
    if heard.live is not (intent.mode is Mode.LIVE):
        return "It is of another mode"
    if heard.ours is not None and heard.ours != ours(intent):
        return "It isn't ours" if intent.deed not in {Deed.CAPTURE, Deed.RELEASE} else None
    if heard.amount is None:
        return None
    if heard.amount.currency != hotel.currency:
        return f"It is in {heard.amount.currency}"
    moves = heard.stand in {Stand.PAID, Stand.HELD} and intent.deed is not Deed.RELEASE
    is_taken = _holds(session, intent) and heard.stand is Stand.PAID
    fits = heard.amount.minor <= intent.amount if is_taken else heard.amount.minor == intent.amount
    if moves and not fits and not _still_held(intent, heard):
        return f"It is {heard.amount.said}, not what was asked for"
    return None


def _holds(session: Session, intent: Intent) -> bool:
    """Tell whether money was to be held by it, not taken."""
    if intent.deed is not Deed.CHECKOUT:
        return intent.deed is Deed.RENEW
    request = session.get_one(PaymentRequest, (intent.hotel_id, intent.request_id))
    return request.purpose is Purpose.HOLD


def _still_held(intent: Intent, heard: Heard) -> bool:
    return intent.deed is Deed.CAPTURE and heard.stand is Stand.HELD


def ours(intent: Intent) -> str:
    """Return what goes along to the gateway, to know our own by."""
    return f"{intent.id:x}"


# --- a hosted page --------------------------------------------------------------------------------


def _end_checkout(session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date) -> None:
    request = lock(session, session.get_one(PaymentRequest, (intent.hotel_id, intent.request_id)))
    stray = _why_stray(request)
    if heard.stand is Stand.PAID and request.purpose is not Purpose.HOLD:
        book(session, hotel, intent, heard, day, stray=stray)
        _done(session, hotel, request, day)
    elif heard.stand in {Stand.HELD, Stand.PAID}:
        held = _hold(session, hotel, intent, heard, day)
        if stray is not None and held.state is HoldState.HELD:
            trace(session, hotel, intent, f"{stray}: let the hold go, or keep it")
        _done(session, hotel, request, day)
    elif heard.stand is Stand.KEPT:
        _keep(session, hotel, intent, heard, day)
        finish(session, intent, IntentState.SETTLED)
        _done(session, hotel, request, day)
    elif heard.stand in {Stand.EXPIRED, Stand.RELEASED, Stand.DECLINED}:
        finish(session, intent, IntentState.FAILED, why=heard.refused or heard.stand.value)
        _note_refused(session, request, heard.refused)
    else:
        finish(session, intent, IntentState.CALLED, why=heard.refused)
        _note_refused(session, request, heard.refused)


def _why_stray(request: PaymentRequest) -> str | None:
    if request.state is RequestState.PAID:
        return f"Request {request.number} was paid twice"
    if request.state not in OPEN_STATES:
        return f"Request {request.number} was paid after it was {request.state.value}"
    return None


def _done(session: Session, hotel: Hotel, request: PaymentRequest, day: date) -> None:
    """Note that what was asked for is done."""
    if request.state is RequestState.PAID:
        return
    asking.end(session, request, RequestState.PAID)
    verb, house = _DONE.get(request.purpose, "was paid"), staff.the_house(session, hotel)
    logbook.record(session, verb, request, by=house, day=day, number=request.number)


def _note_refused(session: Session, request: PaymentRequest, why: str | None) -> None:
    if request.is_open and request.refused != why:
        request.refused = why[:80] if why else None
        request.version += 1
        session.flush()


# --- holds and cards ------------------------------------------------------------------------------


def _hold(
    session: Session,
    hotel: Hotel,
    intent: Intent,
    heard: Heard,
    day: date,
    *,
    renews: CardHold | None = None,
) -> CardHold:
    """Keep a hold; one that was taken over there, before it was heard of, is booked as well."""
    reservation = reservation_of(session, intent)
    if heard.payment is None or heard.amount is None or reservation is None:
        raise LookupError(f"{heard.object_id} holds nothing.")
    card = _keep(session, hotel, intent, heard, day) if renews is None else None
    held = CardHold(
        hotel_id=hotel.id,
        id=new_id(),
        reservation_id=reservation.id,
        card_id=card.id if card else (renews.card_id if renews else None),
        renews_id=renews.id if renews else None,
        mode=intent.mode,
        payment=heard.payment,
        words=Through(object_id="", mode=intent.mode, card=heard.card).words,
        amount=intent.amount,
        capture_before=heard.capture_before or clock.now(),
        held_at=clock.now(),
    )
    session.add(held)
    finish(session, intent, IntentState.SETTLED)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        trace(session, hotel, intent, "A card is held for a party that isn't coming: let it go")
    logbook.record(
        session, "held on a card", reservation, by=actor(session, hotel, intent), day=day,
        amount=Money(held.amount, hotel.currency), until=held.capture_before,
    )  # fmt: skip
    if heard.stand is Stand.PAID:
        taken_there(session, hotel, held, heard, day, by=actor(session, hotel, intent))
    return held


def taken_there(
    session: Session, hotel: Hotel, hold: CardHold, heard: Heard, day: date, *, by: Staff
) -> None:
    """Book what was taken of a hold that is locked, in the gateway's own pages; tell the desk."""
    if heard.amount is None:
        raise LookupError(f"{heard.object_id} says no amount.")
    made = intending.write(
        session, hotel, Deed.CAPTURE, mode=hold.mode, amount=heard.amount.minor, words=hold.words,
        hold_id=hold.id, reservation_id=hold.reservation_id, payment=hold.payment, by=by,
    )  # fmt: skip
    _end_capture(session, hotel, made, heard, day)
    words = f"{heard.amount.said} of the hold on {hold.words} were taken {THERE}"
    tell_desk(session, hotel, words, reservation_of(session, made))


def _keep(
    session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date
) -> KeptCard | None:
    """Keep a card by the gateway's names for it; only with the guest's consent."""
    if intent.consent_id is None or not (heard.customer and heard.method and heard.card):
        return None
    consent = session.get_one(CardConsent, (hotel.id, intent.consent_id))
    reservation = reservation_of(session, intent)
    if reservation is None:
        raise LookupError("A card of nobody.")
    kept = KeptCard(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        reservation_id=reservation.id,
        guest_id=reservation.guest_id,
        consent_id=consent.id,
        mode=intent.mode,
        customer=heard.customer,
        method=heard.method,
        brand=heard.card.brand[:24],
        last_four=heard.card.last_four,
        expires=heard.card.expires,
        kept_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    logbook.record(
        session, "kept a card", reservation, by=actor(session, hotel, intent), day=day,
        card=kept.words,
    )  # fmt: skip
    for room in standing_cards.rooms_of(session, kept):
        card_guarantees.follow(session, hotel, room, day=day, by=actor(session, hotel, intent))
    return kept


def end_hold(session: Session, hold: CardHold, state: HoldState, *, captured: int = 0) -> None:
    """End a hold that is locked."""
    hold.state, hold.captured, hold.ended_at = state, captured, clock.now()
    hold.version += 1
    session.flush()


def _end_capture(session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date) -> None:
    hold = lock(session, session.get_one(CardHold, (hotel.id, intent.hold_id)))
    if heard.stand is Stand.PAID and heard.amount is not None:
        is_wish = intent.deed is Deed.CAPTURE
        end_hold(session, hold, HoldState.CAPTURED, captured=heard.amount.minor)
        book(session, hotel, intent, heard, day, stray=None if is_wish else _TAKEN)
    elif heard.stand is Stand.RELEASED:
        is_wish = intent.deed is Deed.RELEASE
        end_hold(session, hold, HoldState.RELEASED if is_wish else HoldState.LAPSED)
        state = IntentState.SETTLED if is_wish else IntentState.FAILED
        finish(session, intent, state, why=None if is_wish else "the bank let the hold go")
        logbook.record(
            session, "let go a hold" if is_wish else "lost a hold", hold,
            by=actor(session, hotel, intent), day=day, amount=Money(hold.amount, hotel.currency),
        )  # fmt: skip
        if not is_wish:
            trace(session, hotel, intent, f"The hold on {hold.words} lapsed before it was taken")
    else:
        finish(session, intent, IntentState.CALLED)


def _end_renewal(session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date) -> None:
    old = lock(session, session.get_one(CardHold, (hotel.id, intent.hold_id)))
    if heard.stand in {Stand.HELD, Stand.PAID}:
        _hold(session, hotel, intent, heard, day, renews=old)
    elif heard.stand in {Stand.DECLINED, Stand.RELEASED, Stand.EXPIRED}:
        finish(session, intent, IntentState.FAILED, why=heard.refused or heard.stand.value)
        why = f"The hold on {old.words} couldn't be renewed ({heard.refused or 'refused'})"
        trace(session, hotel, intent, f"{why}: ask the guest for a card again")
    else:
        finish(session, intent, IntentState.CALLED)


def _end_charge(session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date) -> None:
    if heard.stand is Stand.PAID:
        book(session, hotel, intent, heard, day)
    elif heard.stand in {Stand.DECLINED, Stand.RELEASED, Stand.EXPIRED}:
        why = heard.refused or heard.stand.value
        finish(session, intent, IntentState.FAILED, why=why)
        amount = Money(intent.amount, hotel.currency)
        words = f"{intent.words}: the kept card was declined for {amount.said}"
        cure = (
            "Send the guest a link: they agree with their bank there"
            if why == GUEST_NEEDED
            else "Ask the guest for another payment"
        )
        trace(session, hotel, intent, f"{words} ({why}). {cure}")
    else:
        finish(session, intent, IntentState.CALLED)


# --- what came of nothing, and all ends ----------------------------------------------------------


def fail(session: Session, intent: Intent, why: str) -> Intent:
    """End an intent of which nothing came; one that is over stays as it is."""
    hotel = session.get_one(Hotel, intent.hotel_id)
    business_day.hold(session, hotel)
    lock(session, intent)
    if intent.state not in OVER:
        finish(session, intent, IntentState.FAILED, why=why)
    return intent


_END = {
    Deed.CHECKOUT: _end_checkout,
    Deed.CAPTURE: _end_capture,
    Deed.RELEASE: _end_capture,
    Deed.RENEW: _end_renewal,
    Deed.CHARGE: _end_charge,
    Deed.REFUND: giving_back.end_refund,
}
