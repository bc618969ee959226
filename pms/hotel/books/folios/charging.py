"""Charging a folio: the price taken apart into net and taxes, each on its own line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock
from pms.base.money import Money, total
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.folios import adjustable, fewer_nights, going_along, whole_bill
from pms.hotel.books.folios.limits import refuse_over_limit
from pms.hotel.books.folios.opening import lock_open, refuse_no_reason, window_account
from pms.hotel.books.folios.pricing import (
    ONE_NIGHT,
    price_of,
    refuse_other_currency,
    rules_of,
    taxes_on,
)
from pms.hotel.books.folios.routes import Part, routes, routing_rules, write_down
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode


class MoreThanCharged(Invalid):
    """More is taken off a charge than is left of it on the window."""

    def __init__(
        self, charge: ledger.Entry, left: Money, *, asked: Money, off: Money, bears_levy: bool
    ) -> None:
        rest = f"{left.said} of it are left" if left.minor > 0 else "nothing of it is left"
        levy = " What is due by head and night stays; void the charge to take it off too."
        taxes_in_it = f", and {asked.said} with its taxes on top is {off.said}"
        super().__init__(
            f"{charge.text} can't go below nothing: {rest} on this window"
            f"{taxes_in_it if off != asked else ''}. Take off less, or name "
            f"another.{levy if bears_levy else ''}",
            field="amount",
        )
        self.left = left


class ChargedAsOther(Invalid):
    """What is taken off a charge bears the taxes the charge bore."""

    def __init__(self, charge: ledger.Entry, code: ChargeCode) -> None:
        super().__init__(
            f"{charge.text} was charged as {code.name}. Adjust it as that, or name no line.",
            field="code",
        )


@dataclass(frozen=True, slots=True)
class OfNight:
    """Which night of a stay a charge is for, and by which rule; it bears that night's taxes."""

    night: date
    rule: str


def charge(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money | None = None,
    quantity: int = 1,
    reference: str | None = None,
    window: int | None = None,
    slept: taxes.Slept = ONE_NIGHT,
    of_night: OfNight | None = None,
    is_fee: bool = False,
    key: str | None = None,
    subject_id: int | None = None,
    under: Permission = Permission.POST,
    by: Staff,
) -> ledger.Entry:
    """Put something on a folio: `amount` (the code's price, if none is said) for each one.

    Taxes are those of the code's class today, or of the night it is for. Without a `window` the
    folio's routing says who pays which part; what it leaves, or sends to a closed folio, stays at
    home in window 1. The same key with the same content answers the first charge. `slept` is who
    taxes by head and night are due of; where any is by night, the quantity is nights. A fee bears
    no levies, which are due of who sleeps here; `subject_id` is the reservation it is a fee of, or
    a night of. `under` is the permission it is done under: a later room names a lesser one for the
    little it lets people charge.
    """
    require(by, under, folio.hotel_id)
    card_numbers.refuse(reference=reference)
    hotel = session.get_one(Hotel, folio.hotel_id)
    each = price_of(hotel, code, amount, quantity)
    day = business_day.hold(session, hotel)
    night = of_night.night if of_night else day
    rules = rules_of(session, code, night)
    taxed = taxes_on(each, quantity, taxes.of_a_fee(rules) if is_fee else rules, slept)
    return _post(
        session,
        hotel,
        _parts(session, folio, code, night, taxed, window=window, key=key),
        code=code,
        taxed=taxed,
        kind=ledger.Kind.CHARGE,
        quantity=quantity,
        reference=reference,
        key=key,
        subject_id=subject_id,
        of_night=of_night,
        by=by,
        day=day,
    )


def adjust(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money,
    reason: str,
    window: int = 1,
    concerns: ledger.Entry | None = None,
    nights: int | None = None,
    to_come: Sequence[taxes.TaxedAmount] = (),
    key: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Add to a bill, or take off (below zero), with a reason; percentages of tax go along.

    Refuses more than the person's role may adjust of a bill in a day (`limits`), and to take more
    off the charge it concerns than the window bears of it after earlier adjustments, or by another
    charge code than its own, whose taxes may be others; where no charge is named, more than the
    window was charged, or is `to_come`, in all or under a tax (`whole_bill`). Taxes per head and
    night stay as they were and aren't counted, nobody slept less for it; but `nights` that fall
    away take theirs along. What concerns an entry, or a move of it, bears the rates of the day that
    one was for, whatever they are by now, and none that it never bore or was given back since
    (`going_along`). The same key is one adjustment.
    """
    require(by, Permission.ADJUST, folio.hotel_id)
    refuse_no_reason(reason)
    if not amount:
        raise Invalid("An adjustment changes something. Say the amount.", field="amount")
    hotel = session.get_one(Hotel, folio.hotel_id)
    refuse_other_currency(hotel, amount)
    day = business_day.hold(session, hotel)
    lock_open(session, [folio])
    if concerns is not None:
        concerns = ledger.moved(session, concerns)
        _refuse_other_code(session, concerns, code)
    rated = day if concerns is None else concerns.service_night or concerns.business_day
    rules = rules_of(session, code, rated)
    taxed = going_along.with_percentages(session, concerns, amount, rules, key=key)
    is_new = not ledger.is_posted(session, hotel, key)
    if nights is not None:
        fewer_nights.refuse_no_charge(concerns)
    if is_new and taxed.gross.minor < 0:
        account_id = window_account(session, folio, window)
        if concerns is None or concerns.kind is not ledger.Kind.CHARGE:
            whole_bill.refuse_more_than_charged(session, hotel, account_id, taxed, to_come=to_come)
        else:
            _refuse_below_nothing(session, concerns, account_id, asked=-amount, off=-taxed.gross)
    if nights is not None:
        taxed = fewer_nights.less(session, hotel, concerns, nights, taxed, rules)
    if is_new:
        refuse_over_limit(session, hotel, folio, taxed.gross, day=day, by=by)
    return _post(
        session,
        hotel,
        [_whole(session, folio, window, taxed)],
        code=code,
        taxed=taxed,
        kind=ledger.Kind.ADJUSTMENT,
        quantity=1,
        reason=reason,
        concerns_id=concerns.id if concerns else None,
        key=key,
        by=by,
        day=day,
    )


def _refuse_other_code(session: Session, charge: ledger.Entry, code: ChargeCode) -> None:
    """Refuse to adjust a charge by the code of another, which may bear other taxes."""
    if charge.kind is not ledger.Kind.CHARGE:
        return
    of_lines = (line.charge_code_id for line in ledger.lines_of(session, charge))
    codes = [each for each in of_lines if each is not None]
    if codes and code.id not in codes:
        raise ChargedAsOther(charge, session.get_one(ChargeCode, (charge.hotel_id, codes[0])))


def _refuse_below_nothing(
    session: Session, charge: ledger.Entry, account_id: int, *, asked: Money, off: Money
) -> None:
    """Refuse to take more off a charge, percentages of tax in it, than a window bears of it."""
    lock(session, charge)
    left = adjustable.left_on(session, charge, account_id)
    if off > left:
        bears_levy = adjustable.bears_levy(session, charge)
        raise MoreThanCharged(charge, left, asked=asked, off=off, bears_levy=bears_levy)


def _parts(
    session: Session,
    folio: Folio,
    code: ChargeCode,
    night: date,
    taxed: taxes.TaxedAmount,
    *,
    window: int | None,
    key: str | None,
) -> list[Part]:
    """Return who pays which part of a charge; the folios are locked and open."""
    if window is not None or not routing_rules(session, folio.hotel_id, [folio.id]):
        lock_open(session, [folio])
        return [_whole(session, folio, window or 1, taxed)]
    ways = routes(session, folio.hotel_id, [folio.id])
    lock_open(session, [folio])
    posted = _posted_before(session, folio.hotel_id, key, taxed)
    if posted and taxes.together([part.taxed for part in posted]) == taxed:
        return posted
    return ways.parts(folio.id, code, night, taxed)


def _whole(session: Session, folio: Folio, window: int, taxed: taxes.TaxedAmount) -> Part:
    return Part(folio.id, window, window_account(session, folio, window), taxed)


def _posted_before(
    session: Session, hotel_id: int, key: str | None, whole: taxes.TaxedAmount
) -> list[Part]:
    """Return who paid which part of what was posted under a key, if its taxes were those.

    The limits by which it was parted are used up by itself.
    """
    if key is None:
        return []
    rows = session.execute(
        sa.select(
            FolioWindow.folio_id,
            FolioWindow.no,
            ledger.Line.account_id,
            ledger.Line.tax_id,
            ledger.Line.amount,
            sa.func.coalesce(ledger.Line.base, 0).label("base"),
        )
        .join(
            ledger.Line,
            sa.and_(
                ledger.Line.hotel_id == FolioWindow.hotel_id,
                ledger.Line.account_id == FolioWindow.account_id,
            ),
        )
        .join(
            ledger.Entry,
            sa.and_(
                ledger.Entry.hotel_id == ledger.Line.hotel_id,
                ledger.Entry.id == ledger.Line.entry_id,
            ),
        )
        .where(ledger.Entry.hotel_id == hotel_id, ledger.Entry.key == key)
        .order_by(ledger.Line.no)
    ).all()
    paid: dict[tuple[int, int, int], dict[int | None, Any]] = {}
    for row in rows:
        paid.setdefault((row.folio_id, row.no, row.account_id), {})[row.tax_id] = row
    return [Part(*window, _as_posted(lines, whole)) for window, lines in paid.items()]


def _as_posted(lines: dict[int | None, Any], whole: taxes.TaxedAmount) -> taxes.TaxedAmount:
    """Return one payer's part of a charge as its lines say it, by tax; None is the charge's."""
    currency = whole.gross.currency

    def kept(tax_id: int | None, column: str) -> Money:
        return Money(int(getattr(lines[tax_id], column)) if tax_id in lines else 0, currency)

    borne = tuple(
        taxes.TaxLine(tax.rule, kept(tax.rule.tax_id, "base"), kept(tax.rule.tax_id, "amount"))
        for tax in whole.taxes
    )
    net = kept(None, "amount")
    return taxes.TaxedAmount(net, borne, total([net, *(t.amount for t in borne)], currency))


# --- the lines of a charge ----------------------------------------------------------------------


def revenue_account(code: ChargeCode) -> ledger.Wanted:
    """Return the revenue account of a charge code."""
    return ledger.Wanted(
        ledger.Ledger.REVENUE, f"revenue/{code.department.value}/{code.code}", code.name
    )


def tax_account(rule: taxes.Rule) -> ledger.Wanted:
    """Return the account of what is owed to the state under a tax."""
    return ledger.Wanted(ledger.Ledger.TAX, f"tax/{rule.code}", f"Tax {rule.code}")


def sides(
    parts: Sequence[Part],
    accounts: dict[str, int],
    code: ChargeCode,
    whole: taxes.TaxedAmount,
    quantity: int = 1,
) -> tuple[ledger.Side, ...]:
    """Return the lines of a charge: each payer owes their net and taxes, on lines of their own.

    Of several payers none has the quantity: that is the whole charge's; and who pays nothing of
    the net, or of a tax, has no line for it.
    """
    revenue, counted = accounts[revenue_account(code).code], quantity if len(parts) == 1 else None
    lines = [
        ledger.Side(part.account_id, part.taxed.net.minor, code.id, quantity=counted)
        for part in parts
        if len(parts) == 1 or part.taxed.net
    ]
    lines.append(ledger.Side(revenue, -whole.net.minor, code.id, quantity=quantity))
    for no, tax in enumerate(whole.taxes):
        lines += [
            _tax_side(part.account_id, 1, code, borne)
            for part in parts
            for borne in [part.taxed.taxes[no]]
            if len(parts) == 1 or borne.amount or borne.base
        ]
        lines.append(_tax_side(accounts[tax_account(tax.rule).code], -1, code, tax))
    return tuple(lines)


def _tax_side(account_id: int, sign: int, code: ChargeCode, tax: taxes.TaxLine) -> ledger.Side:
    return ledger.Side(
        account_id,
        sign * tax.amount.minor,
        charge_code_id=code.id,
        tax_id=tax.rule.tax_id,
        base=tax.base.minor,
    )


def _post(
    session: Session,
    hotel: Hotel,
    parts: Sequence[Part],
    *,
    code: ChargeCode,
    taxed: taxes.TaxedAmount,
    kind: ledger.Kind,
    quantity: int,
    reference: str | None = None,
    reason: str | None = None,
    concerns_id: int | None = None,
    key: str | None,
    subject_id: int | None = None,
    of_night: OfNight | None = None,
    by: Staff,
    day: date,
) -> ledger.Entry:
    wanted = [revenue_account(code), *(tax_account(tax.rule) for tax in taxed.taxes)]
    accounts = ledger.accounts(session, hotel, wanted)
    draft = ledger.Draft(
        kind=kind,
        key=key,
        text=code.name,
        reference=reference,
        reason=reason,
        concerns_id=concerns_id,
        subject_id=subject_id,
        service_night=of_night.night if of_night else None,
        rule=of_night.rule if of_night else None,
        lines=sides(parts, accounts, code, taxed, quantity),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if posted.fresh:
        night = of_night.night if of_night else day
        write_down(session, hotel.id, [(posted.entry_id, night, parts)])
        for part in parts:
            logbook.record(
                session,
                "charged" if kind is ledger.Kind.CHARGE else "adjusted",
                session.get_one(Folio, (hotel.id, part.folio_id)),
                by=by,
                day=day,
                why=reason,
                code=code.code,
                amount=part.taxed.gross,
                window=part.window,
                entry=posted.entry_id,
            )
    return ledger.get(session, hotel.id, posted)
