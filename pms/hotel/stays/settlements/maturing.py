"""Maturing: a deposit becomes payment on the folio, of a stay that began or of a fee; and back."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money, total
from pms.base.refusal import Refusal
from pms.hotel.books import deposit_taxes, folios, ledger, papers, reserving
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import Paper
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import prepaid_taxes, traces
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.settlements.deposits import (
    NoDeposit,
    deposit_held,
    deposit_there,
    follow_deposit,
    held_on,
)
from pms.hotel.stays.settlements.folio import folio_of
from pms.hotel.tariff.charges import ChargeCode


class NothingOnTheBill(Refusal):
    """A deposit that is for a stay waits for it."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"The bill of reservation {reservation.number} owes nothing yet. The deposit goes onto "
            "it at check-in."
        )


def apply_deposit(
    session: Session, reservation: Reservation, *, amount: Money | None = None, by: Staff
) -> Money:
    """Let what was paid before arrival mature onto the first window; return how much that was.

    A refund on its way goes along with the whole; an `amount` pays a fee, and leaves behind what
    is on its way. What the guest disputes stays behind: the bank has taken it.
    """
    require(by, Permission.POST, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    account_id = deposit_there(session, reservation)
    if account_id is None:
        return Money.zero(hotel.currency)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    applied = held_on(session, hotel, account_id)
    if amount is not None:
        applied = min(applied - reserving.kept_back(session, hotel, account_id), amount)
    else:
        applied -= reserving.disputed(session, hotel, account_id)
    if applied.minor <= 0:
        return Money.zero(hotel.currency)
    window = _first_window(session, reservation, by=by)
    entry_id = _mature(
        session, hotel, reservation, applied, from_account=account_id, to_account=window, day=day,
        by=by,
    )  # fmt: skip
    prepaid_taxes.matured(
        session, hotel, reservation, amount=applied, account_id=account_id,
        entry_id=entry_id, pays_fee=amount is not None, day=day, by=by,
    )  # fmt: skip
    if amount is None:
        reserving.follow(session, hotel, from_account=account_id, to_account=window)
    logbook.record(
        session, "applied deposit", reservation, by=by, day=day, amount=applied, entry=entry_id
    )
    return applied


def put_on_bill(session: Session, reservation: Reservation, *, by: Staff) -> Money:
    """Let a deposit pay what is on the bill now, as the desk may ask; return how much that was.

    While a party is awaited that is what its bill owes, and the deposit's own invoice is credited
    by as much: it was for the stay, whose VAT no charge bears before it begins. What is above the
    price of the stay goes first; once nothing is held, it guarantees nothing. Refuses a bill that
    owes nothing by then. What is held of who won't come any more goes there whole.
    """
    require(by, Permission.POST, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        return apply_deposit(session, reservation, by=by)
    if reservation.folio_id is not None:  # nobody takes what it owes meanwhile
        lock(session, session.get_one(Folio, (hotel.id, reservation.folio_id)))
    owed = owed_on_bill(session, reservation)
    if owed.minor <= 0:
        raise NothingOnTheBill(reservation)
    applied = apply_deposit(session, reservation, amount=owed, by=by)
    follow_deposit(session, hotel, reservation, day=day, by=by)
    return applied


def owed_on_bill(session: Session, reservation: Reservation) -> Money:
    """Return what the first window of a party's bill owes; nothing where it has none."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    nothing = Money.zero(hotel.currency)
    if reservation.folio_id is None:
        return nothing
    folio = session.get_one(Folio, (hotel.id, reservation.folio_id))
    return max(folios.balance_of(session, folio).get(1, nothing), nothing)


def _first_window(session: Session, reservation: Reservation, *, by: Staff) -> int:
    """Return the account of the window deposits go to; its folio is locked, and open."""
    folio = folio_of(session, reservation, by=by)
    folios.lock_open(session, [folio])
    return folios.window_account(session, folio, 1)


def _mature(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    amount: Money,
    *,
    from_account: int,
    to_account: int,
    day: date,
    by: Staff,
) -> int:
    """Move money from where it was held to a window; return the entry."""
    draft = ledger.Draft(
        kind=Kind.DEPOSIT_APPLIED,
        text="Deposit",
        subject_id=reservation.id,
        lines=(ledger.Side(from_account, amount.minor), ledger.Side(to_account, -amount.minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    return posted.entry_id


def unapply_deposit(
    session: Session, reservation: Reservation, *, since: int, reason: str, by: Staff
) -> Money:
    """Take an applied deposit back off the folio when a check-in is undone; return how much.

    `since` is the id of what let it mature, a stay or a fee: what was put on the bill before that
    paid something else, and stays there.

    What of its invoice was credited, as it paid a fee that is taken back now, is invoiced anew; the
    desk is told to hand that out.

    A refund of it that is on its way goes back along. Refuses while one that was asked for on the
    folio needs the credit: it is booked there.
    """
    require(by, Permission.POST, reservation.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    account_id = deposit_there(session, reservation)
    matured = _matured(session, reservation, since=since)
    if not matured or account_id is None:
        return Money.zero(hotel.currency)
    window = _first_window(session, reservation, by=by)
    reserving.follow(session, hotel, from_account=window, to_account=account_id)
    amount = _came_from(session, hotel, account_id, matured)
    reserving.refuse_kept_back(session, hotel, window, amount, is_moved=True)
    issued: list[Paper] = []
    for entry in matured:
        folios.refuse_moved(session, entry)
        folios.refuse_invoiced(session, entry)
        undone = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
        deposit_taxes.owe_again(
            session, hotel, moved_id=entry.id, reversal_id=undone.entry_id, day=day, by=by
        )
        if deposit_taxes.was_credited(session, hotel.id, entry.id):
            issued += papers.invoice_again(
                session, hotel, undone.entry_id, day=day, by=staff.the_house(session, hotel)
            )
    _tell_of(session, hotel, reservation, issued, day=day)
    logbook.record(
        session, "took back deposit", reservation, by=by, day=day, why=reason, amount=amount
    )
    return amount


def _tell_of(
    session: Session, hotel: Hotel, reservation: Reservation, issued: Sequence[Paper], *, day: date
) -> None:
    """Tell the desk of invoices that a guest doesn't have yet."""
    if issued:
        labels = ", ".join(paper.label for paper in issued)
        traces.add(
            session, hotel, department=Department.FRONT_OFFICE, due_on=day,
            words=f"The deposit is invoiced anew, as {labels}: hand it to the guest",
            reservation=reservation, by=staff.the_house(session, hotel),
        )  # fmt: skip


def _matured(session: Session, reservation: Reservation, *, since: int) -> Sequence[Entry]:
    """Return the entries by which deposits stand on a folio since something, oldest first."""
    return session.scalars(
        sa.select(Entry)
        .where(
            Entry.hotel_id == reservation.hotel_id,
            Entry.subject_id == reservation.id,
            Entry.kind == Kind.DEPOSIT_APPLIED,
            Entry.id > since,
            ledger.standing(),
        )
        .order_by(Entry.id)
    ).all()


def _came_from(session: Session, hotel: Hotel, account_id: int, entries: Iterable[Entry]) -> Money:
    """Return how much entries took off an account."""
    taken = (
        Money(line.amount, hotel.currency)
        for entry in entries
        for line in ledger.lines_of(session, entry)
        if line.account_id == account_id
    )
    return total(taken, hotel.currency)


def keep_deposit(
    session: Session,
    reservation: Reservation,
    *,
    fee: Money,
    code: ChargeCode,
    by: Staff,
) -> Money:
    """Turn a deposit into a cancellation or no-show fee; return what is still to be given back.

    The fee is a charge with its taxes on the reservation's folio, and the deposit pays for it: fee
    and refund together are what was held. What the deposit doesn't cover stays owed.
    """
    require(by, Permission.POST, reservation.hotel_id)
    lock(session, reservation)
    if not deposit_held(session, reservation):
        raise NoDeposit(reservation)
    folio = folio_of(session, reservation, by=by)
    folios.charge(session, folio, code=code, amount=fee, window=1, is_fee=True, by=by)
    owed = folios.balance_of(session, folio)[1]
    apply_deposit(session, reservation, amount=owed, by=by)
    if folios.settled(session, folio):
        folios.close(session, folio, by=by)
    return deposit_held(session, reservation)
