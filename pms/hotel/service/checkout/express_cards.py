"""Express check-out by card: who leaves without the desk pays by the card they agreed to keep.

The house allows it, or doesn't. The card is charged first; the party leaves once it is paid.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout.modes import CheckoutSetting, needed
from pms.hotel.service.checkout.tables import KeptCard
from pms.hotel.stays.express import Morning

WHY = "Express check-out"


def is_allowed(session: Session, hotel: Hotel) -> bool:
    """Tell whether the house charges kept cards of parties that leave by the express way."""
    found = session.scalar(
        sa.select(CheckoutSetting.charges_express).where(CheckoutSetting.hotel_id == hotel.id)
    )
    return bool(found)


def allow(session: Session, hotel: Hotel, *, allowed: bool, by: Staff) -> None:
    """Say whether the house does; refuses a hotel that takes no money online."""
    require(by, Permission.SET_UP, hotel.id)
    needed(session, hotel)
    day = business_day.hold(session, hotel)
    setting = lock(session, session.get_one(CheckoutSetting, hotel.id))
    if setting.charges_express is allowed:
        return
    setting.charges_express = allowed
    session.flush()
    line = logbook.line(
        "set express check-out by card", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"allowed": not allowed}, after={"allowed": allowed},
    )  # fmt: skip
    logbook.write(session, [line])


def cards(session: Session, hotel: Hotel, waiting: Sequence[Morning]) -> dict[int, KeptCard]:
    """Return by reservation the card that would pay: two questions, however many wait.

    None where the house doesn't allow it, where the guest keeps no card, and where something else
    than the first window is open.
    """
    owing = [each.asked.reservation_id for each in waiting if _owes_first_window(each)]
    if not owing or not is_allowed(session, hotel):
        return {}
    rows = session.scalars(
        sa.select(KeptCard)
        .where(
            KeptCard.hotel_id == hotel.id,
            KeptCard.reservation_id.in_(owing),
            KeptCard.ended_at.is_(None),
        )
        .order_by(KeptCard.id)
    )
    return {card.reservation_id: card for card in rows}


def _owes_first_window(party: Morning) -> bool:
    owed = party.open.get(1)
    return party.way is None and set(party.open) == {1} and owed is not None and owed.minor > 0
