"""Deposits due: what guests agreed to pay before they come, by when, and what is held of it; and
deposits left over, of who won't come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import By, Policy, terms_of
from pms.hotel.stays import promised, settlements
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations import Collects, Purpose, Reservation, State
from pms.hotel.stays.reservations.agreed import ReservationTerms

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class DepositDue:
    """A deposit that was agreed: how much by which day, and what is held already."""

    reservation: Reservation
    due_on: date
    asked: Money
    held: Money

    @property
    def missing(self) -> Money:
        """What is still to be paid."""
        return self.asked - self.held


@dataclass(frozen=True, slots=True)
class DepositLeft:
    """A deposit that is still held for a promise that is over."""

    reservation: Reservation
    held: Money


def left(session: Session, hotel: Hotel) -> list[DepositLeft]:
    """Return what is held for who cancelled or didn't come, the latest booking first."""
    owed = {
        int(code.removeprefix("deposit/")): Money(-amount, hotel.currency)
        for code, amount in ledger.open_balances(session, hotel, ledger.Ledger.DEPOSIT).items()
        if amount < 0
    }
    over = session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state.in_((State.CANCELLED, State.NO_SHOW)),
            Reservation.number.in_(owed),
        )
        .options(joinedload(Reservation.guest))
        .order_by(Reservation.number.desc())
    )
    return [DepositLeft(each, owed[each.number]) for each in over]


def due(session: Session, hotel: Hotel, *, until: date) -> list[DepositDue]:
    """Return the deposits due by a day that aren't paid in full, the earliest first.

    The number of questions doesn't grow with the deposits. Bookings whose channel takes the money
    and nights that are given away owe none.
    """
    found = [
        each for each in _unpaid(session, hotel, _agreed(session, hotel)) if each.due_on <= until
    ]
    return sorted(found, key=lambda each: (each.due_on, each.reservation.number))


def of_rooms(session: Session, hotel: Hotel, rooms: Iterable[Reservation]) -> dict[int, DepositDue]:
    """Return what each of these reservations still owes before it comes, by their ids."""
    theirs = Reservation.id.in_([each.id for each in rooms])
    found = _unpaid(session, hotel, _agreed(session, hotel, theirs))
    return {each.reservation.id: each for each in found}


def _unpaid(
    session: Session, hotel: Hotel, parties: list[tuple[Reservation, Policy]]
) -> list[DepositDue]:
    rooms = promised.promised(session, hotel, [party for party, _ in parties])
    held = _held(session, hotel, [party for party, _ in parties])
    nothing = Money.zero(hotel.currency)
    owed = [
        _owed(party, policy, room, held.get(party.number, nothing))
        for (party, policy), room in zip(parties, rooms, strict=True)
    ]
    return [each for each in owed if each is not None]


def of(
    session: Session, party: Reservation, policy: Policy | None, room: PromisedRoom
) -> DepositDue | None:
    """Return what a party still owes before it comes, by when; nothing where nothing is asked."""
    if policy is None or not _owes(party):
        return None
    return _owed(party, policy, room, settlements.deposit_held(session, party))


def _owes(party: Reservation) -> bool:
    return (
        party.state is State.BOOKED
        and party.purpose is Purpose.PAYING
        and party.collects is Collects.HOTEL
    )


def _owed(party: Reservation, policy: Policy, room: PromisedRoom, held: Money) -> DepositDue | None:
    terms = terms_of(policy)
    day = terms.deposit_due(party.booked_on, party.arrival)
    asked = terms.deposit.of([night.room for night in room.nights], room.currency)
    return DepositDue(party, day, asked, held) if day is not None and asked > held else None


def _agreed(
    session: Session, hotel: Hotel, *which: sa.ColumnElement[bool]
) -> list[tuple[Reservation, Policy]]:
    wanted = (
        sa.select(Reservation, Policy)
        .join(
            ReservationTerms,
            sa.and_(
                ReservationTerms.hotel_id == Reservation.hotel_id,
                ReservationTerms.reservation_id == Reservation.id,
            ),
        )
        .join(
            Policy,
            sa.and_(
                Policy.hotel_id == ReservationTerms.hotel_id,
                Policy.id == ReservationTerms.policy_id,
            ),
        )
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.purpose == Purpose.PAYING,
            Reservation.collects == Collects.HOTEL,
            Policy.deposit_by != By.NONE,
            *which,
        )
        .options(joinedload(Reservation.guest))
        .order_by(Reservation.arrival, Reservation.number)
        .limit(MOST_LISTED)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def _held(session: Session, hotel: Hotel, parties: list[Reservation]) -> dict[int, Money]:
    """Return what is held for each reservation's number, in two questions."""
    codes = {f"deposit/{party.number}": party.number for party in parties}
    rows = session.execute(
        sa.select(ledger.Account.id, ledger.Account.code).where(
            ledger.Account.hotel_id == hotel.id, ledger.Account.code.in_(codes)
        )
    )
    numbers: dict[int, int] = {row[0]: codes[row[1]] for row in rows}
    sums = ledger.balances(session, hotel, numbers)
    return {numbers[each]: Money(-minor, hotel.currency) for each, minor in sums.items()}
