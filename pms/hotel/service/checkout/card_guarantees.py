"""Guarantees by card: a card kept for a party to come makes the hotel sure of it, while it is good.

Where its terms ask for a deposit or a company, a card alone guarantees nothing. What somebody said
of the guarantee by hand stands until a card is kept, or the last one goes.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import clock
from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.house import business_day, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import standing_cards
from pms.hotel.service.checkout.homes import tell_desk
from pms.hotel.service.checkout.tables import CardHold, HoldState, KeptCard
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Guarantee, Reservation, State

AT_ONCE = 50


def cover(session: Session, reservation: Reservation) -> tuple[Money, datetime | None]:
    """Return what is held for a party and until when: a hold past its capture date covers nothing.

    A hold that was renewed is counted by its renewal alone.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    renewal = aliased(CardHold)
    row = session.execute(
        sa.select(sa.func.sum(CardHold.amount), sa.func.min(CardHold.capture_before)).where(
            CardHold.hotel_id == hotel.id,
            CardHold.reservation_id == reservation.id,
            CardHold.state == HoldState.HELD,
            CardHold.capture_before > clock.now(),
            ~sa.exists().where(
                renewal.hotel_id == CardHold.hotel_id, renewal.renews_id == CardHold.id
            ),
        )
    ).one()
    return Money(int(row[0] or 0), hotel.currency), row[1]


def has_card(session: Session, hotel: Hotel, reservation: Reservation) -> bool:
    """Tell whether a card that is good today is kept for a party, or money is held on one."""
    today = business_day.today(session, hotel)
    if any(_stands(card, today) for card in standing_cards.of(session, reservation)):
        return True
    covered, _ = cover(session, reservation)
    return covered.minor > 0


def follow(
    session: Session, hotel: Hotel, reservation: Reservation, *, day: date, by: Staff
) -> None:
    """Let the guarantee of a party to come follow its cards: one was kept, or the last one went."""
    lock(session, reservation)
    settlements.follow_card(
        session,
        hotel,
        reservation,
        settlements.deposit_held(session, reservation),
        has_card=has_card(session, hotel, reservation),
        day=day,
        by=by,
    )


def expired(session: Session, hotel: Hotel) -> Sequence[Reservation]:
    """Return parties to come that a card guarantees, and whose every kept card has run out.

    One that was given for all rooms of a booking is a card of each.
    """
    today = business_day.today(session, hotel)
    of_party = sa.and_(KeptCard.ended_at.is_(None), standing_cards.stand_for(hotel, Reservation))
    return session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.guarantee == Guarantee.CARD,
            Reservation.arrival >= today,
            sa.exists().where(of_party, ~_is_good(today)),
            ~sa.exists().where(of_party, _is_good(today)),
            ~sa.exists().where(
                CardHold.hotel_id == Reservation.hotel_id,
                CardHold.reservation_id == Reservation.id,
                CardHold.state == HoldState.HELD,
                CardHold.capture_before > clock.now(),
            ),
        )
        .order_by(Reservation.number)
        .limit(AT_ONCE)
    ).all()


def end_expired(session: Session, reservation: Reservation) -> None:
    """Take the guarantee off a party whose card has run out, and tell the desk.

    With it off the other rooms that the card was given for: the desk is told once.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    stood = standing_cards.of(session, reservation)
    rooms = {room.id: room for card in stood for room in standing_cards.rooms_of(session, card)}
    lost = [
        room
        for _, room in sorted(rooms.items())
        if _is_sure_by_card(session, room) and not has_card(session, hotel, room)
    ]
    for room in lost:
        follow(session, hotel, room, day=day, by=staff.the_house(session, hotel))
    if lost:
        which = ", ".join(str(room.number) for room in lost)
        words = f"The card kept for booking {which} has run out. Ask for another"
        tell_desk(session, hotel, words, lost[0])


def _is_sure_by_card(session: Session, room: Reservation) -> bool:
    """Lock a party; tell whether it is to come and a card guarantees it."""
    lock(session, room)
    return room.state is State.BOOKED and room.guarantee is Guarantee.CARD


def _stands(card: KeptCard, today: date) -> bool:
    return card.expires is None or card.expires >= f"{today:%Y-%m}"


def _is_good(today: date) -> sa.ColumnElement[bool]:
    """Return the condition that a card hasn't run out: it is good to the end of its month."""
    return sa.or_(KeptCard.expires.is_(None), KeptCard.expires >= f"{today:%Y-%m}")
