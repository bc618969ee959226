"""Writing off: what nobody will pay, at the house's cost, with a reason and within a limit."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, upsert
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.books.receivables import allocating, items
from pms.hotel.books.receivables.refusals import (
    AboveTheLimit,
    MoreThanOpen,
    NotAWriteOff,
    NothingToBill,
)
from pms.hotel.books.receivables.tables import Allocation, CityItem, CityLedgerTerms, ItemKind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

_WINDOWS = ledger.Wanted(ledger.Ledger.REVENUE, "revenue/miscellaneous/write-off", "Written off")
_ACCOUNTS = ledger.Wanted(ledger.Ledger.REVENUE, "revenue/miscellaneous/bad-debts", "Bad debts")


def write_off(session: Session, folio: Folio, *, window: int = 1, reason: str, by: Staff) -> Entry:
    """Give up what a window owes, at the cost of the day's miscellaneous income.

    For who skipped, and nobody else is to be billed. Above the hotel's limit, with what the person
    wrote off of the folio that day, it is for who may approve write-offs. Refuses a window that
    owes nothing, and a closed folio.
    """
    require(by, Permission.WRITE_OFF, folio.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    guest = folios.window_account(session, folio, window)
    owed = Money(ledger.balances(session, hotel, [guest])[guest], hotel.currency)
    if owed.minor <= 0:
        raise NothingToBill(window)
    windows = [each.account_id for each in folio.windows]
    _refuse_above_the_limit(session, hotel, windows, owed, day=day, by=by)
    loss = ledger.accounts(session, hotel, [_WINDOWS])[_WINDOWS.code]
    draft = ledger.Draft(
        kind=ledger.Kind.WRITE_OFF,
        text=f"Folio {folio.number}/{window} written off",
        reason=reason,
        lines=(ledger.Side(loss, owed.minor), ledger.Side(guest, -owed.minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    logbook.record(
        session, "wrote off", folio, by=by, day=day, why=reason, window=window, amount=owed,
        entry=posted.entry_id,
    )  # fmt: skip
    return ledger.get(session, hotel.id, posted)


def owe_again(session: Session, entry: Entry, *, reason: str, by: Staff) -> Entry:
    """Reverse the write-off of a window: what was given up is owed there again.

    Refuses what is no write-off of a window, one that was undone, moved or invoiced, and a closed
    folio.
    """
    require(by, Permission.WRITE_OFF, entry.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, entry.hotel_id)
    day = business_day.hold(session, hotel)
    on = folios.of_entry(session, entry)
    if entry.kind is not ledger.Kind.WRITE_OFF or not on:
        raise NotAWriteOff
    folios.lock_open(session, on)
    folios.refuse_moved(session, entry)
    folios.refuse_invoiced(session, entry)
    posted = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
    for folio in on:
        logbook.record(
            session, "undid write-off", folio, by=by, day=day, why=reason,
            before={"entry": entry.id}, entry=posted.entry_id,
        )  # fmt: skip
    return ledger.get(session, hotel.id, posted)


def write_off_item(
    session: Session, item: CityItem, *, amount: Money | None = None, reason: str, by: Staff
) -> CityItem:
    """Give up what is open of a company's item, or a part of it, at the cost of bad debts.

    Above the hotel's limit, with what the person wrote off of the company that day, it is for who
    may approve write-offs. Refuses nothing, and more than is open.
    """
    require(by, Permission.WRITE_OFF, item.hotel_id)
    folios.refuse_no_reason(reason)
    hotel, company, day = items.locked(session, item)
    given_up = item.open if amount is None else amount.minor
    if amount is not None and amount.minor <= 0:
        raise Invalid("Say how much is written off, above zero.", field="amount")
    if not 0 < given_up <= item.open:
        raise MoreThanOpen(Money(max(item.open, 0), hotel.currency))
    account_id = items.account_of(session, hotel, company)
    lost = Money(given_up, hotel.currency)
    _refuse_above_the_limit(session, hotel, [account_id], lost, day=day, by=by)
    loss = ledger.accounts(session, hotel, [_ACCOUNTS])[_ACCOUNTS.code]
    draft = ledger.Draft(
        kind=ledger.Kind.WRITE_OFF,
        text="Written off",
        reason=reason,
        concerns_id=item.id,
        lines=(ledger.Side(loss, given_up), ledger.Side(account_id, -given_up)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    credit = items.enter(
        session, hotel, company, entry_id=posted.entry_id, kind=ItemKind.WRITE_OFF,
        amount=-given_up, dated=day,
    )  # fmt: skip
    allocating.set_against(session, hotel, item, credit, given_up, reason=reason, day=day, by=by)
    logbook.record(
        session, "wrote off", item, by=by, day=day, why=reason,
        amount=Money(given_up, hotel.currency), entry=posted.entry_id,
    )  # fmt: skip
    return credit


def undo_write_off(session: Session, credit: CityItem, *, reason: str, by: Staff) -> CityItem:
    """Reverse a write-off: what was given up is owed again. Refuses one that was undone."""
    require(by, Permission.WRITE_OFF, credit.hotel_id)
    folios.refuse_no_reason(reason)
    hotel, company, day = items.locked(session, credit)
    entry = session.get_one(Entry, (hotel.id, credit.id))
    if credit.kind is not ItemKind.WRITE_OFF or ledger.is_reversed(session, entry):
        raise NotAWriteOff
    allocation = session.scalars(
        sa.select(Allocation).where(
            Allocation.hotel_id == hotel.id, Allocation.credit_id == credit.id
        )
    ).one()
    debit = lock(session, session.get_one(CityItem, (hotel.id, allocation.debit_id)))
    allocating.undo(session, allocation, debit, credit, reason=reason, day=day, by=by)
    posted = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
    undoing = items.enter(
        session, hotel, company, entry_id=posted.entry_id, kind=ItemKind.REVERSAL,
        amount=-credit.amount, dated=day,
    )  # fmt: skip
    allocating.set_against(
        session, hotel, undoing, credit, undoing.amount, reason=reason, day=day, by=by
    )
    logbook.record(
        session, "undid write-off", debit, by=by, day=day, why=reason,
        amount=Money(undoing.amount, hotel.currency), entry=posted.entry_id,
    )  # fmt: skip
    return undoing


def write_off_limit(session: Session, hotel: Hotel) -> Money:
    """Return up to how much each writes off in a day without a manager: nothing, unless set."""
    kept = session.get(CityLedgerTerms, hotel.id)
    return Money(kept.write_off_limit if kept else 0, hotel.currency)


def set_write_off_limit(session: Session, hotel: Hotel, *, limit: Money, by: Staff) -> None:
    """Say up to how much each writes off in a day without a manager, of a company or a folio."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    if limit.currency != hotel.currency or limit.minor < 0:
        raise Invalid("A limit is an amount, in the hotel's currency.", field="limit")
    before = write_off_limit(session, hotel)
    row = {"hotel_id": hotel.id, "write_off_limit": limit.minor}
    upsert(session, CityLedgerTerms, [row], key=("hotel_id",))
    session.expire_all()
    line = logbook.line(
        "set write-off limit", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"limit": before}, after={"limit": limit},
    )  # fmt: skip
    logbook.write(session, [line])


def _refuse_above_the_limit(
    session: Session,
    hotel: Hotel,
    account_ids: Collection[int],
    lost: Money,
    *,
    day: date,
    by: Staff,
) -> None:
    """Refuse what is, with the person's other write-offs of the day on these accounts, too much.

    The accounts are locked, or their folio is, so two at once don't pass together.
    """
    if by.may(Permission.APPROVE_WRITE_OFF, hotel.id):
        return
    before = session.scalar(
        sa.select(sa.func.coalesce(-sa.func.sum(ledger.Line.amount), 0))
        .join(
            Entry,
            sa.and_(Entry.hotel_id == ledger.Line.hotel_id, Entry.id == ledger.Line.entry_id),
        )
        .where(
            ledger.Line.hotel_id == hotel.id,
            ledger.Line.account_id.in_(account_ids),
            ledger.Line.business_day == day,
            Entry.kind == ledger.Kind.WRITE_OFF,
            Entry.posted_by == by.id,
            ledger.standing(),
        )
    )
    limit = write_off_limit(session, hotel)
    if lost.minor + int(before or 0) > limit.minor:
        raise AboveTheLimit(limit)
