"""Paid together: one payment taken at the desk for several rooms of a booking."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pms.base.money import total
from pms.hotel.books import payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import CardSlip, Method, Payment
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service import checkout
from pms.hotel.service.checkout import parts
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation


def take(
    session: Session,
    booking: Reservation,
    owes: Sequence[RoomOwes],
    *,
    method: Method,
    card: CardSlip | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> list[Payment]:
    """Take one payment for several rooms: each room's part on its own account, all or none.

    They bear one slip, and together are what the terminal's batch or the drawer got. Refuses what
    may not be asked of these rooms; a link to one of the deposits is withdrawn.
    """
    require(by, Permission.PAY, booking.hotel_id)
    hotel = session.get_one(Hotel, booking.hotel_id)
    day = business_day.hold(session, hotel)
    owes, taken = parts.in_order(session, hotel, booking, owes), []
    for no, each in enumerate(owes, start=1):
        part_key = f"{key}/{no}" if key else None
        taken.append(_take(session, each, method, card, reference, part_key, by))
        if each.stands_for is not None:
            checkout.withdraw(session, each.stands_for, reason="Paid at the desk", by=by)
    logbook.record(
        session, "paid together", booking, by=by, day=day, method=method.value,
        amount=total((each.amount for each in owes), hotel.currency),
        rooms=[each.reservation.number for each in owes],
    )  # fmt: skip
    return taken


def _take(
    session: Session,
    owes: RoomOwes,
    method: Method,
    card: CardSlip | None,
    reference: str | None,
    key: str | None,
    by: Staff,
) -> Payment:
    if owes.folio_id is None:
        return settlements.take_deposit(
            session, owes.reservation, amount=owes.amount, method=method, card=card,
            reference=reference, key=key, by=by,
        )  # fmt: skip
    folio = session.get_one(Folio, (owes.reservation.hotel_id, owes.folio_id))
    return payments.pay(
        session, folio, window=owes.window, amount=owes.amount, method=method, card=card,
        reference=reference, key=key, by=by,
    )  # fmt: skip
