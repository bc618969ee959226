"""Held deposits at the desk: given back, voided, put on the bill.

Each does what the stay's own verb does; where the money's guarantee goes with it, a card that is
kept for the party and good makes the house sure of it instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import payments
from pms.hotel.books.payments import Payment
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import deposit_guarantees
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation


def give_back(
    session: Session,
    reservation: Reservation,
    *,
    amount: Money | None = None,
    method: payments.Method,
    card: payments.CardSlip | None = None,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> Payment:
    """Give a deposit back, whole or in part. Refuses what `settlements.return_deposit` refuses."""
    with _card_after(session, reservation, by=by):
        return settlements.return_deposit(
            session, reservation, amount=amount, method=method, card=card, reason=reason, key=key,
            by=by,
        )  # fmt: skip


def void(
    session: Session, reservation: Reservation, payment: Payment, *, reason: str, by: Staff
) -> Payment:
    """Undo a deposit, or one given back. Refuses what `settlements.void_payment` refuses."""
    with _card_after(session, reservation, by=by):
        return settlements.void_payment(session, payment, reason=reason, by=by)


def put_on_bill(session: Session, reservation: Reservation, *, by: Staff) -> Money:
    """Let a deposit pay what is on the bill. Refuses what `settlements.put_on_bill` refuses."""
    with _card_after(session, reservation, by=by):
        return settlements.put_on_bill(session, reservation, by=by)


@contextmanager
def _card_after(session: Session, reservation: Reservation, *, by: Staff) -> Iterator[None]:
    """Lock a party, and let its card guarantee it if what happens takes its deposit's guarantee."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    before = lock(session, reservation).guarantee
    yield
    deposit_guarantees.fall_back(session, hotel, reservation, before, day=day, by=by)
