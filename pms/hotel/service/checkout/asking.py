"""Asking: a guest is asked for a payment, a hold or a card by a link; withdrawn, or run out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.gateway import card_step
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.house import business_day, logbook, numbers, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import modes
from pms.hotel.service.checkout.refusals import FinerThanCards, NobodyToAsk, NotAsked, NothingOwed
from pms.hotel.service.checkout.tables import (
    BOOKING_OVER,
    OPEN_STATES,
    CardConsent,
    PaymentPart,
    PaymentRequest,
    Purpose,
    RequestState,
)
from pms.hotel.stays.reservations import Reservation, State

MOST_DAYS = 90
SHOWN = 300
ENDED_BY = ("cancelled", "no-show")  # as the logbook says it


def ask(
    session: Session,
    hotel: Hotel,
    *,
    purpose: Purpose,
    amount: Money | None = None,
    reservation: Reservation | None = None,
    folio: Folio | None = None,
    window: int = 1,
    language: str = "en",
    expires_at: datetime,
    by: Staff,
) -> PaymentRequest:
    """Ask a guest for a deposit, a balance, a hold on a card or (no amount) the card itself.

    Refuses a hotel without a gateway, who can't owe it, more than a window owes, and a moment
    that is past or more than 90 days off. Asked for more than once, the guest sees each.
    """
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold(session, hotel)
    modes.needed(session, hotel)
    if purpose is Purpose.ROOMS:
        raise Invalid("Say what each room is to pay.", field="purpose")
    amount = _amount(hotel, purpose, amount)
    if purpose is Purpose.BALANCE:
        refuse_window(session, hotel, folio, window, amount)
    else:
        refuse_party(session, reservation, purpose)
        folio = None
    refuse_words(language, expires_at)
    return write(
        session, hotel, purpose=purpose, amount=amount, reservation=reservation, folio=folio,
        window=window, language=language, expires_at=expires_at, day=day, by=by,
    )  # fmt: skip


def write(
    session: Session,
    hotel: Hotel,
    *,
    purpose: Purpose,
    amount: Money,
    reservation: Reservation | None,
    folio: Folio | None = None,
    window: int = 1,
    language: str,
    expires_at: datetime,
    day: date,
    by: Staff,
) -> PaymentRequest:
    """Write a request down that was found in order.

    Refuses a hotel without a gateway, and what is finer than cards are charged.
    """
    mode = modes.needed(session, hotel)
    refuse_finer(amount)
    made = PaymentRequest(
        hotel_id=hotel.id,
        id=new_id(),
        number=numbers.next_number(session, hotel, "payment request"),
        purpose=purpose,
        reservation_id=reservation.id if reservation else None,
        folio_id=folio.id if folio else None,
        window=window,
        amount=amount.minor,
        mode=mode,
        language=language,
        asked_at=clock.now(),
        asked_by=by.id,
        expires_at=expires_at,
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "asked for payment", made, by=by, day=day, number=made.number,
        purpose=purpose.value, amount=amount,
    )  # fmt: skip
    return made


def _amount(hotel: Hotel, purpose: Purpose, amount: Money | None) -> Money:
    if purpose is Purpose.CARD:
        return Money.zero(hotel.currency)
    return refuse_amount(hotel, amount)


def refuse_amount(hotel: Hotel, amount: Money | None) -> Money:
    """Refuse what is no amount above zero in the hotel's currency; return it where it is."""
    if amount is None or amount.minor <= 0:
        raise Invalid("Say how much the guest is asked for.", field="amount")
    if amount.currency != hotel.currency:
        raise Invalid(f"{hotel.name} counts in {hotel.currency}.", field="amount")
    return amount


def refuse_finer(amount: Money) -> None:
    """Refuse an amount that no card can be charged to the unit."""
    step = card_step(amount.currency)
    if amount.minor % step:
        raise FinerThanCards(amount, step)


def refuse_window(
    session: Session, hotel: Hotel, folio: Folio | None, window: int, amount: Money
) -> None:
    """Refuse to ask for more than a window owes, and for one of a closed folio."""
    if folio is None:
        raise Invalid("Say which folio the guest is to pay.", field="folio")
    folios.lock_open(session, [folio])
    account_id = folios.window_account(session, folio, window)
    owed = folios.balance_of(session, folio)[window]
    if account_id and amount > max(owed, Money.zero(hotel.currency)):
        raise NothingOwed(owed)


def refuse_party(session: Session, reservation: Reservation | None, purpose: Purpose) -> None:
    """Refuse to ask a party that isn't there to be asked."""
    if reservation is None:
        raise Invalid("Say which reservation it is for.", field="reservation")
    lock(session, reservation)
    may = {State.BOOKED} if purpose is Purpose.DEPOSIT else {State.BOOKED, State.IN_HOUSE}
    if reservation.state not in may:
        state = reservation.state.value.replace("_", " ")
        raise NobodyToAsk(f"Reservation {reservation.number} is {state}.")


def refuse_words(language: str, expires_at: datetime) -> None:
    """Refuse a language that no page speaks, and a moment that is past or too far off."""
    if language not in LANGUAGES:
        raise Invalid("The page isn't written in that language.", field="language")
    if not clock.now() < expires_at <= clock.now() + timedelta(days=MOST_DAYS):
        raise Invalid(f"Say a day from now on, at most {MOST_DAYS} days off.", field="until")


def withdraw(session: Session, request: PaymentRequest, *, reason: str, by: Staff) -> None:
    """Take a request back: its link pays nothing any more. Refuses one that is over."""
    require(by, Permission.PAY, request.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, request.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, request)
    if request.state not in OPEN_STATES:
        raise NotAsked(request)
    end(session, request, RequestState.WITHDRAWN)
    logbook.record(session, "withdrew", request, by=by, day=day, why=reason, number=request.number)


def end(session: Session, request: PaymentRequest, state: RequestState) -> None:
    """End a request that is locked."""
    request.state, request.ended_at, request.refused = state, clock.now(), None
    request.version += 1
    session.flush()


def note_opened(session: Session, request: PaymentRequest, *, by: Staff) -> None:
    """Note that its guest looked at a request for the first time."""
    require(by, Permission.LOOK, request.hotel_id)
    lock(session, request)
    if request.state is not RequestState.ASKED:
        return
    request.state, request.opened_at = RequestState.OPENED, clock.now()
    request.version += 1
    session.flush()
    day = business_day.today(session, session.get_one(Hotel, request.hotel_id))
    logbook.record(session, "was opened", request, by=by, day=day, number=request.number)


def consent(
    session: Session, request: PaymentRequest, *, words: str, language: str, address: str, by: Staff
) -> CardConsent:
    """Write down that its guest agreed to a card being kept, in these words."""
    require(by, Permission.LOOK, request.hotel_id)
    given = CardConsent(
        hotel_id=request.hotel_id,
        id=new_id(),
        request_id=request.id,
        words=words,
        language=language,
        given_at=clock.now(),
        address=address[:64],
    )
    session.add(given)
    session.flush()
    day = business_day.today(session, session.get_one(Hotel, request.hotel_id))
    logbook.record(session, "agreed to keep a card", request, by=by, day=day, language=language)
    return given


def expire_due(session: Session, hotel: Hotel, *, by: Staff, limit: int) -> int:
    """Let requests run out whose time is past, and withdraw those of bookings that are over.

    These ask for nothing from the moment in which their booking ends (`is_over`); here it is
    written down. Returns how many that were.
    """
    require(by, Permission.PAY, hotel.id)
    due = session.scalars(
        sa.select(PaymentRequest)
        .where(
            PaymentRequest.hotel_id == hotel.id,
            PaymentRequest.state.in_(OPEN_STATES),
            sa.or_(PaymentRequest.expires_at <= clock.now(), _of_who_wont_come()),
        )
        .order_by(PaymentRequest.expires_at)
        .limit(limit)
    ).all()
    day = business_day.hold(session, hotel)
    for request in due:
        lock(session, request)
        if request.state not in OPEN_STATES:
            continue
        if request.is_over:
            withdraw(session, request, reason="The booking is over", by=by)
        else:
            end(session, request, RequestState.EXPIRED)
            logbook.record(session, "ran out", request, by=by, day=day, number=request.number)
    return len(due)


def _of_who_wont_come() -> sa.ColumnElement[bool]:
    """Return what `PaymentRequest.is_over` says, for a query."""
    is_over = sa.and_(
        Reservation.hotel_id == PaymentRequest.hotel_id,
        sa.or_(
            Reservation.state.in_(BOOKING_OVER),
            Reservation.reinstated_at > PaymentRequest.asked_at,
        ),
    )
    its_own = sa.and_(
        PaymentRequest.purpose != Purpose.ROOMS, Reservation.id == PaymentRequest.reservation_id
    )
    of_rooms = sa.exists().where(
        PaymentPart.hotel_id == PaymentRequest.hotel_id,
        PaymentPart.request_id == PaymentRequest.id,
        PaymentPart.folio_id.is_(None),
        PaymentPart.reservation_id == Reservation.id,
    )
    return sa.exists().where(is_over, sa.or_(its_own, of_rooms))


def mail(
    session: Session,
    request: PaymentRequest,
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    by: Staff,
) -> Letter:
    """Mail the link, once more with each call; refuses a request that is over and no address."""
    require(by, Permission.PAY, request.hotel_id)
    hotel = session.get_one(Hotel, request.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, request)
    if not request.is_open:
        raise NotAsked(request)
    if not to.strip():
        raise Invalid("There is no e-mail address. Write one in, or show the code.", field="to")
    request.mails += 1
    request.mailed_to = to.strip()
    request.version += 1
    key = f"payment-request/{request.id}/{request.mails}"
    letter = outbox.write(
        session, hotel, key=key, to=to, subject=subject, text=text, html=html, by=by
    )
    logbook.record(session, "mailed", request, by=by, day=day, number=request.number)
    return letter


# --- looking --------------------------------------------------------------------------------------


def of_reservation(session: Session, reservation: Reservation) -> Sequence[PaymentRequest]:
    """Return what a party was asked for, alone or with a booking's other rooms; newest first."""
    together = sa.select(PaymentPart.request_id).where(
        PaymentPart.hotel_id == reservation.hotel_id,
        PaymentPart.reservation_id == reservation.id,
    )
    whose = [PaymentRequest.reservation_id == reservation.id, PaymentRequest.id.in_(together)]
    if reservation.folio_id is not None:
        whose.append(PaymentRequest.folio_id == reservation.folio_id)
    return session.scalars(
        sa.select(PaymentRequest)
        .where(PaymentRequest.hotel_id == reservation.hotel_id, sa.or_(*whose))
        .order_by(PaymentRequest.id.desc())
        .limit(SHOWN)
    ).all()


def ended_with(session: Session, reservation: Reservation) -> list[PaymentRequest]:
    """Return what a party that is over was asked for until it was, and hadn't done.

    Also what the worker wrote down as withdrawn since; not what was withdrawn, or ran out, before.
    """
    over = (State.CANCELLED, State.NO_SHOW)
    if reservation.state not in over:
        return []
    ended_at = session.scalar(
        sa.select(sa.func.max(logbook.Line.at)).where(
            logbook.Line.hotel_id == reservation.hotel_id,
            logbook.Line.noun == Reservation.__tablename__,
            logbook.Line.noun_id == reservation.id,
            logbook.Line.verb.in_(ENDED_BY),
        )
    )
    asked = [each for each in of_reservation(session, reservation) if each.folio_id is None]
    return [each for each in asked if _stood_until(each, ended_at, reservation.reinstated_at)]


def _stood_until(
    request: PaymentRequest, ended_at: datetime | None, since: datetime | None
) -> bool:
    """Tell whether a request asked for something until then; not what ended with an end before."""
    if since is not None and request.asked_at < since:
        return False
    if request.state is RequestState.WITHDRAWN and ended_at and request.ended_at:
        return request.ended_at >= ended_at
    return request.state in OPEN_STATES


def party_of(session: Session, request: PaymentRequest) -> Reservation | None:
    """Return the party whose guest is asked; None where a window is somebody else's to pay."""
    if request.folio_id is None:
        return request.reservation
    return session.scalar(
        sa.select(Reservation)
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Reservation.hotel_id,
                FolioWindow.folio_id == Reservation.folio_id,
                FolioWindow.payee_guest_id == Reservation.guest_id,
            ),
        )
        .where(
            Reservation.hotel_id == request.hotel_id,
            Reservation.folio_id == request.folio_id,
            FolioWindow.no == request.window,
        )
        .limit(1)
    )


def listed(
    session: Session, hotel: Hotel, states: Sequence[RequestState]
) -> Sequence[PaymentRequest]:
    """Return a hotel's requests in these states, the newest first, with their guests."""
    return session.scalars(
        sa.select(PaymentRequest)
        .options(joinedload(PaymentRequest.reservation).joinedload(Reservation.guest))
        .where(PaymentRequest.hotel_id == hotel.id, PaymentRequest.state.in_(states))
        .order_by(PaymentRequest.id.desc())
        .limit(SHOWN)
    ).all()
