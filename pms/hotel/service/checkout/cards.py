"""Cards: forgotten when their guest takes the consent back, and a month after the party is over."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.hotel.books import folios
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import card_guarantees, standing_cards
from pms.hotel.service.checkout.refusals import CardOver
from pms.hotel.service.checkout.tables import KeptCard
from pms.hotel.stays.reservations import Reservation, State

KEPT_AFTER = timedelta(days=30)  # for late charges
AT_ONCE = 20


def end(session: Session, card: KeptCard, *, reason: str, by: Staff) -> KeptCard:
    """Keep a card no longer, and let the guarantee of each room it was given for follow.

    Refuses one that isn't kept any more.
    """
    require(by, Permission.PAY, card.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, card.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, card)
    if card.ended_at is not None:
        raise CardOver(card)
    card.ended_at = clock.now()
    session.flush()
    reservation = session.get_one(Reservation, (card.hotel_id, card.reservation_id))
    logbook.record(
        session, "forgot a card", reservation, by=by, day=day, why=reason, card=card.words
    )
    for room in standing_cards.rooms_of(session, card):
        card_guarantees.follow(session, hotel, room, day=day, by=by)
    return card


def due(session: Session, hotel: Hotel) -> Sequence[KeptCard]:
    """Return kept cards of parties that were over a month ago."""
    return session.scalars(
        sa.select(KeptCard)
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == KeptCard.hotel_id,
                Reservation.id == KeptCard.reservation_id,
            ),
        )
        .where(
            KeptCard.hotel_id == hotel.id,
            KeptCard.ended_at.is_(None),
            Reservation.state.in_((State.DEPARTED, State.CANCELLED, State.NO_SHOW)),
            Reservation.departure < business_day.today(session, hotel) - KEPT_AFTER,
        )
        .order_by(KeptCard.id)
        .limit(AT_ONCE)
    ).all()
