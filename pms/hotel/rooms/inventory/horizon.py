"""The horizon: how far ahead nights are open for sale, and how many rooms each night has."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.db import insert_new, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory.counters import HouseNight, TypeNight
from pms.hotel.rooms.rooms import Room, RoomNumberTaken, RoomType, by_number

DAYS_AHEAD = 800


def add_room(
    session: Session,
    hotel: Hotel,
    *,
    number: str,
    room_type: RoomType,
    floor: str = "",
    features: list[str] | None = None,
    by: Staff,
) -> Room:
    """Add a room, to be sold from today on; refuses a number in use."""
    require(by, Permission.SET_UP, hotel.id)
    if not number or len(number) > 16:
        raise Invalid("A room's number has 1 to 16 characters.", field="number")
    if by_number(session, hotel, number) is not None:
        raise RoomNumberTaken(number)
    room = Room(
        hotel_id=hotel.id,
        id=new_id(),
        number=number,
        type_id=room_type.id,
        floor=floor,
        features=features or [],
    )
    session.add(room)
    session.flush()
    open_type(session, hotel, room_type)
    today = business_day.today(session, hotel)
    for table in (HouseNight, TypeNight):
        more = sa.update(table).where(table.hotel_id == hotel.id, table.night >= today)
        if table is TypeNight:
            more = more.where(TypeNight.type_id == room_type.id)
        session.execute(
            more.values(
                rooms=table.rooms + 1,
                forced=sa.case((table.forced > 0, table.forced - 1), else_=0),
            ).execution_options(synchronize_session=False)
        )
    logbook.record(session, "added room", room, by=by, day=today, number=number)
    return room


def open_type(session: Session, hotel: Hotel, room_type: RoomType) -> None:
    """Open a type's nights, without rooms as yet, as far as the house is open."""
    opened = sa.select(TypeNight.night).where(
        TypeNight.hotel_id == hotel.id, TypeNight.type_id == room_type.id
    )
    nights = session.scalars(
        sa.select(HouseNight.night).where(
            HouseNight.hotel_id == hotel.id, HouseNight.night.not_in(opened)
        )
    ).all()
    key = {"hotel_id": hotel.id, "type_id": room_type.id, "rooms": 0}
    insert_new(session, TypeNight, [key | {"night": night} for night in nights])


def extend(session: Session, hotel: Hotel, *, until: date) -> int:
    """Open every night up to and with `until` for sale; returns how many nights were new.

    New nights have every room: a block never reaches beyond the horizon.
    """
    last = session.scalar(
        sa.select(sa.func.max(HouseNight.night)).where(HouseNight.hotel_id == hotel.id)
    )
    first = business_day.today(session, hotel) if last is None else last + dates.ONE_DAY
    nights = list(dates.days(first, until))
    if not nights:
        return 0
    counted = session.execute(
        sa.select(RoomType.id, sa.func.count(Room.id))
        .outerjoin(Room, sa.and_(Room.hotel_id == RoomType.hotel_id, Room.type_id == RoomType.id))
        .where(RoomType.hotel_id == hotel.id)
        .group_by(RoomType.id)
    )
    counts: dict[int, int] = {each[0]: each[1] for each in counted}
    insert_new(
        session,
        HouseNight,
        [{"hotel_id": hotel.id, "night": night, "rooms": sum(counts.values())} for night in nights],
    )
    insert_new(
        session,
        TypeNight,
        [
            {"hotel_id": hotel.id, "night": night, "type_id": type_id, "rooms": rooms}
            for night in nights
            for type_id, rooms in counts.items()
        ],
    )
    return len(nights)


def extend_as_stated(session: Session, hotel: Hotel) -> int:
    """Keep the next 800 days open, counted from the hotel's day."""
    today = business_day.today(session, hotel)
    return extend(session, hotel, until=today + timedelta(days=DAYS_AHEAD))


def last_night(session: Session, hotel: Hotel) -> date | None:
    """Return the last night open for sale."""
    return session.scalar(
        sa.select(sa.func.max(HouseNight.night)).where(HouseNight.hotel_id == hotel.id)
    )


class LimitTooLow(Invalid):
    """More is promised already than the new limit lets sell."""

    def __init__(self, night: date) -> None:
        super().__init__(
            f"More is promised on {night:%a %d %b %Y} than that limit lets sell. "
            "Set it higher, or move parties first.",
            field="allowance",
        )


def set_limit(
    session: Session,
    hotel: Hotel,
    *,
    first: date,
    last: date,
    allowance: int,
    room_type: RoomType | None = None,
    by: Staff,
) -> None:
    """Let a type, or the house, sell so many more (or, below zero, fewer) than its rooms.

    Refuses a limit below what is promised already.
    """
    require(by, Permission.OVERBOOK, hotel.id)
    table = HouseNight if room_type is None else TypeNight
    where = [table.hotel_id == hotel.id, table.night.between(first, last)]
    if room_type is not None:
        where.append(TypeNight.type_id == room_type.id)
    over = table.sold + table.held - (table.rooms - table.out_of_order + allowance)
    short = session.scalar(
        sa.select(sa.func.min(table.night)).where(
            *where,
            table.sold + table.held > table.rooms - table.out_of_order + allowance + table.forced,
        )
    )
    if short is not None:
        raise LimitTooLow(short)
    session.execute(
        sa.update(table)
        .where(*where)
        .values(allowance=allowance, forced=sa.case((over > 0, over), else_=0))
        .execution_options(synchronize_session=False)
    )
    logbook.record(
        session,
        "set the limit",
        room_type or _AsThing(hotel),
        by=by,
        day=business_day.today(session, hotel),
        first=first,
        last=last,
        allowance=allowance,
    )


class _AsThing:
    """The house as the thing a deed is done to."""

    __tablename__ = "hotels"

    def __init__(self, hotel: Hotel) -> None:
        self.hotel_id = self.id = hotel.id
