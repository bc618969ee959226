"""Absorbing: a charge is taken off its payer's bill as far as the party's allowances go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money, apportion
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio, FolioWindow, Part
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.house import business_day, logbook, references, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import package_allowances
from pms.hotel.rooms.packaging import Element
from pms.hotel.stays.allowances.holding import Left, of_day
from pms.hotel.stays.allowances.tables import AllowanceUse
from pms.hotel.stays.reservations.package_tables import ReservationAllowance
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import TaxedAmount, TaxKind


def absorb(session: Session, folio: Folio, charge: Entry) -> Money | None:
    """Take off a bill what a charge may consume of its party's allowances; how much that was.

    `folio` is the party's own, wherever routing led the charge. The house posts it, under a key
    that begins with the charge's, so that whoever voids the charge voids it too. A charge does it
    once, and only while its party is in house. What is charged a head stays on the bill.
    """
    code_id = ledger.lines_of(session, charge)[0].charge_code_id
    taking = package_allowances.taking(session, charge.hotel_id, code_id) if code_id else set()
    party = _in_house(session, folio) if taking else None
    if party is None or _was_used(session, charge) or ledger.is_reversed(session, charge):
        return None
    hotel = session.get_one(Hotel, charge.hotel_id)
    day = business_day.hold(session, hotel)
    _lock_allowances(session, party)
    bill = _bill(session, hotel, charge, day)
    absorbed = Money.zero(hotel.currency)
    for left in of_day(session, party, day):
        if left.element.package_id in taking:
            absorbed += _take(session, hotel, party, bill, left, absorbed, day)
    return absorbed or None


def _in_house(session: Session, folio: Folio) -> Reservation | None:
    return session.scalar(
        sa.select(Reservation).where(
            Reservation.hotel_id == folio.hotel_id,
            Reservation.folio_id == folio.id,
            Reservation.state == State.IN_HOUSE,
        )
    )


def _was_used(session: Session, charge: Entry) -> bool:
    wanted = sa.select(AllowanceUse.entry_id).where(
        AllowanceUse.hotel_id == charge.hotel_id, AllowanceUse.charge_id == charge.id
    )
    return session.scalar(wanted.limit(1)) is not None


def _lock_allowances(session: Session, party: Reservation) -> None:
    """Let two charges at once take of them one after the other."""
    rows = session.scalars(
        sa.select(ReservationAllowance)
        .where(
            ReservationAllowance.hotel_id == party.hotel_id,
            ReservationAllowance.reservation_id == party.id,
        )
        .order_by(ReservationAllowance.no)
    ).all()
    for row in rows:
        lock(session, row)


@dataclass(frozen=True, slots=True)
class _Bill:
    """A charge as its payers see it: its price in minor units, and what percentages are on it.

    `payers` are the windows it stands on, and how much of it (minor units, with VAT) on each.
    """

    charge: Entry
    code: ChargeCode
    payers: Sequence[tuple[FolioWindow, int]]
    price: int
    rules: Sequence[taxes.Rule]
    currency: str

    def taken(self, price: int) -> TaxedAmount:
        """Return what of the bill a part of the price is, with its taxes."""
        return taxes.split(Money(price, self.currency), self.rules)

    def parts(self, taxed: TaxedAmount) -> list[Part]:
        """Return what of an amount falls on each payer, as much as the charge did."""
        shares = apportion(taxed.gross.minor, [amount for _, amount in self.payers])
        paying = [
            (window, Money(minor, self.currency))
            for (window, _), minor in zip(self.payers, shares, strict=True)
            if minor
        ]
        taken = taxes.apart(taxed, [amount for _, amount in paying])
        return [
            Part(window.folio_id, window.no, window.account_id, part)
            for (window, _), part in zip(paying, taken, strict=True)
        ]

    def within(self, most: Money) -> int:
        """Return the largest part of the price that comes to no more than `most`, taxes in it."""
        whole = self.taken(self.price).gross
        if whole <= most:
            return self.price
        price = self.price * max(most.minor, 0) // whole.minor
        while self.taken(price).gross > most:
            price -= 1  # each tax is rounded by itself
        return price


def _bill(session: Session, hotel: Hotel, charge: Entry, day: date) -> _Bill:
    lines = ledger.lines_of(session, charge)
    windows = {
        window.account_id: window
        for window in session.scalars(
            sa.select(FolioWindow)
            .where(
                FolioWindow.hotel_id == hotel.id,
                FolioWindow.account_id.in_({line.account_id for line in lines}),
            )
            .order_by(FolioWindow.folio_id, FolioWindow.no)
        )
    }
    owed = [line for line in lines if line.account_id in windows]
    code = session.get_one(ChargeCode, (hotel.id, lines[0].charge_code_id))
    rules = [
        rule
        for rule in taxes.rules(session, hotel.id, [code.tax_class_id], day)[code.tax_class_id]
        if rule.kind is TaxKind.PERCENT
    ]
    with_charge = {None, *(rule.tax_id for rule in rules if not rule.levy)}  # a levy may be apart
    payers = [
        (
            window,
            sum(
                line.amount
                for line in owed
                if line.account_id == account_id and line.tax_id in with_charge
            ),
        )
        for account_id, window in windows.items()
    ]
    inside = {None, *(rule.tax_id for rule in rules if rule.inclusive)}
    price = sum(line.amount for line in owed if line.tax_id in inside)
    return _Bill(charge, code, payers, price, rules, hotel.currency)


def _take(
    session: Session,
    hotel: Hotel,
    party: Reservation,
    bill: _Bill,
    left: Left,
    before: Money,
    day: date,
) -> Money:
    """Take what an allowance has left, after what others took `before`, off the bill."""
    owed = bill.taken(bill.price).gross - before
    price = bill.within(min(left.left, owed))
    if price <= 0:
        return Money.zero(hotel.currency)
    house, package = staff.the_house(session, hotel), left.element
    taxed = bill.taken(-price)
    amount = -taxed.gross
    draft = ledger.Draft(
        kind=Kind.ADJUSTMENT,
        key=f"{bill.charge.key}/allowance/{left.no}",
        text=f"{package.name}: {bill.charge.text}",
        reason=references.ALLOWANCE.format(name=package.name),
        concerns_id=bill.charge.id,
        subject_id=party.id,
        lines=_sides(session, hotel, bill, package, taxed),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=house)
    session.add(
        AllowanceUse(
            hotel_id=hotel.id,
            entry_id=posted.entry_id,
            charge_id=bill.charge.id,
            reservation_id=party.id,
            no=left.no,
            since=left.since,
            allowed=left.allowed.minor,
            amount=amount.minor,
        )
    )
    session.flush()
    logbook.record(
        session, "took off allowance", party, by=house, day=day,
        package=package.code, amount=amount, entry=posted.entry_id,
    )  # fmt: skip
    return amount


def _sides(
    session: Session, hotel: Hotel, bill: _Bill, package: Element, taxed: TaxedAmount
) -> tuple[ledger.Side, ...]:
    """Return the lines that let the package's revenue pay for what was consumed.

    Where routing split the charge, each payer's part of it shrinks alike.
    """
    code = session.get_one(ChargeCode, (hotel.id, package.charge_code_id))
    of_package = folios.revenue_account(code)
    wanted = [of_package, *(folios.tax_account(tax.rule) for tax in taxed.taxes)]
    accounts = ledger.accounts(session, hotel, wanted)
    revenue = accounts[of_package.code]
    accounts[folios.revenue_account(bill.code).code] = revenue
    return tuple(
        replace(side, charge_code_id=code.id) if side.account_id == revenue else side
        for side in folios.sides(bill.parts(taxed), accounts, bill.code, taxed)
    )
