"""Facts: what is so whatever the books say, recorded as forced, with who and why."""

from datetime import date

from sqlalchemy.orm import Session

from pms.base import dates
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import blocks
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.inventory import Force
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays.reservations import State
from pms.hotel.stays.reservations import nights as of_nights


def put_out_of_order(
    session: Session,
    room: Room,
    *,
    first: date,
    until: date,
    reason: str,
    return_condition: Condition = Condition.DIRTY,
    force: str,
    by: Staff,
) -> RoomBlock:
    """Record that nobody can live in a room for the nights [first, until), whoever has it.

    Parties it was promised to, and one that is still in it, are left without a room for those
    nights, each with a line in the logbook; what is then promised over what there is shows on the
    walk list. Refuses a second block on the same nights, and who may not go over what can be sold.
    """
    hotel = session.get_one(Hotel, room.hotel_id)
    require(by, Permission.BLOCK_ROOMS, hotel.id)
    require(by, Permission.OVERBOOK, hotel.id)
    day = business_day.hold(session, hotel)
    fact = Force(force, by)
    losing = of_nights.evict(
        session,
        hotel,
        room.id,
        dates.nights(first, until),
        states=[State.BOOKED, State.IN_HOUSE],
        day=day,
        force=fact,
    )
    of_nights.apply(session, hotel, losing, subject_id=room.id, day=day, force=fact)
    numbers = [party.number for party, _, _ in losing]
    logbook.record(session, "taken by a fact", room, by=by, day=day, why=force, from_=numbers)
    return blocks.block(
        session,
        room,
        Block.OUT_OF_ORDER,
        first=first,
        until=until,
        reason=reason,
        return_condition=return_condition,
        force=force,
        by=by,
    )
