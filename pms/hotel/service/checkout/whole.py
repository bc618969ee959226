"""Whole: what was paid for several rooms at once, and all that is left of it given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import lock
from pms.base.money import Money, total
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import intending, parts, refundable
from pms.hotel.service.checkout.homes import BEFORE_ARRIVAL
from pms.hotel.service.checkout.refusals import MoreThanLeft
from pms.hotel.service.checkout.tables import Deed, Intent, IntentState, PaymentPart, PaymentRequest


def paid(session: Session, request: PaymentRequest) -> Sequence[GatewayPayment]:
    """Return what each room got of what was paid for a request, in order."""
    charges = sa.select(Intent.payment).where(
        Intent.hotel_id == request.hotel_id,
        Intent.request_id == request.id,
        Intent.deed == Deed.CHECKOUT,
        Intent.state == IntentState.SETTLED,
    )
    return session.scalars(
        sa.select(GatewayPayment)
        .options(joinedload(GatewayPayment.payment))
        .where(GatewayPayment.hotel_id == request.hotel_id, GatewayPayment.charge.in_(charges))
        .order_by(GatewayPayment.id)
    ).all()


@dataclass(frozen=True, slots=True)
class RoomPaid:
    """What one room got of a payment, and what of that went back or is on its way back."""

    part: PaymentPart
    amount: Money
    given_back: Money
    on_its_way: Money

    @property
    def left(self) -> Money:
        """What can still be given back."""
        return self.amount - self.given_back - self.on_its_way


def by_room(session: Session, request: PaymentRequest) -> list[RoomPaid]:
    """Return what each room got of what was paid for a request: four questions in all."""
    hotel = session.get_one(Hotel, request.hotel_id)
    fixed = {part.no: part for part in parts.of(session, request)}
    got = paid(session, request) if fixed else []
    back = refundable.going_back(session, hotel, [payment.id for payment in got])
    return [
        RoomPaid(_part_of(payment, fixed), Money(payment.amount, hotel.currency), *back[payment.id])
        for payment in got
    ]


def left(session: Session, request: PaymentRequest) -> Money:
    """Return what of it isn't given back yet, nor on its way back."""
    hotel = session.get_one(Hotel, request.hotel_id)
    return total((each.left for each in by_room(session, request)), hotel.currency)


def _part_of(payment: GatewayPayment, fixed: dict[int, PaymentPart]) -> PaymentPart:
    return fixed[int(payment.object_id.rpartition("/")[2])]


def refund(session: Session, request: PaymentRequest, *, reason: str, by: Staff) -> list[Intent]:
    """Intend to give back all that is left of a payment for several rooms, room by room.

    Refuses where nothing is left, and a room that isn't in credit by what is left of its part.
    """
    require(by, Permission.REFUND, request.hotel_id)
    hotel = session.get_one(Hotel, request.hotel_id)
    business_day.hold(session, hotel)
    lock(session, request)
    fixed = {part.no: part for part in parts.of(session, request)}
    made = []
    for payment in paid(session, request):
        left = refundable.left(session, hotel, payment)
        if left:
            part = _part_of(payment, fixed)
            made.append(
                intending.refund(
                    session, payment, amount=left, reason=reason, by=by, **_whose(session, part)
                )
            )
    if not made:
        raise MoreThanLeft(Money.zero(hotel.currency))
    return made


def _whose(session: Session, part: PaymentPart) -> dict[str, Any]:
    """Say where a part's money stands: on the deposit until the room arrives, else on its folio."""
    room = part.reservation
    folio_id = part.folio_id
    if folio_id is None and room.state in BEFORE_ARRIVAL:
        return {"reservation": room}
    folio = session.get_one(Folio, (room.hotel_id, folio_id or room.folio_id))
    return {"folio": folio, "window": part.window}
