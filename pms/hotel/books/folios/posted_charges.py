"""Posted charges: what of a folio's charges stands in its first window, and who has how much."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.books.folios import parts
from pms.hotel.books.folios.invoiced import PaperEntry
from pms.hotel.books.folios.rules import RoutedAmount, RoutingRule
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line, Side
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Levies


@dataclass(slots=True)
class Sum:
    """What lines come to in minor units, without their levies and of those alone."""

    rest: int = 0
    levies: int = 0

    def of(self, levies: Levies) -> int:
        """Return what of it goes to who takes a charge so."""
        own = self.levies if levies.draw(is_levy=True) else 0
        return own + (self.rest if levies.draw(is_levy=False) else 0)

    def add(self, amount: int, *, is_levy: bool) -> None:
        """Add what a line comes to."""
        if is_levy:
            self.levies += amount
        else:
            self.rest += amount

    def less(self, amount: int, levies: Levies) -> None:
        """Take off what goes to who takes a charge so, of the charge before its levies."""
        of_levies = amount - max(min(amount, self.rest), 0)
        if levies is not Levies.ALONG:
            of_levies = amount if levies is Levies.ONLY else 0
        self.levies -= of_levies
        self.rest -= amount - of_levies


@dataclass(frozen=True, slots=True)
class PostedCharge:
    """A charge of the folio: what stands of it in the first window, and who has how much.

    `put` is the whole charge, `there` what each account has of it by now, each without levies and
    in levies that can go by themselves (`alone`, by tax).
    """

    entry_id: int
    night: date
    text: str
    code: ChargeCode
    sides: list[Side]
    put: Sum
    there: dict[int, Sum]
    sent: dict[int, int]
    alone: frozenset[int]

    def is_levy(self, side: Side) -> bool:
        """Tell whether a line is a levy that can go by itself."""
        return side.tax_id in self.alone


def charges(session: Session, folio: Folio, home: int, *, parts_levies: bool) -> list[PostedCharge]:
    """Return the folio's own charges of which something stands in its first window, by night.

    Only where rules take levies and their charge apart it is asked which of its taxes are such.
    """
    hotel_id = folio.hotel_id
    standing = parts.standing_by_entry(session, hotel_id, home, Kind.CHARGE)
    night = sa.func.coalesce(Entry.service_night, Entry.business_day)
    rows = session.execute(
        sa.select(Entry.id, Entry.text, night.label("night"))
        .where(
            Entry.hotel_id == hotel_id,
            Entry.id.in_(standing),
            ~_routed_here(folio),
        )
        .order_by(night, Entry.id)
    ).all()
    codes = _codes(session, hotel_id, standing.values())
    known = _known(session, hotel_id, [row.id for row in rows], parts_levies=parts_levies)
    return [
        PostedCharge(
            row.id, row.night, row.text, code, sides,
            known.put[row.id], known.has[row.id], known.sent[row.id], known.alone[row.id],
        )
        for row in rows
        for sides in [standing[row.id]]
        for code in [codes.get(sides[0].charge_code_id)]
        if code is not None and known.put[row.id].of(Levies.ALONG) > 0
    ]  # fmt: skip


def _routed_here(folio: Folio) -> sa.ColumnElement[bool]:
    """Return the condition that another folio's rule sent an `Entry` of the query here."""
    return sa.exists().where(
        RoutedAmount.hotel_id == Entry.hotel_id,
        RoutedAmount.entry_id == Entry.id,
        RoutedAmount.rule_id == RoutingRule.id,
        RoutingRule.hotel_id == Entry.hotel_id,
        RoutingRule.folio_id != folio.id,
    )


def _codes(
    session: Session, hotel_id: int, some: Iterable[list[Side]]
) -> dict[int | None, ChargeCode]:
    wanted = {side.charge_code_id for sides in some for side in sides}
    rows = session.scalars(
        sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel_id, ChargeCode.id.in_(wanted))
    )
    return {code.id: code for code in rows}


@dataclass(frozen=True, slots=True)
class _Known:
    """What charges put on windows, what each account has of them by now, and what rules sent.

    Each by its entry; `alone` are the taxes of each that are levies and can go by themselves.
    """

    put: dict[int, Sum]
    has: dict[int, dict[int, Sum]]
    sent: dict[int, dict[int, int]]
    alone: dict[int, frozenset[int]]


def _known(session: Session, hotel_id: int, some: Collection[int], *, parts_levies: bool) -> _Known:
    whose = parts.followed(session, hotel_id, some, kinds=[Kind.TRANSFER])
    rows = session.execute(_on_windows(hotel_id, whose)).all()
    alone = _alone(session, hotel_id, whose, rows) if parts_levies else defaultdict(frozenset)
    put: dict[int, Sum] = defaultdict(Sum)
    has: dict[int, dict[int, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for entry_id, account_id, tax_id, amount in rows:
        charge = whose[entry_id]
        is_levy = tax_id in alone[charge]
        if entry_id == charge:
            put[charge].add(int(amount), is_levy=is_levy)
        has[charge][account_id].add(int(amount), is_levy=is_levy)
    sent: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    routed = session.execute(
        sa.select(RoutedAmount.entry_id, RoutedAmount.rule_id, RoutedAmount.amount).where(
            RoutedAmount.hotel_id == hotel_id, RoutedAmount.entry_id.in_(whose)
        )
    )
    for entry_id, rule_id, amount in routed:
        sent[whose[entry_id]][rule_id] += int(amount)
    return _Known(put, has, sent, alone)


def _alone(
    session: Session, hotel_id: int, whose: dict[int, int], rows: Iterable[Any]
) -> dict[int, frozenset[int]]:
    """Return the taxes of each charge that are levies and can go by themselves."""
    borne: dict[int, set[int]] = defaultdict(set)
    for entry_id, _, tax_id, _ in rows:
        if tax_id is not None:
            borne[whose[entry_id]].add(tax_id)
    every = {tax_id for of_charge in borne.values() for tax_id in of_charge}
    known = taxes.kinds(session, hotel_id, every)
    found: dict[int, frozenset[int]] = defaultdict(frozenset)
    for charge, of_charge in borne.items():
        codes = taxes.by_themselves(known[tax_id] for tax_id in of_charge)
        found[charge] = frozenset(each for each in of_charge if known[each].code in codes)
    return found


def _on_windows(hotel_id: int, entry_ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Line.entry_id, Line.account_id, Line.tax_id, sa.func.sum(Line.amount))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(Line.hotel_id == hotel_id, Line.entry_id.in_(entry_ids))
        .group_by(Line.entry_id, Line.account_id, Line.tax_id)
    )


def on_paper(session: Session, hotel_id: int, home: int) -> set[int]:
    """Return the entries whose part in the first window is on an issued paper."""
    return set(
        session.scalars(
            sa.select(PaperEntry.entry_id)
            .where(PaperEntry.hotel_id == hotel_id, PaperEntry.account_id == home)
            .group_by(PaperEntry.entry_id)
            .having(sa.func.sum(PaperEntry.covers) > 0)
        )
    )


def adjustments(
    session: Session, hotel_id: int, home: int, on_paper: Collection[int]
) -> dict[int, list[tuple[int, str, list[Side]]]]:
    """Return what stands in the first window of adjustments, by the charge they concern."""
    standing = parts.standing_by_entry(session, hotel_id, home, Kind.ADJUSTMENT)
    rows = session.execute(
        sa.select(Entry.id, Entry.concerns_id, Entry.text)
        .where(Entry.hotel_id == hotel_id, Entry.id.in_(standing), Entry.concerns_id.is_not(None))
        .order_by(Entry.id)
    )
    found: dict[int, list[tuple[int, str, list[Side]]]] = defaultdict(list)
    for row in rows:
        if row.id not in on_paper:
            found[int(row.concerns_id or 0)].append((row.id, row.text, standing[row.id]))
    return found
