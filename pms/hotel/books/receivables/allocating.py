"""Allocating: what is in a company's favour set against what it owes, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.books.receivables import items
from pms.hotel.books.receivables.refusals import (
    MoreThanOpen,
    NothingOpen,
    NotTwoSides,
    SetByItsDeed,
    UndoneAlready,
)
from pms.hotel.books.receivables.tables import Allocation, CityItem, Dispute, ItemKind
from pms.hotel.guests.companies import Company
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

BILLED = frozenset({ItemKind.BILL, ItemKind.OPENING, ItemKind.MOVED_IN})
IN_FAVOUR = frozenset({ItemKind.PAYMENT, ItemKind.CREDIT_NOTE, ItemKind.MOVED_IN})


@dataclass(frozen=True, slots=True)
class Allocated:
    """An allocation that stands, seen from one item: the other one, and how much."""

    allocation: Allocation
    other: CityItem


def allocate(
    session: Session, credit: CityItem, *, to: Mapping[int, Money], by: Staff
) -> list[Allocation]:
    """Set a credit against items of its account by hand: item id and how much.

    Refuses more than is open of either side, items of another account and what isn't owed.
    """
    require(by, Permission.PAY, credit.hotel_id)
    hotel, company, day = items.locked(session, credit)
    made = []
    for item_id, amount in sorted(to.items()):
        if amount.currency != hotel.currency or amount.minor <= 0:
            raise Invalid("Each part is above zero, in the hotel's currency.", field="amount")
        debit = items.of_entry(session, hotel, item_id)
        if debit is None or (debit.chain_id, debit.company_id) != (company.chain_id, company.id):
            raise NotTwoSides
        lock(session, debit)
        made.append(set_against(session, hotel, debit, credit, amount.minor, day=day, by=by))
    _write_down(session, credit, made, hotel=hotel, day=day, by=by)
    return made


def allocate_oldest(session: Session, credit: CityItem, *, by: Staff) -> list[Allocation]:
    """Set a credit against what is owed, the oldest first; what is in dispute is passed by.

    What is left stays on account. Refuses when nothing is open.
    """
    require(by, Permission.PAY, credit.hotel_id)
    hotel, company, day = items.locked(session, credit)
    if credit.open >= 0:
        raise NothingOpen
    made = []
    for debit in owed_oldest_first(session, hotel, company):
        if credit.open == 0:
            break
        part = min(debit.open, -credit.open)
        made.append(set_against(session, hotel, debit, credit, part, day=day, by=by))
    if not made:
        raise NothingOpen
    _write_down(session, credit, made, hotel=hotel, day=day, by=by)
    return made


def unallocate(session: Session, allocation: Allocation, *, reason: str, by: Staff) -> Allocation:
    """Take an allocation back: both items are open again by as much.

    Refuses one that was taken back, and what a write-off, a refund, a move or a reversal set.
    """
    require(by, Permission.PAY, allocation.hotel_id)
    folios.refuse_no_reason(reason)
    key = {"hotel_id": allocation.hotel_id}
    credit = session.get_one(CityItem, key | {"id": allocation.credit_id})
    debit = session.get_one(CityItem, key | {"id": allocation.debit_id})
    hotel, _, day = items.locked(session, credit)
    if credit.kind not in IN_FAVOUR or debit.kind not in BILLED:
        raise SetByItsDeed
    lock(session, debit)
    undone = undo(session, allocation, debit, credit, reason=reason, day=day, by=by)
    logbook.record(
        session, "took back allocation", credit, by=by, day=day, why=reason,
        amount=Money(allocation.amount, hotel.currency),
    )  # fmt: skip
    return undone


def of_items(session: Session, hotel: Hotel, item_ids: Sequence[int]) -> dict[int, list[Allocated]]:
    """Return the allocations that stand by item, on whichever side it is."""
    undoing, other = aliased(Allocation), aliased(CityItem)
    found: dict[int, list[Allocated]] = {item_id: [] for item_id in item_ids}
    for mine, theirs in (
        (Allocation.debit_id, Allocation.credit_id),
        (Allocation.credit_id, Allocation.debit_id),
    ):
        rows = session.execute(
            sa.select(mine, Allocation, other)
            .join(other, sa.and_(other.hotel_id == Allocation.hotel_id, other.id == theirs))
            .where(
                Allocation.hotel_id == hotel.id,
                mine.in_(item_ids),
                Allocation.undoes_id.is_(None),
                ~sa.exists().where(
                    undoing.hotel_id == Allocation.hotel_id, undoing.undoes_id == Allocation.id
                ),
            )
            .order_by(Allocation.id)
        )
        for item_id, allocation, item in rows:
            found[item_id].append(Allocated(allocation, item))
    return found


def owed_oldest_first(session: Session, hotel: Hotel, company: Company) -> Sequence[CityItem]:
    """Return what a company owes and isn't in dispute, the oldest first."""
    disputed = sa.exists().where(
        Dispute.hotel_id == CityItem.hotel_id,
        Dispute.item_id == CityItem.id,
        Dispute.resolved_on.is_(None),
    )
    return session.scalars(
        sa.select(CityItem)
        .where(
            CityItem.hotel_id == hotel.id,
            CityItem.company_id == company.id,
            CityItem.open > 0,
            ~disputed,
        )
        .order_by(CityItem.dated, CityItem.id)
        .execution_options(populate_existing=True)
    ).all()


# --- for the other deeds of an account, which have locked it --------------------------------------


def set_against(
    session: Session,
    hotel: Hotel,
    debit: CityItem,
    credit: CityItem,
    amount: int,
    *,
    reason: str | None = None,
    day: date,
    by: Staff,
) -> Allocation:
    """Take an amount off a debit and off a credit, and write it down; refuses more than is open."""
    if debit.amount < 0 or credit.amount > 0 or amount <= 0:
        raise NotTwoSides
    for left in (debit.open, -credit.open):
        if amount > left:
            raise MoreThanOpen(Money(left, hotel.currency))
    return _write(session, debit, credit, amount, undoes=None, reason=reason, day=day, by=by)


def undo(
    session: Session,
    allocation: Allocation,
    debit: CityItem,
    credit: CityItem,
    *,
    reason: str,
    day: date,
    by: Staff,
) -> Allocation:
    """Take an allocation back; refuses one that was, or that is itself a taking back."""
    before = session.scalar(
        sa.select(Allocation.id).where(
            Allocation.hotel_id == allocation.hotel_id, Allocation.undoes_id == allocation.id
        )
    )
    if before is not None or allocation.undoes_id is not None:
        raise UndoneAlready
    return _write(
        session, debit, credit, -allocation.amount,
        undoes=allocation.id, reason=reason, day=day, by=by,
    )  # fmt: skip


def _write(
    session: Session,
    debit: CityItem,
    credit: CityItem,
    amount: int,
    *,
    undoes: int | None,
    reason: str | None,
    day: date,
    by: Staff,
) -> Allocation:
    debit.open -= amount
    credit.open += amount
    debit.version += 1
    credit.version += 1
    session.flush()  # the items first: the allocation is refused that isn't taken off them
    made = Allocation(
        hotel_id=debit.hotel_id,
        id=new_id(),
        debit_id=debit.id,
        credit_id=credit.id,
        undoes_id=undoes,
        amount=amount,
        reason=reason,
        made_on=day,
        made_at=clock.now(),
        staff_id=by.id,
    )
    session.add(made)
    session.flush()
    return made


def _write_down(
    session: Session,
    credit: CityItem,
    made: Sequence[Allocation],
    *,
    hotel: Hotel,
    day: date,
    by: Staff,
) -> None:
    logbook.record(
        session, "allocated", credit, by=by, day=day, items=len(made),
        amount=Money(sum(each.amount for each in made), hotel.currency),
        left=Money(-credit.open, hotel.currency),
    )  # fmt: skip
