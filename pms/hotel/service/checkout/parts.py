"""Parts: one payment for several rooms of a booking, and what of it each room's account gets.

The parts are written with the request, before anybody pays; once it is paid each is a payment on
its own account, all of them or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import lock, new_id
from pms.base.money import Money, total
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books.folios import Folio
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import asking
from pms.hotel.service.checkout.refusals import NotAsked
from pms.hotel.service.checkout.tables import (
    OPEN_STATES,
    Intent,
    PaymentPart,
    PaymentRequest,
    Purpose,
    RequestState,
)
from pms.hotel.stays.reservations import Reservation


class OtherBooking(Refusal):
    """Who pays for a booking's rooms pays for no others."""

    def __init__(self, reservation: Reservation, booking: Reservation) -> None:
        super().__init__(
            f"Room {reservation.number} isn't of booking {booking.number} any more. "
            "Look at the booking again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOwes:
    """What one account of a room owes: its deposit, or (of a folio) a window.

    `stands_for` is the request by which that deposit is asked for alone.
    """

    reservation: Reservation
    amount: Money
    folio_id: int | None = None
    window: int = 1
    stands_for: PaymentRequest | None = None

    @property
    def account(self) -> tuple[int, int | None, int, int | None]:
        """What tells one from another."""
        single = self.stands_for.id if self.stands_for else None
        return self.reservation.id, self.folio_id, self.window, single

    def is_part(self, part: PaymentPart) -> bool:
        """Tell whether a part is this very thing, to the cent."""
        fixed = (part.reservation_id, part.folio_id, part.window, part.stands_for_id)
        return (fixed, part.amount) == (self.account, self.amount.minor)


def ask(
    session: Session,
    hotel: Hotel,
    booking: Reservation,
    owes: Sequence[RoomOwes],
    *,
    language: str,
    expires_at: datetime,
    by: Staff,
) -> PaymentRequest:
    """Ask who booked several rooms for what they owe, in one payment.

    `booking` is the booking's first room. Refuses what `in_order` refuses, and a hotel without a
    gateway.
    """
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold(session, hotel)
    owes = in_order(session, hotel, booking, owes)
    asking.refuse_words(language, expires_at)
    made = asking.write(
        session, hotel, purpose=Purpose.ROOMS, reservation=booking,
        amount=total((each.amount for each in owes), hotel.currency), language=language,
        expires_at=expires_at, day=day, by=by,
    )  # fmt: skip
    session.add_all(
        PaymentPart(
            hotel_id=hotel.id,
            id=new_id(),
            request_id=made.id,
            no=no,
            reservation_id=each.reservation.id,
            folio_id=each.folio_id,
            window=each.window,
            amount=each.amount.minor,
            stands_for_id=each.stands_for.id if each.stands_for else None,
        )
        for no, each in enumerate(owes, start=1)
    )
    session.flush()
    return made


def in_order(
    session: Session, hotel: Hotel, booking: Reservation, owes: Sequence[RoomOwes]
) -> list[RoomOwes]:
    """Return what a booking's rooms are to pay, in the one order in which they are locked.

    Refuses nothing at all, a room of another booking, an account named twice, and what may not be
    asked of one room: a deposit of who isn't awaited, more than a window owes.
    """
    if not owes or len({each.account for each in owes}) < len(owes):
        raise Invalid("Say what is to be paid, once for each room.", field="amount")
    found = sorted(owes, key=lambda each: each.reservation.id)
    singles = (each.stands_for for each in found if each.stands_for is not None)
    for single in sorted(singles, key=lambda each: each.id):
        lock(session, single)  # as when they are paid: requests before rooms
    for each in found:
        _refuse_part(session, hotel, booking, each)
    return found


def _refuse_part(session: Session, hotel: Hotel, booking: Reservation, owes: RoomOwes) -> None:
    room = lock(session, owes.reservation)
    if room.booking_number != booking.number:
        raise OtherBooking(room, booking)
    asking.refuse_amount(hotel, owes.amount)
    single = owes.stands_for
    if single is not None and not (single.is_open and single.reservation_id == room.id):
        raise NotAsked(single)
    if owes.folio_id is None:
        asking.refuse_party(session, room, Purpose.DEPOSIT)
    elif owes.folio_id != room.folio_id:
        raise Invalid(f"Room {room.number} has another folio.", field="amount")
    else:
        folio = session.get_one(Folio, (hotel.id, owes.folio_id))
        asking.refuse_window(session, hotel, folio, owes.window, owes.amount)


def of(session: Session, request: PaymentRequest) -> Sequence[PaymentPart]:
    """Return the parts of a request in order, each with its guest; one account alone has none."""
    if request.purpose is not Purpose.ROOMS:
        return ()
    return session.scalars(
        sa.select(PaymentPart)
        .options(joinedload(PaymentPart.reservation).joinedload(Reservation.guest))
        .where(PaymentPart.hotel_id == request.hotel_id, PaymentPart.request_id == request.id)
        .order_by(PaymentPart.no)
    ).all()


def of_intent(session: Session, intent: Intent) -> Sequence[PaymentPart]:
    """Return the parts of what a gateway was asked for."""
    if intent.request_id is None:
        return ()
    request = session.get_one(PaymentRequest, (intent.hotel_id, intent.request_id))
    return of(session, request)


# --- the same deposit, asked for alone --------------------------------------------------------


def alone(session: Session, shared: Sequence[PaymentPart]) -> dict[int, PaymentRequest]:
    """Return the requests that parts stand for, by id, locked: before any room is."""
    wanted = sorted((each.hotel_id, each.stands_for_id) for each in shared if each.stands_for_id)
    found = [lock(session, session.get_one(PaymentRequest, each)) for each in wanted]
    return {each.id: each for each in found}


def end_alone(
    session: Session, hotel: Hotel, part: PaymentPart, single: PaymentRequest, day: date
) -> str | None:
    """End the request that a part stood for; say so where that was paid already."""
    if single.state is RequestState.PAID:
        return f"Request {single.number} had been paid alone"
    if single.state in OPEN_STATES:
        asking.end(session, single, RequestState.WITHDRAWN)
        logbook.record(
            session, "withdrew", single, by=staff.the_house(session, hotel), day=day,
            why="Paid together with other rooms", number=single.number, part=part.id,
        )  # fmt: skip
    return None
