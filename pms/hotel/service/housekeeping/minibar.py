"""The minibar: what is in it, what it costs, and what an attendant finds gone, on the bill."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.house import business_day, logbook, references, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.housekeeping.refusals import NobodyThere
from pms.hotel.service.housekeeping.tables import MinibarItem
from pms.hotel.service.requests.entering import said
from pms.hotel.stays import allowances, settlements, stays
from pms.hotel.tariff.charges import ChargeCode

MOST_OF_ONE = 50


class ItemTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is in the minibar already. Change its price.", field="name")


class OffTheList(Refusal):
    """Something was taken off the minibar's list since the page was made."""

    def __init__(self, room: Room, name: str) -> None:
        super().__init__(
            f"{name} is off the minibar's list, so nothing went on the bill of room {room.number}. "
            "Enter the rest again, and tell the desk about it.",
            field="counts",
        )


def add(
    session: Session, hotel: Hotel, *, name: str, price: Money, code: ChargeCode, by: Staff
) -> MinibarItem:
    """Put something on the minibar's list; refuses a name that is on it, and what costs nothing."""
    require(by, Permission.SHARE_ROOMS, hotel.id)
    name = said(name, field="name", longest=60)
    if price.minor <= 0 or price.currency != hotel.currency:
        raise Invalid(f"It costs something, in {hotel.currency}.", field="price")
    day = business_day.hold(session, hotel)
    there = sa.select(MinibarItem.id).where(
        MinibarItem.hotel_id == hotel.id, MinibarItem.name == name
    )
    if session.scalar(there) is not None:
        raise ItemTaken(name)
    last = session.scalar(
        sa.select(sa.func.max(MinibarItem.rank)).where(MinibarItem.hotel_id == hotel.id)
    )
    item = MinibarItem(
        hotel_id=hotel.id,
        id=new_id(),
        charge_code_id=code.id,
        name=name,
        price=price.minor,
        rank=(last or 0) + 1,
    )
    session.add(item)
    session.flush()
    logbook.record(session, "added to the minibar", item, by=by, day=day, name=name, price=price)
    return item


def price(session: Session, item: MinibarItem, *, price: Money | None, by: Staff) -> MinibarItem:
    """Change what something costs, or take it off the list (no price)."""
    require(by, Permission.SHARE_ROOMS, item.hotel_id)
    hotel = session.get_one(Hotel, item.hotel_id)
    if price is not None and (price.minor <= 0 or price.currency != hotel.currency):
        raise Invalid(f"It costs something, in {hotel.currency}.", field="price")
    day = business_day.hold(session, hotel)
    lock(session, item)
    before = {"price": item.price, "active": item.active}
    item.active = price is not None
    item.price = price.minor if price is not None else item.price
    session.flush()
    logbook.record(
        session, "priced", item, by=by, day=day, before=before,
        price=item.price, active=item.active,
    )  # fmt: skip
    return item


def post(
    session: Session,
    room: Room,
    counts: Mapping[MinibarItem, int],
    *,
    key: str | None = None,
    by: Staff,
) -> list[ledger.Entry]:
    """Charge what is gone from a room's minibar to who is in it, each thing on a line of its own.

    The same key with the same things charges once. Refuses nothing gone, too much of one, what is
    off the list, and a room the desk has vacant.
    """
    require(by, Permission.POST_MINIBAR, room.hotel_id)
    gone = {item: count for item, count in counts.items() if count}
    if not gone:
        raise Invalid("Say what is gone.", field="counts")
    if any(not 0 < count <= MOST_OF_ONE for count in gone.values()):
        raise Invalid(f"1 to {MOST_OF_ONE} of a thing.", field="counts")
    hotel = session.get_one(Hotel, room.hotel_id)
    day = business_day.hold(session, hotel)
    for item in gone:
        if not item.active:
            raise OffTheList(room, item.name)
    stay = stays.in_room(session, room)
    if stay is None:
        raise NobodyThere(room)
    house = staff.the_house(session, hotel)  # a bill is opened by the house; the attendant posts
    folio = settlements.folio_of(session, stay.reservation, by=house)
    entries = []
    for item, count in sorted(gone.items(), key=lambda each: each[0].id):
        code = session.get_one(ChargeCode, (hotel.id, item.charge_code_id))
        entry = folios.charge(
            session,
            folio,
            code=code,
            amount=Money(item.price, hotel.currency),
            quantity=count,
            reference=references.MINIBAR.format(room=room.number, name=item.name),
            key=f"minibar/{key}/{item.id}" if key else None,
            under=Permission.POST_MINIBAR,
            by=by,
        )
        allowances.absorb(session, folio, entry)
        entries.append(entry)
    logbook.record(
        session, "posted minibar", room, by=by, day=day,
        things=[f"{count} {item.name}" for item, count in gone.items()], folio=folio.number,
    )  # fmt: skip
    return entries


def items(session: Session, hotel: Hotel, *, all_of_them: bool = False) -> Sequence[MinibarItem]:
    """Return what is in the minibar, in the order of its list."""
    wanted = sa.select(MinibarItem).where(MinibarItem.hotel_id == hotel.id)
    if not all_of_them:
        wanted = wanted.where(MinibarItem.active)
    return session.scalars(wanted.order_by(MinibarItem.rank, MinibarItem.id).limit(100)).all()
