"""Payment requests: made and read by machines; the guest opens the link that comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from flask import url_for
from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from pms.api import folios, reservations
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import Amount, AmountAsked, Body, Word, amount, id_of
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import checkout
from pms.hotel.service.checkout import PaymentRequest, Purpose, RequestState, parts
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import guest_links
from pms.web import links
from pms.web.database import session

_REQUESTS = "/hotels/<code>/payment-requests"


class PartAsked(Body):
    """What one room of a booking is to pay: a deposit, or (of its folio) what a window owes."""

    reservation_id: Word
    amount: AmountAsked
    folio_id: Word | None = None
    window: Annotated[int, Field(ge=1, le=8)] = 1


class PaymentRequestAsked(Body):
    """What a guest is asked for: of a `reservation`, or (a balance) of a `folio` and its window.

    Nothing is asked of a card that is only kept: leave out the `amount` then. One payment for
    several `rooms` names any room of the booking, and is the sum of its `parts`: no `amount`.
    """

    purpose: Annotated[Purpose, Field(strict=False)]
    amount: AmountAsked | None = None
    reservation_id: Word | None = None
    folio_id: Word | None = None
    window: Annotated[int, Field(ge=1, le=8)] = 1
    language: Annotated[str, Field(pattern=r"^(en|de|fr|es)$")] = "en"
    expires_at: Annotated[AwareDatetime, Field(strict=False)]
    parts: Annotated[
        list[PartAsked], Field(default_factory=list, max_length=2 * guest_links.MOST_ROOMS)
    ]


class PartRead(TypedDict):
    """What of a payment for several rooms one room's account gets."""

    reservation_id: str
    folio_id: str | None
    window: int
    amount: Amount


class PaymentRequestRead(TypedDict):
    """A request and where it stands; `link` is the guest's alone, and opens nothing once over."""

    id: str
    number: str
    purpose: Purpose
    state: RequestState
    amount: Amount
    reservation_id: str | None
    folio_id: str | None
    parts: list[PartRead]
    language: str
    link: str
    refused: str | None
    asked_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@deed(_REQUESTS, asks=PaymentRequestAsked, answers=PaymentRequestRead, status=201)
@opens(Scope.FOLIOS)
def ask_for_payment(hotel: Hotel, asked: PaymentRequestAsked, *, by: Staff) -> Made:
    """Ask a guest for a payment, a hold or a card by a link; a payment may be for several rooms."""
    is_of_rooms = asked.purpose is Purpose.ROOMS
    if asked.parts and not is_of_rooms:
        raise Invalid("Only a payment for several rooms has parts.", field="parts")
    if asked.amount and is_of_rooms:
        raise Invalid("The amount is the sum of the parts. Leave it out.", field="amount")
    made = _ask_rooms(hotel, asked, by) if is_of_rooms else _ask(hotel, asked, by)
    return Made(_read(hotel, made), f"{PREFIX}/hotels/{hotel.code}/payment-requests/{made.id}")


def _ask_rooms(hotel: Hotel, asked: PaymentRequestAsked, by: Staff) -> PaymentRequest:
    room = reservations.find(hotel, asked.reservation_id or "")
    return parts.ask(
        session(), hotel, guest_links.first_of(session(), room), owed(hotel, asked.parts),
        language=asked.language, expires_at=asked.expires_at, by=by,
    )  # fmt: skip


def owed(hotel: Hotel, asked: Sequence[PartAsked]) -> list[RoomOwes]:
    """Return the parts of a payment as the desk names them; refuses strangers' ids."""
    return [
        RoomOwes(
            reservation=reservations.find(hotel, each.reservation_id),
            amount=each.amount.money("amount"),
            folio_id=folios.find(hotel, each.folio_id).id if each.folio_id else None,
            window=each.window,
        )
        for each in asked
    ]


def _ask(hotel: Hotel, asked: PaymentRequestAsked, by: Staff) -> PaymentRequest:
    return checkout.ask(
        session(), hotel, purpose=asked.purpose,
        amount=asked.amount.money("amount") if asked.amount else None,
        reservation=(
            reservations.find(hotel, asked.reservation_id) if asked.reservation_id else None
        ),
        folio=folios.find(hotel, asked.folio_id) if asked.folio_id else None,
        window=asked.window, language=asked.language, expires_at=asked.expires_at, by=by,
    )  # fmt: skip


@look(f"{_REQUESTS}/<request_id>", answers=PaymentRequestRead)
@opens(Scope.FOLIOS)
def one_payment_request(hotel: Hotel, request_id: str) -> PaymentRequestRead:
    """Read a request and where it stands."""
    number = id_of(request_id)
    found = session().get(PaymentRequest, (hotel.id, number)) if number else None
    if found is None:
        raise NotHere("payment request")
    return _read(hotel, found)


def _read(hotel: Hotel, found: PaymentRequest) -> PaymentRequestRead:
    token = links.token("pay", hotel.id, found.id)
    return {
        "id": str(found.id),
        "number": str(found.number),
        "purpose": found.purpose,
        "state": found.state,
        "amount": amount(found.amount, hotel.currency),
        "reservation_id": str(found.reservation_id) if found.reservation_id else None,
        "folio_id": str(found.folio_id) if found.folio_id else None,
        "parts": [
            {
                "reservation_id": str(each.reservation_id),
                "folio_id": str(each.folio_id) if each.folio_id else None,
                "window": each.window,
                "amount": amount(each.amount, hotel.currency),
            }
            for each in parts.of(session(), found)
        ],
        "language": found.language,
        "link": links.public(url_for("pay.pay", token=token)),
        "refused": found.refused,
        "asked_at": found.asked_at,
        "expires_at": found.expires_at,
        "ended_at": found.ended_at,
    }
