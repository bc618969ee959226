"""Charging a folio: the price taken apart into net and taxes, each on its own line."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.folios.opening import lock_open, refuse_no_reason, window_account
from pms.hotel.books.folios.tables import Folio, FolioState, RoutingRule
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode

LARGEST_QUANTITY = 10_000
_ROUTES = (
    sa.select(RoutingRule)
    .where(
        RoutingRule.hotel_id == sa.bindparam("hotel"),
        RoutingRule.folio_id.in_(sa.bindparam("folios", expanding=True)),
    )
    .order_by(RoutingRule.priority, RoutingRule.id)
)


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

    Taxes are those of the code's class today. Without a `window` the folio's routing says which;
    where that leads to a closed folio, the charge stays at home in window 1. The same key with the
    same content answers the first charge. A fee bears no levies, which are due of who sleeps here;
    `subject_id` is the reservation it is a fee of. `under`
    is the permission it is done under: a later room names a lesser one for the little it lets
    people charge.
    """
    require(by, under, folio.hotel_id)
    card_numbers.refuse(reference=reference)
    hotel = session.get_one(Hotel, folio.hotel_id)
    price = _price(hotel, code, amount, quantity)
    day = business_day.hold(session, hotel)
    folio, window = _destination(session, folio, code, day, window)
    rules = _rules(session, code, day)
    taxed = taxes.split(price, taxes.of_a_fee(rules) if is_fee else rules, persons=persons)
    return _post(
        session,
        hotel,
        folio,
        window,
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

    Taxes per head and night stay as they were: nobody slept less for it. What concerns an entry
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
    rated = day if concerns is None else concerns.service_night or concerns.business_day
    percentages = [
        rule for rule in _rules(session, code, rated) if rule.kind is taxes.TaxKind.PERCENT
    ]
    return _post(
        session,
        hotel,
        folio,
        window,
        code=code,
        taxed=taxes.split(amount, percentages),
        kind=ledger.Kind.ADJUSTMENT,
        quantity=1,
        reason=reason,
        concerns_id=concerns.id if concerns else None,
        key=key,
        by=by,
        day=day,
    )


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


def _destination(
    session: Session, folio: Folio, code: ChargeCode, night: date, window: int | None
) -> tuple[Folio, int]:
    """Return the folio, locked and open, and the window that a charge goes to."""
    if window is None:
        rule = routed(routes(session, folio.hotel_id, [folio.id]).get(folio.id, ()), code, night)
        if rule is not None and rule.to_folio_id != folio.id:
            other = session.get_one(Folio, (folio.hotel_id, rule.to_folio_id))
            session.refresh(other)
            if other.state is FolioState.OPEN:
                lock_open(session, [other])
                return other, rule.to_window
            rule = None
        window = rule.to_window if rule is not None else 1
    lock_open(session, [folio])
    return folio, window


def routes(
    session: Session, hotel_id: int, folio_ids: Iterable[int]
) -> dict[int, list[RoutingRule]]:
    """Return each folio's routing rules, the first that fits wins."""
    found: dict[int, list[RoutingRule]] = {}
    for rule in session.scalars(_ROUTES, {"hotel": hotel_id, "folios": list(folio_ids)}):
        found.setdefault(rule.folio_id, []).append(rule)
    return found


def routed(rules: Iterable[RoutingRule], code: ChargeCode, night: date) -> RoutingRule | None:
    """Return the rule by which a charge leaves its folio's first window."""
    return next((rule for rule in rules if rule.fits(code, night)), None)


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
    payer: int,
    accounts: dict[str, int],
    code: ChargeCode,
    taxed: taxes.TaxedAmount,
    quantity: int = 1,
) -> tuple[ledger.Side, ...]:
    """Return the lines of a charge: the payer owes net and each tax, on lines of their own."""
    revenue = accounts[revenue_account(code).code]
    net = taxed.net.minor
    lines = [
        ledger.Side(payer, net, charge_code_id=code.id, quantity=quantity),
        ledger.Side(revenue, -net, charge_code_id=code.id, quantity=quantity),
    ]
    for tax in taxed.taxes:
        owed, base = tax.amount.minor, tax.base.minor
        due = accounts[tax_account(tax.rule).code]
        for account_id, amount in ((payer, owed), (due, -owed)):
            lines.append(
                ledger.Side(
                    account_id,
                    amount,
                    charge_code_id=code.id,
                    tax_id=tax.rule.tax_id,
                    base=base,
                )
            )
    return tuple(lines)


def _post(
    session: Session,
    hotel: Hotel,
    folio: Folio,
    window: int,
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
    payer = window_account(session, folio, window)
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
        lines=sides(payer, accounts, code, taxed, quantity),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if posted.fresh:
        logbook.record(
            session,
            "charged" if kind is ledger.Kind.CHARGE else "adjusted",
            folio,
            by=by,
            day=day,
            why=reason,
            code=code.code,
            amount=taxed.gross,
            window=window,
            entry=posted.entry_id,
        )
    return ledger.get(session, hotel.id, posted)
