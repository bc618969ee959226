"""Adjustable charges: what an adjustment can concern, by how much, and what it holds fast."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money, round_half_up, total
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.books.folios import parts
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Tax, TaxKind


class Adjusted(Refusal):
    """Without its charge, what was taken off it would be the guest's."""

    def __init__(self, text: str, off: Money) -> None:
        super().__init__(f"{off.said} were taken off “{text}”. Void that adjustment first.")


class TakenOffSince(Refusal):
    """Without what was added to its charge, more was taken off that than was ever charged."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"More was taken off “{text}” than it was without this adjustment. Void what took off "
            "first."
        )


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A charge of which a folio's windows bear something, wherever it was posted.

    `windows` says by number what each bears, percentages of tax in it; what is due by head and
    night isn't: only nights that fall away take it along.
    """

    entry: Entry
    code: ChargeCode
    windows: Mapping[int, Money]

    @property
    def id(self) -> int:
        """The charge's entry."""
        return self.entry.id

    @property
    def amount(self) -> Money:
        """What the folio's windows bear of it together."""
        return total(self.windows.values(), next(iter(self.windows.values())).currency)

    @property
    def night(self) -> date:
        """The night it is for, or the day it was posted."""
        return self.entry.service_night or self.entry.business_day


def adjustables(session: Session, folio: Folio, *, limit: int = 500) -> list[Adjustable]:
    """Return the charges of which a folio bears something, moved here or not, newest first."""
    hotel = session.get_one(Hotel, folio.hotel_id)
    behind = _charges_behind(session, hotel, _put(session, folio, limit))
    borne = _borne(session, hotel.id, set(behind.values()))
    stands = {
        charge_id: {
            window.no: Money(minor, hotel.currency)
            for window in folio.windows
            if (minor := by_account.get(window.account_id, 0)) > 0
        }
        for charge_id, by_account in borne.items()
    }
    rows = session.execute(
        sa.select(Entry, ChargeCode)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(
            ChargeCode,
            sa.and_(ChargeCode.hotel_id == Line.hotel_id, ChargeCode.id == Line.charge_code_id),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.id.in_([charge_id for charge_id, windows in stands.items() if windows]),
            Entry.kind == Kind.CHARGE,
            Line.no == 1,
        )
        .order_by(Entry.business_day.desc(), Entry.id.desc())
    )
    return [Adjustable(entry, code, stands[entry.id]) for entry, code in rows]


def _put(session: Session, folio: Folio, limit: int) -> list[int]:
    """Return the newest charges and moves that stand and put something on a folio."""
    return list(
        session.scalars(
            sa.select(Line.entry_id)
            .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
            .where(
                Line.hotel_id == folio.hotel_id,
                Line.account_id.in_([window.account_id for window in folio.windows]),
                Entry.kind.in_([Kind.CHARGE, Kind.TRANSFER]),
                ledger.standing(),
            )
            .distinct()
            .order_by(Line.entry_id.desc())
            .limit(limit)
        )
    )


def left_on(session: Session, charge: Entry, account_id: int) -> Money:
    """Return what a window bears of a charge: no more than all bear of it, less adjustments."""
    by_account = _borne(session, charge.hotel_id, [charge.id]).get(charge.id, {})
    hotel = session.get_one(Hotel, charge.hotel_id)
    return Money(min(by_account.get(account_id, 0), sum(by_account.values())), hotel.currency)


def bears_levy(session: Session, charge: Entry) -> bool:
    """Tell whether a charge bears a tax that no adjustment takes along."""
    return (
        session.scalar(
            sa.select(Line.no)
            .join(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
            .where(
                Line.hotel_id == charge.hotel_id,
                Line.entry_id == charge.id,
                Tax.kind != TaxKind.PERCENT,
            )
            .limit(1)
        )
        is not None
    )


def _borne(
    session: Session, hotel_id: int, charge_ids: Collection[int]
) -> dict[int, dict[int, int]]:
    """Return what is borne of charges after their moves and adjustments, by account.

    Minor units, with the percentages of tax that an adjustment takes along and no others.
    """
    whose = parts.followed(session, hotel_id, charge_ids)
    rows = session.execute(
        sa.select(Line.entry_id, Line.account_id, Line.amount, Line.base, Tax)
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .outerjoin(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(Line.hotel_id == hotel_id, Line.entry_id.in_(whose), ledger.standing())
    )
    lines: defaultdict[tuple[int, int], list[_Line]] = defaultdict(list)
    for entry_id, account_id, amount, base, tax in rows:
        lines[whose[entry_id], account_id].append(_Line(int(amount), int(base or 0), tax))
    borne: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (charge_id, account_id), some in lines.items():
        borne[charge_id][account_id] = _without_levies(some)
    return borne


@dataclass(frozen=True, slots=True)
class _Line:
    """What an entry put on a window: of the charge itself, or of a tax on its `base`."""

    amount: int
    base: int
    tax: Tax | None


def _without_levies(lines: Sequence[_Line]) -> int:
    """Return what lines come to without taxes by head and night, and the percentages on these."""
    fixed: defaultdict[str, int] = defaultdict(int)
    percentages: defaultdict[str, int] = defaultdict(int)
    bases: defaultdict[str, int] = defaultdict(int)
    on_top_of: dict[str, Sequence[str]] = {}
    own = 0
    for line in lines:
        if line.tax is None:
            own += line.amount
        elif line.tax.kind is not TaxKind.PERCENT:
            fixed[line.tax.code] += line.amount
        else:
            percentages[line.tax.code] += line.amount
            bases[line.tax.code] += line.base
            on_top_of[line.tax.code] = line.tax.on_top_of
    for code, amount in percentages.items():
        levies = sum(fixed[each] for each in on_top_of[code])
        share = Fraction(levies, bases[code]) if levies and bases[code] else Fraction(0)
        own += amount - round_half_up(amount * share)
    return own


def _charges_behind(session: Session, hotel: Hotel, entry_ids: list[int]) -> dict[int, int]:
    """Return each entry with what it moved, or what that had moved: one question for each move."""
    behind = dict(zip(entry_ids, entry_ids, strict=True))
    while moved := {
        row.id: row.concerns_id
        for row in session.execute(
            sa.select(Entry.id, Entry.concerns_id).where(
                Entry.hotel_id == hotel.id,
                Entry.id.in_(set(behind.values())),
                Entry.kind == Kind.TRANSFER,
                Entry.concerns_id.is_not(None),
            )
        )
    }:
        behind = {each: moved.get(entry_id, entry_id) for each, entry_id in behind.items()}
    return behind


def refuse_adjusted(session: Session, hotel: Hotel, charge: Entry) -> None:
    """Refuse to undo a charge from which adjustments took something, on whatever bill they are."""
    added = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Line.amount), 0))
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.concerns_id == charge.id,
            Entry.kind == Kind.ADJUSTMENT,
            ledger.standing(),
        )
    )
    if int(added or 0) < 0:
        raise Adjusted(charge.text, Money(-int(added or 0), hotel.currency))


def refuse_needed(session: Session, adjustment: Entry) -> None:
    """Refuse to undo what was added to a charge while others took off more than is left then.

    The folios it stands on are locked.
    """
    if adjustment.concerns_id is None:
        return
    charge = session.get_one(Entry, (adjustment.hotel_id, adjustment.concerns_id))
    if charge.kind is not Kind.CHARGE:
        return
    lock(session, charge)
    for account_id, added in _added(session, adjustment).items():
        if added > 0 and left_on(session, charge, account_id).minor < added:
            raise TakenOffSince(charge.text)


def _added(session: Session, adjustment: Entry) -> dict[int, int]:
    """Return what an adjustment put on windows, by account; levies only ever go with nights."""
    rows = session.execute(
        sa.select(Line.account_id, sa.func.sum(Line.amount))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(Line.hotel_id == adjustment.hotel_id, Line.entry_id == adjustment.id)
        .group_by(Line.account_id)
    )
    return {account_id: int(amount) for account_id, amount in rows}
