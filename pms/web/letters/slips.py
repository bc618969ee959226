"""Slips: a message on paper, put under the door or handed over, in the guest's language."""

from sqlalchemy.orm import Session

from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.reception import GuestMessage
from pms.hotel.stays import stays
from pms.web.letters.outings import guide_of
from pms.web.letters.writing import stationery


def message(session: Session, hotel: Hotel, found: GuestMessage) -> str:
    """Return a message as a page for the printer; its words stay as they were said."""
    stay = stays.of(session, found.reservation)
    return (
        stationery()
        .get_template("documents/message.html")
        .render(
            t=guide_of(session, hotel, found.reservation),
            hotel=hotel,
            head=letterheads.of(session, hotel),
            message=found,
            room=stay.room.number if stay is not None else None,
        )
    )
