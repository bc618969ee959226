"""Options: promises that run out by themselves, unless somebody confirms them in time."""

from collections.abc import Collection, Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.ending import cancel
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.reservations.refusals import WrongState


class NoOption(Refusal):
    """The promise is firm already."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"Reservation {reservation.number} is confirmed already.")


class OptionAfterArrival(Invalid):
    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"An option runs out between today and the arrival on "
            f"{reservation.arrival:%a %d %b %Y}.",
            field="option",
        )


def keep_until(session: Session, reservation: Reservation, *, until: date, by: Staff) -> None:
    """Make a promise an option: the audit of that day cancels it unless it is confirmed.

    Refuses a party that isn't expected, and a day that is past or after the arrival.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a booked one can be an option")
    if not day <= until <= reservation.arrival:
        raise OptionAfterArrival(reservation)
    before = reservation.option_date
    reservation.option_date = until
    reservation.version += 1
    session.flush()
    logbook.record(
        session, "made an option", reservation, by=by, day=day,
        before={"until": before}, until=until,
    )  # fmt: skip


def confirm(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Make an option firm; refuses what is no option."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a booked one can be confirmed")
    if reservation.option_date is None:
        raise NoOption(reservation)
    before = reservation.option_date
    reservation.option_date = None
    reservation.version += 1
    session.flush()
    logbook.record(session, "confirmed", reservation, by=by, day=day, before={"option": before})


def expire_due(
    session: Session, hotel: Hotel, *, but: Collection[int] = (), by: Staff
) -> Iterator[int]:
    """Cancel, one by one, the options that run out with today; yields each number.

    `but` are parties, by id, that somebody decided about. Said again it finds only what is left.
    """
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    due = session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.option_date <= day,
        )
        .order_by(Reservation.number)
    ).all()
    for party in due:
        if party.id in but:
            continue
        lock(session, party)  # somebody may have confirmed it since it was read
        until = party.option_date
        if party.state is not State.BOOKED or until is None or until > day:
            continue
        cancel(session, party, reason=f"Option ran out on {until}", by=by)
        yield party.number


def running_out(
    session: Session, hotel: Hotel, until: date, *, limit: int = 50
) -> list[Reservation]:
    """Return the options that run out by a day, the soonest first."""
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == hotel.id,
                Reservation.state == State.BOOKED,
                Reservation.option_date <= until,
            )
            .order_by(Reservation.option_date, Reservation.number)
            .limit(limit)
        )
    )
