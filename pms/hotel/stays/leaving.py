"""Leaving: the key handed back, what is owed settled or let go, and taking that back."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import house_rules, keys, night_charges, settlements
from pms.hotel.stays.arriving import NotToday, RoomOccupied, give_room, in_room
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation, State, WrongState
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.ending import pass_on_the_room
from pms.hotel.stays.reservations.nights import Night


class BalanceOpen(Refusal):
    """A window isn't settled; plus and minus in two windows don't cancel out."""

    def __init__(self, windows: dict[int, Money]) -> None:
        stands = ", ".join(
            f"window {no}: {amount.said if amount.minor > 0 else f'{(-amount).said} to give back'}"
            for no, amount in sorted(windows.items())
        )
        ways = [
            *(["take the payment, bill it"] if any(w.minor > 0 for w in windows.values()) else []),
            *(["give back what is over"] if any(w.minor < 0 for w in windows.values()) else []),
            "or say why it waits",
        ]
        way_out = ", ".join(ways).capitalize()
        super().__init__(f"The folio isn't settled ({stands}). {way_out}.", field="balance")
        self.windows = windows


def check_out(
    session: Session,
    stay: Stay,
    *,
    leave_owing: str | None = None,
    charge_tonight: bool | None = None,
    passing: str | None = None,
    by: Staff,
) -> None:
    """Take the key back and free the room.

    A party that leaves before its planned day gives the later nights back; tonight is charged if
    it used the room on this business day: by default when it arrived today, or when the clock is
    past midnight of a day not yet rolled. Every window of the folio must be settled by itself,
    unless `leave_owing` says why the party is let go with a balance (a skipper, a dispute). What
    the house's rules block is refused too, unless `passing` says why (a manager).
    """
    hotel = session.get_one(Hotel, stay.hotel_id)
    require(by, Permission.CHECK_OUT, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, stay)
    reservation = lock(session, stay.reservation)
    if stay.state is not Presence.IN_HOUSE:
        raise WrongState(reservation, "only a party in house can be checked out")
    planned = reservation.departure
    if reservation.is_day_use:
        night_charges.charge_day_use(session, hotel, reservation, by=by)
    elif planned > day:
        tonight = _used_tonight(hotel, stay, day) if charge_tonight is None else charge_tonight
        _leave_early(session, hotel, reservation, day=day, charge_tonight=tonight, by=by)
    owed = settlements.open_balances(session, reservation)
    if owed and leave_owing is None:
        raise BalanceOpen(owed)
    house_rules.enforce_departure(session, stay, passing=passing, day=day, by=by)

    stay.planned_departure, stay.left_owing = planned, leave_owing if owed else None
    _depart(session, stay, reservation, day)
    if not owed:
        settlements.close_folio(session, reservation, by=by)
    logbook.record(
        session,
        "checked out",
        reservation,
        by=by,
        day=day,
        why=leave_owing,
        before={"departure": planned},
        departure=reservation.departure,
        owing=", ".join(f"window {no}: {amount}" for no, amount in owed.items()) or None,
    )


def _depart(session: Session, stay: Stay, reservation: Reservation, day: date) -> None:
    """Let the party be gone: its keys end, and a room that nobody shares is dirty."""
    stay.state = Presence.DEPARTED
    stay.departed_on, stay.departed_at = day, clock.now()
    stay.version += 1
    reservation.state = State.DEPARTED
    reservation.version += 1
    keys.end_with(session, stay)
    if in_room_beside(session, stay) is None:
        room = lock(session, stay.room)
        room.condition, room.condition_at = Condition.DIRTY, clock.now()
    session.flush()


def _used_tonight(hotel: Hotel, stay: Stay, day: date) -> bool:
    """Whether the room was used on this business day: since arriving, or past its midnight."""
    return stay.arrived_on == day or dates.local(clock.now(), hotel.time_zone).date() > day


def _leave_early(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    day: date,
    charge_tonight: bool,
    by: Staff,
) -> None:
    """Give back the nights from today on; a night that is charged stays on the books.

    The departure is put forward first: what is charged on the last night is due on that one now.
    """
    first = day + dates.ONE_DAY if charge_tonight else day
    nights = of_nights.read(session, reservation)
    reservation.departure = max(first, reservation.arrival)
    session.flush()
    if charge_tonight:
        night_charges.charge_nights(session, hotel, reservation, [day], by=by)
    else:
        night_charges.charge_last_packages(session, hotel, reservation, by=by)
    after = [_freed(night, day=day, paid_until=first) for night in nights]
    paid = [day] if charge_tonight else []
    of_nights.rewrite(session, hotel, reservation, nights, after, day=day, left=paid)
    pass_on_the_room(session, reservation, after, day=day)


def _freed(night: Night, *, day: date, paid_until: date) -> Night:
    """Free the room of a night to come; a night that is paid stays on the books."""
    if night.night < day or night.slot is not Slot.NIGHT:
        return night
    if night.night < paid_until:
        return replace(night, counted_type_id=None, room_id=None)
    return night.given_back()


def in_room_beside(session: Session, stay: Stay) -> Stay | None:
    """Return a sharer who is still in the room the party leaves."""
    session.flush()
    return in_room(session, stay.room)


def undo_check_out(session: Session, stay: Stay, *, by: Staff) -> None:
    """Give the key again on the same business day, with the nights the party had before.

    The folio opens again. Refuses a later day, a room that somebody is in by now, and nights
    that have been sold since.
    """
    hotel = session.get_one(Hotel, stay.hotel_id)
    require(by, Permission.CHECK_OUT, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, stay)
    reservation = lock(session, stay.reservation)
    if stay.state is not Presence.DEPARTED:
        raise WrongState(reservation, "only a departed party can be taken back in")
    if stay.departed_on != day:
        raise NotToday("A check-out")
    occupant = in_room(session, stay.room)
    if occupant is not None and occupant.reservation.claim_id != reservation.claim_id:
        raise RoomOccupied(stay.room)
    planned = stay.planned_departure or reservation.departure
    if planned > day and planned > reservation.arrival:
        _promise_again(session, hotel, stay, reservation, day=day, by=by)
    reservation.departure = planned
    reservation.state = State.IN_HOUSE
    reservation.version += 1
    stay.state = Presence.IN_HOUSE
    stay.departed_on = stay.departed_at = stay.planned_departure = stay.left_owing = None
    stay.version += 1
    session.flush()
    settlements.reopen_folio(session, reservation, by=by)
    logbook.record(
        session,
        "undid check-out",
        reservation,
        by=by,
        day=day,
        room=stay.room.number,
        departure=planned,
    )


def _promise_again(
    session: Session, hotel: Hotel, stay: Stay, reservation: Reservation, *, day: date, by: Staff
) -> None:
    """Take the nights from today on off sale again, in the room the party was in."""
    nights = of_nights.read(session, reservation)
    counts = reservation.shares_with_id is None
    again = [
        replace(
            night,
            live=True,
            counted_type_id=stay.room.type_id if counts else None,
        )
        if night.night >= day and night.slot is Slot.NIGHT
        else night
        for night in nights
    ]
    of_nights.rewrite(session, hotel, reservation, nights, again, day=day)
    give_room(session, hotel, reservation, stay.room, day=day, first=day, force=None, by=by)
