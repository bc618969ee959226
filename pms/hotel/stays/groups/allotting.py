"""A group's allotment: agreed by night and type, following the group's terms, cut off in time."""

from collections.abc import Iterator, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import Agreed
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays.groups.tables import Group, GroupPrice, GroupTerms, Status
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight

Key = tuple[date, int]
MOST = 500


class NothingAgreed(Refusal):
    """The group has no terms, or is lost."""

    def __init__(self, group: Group) -> None:
        super().__init__(f"{group.name} is lost, or has no dates yet. Agree with it again first.")


class OutsideTheGroup(Invalid):
    """The night isn't one of the group's."""

    def __init__(self, night: date) -> None:
        super().__init__(
            f"{night:%a %d %b %Y} isn't among the group's nights to come.", field="agreed"
        )


def allot(session: Session, group: Group, rooms: Mapping[Key, int], *, by: Staff) -> int:
    """Agree on so many rooms for each night and type given; return how many nights changed.

    What is kept leaves sale at once when the group deducts. Refuses nights that aren't the
    group's, fewer rooms than are picked up, and more than are free.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    terms = group.terms
    if terms is None or terms.status is Status.LOST:
        raise NothingAgreed(group)
    there = {row.key: row.agreed for row in inventory.allotted(session, hotel, group.id)}
    wanted = {key: count for key, count in rooms.items() if count != there.get(key, 0)}
    for (night, _), count in wanted.items():
        if not max(terms.arrival, day) <= night < terms.departure:
            raise OutsideTheGroup(night)
        if not 0 <= count <= MOST:
            raise Invalid(f"Agree on 0 to {MOST} rooms.", field="agreed")
    _put(session, hotel, group, terms, wanted, day=day)
    if wanted:
        group.version += 1
        logbook.record(
            session, "agreed allotment", group, by=by, day=day,
            first=min(wanted)[0], last=max(wanted)[0],
            before={"rooms": sum(there.get(key, 0) for key in wanted)},
            rooms=sum(wanted.values()),
        )  # fmt: skip
    return len(wanted)


def follow(
    session: Session,
    hotel: Hotel,
    group: Group,
    terms: GroupTerms,
    *,
    day: date,
    anew: bool = False,
) -> None:
    """Let the allotment's nights to come follow the terms: kept or not, elastic, until when.

    What the cut-off gave back stays given back, unless the group is made sure `anew`.
    """
    rows = [row for row in inventory.allotted(session, hotel, group.id) if row.night >= day]
    released = set() if anew else {row.key for row in rows if terms.deducts and not row.keeps}
    wanted = {row.key: row.agreed for row in rows}
    _put(session, hotel, group, terms, wanted, day=day, released=released)


def _put(
    session: Session,
    hotel: Hotel,
    group: Group,
    terms: GroupTerms,
    rooms: Mapping[Key, int],
    *,
    day: date,
    released: set[Key] | None = None,
) -> None:
    """Keep the rooms in inventory; a night whose cut-off has passed is agreed and not kept."""
    if not rooms:
        return
    inventory.lock_nights(session, hotel, rooms)
    agreed = {
        key: Agreed(
            rooms=count,
            release_on=terms.releases(key[0]),
            keeps=terms.deducts
            and terms.releases(key[0]) >= day
            and key not in (released or set()),
            elastic=terms.elastic,
        )
        for key, count in rooms.items()
    }
    picked = picked_up(session, hotel, group)
    inventory.allot(session, hotel, group.id, agreed, picked=picked)


def picked_up(session: Session, hotel: Hotel, group: Group) -> dict[Key, int]:
    """Count the group's promised nights by the type they count in."""
    night = ReservationNight
    rows = session.execute(
        sa.select(night.night, night.counted_type_id, sa.func.count())
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == night.hotel_id, Reservation.id == night.reservation_id),
        )
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.group_id == group.id,
            night.counted_type_id.is_not(None),
        )
        .group_by(night.night, night.counted_type_id)
    )
    return {(row[0], int(row[1] or 0)): row[2] for row in rows}


def cut_off(session: Session, group: Group, *, by: Staff) -> int:
    """Give back now what the group hasn't picked up; return how many room nights that were."""
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    return _release(session, hotel, group, day=day, until=None, by=by)


def cut_off_due(session: Session, hotel: Hotel, *, by: Staff) -> Iterator[int]:
    """Give back, group by group, what is due by today's audit; yields rooms and nights of each.

    Said again it finds nothing: what was given back is no longer kept.
    """
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    for group_id in inventory.holders_due(session, hotel, day):
        group = session.get_one(Group, {"hotel_id": hotel.id, "id": group_id})
        lock(session, group)  # its terms may be written anew at this moment: then those count
        yield _release(session, hotel, group, day=day, until=day, by=by)


def _release(
    session: Session, hotel: Hotel, group: Group, *, day: date, until: date | None, by: Staff
) -> int:
    given = inventory.release_allotment(session, hotel, group.id, until=until)
    rooms = sum(given.values())
    if rooms:
        logbook.record(
            session, "cut off", group, by=by, day=day, rooms=rooms,
            first=min(given)[0], last=max(given)[0],
        )  # fmt: skip
    return rooms


def set_price(
    session: Session, group: Group, room_type: RoomType, price: Money | None, *, by: Staff
) -> None:
    """Agree on what a night of a type costs the group; with nothing, its plan's price counts.

    Booked nights keep their price.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.SET_RATE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    key = {"hotel_id": hotel.id, "group_id": group.id, "type_id": room_type.id}
    found = session.get(GroupPrice, key)
    if price is not None and price.minor < 0:
        raise Invalid("A price isn't below zero.", field="price")
    was = found.price if found else None
    if was == (price.minor if price is not None else None):
        return
    if found is not None and price is None:
        session.delete(found)
    elif found is not None and price is not None:
        found.price = price.minor
    elif price is not None:
        session.add(GroupPrice(**key, price=price.minor))
    session.flush()
    before = None if was is None else Money(was, hotel.currency)
    logbook.record(
        session, "agreed price", group, by=by, day=day,
        before={"price": before}, price=price, room_type=room_type.code,
    )  # fmt: skip
