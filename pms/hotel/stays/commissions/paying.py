"""Paying commissions: approved by agent and period, marked as paid, reversed with a reason.

The money goes by the house's bank, outside of the books; here stands what of it was paid, when
and under which reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock, new_id
from pms.base.money import Money, total
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.commissions.earning import earned
from pms.hotel.stays.commissions.tables import (
    CommissionLine,
    CommissionState,
    CommissionStatement,
)
from pms.hotel.stays.reservations.promise import Reservation

LONGEST_REFERENCE = 60


class NothingEarned(Refusal):
    """Each stay is approved once."""

    def __init__(self, agent: Company) -> None:
        super().__init__(f"{agent.name} earned nothing in those days that isn't approved already.")


class NotToBePaid(Refusal):
    """Only what is approved is paid, and only once."""

    def __init__(self, statement: CommissionStatement) -> None:
        super().__init__(
            f"Commission {statement.number} is {statement.state.value}. Look at it again."
        )


class ReversedBefore(Refusal):
    def __init__(self, statement: CommissionStatement) -> None:
        super().__init__(f"Commission {statement.number} is reversed already.")


@dataclass(frozen=True, slots=True)
class Stay:
    """A line of a statement with the booking it is for."""

    line: CommissionLine
    number: int
    guest: str
    arrival: date
    departure: date


def approve(
    session: Session, hotel: Hotel, agent: Company, *, first: date, last: date, by: Staff
) -> CommissionStatement:
    """Approve what an agent earned with stays that ended on those days and aren't approved yet.

    What is approved stays as it is, whatever is posted afterwards. Refuses when there is nothing.
    """
    require(by, Permission.PAY_COMMISSIONS, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, agent)
    stays = [
        each
        for each in earned(session, hotel, first, last, agent=agent, limit=10_000)
        if each.statement_id is None and each.amount.minor > 0
    ]
    if not stays:
        raise NothingEarned(agent)
    made = CommissionStatement(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        company_id=agent.id,
        number=numbers.next_number(session, hotel, "commission"),
        first=first,
        last=last,
        amount=total((each.amount for each in stays), hotel.currency).minor,
        state=CommissionState.APPROVED,
        approved_on=day,
        approved_by=by.id,
    )
    session.add(made)
    session.flush()
    session.add_all(
        CommissionLine(
            hotel_id=hotel.id,
            statement_id=made.id,
            reservation_id=each.reservation_id,
            revenue=each.revenue.minor,
            percent=each.percent,
            amount=each.amount.minor,
        )
        for each in stays
    )
    session.flush()
    logbook.record(
        session, "approved commission", made, by=by, day=day, agent=agent.code, first=first,
        last=last, stays=len(stays), amount=Money(made.amount, hotel.currency),
    )  # fmt: skip
    return made


def pay(
    session: Session,
    statement: CommissionStatement,
    *,
    paid_on: date,
    reference: str,
    by: Staff,
) -> CommissionStatement:
    """Mark a statement as paid, on a day and under a reference; refuses one that was, or isn't due.

    Refuses a day to come too.
    """
    require(by, Permission.PAY_COMMISSIONS, statement.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, statement.hotel_id))
    lock(session, statement)
    if statement.state is not CommissionState.APPROVED:
        raise NotToBePaid(statement)
    if paid_on > day or paid_on < statement.approved_on:
        raise Invalid("It was paid between its approval and today. Check the day.", field="paid_on")
    reference = reference.strip()
    if not reference or len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        raise Invalid("Write the reference of the payment.", field="reference")
    card_numbers.refuse(reference=reference)
    statement.state = CommissionState.PAID
    statement.paid_on, statement.reference = paid_on, reference
    statement.version += 1
    session.flush()
    logbook.record(
        session, "paid commission", statement, by=by, day=day, paid_on=paid_on,
        reference=reference,
    )  # fmt: skip
    return statement


def reverse(
    session: Session, statement: CommissionStatement, *, reason: str, by: Staff
) -> CommissionStatement:
    """Take a statement back, paid or not: its stays can be approved anew.

    What was paid is to be had back from the agent. Refuses one that was reversed.
    """
    require(by, Permission.PAY_COMMISSIONS, statement.hotel_id)
    folios.refuse_no_reason(reason)
    day = business_day.hold(session, session.get_one(Hotel, statement.hotel_id))
    lock(session, statement)
    if statement.state is CommissionState.REVERSED:
        raise ReversedBefore(statement)
    before = statement.state.value
    statement.state = CommissionState.REVERSED
    statement.reversed_on, statement.reason = day, reason.strip()
    statement.version += 1
    session.execute(
        sa.update(CommissionLine)
        .where(
            CommissionLine.hotel_id == statement.hotel_id,
            CommissionLine.statement_id == statement.id,
        )
        .values(live=False)
    )
    session.flush()
    logbook.record(
        session, "reversed commission", statement, by=by, day=day, why=reason,
        before={"state": before}, state=statement.state.value,
    )  # fmt: skip
    return statement


def of_period(
    session: Session, hotel: Hotel, first: date, last: date, *, limit: int = 200
) -> Sequence[CommissionStatement]:
    """Return the statements of stays that ended in those days, the newest first."""
    return session.scalars(
        sa.select(CommissionStatement)
        .where(
            CommissionStatement.hotel_id == hotel.id,
            CommissionStatement.first <= last,
            CommissionStatement.last >= first,
        )
        .order_by(CommissionStatement.number.desc())
        .limit(limit)
    ).all()


def stays_of(session: Session, statement: CommissionStatement) -> list[Stay]:
    """Return the stays of a statement, by departure: one question."""
    rows = session.execute(
        sa.select(
            CommissionLine,
            Reservation.number,
            Guest.given_name,
            Guest.surname,
            Reservation.arrival,
            Reservation.departure,
        )
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == CommissionLine.hotel_id,
                Reservation.id == CommissionLine.reservation_id,
            ),
        )
        .join(
            Guest,
            sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id),
        )
        .where(
            CommissionLine.hotel_id == statement.hotel_id,
            CommissionLine.statement_id == statement.id,
        )
        .order_by(Reservation.departure, Reservation.number)
    )
    return [
        Stay(line, number, f"{given} {surname}".strip(), arrival, departure)
        for line, number, given, surname, arrival, departure in rows
    ]
