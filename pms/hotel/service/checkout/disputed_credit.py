"""Disputed credit: what a bank has taken of a payment isn't the guest's to get here a second time.

While a dispute is open the credit it is about is kept back. When it is lost the guest has the money
from the bank: the credit that is still there goes, so that the house loses no more than was used up
already. When it is won, also on appeal, all of it is the guest's credit again.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import deposit_taxes, folios, ledger, papers, reserving
from pms.hotel.books.folios import Folio, FolioState, FolioWindow
from pms.hotel.books.papers import Paper
from pms.hotel.books.payments import PaymentKind
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.books.reserving import CreditReserve
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import deposit_guarantees
from pms.hotel.stays import prepaid_taxes
from pms.hotel.stays.reservations import Reservation

LOST = ledger.Wanted(
    ledger.Ledger.REVENUE, "revenue/miscellaneous/disputed", "Lost to disputed payments"
)


def keep_back(
    session: Session, hotel: Hotel, dispute_id: int, payments: list[GatewayPayment], minor: int
) -> None:
    """Keep back what is disputed of a charge: of its payments in order, each room's part."""
    for payment in payments:
        share = min(payment.amount, minor)
        if share > 0:
            was_deposit = payment.payment.kind is PaymentKind.DEPOSIT
            account_id = _stands_on(session, hotel, payment)
            reserving.reserve_disputed(
                session, hotel, account_id, Money(share, hotel.currency), dispute_id=dispute_id,
                of_deposit=was_deposit,
            )  # fmt: skip
        minor -= max(share, 0)


def _stands_on(session: Session, hotel: Hotel, payment: GatewayPayment) -> int:
    """Return the account a payment stands on, locked: a deposit's folio once it matured there."""
    account_id = payment.payment.account_id
    party = _party(session, hotel, account_id)
    if party is None or party.folio_id is None:
        return account_id
    if ledger.balances(session, hotel, [account_id])[account_id] < 0:
        return account_id
    folio = lock(session, session.get_one(Folio, (hotel.id, party.folio_id)))
    return folios.window_account(session, folio, 1)


def _party(session: Session, hotel: Hotel, account_id: int) -> Reservation | None:
    """Return whose deposit an account is, locked."""
    code = session.get_one(ledger.Account, (hotel.id, account_id)).code
    kind, _, number = code.partition("/")
    if kind != "deposit":
        return None
    found = sa.select(Reservation).where(
        Reservation.hotel_id == hotel.id, Reservation.number == int(number)
    )
    return lock(session, session.scalars(found).one())


def take_off(
    session: Session, hotel: Hotel, dispute_id: int, named: str, *, day: date, by: Staff
) -> None:
    """Take off what is still in credit of a lost payment; what is used up stays the house's loss.

    That is still kept back: no credit which arises later is handed out for it.
    """
    for kept in reserving.of_dispute(session, hotel, dispute_id):
        off = min(kept.amount, _open_credit(session, hotel, kept.account_id))
        if off:
            _post_loss(session, hotel, kept, off, named, day=day, by=by)
            kept.amount -= off
        if not kept.amount:
            session.delete(kept)
    session.flush()


def _open_credit(session: Session, hotel: Hotel, account_id: int) -> int:
    """Return the minor units an account is in credit; none of a folio that is closed."""
    if _party(session, hotel, account_id) is None:
        folio = _folio(session, hotel, account_id)
        if folio.state is not FolioState.OPEN:
            return 0
    return max(-ledger.balances(session, hotel, [account_id])[account_id], 0)


def _folio(session: Session, hotel: Hotel, account_id: int) -> Folio:
    """Return the folio of a window's account, locked."""
    found = (
        sa.select(Folio)
        .join(
            FolioWindow,
            sa.and_(FolioWindow.hotel_id == Folio.hotel_id, FolioWindow.folio_id == Folio.id),
        )
        .where(Folio.hotel_id == hotel.id, FolioWindow.account_id == account_id)
    )
    return lock(session, session.scalars(found).one())


def _post_loss(
    session: Session,
    hotel: Hotel,
    kept: CreditReserve,
    minor: int,
    named: str,
    *,
    day: date,
    by: Staff,
) -> None:
    """Debit a guest's account with what the bank gave back, and its VAT where it was a deposit."""
    lost = ledger.accounts(session, hotel, [LOST])[LOST.code]
    party = _party(session, hotel, kept.account_id)
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=f"{_key(named)}{kept.account_id:x}",
        text="Given back by the guest's bank",
        reference=named,
        subject_id=party.id if party else None,
        lines=(ledger.Side(kept.account_id, minor), ledger.Side(lost, -minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if party is not None:
        prepaid_taxes.taken_by_bank(
            session, hotel, party, amount=Money(minor, hotel.currency),
            account_id=kept.account_id, entry_id=posted.entry_id, day=day, by=by,
        )  # fmt: skip
        deposit_guarantees.follow(session, hotel, party, day=day, by=by)


def _key(named: str) -> str:
    return f"{reserving.DISPUTED}{named}/credit/"


def free(
    session: Session, hotel: Hotel, dispute_id: int, named: str, *, day: date, by: Staff
) -> list[Paper]:
    """Give a guest the credit again: the dispute is won, be it on appeal.

    A deposit's VAT is owed again then, and what was credited of its invoice is invoiced anew:
    returns these invoices, for the desk to hand out.
    """
    issued: list[Paper] = []
    for kept in reserving.of_dispute(session, hotel, dispute_id):
        session.delete(kept)
    taken = session.scalars(
        sa.select(ledger.Entry).where(
            ledger.Entry.hotel_id == hotel.id,
            ledger.Entry.key.startswith(_key(named), autoescape=True),
            ledger.standing(),
        )
    ).all()
    for entry in taken:
        account_id = next(s.account_id for s in ledger.lines_of(session, entry) if s.amount > 0)
        party = _party(session, hotel, account_id)
        if party is None:
            folio = _folio(session, hotel, account_id)
            if folio.state is FolioState.CLOSED:
                folios.reopen(session, folio, reason="A dispute was won", by=by)
        undone = ledger.reverse(session, hotel, entry, reason="Dispute won", day=day, by=by)
        if party is not None:
            deposit_taxes.owe_again(
                session, hotel, moved_id=entry.id, reversal_id=undone.entry_id, day=day, by=by
            )
            issued += papers.invoice_again(
                session, hotel, undone.entry_id, day=day, by=staff.the_house(session, hotel)
            )  # before the VAT follows a price that changed meanwhile: that is credited of these
            deposit_guarantees.follow(session, hotel, party, day=day, by=by)
    session.flush()
    return issued
