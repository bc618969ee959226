"""The dry run: what the audit would post, found by posting it and taking it all back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books.ledger import Account, Entry, Ledger, Line
from pms.hotel.close.night_audit.choices import Decisions, Rules, chosen
from pms.hotel.close.night_audit.options import run_out
from pms.hotel.close.night_audit.tables import Choice
from pms.hotel.house import business_day, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import night_charges
from pms.hotel.stays.fees import ReservationFee
from pms.hotel.stays.reservations import Reservation


@dataclass(frozen=True)
class Posting:
    """One charge that the audit would post."""

    reservation: int
    night: date
    rule: str
    text: str
    net: Money
    taxes: Money

    @property
    def gross(self) -> Money:
        """What the guest would owe."""
        return self.net + self.taxes


@dataclass(frozen=True)
class Settled:
    """A party that the audit would settle, and how; None is an option that ran out."""

    number: int
    name: str
    choice: Choice | None


@dataclass(frozen=True)
class Preview:
    """What the audit would do to the open day, and to whom."""

    day: date
    settled: tuple[Settled, ...]
    arrivals: tuple[int, ...]
    departures: tuple[int, ...]
    postings: tuple[Posting, ...]
    net: Money
    taxes: Money


class _TakeBack(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays."""


def dry_run(session: Session, hotel: Hotel, *, by: Staff, rules: Rules | None = None) -> Preview:
    """Return what the audit would decide and post now; changes nothing."""
    require(by, Permission.AUDIT, hotel.id)
    found: list[Preview] = []
    try:
        with transaction(session):
            found.append(_try(session, hotel, by, rules or Rules()))
            raise _TakeBack
    except _TakeBack:
        return found[0]


def _try(session: Session, hotel: Hotel, by: Staff, rules: Rules) -> Preview:
    day = business_day.take_alone(session, hotel)  # many deeds at once: see steps._within_a_turn
    before = session.scalar(sa.select(sa.func.max(Entry.id)).where(Entry.hotel_id == hotel.id))
    decisions = Decisions(hotel, day, rules, by, staff.the_house(session, hotel))
    said = chosen(session, hotel, day)
    ended = list(run_out(session, hotel, day, by=decisions.house))  # so they are no arrivals
    settled = _options(session, hotel, ended)
    came = list(decisions.arrivals(session))
    settled += [_as_settled(each, said.get(each.id, rules.arrivals)) for each in came]
    left = [stay.reservation for stay in decisions.departures(session)]
    settled += [_as_settled(each, said.get(each.id, rules.due_outs)) for each in left]
    arrivals = tuple(each.number for each in came)
    departures = tuple(each.number for each in left)
    due = night_charges.due(session, hotel, day)
    night_charges.post(session, hotel, due, by=decisions.house)
    session.flush()
    postings = tuple(_posted_since(session, hotel, day, before or 0))
    return Preview(
        day,
        tuple(settled),
        arrivals,
        departures,
        postings,
        Money(sum(each.net.minor for each in postings), hotel.currency),
        Money(sum(each.taxes.minor for each in postings), hotel.currency),
    )


def _options(session: Session, hotel: Hotel, numbers: list[int]) -> list[Settled]:
    """Return the parties whose options ran out, by name."""
    parties = session.scalars(
        sa.select(Reservation)
        .where(Reservation.hotel_id == hotel.id, Reservation.number.in_(numbers))
        .options(joinedload(Reservation.guest))
        .order_by(Reservation.number)
    )
    return [Settled(each.number, each.guest.name, None) for each in parties]


def _as_settled(party: Reservation, choice: Choice | None) -> Settled:
    if choice is Choice.EXTEND and party.is_day_use:
        choice = Choice.CHECK_OUT_WITH_BALANCE  # nobody stays on after a room for the day
    return Settled(party.number, party.guest.name, choice)


def _posted_since(session: Session, hotel: Hotel, day: date, before: int) -> list[Posting]:
    """Return what was posted since an entry: nights with all that is on them, and fees."""

    def owed(of_ledger: Ledger) -> Any:
        return -sa.func.sum(sa.case((Account.ledger == of_ledger, Line.amount), else_=0))

    fees = sa.select(ReservationFee.entry_id).where(
        ReservationFee.hotel_id == hotel.id, ReservationFee.day == day
    )
    rows = session.execute(
        sa.select(
            Reservation.number,
            Entry.service_night,
            Entry.rule,
            Entry.text,
            owed(Ledger.REVENUE),
            owed(Ledger.TAX),
        )
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Entry.hotel_id, Reservation.id == Entry.subject_id),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.id > before,
            sa.or_(Entry.service_night.is_not(None), Entry.id.in_(fees)),
        )
        .group_by(Reservation.number, Entry.service_night, Entry.rule, Entry.text, Entry.id)
        .order_by(Reservation.number, Entry.rule)
    )
    return [
        Posting(
            number,
            night or day,
            rule or "",
            text,
            Money(int(net), hotel.currency),
            Money(int(taxed), hotel.currency),
        )
        for number, night, rule, text, net, taxed in rows
    ]
