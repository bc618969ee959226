"""Homes: whose account money that came online goes to, and the desk told of what nobody expected.

Money always stays the guest's: before arrival (and after a cancelling) on their deposit, else on
their folio, which is opened again where it was closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.gateway import Heard
from pms.base.money import Money
from pms.hotel.books import folios, ledger, reserving
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.payments import Payment, PaymentKind, online
from pms.hotel.books.payments.online import GatewayPayment, Through
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import parts
from pms.hotel.service.checkout.tables import Deed, Intent, IntentState, PaymentPart
from pms.hotel.stays import billing, prepaid_taxes, settlements, traces
from pms.hotel.stays.reservations import Reservation, State

BEFORE_ARRIVAL = {State.BOOKED, State.CANCELLED, State.NO_SHOW}
OVER = {IntentState.SETTLED, IntentState.FAILED}
THERE = "in the gateway's own pages"


@dataclass(frozen=True, slots=True)
class Home:
    """Whose account takes money in: a deposit, or a window of a folio; `stray` says why a trace."""

    account_id: int
    kind: PaymentKind
    thing: logbook.Thing
    stray: str | None

    def party(self, session: Session) -> Reservation | None:
        """Return whose stay it is about; None of a bill that is no party's own."""
        if isinstance(self.thing, Reservation):
            return self.thing
        return billing.party_of(session, self.thing) if isinstance(self.thing, Folio) else None


def book(
    session: Session,
    hotel: Hotel,
    intent: Intent,
    heard: Heard,
    day: date,
    *,
    stray: str | None = None,
) -> None:
    """Book money that was taken where it belongs, and trace what nobody waited for."""
    if heard.amount is None or heard.payment is None:
        raise LookupError(f"{heard.object_id} says no amount.")
    through = Through(object_id=heard.payment, mode=intent.mode, card=heard.card)
    shared = parts.of_intent(session, intent)
    if shared:
        _book_parts(session, hotel, intent, shared, through, day, stray=stray)
    else:
        taken = _book_on(session, hotel, intent, intent, heard.amount, through, day, stray=stray)
        intent.gateway_payment_id = taken.id
    finish(session, intent, IntentState.SETTLED)


def _book_parts(
    session: Session,
    hotel: Hotel,
    intent: Intent,
    shared: Sequence[PaymentPart],
    through: Through,
    day: date,
    *,
    stray: str | None,
) -> None:
    """Book one charge that pays for several rooms: to each what was fixed before."""
    alone = parts.alone(session, shared)
    for part in shared:
        twice = None
        if part.stands_for_id is not None:
            twice = parts.end_alone(session, hotel, part, alone[part.stands_for_id], day)
        amount = Money(part.amount, hotel.currency)
        share = replace(through, part=part.no)
        _book_on(session, hotel, intent, part, amount, share, day, stray=stray or twice)


def _book_on(
    session: Session,
    hotel: Hotel,
    intent: Intent,
    whose: Intent | PaymentPart,
    amount: Money,
    through: Through,
    day: date,
    *,
    stray: str | None,
) -> GatewayPayment:
    """Book money on one account: an intent's, or one room's of several."""
    home = home_of(session, hotel, whose.reservation_id, whose.folio_id, whose.window)
    taken = online.take(
        session, hotel, home.thing, account_id=home.account_id, kind=home.kind, amount=amount,
        through=through,
        subject_id=whose.reservation_id if home.kind is PaymentKind.DEPOSIT else None, day=day,
        by=actor(session, hotel, intent),
    )  # fmt: skip
    deposit_came(session, hotel, home, taken, day, by=actor(session, hotel, intent))
    stray = stray or home.stray or _too_much(session, hotel, home)
    if stray is not None:
        words = f"{stray}: {amount.said} stand to the guest's credit."
        words = f"{words} Give it back, or use it as they wish."
        tell_desk(session, hotel, words, _party(session, whose, home))
    return taken


def _party(session: Session, whose: Intent | PaymentPart, home: Home) -> Reservation | None:
    """Return whose stay money is about: that of a bill, where a bill was asked for."""
    return reservation_of(session, whose) or home.party(session)


def deposit_came(
    session: Session, hotel: Hotel, home: Home, taken: GatewayPayment, day: date, *, by: Staff
) -> None:
    """Owe the VAT of a deposit that came online; it guarantees the stay."""
    if isinstance(home.thing, Reservation):
        payment = session.get_one(Payment, (hotel.id, taken.payment_id))
        prepaid_taxes.owe(session, hotel, home.thing, payment, day=day, by=by)
        settlements.follow_deposit(session, hotel, home.thing, day=day, by=by)


def _too_much(session: Session, hotel: Hotel, home: Home) -> str | None:
    """Say that a window is in credit by what came: it was paid in another way meanwhile."""
    if home.kind is not PaymentKind.PAYMENT:
        return None
    stands = ledger.balances(session, hotel, [home.account_id])[home.account_id]
    if stands >= 0:
        return None
    bill = home.thing if isinstance(home.thing, Folio) else None
    return f"More was paid than is owed{f' on folio {bill.number}, {bill.name}' if bill else ''}"


def home_of(
    session: Session, hotel: Hotel, reservation_id: int | None, folio_id: int | None, window: int
) -> Home:
    """Return whose account money goes to: the deposit before arrival, else the folio.

    A folio that was closed is opened again, since what came isn't the hotel's.
    """
    reservation = (
        lock(session, session.get_one(Reservation, (hotel.id, reservation_id)))
        if reservation_id is not None
        else None
    )
    if folio_id is None and reservation is not None and reservation.state in BEFORE_ARRIVAL:
        account_id = settlements.deposit_account(session, hotel, reservation)
        is_off = reservation.state is not State.BOOKED
        stray = f"Booking {reservation.number} is over, and was paid" if is_off else None
        return Home(account_id, PaymentKind.DEPOSIT, reservation, stray)
    if folio_id is not None:
        folio = session.get_one(Folio, (hotel.id, folio_id))
    elif reservation is not None:
        folio = settlements.folio_of(session, reservation, by=staff.the_house(session, hotel))
    else:
        raise LookupError("Money of nobody.")
    return _on_folio(session, hotel, folio, window)


def _on_folio(session: Session, hotel: Hotel, folio: Folio, window: int) -> Home:
    """Return a window of a folio, which is locked, and open."""
    lock(session, folio)
    stray = None
    if folio.state is FolioState.CLOSED:
        house = staff.the_house(session, hotel)
        folios.reopen(session, folio, reason="Paid online after it was closed", by=house)
        stray = f"Folio {folio.number} was closed, and was paid"
    return Home(folios.window_account(session, folio, window), PaymentKind.PAYMENT, folio, stray)


def home_of_refund(
    session: Session,
    hotel: Hotel,
    reservation_id: int | None,
    folio_id: int | None,
    window: int,
    amount: Money,
) -> Home:
    """Return whose account money went back of, which is a fact whatever is left there.

    A deposit is never owed by the guest: where less of it is held by now (it paid a fee, or was
    given back at the desk), all that went back stands on the bill.
    """
    home = home_of(session, hotel, reservation_id, folio_id, window)
    party = home.thing
    if not isinstance(party, Reservation) or settlements.deposit_held(session, party) >= amount:
        return home
    folio = settlements.folio_of(session, party, by=staff.the_house(session, hotel))
    return _on_folio(session, hotel, folio, 1)


# --- what every ending needs ---


def trace(session: Session, hotel: Hotel, whose: Intent | PaymentPart, words: str) -> None:
    """Tell the desk of something about a party: an intent's, or one room's of several."""
    reservation = reservation_of(session, whose)
    tell_desk(session, hotel, words, reservation)


def tell_desk(
    session: Session, hotel: Hotel, words: str, reservation: Reservation | None = None
) -> None:
    """Trace something for the front office today."""
    traces.add(
        session, hotel, department=Department.FRONT_OFFICE,
        due_on=business_day.today(session, hotel), words=words[: traces.LONGEST],
        reservation=reservation, by=staff.the_house(session, hotel),
    )  # fmt: skip


def reservation_of(session: Session, whose: Intent | PaymentPart) -> Reservation | None:
    """Return the reservation that an intent, or a part of one, is about."""
    if whose.reservation_id is None:
        return None
    return session.get_one(Reservation, (whose.hotel_id, whose.reservation_id))


def actor(session: Session, hotel: Hotel, intent: Intent) -> Staff:
    """Return who asked for it."""
    return session.get_one(Staff, (hotel.chain_id, intent.staff_id))


def finish(session: Session, intent: Intent, state: IntentState, *, why: str | None = None) -> None:
    """End an intent, or (called) let it be looked at again."""
    intent.state = state
    intent.refused = why[:300] if why else None
    if state in OVER:
        intent.ended_at, intent.look_at = clock.now(), None
        if intent.deed is Deed.REFUND:
            reserving.free(session, intent.hotel_id, of=intent.id)
    session.flush()
