"""Taxes: what the state takes of a charge, inside its price or on top of it, kept per line."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, OfHotel, choice, new_id, upsert, within_hotel
from pms.base.money import Money, round_half_up
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

PERCENT = 10_000  # a rate of 10,000 is one percent


class TaxKind(enum.StrEnum):
    """How a tax is reckoned: a share of the price, or an amount per head, night or booking."""

    PERCENT = "percent"
    PER_PERSON_NIGHT = "per_person_night"
    PER_NIGHT = "per_night"
    PER_PERSON = "per_person"
    PER_BOOKING = "per_booking"


ONCE = frozenset({TaxKind.PER_PERSON, TaxKind.PER_BOOKING})


class TaxCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax {code} already. Choose another code.", field="code")


class TaxClassCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax class {code} already. Choose another code.", field="code")


class TaxesGoRound(Refusal):
    """Two taxes each count the other in."""

    status = 422

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(
            f"{', '.join(sorted(codes))} count each other in. Take one out.",
            field="on_top_of",
        )


class Tax(OfHotel, Base):
    """A tax; `on_top_of` are the codes of taxes that belong to its base."""

    __tablename__ = "taxes"
    __table_args__ = (sa.UniqueConstraint("hotel_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[TaxKind] = mapped_column(choice(TaxKind))
    inclusive: Mapped[bool]
    on_top_of: Mapped[list[str]] = mapped_column(default=list)


class TaxRate(Base):
    """A tax's rate from a day on: 1/10000 of a percent, or minor units of the hotel's currency."""

    __tablename__ = "tax_rates"
    __table_args__ = (
        within_hotel("tax_id", "taxes"),
        sa.CheckConstraint("rate >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tax_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[int]


class TaxClass(OfHotel, Base):
    """The taxes that a kind of charge bears, such as lodging or drinks."""

    __tablename__ = "tax_classes"
    __table_args__ = (sa.UniqueConstraint("hotel_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]


class TaxClassTax(Base):
    """One tax of a class, in the order they are shown."""

    __tablename__ = "tax_class_taxes"
    __table_args__ = (
        within_hotel("tax_class_id", "tax_classes"),
        within_hotel("tax_id", "taxes"),
        sa.UniqueConstraint("hotel_id", "tax_class_id", "tax_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tax_class_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    tax_id: Mapped[int]


# --- reckoning, without a database --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A tax as it is reckoned on one day; `rate` as `TaxRate` keeps it."""

    code: str
    kind: TaxKind
    rate: int
    inclusive: bool
    on_top_of: tuple[str, ...] = ()
    tax_id: int | None = None


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
    nights: int = 1,
    rooms: int = 1,
    once: bool = True,
) -> TaxedAmount:
    """Take a price apart into net and taxes; what is on top makes the gross larger.

    A percentage is of the net, plus the taxes it is on top of. Several inclusive percentages share
    one base: 130 with 20 % and 10 % inside is net 100. Each tax is rounded once, from the exact
    net, and the net is what remains: 15 % inside 149.00 is 19.43 of net 129.57 (149 x 15 / 115 =
    19.4348), not 19.44 as rounding the net first would have it. A tax on top is reckoned on whole
    units, so base x rate = tax as EN 16931 (BR-CO-17) wants it. `once=False` leaves out what is due
    once a stay (per person, per booking): a stay's later nights. Fixed taxes inside a price that
    doesn't cover them make the net negative; nothing is lost.
    """
    asked = [rule for rule in rules if once or rule.kind not in ONCE]
    if not asked:
        return TaxedAmount(amount, (), amount)
    ordered = _bases_first(asked)
    times = {
        TaxKind.PER_PERSON_NIGHT: persons * nights,
        TaxKind.PER_NIGHT: nights * rooms,
        TaxKind.PER_PERSON: persons,
        TaxKind.PER_BOOKING: 1,
    }
    net = _exact_net(amount, ordered, times)
    inside = _inside(ordered, times, net)
    whole_net = amount.minor - sum(inside.values())
    whole = dict(inside)
    lines: dict[str, TaxLine] = {}
    for rule in ordered:
        base = whole_net + sum(whole.get(code, 0) for code in rule.on_top_of)
        if not rule.inclusive:
            whole[rule.code] = (
                round_half_up(Fraction(base * rule.rate, 100 * PERCENT))
                if rule.kind is TaxKind.PERCENT
                else rule.rate * times[rule.kind]
            )
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


def _exact_net(amount: Money, ordered: Sequence[Rule], times: dict[TaxKind, int]) -> Fraction:
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
            fixed[rule.code] = Fraction(rule.rate * times[rule.kind])
            share[rule.code] = Fraction(0)
    return (amount.minor - sum(fixed.values())) / (1 + sum(share.values(), Fraction(0)))


def _inside(ordered: Sequence[Rule], times: dict[TaxKind, int], net: Fraction) -> dict[str, int]:
    exact: dict[str, Fraction] = {}
    for rule in ordered:
        if not rule.inclusive:
            continue
        if rule.kind is TaxKind.PERCENT:
            base = net + sum(exact.get(code, 0) for code in rule.on_top_of)
            exact[rule.code] = base * Fraction(rule.rate, 100 * PERCENT)
        else:
            exact[rule.code] = Fraction(rule.rate * times[rule.kind])
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


# --- the hotel's taxes --------------------------------------------------------------------------


def add(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    kind: TaxKind,
    rate: int,
    inclusive: bool,
    on_top_of: Sequence[Tax] = (),
    from_day: date | None = None,
    by: Staff,
) -> Tax:
    """Add a tax: percent in 1/10000 of a percent (7 % is 70,000), else minor units.

    Refuses a code in use, a rate below zero, and a tax inside the price on top of one outside it.
    """
    require(by, Permission.SET_UP, hotel.id)
    if session.scalar(sa.select(Tax.id).where(Tax.hotel_id == hotel.id, Tax.code == code)):
        raise TaxCodeTaken(code)
    if inclusive and any(not base.inclusive for base in on_top_of):
        raise Invalid(
            "A tax inside the price can't be on top of one outside it.", field="on_top_of"
        )
    tax = Tax(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        name=name,
        kind=kind,
        inclusive=inclusive,
        on_top_of=[base.code for base in on_top_of],
    )
    session.add(tax)
    session.flush()
    set_rate(session, tax, rate=rate, from_day=from_day or hotel.opened_on, by=by)
    return tax


def set_rate(session: Session, tax: Tax, *, rate: int, from_day: date, by: Staff) -> None:
    """Let a tax have a rate from a day on; what was posted before keeps what it bore."""
    require(by, Permission.SET_UP, tax.hotel_id)
    if rate < 0:
        raise Invalid("A tax isn't below zero.", field="rate")
    upsert(
        session,
        TaxRate,
        [{"hotel_id": tax.hotel_id, "tax_id": tax.id, "from_day": from_day, "rate": rate}],
        key=("hotel_id", "tax_id", "from_day"),
    )
    day = business_day.today(session, session.get_one(Hotel, tax.hotel_id))
    logbook.record(
        session, "set tax rate", tax, by=by, day=day, code=tax.code, rate=rate, from_day=from_day
    )


def add_class(
    session: Session, hotel: Hotel, *, code: str, name: str, taxes: Sequence[Tax], by: Staff
) -> TaxClass:
    """Add a class of charges and the taxes they bear; refuses a code in use."""
    require(by, Permission.SET_UP, hotel.id)
    if class_by_code(session, hotel, code) is not None:
        raise TaxClassCodeTaken(code)
    made = TaxClass(hotel_id=hotel.id, id=new_id(), code=code, name=name)
    session.add(made)
    session.flush()
    if taxes:
        session.execute(
            sa.insert(TaxClassTax),
            [
                {"hotel_id": hotel.id, "tax_class_id": made.id, "no": no, "tax_id": tax.id}
                for no, tax in enumerate(taxes, start=1)
            ],
        )
    logbook.record(
        session,
        "added tax class",
        made,
        by=by,
        day=business_day.today(session, hotel),
        code=code,
        taxes=[tax.code for tax in taxes],
    )
    return made


def class_by_code(session: Session, hotel: Hotel, code: str) -> TaxClass | None:
    """Return the hotel's tax class of that code."""
    return session.scalar(
        sa.select(TaxClass).where(TaxClass.hotel_id == hotel.id, TaxClass.code == code)
    )


def _rules() -> sa.Select[*tuple[Any, ...]]:
    dated = (
        sa.select(TaxRate.tax_id, sa.func.max(TaxRate.from_day).label("from_day"))
        .where(TaxRate.hotel_id == sa.bindparam("hotel"), TaxRate.from_day <= sa.bindparam("day"))
        .group_by(TaxRate.tax_id)
        .subquery()
    )
    return (
        sa.select(
            TaxClassTax.tax_class_id,
            Tax.id,
            Tax.code,
            Tax.kind,
            Tax.inclusive,
            Tax.on_top_of,
            TaxRate.rate,
        )
        .join(Tax, sa.and_(Tax.hotel_id == TaxClassTax.hotel_id, Tax.id == TaxClassTax.tax_id))
        .join(dated, dated.c.tax_id == Tax.id)
        .join(
            TaxRate,
            sa.and_(
                TaxRate.hotel_id == Tax.hotel_id,
                TaxRate.tax_id == Tax.id,
                TaxRate.from_day == dated.c.from_day,
            ),
        )
        .where(
            TaxClassTax.hotel_id == sa.bindparam("hotel"),
            TaxClassTax.tax_class_id.in_(sa.bindparam("classes", expanding=True)),
        )
        .order_by(TaxClassTax.tax_class_id, TaxClassTax.no)
    )


_RULES = _rules()  # built once: it is asked for each charge


def rules(
    session: Session, hotel_id: int, class_ids: Iterable[int | None], day: date
) -> dict[int | None, list[Rule]]:
    """Return each class's rules as they are on a day; no class, no rules."""
    wanted = {class_id for class_id in class_ids if class_id is not None}
    found: dict[int | None, list[Rule]] = {None: []} | {class_id: [] for class_id in wanted}
    if not wanted:
        return found
    which = {"hotel": hotel_id, "classes": list(wanted), "day": day}
    for class_id, tax_id, code, kind, inclusive, on_top_of, rate in session.connection().execute(
        _RULES, which
    ):
        found[class_id].append(Rule(code, kind, rate, inclusive, tuple(on_top_of), tax_id))
    return found
