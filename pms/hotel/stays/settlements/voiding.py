"""Voiding: a payment that was written down wrongly is undone, and what rested on it follows."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.books import ledger, papers
from pms.hotel.books.payments import Payment
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.stays.settlements.deposits import follow_deposit


def void_payment(session: Session, payment: Payment, *, reason: str, by: Staff) -> Payment:
    """Undo a payment on the day it was taken, with what was issued for it.

    Of a deposit, or of one given back, the guarantee of its stay follows, and the VAT of what is
    held still. Refuses what voiding refuses: one voided already, of an earlier day, paid online, of
    a company's account, invoiced or used up since, and cash whose drawer is counted.
    """
    require(by, Permission.REFUND, payment.hotel_id)
    hotel = session.get_one(Hotel, payment.hotel_id)
    day = business_day.hold(session, hotel)
    party = _party(session, hotel, payment)
    voided = papers.void_payment(session, payment, reason=reason, by=by)
    if party is not None:
        follow_deposit(session, hotel, party, day=day, by=by)
    return voided


def _party(session: Session, hotel: Hotel, payment: Payment) -> Reservation | None:
    """Return whose deposit a payment moved, locked; None of any other payment."""
    account = session.get_one(ledger.Account, (hotel.id, payment.account_id))
    if account.ledger is not ledger.Ledger.DEPOSIT:
        return None
    found = sa.select(Reservation).where(
        Reservation.hotel_id == hotel.id,
        Reservation.number == int(account.code.partition("/")[2]),
    )
    return lock(session, session.scalars(found).one())
