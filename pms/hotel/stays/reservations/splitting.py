"""Splitting: who of those that share a room pays how much of its price."""

import enum
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.pricing import Party
from pms.hotel.stays.reservations import agreed
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.booking import sharers_of
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.reservations.pricing import price
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.reservations.refusals import SharesNot

SHARED = "Shared with"


class Share(enum.StrEnum):
    """Each pays a price of their own, the first pays for the room, or all pay a part of it."""

    FULL = "full"
    FIRST = "first"
    SPLIT = "split"

    @property
    def words(self) -> str:
        """What it means, in words."""
        return _WORDS[self]


_WORDS = {
    Share.FULL: "Each the full rate",
    Share.FIRST: "The first the whole, the others nothing",
    Share.SPLIT: "The rate of the room, split among them",
}


def split_rate(
    session: Session, host: Reservation, share: Share, *, by: Staff
) -> list[Reservation]:
    """Let those who share a room pay for it as said, for the nights to come; return who they are.

    The room's price is what its holder's plan (or group) asks for all who share it that night, and
    is shared to the cent among those who are there. Past nights keep their price. Refuses a party
    that shares with nobody.
    """
    hotel = session.get_one(Hotel, host.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, host)
    mates = [each for each in sharers_of(session, host) if _lives(each)]
    if host.shares_with_id is not None or not mates or not _lives(host):
        raise SharesNot("nobody shares with this party; choose the one that holds the room")
    parties = [host, *(lock(session, mate) for mate in mates)]
    alone = _asked(session, hotel, host, day, by)
    whole = _asked(session, hotel, host, day, by, party=_all(session, parties))
    before = {party.id: of_nights.read(session, party) for party in parties}
    parts = _parts(hotel, parties, before, (alone, whole), share, day)
    for party in parties:
        own = _asked(session, hotel, party, day, by) if share is Share.FULL else {}
        after = [
            _priced(night, own or parts[party.id], share, host) if _to_come(night, day) else night
            for night in before[party.id]
        ]
        of_nights.rewrite(session, hotel, party, before[party.id], after, day=day)
        party.version += 1
        session.flush()
        session.expire(party, ["nights"])
        logbook.record(
            session, "shared the rate", party, by=by, day=day, way=share.value,
            room_of=host.number, total=Money(sum(n.price for n in after if n.live), hotel.currency),
        )  # fmt: skip
    return parties


def _lives(party: Reservation) -> bool:
    return party.state in {State.BOOKED, State.IN_HOUSE}


def _to_come(night: Night, day: date) -> bool:
    return night.live and night.slot is Slot.NIGHT and night.night >= day


def _all(session: Session, parties: Sequence[Reservation]) -> Party:
    """Return all who share a room as one party."""
    ages = [age for party in parties for age in agreed.read(session, party)[1]]
    heads = (sum(party.adults for party in parties), sum(party.children for party in parties))
    return Party(*heads, tuple(sorted(ages)))


def _asked(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    day: date,
    by: Staff,
    *,
    party: Party | None = None,
) -> dict[date, Night]:
    """Return the nights to come as the plan asks for them, of the reservation or of a `party`."""
    first = max(reservation.arrival, day)
    if first >= reservation.departure:
        return {}
    _, ages = agreed.read(session, reservation)
    fresh, _ = price(
        session, hotel, reservation, room_type=reservation.room_type, plan=reservation.plan,
        arrival=first, departure=reservation.departure, ages=ages, rate=None, by=by, party=party,
    )  # fmt: skip
    return {night.night: night for night in fresh}


def _parts(
    hotel: Hotel,
    parties: Sequence[Reservation],
    before: dict[int, list[Night]],
    prices: tuple[dict[date, Night], dict[date, Night]],
    share: Share,
    day: date,
) -> dict[int, dict[date, Night]]:
    """Return what each pays of every night, among those who are there that night.

    `prices` are the room's for its holder alone, and for all who share it.
    """
    alone, whole = prices
    parts: dict[int, dict[date, Night]] = {party.id: {} for party in parties}
    for date_of in whole:
        there = [
            party.id
            for party in parties
            if any(n.night == date_of and _to_come(n, day) for n in before[party.id])
        ]
        asked = whole[date_of] if len(there) > 1 else alone[date_of]
        weights = [1] * len(there)
        if share is Share.FIRST:
            weights = [1] + [0] * (len(there) - 1)
        amounts = Money(asked.price, hotel.currency).split(weights) if there else []
        for party_id, amount in zip(there, amounts, strict=True):
            parts[party_id][date_of] = replace(asked, price=amount.minor)
    return parts


def _priced(night: Night, asked: dict[date, Night], share: Share, host: Reservation) -> Night:
    fresh = asked.get(night.night)
    if fresh is None:
        return night
    reason = fresh.manual_reason if share is Share.FULL else f"{SHARED} {host.number}"
    return replace(night, price=fresh.price, manual_reason=reason)
