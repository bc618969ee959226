"""Deposits: what was paid before arrival, held on an account of its own until the party comes."""

from collections.abc import Iterable, Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.ledger import Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import prepaid_taxes
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.settlements import guarantees

_DEPOSIT = sa.select(ledger.Account.id).where(
    ledger.Account.hotel_id == sa.bindparam("hotel"), ledger.Account.code == sa.bindparam("code")
)


class DepositAfterArrival(Refusal):
    """Who is in house, or not expected any more, pays on the folio."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} isn't waiting to arrive. Take payment on the folio."
        )


class NoDeposit(Refusal):
    """Nothing is held for the reservation."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"No deposit is held for reservation {reservation.number}.")


def deposit_account(session: Session, hotel: Hotel, reservation: Reservation) -> int:
    """Return the account of what is paid before arrival, opened on first need."""
    number = reservation.number
    wanted = ledger.Wanted(
        ledger.Ledger.DEPOSIT, _deposit_code(reservation), f"Deposit for reservation {number}"
    )
    return ledger.accounts(session, hotel, [wanted])[wanted.code]


def deposit_there(session: Session, reservation: Reservation) -> int | None:
    """Return the account of what was paid before arrival, once there is one."""
    code = _deposit_code(reservation)
    return session.scalar(_DEPOSIT, {"hotel": reservation.hotel_id, "code": code})


def _deposit_code(reservation: Reservation) -> str:
    return f"deposit/{reservation.number}"


def deposit_held(session: Session, reservation: Reservation) -> Money:
    """Return what is held for a reservation before its arrival."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    account_id = deposit_there(session, reservation)
    if account_id is None:
        return Money.zero(hotel.currency)
    return held_on(session, hotel, account_id)


def held_on(session: Session, hotel: Hotel, account_id: int) -> Money:
    """Return what is held on the account of a deposit."""
    return Money(-ledger.balances(session, hotel, [account_id])[account_id], hotel.currency)


def deposits_held(
    session: Session, hotel: Hotel, reservations: Iterable[Reservation]
) -> dict[int, Money]:
    """Return what is held for each of these reservations, by their ids: two questions in all."""
    codes = {each.id: _deposit_code(each) for each in reservations}
    rows = session.execute(
        sa.select(ledger.Account.code, ledger.Account.id).where(
            ledger.Account.hotel_id == hotel.id, ledger.Account.code.in_(codes.values())
        )
    )
    accounts = {row.code: row.id for row in rows}
    sums = ledger.balances(session, hotel, accounts.values())
    return {
        reservation_id: Money(-sums.get(accounts.get(code, 0), 0), hotel.currency)
        for reservation_id, code in codes.items()
    }


def follow_deposit(
    session: Session, hotel: Hotel, reservation: Reservation, *, day: date, by: Staff
) -> None:
    """Let a locked reservation's guarantee follow its deposit, that came or was given back.

    The VAT of it follows the price of the stay.
    """
    held = deposit_held(session, reservation)
    guarantees.follow(session, hotel, reservation, held, day=day, by=by)
    follow_price(session, hotel, reservation, day=day, by=by)


def follow_price(
    session: Session, hotel: Hotel, reservation: Reservation, *, day: date, by: Staff
) -> bool:
    """Let the VAT of what is held follow the price of a locked party's stay; say if it changed."""
    account_id = deposit_there(session, reservation)
    if account_id is None:
        return False
    return prepaid_taxes.follow_price(
        session, hotel, reservation, account_id=account_id, day=day, by=by
    )


def price_changed(session: Session, reservation: Reservation, *, by: Staff) -> bool:
    """Let the VAT of what is held follow a price that was just changed; say if it changed.

    Whoever changed the price was allowed to. Where nobody asks, the audit does.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    return follow_price(session, hotel, reservation, day=day, by=by)


def repriced(session: Session, hotel: Hotel, day: date) -> list[Reservation]:
    """Return who is awaited and has deposits whose VAT isn't that of what the stay costs by now.

    Of those with whom something was done on this day, or the one before.
    """
    held = ledger.open_balances(session, hotel, ledger.Ledger.DEPOSIT)
    numbers = [int(code.removeprefix("deposit/")) for code, amount in held.items() if amount < 0]
    done = sa.exists().where(
        logbook.Line.hotel_id == Reservation.hotel_id,
        logbook.Line.noun == Reservation.__tablename__,
        logbook.Line.noun_id == Reservation.id,
        logbook.Line.business_day >= day - dates.ONE_DAY,
    )
    some = session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.number.in_(numbers),
            Reservation.state == State.BOOKED,
            done,
        )
        .order_by(Reservation.id)
    ).all()
    codes = {_deposit_code(each): each.id for each in some}
    there = sa.select(ledger.Account.code, ledger.Account.id).where(
        ledger.Account.hotel_id == hotel.id, ledger.Account.code.in_(codes)
    )
    accounts = {codes[code]: account_id for code, account_id in session.execute(there)}
    return prepaid_taxes.astray(session, hotel, some, accounts, day=day)


def follow_prices(
    session: Session, hotel: Hotel, some: list[Reservation], *, day: date, by: Staff
) -> Iterator[Reservation]:
    """Let the VAT of deposits follow the prices of stays, taken off the list one by one.

    Yields whose changed.
    """
    while some:
        each = some.pop(0)
        lock(session, each)
        if follow_price(session, hotel, each, day=day, by=by):
            yield each


def take_deposit(
    session: Session,
    reservation: Reservation,
    *,
    amount: Money,
    method: payments.Method,
    card: payments.CardSlip | None = None,
    tendered: Money | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> payments.Payment:
    """Take money before arrival: a liability until the party comes. Refuses who isn't awaited.

    Cash may be `tendered` in foreign notes as on a folio; it is given back in the house's money.
    """
    require(by, Permission.PAY, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise DepositAfterArrival(reservation)
    taken = payments.take(
        session,
        hotel,
        reservation,
        account_id=deposit_account(session, hotel, reservation),
        kind=payments.PaymentKind.DEPOSIT,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
        subject_id=reservation.id,
        key=key,
        day=day,
        by=by,
    )
    prepaid_taxes.owe(session, hotel, reservation, taken, day=day, by=by)
    follow_deposit(session, hotel, reservation, day=day, by=by)
    return taken


def return_deposit(
    session: Session,
    reservation: Reservation,
    *,
    amount: Money | None = None,
    method: payments.Method,
    card: payments.CardSlip | None = None,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> payments.Payment:
    """Give a deposit back, whole or in part. Refuses more than is held."""
    require(by, Permission.REFUND, reservation.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    account_id = deposit_there(session, reservation)
    if account_id is None:
        raise NoDeposit(reservation)
    if amount is None:
        amount = deposit_held(session, reservation)
        if not amount:
            raise NoDeposit(reservation)
    if not ledger.is_posted(session, hotel, key):
        payments.refuse_more_than_credit(session, hotel, account_id, amount)
    given = payments.give_back(
        session,
        hotel,
        reservation,
        account_id=account_id,
        entry_kind=Kind.DEPOSIT_RETURNED,
        amount=amount,
        method=method,
        card=card,
        reason=reason,
        subject_id=reservation.id,
        key=key,
        day=day,
        by=by,
    )
    prepaid_taxes.given_back(session, hotel, reservation, given, reason=reason, day=day, by=by)
    follow_deposit(session, hotel, reservation, day=day, by=by)
    return given
