"""What a group pays for a night of each type, where that was agreed."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.stays.groups.tables import GroupPrice


def agreed_price(session: Session, hotel_id: int, group_id: int, type_id: int) -> int | None:
    """Return minor units a night, or nothing where the plan's price counts."""
    return session.scalar(
        sa.select(GroupPrice.price).where(
            GroupPrice.hotel_id == hotel_id,
            GroupPrice.group_id == group_id,
            GroupPrice.type_id == type_id,
        )
    )


def agreed_prices(session: Session, hotel_id: int, group_id: int) -> dict[int, int]:
    """Return minor units a night by type, where they were agreed."""
    rows = session.execute(
        sa.select(GroupPrice.type_id, GroupPrice.price).where(
            GroupPrice.hotel_id == hotel_id, GroupPrice.group_id == group_id
        )
    )
    return {row[0]: row[1] for row in rows}
