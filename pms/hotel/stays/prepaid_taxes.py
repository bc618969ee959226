"""Prepaid taxes: VAT of a reservation's deposits, due when they are received where the house owes
it then; set off when they mature, go back, or pay a fee.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import deposit_taxes, papers
from pms.hotel.books.deposit_taxes import OUTSIDE, Under
from pms.hotel.books.papers import tax_due
from pms.hotel.books.papers.tax_due import TaxDue
from pms.hotel.books.payments import Payment
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import promised
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.tariff.taxes import TaxKind


def owe(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    payment: Payment,
    *,
    day: date,
    by: Staff,
) -> None:
    """Owe the VAT in a deposit just received for a party that is to come, once.

    None is owed where the house owes it with the invoice of the stay, of money for a promise that
    is over (there is nothing it is for), and where charges bear two VATs at once.
    """
    if reservation.state is not State.BOOKED or _is_known(session, payment):
        return
    if tax_due.on(session, hotel, day) is not TaxDue.ON_RECEIPT:
        return
    [room] = promised.promised(session, hotel, [reservation])
    shares = deposit_taxes.shares(payment.amount, quoted(room))
    if any(share.tax for share in shares):
        deposit_taxes.owe(
            session, hotel, reservation, shares, payment_id=payment.id,
            account_id=payment.account_id, moved_id=payment.entry_id, day=day, by=by,
        )  # fmt: skip


def matured(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    amount: Money,
    account_id: int,
    entry_id: int,
    pays_fee: bool,
    day: date,
    by: Staff,
) -> None:
    """Set off the VAT of a deposit that came onto the bill: from now on charges bear it.

    Where it `pays_fee`, or the promise is over, what it was taxed for isn't supplied: its invoice
    is credited. Else the invoice of the stay takes it off.
    """
    credited = pays_fee or reservation.state in promised.ENDED
    was_taxed = deposit_taxes.set_off(
        session, hotel, reservation, amount=amount.minor, account_id=account_id,
        moved_id=entry_id, credited=credited, day=day, by=by,
    )  # fmt: skip
    if was_taxed and credited:
        papers.credit_moved(
            session, hotel, entry_id, reason="The deposit pays a fee", day=day,
            by=staff.the_house(session, hotel),
        )  # fmt: skip


def given_back(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    payment: Payment,
    *,
    of: Payment | None = None,
    reason: str,
    day: date,
    by: Staff,
) -> None:
    """Set off the VAT of a deposit that was given back, and credit its invoice by as much.

    `of` is the deposit it went back of, where that is known.
    """
    was_taxed = deposit_taxes.set_off(
        session, hotel, reservation, amount=-payment.amount, account_id=payment.account_id,
        moved_id=payment.entry_id, first=of.id if of else None, credited=True,
        day=day, by=by,
    )  # fmt: skip
    if was_taxed:
        papers.credit_moved(
            session, hotel, payment.entry_id, reason=reason, day=day,
            by=staff.the_house(session, hotel),
        )  # fmt: skip


def taken_by_bank(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    amount: Money,
    account_id: int,
    entry_id: int,
    day: date,
    by: Staff,
) -> None:
    """Set off the VAT of a deposit that a bank gave back to the guest; credit its invoice."""
    was_taxed = deposit_taxes.set_off(
        session, hotel, reservation, amount=amount.minor, account_id=account_id,
        moved_id=entry_id, credited=True, day=day, by=by,
    )  # fmt: skip
    if was_taxed:
        papers.credit_moved(
            session, hotel, entry_id, reason="Given back by the guest's bank", day=day,
            by=staff.the_house(session, hotel),
        )  # fmt: skip


def quoted(room: PromisedRoom) -> dict[Under, int]:
    """Return what a stay was promised to cost by rate of VAT, taxes included, in minor units.

    Nothing where a part of it bears two VATs at once. Levies and what bears none are outside.
    """
    found: dict[Under, int] = defaultdict(int)
    for night in room.nights:
        for _, taxed in night.parts:
            vat = [
                line
                for line in taxed.taxes
                if line.rule.kind is TaxKind.PERCENT and not line.rule.levy and line.amount
            ]
            if len(vat) > 1:
                return {}
            under = sum(line.base.minor + line.amount.minor for line in vat)
            for line in vat:
                found[Under(line.rule.tax_id, line.rule.rate)] += under
            found[OUTSIDE] += taxed.gross.minor - under
    return dict(found)


def _is_known(session: Session, payment: Payment) -> bool:
    """Tell whether a deposit's VAT is owed already: its key was sent again."""
    return bool(deposit_taxes.received(session, payment.hotel_id, payment.id))
