"""Prepaid taxes: VAT of a reservation's deposits, due when they are received where the house owes
it then; set off when they mature, go back, or pay a fee.

What is paid above the price of the stay is for no supply that is known: it is held, and bears no
VAT (European Court of Justice, C-419/02, BUPA Hospitals, no. 50). When the stay gets dearer it is
taxed, when it gets cheaper the VAT of the difference is credited.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import deposit_taxes, papers
from pms.hotel.books.deposit_taxes import OUTSIDE, Under
from pms.hotel.books.papers import tax_due
from pms.hotel.books.papers.tax_due import TaxDue
from pms.hotel.books.payments import Payment
from pms.hotel.house import staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import promised, traces
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
    is over (there is nothing it is for), of what is above the price of the stay, and where charges
    bear two VATs at once.
    """
    if reservation.state is not State.BOOKED or _is_known(session, payment):
        return
    if tax_due.on(session, hotel, day) is not TaxDue.ON_RECEIPT:
        return
    [room] = promised.promised(session, hotel, [reservation])
    costs = quoted(room)
    held = deposit_taxes.held_for_stay(session, hotel.id, payment.account_id)
    shares = deposit_taxes.shares(payment.amount, costs, held)
    is_above = any(share.is_above for share in shares)
    if any(share.tax for share in shares) or (is_above and any(under.rate for under in costs)):
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
    is credited. Else the invoice of the stay takes it off. While a party is awaited what is above
    the price of its stay pays a fee first: the rest is still for the stay.
    """
    credited = pays_fee or reservation.state in promised.ENDED
    is_awaited = pays_fee and reservation.state is State.BOOKED
    was_taxed = deposit_taxes.set_off(
        session, hotel, reservation, amount=amount.minor, account_id=account_id,
        moved_id=entry_id, to_bill=not is_awaited, credited=credited, day=day, by=by,
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


def follow_price(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    account_id: int,
    day: date,
    by: Staff,
) -> bool:
    """Bring the VAT of a locked party's deposits into line with what its stay costs by now.

    Where it costs less, VAT of the difference is set off and credited on the deposit invoices;
    where it costs more, what was above its price is taxed, and invoiced where the deposit was: the
    desk is told to hand that out. Nothing of a promise that is over: that VAT goes with the money.
    Says if anything changed.
    """
    if reservation.state is not State.BOOKED:
        return False
    if not deposit_taxes.is_open(session, hotel.id, account_id):
        return False
    [room] = promised.promised(session, hotel, [reservation])
    costs = quoted(room)
    if not costs:
        return False
    entry_id = deposit_taxes.realign(
        session, hotel, reservation, costs, account_id=account_id,
        taxes=tax_due.on(session, hotel, day) is TaxDue.ON_RECEIPT, day=day, by=by,
    )  # fmt: skip
    if entry_id is None:
        return False
    papers.credit_moved(
        session, hotel, entry_id, reason="The price of the stay changed", day=day,
        by=staff.the_house(session, hotel),
    )  # fmt: skip
    _invoice_more(session, hotel, reservation, entry_id, day=day)
    return True


def _invoice_more(
    session: Session, hotel: Hotel, reservation: Reservation, entry_id: int, *, day: date
) -> None:
    """Invoice what became the price of a stay; tell the desk that there is something to hand out.

    Who changed the price was allowed to, and the law wants the paper: the house issues it.
    """
    house = staff.the_house(session, hotel)
    issued = papers.invoice_more(session, hotel, entry_id, day=day, by=house)
    if issued:
        labels = ", ".join(paper.label for paper in issued)
        traces.add(
            session, hotel, department=Department.FRONT_OFFICE, due_on=day,
            words=f"The stay got dearer, and more of its deposit is for it: invoiced as {labels}. "
            "Hand it to the guest", reservation=reservation, by=house,
        )  # fmt: skip


def astray(
    session: Session,
    hotel: Hotel,
    parties: Sequence[Reservation],
    accounts: Mapping[int, int],
    *,
    day: date,
) -> list[Reservation]:
    """Return of which parties `follow_price` would change something; `accounts` are by party."""
    if not parties:
        return []
    taxes = tax_due.on(session, hotel, day) is TaxDue.ON_RECEIPT
    return [
        room.reservation
        for room in promised.promised(session, hotel, parties)
        if (costs := quoted(room))
        and deposit_taxes.is_astray(
            session, hotel.id, accounts[room.reservation.id], costs, taxes=taxes
        )
    ]


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
