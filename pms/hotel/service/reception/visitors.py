"""Visitors: in with a badge, out again, and who is still in the house when it has to be left."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import card_numbers, clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.reception import privacy
from pms.hotel.service.reception.refusals import BadgeGiven, SeenOut, SeesNobody
from pms.hotel.service.reception.tables import Visitor
from pms.hotel.service.requests.entering import said
from pms.hotel.stays.reservations import Reservation

LONGEST = 80


def arrive(
    session: Session,
    hotel: Hotel,
    *,
    name: str,
    visits: Reservation | None = None,
    host: str | None = None,
    badge: str | None = None,
    vehicle: str | None = None,
    by: Staff,
) -> Visitor:
    """Let somebody in to see a party, or somebody of the house (`host`).

    Refuses who visits nobody, a party that sees nobody or isn't expected, and a badge that
    another visitor wears.
    """
    require(by, Permission.RECEIVE, hotel.id)
    name = said(name, field="name")
    host, badge, vehicle = (
        _kept(field, typed)
        for field, typed in (("host", host), ("badge", badge), ("vehicle", vehicle))
    )
    day = business_day.hold(session, hotel)
    if visits is not None:
        _refuse_private(session, visits)
    elif host is None:
        raise Invalid("Say whom they visit: a room, or somebody of the house.", field="room")
    if badge is not None:
        _refuse_given(session, hotel, badge)
    visitor = Visitor(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "visitor"),
        name=name,
        reservation_id=visits.id if visits else None,
        host=host,
        badge=badge,
        vehicle=vehicle,
        staff_id=by.id,
        came_at=clock.now(),
        version=1,
    )
    session.add(visitor)
    session.flush()
    logbook.record(session, "let in", visitor, by=by, day=day, number=visitor.number, badge=badge)
    return visitor


def _kept(field: str, typed: str | None) -> str | None:
    kept = (typed or "").strip()
    if len(kept) > LONGEST:
        raise Invalid(f"At most {LONGEST} letters.", field=field)
    card_numbers.refuse(**{field: kept})
    return kept or None


def _refuse_private(session: Session, party: Reservation) -> None:
    privacy.expect(session, party)
    wish = privacy.wish_of(session, party)
    if wish is not None and wish.no_visitors:
        raise SeesNobody


def _refuse_given(session: Session, hotel: Hotel, badge: str) -> None:
    wearer = session.scalar(
        sa.select(Visitor.name).where(
            Visitor.hotel_id == hotel.id, Visitor.badge == badge, Visitor.left_at.is_(None)
        )
    )
    if wearer is not None:
        raise BadgeGiven(badge, wearer)


def leave(session: Session, visitor: Visitor, *, by: Staff) -> Visitor:
    """See a visitor out; their badge can be given again. Refuses who has left."""
    require(by, Permission.RECEIVE, visitor.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, visitor.hotel_id))
    lock(session, visitor)
    if visitor.left_at is not None:
        raise SeenOut(visitor)
    visitor.left_at, visitor.left_by = clock.now(), by.id
    visitor.version += 1
    session.flush()
    logbook.record(session, "saw out", visitor, by=by, day=day, number=visitor.number)
    return visitor


def still_in(session: Session, hotel: Hotel, *, limit: int = 1_000) -> Sequence[Visitor]:
    """Return the visitors in the house, who came first, first."""
    return session.scalars(
        sa.select(Visitor)
        .options(joinedload(Visitor.reservation).joinedload(Reservation.guest))
        .where(Visitor.hotel_id == hotel.id, Visitor.left_at.is_(None))
        .order_by(Visitor.came_at, Visitor.id)
        .limit(limit)
    ).all()
