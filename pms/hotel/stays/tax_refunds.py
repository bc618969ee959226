"""Tax refunds: what a stay was taxed before it grew long enough to be exempt goes back.

It goes back to the windows that bore it, by line, whoever pays for tonight; and is due there again
once the night is voided that made the stay so long.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import FolioWindow
from pms.hotel.books.ledger import Account, Entry, Kind, Ledger, Line
from pms.hotel.house import references
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff.taxes import Rule

Exempt = Mapping[tuple[int, int], Rule]  # by reservation and tax


class Night(Protocol):
    """A night that is charged: whose, and the how-manieth of the stay."""

    @property
    def reservation_id(self) -> int:
        """Whose night it is."""

    @property
    def night_no(self) -> int:
        """The how-manieth night of the stay it is."""


@dataclass(frozen=True, slots=True)
class Slept:
    """A night that stands charged."""

    reservation_id: int
    night_no: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a window bears of a tax, and of which base, in minor units."""

    folio_id: int
    account_id: int
    amount: int
    base: int


@dataclass(frozen=True, slots=True)
class Borne:
    """A tax of one charge, named by its key in the books, and the windows that bear it now.

    What is foretold has neither entry nor tax account. `turn` is how often it was given back and
    due again. What is due again is what windows were given back, below zero.
    """

    key: str
    text: str
    reservation_id: int
    tax_id: int
    parts: tuple[Part, ...]
    entry_id: int | None = None
    charge_code_id: int | None = None
    tax_account_id: int | None = None
    turn: int = 0

    @property
    def refund_key(self) -> str:
        """What gives it back is called in the books."""
        again = f"/{self.turn}" if self.turn else ""
        return f"{self.key}/exempt/{self.tax_id:x}{again}"

    @property
    def due_again_key(self) -> str:
        """What charges it again is called in the books."""
        return f"{self.refund_key}/due"


def exempt(nights: Iterable[tuple[Night, Sequence[Rule]]]) -> Exempt:
    """Return the taxes that nights make their stays exempt from, so that they go back.

    A night comes with the rules of its taxes.
    """
    return {
        (night.reservation_id, rule.tax_id): rule
        for night, rules in nights
        for rule in rules
        if rule.limits.refunds and rule.tax_id and night.night_no >= (rule.limits.exempt_from or 0)
    }


def borne(session: Session, hotel: Hotel, exempt: Exempt) -> list[Borne]:
    """Return what stands of such taxes on which windows and wasn't given back yet.

    What was adjusted off a charge took its tax along, and what was moved on took it elsewhere: only
    what is there counts, where it is. Charges that were reversed have nothing to give back.
    """
    if not exempt:
        return []
    found = [
        Borne(
            row.key, row.text, row.subject_id, row.tax_id, (),
            row.id, row.charge_code_id, row.account_id,
        )
        for row in session.execute(_taxed(hotel, exempt))
        if (row.subject_id, row.tax_id) in exempt
    ]  # fmt: skip
    there = _keys_concerning(session, hotel, found)
    turned = [_next_turn(each, there) for each in found]
    waiting = [each for each in turned if each.refund_key not in there]
    return _on_windows(session, hotel, [(each.entry_id or 0, each) for each in waiting])


def due_again(session: Session, hotel: Hotel, reservation_id: int, exempt: Exempt) -> list[Borne]:
    """Return what stands given back to a stay that isn't exempt of it any more."""
    rows = [
        (row.refund_id, Borne(
            row.key, row.text, row.subject_id, row.tax_id, (),
            row.id, row.charge_code_id, row.account_id,
        ), row.refund_key)
        for row in session.execute(_refunded(hotel, reservation_id))
        if (row.subject_id, row.tax_id) not in exempt
    ]  # fmt: skip
    there = _keys_concerning(session, hotel, [each for _, each, _ in rows])
    waiting = [
        (refund_id, turned)
        for refund_id, each, key in rows
        for turned in [_next_turn(each, there)]
        if turned.refund_key == key
    ]
    return _on_windows(session, hotel, waiting)


def bearers(some: Iterable[Borne]) -> set[int]:
    """Return the folios that bear taxes."""
    return {part.folio_id for each in some for part in each.parts}


def drafts(exempt: Exempt, some: Iterable[Borne]) -> list[ledger.Draft]:
    """Return what gives taxes back to who bore them.

    Each charge gets an entry of its own, once, so each stays what its tax makes of its base.
    """
    found = []
    for each in some:
        rule = exempt[each.reservation_id, each.tax_id]
        why = references.LONG_STAY.format(number=rule.limits.exempt_from)
        found.append(_draft(each, each.refund_key, words(rule, each), why))
    return found


def drafts_again(some: Iterable[Borne], *, reason: str) -> list[ledger.Draft]:
    """Return what charges taxes again that are due again, to who was given them back."""
    return [
        _draft(each, each.due_again_key, references.DUE_AGAIN.format(name=each.text), reason)
        for each in some
    ]


def _draft(of: Borne, key: str, text: str, reason: str) -> ledger.Draft:
    """Return the opposite of what windows bear, or were given back, as an entry of its own."""
    lines = [_back(of, part.account_id, -part.amount, -part.base) for part in of.parts]
    amount, base = sum(part.amount for part in of.parts), -sum(part.base for part in of.parts)
    return ledger.Draft(
        kind=Kind.ADJUSTMENT,
        key=key,
        text=text,
        reason=reason,
        concerns_id=of.entry_id,
        lines=(*lines, _back(of, of.tax_account_id or 0, amount, base)),
    )


def words(rule: Rule, of: Borne) -> str:
    """Say what is given back: `Lodging: CITY exempt`."""
    return references.EXEMPT.format(name=of.text, code=rule.code)


def _back(of: Borne, account_id: int, amount: int, base: int) -> ledger.Side:
    return ledger.Side(account_id, amount, of.charge_code_id, of.tax_id, base=base)


def _taxed(hotel: Hotel, exempt: Exempt) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Entry.id,
            Entry.key,
            Entry.text,
            Entry.subject_id,
            Line.tax_id,
            Line.account_id,
            Line.charge_code_id,
        )
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.subject_id.in_({party for party, _ in exempt}),
            Entry.kind == Kind.CHARGE,
            Line.tax_id.in_({tax for _, tax in exempt}),
            Account.ledger == Ledger.TAX,
            Line.amount < 0,
            ledger.standing(),
        )
        .order_by(Entry.id, Line.no)
    )


def _refunded(hotel: Hotel, reservation_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Ask for the refunds of a stay that stand, each with the charge that it is of."""
    charge = aliased(Entry)
    return (
        sa.select(
            Entry.id.label("refund_id"),
            Entry.key.label("refund_key"),
            charge.id,
            charge.key,
            charge.text,
            charge.subject_id,
            Line.tax_id,
            Line.account_id,
            Line.charge_code_id,
        )
        .join(charge, sa.and_(charge.hotel_id == Entry.hotel_id, charge.id == Entry.concerns_id))
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.kind == Kind.ADJUSTMENT,
            charge.kind == Kind.CHARGE,
            charge.subject_id == reservation_id,
            Line.tax_id.is_not(None),
            Account.ledger == Ledger.TAX,
            ledger.standing(),
        )
        .order_by(Entry.id, Line.no)
    )


def _keys_concerning(session: Session, hotel: Hotel, some: Iterable[Borne]) -> set[str]:
    """Return the keys of what was ever posted about charges."""
    return set(
        session.scalars(
            sa.select(Entry.key).where(
                Entry.hotel_id == hotel.id,
                Entry.concerns_id.in_({each.entry_id for each in some}),
                Entry.kind == Kind.ADJUSTMENT,
            )
        )
    )


def _next_turn(of: Borne, there: set[str]) -> Borne:
    """Return a tax as it is to be given back next: once more after it was due again."""
    while of.due_again_key in there:
        of = replace(of, turn=of.turn + 1)
    return of


def _on_windows(session: Session, hotel: Hotel, some: Sequence[tuple[int, Borne]]) -> list[Borne]:
    """Return the taxes that stand, each with the windows where those of its entry do."""
    standing = _standing(session, hotel, some)
    found = (
        replace(each, parts=_by_window(standing.get((entry_id, each.tax_id), ())))
        for entry_id, each in some
    )
    return [each for each in found if each.parts]


def _standing(
    session: Session, hotel: Hotel, some: Sequence[tuple[int, Borne]]
) -> dict[tuple[int, int], list[Part]]:
    """Return what each window bears of the taxes of entries, wherever it was moved or adjusted."""
    whose = folios.followed(session, hotel.id, {entry_id for entry_id, _ in some})
    rows = session.execute(
        sa.select(
            Line.entry_id,
            Line.tax_id,
            FolioWindow.folio_id,
            Line.account_id,
            sa.func.sum(Line.amount).label("amount"),
            sa.func.sum(sa.func.coalesce(Line.base, 0)).label("base"),
        )
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(
            Line.hotel_id == hotel.id,
            Line.entry_id.in_(whose),
            Line.tax_id.in_({each.tax_id for _, each in some}),
        )
        .group_by(Line.entry_id, Line.tax_id, FolioWindow.folio_id, Line.account_id)
        .order_by(Line.entry_id, FolioWindow.folio_id, sa.func.min(Line.no))
    )
    found: dict[tuple[int, int], list[Part]] = {}
    for row in rows:
        part = Part(row.folio_id, row.account_id, int(row.amount), int(row.base))
        found.setdefault((whose[row.entry_id], row.tax_id), []).append(part)
    return found


def _by_window(lines: Iterable[Part]) -> tuple[Part, ...]:
    """Return what lines come to on each window, where that is anything."""
    windows: dict[int, Part] = {}
    for line in lines:
        known = windows.get(line.account_id, Part(line.folio_id, line.account_id, 0, 0))
        windows[line.account_id] = replace(
            known, amount=known.amount + line.amount, base=known.base + line.base
        )
    return tuple(part for part in windows.values() if part.amount)
