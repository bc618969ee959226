"""Disputing: an item the company won't pay as it is, put aside with a reason until resolved."""

from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.receivables import items
from pms.hotel.books.receivables.refusals import DisputedAlready, NothingToDispute, NotInDispute
from pms.hotel.books.receivables.tables import CityItem, Dispute
from pms.hotel.house import logbook
from pms.hotel.house.staff import Permission, Staff, require


def dispute(session: Session, item: CityItem, *, reason: str, by: Staff) -> Dispute:
    """Put an item aside: it is shown apart, not reminded of, and not paid oldest first.

    Refuses one that isn't owed any more, and one in dispute already.
    """
    require(by, Permission.KEEP_ACCOUNTS, item.hotel_id)
    folios.refuse_no_reason(reason)
    hotel, _, day = items.locked(session, item)
    if item.open <= 0:
        raise NothingToDispute
    if item.id in items.in_dispute(session, hotel, [item.id]):
        raise DisputedAlready
    made = Dispute(
        hotel_id=hotel.id,
        id=new_id(),
        item_id=item.id,
        reason=reason.strip(),
        raised_on=day,
        raised_by=by.id,
    )
    item.version += 1
    session.add(made)
    session.flush()
    logbook.record(
        session, "put in dispute", item, by=by, day=day, why=reason,
        amount=Money(item.open, hotel.currency),
    )  # fmt: skip
    return made


def resolve(session: Session, item: CityItem, *, outcome: str, by: Staff) -> Dispute:
    """End an item's dispute, saying how; refuses one that is in none."""
    require(by, Permission.KEEP_ACCOUNTS, item.hotel_id)
    folios.refuse_no_reason(outcome)
    hotel, _, day = items.locked(session, item)
    found = items.in_dispute(session, hotel, [item.id]).get(item.id)
    if found is None:
        raise NotInDispute
    found.outcome, found.resolved_on, found.resolved_by = outcome.strip(), day, by.id
    item.version += 1
    session.flush()
    logbook.record(session, "resolved dispute", item, by=by, day=day, why=outcome)
    return found
