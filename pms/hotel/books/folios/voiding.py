"""Voiding what stands on folios: nothing is erased, everything is counter-posted."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import ledger, reserving
from pms.hotel.books.folios import parts
from pms.hotel.books.folios.adjustable import refuse_adjusted, refuse_needed
from pms.hotel.books.folios.invoiced import refuse_invoiced
from pms.hotel.books.folios.limits import refuse_over_limit
from pms.hotel.books.folios.opening import lock_open, of_entry, refuse_no_reason
from pms.hotel.books.folios.tables import Folio
from pms.hotel.books.ledger import Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

VOIDABLE = frozenset({Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER})


class NotVoidable(Refusal):
    """Money that changed hands isn't undone by a void of the charge's kind."""

    def __init__(self, entry: ledger.Entry) -> None:
        words = entry.kind.value.replace("_", " ")
        super().__init__(f"A {words} is not voided here. Refund it, or void the payment.")


class TakenByBank(Refusal):
    """The guest has that money from their bank; with the entry undone they could have it twice."""

    def __init__(self) -> None:
        super().__init__(
            "The guest's bank took that back. It comes again when the dispute is won; charge what "
            "is owed instead."
        )


class NotOnAFolio(Refusal):
    """The entry has nothing on any window that could be moved."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” stands on no folio. Choose a charge or a payment of a folio.")


class MovedOn(Refusal):
    """What is asked about stands somewhere else by now."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” was moved to another window. Void that transfer first.")


def void(session: Session, entry: ledger.Entry, *, reason: str, by: Staff) -> ledger.Entry:
    """Undo a charge, an adjustment or a transfer, with a reason: today's reversal of it.

    Who may post may void what was posted today; older entries need the permission to adjust, as
    much as the role may. A night's charge that is voided is due again; to let someone off, adjust
    it. A tax that the house gave back of it meanwhile goes with it; what a night gave back of other
    nights is due again by `night_charges.void`. Refuses payments, what stands on no folio (cash
    that went to the safe), what is reversed already, what was moved to another window, what is
    invoiced, what the guest's bank took, a charge from which an adjustment took something, and
    what was added to one that others have taken off again.
    """
    hotel = session.get_one(Hotel, entry.hotel_id)
    day = business_day.hold(session, hotel)
    todays = entry.business_day == day
    require(by, Permission.POST if todays else Permission.ADJUST, hotel.id)
    refuse_no_reason(reason)
    if entry.kind not in VOIDABLE:
        raise NotVoidable(entry)
    if entry.key.startswith(reserving.DISPUTED):
        raise TakenByBank
    folios = of_entry(session, entry)
    if not folios:
        raise NotOnAFolio(entry.text)
    lock_open(session, folios)
    if not todays and entry.kind is not Kind.TRANSFER:
        for folio in folios:
            refuse_over_limit(
                session, hotel, folio, _put_on(session, hotel, folio, entry), day=day, by=by
            )
    for each in _given_back(session, entry):
        lock_open(session, of_entry(session, each))
        _reverse(session, hotel, each, reason, day, by=by)
    if entry.kind is Kind.CHARGE:
        refuse_adjusted(session, hotel, lock(session, entry))
    elif entry.kind is Kind.ADJUSTMENT:
        refuse_needed(session, entry)
    posted = _reverse(session, hotel, entry, reason, day, by=by)
    for folio in folios:
        logbook.record(
            session,
            "voided",
            folio,
            by=by,
            day=day,
            before={"entry": entry.id, "text": entry.text},
            why=reason,
            entry=posted.entry_id,
        )
    return ledger.get(session, hotel.id, posted)


def _put_on(session: Session, hotel: Hotel, folio: Folio, entry: ledger.Entry) -> Money:
    accounts = {window.account_id for window in folio.windows}
    lines = ledger.lines_of(session, entry)
    return Money(sum(line.amount for line in lines if line.account_id in accounts), hotel.currency)


def _reverse(
    session: Session, hotel: Hotel, entry: ledger.Entry, reason: str, day: date, *, by: Staff
) -> ledger.Posted:
    refuse_moved(session, entry)
    refuse_invoiced(session, entry)
    taken = parts.taken_from(session, entry)
    if taken is not None:
        refuse_invoiced(session, *taken)
    return ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)


def _given_back(session: Session, entry: ledger.Entry) -> list[ledger.Entry]:
    """Return what the house gave back of a charge by itself: its key begins with the charge's."""
    return list(
        session.scalars(
            sa.select(ledger.Entry)
            .where(
                ledger.Entry.hotel_id == entry.hotel_id,
                ledger.Entry.concerns_id == entry.id,
                ledger.Entry.kind == Kind.ADJUSTMENT,
                ledger.Entry.key.startswith(f"{entry.key}/", autoescape=True),
                ledger.standing(),
            )
            .order_by(ledger.Entry.id)
        )
    )


def refuse_moved(session: Session, entry: ledger.Entry) -> None:
    """Refuse an entry of which something was moved on: it can't be undone where it was."""
    if parts.is_moved_on(session, entry):
        raise MovedOn(entry.text)
