"""Blocks: rooms out of order (they leave what can be sold) and out of service (they don't)."""

import enum
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base import clock, dates
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import Claimant, Force
from pms.hotel.rooms.rooms import Condition, Room


class Block(enum.StrEnum):
    """Out of order can't be lived in; out of service is a flaw a guest may be told of."""

    OUT_OF_ORDER = "out_of_order"
    OUT_OF_SERVICE = "out_of_service"


class BlockEnded(Refusal):
    def __init__(self) -> None:
        super().__init__("That block has ended already.")


class RoomBlock(OfHotel, Base):
    """A room kept from guests from `first` until (not with) `until`, why, and how it comes back."""

    __tablename__ = "room_blocks"
    __table_args__ = (
        within_hotel("room_id", "rooms"),
        sa.CheckConstraint("until > first", name="has_a_night"),
        sa.Index(None, "hotel_id", "room_id"),
        sa.Index(None, "hotel_id", "until"),
    )

    room_id: Mapped[int]
    kind: Mapped[Block] = mapped_column(choice(Block))
    first: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str]
    return_condition: Mapped[Condition] = mapped_column(choice(Condition))
    ended: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    room: Mapped[Room] = relationship(viewonly=True)


def block(
    session: Session,
    room: Room,
    kind: Block,
    *,
    first: date,
    until: date,
    reason: str,
    return_condition: Condition = Condition.DIRTY,
    force: str | None = None,
    by: Staff,
) -> RoomBlock:
    """Take a room out of order or out of service for the nights [first, until).

    Out of order claims the room and leaves what can be sold: refused where a party has the room
    (move it first), and where its type is sold out, unless `force` says that it is a fact (a
    burst pipe); the walk list then shows who must be walked.
    """
    hotel = session.get_one(Hotel, room.hotel_id)
    require(by, Permission.BLOCK_ROOMS, hotel.id)
    day = business_day.hold(session, hotel)
    if first < day or until <= first:
        raise Invalid("A block is for nights from today on, at least one.", field="until")
    if not reason.strip():
        raise Invalid("Say why the room is kept from guests.", field="reason")
    lock(session, room)
    kept = RoomBlock(
        hotel_id=hotel.id,
        id=new_id(),
        room_id=room.id,
        kind=kind,
        first=first,
        until=until,
        reason=reason,
        return_condition=return_condition,
        staff_id=by.id,
    )
    if kind is Block.OUT_OF_ORDER:
        _take_off_sale(session, hotel, room, kept, Force(force, by) if force is not None else None)
    session.add(kept)
    session.flush()
    logbook.record(
        session,
        f"put {kind.value.replace('_', ' ')}",
        room,
        by=by,
        day=day,
        why=force or reason,
        first=first,
        until=until,
    )
    return kept


def _take_off_sale(
    session: Session, hotel: Hotel, room: Room, kept: RoomBlock, force: Force | None
) -> None:
    nights = dates.nights(kept.first, kept.until)
    inventory.change(
        session,
        hotel,
        inventory.per_night(nights, room.type_id, +1),
        column="out_of_order",
        subject_id=kept.id,
        force=force,
    )
    inventory.claim(session, room, nights, claim_id=kept.id, claimant=Claimant.BLOCK)


def return_to_sale(session: Session, kept: RoomBlock, *, by: Staff) -> None:
    """End a block today: its nights from today on can be sold, the room is as was agreed."""
    hotel = session.get_one(Hotel, kept.hotel_id)
    require(by, Permission.BLOCK_ROOMS, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, kept)
    if kept.ended:
        raise BlockEnded
    room = lock(session, kept.room)
    nights = dates.nights(max(kept.first, day), kept.until)
    if kept.kind is Block.OUT_OF_ORDER and nights:
        inventory.change(
            session,
            hotel,
            inventory.per_night(nights, room.type_id, -1),
            column="out_of_order",
            subject_id=kept.id,
        )
        inventory.let_go(session, hotel, kept.id, nights=nights)
    kept.ended = True
    kept.until = min(kept.until, max(day, kept.first + dates.ONE_DAY))
    kept.version += 1
    if kept.first <= day:
        room.condition, room.condition_at = kept.return_condition, clock.now()
    session.flush()
    logbook.record(
        session, "returned to sale", room, by=by, day=day, condition=room.condition.value
    )


def end_due(session: Session, hotel: Hotel, *, by: Staff) -> int:
    """End the blocks whose last night is over; returns how many rooms came back."""
    day = business_day.today(session, hotel)
    due = session.scalars(
        sa.select(RoomBlock).where(
            RoomBlock.hotel_id == hotel.id, RoomBlock.until <= day, sa.not_(RoomBlock.ended)
        )
    ).all()
    for kept in due:
        return_to_sale(session, kept, by=by)
    return len(due)


def out_of_order(session: Session, room: Room, day: date) -> bool:
    """Tell whether a room is out of order on a day."""
    return bool(out_of_order_among(session, room.hotel_id, [room.id], day))


def out_of_order_among(
    session: Session, hotel_id: int, room_ids: Collection[int], day: date
) -> set[int]:
    """Return those of the rooms that are out of order on a day: one question."""
    return set(
        session.scalars(
            sa.select(RoomBlock.room_id).where(
                RoomBlock.hotel_id == hotel_id,
                RoomBlock.room_id.in_(room_ids),
                RoomBlock.kind == Block.OUT_OF_ORDER,
                RoomBlock.first <= day,
                RoomBlock.until > day,
                sa.not_(RoomBlock.ended),
            )
        )
    )


def out_of_service(session: Session, room: Room, day: date) -> RoomBlock | None:
    """Return what keeps a room out of service on a day: it is sold, but better not given."""
    return session.scalar(
        sa.select(RoomBlock)
        .where(
            RoomBlock.hotel_id == room.hotel_id,
            RoomBlock.room_id == room.id,
            RoomBlock.kind == Block.OUT_OF_SERVICE,
            RoomBlock.first <= day,
            RoomBlock.until > day,
            sa.not_(RoomBlock.ended),
        )
        .limit(1)
    )


def standing(session: Session, hotel: Hotel, day: date) -> list[RoomBlock]:
    """Return the blocks that keep a room from guests on a day."""
    return list(
        session.scalars(
            sa.select(RoomBlock).where(
                RoomBlock.hotel_id == hotel.id,
                RoomBlock.first <= day,
                RoomBlock.until > day,
                sa.not_(RoomBlock.ended),
            )
        )
    )
