"""Standing cards: a party's own, and the one that who booked several rooms on the web gave for all.

That card is asked for once, as the rooms are booked, and its guest agrees to it for each of them.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.refusal import Refusal
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout.tables import CardConsent, KeptCard, PaymentRequest, Purpose
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.web_bookings import WebBooking

SHOWN = 300


class NotTheirCard(Refusal):
    """A card pays for the rooms that its guest gave it for."""

    def __init__(self, card: KeptCard, reservation: Reservation) -> None:
        super().__init__(
            f"{card.words} wasn't given for room {reservation.number}. Ask its guest for a card."
        )


def of(session: Session, reservation: Reservation) -> Sequence[KeptCard]:
    """Return the cards that stand for a party, the newest first."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    party = aliased(Reservation)
    return session.scalars(
        sa.select(KeptCard)
        .where(party.id == reservation.id, KeptCard.ended_at.is_(None), stand_for(hotel, party))
        .order_by(KeptCard.id.desc())
        .limit(SHOWN)
    ).all()


def rooms_of(session: Session, card: KeptCard) -> Sequence[Reservation]:
    """Return the parties that a card stands for, or stood for until it was forgotten."""
    hotel = session.get_one(Hotel, card.hotel_id)
    return session.scalars(
        sa.select(Reservation)
        .where(KeptCard.id == card.id, stand_for(hotel, Reservation))
        .order_by(Reservation.id)
        .limit(SHOWN)
    ).all()


def stand_for(hotel: Hotel, party: type[Reservation]) -> sa.ColumnElement[bool]:
    """Ask which kept cards are a party's own, or were given by who booked its room with others.

    By the rooms of its booking, which are few, and not by all cards of the house.
    """
    first = aliased(Reservation)
    for_all = sa.exists().where(
        CardConsent.hotel_id == KeptCard.hotel_id,
        CardConsent.id == KeptCard.consent_id,
        PaymentRequest.hotel_id == CardConsent.hotel_id,
        PaymentRequest.id == CardConsent.request_id,
        PaymentRequest.purpose == Purpose.CARD,
        PaymentRequest.asked_by.in_(staff.id_of_a_guest(hotel)),
    )
    with_others = sa.and_(
        first.guest_id == party.guest_id, _is_on_the_web(first), _is_on_the_web(party), for_all
    )
    return sa.and_(
        party.hotel_id == hotel.id,
        first.hotel_id == party.hotel_id,
        first.booking_number == party.booking_number,
        KeptCard.hotel_id == first.hotel_id,
        KeptCard.reservation_id == first.id,
        sa.or_(first.id == party.id, with_others),
    )


def refuse_others(session: Session, card: KeptCard, reservation: Reservation) -> None:
    """Refuse a card that doesn't stand for a party."""
    if card.reservation_id == reservation.id:
        return
    if all(each.id != card.id for each in of(session, reservation)):
        raise NotTheirCard(card, reservation)


def is_for_all_rooms(session: Session, request: PaymentRequest) -> bool:
    """Tell whether a request asks for the card of a booking of several rooms, for all of them."""
    if request.purpose is not Purpose.CARD or request.reservation_id is None:
        return False
    hotel = session.get_one(Hotel, request.hotel_id)
    if request.asked_by != session.scalar(staff.id_of_a_guest(hotel)):
        return False
    party = session.get_one(Reservation, (hotel.id, request.reservation_id))
    rooms = sa.select(sa.func.count()).where(
        Reservation.hotel_id == hotel.id,
        Reservation.booking_number == party.booking_number,
        Reservation.guest_id == party.guest_id,
        _is_on_the_web(Reservation),
    )
    return (session.scalar(rooms) or 0) > 1


def _is_on_the_web(party: type[Reservation]) -> sa.ColumnElement[bool]:
    kept = sa.select(WebBooking.id).where(
        WebBooking.hotel_id == party.hotel_id, WebBooking.reservation_id == party.id
    )
    return sa.exists(kept.correlate(party))
