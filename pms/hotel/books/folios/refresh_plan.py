"""What the routing of a folio, as it is by now, would move of what is posted already.

Only what stands in the folio's first window moves, as a desk would move it: what others have
already stays with them until somebody moves it, and what is invoiced stays until it is credited.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import apportion, round_half_up
from pms.hotel.books.folios import parts
from pms.hotel.books.folios.invoiced import PaperEntry
from pms.hotel.books.folios.routes import Routes, Target, routes
from pms.hotel.books.folios.rules import WHOLE, RoutedAmount, RoutingRule
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line, Side
from pms.hotel.tariff.charges import ChargeCode

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Move:
    """A posting, or a part of it, that goes to another window, and which rules send how much."""

    entry_id: int
    night: date
    text: str
    to: Target
    account_id: int
    sides: tuple[Side, ...]
    sent: tuple[tuple[int, int], ...] = ()

    @property
    def minor(self) -> int:
        """What moves, taxes in it, in minor units."""
        return sum(side.amount for side in self.sides)


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A posting that the rules would move, and that stands on an issued paper."""

    night: date
    text: str
    minor: int


@dataclass(frozen=True, slots=True)
class Refresh:
    """What the rules would move out of a folio's first window; `more` says that it isn't all."""

    moves: tuple[Move, ...]
    invoiced: tuple[Invoiced, ...]
    more: bool = False

    @property
    def digest(self) -> str:
        """What tells one such answer from another, for who looks before applying it."""
        said = [(move.entry_id, *move.to, move.minor) for move in self.moves]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def by_target(self) -> dict[Target, int]:
        """Return what each window gets, in minor units."""
        found: dict[Target, int] = defaultdict(int)
        for move in self.moves:
            found[move.to] += move.minor
        return dict(found)


def routing_refresh(session: Session, folio: Folio) -> Refresh:
    """Return what refreshing a folio would move; changes nothing."""
    ways = routes(session, folio.hotel_id, [folio.id], held=False)
    return planned(session, folio, ways)


@dataclass(frozen=True, slots=True)
class _Charge:
    """A charge of the folio: what stands of it in the first window, and who has how much."""

    entry_id: int
    night: date
    text: str
    code: ChargeCode
    gross: int
    sides: list[Side]
    on_accounts: dict[int, int]
    sent: dict[int, int]


def planned(session: Session, folio: Folio, ways: Routes) -> Refresh:
    """Return what would move of a folio by the ways that are open; counts it to their limits."""
    rules = [
        rule
        for rule in ways.rules.get(folio.id, ())
        if (rule.to_folio_id, rule.to_window) in ways.windows
    ]
    if not rules:
        return Refresh((), ())
    home = ways.windows[folio.id, 1]
    charges = _charges(session, folio, home)
    on_paper = _on_paper(session, folio.hotel_id, home)
    adjustments = _adjustments(session, folio.hotel_id, home, on_paper)
    moves: list[Move] = []
    invoiced: list[Invoiced] = []
    for charge in charges:
        taken = _taken(rules, charge, ways)
        if not taken:
            continue
        if charge.entry_id in on_paper:
            minor = sum(amount for _, amount in taken)
            invoiced.append(Invoiced(charge.night, charge.text, minor))
            continue
        if len(moves) >= MOST_AT_ONCE:
            return Refresh(tuple(moves), tuple(invoiced), more=True)
        for rule, amount in taken:
            ways.sent.add(rule.id, charge.night, amount)
        moves += _moves(charge, taken, ways, adjustments.get(charge.entry_id, ()))
    return Refresh(tuple(moves), tuple(invoiced))


def _taken(
    rules: Iterable[RoutingRule], charge: _Charge, ways: Routes
) -> list[tuple[RoutingRule, int]]:
    """Return what each rule takes of a charge beyond what it sent, and its window has, already."""
    taken: list[tuple[RoutingRule, int]] = []
    rest = sum(side.amount for side in charge.sides)
    there = dict(charge.on_accounts)
    for rule in rules:
        if rest <= 0 or not rule.fits(charge.code, charge.night):
            continue
        account_id = ways.windows[rule.to_folio_id, rule.to_window]
        asked = round_half_up(Fraction(charge.gross * rule.percent, WHOLE))
        own = min(asked, charge.sent.get(rule.id, 0))
        others = max(min(asked - own, there.get(account_id, 0) - own), 0)
        there[account_id] = there.get(account_id, 0) - own - others
        amount = min(ways.sent.left(rule, charge.night, asked - own) - others, rest)
        if amount > 0:
            taken.append((rule, amount))
            rest -= amount
    return taken


def _moves(
    charge: _Charge,
    taken: Sequence[tuple[RoutingRule, int]],
    ways: Routes,
    adjustments: Iterable[tuple[int, str, list[Side]]],
) -> list[Move]:
    """Return how a charge moves, and what adjusted it in the same proportion."""
    sent: dict[Target, list[tuple[int, int]]] = {}
    for rule, amount in taken:
        sent.setdefault((rule.to_folio_id, rule.to_window), []).append((rule.id, amount))
    amounts = [sum(amount for _, amount in of_rules) for of_rules in sent.values()]
    moves = [
        Move(charge.entry_id, charge.night, charge.text, to, ways.windows[to], sides, tuple(rules))
        for (to, rules), sides in zip(sent.items(), _parted(charge.sides, amounts), strict=True)
    ]
    rest = sum(side.amount for side in charge.sides) - sum(amounts)
    for entry_id, text, sides in adjustments:
        whole = sum(side.amount for side in sides)
        along = apportion(whole, [*amounts, rest])[:-1]
        moves += [
            Move(entry_id, charge.night, text, to, ways.windows[to], part)
            for to, part in zip(sent, _parted(sides, along), strict=True)
            if part
        ]
    return moves


def _parted(sides: Sequence[Side], amounts: Sequence[int]) -> list[tuple[Side, ...]]:
    """Return each amount as lines out of what stands; the whole keeps its quantity."""
    whole = sum(side.amount for side in sides)
    if list(amounts) == [whole]:
        return [tuple(sides)]
    left, found = list(sides), []
    for amount in amounts:
        part = parts.part_of(left, amount) if amount else []
        found.append(tuple(part))
        if part:
            left = [_less(side, gone) for side, gone in zip(left, part, strict=True)]
    return found


def _less(side: Side, gone: Side) -> Side:
    base = None if side.base is None else side.base - (gone.base or 0)
    return replace(side, amount=side.amount - gone.amount, base=base)


# --- reading ------------------------------------------------------------------------------------


def _charges(session: Session, folio: Folio, home: int) -> list[_Charge]:
    """Return the folio's own charges of which something stands in its first window, by night."""
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
    known = _known(session, hotel_id, [row.id for row in rows])
    return [
        _Charge(
            row.id, row.night, row.text, code, known.put[row.id], sides,
            known.has[row.id], known.sent[row.id],
        )
        for row in rows
        for sides in [standing[row.id]]
        for code in [codes.get(sides[0].charge_code_id)]
        if code is not None and known.put[row.id] > 0
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
    """What charges put on windows, what each account has of them by now, and what rules sent."""

    put: dict[int, int]
    has: dict[int, dict[int, int]]
    sent: dict[int, dict[int, int]]


def _known(session: Session, hotel_id: int, charges: Collection[int]) -> _Known:
    whose = parts.followed(session, hotel_id, charges, kinds=[Kind.TRANSFER])
    put: dict[int, int] = defaultdict(int)
    has: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for entry_id, account_id, amount in session.execute(_on_windows(hotel_id, whose)):
        if entry_id == whose[entry_id]:
            put[entry_id] += int(amount)
        has[whose[entry_id]][account_id] += int(amount)
    sent: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    routed = session.execute(
        sa.select(RoutedAmount.entry_id, RoutedAmount.rule_id, RoutedAmount.amount).where(
            RoutedAmount.hotel_id == hotel_id, RoutedAmount.entry_id.in_(whose)
        )
    )
    for entry_id, rule_id, amount in routed:
        sent[whose[entry_id]][rule_id] += int(amount)
    return _Known(put, has, sent)


def _on_windows(hotel_id: int, entry_ids: Collection[int]) -> sa.Select[int, int, int]:
    return (
        sa.select(Line.entry_id, Line.account_id, sa.func.sum(Line.amount))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(Line.hotel_id == hotel_id, Line.entry_id.in_(entry_ids))
        .group_by(Line.entry_id, Line.account_id)
    )


def _on_paper(session: Session, hotel_id: int, home: int) -> set[int]:
    """Return the entries whose part in the first window is on an issued paper."""
    return set(
        session.scalars(
            sa.select(PaperEntry.entry_id)
            .where(PaperEntry.hotel_id == hotel_id, PaperEntry.account_id == home)
            .group_by(PaperEntry.entry_id)
            .having(sa.func.sum(PaperEntry.covers) > 0)
        )
    )


def _adjustments(
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
