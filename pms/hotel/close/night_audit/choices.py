"""Choices: what becomes of arrivals that aren't in and departures that aren't out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock, dates
from pms.base.db import lock, upsert
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.close.night_audit.tables import FOR_ARRIVALS, AuditChoice, Choice
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory import AllotmentTaken, HouseFull, SoldOut
from pms.hotel.rooms.rates import NoPrice
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import fees, reservations, stays
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import (
    Guarantee,
    ManualRate,
    Reservation,
    ReservationNight,
    State,
    Wanted,
    agreed,
)
from pms.hotel.stays.reservations.sharing import LOST_ITS_ROOM

STAYED_ON = "still in house at the night audit"
LEFT_OWING = "left without settling; found at the night audit"
DECIDED = "decided at the night audit"  # a fact by then: the house's rules are passed


class NothingToDecide(Refusal):
    """The party is neither an arrival that isn't in nor a departure that isn't out."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} waits for no decision tonight. Reload the list."
        )


class WrongChoice(Invalid):
    """That can't be chosen for this party."""

    def __init__(self, reservation: Reservation, why: str) -> None:
        super().__init__(f"Reservation {reservation.number}: {why}", field="choice")


@dataclass(frozen=True)
class Rules:
    """What the audit does where nobody decided; None means that somebody must.

    `arrivals`: who isn't in by the audit is a no-show, whatever the guarantee (an unguaranteed one
    lost its room at the release hour already) and pays what its policy says. `charge_no_shows`:
    guaranteed ones (card, deposit, company) without a policy are charged their first night.
    `due_outs`: who isn't out is extended by a night,
    checked out (if settled), or checked out with the balance open. `at_any_hour`: don't wait for
    the hotel's audit hour.
    """

    arrivals: Choice | None = Choice.NO_SHOW
    due_outs: Choice | None = None
    charge_no_shows: bool = False
    at_any_hour: bool = False


def is_missing(hotel: Hotel, day: date) -> sa.ColumnElement[bool]:
    """Return the condition that a `Reservation` of the query was due by that day and isn't in."""
    return sa.and_(
        Reservation.hotel_id == hotel.id,
        Reservation.state == State.BOOKED,
        Reservation.arrival <= day,
    )


def missing_arrivals(session: Session, hotel: Hotel, day: date) -> list[Reservation]:
    """Return who was due by that day and isn't in, by number."""
    return list(
        session.scalars(
            sa.select(Reservation).where(is_missing(hotel, day)).order_by(Reservation.number)
        )
    )


def displaced(session: Session, hotel: Hotel, day: date) -> list[Reservation]:
    """Return who was due by that day and isn't in, has no room tonight, and lost one to us.

    Whether they came and were turned away, nobody can say by a rule.
    """
    lost = sa.exists().where(
        Line.hotel_id == Reservation.hotel_id,
        Line.noun == "reservations",
        Line.noun_id == Reservation.id,
        Line.verb == LOST_ITS_ROOM,
    )
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(is_missing(hotel, day), lost, ~has_room(day))
            .options(joinedload(Reservation.guest))
            .order_by(Reservation.number)
        )
    )


def has_room(day: date) -> sa.ColumnElement[bool]:
    """Return the condition that a `Reservation` of the query has a room for that night."""
    return sa.exists().where(
        ReservationNight.hotel_id == Reservation.hotel_id,
        ReservationNight.reservation_id == Reservation.id,
        ReservationNight.night == day,
        ReservationNight.live,
        ReservationNight.room_id.is_not(None),
    )


def chosen(session: Session, hotel: Hotel, day: date) -> dict[int, Choice]:
    """Return what was decided for the day, by reservation."""
    rows = session.execute(
        sa.select(AuditChoice.reservation_id, AuditChoice.choice).where(
            AuditChoice.hotel_id == hotel.id, AuditChoice.day == day
        )
    )
    return {row[0]: row[1] for row in rows}


def chosen_of(session: Session, reservation: Reservation, day: date) -> Choice | None:
    """Return what was decided of one party for the day."""
    return session.scalar(
        sa.select(AuditChoice.choice).where(
            AuditChoice.hotel_id == reservation.hotel_id,
            AuditChoice.day == day,
            AuditChoice.reservation_id == reservation.id,
        )
    )


def decide(
    session: Session, hotel: Hotel, reservation: Reservation, choice: Choice, *, by: Staff
) -> None:
    """Note what the audit shall do with a party; a later decision replaces an earlier one.

    Refuses who isn't waiting for one, a check-in without a room, and keeping nights that are over.
    """
    require(by, Permission.AUDIT, hotel.id)
    day = business_day.hold(session, hotel)
    _check(session, reservation, choice, day)
    upsert(
        session,
        AuditChoice,
        [
            {
                "hotel_id": hotel.id,
                "day": day,
                "reservation_id": reservation.id,
                "choice": choice,
                "staff_id": by.id,
                "at": clock.now(),
            }
        ],
        key=("hotel_id", "day", "reservation_id"),
    )
    logbook.record(
        session, "decided for the audit", reservation, by=by, day=day, choice=choice.value
    )


def _check(session: Session, reservation: Reservation, choice: Choice, day: date) -> None:
    arriving = reservation.state is State.BOOKED and reservation.arrival <= day
    leaving = reservation.state is State.IN_HOUSE and reservation.departure <= day
    if not arriving and not leaving:
        raise NothingToDecide(reservation)
    if (choice in FOR_ARRIVALS) is not arriving:
        raise WrongChoice(
            reservation,
            "choose check in, keep or no-show." if arriving else "choose extend or check out.",
        )
    if choice is Choice.CHECK_IN and room_tonight(session, reservation, day) is None:
        raise WrongChoice(reservation, "assign a room before it is checked in.")
    over = reservation.departure <= day
    if choice in {Choice.KEEP, Choice.NO_SHOW_KEEP_NIGHTS} and over:
        raise WrongChoice(reservation, "its nights are over; there is nothing to keep.")


def room_tonight(session: Session, reservation: Reservation, day: date) -> Room | None:
    """Return the room assigned to a party for that day."""
    return session.scalar(
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
            ReservationNight.night == day,
            ReservationNight.live,
        )
    )


# --- carrying them out ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Decisions:
    """What was decided for a day, what the rules say of the rest, and who acts."""

    hotel: Hotel
    day: date
    rules: Rules
    by: Staff
    house: Staff

    def arrivals(self, session: Session) -> Iterator[Reservation]:
        """Do what is decided with each missing arrival, one after the other; kept ones stay."""
        said = chosen(session, self.hotel, self.day)
        lost = {each.id for each in displaced(session, self.hotel, self.day)}
        for reservation in missing_arrivals(session, self.hotel, self.day):
            choice = said.get(reservation.id, self.rules.arrivals)
            by_rule = reservation.id in lost and reservation.id not in said
            if choice is None or choice is Choice.KEEP or by_rule:
                continue
            lock(session, reservation)  # a desk may have decided at this moment
            if reservation.state is not State.BOOKED or reservation.arrival > self.day:
                continue
            by = self.by if reservation.id in said else self.house
            self._settle_arrival(session, reservation, choice, by)
            yield reservation

    def _settle_arrival(
        self, session: Session, reservation: Reservation, choice: Choice, by: Staff
    ) -> None:
        if choice is Choice.CHECK_IN:
            room = room_tonight(session, reservation, self.day)
            if room is None:
                raise WrongChoice(reservation, "assign a room before it is checked in.")
            stays.check_in(session, reservation, room=room, passing=DECIDED, by=by)
            return
        has_terms = agreed.policy_of(session, reservation) is not None
        pays = (
            self.rules.charge_no_shows
            and reservation.guarantee is not Guarantee.NONE
            and not has_terms  # else its own terms say what it pays
        )
        first_night = reservation.arrival
        fees.no_show(
            session, reservation, keep_remaining=choice is Choice.NO_SHOW_KEEP_NIGHTS, by=by
        )
        if pays:
            fees.charge_first_night(session, reservation, first_night, by=by)

    def departures(self, session: Session) -> Iterator[Stay]:
        """Do what is decided with each party that should be out, one after the other."""
        said = chosen(session, self.hotel, self.day)
        for stay in stays.due_out(session, self.hotel, self.day):
            choice = said.get(stay.reservation_id, self.rules.due_outs)
            if choice is None:
                continue
            lock(session, stay)  # a desk may check it out, or let it stay on, at this moment
            party = lock(session, stay.reservation)
            if stay.state is not Presence.IN_HOUSE or party.departure > self.day:
                continue
            by = self.by if stay.reservation_id in said else self.house
            if choice is Choice.EXTEND and not stay.reservation.is_day_use:
                self._extend(session, stay)
            else:
                owing = None if choice is Choice.CHECK_OUT else LEFT_OWING
                stays.check_out(session, stay, leave_owing=owing, passing=DECIDED, by=by)
            yield stay

    def _extend(self, session: Session, stay: Stay) -> None:
        """Let a party stay one night more: it is a fact, so forced where it doesn't fit.

        At its plan's price or, where the plan has none, at that of the night before.
        """
        reservation = stay.reservation
        wanted = Wanted(departure=self.day + dates.ONE_DAY)
        rate = None
        for force in (None, STAYED_ON):
            try:
                with session.begin_nested():
                    self._amend(session, reservation, wanted, rate, force)
            except NoPrice:
                rate = self._rate_of_last_night(session, reservation)
                self._amend(session, reservation, wanted, rate, STAYED_ON)
                return
            except (SoldOut, HouseFull, AllotmentTaken):
                if force is not None:
                    raise
            else:
                return

    def _amend(
        self,
        session: Session,
        reservation: Reservation,
        wanted: Wanted,
        rate: ManualRate | None,
        force: str | None,
    ) -> None:
        reservations.amend(session, reservation, wanted, rate=rate, force=force, by=self.house)

    def _rate_of_last_night(self, session: Session, reservation: Reservation) -> ManualRate:
        price = session.scalar(
            sa.select(ReservationNight.price)
            .where(
                ReservationNight.hotel_id == self.hotel.id,
                ReservationNight.reservation_id == reservation.id,
                ReservationNight.live,
            )
            .order_by(ReservationNight.night.desc())
            .limit(1)
        )
        prices = {self.day: Money(price or 0, self.hotel.currency)}
        return ManualRate(prices, f"{STAYED_ON}, at the price of the night before")
