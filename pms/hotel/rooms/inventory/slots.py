"""Claims: who holds a room for a night or a day slot; two at once are refused by the key."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, choice, within_hotel


class Slot(enum.StrEnum):
    """A room is held for a night, or for a day's use."""

    NIGHT = "night"
    DAY = "day"


class Claimant(enum.StrEnum):
    """Who holds it: a party (several sharers hang on one claim), or a block."""

    PARTY = "party"
    BLOCK = "block"


class RoomClaim(Base):
    """One room, one night or day, one claimant: the key itself forbids a second."""

    __tablename__ = "room_claims"
    __table_args__ = (
        within_hotel("room_id", "rooms"),
        sa.Index(None, "hotel_id", "claim_id"),
        sa.Index(None, "hotel_id", "night", "slot", "room_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    room_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[Slot] = mapped_column(choice(Slot), primary_key=True)
    claim_id: Mapped[int]
    claimant: Mapped[Claimant] = mapped_column(choice(Claimant))
