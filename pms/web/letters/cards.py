"""Cards: the registration card of a party, in the language of who booked, to sign or signed."""

import base64
import binascii
from datetime import date

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import parties, promised
from pms.hotel.stays.reservations import Reservation
from pms.web.letters.writing import stationery, tongue_of

DATA = "data:image/png;base64,"


def drawn(address: str) -> bytes:
    """Return the picture of a data: address, as a canvas gives it; nothing where it is none."""
    try:
        return base64.b64decode(address.removeprefix(DATA), validate=True)
    except binascii.Error:
        return b""


def card(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    room: str | None,
    on: date,
    signature: bytes | None = None,
) -> str:
    """Return a party's registration card as a page: its guests, documents, nights, rate, rules.

    Nights of different prices show their total only. With a signature (PNG) it stands on its
    line, else the line is empty.
    """
    [whole] = promised.promised(session, hotel, [reservation])
    picture = None
    if signature is not None:
        picture = DATA + base64.b64encode(signature).decode()
    rate: Money | None = whole.nights[0].gross if whole.nights else None
    same = all(each.gross == rate for each in whole.nights)
    return (
        stationery()
        .get_template("documents/registration_card.html")
        .render(
            t=tongue_of(session, hotel, reservation),
            hotel=hotel,
            head=letterheads.of(session, hotel),
            reservation=reservation,
            members=parties.members(session, reservation),
            blank=max(parties.heads(reservation) - len(parties.members(session, reservation)), 0),
            nights=len(dates.nights(reservation.arrival, reservation.departure)),
            rate=rate if same else None,
            total=whole.total,
            room=room,
            on=on,
            signature=picture,
        )
    )
