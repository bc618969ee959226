"""What a group pays for a night of each type, where that was agreed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.stays.groups.tables import GroupPrice, GroupTerms


def agreed_nights(
    session: Session, hotel_id: int, group_id: int, type_id: int, nights: Iterable[date]
) -> dict[date, int]:
    """Return minor units of those nights that are the group's; the plan's price counts on others.

    A group without dates has agreed on its price for any night.
    """
    terms = GroupTerms
    asked: Any = (
        sa.select(GroupPrice.price, terms.arrival, terms.departure)
        .outerjoin(
            terms,
            sa.and_(terms.hotel_id == GroupPrice.hotel_id, terms.group_id == GroupPrice.group_id),
        )
        .where(
            GroupPrice.hotel_id == hotel_id,
            GroupPrice.group_id == group_id,
            GroupPrice.type_id == type_id,
        )
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        return {}
    price, first, until = found
    return {night: price for night in nights if first is None or first <= night < until}


def agreed_prices(session: Session, hotel_id: int, group_id: int) -> dict[int, int]:
    """Return minor units a night by type, where they were agreed."""
    rows = session.execute(
        sa.select(GroupPrice.type_id, GroupPrice.price).where(
            GroupPrice.hotel_id == hotel_id, GroupPrice.group_id == group_id
        )
    )
    return {row[0]: row[1] for row in rows}
