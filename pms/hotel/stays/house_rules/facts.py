"""What is found of a party at the desk: each check looks at one thing and says it in a sentence."""

from collections.abc import Callable, Collection
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
    promised,
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
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations import agreed
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
    """A party at the desk on a business day: to come, with the room in question, or to leave.

    What is asked of it is read once, whoever asks.
    """

    session: Session
    reservation: Reservation
    day: date
    room: Room | None = None
    stay: Stay | None = None

    @cached_property
    def hotel(self) -> Hotel:
        """The hotel the desk is in."""
        return self.session.get_one(Hotel, self.reservation.hotel_id)

    @cached_property
    def rules(self) -> Rules:
        """What the house asks for, and how strictly."""
        return setting.read(self.session, self.hotel)

    @cached_property
    def members(self) -> list[Member]:
        """The guests of the party, with their documents."""
        return parties.members(self.session, self.reservation)

    @cached_property
    def is_signed(self) -> bool:
        """Whether the registration card is signed."""
        return registration.of(self.session, self.reservation) is not None

    @cached_property
    def deposit(self) -> Money:
        """What is held for the party before it comes."""
        return settlements.deposit_held(self.session, self.reservation)

    @cached_property
    def promised(self) -> PromisedRoom:
        """What the stay comes to, night by night."""
        return promised.promised(self.session, self.hotel, [self.reservation])[0]

    def facts(self, only: Collection[Severity] = (Severity.BLOCKS, Severity.WARNS)) -> list[Fact]:
        """Return what is found of the party, what blocks first.

        Looks only for what is as strict as `only`: a house that blocks nothing asks one question.
        """
        facts = []
        for check in Check:
            if (check in LEAVING) is (self.stay is None):
                continue
            severity = self.rules.of(check)
            says = _LOOKS[check](self) if severity in only else None
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
    return None if desk.is_signed else "The registration card isn't signed."


def _guarantee(desk: Desk) -> str | None:
    party = desk.reservation
    sure = (
        party.guarantee is not Guarantee.NONE
        or party.collects is Collects.CHANNEL
        or party.purpose is not Purpose.PAYING
        or desk.deposit
    )
    return None if sure else "Nothing guarantees the payment."


def _deposit(desk: Desk) -> str | None:
    policy = agreed.policy_of(desk.session, desk.reservation)
    if policy is None:
        return None
    due = deposits_due.of(desk.session, desk.reservation, policy, desk.promised)
    if due is None or due.due_on > desk.day:
        return None
    return f"{due.missing.said} of the deposit is still to be paid."


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
    return f"{sum(owing[1:], owing[0]).said} is open of an earlier stay."


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
    said = ", ".join(f"window {no} {owed.said}" for no, owed in sorted(open_windows.items()))
    return f"The folio isn't settled: {said}."


def _late_fee(desk: Desk) -> str | None:
    due = hour_fees.of_stay(desk.session, desk.stay, Hour.LATE) if desk.stay else None
    return f"{due.says} ({due.amount.said}), neither charged nor waived." if due else None


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
