"""Changes: what a bar put elsewhere means, in the hotel's own verbs; and rehearsing it.

A rehearsal runs the very verbs in a transaction that is rolled back, so that what it says of the
price and of what stands in the way is theirs, to the cent.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from pms.base import ways
from pms.base.db import lock, transaction
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal, Stale
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import READY, Condition, Room
from pms.hotel.stays import promised, reservations, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, State, Wanted
from pms.hotel.stays.reservations.night import read as nights_of

PATIENCE = 2.0  # who only asks doesn't wait as long as who does
ASKED = "asked on the tape chart"

Step = Callable[[], None]


class NothingChanges(Invalid):
    def __init__(self) -> None:
        super().__init__("That is where it is already. Choose another room or other days.")


class NotBack(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(f"Room {room.number} isn't as it was left. Move the party there yourself.")


class _Rehearsed(Exception):
    """The rehearsal is over: everything it did goes back."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party is on the chart: its room from a night on (or none), and its days."""

    room_id: int | None
    arrival: date
    departure: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Where it shall be; `charges` prices it as the new room's type, `reason` is for a move.

    `force` says why it goes over what can be sold.
    """

    room: Room | None
    arrival: date
    departure: date
    since: date | None = None
    charges: bool = False
    reason: str = ""
    force: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rehearsal found: the stay's price before, after, and at the new type's price."""

    was: Money
    kept: Money
    charged: Money | None = None
    refusal: Refusal | None = None

    @property
    def difference(self) -> Money:
        """What the nights that come or go cost."""
        return self.kept - self.was

    @property
    def surcharge(self) -> Money | None:
        """What it costs more (or less) at the new type's price."""
        return None if self.charged is None else self.charged - self.was


def place_of(session: Session, reservation: Reservation, since: date | None = None) -> Place:
    """Return where a party is: the room of its next night, or of the night `since`."""
    day = session.get_one(Hotel, reservation.hotel_id).business_date
    nights = [night for night in nights_of(session, reservation) if night.live]
    first = max(since or reservation.arrival, day)
    coming = [night for night in nights if night.night >= first] or nights[-1:]
    room_id = coming[0].room_id if coming else None
    return Place(room_id, reservation.arrival, reservation.departure, since)


def total(session: Session, reservation: Reservation) -> Money:
    """Return what the nights of a party cost as promised, with taxes."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    nights = [
        (night.night, night.price, night.plan_id, night.adults)
        for night in nights_of(session, reservation)
        if night.live
    ]
    return promised.with_taxes(session, hotel, reservation, nights)


def change(session: Session, reservation: Reservation, *, wish: Wish, by: Staff) -> None:
    """Put a party where it is wished, days and room at once or not at all.

    Refuses what the verbs refuse. Where both change, the one that makes way for the other goes
    first; the last resort gives the room back in between.
    """
    lock(session, reservation)
    here = place_of(session, reservation, wish.since)
    days: list[Step] = []
    room: list[Step] = []
    if (wish.arrival, wish.departure) != (here.arrival, here.departure):
        days.append(lambda: _other_days(session, reservation, wish, by))
    if (wish.room.id if wish.room else None) != here.room_id:
        room.append(lambda: _other_room(session, reservation, wish, by))
    if not days and not room:
        raise NothingChanges
    orders = [[*days, *room]]
    if days and room:
        orders.append([*room, *days])
        if reservation.state is State.BOOKED and here.room_id is not None:
            orders.append([lambda: stays.unassign(session, reservation, by=by), *days, *room])
    refused = ways.refusals(session, (partial(_do, order) for order in orders))
    if refused:
        raise refused[-1]
    if wish.charges and wish.room is not None:
        wanted = Wanted(room_type=wish.room.type)
        reservations.amend(session, reservation, wanted, reprice=True, by=by)


def _do(steps: list[Step]) -> None:
    for step in steps:
        step()


def _other_days(session: Session, reservation: Reservation, wish: Wish, by: Staff) -> None:
    stay = stays.of(session, reservation) if reservation.state is State.IN_HOUSE else None
    if stay is None or wish.arrival != reservation.arrival:
        wanted = Wanted(
            arrival=wish.arrival if wish.arrival != reservation.arrival else None,
            departure=wish.departure if wish.departure != reservation.departure else None,
        )
        reservations.amend(session, reservation, wanted, force=wish.force, by=by)
    elif wish.departure > reservation.departure:
        stays.extend(session, stay, departure=wish.departure, force=wish.force, by=by)
    else:
        stays.shorten(session, stay, departure=wish.departure, by=by)


def _other_room(session: Session, reservation: Reservation, wish: Wish, by: Staff) -> None:
    stay = stays.of(session, reservation) if reservation.state is State.IN_HOUSE else None
    if wish.room is None:
        stays.unassign(session, reservation, by=by)
    elif stay is not None:
        stays.move(
            session, stay, room=wish.room, reason=wish.reason, first=wish.since,
            force=wish.force, by=by,
        )  # fmt: skip
    else:
        stays.assign(
            session, reservation, room=wish.room, first=wish.since, force=wish.force, by=by
        )


def rehearse(
    session: Session, reservation: Reservation, wish: Wish, *, seen: int | None, by: Staff
) -> Answer:
    """Say what a change would cost and what stands in its way; changes nothing."""
    was = total(session, reservation)
    found = Answer(was, was)
    try:
        with suppress(_Rehearsed), transaction(session, patience=PATIENCE):
            lock(session, reservation)
            if seen is not None and reservation.version != seen:
                raise Stale("stay")
            reason = wish.reason or ASKED
            change(session, reservation, wish=replace(wish, reason=reason, charges=False), by=by)
            kept = total(session, reservation)
            found = Answer(was, kept, _at_the_types_price(session, reservation, wish, by))
            raise _Rehearsed
    except Refusal as refusal:
        return Answer(was, was, refusal=refusal)
    return found


def _at_the_types_price(
    session: Session, reservation: Reservation, wish: Wish, by: Staff
) -> Money | None:
    """Return the price as the room's own type, where that is another than what is paid."""
    if wish.room is None or wish.room.type_id == reservation.type_id:
        return None
    try:
        with session.begin_nested():
            wanted = Wanted(room_type=wish.room.type)
            reservations.amend(session, reservation, wanted, reprice=True, by=by)
    except Refusal:
        return None
    return total(session, reservation)


# --- and back -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Before:
    """Where a party was before a change, as what type, and how the rooms were it moved between."""

    place: Place
    type_id: int
    total: int
    left: Condition | None = None
    taken: Condition | None = None


def before(session: Session, reservation: Reservation, wish: Wish) -> Before:
    """Remember what undoing will need."""
    place = place_of(session, reservation, wish.since)
    stay = stays.of(session, reservation) if reservation.state is State.IN_HOUSE else None
    left = stay.room.condition if stay is not None and _moves_now(stay, wish) else None
    taken = wish.room.condition if left is not None and wish.room is not None else None
    minor = total(session, reservation).minor
    return Before(place, reservation.type_id, minor, left, taken)


def can_go_back(was: Before) -> bool:
    """Tell whether a change can be undone: a room left dirty before can't be handed over again."""
    return was.left is None or was.left in READY


def _moves_now(stay: Stay, wish: Wish) -> bool:
    today = wish.since is None or wish.since <= stay.reservation.arrival
    return wish.room is not None and wish.room.id != stay.room_id and today


def go_back(
    session: Session, reservation: Reservation, *, was: Before, room: Room | None, by: Staff
) -> Money:
    """Undo a change; returns what the party pays now more than before (less: below zero).

    A move in house goes back the way it came: both rooms are then as they were.
    """
    lock(session, reservation)
    stay = stays.of(session, reservation) if reservation.state is State.IN_HOUSE else None
    taken = stay.room if stay is not None else None
    if was.left is not None and room is not None:
        if room.condition is not Condition.DIRTY:
            raise NotBack(room)
        rooms.turn(session, room, was.left, by=by, why="the move is undone")
    place = was.place
    wish = Wish(room, place.arrival, place.departure, place.since, reason="undone")
    change(session, reservation, wish=wish, by=by)
    if was.left is not None and taken is not None and was.taken is not None:
        rooms.turn(session, taken, was.taken, by=by, why="the move is undone")
    hotel = session.get_one(Hotel, reservation.hotel_id)
    kind = next((each for each in rooms.types(session, hotel) if each.id == was.type_id), None)
    if kind is not None and kind.id != reservation.type_id:
        reservations.amend(session, reservation, Wanted(room_type=kind), reprice=True, by=by)
    now = total(session, reservation)
    return Money(now.minor - was.total, now.currency)
