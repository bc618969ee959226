"""Sent: what a page of the desk asks of the gateway is asked once, however often it is sent.

A second press, or the way back to an older page, would charge a guest's card again: the sum is
still owed, the second sum is another charge.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import SentWithOtherWords
from pms.hotel.service.checkout.tables import Deed, Intent


def before(
    session: Session, hotel: Hotel, key: str | None, *, deed: Deed, amount: Money, **about: int
) -> Intent | None:
    """Return what a page intended when it was sent before, by its key; None where it wasn't.

    Refuses a page that said something else then. What it is about is locked by now, so that two
    at once are one after the other.
    """
    if key is None:
        return None
    found = session.scalar(sa.select(Intent).where(Intent.hotel_id == hotel.id, Intent.key == key))
    if found is None:
        return None
    said = {"deed": deed, "amount": amount.minor, **about}
    if any(getattr(found, name) != value for name, value in said.items()):
        raise SentWithOtherWords
    return found
