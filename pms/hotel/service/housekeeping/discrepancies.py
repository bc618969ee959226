"""Discrepancies: what an attendant saw in a room against what the desk has, until it is resolved.

Sleep: somebody is in a room the desk has vacant. Skip: nobody is in one it has occupied. Person:
there are more or fewer than the desk has.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import is_postgresql, lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.housekeeping.looking import desk_persons
from pms.hotel.service.housekeeping.refusals import NotSoYet, ResolvedAlready
from pms.hotel.service.housekeeping.tables import Difference, Discrepancy, Resolution
from pms.hotel.service.requests.entering import said

MOST_PERSONS = 20


def look(
    session: Session, room: Room, *, persons: int, by: Staff, at: datetime | None = None
) -> Discrepancy | None:
    """Say how many persons are in a room as one saw it; return how the desk differs, if it does.

    What agrees resolves a difference that was open. What differs from the desk in another way than
    before replaces it.
    """
    require(by, Permission.TURN_ROOMS, room.hotel_id)
    if not 0 <= persons <= MOST_PERSONS:
        raise Invalid(f"0 to {MOST_PERSONS} persons.", field="persons")
    hotel = session.get_one(Hotel, room.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, room)
    desk = desk_persons(session, room)
    standing = _standing(session, room)
    if standing is not None:
        if (standing.seen_persons, standing.desk_persons) == (persons, desk):
            return standing
        _resolve(session, standing, Resolution.LOOKED_AGAIN, None, by=by)
    if persons == desk:
        logbook.record(session, "looked into", room, by=by, day=day, persons=persons)
        return None
    made = Discrepancy(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        day=day,
        room_id=room.id,
        kind=_kind(persons, desk),
        seen_persons=persons,
        desk_persons=desk,
        staff_id=by.id,
        seen_at=at or clock.now(),
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "found a difference", made, by=by, day=day, room=room.number,
        kind=made.kind.value, seen=persons, desk=desk,
    )  # fmt: skip
    return made


def resolve(
    session: Session,
    found: Discrepancy,
    *,
    resolution: Resolution,
    words: str | None = None,
    by: Staff,
) -> Discrepancy:
    """Say what a difference turned out to be; who checks in or shares out rooms may.

    Refuses what isn't so: a party that isn't checked in or out, a count that differs still.
    """
    if not by.may(Permission.CHECK_IN, found.hotel_id):
        require(by, Permission.SHARE_ROOMS, found.hotel_id)
    business_day.hold(session, session.get_one(Hotel, found.hotel_id))
    kept = said(words, field="words") if words and words.strip() else None
    if resolution is Resolution.EXPLAINED and kept is None:
        raise Invalid("Say what it is, in a few words.", field="words")
    lock(session, found)
    if found.resolution is not None:
        raise ResolvedAlready(found.room)
    if resolution not in ways(found):
        raise Invalid("That is no way out of this difference.", field="resolution")
    _refuse_untrue(session, found, resolution)
    return _resolve(session, found, resolution, kept, by=by)


def ways(found: Discrepancy) -> list[Resolution]:
    """Return what a difference can turn out to be."""
    first = {
        Difference.SLEEP: Resolution.CHECKED_IN,
        Difference.SKIP: Resolution.CHECKED_OUT,
        Difference.PERSON: Resolution.COUNT_CHANGED,
    }[found.kind]
    return [first, Resolution.LOOKED_AGAIN, Resolution.EXPLAINED]


def _standing(session: Session, room: Room) -> Discrepancy | None:
    """Return the difference that is open in a room, locked and read afresh."""
    wanted = sa.select(Discrepancy).where(
        Discrepancy.hotel_id == room.hotel_id,
        Discrepancy.room_id == room.id,
        Discrepancy.resolution.is_(None),
    )
    if is_postgresql(session):
        wanted = wanted.with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


def listed(session: Session, hotel: Hotel, *, resolved: bool = False) -> Sequence[Discrepancy]:
    """Return what is open, the oldest first; or what was resolved, the newest first."""
    wanted = (
        sa.select(Discrepancy)
        .options(
            sa.orm.joinedload(Discrepancy.room).lazyload("*"),
            sa.orm.joinedload(Discrepancy.seen_by).lazyload("*"),
        )
        .where(Discrepancy.hotel_id == hotel.id)
        .limit(100)
    )
    if resolved:
        wanted = wanted.where(Discrepancy.resolution.is_not(None)).order_by(Discrepancy.id.desc())
    else:
        wanted = wanted.where(Discrepancy.resolution.is_(None)).order_by(Discrepancy.id)
    return session.scalars(wanted).all()


def slept_in(session: Session, hotel: Hotel) -> set[int]:
    """Return the rooms in which somebody was seen that the desk has vacant: nobody else's yet."""
    return set(
        session.scalars(
            sa.select(Discrepancy.room_id).where(
                Discrepancy.hotel_id == hotel.id,
                Discrepancy.kind == Difference.SLEEP,
                Discrepancy.resolution.is_(None),
            )
        )
    )


def _kind(persons: int, desk: int) -> Difference:
    if desk == 0:
        return Difference.SLEEP
    return Difference.SKIP if persons == 0 else Difference.PERSON


def _refuse_untrue(session: Session, found: Discrepancy, resolution: Resolution) -> None:
    desk, door = desk_persons(session, found.room), found.room.number
    if resolution is Resolution.CHECKED_IN and desk == 0:
        raise NotSoYet(f"Nobody is checked in to room {door}. Check the party in first.")
    if resolution is Resolution.CHECKED_OUT and desk > 0:
        raise NotSoYet(f"The party of room {door} is in house still. Check it out first.")
    if resolution is Resolution.COUNT_CHANGED and desk != found.seen_persons:
        raise NotSoYet(
            f"The desk has {desk} in room {door}, and {found.seen_persons} were seen. "
            "Change the stay first."
        )


def _resolve(
    session: Session, found: Discrepancy, resolution: Resolution, words: str | None, *, by: Staff
) -> Discrepancy:
    day = business_day.today(session, session.get_one(Hotel, found.hotel_id))
    found.resolution, found.words = resolution, words
    found.resolved_by, found.resolved_at = by.id, clock.now()
    found.version += 1
    session.flush()
    logbook.record(
        session, "resolved", found, by=by, day=day, why=words, resolution=resolution.value
    )
    return found
