"""Going along: the percentages of tax that go with what is taken off a charge, or added to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money, round_half_up, total
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Account, Entry, Kind, Ledger, Line
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Rule, TaxedAmount, TaxKind, TaxLine


@dataclass(frozen=True, slots=True)
class _Borne:
    """What the state has of a charge by a tax, or the house of its net.

    `own` and its `base` are of the charge itself, `left` is what adjustments left of it; `is_own`
    says that it bore the tax, if only a rounded nothing.
    """

    own: int
    left: int
    base: int
    is_own: bool


def with_percentages(
    session: Session,
    charge: Entry | None,
    amount: Money,
    rules: Sequence[Rule],
    *,
    key: str | None,
) -> TaxedAmount:
    """Return an adjustment with the percentages that go along with it.

    Of a charge these are the ones it bears: what it was never due of (a night past the last one
    that is taxed, a fee that bears no levy), or was given back since, can't go back with it. Nor
    can what a most per head had kept from it. What bore nothing yet, such as a night that was
    given, bears what is due of anything added. What `key` posted is no part of it: who asks again
    is answered the same.
    """
    rules = [rule for rule in rules if rule.kind is TaxKind.PERCENT]
    if charge is None or charge.kind is not Kind.CHARGE:
        return taxes.split(amount, rules)
    by_tax = _borne(session, charge, key)
    house = by_tax.get(None)
    if house is None or not house.own:
        return taxes.split(amount, rules)
    limited = {rule.code: rule for rule in rules if _goes_along(by_tax.get(rule.tax_id), house)}
    bare = [replace(rule, limits=taxes.NO_LIMITS) for rule in limited.values()]
    taxed = taxes.split(amount, bare)
    lines = tuple(_kept_under(line, limited[line.rule.code], by_tax) for line in taxed.taxes)
    off = total((line.amount for line in taxed.taxes), amount.currency)
    on = total((line.amount for line in lines), amount.currency)
    return TaxedAmount(taxed.net, lines, taxed.gross - off + on)


def _goes_along(borne: _Borne | None, house: _Borne) -> bool:
    """Tell whether a charge bears a tax: it did, and what stands of the charge still does."""
    if borne is None or not borne.is_own:
        return False
    return not borne.own or bool(borne.left) or not house.left


def _kept_under(line: TaxLine, rule: Rule, by_tax: dict[int | None, _Borne]) -> TaxLine:
    """Return a tax with a most per head as it changes: what that kept away takes first.

    Its base is what of the amount it is due of.
    """
    borne = by_tax.get(rule.tax_id)
    if borne is None or rule.limits.cap is None:
        return line
    share = Fraction(rule.rate, 100 * taxes.PERCENT)
    gone = by_tax[None].own - by_tax[None].left
    kept_away = max(round_half_up((borne.base - gone) * share) - borne.left, 0)
    if not kept_away:
        return line
    off = min(line.amount.minor + kept_away, 0)
    currency = line.amount.currency
    base = round_half_up(off / share) if share else 0
    return replace(line, base=Money(base, currency), amount=Money(off, currency))


def _borne(session: Session, charge: Entry, key: str | None) -> dict[int | None, _Borne]:
    """Return what a charge brought the house (None) and the state by tax: then, and by now."""
    of_charge = Entry.id == charge.id
    rows = session.execute(
        sa.select(
            Line.tax_id,
            -sa.func.sum(sa.case((of_charge, Line.amount), else_=0)),
            -sa.func.sum(Line.amount),
            sa.func.sum(sa.case((of_charge, sa.func.coalesce(Line.base, 0)), else_=0)),
            sa.func.max(sa.case((of_charge, 1), else_=0)),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == charge.hotel_id,
            sa.or_(
                of_charge,
                sa.and_(
                    Entry.kind == Kind.ADJUSTMENT,
                    Entry.concerns_id == charge.id,
                    Entry.key != (key or ""),
                ),
            ),
            Account.ledger.in_([Ledger.TAX, Ledger.REVENUE]),
            ledger.standing(),
        )
        .group_by(Line.tax_id)
    )
    return {
        tax_id: _Borne(int(own), int(left), int(base), bool(is_own))
        for tax_id, own, left, base, is_own in rows
    }
