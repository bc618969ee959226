"""Charging a folio: the price taken apart into net and taxes, each on its own line."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock
from pms.base.money import Money, total
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.folios.limits import refuse_over_limit
from pms.hotel.books.folios.opening import lock_open, refuse_no_reason, window_account
from pms.hotel.books.folios.routes import Part, routes, routing_rules, write_down
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode

LARGEST_QUANTITY = 10_000


class MoreThanCharged(Invalid):
    """More is taken off a charge than is left of it."""

    def __init__(self, charge: ledger.Entry, left: Money) -> None:
        rest = (
            f"{left} {left.currency} of it are left" if left.minor > 0 else "nothing of it is left"
        )
        super().__init__(
            f"{charge.text} can't go below nothing: {rest}. Take off less, or name another.",
            field="amount",
        )
        self.left = left


class NoPriceForCode(Invalid):
    """The charge code has no usual price, and none was said."""

    def __init__(self, code: ChargeCode) -> None:
        super().__init__(f"{code.name} has no usual price. Say the amount.", field="amount")


def charge(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money | None = None,
    quantity: int = 1,
    reference: str | None = None,
    window: int | None = None,
    persons: int = 1,
    is_fee: bool = False,
    key: str | None = None,
    subject_id: int | None = None,
    under: Permission = Permission.POST,
    by: Staff,
) -> ledger.Entry:
    """Put something on a folio: `amount` (the code's price, if none is said) for each one.

    Taxes are those of the code's class today. Without a `window` the folio's routing says who pays
    which part; what it leaves, or sends to a closed folio, stays at home in window 1. The same key
    with the same content answers the first charge. A fee bears no levies, which are due of who
    sleeps here; `subject_id` is the reservation it is a fee of. `under` is the permission it is
    done under: a later room names a lesser one for the little it lets people charge.
    """
    require(by, under, folio.hotel_id)
    card_numbers.refuse(reference=reference)
    hotel = session.get_one(Hotel, folio.hotel_id)
    price = _price(hotel, code, amount, quantity)
    day = business_day.hold(session, hotel)
    rules = _rules(session, code, day)
    taxed = taxes.split(price, taxes.of_a_fee(rules) if is_fee else rules, persons=persons)
    return _post(
        session,
        hotel,
        _parts(session, folio, code, day, taxed, window=window, key=key),
        code=code,
        taxed=taxed,
        kind=ledger.Kind.CHARGE,
        quantity=quantity,
        reference=reference,
        key=key,
        subject_id=subject_id,
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
    key: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Add to a bill, or take off (below zero), with a reason; percentages of tax go along.

    Refuses more than the person's role may adjust of a bill in a day (`limits`), and to take more
    off the charge it concerns than earlier adjustments left of it. Taxes per head and
    night stay as they were: nobody slept less for it. What concerns an entry, or a move of it,
    bears the rates of the day that one was for, whatever they are by now.
    """
    require(by, Permission.ADJUST, folio.hotel_id)
    refuse_no_reason(reason)
    if not amount:
        raise Invalid("An adjustment changes something. Say the amount.", field="amount")
    hotel = session.get_one(Hotel, folio.hotel_id)
    _refuse_other_currency(hotel, amount)
    day = business_day.hold(session, hotel)
    lock_open(session, [folio])
    if concerns is not None:
        concerns = ledger.moved(session, concerns)
    rated = day if concerns is None else concerns.service_night or concerns.business_day
    percentages = [
        rule for rule in _rules(session, code, rated) if rule.kind is taxes.TaxKind.PERCENT
    ]
    taxed = taxes.split(amount, percentages)
    if concerns is not None and taxed.gross.minor < 0:
        _refuse_below_nothing(session, hotel, concerns, -taxed.gross)
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


def _refuse_below_nothing(session: Session, hotel: Hotel, charge: ledger.Entry, off: Money) -> None:
    """Refuse to take more off a charge, tax and all, than is left of it on whatever bills."""
    if charge.kind is not ledger.Kind.CHARGE:
        return
    lock(session, charge)
    adjusts = sa.and_(Entry.kind == ledger.Kind.ADJUSTMENT, Entry.concerns_id == charge.id)
    left = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Line.amount), 0))
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(
            Entry.hotel_id == hotel.id,
            sa.or_(Entry.id == charge.id, adjusts),
            ledger.standing(),
        )
    )
    if off.minor > int(left or 0):
        raise MoreThanCharged(charge, Money(int(left or 0), hotel.currency))


def _price(hotel: Hotel, code: ChargeCode, amount: Money | None, quantity: int) -> Money:
    if not 1 <= quantity <= LARGEST_QUANTITY:
        raise Invalid(f"A quantity is 1 to {LARGEST_QUANTITY:,}.", field="quantity")
    if amount is None:
        if code.price is None:
            raise NoPriceForCode(code)
        amount = Money(code.price, hotel.currency)
    _refuse_other_currency(hotel, amount)
    return amount * quantity


def _refuse_other_currency(hotel: Hotel, amount: Money) -> None:
    if amount.currency != hotel.currency:
        raise Invalid(
            f"{hotel.name} counts in {hotel.currency}, not in {amount.currency}.", field="amount"
        )


def _rules(session: Session, code: ChargeCode, day: date) -> Sequence[taxes.Rule]:
    return taxes.rules(session, code.hotel_id, [code.tax_class_id], day)[code.tax_class_id]


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
        lines=sides(parts, accounts, code, taxed, quantity),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if posted.fresh:
        write_down(session, hotel.id, [(posted.entry_id, day, parts)])
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
