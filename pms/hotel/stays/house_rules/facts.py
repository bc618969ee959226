"""What is found of a party at the desk: each check looks at one thing and says it in a sentence."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books.folios import Folio, FolioState, standing
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays import (
    alerts,
    deposits_due,
    hour_fees,
    keys,
    parties,
    registration,
    settlements,
    traces,
)
from pms.hotel.stays.alerts import Area
from pms.hotel.stays.hour_fees import Hour
from pms.hotel.stays.house_rules import setting
from pms.hotel.stays.house_rules.setting import Rules
from pms.hotel.stays.house_rules.tables import LEAVING, Check, Severity
from pms.hotel.stays.parties import Member
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations.promise import (
    Collects,
    Guarantee,
    Purpose,
    Reservation,
    State,
)

MOST_STAYS = 100


@dataclass(frozen=True, slots=True)
class Fact:
    """What a check found, and how strict the house is about it."""

    check: Check
    severity: Severity
    says: str


@dataclass(frozen=True)
class Desk:
    """A party at the desk on a business day: to come, with the room in question, or to leave."""

    session: Session
    hotel: Hotel
    reservation: Reservation
    rules: Rules
    day: date
    room: Room | None = None
    stay: Stay | None = None

    @cached_property
    def members(self) -> list[Member]:
        """The guests of the party, with their documents."""
        return parties.members(self.session, self.reservation)


def at_arrival(
    session: Session,
    reservation: Reservation,
    *,
    room: Room | None,
    day: date,
    only: Collection[Severity] = (Severity.BLOCKS, Severity.WARNS),
) -> list[Fact]:
    """Return what is found of a party that comes, what blocks first.

    Looks only for what is as strict as `only`: a house that blocks nothing asks one question.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    rules = setting.read(session, hotel)
    desk = Desk(session, hotel, reservation, rules, day, room=room)
    return _found(desk, (check for check in Check if check not in LEAVING), only)


def at_departure(
    session: Session,
    stay: Stay,
    *,
    day: date,
    only: Collection[Severity] = (Severity.BLOCKS, Severity.WARNS),
) -> list[Fact]:
    """Return what is found of a party that leaves, what blocks first."""
    hotel = session.get_one(Hotel, stay.hotel_id)
    rules = setting.read(session, hotel)
    desk = Desk(session, hotel, stay.reservation, rules, day, stay=stay)
    return _found(desk, LEAVING, only)


def _found(desk: Desk, checks: Iterable[Check], only: Collection[Severity]) -> list[Fact]:
    facts = []
    for check in checks:
        severity = desk.rules.of(check)
        says = _LOOKS[check](desk) if severity in only else None
        if says is not None:
            facts.append(Fact(check, severity, says))
    return sorted(facts, key=lambda fact: fact.severity is not Severity.BLOCKS)


# --- coming ---------------------------------------------------------------------------------------


def _unwanted(desk: Desk) -> str | None:
    guest = desk.reservation.guest
    return f"{guest.name} isn't wanted here: {guest.unwanted_why}" if guest.unwanted_why else None


def _document(desk: Desk) -> str | None:
    seen = len([each for each in desk.members if each.document is not None])
    heads = parties.heads(desk.reservation)
    return f"{seen} of {heads} guests have shown a document." if seen < heads else None


def _contact(desk: Desk) -> str | None:
    guest = desk.reservation.guest
    known = guest.email or guest.phone
    return None if known else f"{guest.name} has left no mail and no telephone."


def _age(desk: Desk) -> str | None:
    paper = next((each.document for each in desk.members if each.booked), None)
    if paper is None or paper.birth_date is None:
        return None
    age = _years(paper.birth_date, desk.day)
    if age >= desk.rules.least_age:
        return None
    return f"{desk.reservation.guest.name} is {age}; the house asks {desk.rules.least_age}."


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _card(desk: Desk) -> str | None:
    signed = registration.of(desk.session, desk.reservation)
    return None if signed else "The registration card isn't signed."


def _guarantee(desk: Desk) -> str | None:
    party = desk.reservation
    sure = (
        party.guarantee is not Guarantee.NONE
        or party.collects is Collects.CHANNEL
        or party.purpose is not Purpose.PAYING
        or settlements.deposit_held(desk.session, party)
    )
    return None if sure else "Nothing guarantees the payment."


def _deposit(desk: Desk) -> str | None:
    due = deposits_due.due_of(desk.session, desk.hotel, desk.reservation, until=desk.day)
    return f"{_said(due.missing)} of the deposit is still to be paid." if due else None


def _other_balance(desk: Desk) -> str | None:
    """Look at the stays of the guest who booked that were left owing."""
    party = desk.reservation
    ids = desk.session.scalars(
        sa.select(Reservation.folio_id)
        .join(
            Folio, sa.and_(Folio.hotel_id == Reservation.hotel_id, Folio.id == Reservation.folio_id)
        )
        .where(
            Reservation.hotel_id == party.hotel_id,
            Reservation.guest_id == party.guest_id,
            Reservation.id != party.id,
            Reservation.state == State.DEPARTED,
            Folio.state == FolioState.OPEN,
        )
        .limit(MOST_STAYS)
    )
    owed = standing.balances(desk.session, desk.hotel, {each for each in ids if each})
    owing = [balance for balance in owed.values() if balance.minor > 0]
    if not owing:
        return None
    return f"{_said(sum(owing[1:], owing[0]))} is open of an earlier stay."


def _inspected(desk: Desk) -> str | None:
    room = desk.room
    if room is None or room.condition is not Condition.CLEAN:
        return None
    return f"Room {room.number} is clean, but nobody inspected it."


def _vip_room(desk: Desk) -> str | None:
    room = desk.room
    if not desk.reservation.guest.vip or room is None or room.condition is Condition.INSPECTED:
        return None
    return f"A VIP's room {room.number} wasn't looked over."


def _alert(desk: Desk) -> str | None:
    return _first_of(
        [each.words for each in alerts.standing(desk.session, desk.reservation, Area.CHECK_IN)],
        "alert",
    )


def _trace(desk: Desk) -> str | None:
    still = traces.to_do(desk.session, desk.reservation, until=desk.day)
    return _first_of([each.words for each in still], "trace")


# --- leaving --------------------------------------------------------------------------------------


def _owing(desk: Desk) -> str | None:
    open_windows = settlements.open_balances(desk.session, desk.reservation)
    if not open_windows:
        return None
    said = ", ".join(f"window {no} {_said(owed)}" for no, owed in sorted(open_windows.items()))
    return f"The folio isn't settled: {said}."


def _late_fee(desk: Desk) -> str | None:
    due = hour_fees.of_stay(desk.session, desk.stay, Hour.LATE) if desk.stay else None
    return f"{due.says} ({_said(due.amount)}), neither charged nor waived." if due else None


def _keys_out(desk: Desk) -> str | None:
    if desk.stay is None:
        return None
    out = len([key for key in keys.of_stay(desk.session, desk.stay) if key.state.opens])
    return f"{out} {'key' if out == 1 else 'keys'} to ask for." if out else None


def _alert_out(desk: Desk) -> str | None:
    return _first_of(
        [each.words for each in alerts.standing(desk.session, desk.reservation, Area.CHECK_OUT)],
        "alert",
    )


def _first_of(words: list[str], noun: str) -> str | None:
    """Say the first of several, and how many more there are."""
    if not words:
        return None
    more = f" ({len(words) - 1} more)" if len(words) > 1 else ""
    return f"Open {noun}: {words[0].rstrip('.')}{more}."


def _said(amount: Money) -> str:
    return f"{amount.currency} {amount}"


_LOOKS: dict[Check, Callable[[Desk], str | None]] = {
    Check.UNWANTED: _unwanted,
    Check.DOCUMENT: _document,
    Check.CONTACT: _contact,
    Check.AGE: _age,
    Check.CARD: _card,
    Check.GUARANTEE: _guarantee,
    Check.DEPOSIT: _deposit,
    Check.OTHER_BALANCE: _other_balance,
    Check.INSPECTED: _inspected,
    Check.VIP_ROOM: _vip_room,
    Check.ALERT: _alert,
    Check.TRACE: _trace,
    Check.OWING: _owing,
    Check.LATE_FEE: _late_fee,
    Check.KEYS_OUT: _keys_out,
    Check.ALERT_OUT: _alert_out,
    Check.TRACE_OUT: _trace,
}
