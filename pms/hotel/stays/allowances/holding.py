"""Holding: which allowances hold for a party on a day, and what is left of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Entry
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.packaging import Element, Span
from pms.hotel.rooms.pricing import Party
from pms.hotel.stays.allowances.tables import AllowanceUse
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.reservations.packages import Agreed, Whose, elements, of_night
from pms.hotel.stays.reservations.promise import Reservation


@dataclass(frozen=True, slots=True)
class Left:
    """An allowance that holds on a day: since when, how far it goes, and what is used of it."""

    no: int
    element: Element
    since: date
    allowed: Money
    used: Money

    @property
    def left(self) -> Money:
        """What may still be consumed."""
        return max(self.allowed - self.used, Money.zero(self.allowed.currency))


def of_day(session: Session, party: Reservation, day: date) -> list[Left]:
    """Return the allowances that hold for a party on a day: those of the day, then of the stay.

    A day's is that of the night that follows it, so the day of departure has none; a stay's holds
    until the party leaves.
    """
    hotel = session.get_one(Hotel, party.hotel_id)
    agreed = [
        each
        for each in elements(session, hotel, [party.id]).get(party.id, [])
        if each.element.allowance is not None
    ]
    if not agreed:
        return []
    nights = [night for night in of_nights.read(session, party) if night.live]
    used = _used(session, party)
    found = []
    for each in agreed:
        began = _began(each, party, nights, day)
        if began is not None:
            minor = each.element.allows(Party(began.adults))
            allowed = Money(minor, hotel.currency)
            taken = Money(used.get((each.no, began.night), 0), hotel.currency)
            found.append(Left(each.no, each.element, began.night, allowed, taken))
    return sorted(found, key=lambda left: (_span(left.element), left.no))


def _span(element: Element) -> Span:
    return element.allowance.span if element.allowance else Span.DAY


def _began(agreed: Agreed, party: Reservation, nights: Iterable[Night], day: date) -> Night | None:
    """Return the night an allowance that holds on a day began with: that day's, or its first."""
    of_the_day = _span(agreed.element) is Span.DAY
    whose = Whose.made_of(party)
    for night in nights:
        if night.night > day or (of_the_day and night.night != day):
            continue
        if of_night(
            [agreed],
            whose,
            night=night.night,
            plan_id=night.plan_id,
            price=night.price,
            adults=night.adults,
        ):
            return night
    return None


def _used(session: Session, party: Reservation) -> dict[tuple[int, date], int]:
    """Return what stands as used, by the number of the package and the day it began."""
    rows = session.execute(
        sa.select(AllowanceUse.no, AllowanceUse.since, sa.func.sum(AllowanceUse.amount))
        .join(
            Entry,
            sa.and_(Entry.hotel_id == AllowanceUse.hotel_id, Entry.id == AllowanceUse.entry_id),
        )
        .where(
            AllowanceUse.hotel_id == party.hotel_id,
            AllowanceUse.reservation_id == party.id,
            ledger.standing(),
        )
        .group_by(AllowanceUse.no, AllowanceUse.since)
    )
    return {(no, since): int(amount) for no, since, amount in rows}
