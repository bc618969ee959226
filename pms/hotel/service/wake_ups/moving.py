"""Moving: the wake-ups of parties that come on other days, each at its hour."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.wake_ups.ordering import due_at, waiting_calls
from pms.hotel.service.wake_ups.tables import WakeUp, WakeUpCall


def move(
    session: Session, hotel: Hotel, reservation_ids: Collection[int], step: timedelta, *, by: Staff
) -> tuple[int, list[WakeUp]]:
    """Let the wake-ups of parties go along with their days; how many did, and which stay.

    One stays whose call would be past, or falls on a morning that was seen to.
    """
    require(by, Permission.RESERVE, hotel.id)
    day, moved, stay = business_day.hold(session, hotel), 0, []
    asked = sa.select(WakeUp.id).where(
        WakeUp.hotel_id == hotel.id,
        WakeUp.reservation_id.in_(reservation_ids),
        WakeUp.ended_at.is_(None),
    )
    waiting = {call.wake_up_id: call for call in waiting_calls(session, hotel.id, asked)}
    rows = sa.select(WakeUp).where(WakeUp.hotel_id == hotel.id, WakeUp.id.in_(waiting))
    parties = joinedload(WakeUp.reservation)
    for wake_up in session.scalars(rows.options(parties).order_by(WakeUp.id)).all():
        call = waiting[wake_up.id]
        if _seen_to(session, call, step) or due_at(hotel, call.day + step, wake_up.at) <= (
            clock.now()
        ):
            stay.append(wake_up)
            continue
        before = wake_up.first_on
        wake_up.first_on += step
        wake_up.version += 1
        call.day += step
        call.due_at = call.next_at = due_at(hotel, call.day, wake_up.at)
        session.flush()
        logbook.record(
            session, "moved", wake_up, by=by, day=day,
            before={"first_on": before}, first_on=wake_up.first_on,
        )  # fmt: skip
        moved += 1
    return moved, stay


def _seen_to(session: Session, call: WakeUpCall, step: timedelta) -> bool:
    """Tell whether a wake-up has another call on the morning this one would fall on."""
    other = sa.select(WakeUpCall.id).where(
        WakeUpCall.hotel_id == call.hotel_id,
        WakeUpCall.wake_up_id == call.wake_up_id,
        WakeUpCall.day == call.day + step,
    )
    return session.scalar(other) is not None
