"""Foreseeing a charge: what it would come to, tax by tax, and who its taxes would be due of."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pms.back_office.folios.forms import ChargeForm
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books.folios import Folio
from pms.hotel.stays import desk_charges
from pms.hotel.stays.desk_charges import Foreseen
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Heads, Slept, Tax
from pms.web.auth import here
from pms.web.database import session
from pms.web.filters import plural


@dataclass(frozen=True, slots=True)
class TaxWords:
    """One tax of a charge: its name, how it is reckoned, and whether it is in the price."""

    name: str
    says: str
    amount: Money
    inside: bool


@dataclass(frozen=True, slots=True)
class ComesTo:
    """What a charge would come to; `of_whom` says whose taxes by head these are.

    `by_audit` is what the audit will charge for that night as well.
    """

    price: Money
    taxes: list[TaxWords]
    gross: Money
    of_whom: str
    by_audit: Money | None = None


def comes_to(form: ChargeForm, found: Folio) -> ComesTo | None:
    """Return what a filled form would post, or nothing: then the form says what is refused."""
    try:
        foreseen = desk_charges.foresee(
            session(),
            found,
            code=form.code.chosen,
            amount=form.amount.data,
            quantity=form.quantity.data or 1,
            persons=form.persons.data,
            night=form.night.data,
            tonight=form.tonight.chosen,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    words = _tax_words(foreseen)
    inside = sum(each.amount.minor for each in words if each.inside)
    price = Money(foreseen.taxed.net.minor + inside, here().currency)
    by_head = taxes.asks_heads(line.rule for line in foreseen.taxed.taxes)
    nights = f", {plural(foreseen.nights, 'night')}" if foreseen.nights > 1 else ""
    of_whom = in_words(foreseen.slept) + nights if by_head else ""
    return ComesTo(price, words, foreseen.taxed.gross, of_whom, foreseen.by_audit)


def in_words(slept: Slept) -> str:
    """Say who sleeps there: `2 adults, 1 child`."""
    children = len(slept.children)
    also = f", {plural(children, 'child', 'children')}" if children else ""
    return plural(slept.adults, "adult") + also


def by_whom(found: Folio) -> str:
    """Say who bears a tax by head on a bill for a stay where nobody else is named."""
    slept = desk_charges.sleeping(session(), found)
    return f"{in_words(slept)}, as they sleep here" if slept else ""


def by_head_and_night(codes: Sequence[ChargeCode]) -> tuple[list[str], list[str]]:
    """Return the ids of the charges whose taxes are by head, and of those they are by night of."""
    day = here().business_date
    rules = taxes.rules(session(), here().id, {code.tax_class_id for code in codes}, day)
    return (
        [str(code.id) for code in codes if taxes.asks_heads(rules[code.tax_class_id])],
        [str(code.id) for code in codes if taxes.counts_nights(rules[code.tax_class_id])],
    )


def _tax_words(foreseen: Foreseen) -> list[TaxWords]:
    lines = foreseen.taxed.taxes
    heads = Heads(foreseen.slept.adults, foreseen.slept.children, foreseen.nights)
    rows = session().execute(
        sa.select(Tax.code, Tax.name).where(
            Tax.hotel_id == here().id, Tax.code.in_({line.rule.code for line in lines})
        )
    )
    names = {row.code: row.name for row in rows}
    return [
        TaxWords(
            names[line.rule.code],
            taxes.explain(
                line.rule.kind, line.rule.rate, line.base, line.amount,
                bands=line.rule.children, heads=heads,
            ),
            line.amount,
            line.rule.inclusive,
        )
        for line in lines
    ]  # fmt: skip
