"""Tax refunds: what a stay was taxed before it grew long enough to be exempt goes back."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import apportion
from pms.hotel.books import ledger
from pms.hotel.books.folios import Part
from pms.hotel.books.ledger import Account, Entry, Kind, Ledger, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff.taxes import Rule


class Night(Protocol):
    """A night that is charged: whose, and the how-manieth of the stay."""

    @property
    def reservation_id(self) -> int:
        """Whose night it is."""

    @property
    def night_no(self) -> int:
        """The how-manieth night of the stay it is."""


def drafts(
    session: Session, hotel: Hotel, nights: Iterable[tuple[Night, Sequence[Part], Sequence[Rule]]]
) -> list[ledger.Draft]:
    """Return what goes back for nights that make their stays exempt, to who pays that night.

    A night comes with who pays which part of it and the rules of its taxes; several get back in
    proportion to their parts.

    Each earlier charge gets an entry of its own, once, so each stays what its tax makes of its
    base. What was adjusted off a charge took its tax along: only what is still there goes back, and
    charges that were reversed have nothing to give back.
    """
    payers: dict[tuple[int, int], Sequence[Part]] = {}
    codes: dict[int, Rule] = {}
    for night, parts, rules in nights:
        for rule in rules:
            limits = rule.limits
            if limits.refunds and rule.tax_id and night.night_no >= (limits.exempt_from or 0):
                payers[night.reservation_id, rule.tax_id] = parts
                codes[rule.tax_id] = rule
    if not payers:
        return []
    found = []
    rows = session.execute(_taxed(hotel, payers)).all()
    off = _adjusted_off(session, hotel, [row.id for row in rows])
    for row in rows:
        amount_off, base_off = off.get((row.id, row.account_id), (0, 0))
        amount, base = row.amount + amount_off, row.base + base_off
        if amount >= 0:
            continue
        parts = payers[row.subject_id, row.tax_id]
        found.append(
            ledger.Draft(
                kind=Kind.ADJUSTMENT,
                key=_key(row.key, row.tax_id),
                text=f"{row.text}: {codes[row.tax_id].code} exempt",
                reason=f"Stays {codes[row.tax_id].limits.exempt_from} nights or longer",
                concerns_id=row.id,
                lines=(
                    *_given_back(parts, row, amount, base),
                    ledger.Side(
                        row.account_id, -amount, row.charge_code_id, row.tax_id, base=-base
                    ),
                ),
            )
        )
    return _not_given_back(session, hotel, found)


def _given_back(parts: Sequence[Part], row: Any, amount: int, base: int) -> list[ledger.Side]:
    """Return the lines of who gets a tax back, the base in the same proportion."""
    weights = [part.taxed.gross.minor for part in parts]
    if not sum(weights):
        weights = [1, *(0 for _ in parts[1:])]
    amounts, bases = apportion(amount, weights), apportion(-base, weights)
    return [
        ledger.Side(part.account_id, back, row.charge_code_id, row.tax_id, base=of_base)
        for part, back, of_base in zip(parts, amounts, bases, strict=True)
        if back
    ]


def _key(entry_key: str, tax_id: int) -> str:
    return f"{entry_key}/exempt/{tax_id:x}"


def _taxed(hotel: Hotel, payers: Iterable[tuple[int, int]]) -> sa.Select[*tuple[Any, ...]]:
    parties = {party for party, _ in payers}
    taxes = {tax for _, tax in payers}
    return (
        sa.select(
            Entry.id,
            Entry.key,
            Entry.text,
            Entry.subject_id,
            Line.tax_id,
            Line.account_id,
            Line.charge_code_id,
            Line.amount,
            sa.func.coalesce(Line.base, 0).label("base"),
        )
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.subject_id.in_(parties),
            Entry.kind == Kind.CHARGE,
            Line.tax_id.in_(taxes),
            Account.ledger == Ledger.TAX,
            Line.amount < 0,
            ledger.standing(),
        )
        .order_by(Entry.id)
    )


def _adjusted_off(
    session: Session, hotel: Hotel, charges: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return what adjustments took off the taxes of charges: amount and base, by tax account.

    In minor units; a tax's account is below zero for what is due, so what came off is above it.
    """
    rows = session.execute(
        sa.select(
            Entry.concerns_id,
            Line.account_id,
            sa.func.sum(Line.amount),
            sa.func.sum(sa.func.coalesce(Line.base, 0)),
        )
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.concerns_id.in_(charges),
            Entry.kind == Kind.ADJUSTMENT,
            Account.ledger == Ledger.TAX,
            ledger.standing(),
        )
        .group_by(Entry.concerns_id, Line.account_id)
    )
    return {(int(row[0] or 0), row[1]): (int(row[2]), int(row[3])) for row in rows}


def _not_given_back(
    session: Session, hotel: Hotel, some: Sequence[ledger.Draft]
) -> list[ledger.Draft]:
    there = set(
        session.scalars(
            sa.select(Entry.key).where(
                Entry.hotel_id == hotel.id, Entry.key.in_([draft.key for draft in some])
            )
        )
    )
    return [draft for draft in some if draft.key not in there]
