"""Commissions: what agents earned with the stays that ended in a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.folios import FolioWindow
from pms.hotel.books.ledger import Account, Entry, Kind, Ledger, Line
from pms.hotel.guests.agreements import Agreement, Party
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.commissions.tables import CommissionLine
from pms.hotel.stays.groups.tables import GroupTerms
from pms.hotel.stays.night_charges import DAY_USE, ROOM
from pms.hotel.stays.reservations.promise import Reservation, State


@dataclass(frozen=True)
class Commission:
    """What one stay earns its agent: a share of the room revenue that was kept, without its taxes.

    `statement_id` is where it is approved, if it is.
    """

    agent_id: int
    agent: str
    code: str
    reservation_id: int
    number: int
    guest: str
    arrival: date
    departure: date
    percent: int
    revenue: Money
    amount: Money
    statement_id: int | None


def earned(
    session: Session,
    hotel: Hotel,
    first: date,
    last: date,
    *,
    agent: Company | None = None,
    limit: int = 1000,
) -> list[Commission]:
    """Return what stays that departed on those days earn, by agent and departure: one question.

    The agent is the group's, or else whom the stay was booked for; the agreement that held on the
    day of arrival counts. Only what stands posted counts, so nothing is paid that wasn't charged;
    what adjustments gave back of the room, or added to it, counts too.
    """
    rows: Iterable[Any] = session.execute(
        _departed_by_agent(hotel)
        .where(
            Reservation.departure.between(first, last),
            sa.true() if agent is None else Company.id == agent.id,
        )
        .order_by(Company.name, Reservation.departure, Reservation.number)
        .limit(limit)
    )
    return [_earned(hotel, *row) for row in rows]


def _departed_by_agent(hotel: Hotel) -> sa.Select[*tuple[Any, ...]]:
    """Ask for departed stays with the agent whose agreement held on their day of arrival."""
    agent_id = sa.func.coalesce(GroupTerms.agent_id, Reservation.company_id)
    return (
        sa.select(
            Company.id, Company.name, Company.code, Reservation.id, Reservation.number,
            Guest.given_name, Guest.surname, Reservation.arrival, Reservation.departure,
            Agreement.commission, _room_revenue(hotel), CommissionLine.statement_id,
        )
        .select_from(Reservation)
        .join(Guest, sa.and_(Guest.chain_id == Reservation.chain_id,
                             Guest.id == Reservation.guest_id))
        .outerjoin(GroupTerms, sa.and_(GroupTerms.hotel_id == Reservation.hotel_id,
                                       GroupTerms.group_id == Reservation.group_id))
        .join(Agreement, sa.and_(
            Agreement.hotel_id == Reservation.hotel_id,
            Agreement.company_id == agent_id,
            Agreement.party == Party.AGENT,
            Agreement.commission > 0,
            Agreement.first <= Reservation.arrival,
            Agreement.until >= Reservation.arrival,
        ))
        .join(Company, sa.and_(Company.chain_id == Agreement.chain_id,
                               Company.id == Agreement.company_id))
        .outerjoin(CommissionLine, sa.and_(CommissionLine.hotel_id == Reservation.hotel_id,
                                           CommissionLine.reservation_id == Reservation.id,
                                           CommissionLine.live))
        .where(Reservation.hotel_id == hotel.id, Reservation.state == State.DEPARTED)
    )  # fmt: skip


def _room_revenue(hotel: Hotel) -> sa.ColumnElement[int]:
    """Return what stands of a stay's rooms, without taxes and adjusted, beside its reservation.

    An adjustment counts that concerns a night of the stay, on whatever bill, or that names no line
    but stands on the stay's own bill, of a charge code that its nights were charged by.
    """
    nights, charged = aliased(Entry), aliased(Line)
    of_the_room = (
        nights.hotel_id == hotel.id,
        nights.subject_id == Reservation.id,
        nights.rule.in_([ROOM, DAY_USE]),
    )
    codes = (
        sa.select(charged.charge_code_id)
        .join(nights, sa.and_(nights.hotel_id == charged.hotel_id, nights.id == charged.entry_id))
        .where(*of_the_room)
        .correlate(Reservation)
    )
    put = aliased(Line)
    on_own_bill = (
        sa.select(put.entry_id)
        .join(
            FolioWindow,
            sa.and_(FolioWindow.hotel_id == put.hotel_id, FolioWindow.account_id == put.account_id),
        )
        .where(
            FolioWindow.hotel_id == hotel.id,
            FolioWindow.folio_id == Reservation.folio_id,
        )
        .correlate(Reservation)
    )
    is_adjustment = Entry.kind == Kind.ADJUSTMENT
    posted = _revenue(hotel, Entry.subject_id == Reservation.id, Entry.rule.in_([ROOM, DAY_USE]))
    named = _revenue(
        hotel,
        is_adjustment,
        Entry.concerns_id.in_(sa.select(nights.id).where(*of_the_room).correlate(Reservation)),
    )
    unnamed = _revenue(
        hotel,
        is_adjustment,
        Entry.concerns_id.is_(None),
        Entry.id.in_(on_own_bill),
        Line.charge_code_id.in_(codes),
    )
    return posted + named + unnamed


def _revenue(hotel: Hotel, *of: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """Return what stands posted as revenue by some entries, beside the reservation they are of."""
    return (
        sa.select(sa.func.coalesce(-sa.func.sum(Line.amount), 0))
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            *of,
            ledger.standing(),
            Account.ledger == Ledger.REVENUE,
        )
        .correlate(Reservation)
        .scalar_subquery()
    )


def _earned(
    hotel: Hotel, agent_id: int, agent: str, code: str, reservation_id: int, number: int,
    given_name: str, surname: str, arrival: date, departure: date, percent: int, revenue: int,
    statement_id: int | None,
) -> Commission:  # fmt: skip
    base = Money(int(revenue), hotel.currency)
    share = base.percent(Decimal(percent) / 100)  # hundredths of a percent
    name = f"{given_name} {surname}".strip()
    return Commission(
        agent_id, agent, code, reservation_id, number, name, arrival, departure, percent, base,
        share, statement_id,
    )  # fmt: skip
