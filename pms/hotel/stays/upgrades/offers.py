"""What could be offered: better types that are free for a whole stay, each with its price.

The house's own price a night is asked, where it has one for the two types; otherwise what the
party's plan costs more in the better type today. What was agreed on each night rises by that.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import upsert
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory, prices, rooms
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays import promised
from pms.hotel.stays.reservations import Reservation, State, agreed
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.upgrades.tables import UpgradePrice


@dataclass(frozen=True, slots=True)
class Offer:
    """A better type that is free for all nights: how many rooms are left, and what it costs."""

    room_type: RoomType
    left: int
    by_night: dict[date, Money]
    total: Money

    @property
    def a_night(self) -> Money | None:
        """The price a night, where every night costs the same."""
        each = set(self.by_night.values())
        return each.pop() if len(each) == 1 else None


def offers(
    session: Session, reservation: Reservation, *, kinds: list[RoomType] | None = None
) -> list[Offer]:
    """Return the better types that are free for a party's whole stay, plain to best.

    `kinds` are the hotel's types where they were read before. None for who is in house (that is a
    move), shares a room, or comes for a day's use. A type without a price for a night isn't
    offered, unless the house has its own.
    """
    if (
        reservation.state is not State.BOOKED
        or reservation.is_day_use
        or reservation.shares_with_id is not None
    ):
        return []
    hotel = session.get_one(Hotel, reservation.hotel_id)
    heads = reservation.adults + reservation.children
    better = [
        kind
        for kind in kinds or rooms.types(session, hotel)
        if kind.rank > reservation.room_type.rank and kind.sleeps >= heads
    ]
    all_nights = of_nights.read(session, reservation) if better else []
    nights = to_come(session, hotel, all_nights) if better else []
    if not nights:
        return []
    left = {
        each.type_id: each.rooms
        for each in inventory.availability(session, hotel, nights[0].night, reservation.departure)
    }
    better = [kind for kind in better if left.get(kind.id, 0) > 0]
    if not better:
        return []
    more = more_by_night(session, reservation, better, nights)
    whole = [night for night in all_nights if night.live]
    bill = promised.reckoner(session, hotel, reservation)
    return [
        _offer(bill, kind, left[kind.id], whole, more[kind.id])
        for kind in better
        if kind.id in more
    ]


def to_come(session: Session, hotel: Hotel, nights: list[Night]) -> list[Night]:
    """Return those of a party's nights from today on that are promised."""
    day = business_day.today(session, hotel)
    return [
        night for night in nights if night.live and night.night >= day and night.slot is Slot.NIGHT
    ]


def own_prices(session: Session, hotel: Hotel, from_type_id: int) -> dict[int, int]:
    """Return what the house asks a night for better types, in minor units by type."""
    rows = session.execute(
        sa.select(UpgradePrice.to_type_id, UpgradePrice.amount).where(
            UpgradePrice.hotel_id == hotel.id, UpgradePrice.from_type_id == from_type_id
        )
    )
    return {row.to_type_id: row.amount for row in rows}


def more_by_night(
    session: Session, reservation: Reservation, better: list[RoomType], nights: list[Night]
) -> dict[int, dict[date, int]]:
    """Return what each night costs more in better types, in minor units by type.

    A type of which nobody can say is left out: a night has no price, and the house has none.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    own = own_prices(session, hotel, reservation.type_id)
    found = {
        kind.id: {night.night: own[kind.id] for night in nights}
        for kind in better
        if kind.id in own
    }
    asked = [kind for kind in better if kind.id not in own]
    if not asked:
        return found
    _, ages = agreed.read(session, reservation)
    priced = prices.of_types(
        session, reservation.plan, [reservation.room_type, *asked],
        nights[0].night, reservation.departure,
        Party(reservation.adults, reservation.children, ages),
    )  # fmt: skip
    plain = priced.get(reservation.type_id)
    for kind in asked:
        if plain is not None and kind.id in priced:
            dearer = priced[kind.id].minor
            found[kind.id] = {
                night.night: max(dearer[night.night] - plain.minor[night.night], 0)
                for night in nights
            }
    return found


def _offer(
    bill: promised.Reckoner,
    kind: RoomType,
    left: int,
    whole: list[Night],
    more: dict[date, int],
) -> Offer:
    """Return an offer with its taxes: what the guest pays then, less what they pay now.

    Of the whole stay each time: a tax may end with a night of it, a package fall on its last.
    """

    def paid(dearer: date | None) -> Money:
        return bill.total(
            (
                night.night,
                night.price + (more[night.night] if night.night == dearer else 0),
                night.plan_id,
                night.adults,
            )
            for night in whole
        )

    now = paid(None)
    by_night = {night: paid(night) - now for night in more}
    return Offer(kind, left, by_night, sum(by_night.values(), Money.zero(bill.hotel.currency)))


def set_price(
    session: Session, from_type: RoomType, to_type: RoomType, *, amount: Money | None, by: Staff
) -> None:
    """Say what the house asks a night for a better type; None leaves it to the plans."""
    require(by, Permission.SET_UP, from_type.hotel_id)
    hotel = session.get_one(Hotel, from_type.hotel_id)
    day = business_day.hold(session, hotel)
    if to_type.rank <= from_type.rank:
        raise Invalid(f"{to_type.name} isn't better than {from_type.name}.", field="to_type")
    if amount is not None and amount.minor <= 0:
        raise Invalid("An upgrade's price is more than nothing.", field="amount")
    key = {"hotel_id": hotel.id, "from_type_id": from_type.id, "to_type_id": to_type.id}
    if amount is None:
        session.execute(sa.delete(UpgradePrice).filter_by(**key))
    else:
        upsert(session, UpgradePrice, [key | {"amount": amount.minor}], key=tuple(key))
    logbook.record(
        session, "priced upgrade", from_type, by=by, day=day, to=to_type.code, amount=amount
    )


def set_prices(session: Session, hotel: Hotel) -> dict[tuple[int, int], Money]:
    """Return what the house asks of itself, by the types from and to."""
    rows = session.execute(
        sa.select(UpgradePrice.from_type_id, UpgradePrice.to_type_id, UpgradePrice.amount).where(
            UpgradePrice.hotel_id == hotel.id
        )
    )
    return {(row.from_type_id, row.to_type_id): Money(row.amount, hotel.currency) for row in rows}
