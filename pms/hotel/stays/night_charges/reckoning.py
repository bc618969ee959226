"""Reckoning: what is due, with its taxes, as it is charged; nothing is written."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.night_charges.due import Due
from pms.hotel.stays.reservations import agreed
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode


@dataclass(frozen=True, slots=True)
class Charge:
    """What is due, taxed; `rules` are those of its class that night, whether they bite or not."""

    due: Due
    code: ChargeCode
    rules: taxes.Rules
    taxed: taxes.TaxedAmount


def reckon(session: Session, hotel: Hotel, rows: Sequence[Due]) -> list[Charge]:
    """Return what is due with its taxes, of any nights: two questions, three where children come.

    What is given away bears no taxes.
    """
    codes = _codes(session, hotel, {row.charge_code_id for row in rows})
    is_taxed = any(code.tax_class_id is not None for code in codes.values())
    dated = taxes.dated(session, hotel.id) if is_taxed else {}
    ruled = [
        (row, code, taxes.rules_on(dated, code.tax_class_id, row.night))
        for row in rows
        for code in [codes[row.charge_code_id]]
    ]
    mind_children = any(rule.children for _, _, rules in ruled for rule in rules)
    with_children = _with_children(session, hotel, rows) if mind_children else rows
    return [
        Charge(row, code, rules, _taxed(hotel, row, rules))
        for row, (_, code, rules) in zip(with_children, ruled, strict=True)
    ]


def _codes(session: Session, hotel: Hotel, ids: Iterable[int]) -> dict[int, ChargeCode]:
    rows = session.scalars(
        sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(set(ids)))
    )
    return {code.id: code for code in rows}


def _with_children(session: Session, hotel: Hotel, rows: Collection[Due]) -> list[Due]:
    """Return what is due with the children of its nights."""
    who = {row.reservation_id for row in rows}
    come = agreed.children_by_night(session, hotel, who, {row.night for row in rows})
    return [replace(row, children=come.get((row.reservation_id, row.night), ())) for row in rows]


def _taxed(hotel: Hotel, row: Due, rules: taxes.Rules) -> taxes.TaxedAmount:
    return taxes.split(
        Money(row.price * row.quantity, hotel.currency),
        (taxes.of_a_fee(rules) if row.is_fee else rules) if row.taxed else (),
        persons=row.persons,
        children=row.children,
        night_no=row.night_no,
    )
