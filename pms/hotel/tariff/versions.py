"""Versions: which tariff a hotel sells by now, so that a sheet read once is known to be current."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, new_id, upsert


class TariffVersion(Base):
    """The version of a hotel's plans and what makes their prices; never the same number twice."""

    __tablename__ = "tariff_versions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]


def renew(session: Session, hotel_id: int) -> None:
    """Say that the tariff changed: a new number, so that one rolled back is never met again."""
    session.flush()
    upsert(
        session,
        TariffVersion,
        [{"hotel_id": hotel_id, "version": new_id()}],
        key=("hotel_id",),
    )
