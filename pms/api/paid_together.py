"""Paid together: machines take one payment for several rooms of a booking, as a desk does."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from pms.api import reservations
from pms.api.bills import SlipAsked
from pms.api.calls import PREFIX, Made, deed
from pms.api.door import opens
from pms.api.payment_requests import PartAsked, owed
from pms.api.shapes import Amount, Body, Line, amount
from pms.hotel.books.payments import Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import paid_together
from pms.hotel.stays import guest_links
from pms.web.database import session


class RoomsPaymentAsked(Body):
    """One payment and its `parts`, of which it is the sum; a card leaves its terminal's slip."""

    parts: Annotated[list[PartAsked], Field(min_length=1, max_length=2 * guest_links.MOST_ROOMS)]
    method: Annotated[Method, Field(strict=False)]
    card: SlipAsked | None = None
    reference: Line | None = None


class PartPaid(TypedDict):
    """What one room's account got of it."""

    payment_id: str
    entry_id: str
    amount: Amount


class RoomsPaid(TypedDict):
    """A payment for several rooms: its sum, and what each account got, in the rooms' order."""

    booking_number: int
    amount: Amount
    payments: list[PartPaid]


@deed(
    "/hotels/<code>/reservations/<reservation_id>/rooms/payments",
    asks=RoomsPaymentAsked, answers=RoomsPaid, status=201,
)  # fmt: skip
@opens(Scope.FOLIOS)
def pay_for_rooms(
    hotel: Hotel, asked: RoomsPaymentAsked, *, by: Staff, reservation_id: str
) -> Made:
    """Take one payment for several rooms of a booking, of which any is named: all parts or none."""
    booking = guest_links.first_of(session(), reservations.find(hotel, reservation_id))
    taken = paid_together.take(
        session(), booking, owed(hotel, asked.parts), method=asked.method,
        card=asked.card.slip() if asked.card else None, reference=asked.reference, by=by,
    )  # fmt: skip
    paid: RoomsPaid = {
        "booking_number": booking.number,
        "amount": amount(sum(each.amount for each in taken), hotel.currency),
        "payments": [
            {
                "payment_id": str(each.id),
                "entry_id": str(each.entry_id),
                "amount": amount(each.amount, hotel.currency),
            }
            for each in taken
        ],
    }
    return Made(paid, f"{PREFIX}/hotels/{hotel.code}/reservations/{booking.id}")
