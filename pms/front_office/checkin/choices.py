"""Choices: the rooms a party could have, the best first, each with how it stands and why."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pms.hotel.rooms.blocks import out_of_order
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service.housekeeping import slept_in
from pms.hotel.stays import arriving, choosing, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, ReservationNight, State
from pms.web.auth import here
from pms.web.database import session

SHOWN = 6
OCCUPIED = ("idle", "key", "Still occupied")
OUT_OF_ORDER = ("bad", "tool", "Out of order")
SLEPT_IN = ("bad", "zzz", "Somebody was seen in it")
SAYS = {
    Condition.INSPECTED: ("ok", "checks", "Inspected"),
    Condition.CLEAN: ("info", "sparkles", "Clean"),
    Condition.PICKUP: ("warn", "brush", "Pick-up"),
    Condition.DIRTY: ("idle", "circle-dashed", "Dirty"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A room on offer: how it is, and why it comes where it does."""

    room: Room
    occupied: bool
    why: str
    is_theirs: bool = False
    out_of_order: bool = False
    slept_in: bool = False

    @property
    def says(self) -> tuple[str, str, str]:
        """How the room stands: tone, icon and word."""
        if self.out_of_order:
            return OUT_OF_ORDER
        if self.slept_in:
            return SLEPT_IN
        return OCCUPIED if self.occupied else SAYS[self.room.condition]

    @property
    def ready(self) -> bool:
        """Whether a key can be handed over now."""
        barred = self.occupied or self.out_of_order or self.slept_in
        return self.room.is_ready and not barred


@dataclass(frozen=True, slots=True)
class Choices:
    """The rooms of one type for a party; the one it has comes first."""

    type_id: int
    all: list[Choice]
    occupant: Stay | None

    @property
    def rooms(self) -> list[Room]:
        """The rooms alone."""
        return [choice.room for choice in self.all]

    @property
    def theirs(self) -> Choice | None:
        """The room the party has already."""
        return next((choice for choice in self.all if choice.is_theirs), None)

    @property
    def best_ready(self) -> Choice | None:
        """The best room whose key could be handed over now."""
        return next((choice for choice in self.all if choice.ready), None)

    @property
    def first(self) -> Choice | None:
        """The one to begin with: theirs, or the best."""
        theirs = self.theirs
        barred = theirs is not None and (theirs.out_of_order or theirs.slept_in)
        if barred and self.best_ready is not None:
            return self.best_ready
        return theirs or self.best_ready or (self.all[0] if self.all else None)

    def of(self, room_id: str | None) -> Choice | None:
        """Return the choice of a room."""
        return next((choice for choice in self.all if str(choice.room.id) == room_id), None)


def choices(reservation: Reservation, day: date, *, type_id: int | None = None) -> Choices:
    """Return what a party could have in a type; eight questions, however many rooms there are.

    A room in which somebody was seen that the desk has vacant isn't offered until it is resolved.
    """
    wanted = type_id or reservation.type_id
    found = []
    theirs = room_of(reservation, day)
    busy = arriving.occupied(session(), here())
    occupant = stays.in_room(session(), theirs) if theirs and theirs.id in busy else None
    if occupant is not None and occupant.reservation_id == reservation.id:
        occupant = None
    slept = slept_in(session(), here())
    if theirs is not None:
        why = "given to this party" if reservation.state is State.BOOKED else "the party is in it"
        broken = out_of_order(session(), theirs, day)
        seen = theirs.id in slept
        found.append(Choice(theirs, occupant is not None, why, True, broken, seen))
    suggested = choosing.suggest(
        session(), reservation, type_id=wanted, avoid=slept, occupied=busy, limit=500
    )
    found += [
        Choice(each.room, each.occupied, each.why.rpartition("; ")[2])
        for each in suggested
        if theirs is None or each.room.id != theirs.id
    ]
    return Choices(wanted, found, occupant)


def room_of(reservation: Reservation, day: date) -> Room | None:
    """Return the room a party has from a day on, if it was given one."""
    return session().scalar(
        sa.select(Room)
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Room.hotel_id, ReservationNight.room_id == Room.id
            ),
        )
        .where(
            ReservationNight.hotel_id == reservation.hotel_id,
            ReservationNight.reservation_id == reservation.id,
            ReservationNight.live,
            ReservationNight.night >= max(day, reservation.arrival),
        )
        .order_by(ReservationNight.night)
        .limit(1)
    )
