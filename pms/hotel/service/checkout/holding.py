"""Holding: money held on cards, what of it still covers a party, and which holds want renewing."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from pms.base import clock
from pms.base.db import lock
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout.card_guarantees import cover as cover
from pms.hotel.service.checkout.settling import end_hold
from pms.hotel.service.checkout.tables import (
    CardHold,
    Deed,
    HoldState,
    Intent,
    IntentState,
    KeptCard,
)
from pms.hotel.stays.reservations import Reservation, State

RENEWED_BEFORE = timedelta(hours=24)  # a hold is renewed a day before it dies
LAPSES_AFTER = timedelta(hours=1)  # left to the gateway's own word for that long
SHOWN = 300
AT_ONCE = 50


def of_reservation(session: Session, reservation: Reservation) -> Sequence[CardHold]:
    """Return a party's holds, the newest first."""
    return session.scalars(
        sa.select(CardHold)
        .where(CardHold.hotel_id == reservation.hotel_id, CardHold.reservation_id == reservation.id)
        .order_by(CardHold.id.desc())
        .limit(SHOWN)
    ).all()


def standing(session: Session, hotel: Hotel) -> Sequence[CardHold]:
    """Return the hotel's holds that stand, the one that dies first at the top."""
    return session.scalars(
        sa.select(CardHold)
        .options(joinedload(CardHold.reservation).joinedload(Reservation.guest))
        .where(CardHold.hotel_id == hotel.id, CardHold.state == HoldState.HELD)
        .order_by(CardHold.capture_before)
        .limit(SHOWN)
    ).all()


def to_renew(session: Session, hotel: Hotel) -> Sequence[CardHold]:
    """Return holds that die within a day and are still wanted, each tried once."""
    tried = sa.exists().where(
        Intent.hotel_id == CardHold.hotel_id,
        Intent.hold_id == CardHold.id,
        sa.or_(Intent.deed == Deed.RENEW, Intent.state != IntentState.FAILED),
    )
    return session.scalars(
        sa.select(CardHold)
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == CardHold.hotel_id,
                Reservation.id == CardHold.reservation_id,
            ),
        )
        .join(
            KeptCard,
            sa.and_(KeptCard.hotel_id == CardHold.hotel_id, KeptCard.id == CardHold.card_id),
        )
        .where(
            CardHold.hotel_id == hotel.id,
            CardHold.state == HoldState.HELD,
            CardHold.capture_before <= clock.now() + RENEWED_BEFORE,
            CardHold.capture_before > clock.now(),
            Reservation.state.in_((State.BOOKED, State.IN_HOUSE)),
            KeptCard.ended_at.is_(None),
            ~tried,
        )
        .order_by(CardHold.capture_before)
        .limit(SHOWN)
    ).all()


def renewed(session: Session, hotel: Hotel) -> Sequence[CardHold]:
    """Return holds that stand beside their renewal: they can be let go."""
    renewal = aliased(CardHold)
    going = sa.exists().where(
        Intent.hotel_id == CardHold.hotel_id,
        Intent.hold_id == CardHold.id,
        Intent.deed != Deed.RENEW,
        Intent.state != IntentState.FAILED,
    )
    return session.scalars(
        sa.select(CardHold)
        .join(
            renewal,
            sa.and_(renewal.hotel_id == CardHold.hotel_id, renewal.renews_id == CardHold.id),
        )
        .where(
            CardHold.hotel_id == hotel.id,
            CardHold.state == HoldState.HELD,
            CardHold.capture_before > clock.now(),
            ~going,
        )
        .limit(SHOWN)
    ).all()


def of_payment(session: Session, hotel: Hotel, payment: str) -> CardHold | None:
    """Return the hold that is one of the gateway's payments, unless it was ended here.

    One that is thought to have lapsed may have been taken in time, in the gateway's own pages.
    """
    return session.scalar(
        sa.select(CardHold).where(
            CardHold.hotel_id == hotel.id,
            CardHold.payment == payment,
            CardHold.state.in_((HoldState.HELD, HoldState.LAPSED)),
        )
    )


def overdue(session: Session, hotel: Hotel, mode: Mode) -> Sequence[CardHold]:
    """Return holds whose capture date is past, and that nobody said the end of yet."""
    return session.scalars(
        sa.select(CardHold)
        .where(
            CardHold.hotel_id == hotel.id,
            CardHold.mode == mode,
            CardHold.state == HoldState.HELD,
            CardHold.capture_before <= clock.now(),
        )
        .order_by(CardHold.capture_before)
        .limit(AT_ONCE)
    ).all()


def lapse_due(session: Session, hotel: Hotel, *, by: Staff, limit: int) -> int:
    """Note the holds whose capture date is past and which nobody is taking; how many that were."""
    require(by, Permission.PAY, hotel.id)
    going = sa.exists().where(
        Intent.hotel_id == CardHold.hotel_id,
        Intent.hold_id == CardHold.id,
        Intent.state.in_((IntentState.INTENDED, IntentState.CALLED)),
    )
    due = session.scalars(
        sa.select(CardHold)
        .where(
            CardHold.hotel_id == hotel.id,
            CardHold.state == HoldState.HELD,
            CardHold.capture_before <= clock.now() - LAPSES_AFTER,
            ~going,
        )
        .order_by(CardHold.capture_before)
        .limit(limit)
    ).all()
    day = business_day.hold(session, hotel)
    for hold in due:
        lock(session, hold)
        if hold.state is HoldState.HELD:
            end_hold(session, hold, HoldState.LAPSED)
            amount = Money(hold.amount, hotel.currency)
            logbook.record(session, "lost a hold", hold, by=by, day=day, amount=amount)
    return len(due)
