"""Given before: the address that an earlier paper of a stay was made out to, not typed again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.books.folios import FolioWindow
from pms.hotel.books.ledger import Account
from pms.hotel.books.papers import Addressee, Paper, PaperKind
from pms.hotel.books.payments import Payment
from pms.hotel.stays.reservations.promise import Reservation

_BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody a paper may be made out to."""

    key: str
    to: Addressee


def with_addresses(
    session: Session, party: Reservation, found: Sequence[Choice], *, first: bool = False
) -> list[Choice]:
    """Return the choices with what the stay's last paper says of whom it was made out to.

    Who has no address by the profile gets that one; who isn't among them is one more choice, the
    last unless it is to be `first`.
    """
    before = _last(session, party)
    if before is None:
        return list(found)
    if all(choice.to.name != before.name for choice in found):
        known = [Choice(_BEFORE, before)]
        return [*known, *found] if first else [*found, *known]
    return [
        replace(choice, to=before)
        if choice.to.name == before.name and not choice.to.street
        else choice
        for choice in found
    ]


def _last(session: Session, party: Reservation) -> Addressee | None:
    """Return to whom the newest paper went, of the stay's folio and of what was paid for it."""
    accounts = sa.select(FolioWindow.account_id).where(
        FolioWindow.hotel_id == party.hotel_id, FolioWindow.folio_id == party.folio_id
    )
    deposit = sa.select(Account.id).where(
        Account.hotel_id == party.hotel_id, Account.code == f"deposit/{party.number}"
    )
    paid = sa.select(Payment.id).where(
        Payment.hotel_id == party.hotel_id, Payment.account_id.in_(accounts.union(deposit))
    )
    said = session.scalar(
        sa.select(Paper.data)
        .where(
            Paper.hotel_id == party.hotel_id,
            Paper.kind != PaperKind.CREDIT_NOTE,
            sa.or_(
                sa.and_(Paper.folio_id == party.folio_id, Paper.folio_id.is_not(None)),
                Paper.payment_id.in_(paid),
            ),
        )
        .order_by(Paper.id.desc())
        .limit(1)
    )
    return Addressee(**said["buyer"]) if said else None
