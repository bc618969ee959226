"""Upgrading: sold in one deed, given by who may, and taken back to what stood before."""

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, clock
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.rooms import Room, RoomType
from pms.hotel.stays import arriving, choosing
from pms.hotel.stays.reservations import Reservation, State, WrongState
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.reservations.refusals import ReasonNeeded
from pms.hotel.stays.upgrades.offers import Offer, more_by_night, offers, to_come
from pms.hotel.stays.upgrades.tables import Upgrade


class NoUpgrade(Refusal):
    def __init__(self, room_type: RoomType) -> None:
        super().__init__(
            f"{room_type.name} isn't free for all nights any more, or isn't better. "
            "Look again at what is.",
            field="type",
        )


class UpgradeChanged(Refusal):
    """Its price moved while somebody was deciding."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"It costs {price.said} by now. Ask the guest again.")


class NotTheLast(Refusal):
    def __init__(self) -> None:
        super().__init__("That upgrade doesn't stand any more, or another came after it.")


def take(
    session: Session,
    reservation: Reservation,
    room_type: RoomType,
    *,
    expected: Money | None = None,
    by: Staff,
) -> Upgrade:
    """Sell a better type: it is booked and charged from now on, and its best room given.

    Refuses what isn't offered any more, another price than the `expected` one, and one that costs
    nothing: that is given, by who may.
    """
    hotel, day = _begin(session, reservation, Permission.RESERVE, by)
    offer = _offered(session, reservation, room_type)
    if expected is not None and expected != offer.total:
        raise UpgradeChanged(offer.total)
    if offer.total.minor <= 0:
        raise Invalid("It costs nothing more: give it, and say why.", field="free_why")
    before = of_nights.read(session, reservation)
    nights = to_come(session, hotel, before)
    more = more_by_night(session, reservation, [room_type], nights)[room_type.id]
    after = [
        _better(night, room_type, more[night.night], reservation.room_type)
        if night in nights
        else night
        for night in before
    ]
    of_nights.rewrite(session, hotel, reservation, before, after, day=day)
    from_type, reservation.type_id = reservation.room_type, room_type.id
    session.flush()
    session.expire(reservation, ["room_type", "nights"])
    _give_best(session, hotel, reservation, room_type, day, by)
    return _keep(
        session, reservation, from_type, room_type, offer.total, None, before, day=day, by=by
    )


def give(
    session: Session, reservation: Reservation, room_type: RoomType, *, reason: str, by: Staff
) -> Upgrade:
    """Give a better room for nothing: what was booked and its price stay. Wants a reason."""
    hotel, day = _begin(session, reservation, Permission.SET_RATE, by)
    if not reason.strip():
        raise ReasonNeeded("a room given for nothing", field="free_why")
    card_numbers.refuse(free_why=reason)
    _offered(session, reservation, room_type)
    before = of_nights.read(session, reservation)
    if _give_best(session, hotel, reservation, room_type, day, by) is None:
        raise NoUpgrade(room_type)
    nothing = Money.zero(hotel.currency)
    return _keep(
        session, reservation, reservation.room_type, room_type, nothing, reason.strip(), before,
        day=day, by=by,
    )  # fmt: skip


def take_back(session: Session, upgrade: Upgrade, *, reason: str, by: Staff) -> None:
    """Undo the last upgrade of a party that isn't here yet: its type, prices and room as before.

    Its room is given back where it is still vacant. Refuses one that was followed by another, and
    nights that have been sold since.
    """
    reservation = session.get_one(Reservation, (upgrade.hotel_id, upgrade.reservation_id))
    hotel, day = _begin(session, reservation, Permission.RESERVE, by)
    if not reason.strip():
        raise ReasonNeeded("an upgrade that is taken back")
    last = of(session, reservation)
    if not last or last[0].id != upgrade.id:
        raise NotTheLast
    nights = of_nights.read(session, reservation)
    first = min((n.night for n in nights if n.live), default=reservation.arrival)
    free = {
        room.id: room
        for room in inventory.vacant(
            session, hotel, type_id=None, first=first, until=reservation.departure
        )
    }
    after = [
        _as_before(night, upgrade.before.get(night.night.isoformat()), free) for night in nights
    ]
    room_ids = {night.room_id for night in after}
    of_nights.rewrite(
        session, hotel, reservation, nights, after, day=day,
        rooms=[free[each] for each in room_ids if each in free],
    )  # fmt: skip
    reservation.type_id = upgrade.from_type_id
    reservation.version += 1
    upgrade.taken_back_on, upgrade.taken_back_why = day, reason.strip()
    session.flush()
    session.expire(reservation, ["room_type", "nights"])
    logbook.record(session, "took back upgrade", reservation, by=by, day=day, why=reason.strip())


def of(session: Session, reservation: Reservation) -> list[Upgrade]:
    """Return the upgrades of a party that stand, the last first."""
    return list(
        session.scalars(
            sa.select(Upgrade)
            .where(
                Upgrade.hotel_id == reservation.hotel_id,
                Upgrade.reservation_id == reservation.id,
                Upgrade.taken_back_on.is_(None),
            )
            .order_by(Upgrade.id.desc())
        )
    )


def _begin(
    session: Session, reservation: Reservation, permission: Permission, by: Staff
) -> tuple[Hotel, date]:
    require(by, permission, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a party still to come is upgraded; move who is here")
    return hotel, day


def _offered(session: Session, reservation: Reservation, room_type: RoomType) -> Offer:
    for offer in offers(session, reservation):
        if offer.room_type.id == room_type.id:
            return offer
    raise NoUpgrade(room_type)


def _better(night: Night, room_type: RoomType, more: int, was: RoomType) -> Night:
    return replace(
        night,
        booked_type_id=room_type.id,
        charged_type_id=room_type.id,
        counted_type_id=room_type.id if night.counted_type_id is not None else None,
        room_id=None,
        price=night.price + more,
        manual_reason=night.manual_reason or f"Upgrade from {was.code}",
    )


def _as_before(night: Night, was: dict[str, Any] | None, free: dict[int, Room]) -> Night:
    """Give a night back what an upgrade changed; a night that came since keeps its own."""
    if was is None or not night.live:
        return night
    room = free.get(was["room"]) if was["room"] is not None else None
    counted = room.type_id if room is not None else was["booked"]
    return replace(
        night,
        booked_type_id=was["booked"],
        charged_type_id=was["charged"],
        counted_type_id=counted if night.counted_type_id is not None else None,
        room_id=room.id if room is not None else None,
        price=was["price"],
        manual_reason=was["reason"],
    )


def _give_best(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    room_type: RoomType,
    day: date,
    by: Staff,
) -> Room | None:
    """Give a party the best vacant room of a type, if one is vacant all nights."""
    best = choosing.suggest(session, reservation, type_id=room_type.id, limit=1)
    if not best:
        return None
    first = max(reservation.arrival, day)
    arriving.give_room(
        session, hotel, reservation, best[0].room, day=day, first=first, force=None, by=by
    )
    return best[0].room


def _keep(
    session: Session,
    reservation: Reservation,
    from_type: RoomType,
    to_type: RoomType,
    amount: Money,
    free_why: str | None,
    before: list[Night],
    *,
    day: date,
    by: Staff,
) -> Upgrade:
    upgrade = Upgrade(
        hotel_id=reservation.hotel_id,
        id=new_id(),
        chain_id=reservation.chain_id,
        reservation_id=reservation.id,
        from_type_id=from_type.id,
        to_type_id=to_type.id,
        amount=amount.minor,
        free_why=free_why,
        before={
            night.night.isoformat(): {
                "booked": night.booked_type_id,
                "charged": night.charged_type_id,
                "room": night.room_id,
                "price": night.price,
                "reason": night.manual_reason,
            }
            for night in before
            if night.live
        },
        staff_id=by.id,
        day=day,
        at=clock.now(),
    )
    session.add(upgrade)
    reservation.version += 1
    session.flush()
    session.expire(reservation, ["nights"])
    logbook.record(
        session,
        "upgraded",
        reservation,
        by=by,
        day=day,
        why=free_why,
        before={"type": from_type.code},
        type=to_type.code,
        amount=amount,
    )
    return upgrade
