"""Desk charges: what is posted by hand, or by a till, bears the taxes of who sleeps there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import billing
from pms.hotel.stays.reservations import agreed
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Rule, Slept, TaxedAmount

MOST_PERSONS = 999


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a charge would come to, and who its taxes would be due of."""

    taxed: TaxedAmount
    slept: Slept
    nights: int


def charge(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money | None = None,
    quantity: int = 1,
    persons: int | None = None,
    reference: str | None = None,
    window: int | None = None,
    key: str | None = None,
    by: Staff,
) -> Entry:
    """Put something on a bill; taxes by head and night are due as the audit would charge them.

    They are of the party's adults and children tonight (on its first night before it comes, on its
    last when it leaves), or of so many `persons`, adults all; one person where nobody sleeps. A
    night's charge is about its stay, so that a tax the stay grows out of goes back. Refuses what
    `folios.charge` refuses.
    """
    day = business_day.hold(session, session.get_one(Hotel, folio.hotel_id))
    rules = folios.rules_of(session, code, day)
    party = _sleeps(session, folio, rules)
    return folios.charge(
        session,
        folio,
        code=code,
        amount=amount,
        quantity=quantity,
        slept=_slept(session, party, day, persons),
        reference=reference,
        window=window,
        key=key,
        subject_id=_of_stay(party, rules),
        by=by,
    )


def foresee(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money | None = None,
    quantity: int = 1,
    persons: int | None = None,
) -> Foreseen:
    """Return what a charge would come to; nothing is written. Refuses as `charge` does."""
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.today(session, hotel)
    rules = folios.rules_of(session, code, day)
    slept = _slept(session, _sleeps(session, folio, rules), day, persons)
    each = folios.price_of(hotel, code, amount, quantity)
    nights = quantity if taxes.counts_nights(rules) else 1
    return Foreseen(folios.taxes_on(each, quantity, rules, slept), slept, nights)


def sleeping(session: Session, folio: Folio) -> Slept | None:
    """Return who sleeps there tonight of the party a bill is for, if it is for one."""
    party = billing.party_of(session, folio)
    if party is None:
        return None
    hotel = session.get_one(Hotel, folio.hotel_id)
    return _slept(session, party, business_day.today(session, hotel), None)


def _sleeps(session: Session, folio: Folio, rules: Sequence[Rule]) -> Reservation | None:
    """Return the party a bill is for, where the taxes of a charge mind who sleeps."""
    if not (taxes.asks_heads(rules) or taxes.counts_nights(rules)):
        return None
    return billing.party_of(session, folio)


def _of_stay(party: Reservation | None, rules: Sequence[Rule]) -> int | None:
    """Return the stay that a night's charge is about, of a party in house."""
    if party is None or party.state is not State.IN_HOUSE or not taxes.counts_nights(rules):
        return None
    return party.id


def _slept(session: Session, party: Reservation | None, day: date, persons: int | None) -> Slept:
    if persons is not None and not 1 <= persons <= MOST_PERSONS:
        raise Invalid(f"1 to {MOST_PERSONS} persons.", field="persons")
    if party is None:
        return Slept(persons or 1)
    night = max(party.arrival, min(day, party.departure - dates.ONE_DAY))
    night_no = (night - party.arrival).days + 1
    if persons is not None:
        return Slept(persons, (), night_no)
    hotel = session.get_one(Hotel, party.hotel_id)
    adults = session.scalar(
        sa.select(ReservationNight.adults).where(
            ReservationNight.hotel_id == party.hotel_id,
            ReservationNight.reservation_id == party.id,
            ReservationNight.night == night,
        )
    )
    children = agreed.children_by_night(session, hotel, {party.id}, {night})
    return Slept(adults or party.adults, children.get((party.id, night), ()), night_no)
