"""Crediting: what a credit note takes off an invoice that a company was billed for.

It comes off the company's account, set against the bill where that stands by now, and the window
owes it again: its lines are free to be voided, moved, or invoiced and billed anew.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import folios, ledger, papers
from pms.hotel.books.folios import Folio, PaperEntry
from pms.hotel.books.ledger import Entry
from pms.hotel.books.papers import Paper, PaperKind, issuing
from pms.hotel.books.papers import crediting as papers_crediting
from pms.hotel.books.papers.reading import postings
from pms.hotel.books.receivables import allocating, items
from pms.hotel.books.receivables.tables import (
    CityItem,
    DirectBill,
    ItemKind,
    ItemMove,
    NoteOnAccount,
)
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff


class Billed(NamedTuple):
    """A bill, and how much of it an invoice is settled by."""

    bill: DirectBill
    most: int


class Claim(NamedTuple):
    """A bill, the item of an account that it stands as, and how much of that can be credited."""

    bill: DirectBill
    item: CityItem
    most: int


def credit(
    session: Session,
    paper: Paper,
    *,
    lines: Collection[int] | None = None,
    reason: str,
    by: Staff,
) -> Paper:
    """Credit an invoice or some of its lines, and take off the account what a company was billed.

    Refuses what `papers.credit` refuses, and a closed folio whose window would owe again.
    """
    owed = _locked_claims(session, paper)
    note = papers.credit(session, paper, lines=lines, reason=reason, by=by)
    return _take_off(session, paper, note, owed, reason, by=by)


def credit_amount(
    session: Session, paper: Paper, *, line: int, amount: Money, reason: str, by: Staff
) -> Paper:
    """Take an amount off an invoiced line, and off the account of who was billed for it.

    Refuses what `papers.credit_amount` refuses.
    """
    owed = _locked_claims(session, paper)
    note = papers.credit_amount(session, paper, line=line, amount=amount, reason=reason, by=by)
    return _take_off(session, paper, note, owed, reason, by=by)


def claims(session: Session, paper: Paper) -> list[Claim]:
    """Return what companies were billed of an invoice and can be credited: the newest bill first.

    Bills that the invoice lists as settled, and what went to a company after it for what it left
    to be paid.
    """
    if paper.kind is not PaperKind.INVOICE or paper.folio_id is None:
        return []
    bills = [*_listed(session, paper), *_since(session, paper)]
    credited = _credited(session, paper.hotel_id, Paper.credits_id == paper.id)
    left = sum(each.most for each in bills) - credited
    found = []
    for bill, most in sorted(bills, key=lambda each: each.bill.id, reverse=True):
        entered = session.get_one(CityItem, (bill.hotel_id, bill.entry_id))
        for claim in _standing(session, bill, entered):
            part = min(claim.most, most, left)
            if part > 0:
                found.append(claim._replace(most=part))
                most -= part
                left -= part
    return found


def _locked_claims(session: Session, paper: Paper) -> list[Claim]:
    """Return an invoice's claims, its folio and their accounts locked: nobody moves them now."""
    if paper.folio_id is None:
        return []
    hotel = session.get_one(Hotel, paper.hotel_id)
    business_day.hold(session, hotel)
    lock(session, session.get_one(Folio, (hotel.id, paper.folio_id)))
    locked: set[int] = set()
    while True:
        found = claims(session, paper)
        owing = {claim.item.company_id: items.company_of(session, claim.item) for claim in found}
        if owing.keys() <= locked:
            return found
        items.lock_accounts(session, hotel, owing.values())
        locked |= owing.keys()


def _take_off(
    session: Session, paper: Paper, note: Paper, owed: Sequence[Claim], reason: str, *, by: Staff
) -> Paper:
    """Take off the accounts of those who were billed what a note credits of their bills."""
    if not owed:
        return note
    deed = _begin(session, paper, note, owed, reason, by)
    left = note.gross
    for claim in owed:
        part = min(left, claim.most)
        if part > 0:
            _take_off_one(session, deed, claim, part)
            left -= part
    return note


class _Deed(NamedTuple):
    """What is taken off with: the note, its window and the accounts that were locked before."""

    hotel: Hotel
    day: date
    paper: Paper
    note: Paper
    window_account: int
    accounts: dict[int, int]
    reason: str
    by: Staff


def _begin(
    session: Session, paper: Paper, note: Paper, owed: Sequence[Claim], reason: str, by: Staff
) -> _Deed:
    hotel = session.get_one(Hotel, paper.hotel_id)
    day = business_day.hold(session, hotel)
    folio = session.get_one(Folio, (hotel.id, paper.folio_id))
    folios.lock_open(session, [folio])
    window = folios.window_account(session, folio, paper.window_no or 1)
    accounts = {}
    for claim in owed:
        lock(session, claim.item)
        company = items.company_of(session, claim.item)
        accounts[company.id] = items.account_of(session, hotel, company)
    return _Deed(hotel, day, paper, note, window, accounts, reason, by)


def _take_off_one(session: Session, deed: _Deed, claim: Claim, part: int) -> None:
    """Post a part of a note between its window and an account, and set it against the bill."""
    hotel, item = deed.hotel, claim.item
    draft = ledger.Draft(
        kind=ledger.Kind.DIRECT_BILL,
        text=deed.note.label,
        reference=deed.paper.label,
        reason=deed.reason,
        concerns_id=item.id,
        lines=(
            ledger.Side(deed.window_account, part),
            ledger.Side(deed.accounts[item.company_id], -part),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=deed.day, by=deed.by)
    taken = items.enter(
        session, hotel, items.company_of(session, item), entry_id=posted.entry_id,
        kind=ItemKind.CREDIT_NOTE, amount=-part, dated=deed.day,
    )  # fmt: skip
    session.add(
        NoteOnAccount(hotel_id=hotel.id, id=taken.id, note_id=deed.note.id, claim_id=item.id)
    )
    session.flush()
    if item.open:
        allocating.set_against(
            session, hotel, item, taken, min(part, item.open), reason=deed.reason, day=deed.day,
            by=deed.by,
        )  # fmt: skip
    _cover(session, deed, claim, taken)
    logbook.record(
        session, "credited", item, by=deed.by, day=deed.day, why=deed.reason,
        note=deed.note.label, amount=Money(part, hotel.currency), entry=posted.entry_id,
    )  # fmt: skip


def _cover(session: Session, deed: _Deed, claim: Claim, taken: CityItem) -> None:
    """See that the window's next invoice lists as settled what it should.

    While the invoice lists its bill, the note covers what it gave back to the window; once the
    invoice let the bill go, all that was given back of that is let go, too.
    """
    of_bill = sa.and_(
        PaperEntry.hotel_id == deed.hotel.id, PaperEntry.entry_id == claim.bill.entry_id
    )
    covers = session.scalar(sa.select(sa.func.sum(PaperEntry.covers)).where(of_bill))
    if covers is None:
        return
    if covers:
        waiting = postings(session, deed.hotel, deed.window_account)
        given_back = [each for each in waiting if each.entry_id == taken.id]
        issuing.cover(session, deed.note, deed.window_account, given_back, first=None)
        return
    earlier = session.scalars(
        sa.select(PaperEntry)
        .join(
            NoteOnAccount,
            sa.and_(
                NoteOnAccount.hotel_id == PaperEntry.hotel_id,
                NoteOnAccount.id == PaperEntry.entry_id,
            ),
        )
        .where(PaperEntry.hotel_id == deed.hotel.id, NoteOnAccount.claim_id == claim.item.id)
    ).all()
    papers_crediting.let_go(session, deed.note, earlier)


def _listed(session: Session, paper: Paper) -> list[Billed]:
    """Return the bills that an invoice lists as settled."""
    on_it = sa.exists().where(
        PaperEntry.hotel_id == DirectBill.hotel_id,
        PaperEntry.entry_id == DirectBill.entry_id,
        PaperEntry.paper_id == paper.id,
    )
    return [Billed(bill, bill.amount) for bill in session.scalars(_of_window(paper).where(on_it))]


def _since(session: Session, paper: Paper) -> list[Billed]:
    """Return the bills that no invoice lists, each with what of it this one had left to be paid.

    What came first settled it first: money that was paid before a bill isn't credited to it.
    """
    hotel = session.get_one(Hotel, paper.hotel_id)
    folio = session.get_one(Folio, (hotel.id, paper.folio_id))
    account_id = folios.window_account(session, folio, paper.window_no or 1)
    bills = {bill.entry_id: bill for bill in session.scalars(_of_window(paper))}
    left, found = max(paper.due, 0), []
    for posting in sorted(postings(session, hotel, account_id), key=lambda each: each.entry_id):
        bill = bills.get(posting.entry_id)
        if bill is not None and left > 0:
            found.append(Billed(bill, min(left, bill.amount)))
        left -= posting.settled
    return found


def _of_window(paper: Paper) -> sa.Select[DirectBill]:
    return sa.select(DirectBill).where(
        DirectBill.hotel_id == paper.hotel_id,
        DirectBill.folio_id == paper.folio_id,
        DirectBill.window_no == paper.window_no,
    )


def _standing(session: Session, bill: DirectBill, item: CityItem) -> Iterator[Claim]:
    """Yield what a bill stands as by now, what was moved to other accounts first."""
    stays = item.amount
    for moved in _moved_on(session, item):
        yield from _standing(session, bill, moved)
        stays -= moved.amount
    credited = _credited(session, item.hotel_id, NoteOnAccount.claim_id == item.id)
    yield Claim(bill, item, stays - credited)


def _moved_on(session: Session, item: CityItem) -> Sequence[CityItem]:
    """Return what an item became on other accounts, but for moves that were taken back."""
    undoing = sa.exists().where(
        Entry.hotel_id == ItemMove.hotel_id, Entry.reverses_id == ItemMove.in_id
    )
    return session.scalars(
        sa.select(CityItem)
        .join(
            ItemMove,
            sa.and_(ItemMove.hotel_id == CityItem.hotel_id, ItemMove.in_id == CityItem.id),
        )
        .where(ItemMove.hotel_id == item.hotel_id, ItemMove.item_id == item.id, ~undoing)
        .order_by(ItemMove.id.desc())
    ).all()


def _credited(session: Session, hotel_id: int, which: sa.ColumnElement[bool]) -> int:
    """Return what `which` credit notes took off a hotel's accounts, in minor units."""
    minor = session.scalar(
        sa.select(sa.func.coalesce(-sa.func.sum(CityItem.amount), 0))
        .join(
            NoteOnAccount,
            sa.and_(NoteOnAccount.hotel_id == CityItem.hotel_id, NoteOnAccount.id == CityItem.id),
        )
        .join(
            Paper,
            sa.and_(Paper.hotel_id == NoteOnAccount.hotel_id, Paper.id == NoteOnAccount.note_id),
        )
        .where(NoteOnAccount.hotel_id == hotel_id, which)
    )
    return int(minor or 0)
