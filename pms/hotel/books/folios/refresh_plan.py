"""What the routing of a folio, as it is by now, would move of what is posted already.

Only what stands in the folio's first window moves, as a desk would move it: what others have
already stays with them until somebody moves it, and what is invoiced stays until it is credited.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from pms.base.money import apportion, round_half_up
from pms.hotel.books.folios import parts, posted_charges
from pms.hotel.books.folios.posted_charges import PostedCharge, Sum
from pms.hotel.books.folios.routes import Routes, Target, routes
from pms.hotel.books.folios.rules import WHOLE, RoutingRule
from pms.hotel.books.folios.tables import Folio
from pms.hotel.books.ledger import Side

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


_Taken = tuple[RoutingRule, int, list[Side]]


def planned(session: Session, folio: Folio, ways: Routes) -> Refresh:
    """Return what would move of a folio by the ways that are open; counts it to their limits."""
    if not ways.leads_on(folio.id):
        return Refresh((), ())
    home = ways.windows[folio.id, 1]
    charges = posted_charges.charges(session, folio, home, parts_levies=ways.parts_levies)
    on_paper = posted_charges.on_paper(session, folio.hotel_id, home)
    adjustments = posted_charges.adjustments(session, folio.hotel_id, home, on_paper)
    moves: list[Move] = []
    invoiced: list[Invoiced] = []
    for charge in charges:
        taken = _taken(ways.fitting(folio.id, charge.code, charge.night), charge, ways)
        if not taken:
            continue
        if charge.entry_id in on_paper:
            minor = sum(amount for _, amount, _ in taken)
            invoiced.append(Invoiced(charge.night, charge.text, minor))
            continue
        if len(moves) >= MOST_AT_ONCE:
            return Refresh(tuple(moves), tuple(invoiced), more=True)
        for rule, amount, _ in taken:
            ways.sent.add(rule.id, charge.night, amount)
        moves += _moves(charge, taken, ways, adjustments.get(charge.entry_id, ()))
    return Refresh(tuple(moves), tuple(invoiced))


def _taken(rules: Iterable[RoutingRule], charge: PostedCharge, ways: Routes) -> list[_Taken]:
    """Return what each rule takes of a charge beyond what it sent, and its window has, already.

    With the lines that it takes; the whole charge keeps its quantity.
    """
    taken: list[_Taken] = []
    left = list(charge.sides)
    there = {account_id: replace(known) for account_id, known in charge.there.items()}
    for rule in rules:
        account_id = ways.windows[rule.to_folio_id, rule.to_window]
        has = there.setdefault(account_id, Sum())
        asked = round_half_up(Fraction(charge.put.of(rule.levies) * rule.percent, WHOLE))
        own = min(asked, charge.sent.get(rule.id, 0))
        others = max(min(asked - own, has.of(rule.levies) - own), 0)
        has.less(own + others, rule.levies)
        drawn = [each for each in left if rule.levies.draw(is_levy=charge.is_levy(each))]
        rest = sum(side.amount for side in drawn)
        amount = min(ways.sent.left(rule, charge.night, asked - own) - others, rest)
        if amount > 0:
            whole = amount == rest and not taken
            sides = drawn if whole else parts.part_of(drawn, amount)
            taken.append((rule, amount, sides))
            left = _without(left, sides)
    return taken


def _moves(
    charge: PostedCharge,
    taken: Sequence[_Taken],
    ways: Routes,
    adjustments: Iterable[tuple[int, str, list[Side]]],
) -> list[Move]:
    """Return how a charge moves, and what adjusted it in the same proportion."""
    sent: dict[Target, list[tuple[int, int]]] = {}
    gone: dict[Target, list[Side]] = {}
    for rule, amount, sides in taken:
        to = (rule.to_folio_id, rule.to_window)
        sent.setdefault(to, []).append((rule.id, amount))
        gone[to] = parts.together([*gone.get(to, ()), *sides])
    moves = [
        Move(
            charge.entry_id, charge.night, charge.text, to, ways.windows[to], tuple(sides),
            tuple(sent[to]),
        )
        for to, sides in gone.items()
    ]  # fmt: skip
    for entry_id, text, sides in adjustments:
        moves += [
            Move(entry_id, charge.night, text, to, ways.windows[to], tuple(part))
            for to, part in zip(gone, _along(charge, sides, list(gone.values())), strict=True)
            if any(side.amount for side in part)
        ]
    return moves


def _along(
    charge: PostedCharge, sides: Sequence[Side], gone: Sequence[Sequence[Side]]
) -> list[list[Side]]:
    """Return what of an adjustment goes with each part of its charge, levies with levies.

    The whole keeps its quantity.
    """
    along: list[list[Side]] = [[] for _ in gone]
    for of_levies in (False, True):
        own = [side for side in sides if charge.is_levy(side) is of_levies]
        moved = [_comes_to(charge, part, of_levies) for part in gone]
        whole = _comes_to(charge, charge.sides, of_levies)
        if not own or not whole:
            continue
        left = own
        shares = apportion(sum(side.amount for side in own), [*moved, whole - sum(moved)])
        for no, amount in enumerate(shares[:-1]):
            if amount:
                part = own if amount == sum(shares) else parts.part_of(left, amount)
                along[no] += part
                left = _without(left, part)
    return along


def _comes_to(charge: PostedCharge, sides: Iterable[Side], of_levies: bool) -> int:
    return sum(side.amount for side in sides if charge.is_levy(side) is of_levies)


def _without(sides: Sequence[Side], gone: Sequence[Side]) -> list[Side]:
    """Return what is left of lines when others of the same taxes are gone."""
    taken = {side.tax_id: side for side in gone}
    return [_less(side, taken.get(side.tax_id)) for side in sides]


def _less(side: Side, gone: Side | None) -> Side:
    if gone is None:
        return side
    base = None if side.base is None else side.base - (gone.base or 0)
    return replace(side, amount=side.amount - gone.amount, base=base)
