"""Intending: what is to be asked of the gateway is written down first, with the key it goes under.

Nothing leaves the house here. Each verb checks what may be asked, and returns the intent that
`intents.carry_out` says to the gateway once it is committed.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, payments, reserving
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import (
    asking,
    modes,
    refundable,
    sent,
    standing_cards,
    still_owed,
)
from pms.hotel.service.checkout.refusals import (
    CardOver,
    HoldBusy,
    HoldLapsed,
    HoldOver,
    HoldRenewed,
    MoreThanAgreed,
    MoreThanHeld,
    MoreThanLeft,
    NotAsked,
)
from pms.hotel.service.checkout.tables import (
    CardConsent,
    CardHold,
    Deed,
    HoldState,
    Intent,
    KeptCard,
    PaymentRequest,
)
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation

FIRST_LOOK = timedelta(minutes=1)  # when the reconciler asks of what nobody settled
PAGES_AT_ONCE = 10  # hosted pages of one request in an hour


def pay(
    session: Session, request: PaymentRequest, *, words: str, consent: CardConsent | None, by: Staff
) -> Intent:
    """Intend a hosted page for a request; refuses one that is over, or opened again and again.

    Also of a bill that owes less by now than was asked for.
    """
    require(by, Permission.PAY, request.hotel_id)
    hotel = session.get_one(Hotel, request.hotel_id)
    business_day.hold(session, hotel)
    lock(session, request)
    if not request.is_open or request.expires_at <= clock.now():
        raise NotAsked(request)
    modes.refuse_other(session, hotel, request.mode)
    still_owed.refuse_less_owed(session, request, currency=hotel.currency)
    lately = session.scalar(
        sa.select(sa.func.count()).where(
            Intent.hotel_id == hotel.id,
            Intent.request_id == request.id,
            Intent.intended_at > clock.now() - timedelta(hours=1),
        )
    )
    if (lately or 0) >= PAGES_AT_ONCE:
        raise Invalid("This was tried very often. Wait an hour, or come to the desk.")
    return write(
        session, hotel, Deed.CHECKOUT, mode=request.mode, amount=request.amount, words=words,
        request_id=request.id, reservation_id=request.reservation_id, folio_id=request.folio_id,
        window=request.window, consent_id=consent.id if consent else None, by=by,
    )  # fmt: skip


def capture(session: Session, hold: CardHold, *, amount: Money | None = None, by: Staff) -> Intent:
    """Intend to take what is held, or a part.

    Refuses nothing or too much, what is over, lapsed or busy, and what was renewed: its renewal
    is taken.
    """
    require(by, Permission.PAY, hold.hotel_id)
    hotel = _of_hold(session, hold)
    _refuse_renewed(session, hold)
    held = Money(hold.amount, hotel.currency)
    amount = held if amount is None else amount
    if hold.capture_before <= clock.now():
        raise HoldLapsed
    if amount.minor <= 0:
        raise Invalid("Say how much is taken, above zero.", field="amount")
    if amount.currency != held.currency or amount > held:
        raise MoreThanHeld(held)
    return write(
        session, hotel, Deed.CAPTURE, mode=hold.mode, amount=amount.minor, words=hold.words,
        hold_id=hold.id, reservation_id=hold.reservation_id, payment=hold.payment, by=by,
    )  # fmt: skip


def release(session: Session, hold: CardHold, *, by: Staff) -> Intent:
    """Intend to let a hold go; refuses one that is over, or being taken."""
    require(by, Permission.PAY, hold.hotel_id)
    hotel = _of_hold(session, hold)
    return write(
        session, hotel, Deed.RELEASE, mode=hold.mode, amount=hold.amount, words=hold.words,
        hold_id=hold.id, reservation_id=hold.reservation_id, payment=hold.payment, by=by,
    )  # fmt: skip


def renew(session: Session, hold: CardHold, *, by: Staff) -> Intent:
    """Intend to hold the same amount on the same kept card anew, before the hold dies."""
    require(by, Permission.PAY, hold.hotel_id)
    hotel = _of_hold(session, hold)
    card = session.get_one(KeptCard, (hotel.id, hold.card_id)) if hold.card_id else None
    if card is None or card.ended_at is not None:
        raise HoldLapsed
    return write(
        session, hotel, Deed.RENEW, mode=hold.mode, amount=hold.amount, words=hold.words,
        hold_id=hold.id, card_id=card.id, reservation_id=hold.reservation_id, by=by,
    )  # fmt: skip


def _of_hold(session: Session, hold: CardHold) -> Hotel:
    hotel = session.get_one(Hotel, hold.hotel_id)
    business_day.hold(session, hotel)
    lock(session, hold)
    if hold.state is not HoldState.HELD:
        raise HoldOver(hold)
    modes.refuse_other(session, hotel, hold.mode)
    busy = session.scalar(
        sa.select(Intent.id).where(
            Intent.hotel_id == hotel.id,
            Intent.hold_id == hold.id,
            Intent.state.in_(refundable.ON_ITS_WAY),
        )
    )
    if busy is not None:
        raise HoldBusy
    return hotel


def _refuse_renewed(session: Session, hold: CardHold) -> None:
    renewal = session.scalar(
        sa.select(CardHold.id).where(
            CardHold.hotel_id == hold.hotel_id,
            CardHold.renews_id == hold.id,
            CardHold.state.in_((HoldState.HELD, HoldState.CAPTURED)),
        )
    )
    if renewal is not None:
        raise HoldRenewed


def charge(
    session: Session,
    card: KeptCard,
    *,
    amount: Money,
    reason: str,
    party: Reservation | None = None,
    key: str | None = None,
    by: Staff,
) -> Intent:
    """Intend to charge a kept card without its guest; refuses more than the guest agreed to.

    That is what is owed on the folio: a no-show's or a late cancelling's fee by the terms booked
    under, and what was charged of the stay and not paid. `party` is whose it is, where the card
    stands for another room of the booking; refuses one that it wasn't given for. A page's `key`
    that was sent before gives what it intended then.
    """
    require(by, Permission.CHARGE_CARD, card.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, card.hotel_id)
    business_day.hold(session, hotel)
    lock(session, card)
    there = sent.before(session, hotel, key, deed=Deed.CHARGE, amount=amount, card_id=card.id)
    if there is not None:
        return there
    if card.ended_at is not None:
        raise CardOver(card)
    modes.refuse_other(session, hotel, card.mode)
    reservation = party or session.get_one(Reservation, (hotel.id, card.reservation_id))
    standing_cards.refuse_others(session, card, reservation)
    folio, owed = _owed(session, hotel, reservation)
    of_party = Intent.reservation_id == reservation.id  # whichever of their cards it is on
    owed = owed - refundable.pending(session, hotel, sa.and_(Intent.deed == Deed.CHARGE, of_party))
    if folio is None or not 0 < amount.minor <= owed.minor:
        raise MoreThanAgreed(max(owed, Money.zero(hotel.currency)))
    return write(
        session, hotel, Deed.CHARGE, mode=card.mode, amount=amount.minor, words=card.words,
        card_id=card.id, reservation_id=reservation.id, folio_id=folio.id, reason=reason,
        key=key, by=by,
    )  # fmt: skip


def _owed(session: Session, hotel: Hotel, reservation: Reservation) -> tuple[Folio | None, Money]:
    """Return a reservation's folio and what is owed in its first window."""
    nothing = Money.zero(hotel.currency)
    if reservation.folio_id is None:
        return None, nothing
    folio = session.get_one(Folio, (hotel.id, reservation.folio_id))
    return folio, folios.balance_of(session, folio).get(1, nothing)


def refund(
    session: Session,
    of: GatewayPayment,
    *,
    amount: Money,
    reason: str,
    folio: Folio | None = None,
    window: int = 1,
    reservation: Reservation | None = None,
    key: str | None = None,
    by: Staff,
) -> Intent:
    """Intend to give back online what a window or a deposit is in credit, of one payment.

    Refuses more than the credit, and more than is left of that payment; what is on its way counts.
    A page's `key` that was sent before gives what it intended then.
    """
    require(by, Permission.REFUND, of.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, of.hotel_id)
    business_day.hold(session, hotel)
    lock(session, of)
    there = sent.before(session, hotel, key, deed=Deed.REFUND, amount=amount, of_id=of.id)
    if there is not None:
        return there
    modes.refuse_other(session, hotel, of.mode)
    if amount.minor <= 0:
        raise payments.AmountNotPositive
    account_id = _account(session, hotel, folio, window, reservation)
    rest = refundable.left(session, hotel, of)
    if amount > rest:
        raise MoreThanLeft(rest)
    payments.refuse_more_than_credit(session, hotel, account_id, amount)
    made = write(
        session, hotel, Deed.REFUND, mode=of.mode, amount=amount.minor, words="Refund",
        of_id=of.id, folio_id=folio.id if folio else None, window=window,
        reservation_id=reservation.id if reservation else None, reason=reason, key=key, by=by,
    )  # fmt: skip
    reserving.reserve(session, hotel, account_id, amount, of=made.id)
    return made


def _account(
    session: Session,
    hotel: Hotel,
    folio: Folio | None,
    window: int,
    reservation: Reservation | None,
) -> int:
    if folio is not None:
        folios.lock_open(session, [folio])
        return folios.window_account(session, folio, window)
    if reservation is None:
        raise Invalid("Say what it is given back of.", field="folio")
    lock(session, reservation)
    return settlements.deposit_account(session, hotel, reservation)


def write(
    session: Session,
    hotel: Hotel,
    deed: Deed,
    *,
    mode: Mode,
    amount: int,
    words: str,
    key: str | None = None,
    by: Staff,
    **about: Any,
) -> Intent:
    """Write an intent down with the key it goes under; whoever asks has checked what may be."""
    asking.refuse_finer(Money(amount, hotel.currency))
    intent_id = new_id()
    made = Intent(
        hotel_id=hotel.id,
        id=intent_id,
        deed=deed,
        mode=mode,
        key=key or f"pms/{intent_id:x}",
        amount=amount,
        words=words,
        staff_id=by.id,
        intended_at=clock.now(),
        look_at=clock.now() + FIRST_LOOK,
        **about,
    )
    session.add(made)
    session.flush()
    day = business_day.today(session, hotel)
    logbook.record(
        session, "intended", made, by=by, day=day, deed=deed.value,
        amount=Money(amount, hotel.currency),
    )  # fmt: skip
    return made
