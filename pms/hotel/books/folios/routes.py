"""Routes: who pays which part of a charge by the routing of its folio, limits and all."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.db import is_postgresql
from pms.base.money import Money, round_half_up
from pms.hotel.books.folios.rules import WHOLE, RoutedAmount, RoutingRule
from pms.hotel.books.folios.tables import Folio, FolioState, FolioWindow
from pms.hotel.books.ledger import Entry
from pms.hotel.tariff import charge_sets, taxes
from pms.hotel.tariff.charge_sets import CodesOf
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Levies, Remainder, TaxedAmount

Target = tuple[int, int]  # a folio and the number of its window
_RULES = (
    sa.select(RoutingRule)
    .where(
        RoutingRule.hotel_id == sa.bindparam("hotel"),
        RoutingRule.folio_id.in_(sa.bindparam("folios", expanding=True)),
        RoutingRule.ended_on.is_(None),
    )
    .order_by(RoutingRule.priority, RoutingRule.id)
    .execution_options(populate_existing=True)
)
_WRITE_DOWN = sa.insert(cast(sa.Table, RoutedAmount.__table__))


def routing_rules(
    session: Session, hotel_id: int, folio_ids: Iterable[int]
) -> dict[int, list[RoutingRule]]:
    """Return each folio's routing rules in the order in which they take."""
    found: dict[int, list[RoutingRule]] = {}
    for rule in session.scalars(_RULES, {"hotel": hotel_id, "folios": list(folio_ids)}):
        found.setdefault(rule.folio_id, []).append(rule)
    return found


@dataclass(slots=True)
class Sent:
    """What limited rules have sent so far, in minor units: of each night, and of each stay."""

    by_night: dict[tuple[int, date], int] = field(default_factory=lambda: defaultdict(int))
    in_all: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, rule_id: int, night: date, amount: int) -> None:
        """Count what a rule sends."""
        self.by_night[rule_id, night] += amount
        self.in_all[rule_id] += amount

    def left(self, rule: RoutingRule, night: date, asked: int) -> int:
        """Return how much of what a rule would take its limits let it take."""
        if rule.night_limit is not None:
            asked = min(asked, rule.night_limit - self.by_night[rule.id, night])
        if rule.total_limit is not None:
            asked = min(asked, rule.total_limit - self.in_all[rule.id])
        return max(asked, 0)


Taken = tuple[RoutingRule, int]  # a rule, and the minor units it takes of a charge


def shares(
    rules: Iterable[RoutingRule], night: date, whole: TaxedAmount, sent: Sent
) -> tuple[list[Taken], Remainder]:
    """Return what each of the rules that fit a charge takes of it, in order, and what they leave.

    A rule's percentage is of the whole charge, or of its levies, or of all but those; it takes no
    more than those before it left, and no more than its limits allow. What takes off a bill (below
    zero) goes by percentages alone. What costs nothing goes to the first that fits.
    """
    taken: list[Taken] = []
    left = taxes.remainder(whole)
    wholes = {how: left.of(how) for how in Levies}
    for rule in rules:
        asked, rest = wholes[rule.levies], left.of(rule.levies)
        amount = round_half_up(Fraction(asked * rule.percent, WHOLE))
        amount = min(amount, rest) if asked > 0 else max(amount, rest)
        if amount > 0:
            amount = sent.left(rule, night, amount)
        if amount or (not whole.gross and rule.levies is not Levies.ONLY):
            taken.append((rule, amount))
            sent.add(rule.id, night, max(amount, 0))
            left.take(amount, rule.levies)
        if not left.of(Levies.ALONG):
            break
    return taken, left


@dataclass(frozen=True, slots=True)
class Part:
    """What one window takes of a charge, and how much of it each rule sent there."""

    folio_id: int
    window: int
    account_id: int
    taxed: TaxedAmount
    sent: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """The ways charges of some folios can go, while all they lead to is locked."""

    rules: dict[int, list[RoutingRule]]
    sets: CodesOf
    windows: dict[Target, int]
    sent: Sent
    closed: frozenset[int]

    @property
    def is_limited(self) -> bool:
        """Whether what a charge is parted in depends on what was sent before."""
        return any(rule.is_limited for some in self.rules.values() for rule in some)

    @property
    def parts_levies(self) -> bool:
        """Whether some rule takes levies and their charge apart."""
        every = (rule for some in self.rules.values() for rule in some)
        return any(rule.levies is not Levies.ALONG for rule in every)

    def leads_on(self, home: int) -> bool:
        """Tell whether some rule of a folio leads to an open window."""
        rules = self.rules.get(home, ())
        return any((rule.to_folio_id, rule.to_window) in self.windows for rule in rules)

    def fitting(self, home: int, code: ChargeCode, night: date) -> list[RoutingRule]:
        """Return the rules of a folio that a charge fits and that lead somewhere, in order."""
        return [
            rule
            for rule in self.rules.get(home, ())
            if (rule.to_folio_id, rule.to_window) in self.windows
            and rule.fits(code, night, self.sets)
        ]

    def parts(self, home: int, code: ChargeCode, night: date, whole: TaxedAmount) -> list[Part]:
        """Return who pays which part of a charge of a folio; the last is what stays with it."""
        fitting = self.fitting(home, code, night)
        if not fitting:
            return [Part(home, 1, self.windows[home, 1], whole)]
        taken, left = shares(fitting, night, whole, self.sent)
        ways = [((rule.to_folio_id, rule.to_window), rule.levies) for rule, _ in taken]
        amounts = [amount for _, amount in taken]
        if any(left.left) or not taken:
            ways.append(((home, 1), Levies.ALONG))
            amounts.append(left.of(Levies.ALONG))
        currency = whole.gross.currency
        apart = taxes.apart(
            whole, [Money(amount, currency) for amount in amounts], [how for _, how in ways]
        )
        of_target: dict[Target, list[TaxedAmount]] = {}
        for (to, _), part in zip(ways, apart, strict=True):
            of_target.setdefault(to, []).append(part)
        sent: dict[Target, list[tuple[int, int]]] = {}
        for rule, amount in taken:
            sent.setdefault((rule.to_folio_id, rule.to_window), []).append((rule.id, amount))
        return [
            Part(*to, self.windows[to], taxes.together(of_to), tuple(sent.get(to, ())))
            for to, of_to in of_target.items()
        ]


def routes(
    session: Session,
    hotel_id: int,
    homes: Collection[int],
    *,
    also: Collection[int] = (),
    held: bool = True,
) -> Routes:
    """Lock folios, and those their rules lead to, in one order; return the ways that are open.

    A rule to a closed folio leads nowhere; a closed home, or one of those that are `also` locked,
    is named in `closed`, for the caller to refuse or reopen. Who only foretells has nothing `held`.
    The rules and what their limits have been used are read under the locks of
    the homes, which each who changes rules or posts by them takes; one that was made while we
    waited, and leads where nothing is locked, holds from the next charge on.
    """
    rules = routing_rules(session, hotel_id, homes)
    own = set(homes)
    wanted = own | set(also) | {rule.to_folio_id for some in rules.values() for rule in some}
    asked = sa.select(Folio.id, Folio.state).where(Folio.hotel_id == hotel_id, Folio.id.in_(wanted))
    locks = held and is_postgresql(session)
    if locks:
        asked = asked.order_by(Folio.id).with_for_update()
    states = {row.id: row.state for row in session.execute(asked)}
    if rules and locks:
        rules = routing_rules(session, hotel_id, homes)
    closed = frozenset(each for each, state in states.items() if state is FolioState.CLOSED)
    rows = session.execute(
        sa.select(FolioWindow.folio_id, FolioWindow.no, FolioWindow.account_id).where(
            FolioWindow.hotel_id == hotel_id, FolioWindow.folio_id.in_(own | (wanted - closed))
        )
    )
    windows = {(row.folio_id, row.no): row.account_id for row in rows}
    followed = [rule for some in rules.values() for rule in some]
    sets = {rule.charge_set_id for rule in followed if rule.charge_set_id is not None}
    limited = [rule.id for rule in followed if rule.is_limited]
    return Routes(
        rules,
        charge_sets.codes_of(session, hotel_id, sets),
        windows,
        sent_by(session, hotel_id, limited),
        closed & (own | set(also)),
    )


def sent_by(session: Session, hotel_id: int, rule_ids: Collection[int]) -> Sent:
    """Return what rules have sent and what still stands of it.

    What took off a bill gives no room back: it may be voided when that is used.
    """
    sent = Sent()
    if not rule_ids:
        return sent
    undoing = aliased(Entry)
    undone = sa.exists().where(
        undoing.hotel_id == RoutedAmount.hotel_id, undoing.reverses_id == RoutedAmount.entry_id
    )
    rows = session.execute(
        sa.select(RoutedAmount.rule_id, RoutedAmount.night, sa.func.sum(RoutedAmount.amount))
        .where(
            RoutedAmount.hotel_id == hotel_id,
            RoutedAmount.rule_id.in_(list(rule_ids)),
            RoutedAmount.amount > 0,
            ~undone,
        )
        .group_by(RoutedAmount.rule_id, RoutedAmount.night)
    )
    for rule_id, night, amount in rows:
        sent.add(rule_id, night, int(amount))
    return sent


def write_down(
    session: Session, hotel_id: int, charged: Iterable[tuple[int, date, Iterable[Part]]]
) -> None:
    """Keep what rules sent: of each (entry, night, its parts)."""
    write_sent(
        session,
        hotel_id,
        [
            (entry_id, night, [each for part in parts for each in part.sent])
            for entry_id, night, parts in charged
        ],
    )


def write_sent(
    session: Session, hotel_id: int, sent: Iterable[tuple[int, date, Iterable[tuple[int, int]]]]
) -> None:
    """Keep what rules sent: of each (entry, night, amounts by rule)."""
    rows: list[dict[str, Any]] = [
        {
            "hotel_id": hotel_id,
            "entry_id": entry_id,
            "rule_id": rule,
            "night": night,
            "amount": minor,
        }
        for entry_id, night, by_rule in sent
        for rule, minor in by_rule
    ]
    if rows:
        session.connection().execute(_WRITE_DOWN, rows)
