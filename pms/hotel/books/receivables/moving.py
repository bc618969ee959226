"""Moving: an item that was booked to the wrong company, to the account of the right one.

It takes two entries, one for each account, with an account between them that stands at zero: an
item is its entry, and each entry is an item of one account.
"""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.ledger import Entry
from pms.hotel.books.receivables import allocating, billing, items
from pms.hotel.books.receivables.refusals import (
    InDispute,
    NotAMove,
    NothingToMove,
    SameAccount,
    SetByItsDeed,
    StillAllocated,
)
from pms.hotel.books.receivables.tables import Allocation, CityItem, ItemKind, ItemMove
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

MOVABLE = allocating.BILLED | allocating.IN_FAVOUR
_BETWEEN = ledger.Wanted(
    ledger.Ledger.CLEARING, "clearing/between-accounts", "Between companies' accounts"
)


def move_to(session: Session, item: CityItem, *, to: Company, reason: str, by: Staff) -> CityItem:
    """Move what is open of an item to another company's account; it ages from its own day.

    What of it was paid or credited stays where that happened. Returns the item there. Refuses its
    own account, an item in dispute, one of which nothing is open, what a write-off, a refund, a
    reversal or a move set, and a company that has no direct billing or would owe too much.
    """
    require(by, Permission.KEEP_ACCOUNTS, item.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, item.hotel_id)
    billing.refuse_no_account(hotel, to)
    if to.id == item.company_id:
        raise SameAccount(to)
    deed = _begin(session, item, to)
    _refuse_immovable(session, hotel, item)
    moved = Money(item.open, hotel.currency)
    if moved.minor > 0:
        billing.refuse_over_limit(session, hotel, to, deed.accounts[to.id], more=moved)
    origin = _origin(session, item)
    outward, inward = _post(session, deed, item, to, moved, reason, by=by)
    _set_against(session, deed, item, outward, reason, by=by)
    session.add(
        ItemMove(
            hotel_id=hotel.id,
            id=new_id(),
            item_id=item.id,
            out_id=outward.id,
            in_id=inward.id,
            origin_id=origin,
            reason=reason.strip(),
            moved_on=deed.day,
            staff_id=by.id,
        )
    )
    session.flush()
    logbook.record(
        session, "moved to account", inward, by=by, day=deed.day, why=reason, amount=moved,
        before={"company": deed.left.code, "item": item.id}, company=to.code,
    )  # fmt: skip
    return inward


def undo_move(session: Session, inward: CityItem, *, reason: str, by: Staff) -> CityItem:
    """Take a move back: what was moved is open again where it came from, and returned.

    Refuses an item of which something was paid, credited or moved on since, and one in dispute.
    """
    require(by, Permission.KEEP_ACCOUNTS, inward.hotel_id)
    folios.refuse_no_reason(reason)
    move = move_of(session, inward)
    if move is None:
        raise NotAMove
    key = {"hotel_id": inward.hotel_id}
    item = session.get_one(CityItem, key | {"id": move.item_id})
    outward = session.get_one(CityItem, key | {"id": move.out_id})
    deed = _begin(session, item, items.company_of(session, inward))
    for each in (inward, outward):
        lock(session, each)
    if ledger.is_reversed(session, _entry(session, inward)):
        raise NotAMove
    _refuse_disputed(session, deed.hotel, inward)
    if inward.open != inward.amount:
        raise StillAllocated
    allocation = session.scalars(
        sa.select(Allocation).where(
            Allocation.hotel_id == item.hotel_id,
            sa.or_(Allocation.debit_id == outward.id, Allocation.credit_id == outward.id),
        )
    ).one()
    debit, credit = _sides(item, outward)
    allocating.undo(session, allocation, debit, credit, reason=reason, day=deed.day, by=by)
    for each in (inward, outward):
        _reverse(session, deed, each, reason, by=by)
    logbook.record(
        session, "moved back", item, by=by, day=deed.day, why=reason,
        amount=Money(inward.amount, deed.hotel.currency),
        before={"company": items.company_of(session, inward).code}, company=deed.left.code,
    )  # fmt: skip
    return item


def move_of(session: Session, inward: CityItem) -> ItemMove | None:
    """Return the move that brought an item to its account."""
    return session.scalar(
        sa.select(ItemMove).where(ItemMove.hotel_id == inward.hotel_id, ItemMove.in_id == inward.id)
    )


class _Deed(NamedTuple):
    """What a move begins with: where, on which day, whose item it is, and both accounts, locked."""

    hotel: Hotel
    day: date
    left: Company
    accounts: dict[int, int]


def _begin(session: Session, item: CityItem, other: Company) -> _Deed:
    hotel = session.get_one(Hotel, item.hotel_id)
    left = items.company_of(session, item)
    day = business_day.hold(session, hotel)
    accounts = items.lock_accounts(session, hotel, [left, other])
    lock(session, item)
    return _Deed(hotel, day, left, accounts)


def _refuse_immovable(session: Session, hotel: Hotel, item: CityItem) -> None:
    if item.kind not in MOVABLE:
        raise SetByItsDeed
    if item.open == 0:
        raise NothingToMove
    _refuse_disputed(session, hotel, item)


def _refuse_disputed(session: Session, hotel: Hotel, item: CityItem) -> None:
    found = items.in_dispute(session, hotel, [item.id]).get(item.id)
    if found is not None:
        raise InDispute(found.reason)


def _origin(session: Session, item: CityItem) -> int:
    """Return the item as it was first entered."""
    before = move_of(session, item)
    return before.origin_id if before is not None else item.id


def _post(
    session: Session,
    deed: _Deed,
    item: CityItem,
    to: Company,
    moved: Money,
    reason: str,
    *,
    by: Staff,
) -> tuple[CityItem, CityItem]:
    """Post what leaves the one account and what comes onto the other; return both items."""
    between = ledger.accounts(session, deed.hotel, [_BETWEEN])[_BETWEEN.code]
    entry = _entry(session, item)

    def draft(company: Company, minor: int, where: str) -> ledger.Draft:
        return ledger.Draft(
            kind=ledger.Kind.DIRECT_BILL,
            text=where,
            reference=entry.reference,
            reason=reason,
            concerns_id=item.id,
            lines=(
                ledger.Side(deed.accounts[company.id], minor),
                ledger.Side(between, -minor),
            ),
        )

    drafts = [
        draft(deed.left, -moved.minor, f"Moved to {to.code}"),
        draft(to, moved.minor, f"Moved from {deed.left.code}"),
    ]
    out, in_ = ledger.post(session, deed.hotel, drafts, day=deed.day, by=by)
    outward = items.enter(
        session, deed.hotel, deed.left, entry_id=out.entry_id, kind=ItemKind.MOVED_OUT,
        amount=-moved.minor, dated=deed.day,
    )  # fmt: skip
    inward = items.enter(
        session, deed.hotel, to, entry_id=in_.entry_id, kind=ItemKind.MOVED_IN,
        amount=moved.minor, dated=item.dated,
    )  # fmt: skip
    return outward, inward


def _reverse(session: Session, deed: _Deed, item: CityItem, reason: str, *, by: Staff) -> None:
    """Reverse an item's entry, and set the reversal against it."""
    posted = ledger.reverse(
        session, deed.hotel, _entry(session, item), reason=reason, day=deed.day, by=by
    )
    undoing = items.enter(
        session, deed.hotel, items.company_of(session, item), entry_id=posted.entry_id,
        kind=ItemKind.REVERSAL, amount=-item.amount, dated=deed.day,
    )  # fmt: skip
    _set_against(session, deed, item, undoing, reason, by=by)


def _set_against(
    session: Session, deed: _Deed, item: CityItem, other: CityItem, reason: str, *, by: Staff
) -> None:
    """Set an item against another that takes it off, whichever of the two is the debit."""
    debit, credit = _sides(item, other)
    allocating.set_against(
        session, deed.hotel, debit, credit, abs(other.amount), reason=reason, day=deed.day, by=by
    )


def _sides(item: CityItem, other: CityItem) -> tuple[CityItem, CityItem]:
    return (item, other) if item.amount > 0 else (other, item)


def _entry(session: Session, item: CityItem) -> Entry:
    return session.get_one(Entry, (item.hotel_id, item.id))
