"""Finding: what a guest left in a room becomes a ticket of lost property."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import tickets
from pms.hotel.service.tickets import Ticket, TicketKind
from pms.hotel.stays import stays
from pms.hotel.stays.presence import Presence, Stay

KEPT_IN = "Housekeeping"
ASK_AFTER = timedelta(days=30)


def found(session: Session, room: Room, *, words: str, by: Staff) -> Ticket:
    """Make a ticket of something found in a room, for who is in it or was in it last."""
    hotel = session.get_one(Hotel, room.hotel_id)
    return tickets.keep(
        session,
        hotel,
        kind=TicketKind.LOST_PROPERTY,
        words=words,
        kept_in=KEPT_IN,
        found_in=f"Room {room.number}",
        room=room,
        guest=_whose(session, room),
        remind_on=business_day.today(session, hotel) + ASK_AFTER,
        by=by,
    )


def _whose(session: Session, room: Room) -> Guest | None:
    """Return whose it may be: who is in the room, else who left it last."""
    stay = stays.in_room(session, room) or session.scalar(
        sa.select(Stay)
        .where(
            Stay.hotel_id == room.hotel_id,
            Stay.room_id == room.id,
            Stay.state == Presence.DEPARTED,
        )
        .order_by(Stay.departed_at.desc())
        .limit(1)
    )
    return stay.reservation.guest if stay is not None else None
