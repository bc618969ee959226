"""Reckoning taxes without a database: a price taken apart into net and taxes, to the unit."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from pms.base.money import Money, round_half_up, total
from pms.base.refusal import Invalid, Refusal

PERCENT = 10_000  # a rate of 10,000 is one percent


class TaxKind(enum.StrEnum):
    """How a tax is reckoned: a share of the price, or an amount per head, night or booking."""

    PERCENT = "percent"
    PER_PERSON_NIGHT = "per_person_night"
    PER_NIGHT = "per_night"
    PER_PERSON = "per_person"
    PER_BOOKING = "per_booking"


ONCE = frozenset({TaxKind.PER_PERSON, TaxKind.PER_BOOKING})
OLDEST_CHILD = 17
BY_HEAD = frozenset({TaxKind.PER_PERSON_NIGHT, TaxKind.PER_PERSON})

Children = tuple[int | None, ...]  # one age for each, None where it isn't known
Bands = tuple[tuple[int, int], ...]  # (up to that age, minor units), the youngest first


class TaxesGoRound(Refusal):
    """Two taxes each count the other in."""

    status = 422

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(
            f"{', '.join(sorted(codes))} count each other in. Take one out.",
            field="on_top_of",
        )


class TaxEndsBetween(Invalid):
    """A percentage is due on some of the nights of one charge, so they can't be one charge."""

    def __init__(self, code: str, due: int, nights: int) -> None:
        super().__init__(
            f"{code} is due on the first {due} of these {nights} nights. Post those first, then "
            "the rest.",
            field="quantity",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a tax isn't due, or not in full: as `TaxRate` keeps them."""

    only_over: int | None = None
    cap: int | None = None
    most_nights: int | None = None
    exempt_from: int | None = None
    refunds: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nobody bears the tax any more: it is due of no night."""
        return self.most_nights == 0

    def let(self, a_night: Fraction, night_no: int) -> bool:
        """Tell whether a tax is due of that price for a night, in that night of a stay."""
        return (
            (self.only_over is None or a_night > self.only_over)
            and (self.most_nights is None or night_no <= self.most_nights)
            and (self.exempt_from is None or night_no < self.exempt_from)
        )


NO_LIMITS = Limits()
ENDED = Limits(most_nights=0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A tax as it is reckoned on one day; `rate` as `TaxRate` keeps it.

    `children` are what children bear of a tax by head: without any they bear nothing; who is older
    than the last band bears what an adult does, who is of no known age what the last band says. A
    `levy` is due of who sleeps here, so no fee bears it.
    """

    code: str
    kind: TaxKind
    rate: int
    inclusive: bool
    on_top_of: tuple[str, ...] = ()
    tax_id: int | None = None
    limits: Limits = NO_LIMITS
    children: Bands = ()
    levy: bool = False

    def of_child(self, age: int | None) -> int:
        """Return what a child of that age bears, in minor units."""
        if not self.children:
            return 0
        if age is None:
            return self.children[-1][1]
        return next((amount for upto, amount in self.children if age <= upto), self.rate)


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax of one charge: what it was reckoned on, and what it comes to."""

    rule: Rule
    base: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """A charge taken apart: net + taxes = gross, to the unit."""

    net: Money
    taxes: tuple[TaxLine, ...]
    gross: Money


def split(
    amount: Money,
    rules: Sequence[Rule],
    *,
    persons: int = 1,
    children: Children = (),
    nights: int = 1,
    rooms: int = 1,
    night_no: int = 1,
) -> TaxedAmount:
    """Take a price apart into net and taxes; what is on top makes the gross larger.

    A percentage is of the net, plus the taxes it is on top of. Several inclusive percentages share
    one base: 130 with 20 % and 10 % inside is net 100. Each tax is rounded once, from the exact
    net, and the net is what remains: 15 % inside 149.00 is 19.43 of net 129.57 (149 x 15 / 115 =
    19.4348), not 19.44 as rounding the net first would have it. A tax on top is reckoned on whole
    units, so base x rate = tax as EN 16931 (BR-CO-17) wants it. `night_no` is the how-manieth night
    of a stay the first of the `nights` is: later ones leave out what is due once (per person, per
    booking), and what a rule's limits end; refuses a percentage that they end between two of them.
    `persons` are adults; `children` bear what a rule says of their age. Fixed taxes inside a price
    that doesn't cover them make the net negative; nothing is lost.
    """
    a_night = Fraction(abs(amount.minor), max(nights * rooms, 1))
    due = [
        (rule, count) for rule in rules if (count := _nights_due(rule, a_night, night_no, nights))
    ]
    if not due:
        return TaxedAmount(amount, (), amount)
    asked = tuple(rule for rule, _ in due)
    if not any(rule.children for rule in asked):
        children = ()
    return _split(amount, asked, _Heads(persons, children, tuple(n for _, n in due), rooms))


def _nights_due(rule: Rule, a_night: Fraction, first: int, nights: int) -> int:
    """Return on how many nights of a charge a tax is due; what is due once, on a stay's first."""
    if rule.kind in ONCE:
        nights = 1 if first == 1 else 0
    if rule.limits is NO_LIMITS:
        return nights
    due = sum(rule.limits.let(a_night, no) for no in range(first, first + nights))
    if 0 < due < nights and rule.kind is TaxKind.PERCENT:
        raise TaxEndsBetween(rule.code, due, nights)
    return due


def of_a_fee(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules that a fee bears: a levy is due of who sleeps here."""
    return tuple(rule for rule in rules if not rule.levy)


def by_themselves(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the codes of the levies that can be paid by somebody else than their charge.

    VAT can't: an invoice shows it with what it is on. Nor can what is inside a price, and what VAT
    or another tax of the charge is reckoned on.
    """
    known = tuple(rules)
    apart = {rule.code for rule in known if rule.levy and not rule.inclusive}
    beneath = {code for rule in known if rule.code not in apart for code in rule.on_top_of}
    return frozenset(apart - beneath)


def before_taxes_on_top(whole: Money, rules: Sequence[Rule]) -> Money:
    """Return the price that comes to a whole with its taxes on top, to the unit or one beside it.

    So a share of what somebody pays isn't taxed once more.
    """
    inside = [replace(rule, inclusive=True, limits=NO_LIMITS) for rule in rules]
    on_top = {rule.code for rule in rules if not rule.inclusive}
    borne = [line for line in split(whole, inside).taxes if line.rule.code in on_top]
    return whole - total((line.amount for line in borne), whole.currency)


def together(parts: Sequence[TaxedAmount]) -> TaxedAmount:
    """Return what several charges come to, each tax in one line; at least one charge."""
    if len(parts) == 1:
        return parts[0]
    lines: dict[Rule, TaxLine] = {}
    for line in (line for part in parts for line in part.taxes):
        known = lines.get(line.rule)
        lines[line.rule] = (
            replace(line, base=known.base + line.base, amount=known.amount + line.amount)
            if known
            else line
        )
    currency = parts[0].net.currency
    return TaxedAmount(
        total((part.net for part in parts), currency),
        tuple(lines.values()),
        total((part.gross for part in parts), currency),
    )


@dataclass(frozen=True, slots=True)
class _Heads:
    """Who sleeps in how many rooms, and on how many nights each tax is due of that."""

    persons: int
    children: Children
    nights: tuple[int, ...]
    rooms: int

    def bear(self, rule: Rule, nights: int) -> int:
        """Return what a tax that is an amount comes to, in minor units."""
        heads = rule.rate * self.persons + sum(map(rule.of_child, self.children))
        return {
            TaxKind.PER_PERSON_NIGHT: heads * nights,
            TaxKind.PER_NIGHT: rule.rate * nights * self.rooms,
            TaxKind.PER_PERSON: heads,
            TaxKind.PER_BOOKING: rule.rate,
        }[rule.kind]


@lru_cache(maxsize=4096)  # a full house asks for the same few prices
def _split(amount: Money, asked: tuple[Rule, ...], heads: _Heads) -> TaxedAmount:
    ordered = _bases_first(asked)
    nights = {rule.code: count for rule, count in zip(asked, heads.nights, strict=True)}
    fixed = {
        rule.code: heads.bear(rule, nights[rule.code])
        for rule in ordered
        if rule.kind is not TaxKind.PERCENT
    }
    net = _exact_net(amount, ordered, fixed)
    inside = _inside(ordered, fixed, net)
    whole_net = amount.minor - sum(inside.values())
    whole = dict(inside)
    lines: dict[str, TaxLine] = {}
    for rule in ordered:
        base = whole_net + sum(whole.get(code, 0) for code in rule.on_top_of)
        if not rule.inclusive:
            whole[rule.code] = (
                round_half_up(Fraction(base * rule.rate, 100 * PERCENT))
                if rule.kind is TaxKind.PERCENT
                else fixed[rule.code]
            )
            most = heads.persons * nights[rule.code]
            whole[rule.code] = _capped(rule, whole[rule.code], most)
        lines[rule.code] = TaxLine(
            rule,
            Money(base, amount.currency),
            Money(whole[rule.code], amount.currency),
        )
    outside = sum(line.amount.minor for line in lines.values() if not line.rule.inclusive)
    return TaxedAmount(
        Money(whole_net, amount.currency),
        tuple(lines[rule.code] for rule in asked),
        Money(amount.minor + outside, amount.currency),
    )


def _capped(rule: Rule, amount: int, person_nights: int) -> int:
    """Return a tax on top, kept under its most for a person and night, whichever way it goes."""
    if rule.limits.cap is None:
        return amount
    most = rule.limits.cap * person_nights
    return max(-most, min(most, amount))


def _exact_net(amount: Money, ordered: Sequence[Rule], amounts: dict[str, int]) -> Fraction:
    """Solve price = net + inclusive taxes, each tax being fixed + share x net."""
    fixed: dict[str, Fraction] = {}
    share: dict[str, Fraction] = {}
    for rule in ordered:
        if not rule.inclusive:
            continue
        if rule.kind is TaxKind.PERCENT:
            rate = Fraction(rule.rate, 100 * PERCENT)
            fixed[rule.code] = rate * sum(fixed.get(code, 0) for code in rule.on_top_of)
            share[rule.code] = rate * (1 + sum(share.get(code, 0) for code in rule.on_top_of))
        else:
            fixed[rule.code] = Fraction(amounts[rule.code])
            share[rule.code] = Fraction(0)
    return (amount.minor - sum(fixed.values())) / (1 + sum(share.values(), Fraction(0)))


def _inside(ordered: Sequence[Rule], fixed: dict[str, int], net: Fraction) -> dict[str, int]:
    exact: dict[str, Fraction] = {}
    for rule in ordered:
        if not rule.inclusive:
            continue
        if rule.kind is TaxKind.PERCENT:
            base = net + sum(exact.get(code, 0) for code in rule.on_top_of)
            exact[rule.code] = base * Fraction(rule.rate, 100 * PERCENT)
        else:
            exact[rule.code] = Fraction(fixed[rule.code])
    return {code: round_half_up(value) for code, value in exact.items()}


def _bases_first(rules: Sequence[Rule]) -> list[Rule]:
    """Order rules so that each comes after those it is on top of; inclusive ones come first."""
    waiting = sorted(rules, key=lambda rule: not rule.inclusive)
    codes = {rule.code for rule in rules}
    ordered: list[Rule] = []
    done: set[str] = set()
    while waiting:
        ready = [rule for rule in waiting if not (codes & set(rule.on_top_of)) - done]
        if not ready:
            raise TaxesGoRound(rule.code for rule in waiting)
        ordered.append(ready[0])
        done.add(ready[0].code)
        waiting.remove(ready[0])
    return ordered
