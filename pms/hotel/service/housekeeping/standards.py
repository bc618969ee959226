"""Standards: minutes and credits by type of room and work, and how the hotel keeps house."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import insert_new, lock, upsert
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.service.housekeeping.tables import CleaningStandard, KeepingRules, Work

LONGEST_WORK = 480
MOST_CREDITS = 99
LONGEST_LINEN = 30
SHIFT = (30, 720)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a room takes, and what it counts."""

    minutes: int
    credits: int


# What a room takes where the hotel said nothing else.
USUAL: dict[Work, Effort] = {
    Work.DEPARTURE: Effort(35, 3),
    Work.LINEN: Effort(25, 2),
    Work.STAY: Effort(18, 1),
    Work.TOUCH_UP: Effort(10, 1),
}
Standards = Mapping[tuple[int, Work], Effort]


def read(session: Session, hotel: Hotel) -> dict[tuple[int, Work], Effort]:
    """Return the minutes and credits that the hotel has set, by type and work."""
    return {
        (row.type_id, row.work): Effort(row.minutes, row.credits)
        for row in session.scalars(
            sa.select(CleaningStandard).where(CleaningStandard.hotel_id == hotel.id)
        )
    }


def effort(standards: Standards, type_id: int, work: Work) -> Effort:
    """Return what a kind of work takes in a type of room."""
    return standards.get((type_id, work), USUAL[work])


def set_effort(
    session: Session, room_type: RoomType, work: Work, *, minutes: int, credits: int, by: Staff
) -> None:
    """Say how long a kind of work takes in a type of room; sheets made before keep theirs."""
    require(by, Permission.SHARE_ROOMS, room_type.hotel_id)
    if not 1 <= minutes <= LONGEST_WORK:
        raise Invalid(f"A room takes 1 to {LONGEST_WORK} minutes.", field="minutes")
    if not 0 <= credits <= MOST_CREDITS:
        raise Invalid(f"A room counts 0 to {MOST_CREDITS} credits.", field="credits")
    hotel = session.get_one(Hotel, room_type.hotel_id)
    day = business_day.hold(session, hotel)
    before = effort(read(session, hotel), room_type.id, work)
    upsert(
        session,
        CleaningStandard,
        [
            {
                "hotel_id": hotel.id,
                "type_id": room_type.id,
                "work": work,
                "minutes": minutes,
                "credits": credits,
            }
        ],
        key=("hotel_id", "type_id", "work"),
    )
    session.expire_all()
    logbook.record(
        session,
        "set standard",
        room_type,
        by=by,
        day=day,
        before={"minutes": before.minutes, "credits": before.credits},
        work=work.value,
        minutes=minutes,
        credits=credits,
    )


def rules(session: Session, hotel: Hotel) -> KeepingRules:
    """Return how the hotel keeps house; the usual ways where it never said."""
    found = session.get(KeepingRules, hotel.id)
    return found or KeepingRules(
        hotel_id=hotel.id, inspect_own=False, linen_every=3, shift_minutes=420
    )


def hold_rules(session: Session, hotel: Hotel) -> KeepingRules:
    """Return the hotel's ways, locked: who shares out rooms does it one at a time."""
    usual = {"hotel_id": hotel.id, "inspect_own": False, "linen_every": 3, "shift_minutes": 420}
    insert_new(session, KeepingRules, [usual])
    return lock(session, session.get_one(KeepingRules, hotel.id))


def set_rules(
    session: Session,
    hotel: Hotel,
    *,
    inspect_own: bool,
    linen_every: int,
    shift_minutes: int,
    by: Staff,
) -> KeepingRules:
    """Say how the hotel keeps house from now on."""
    require(by, Permission.SHARE_ROOMS, hotel.id)
    if not 0 <= linen_every <= LONGEST_LINEN:
        raise Invalid(f"Every 1 to {LONGEST_LINEN} nights; 0 is never.", field="linen_every")
    if not SHIFT[0] <= shift_minutes <= SHIFT[1]:
        raise Invalid(f"A shift is {SHIFT[0]} to {SHIFT[1]} minutes.", field="shift_minutes")
    day = business_day.hold(session, hotel)
    kept = hold_rules(session, hotel)
    before = {"inspect_own": kept.inspect_own, "linen_every": kept.linen_every}
    kept.inspect_own, kept.linen_every = inspect_own, linen_every
    kept.shift_minutes = shift_minutes
    session.flush()
    logbook.write(
        session,
        [
            logbook.line(
                "set keeping rules", KeepingRules.__tablename__, hotel.id, hotel.id,
                by=by, day=day, before=before,
                after={"inspect_own": inspect_own, "linen_every": linen_every},
            )
        ],
    )  # fmt: skip
    return kept
