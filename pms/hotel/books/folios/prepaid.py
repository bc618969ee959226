"""Prepaid: a deposit whose VAT was due when it was received moves whole, so that one invoice
takes its tax off.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.refusal import Refusal
from pms.hotel.books import deposit_taxes, ledger
from pms.hotel.books.folios import parts
from pms.hotel.books.folios.invoiced import PaperEntry
from pms.hotel.books.ledger import Entry, Kind, Line


class TaxedDeposit(Refusal):
    """The tax of a deposit comes off one invoice, that of the window where the deposit stands."""

    def __init__(self) -> None:
        super().__init__(
            "The deposit was taxed when it was received, and one invoice takes that off. "
            "Move the deposit itself, and all of it."
        )


def refuse_part(session: Session, entry: Entry) -> None:
    """Refuse to split a deposit that was taxed when it was received."""
    if deposit_taxes.matured_by(session, entry.hotel_id, entry.id):
        raise TaxedDeposit


def refuse_credit_of(session: Session, hotel_id: int, account_id: int) -> None:
    """Refuse to move a window's credit as a sum while a taxed deposit waits there for its paper."""
    waiting = session.scalars(
        sa.select(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .outerjoin(
            PaperEntry,
            sa.and_(
                PaperEntry.hotel_id == Entry.hotel_id,
                PaperEntry.entry_id == Entry.id,
                PaperEntry.account_id == account_id,
            ),
        )
        .where(
            Entry.hotel_id == hotel_id,
            Entry.kind.in_((Kind.DEPOSIT_APPLIED, Kind.TRANSFER)),
            Line.account_id == account_id,
            Line.amount < 0,
            ledger.standing(),
        )
        .group_by(Entry.hotel_id, Entry.id)
        .having(sa.func.coalesce(sa.func.sum(PaperEntry.covers), 0) == 0)
    )
    for entry in waiting.all():
        if not parts.is_moved_on(session, entry):
            refuse_part(session, entry)
