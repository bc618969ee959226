"""Parts of postings: what of an entry stands on a window, whole or after some of it moved on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import ink
from pms.base.money import apportion, round_half_up
from pms.hotel.books import ledger
from pms.hotel.books.folios.tables import FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line, Side

_SUM = "SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.hotel_id = NEW.hotel_id"
_PUT = f"({_SUM} AND l.entry_id = NEW.concerns_id AND l.account_id = f.account_id)"
_LEAVES = f"({_SUM} AND l.entry_id = NEW.id AND l.account_id = f.account_id)"
_LEFT = (
    f"({_SUM} AND l.account_id = f.account_id AND l.entry_id IN"  # noqa: S608 - of constants
    " (SELECT t.id FROM entries t JOIN lines b ON b.hotel_id = t.hotel_id AND b.entry_id = t.id"
    " AND b.no = 1 AND b.account_id = f.account_id"
    " WHERE t.hotel_id = NEW.hotel_id AND t.concerns_id = NEW.concerns_id AND t.kind = 'transfer'"
    " AND NOT EXISTS (SELECT 1 FROM entries u WHERE u.hotel_id = t.hotel_id"
    " AND u.reverses_id = t.id)))"
)
_STANDS = f"({_PUT} + {_LEFT})"
_REST = f"({_STANDS} + {_LEAVES})"
ink.guard(
    "entries_move_what_stands",
    table="entries",
    when="INSERT",
    refuse_if=(
        "NEW.kind = 'transfer' AND NEW.concerns_id IS NOT NULL"  # noqa: S608 - of constants
        " AND EXISTS (SELECT 1 FROM lines f"
        " WHERE f.hotel_id = NEW.hotel_id AND f.entry_id = NEW.id AND f.no = 1"
        f" AND (ABS({_REST}) > ABS({_STANDS})"
        f" OR {_STANDS} > 0 AND {_REST} < 0 OR {_STANDS} < 0 AND {_REST} > 0))"
    ),
    message="no more is moved than stands",
)


def windows_put_on(session: Session, entry: Entry) -> list[FolioWindow]:
    """Return the windows an entry put something on; a transfer that one where it arrives."""
    lines = ledger.lines_of(session, entry)
    if entry.kind is Kind.TRANSFER:
        lines = lines[len(lines) // 2 :]  # first what leaves, then what arrives
    return list(
        session.scalars(
            sa.select(FolioWindow)
            .where(
                FolioWindow.hotel_id == entry.hotel_id,
                FolioWindow.account_id.in_({line.account_id for line in lines}),
            )
            .order_by(FolioWindow.folio_id, FolioWindow.no)
        )
    )


def standing_on(session: Session, entry: Entry, account_id: int) -> list[Side]:
    """Return what of an entry stands on an account: its lines less what was moved on from there.

    One for the charge and one for each tax; nothing when all of it was moved on.
    """
    lines = session.scalars(
        sa.select(Line)
        .where(
            Line.hotel_id == entry.hotel_id,
            Line.account_id == account_id,
            sa.or_(Line.entry_id == entry.id, Line.entry_id.in_(_moves_from(entry, account_id))),
        )
        .order_by(Line.entry_id, Line.no)
    ).all()
    moved = any(line.entry_id != entry.id for line in lines)
    sides = together(lines)
    return [] if moved and not sum(side.amount for side in sides) else sides


def standing_by_entry(
    session: Session, hotel_id: int, account_id: int, kind: Kind
) -> dict[int, list[Side]]:
    """Return what stands on an account of each entry of a kind, as `standing_on` says it of one."""
    rows = session.execute(
        sa.select(Line, sa.case((_moved_on_from(account_id), Entry.concerns_id), else_=Entry.id))
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .where(
            Line.hotel_id == hotel_id,
            Line.account_id == account_id,
            sa.or_(Entry.kind == kind, _moved_on_from(account_id)),
            ledger.standing(),
        )
        .order_by(Line.entry_id, Line.no)
    )
    lines: dict[int, list[Line]] = {}
    for line, entry_id in rows:
        lines.setdefault(int(entry_id or 0), []).append(line)
    by_entry = {
        entry_id: together(some)
        for entry_id, some in lines.items()
        if any(line.entry_id == entry_id for line in some)  # a move of one of another kind isn't
    }
    return {
        entry_id: sides
        for entry_id, sides in by_entry.items()
        if any(side.amount for side in sides)
    }


def followed(
    session: Session,
    hotel_id: int,
    entry_ids: Iterable[int],
    *,
    kinds: Collection[Kind] = (Kind.TRANSFER, Kind.ADJUSTMENT),
) -> dict[int, int]:
    """Return entries and what moved them on or adjusted them, each with the entry it is of."""
    whose = {each: each for each in entry_ids}
    fresh = set(whose)
    while fresh:
        rows = session.execute(
            sa.select(Entry.id, Entry.concerns_id).where(
                Entry.hotel_id == hotel_id,
                Entry.concerns_id.in_(fresh),
                Entry.kind.in_(kinds),
                ledger.standing(),
            )
        )
        found = {row.id: whose[row.concerns_id] for row in rows}
        fresh = found.keys() - whose.keys()
        whose |= found
    return whose


def part_of(sides: Sequence[Side], amount: int) -> list[Side]:
    """Return so much (minor units) of what stands, taxes in proportion, by largest remainder.

    The quantity stays with the rest.
    """
    taken = apportion(amount, [side.amount for side in sides])
    whole = sum(side.amount for side in sides)
    net = sum(side.amount for side in sides if side.tax_id is None)
    of_net = sum(minor for side, minor in zip(sides, taken, strict=True) if side.tax_id is None)

    def base(side: Side) -> int | None:
        if side.base is None or side.base == net:
            return None if side.base is None else of_net
        return round_half_up(Fraction(side.base * amount, whole))

    return [
        replace(side, amount=minor, base=base(side), quantity=None)
        for side, minor in zip(sides, taken, strict=True)
    ]


def is_moved_on(session: Session, entry: Entry) -> bool:
    """Tell whether something of an entry was moved on and stands elsewhere."""
    return (
        session.scalar(sa.select(Entry.id).where(moves_of(entry), ledger.standing()).limit(1))
        is not None
    )


def moves_of(entry: Entry) -> sa.ColumnElement[bool]:
    """Return the condition that an `Entry` of the query moves something of this one."""
    return sa.and_(
        Entry.hotel_id == entry.hotel_id,
        Entry.concerns_id == entry.id,
        Entry.kind == Kind.TRANSFER,
    )


def taken_from(session: Session, move: Entry) -> tuple[Entry, int] | None:
    """Return the entry that a transfer moved, and the account it was taken from."""
    if move.kind is not Kind.TRANSFER or move.concerns_id is None:
        return None
    moved = session.get_one(Entry, (move.hotel_id, move.concerns_id))
    return moved, ledger.lines_of(session, move)[0].account_id


def _moves_from(entry: Entry, account_id: int) -> sa.Select[int]:
    first = aliased(Line)
    return sa.select(Entry.id).where(
        moves_of(entry),
        ledger.standing(),
        sa.exists().where(
            first.hotel_id == Entry.hotel_id,
            first.entry_id == Entry.id,
            first.no == 1,
            first.account_id == account_id,
        ),
    )


def _moved_on_from(account_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that an `Entry` of the query moved another on from an account."""
    first = aliased(Line)
    begins = sa.exists().where(
        first.hotel_id == Entry.hotel_id,
        first.entry_id == Entry.id,
        first.no == 1,
        first.account_id == account_id,
    )
    return sa.and_(Entry.kind == Kind.TRANSFER, Entry.concerns_id.is_not(None), begins)


def together(lines: Iterable[Line | Side]) -> list[Side]:
    """Return what lines come to: one for the charge and one for each tax."""
    found: dict[tuple[int | None, int | None], Side] = {}
    for line in lines:
        which = (line.charge_code_id, line.tax_id)
        known = found.get(which)
        found[which] = Side(
            line.account_id,
            line.amount + (known.amount if known else 0),
            charge_code_id=line.charge_code_id,
            tax_id=line.tax_id,
            quantity=_added(known.quantity if known else None, line.quantity),
            base=_added(known.base if known else None, line.base),
        )
    return list(found.values())


def _added(known: int | None, more: int | None) -> int | None:
    return more if known is None else known + (more or 0)
