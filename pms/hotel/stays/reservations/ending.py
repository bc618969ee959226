"""Ending a promise: cancelled, not shown up, and taken back again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory import Force, Slot
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.booking import sharers_of
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.reservations.refusals import HotelIsOpen, ReasonNeeded, WrongState


class NotDueYet(Refusal):
    """Who isn't expected yet can't have failed to come."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} is due on {reservation.arrival:%a %d %b %Y}. "
            "Cancel it, or wait."
        )


class TooLateToReinstate(Refusal):
    """The nights are over."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} ended on {reservation.departure:%a %d %b %Y}. "
            "Make a new one."
        )


def cancel(
    session: Session,
    reservation: Reservation,
    *,
    reason: str,
    on: date | None = None,
    by: Staff,
) -> int:
    """End a promise at somebody's wish and return the cancellation number.

    Nights go back on sale; sharers keep the room. Refuses what isn't booked, and no reason.
    `on` is a cancellation's own date, entered on the hotel's first day only.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a booked one can be cancelled")
    if not reason.strip():
        raise ReasonNeeded("a cancellation")
    if on is not None and (day != hotel.opened_on or on > day):
        raise HotelIsOpen
    give_back(session, hotel, reservation, day=on or day)
    number = numbers.next_number(session, hotel, "cancellation")
    reservation.state = State.CANCELLED
    reservation.cancelled_on = on or day
    reservation.cancel_number = number
    reservation.cancel_reason = reason
    reservation.version += 1
    session.flush()
    logbook.record(
        session,
        "cancelled",
        reservation,
        by=by,
        day=day,
        why=reason,
        before={"state": State.BOOKED.value},
        cancel_number=number,
    )
    return number


def no_show(
    session: Session, reservation: Reservation, *, keep_remaining: bool = False, by: Staff
) -> None:
    """Note that a party due today hasn't come.

    Its nights go back on sale; with `keep_remaining` only tonight's does, and the party is
    expected tomorrow (a rolled no-show). What it pays is the policy's business, not decided here.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a booked party can fail to come")
    if reservation.arrival > day:
        raise NotDueYet(reservation)
    tomorrow = day + dates.ONE_DAY
    rolls = keep_remaining and reservation.departure > tomorrow
    give_back(session, hotel, reservation, day=day, until=tomorrow if rolls else None)
    reservation.no_show_on = day
    if rolls:
        reservation.arrival = tomorrow
    else:
        reservation.state = State.NO_SHOW
    reservation.version += 1
    session.flush()
    logbook.record(
        session,
        "rolled to tomorrow" if rolls else "no-show",
        reservation,
        by=by,
        day=day,
        before={"state": State.BOOKED.value},
        state=reservation.state.value,
    )


def give_back(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    day: date,
    first: date | None = None,
    until: date | None = None,
) -> None:
    """Put nights back on sale, all or from `first` until the day before `until`.

    When the party held the room for sharers, the first of them holds it from then on.
    """
    before = of_nights.read(session, reservation)
    after = [
        night.given_back()
        if (first is None or night.night >= first) and (until is None or night.night < until)
        else night
        for night in before
    ]
    of_nights.rewrite(session, hotel, reservation, before, after, day=day)
    if not until:
        pass_on_the_room(session, reservation, after, day=day)


def pass_on_the_room(
    session: Session, leaving: Reservation, after: Sequence[Night], *, day: date
) -> None:
    """Let the first sharer be the others' host when the party holds no night any more."""
    if leaving.shares_with_id is not None or leaving.claim_id is None:
        return
    sharers = [
        sharer
        for sharer in sharers_of(session, leaving)
        if sharer.state in {State.BOOKED, State.IN_HOUSE}
    ]
    if not sharers or any(night.room_id and night.night >= day for night in after):
        return
    heir, *others = sharers
    heir.shares_with_id = None
    for other in others:
        other.shares_with_id = heir.id
    session.flush()


def reinstate(
    session: Session, reservation: Reservation, *, force: str | None = None, by: Staff
) -> None:
    """Promise a cancelled or no-show party its nights again, at the prices they had.

    From today on they must be free (or forced); last night's is kept so that a party who arrives
    after the roll can still have it. Refuses a stay that is over.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    was = reservation.state
    if was not in {State.CANCELLED, State.NO_SHOW}:
        raise WrongState(reservation, "only a cancelled or no-show one can be reinstated")
    last_chance = reservation.arrival if reservation.is_day_use else reservation.departure
    if last_chance < day:
        raise TooLateToReinstate(reservation)
    before = of_nights.read(session, reservation)
    counts = reservation.shares_with_id is None
    after = [_promised_again(night, day=day, counts=counts) for night in before]
    fact = Force(force, by) if force is not None else None
    of_nights.rewrite(session, hotel, reservation, before, after, day=day, force=fact)
    reservation.state = State.BOOKED
    reservation.cancelled_on = reservation.cancel_number = reservation.cancel_reason = None
    reservation.no_show_on = reservation.option_date = None
    reservation.promised_at = reservation.reinstated_at = clock.now()
    reservation.arrival = max(reservation.arrival, day - dates.ONE_DAY)
    reservation.version += 1
    session.flush()
    logbook.record(
        session,
        "reinstated",
        reservation,
        by=by,
        day=day,
        why=force,
        before={"state": was.value},
        state=State.BOOKED.value,
    )


def _promised_again(night: Night, *, day: date, counts: bool) -> Night:
    """Promise a night again, from last night's on; those to come are sold, if the party counts."""
    if night.night < day - dates.ONE_DAY:
        return night
    is_sold = counts and night.slot is Slot.NIGHT and night.night >= day
    return replace(night, live=True, counted_type_id=night.booked_type_id if is_sold else None)
