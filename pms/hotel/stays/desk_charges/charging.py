"""Charging by hand: what is asked for, what the audit would charge too, and who sleeps there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio, OfNight
from pms.hotel.books.ledger import Entry
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays import billing, night_charges
from pms.hotel.stays.desk_charges.refusals import (
    AgreedOtherwise,
    AuditCharges,
    NothingDueTonight,
    NotItsNight,
    OneNightAtATime,
    Tonight,
)
from pms.hotel.stays.night_charges import ROOM, Charge
from pms.hotel.stays.reservations import agreed
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Rule, Slept, TaxedAmount

MOST_PERSONS = 999
BY_HAND = "hand:"  # the rule of a night's charge that the audit didn't make


_WILL_BE_CHARGED = frozenset({State.BOOKED, State.IN_HOUSE})


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a charge would come to, and who its taxes would be due of.

    `by_audit` is what the audit will charge for that night as well.
    """

    taxed: TaxedAmount
    slept: Slept
    nights: int
    by_audit: Money | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A charge that is asked for: of which party and night, under which taxes."""

    hotel: Hotel
    folio: Folio
    code: ChargeCode
    day: date
    party: Reservation | None
    night: date
    rules: Sequence[Rule]
    slept: Slept
    amount: Money | None

    @property
    def by_night(self) -> bool:
        """Whether its taxes are by night."""
        return taxes.counts_nights(self.rules)


def charge(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money | None = None,
    quantity: int = 1,
    persons: int | None = None,
    night: date | None = None,
    tonight: Tonight | None = None,
    reference: str | None = None,
    window: int | None = None,
    key: str | None = None,
    by: Staff,
) -> Entry:
    """Put something on a bill; taxes by head and night are due as the audit would charge them.

    They are of the party's adults and children that `night` (tonight; its first night before it
    comes, its last when it leaves), or of so many `persons`, adults all; one person where nobody
    sleeps. What the room is charged with costs that night's price, unless an amount is said. A
    night's charge is about its stay, so that a tax the stay grows out of goes back.

    Refuses several nights of a stay at once and nights to come, what the audit will charge too
    unless it is said what this is (`tonight`), and what `folios.charge` refuses.
    """
    require(by, Permission.POST, folio.hotel_id)
    asked = _asked(session, folio, code, amount, quantity, persons, night, hold=True)
    due = _still_due(session, asked)
    if tonight is Tonight.ITS_NIGHT:
        _refuse_own_terms(amount=amount, persons=persons, window=window)
        return _charge_tonight(session, asked, due, by=by)
    if due and tonight is None and not ledger.is_posted(session, asked.hotel, key):
        raise _audit_charges(asked, due)
    return folios.charge(
        session,
        folio,
        code=code,
        amount=asked.amount,
        quantity=quantity,
        slept=asked.slept,
        of_night=_of_night(asked, night, key),
        reference=reference,
        window=window,
        key=key,
        subject_id=_of_stay(asked, night),
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
    night: date | None = None,
    tonight: Tonight | None = None,
) -> Foreseen:
    """Return what a charge would come to; nothing is written.

    Refuses as `charge` does, but that the audit charges it too is only told.
    """
    asked = _asked(session, folio, code, amount, quantity, persons, night)
    due = _still_due(session, asked)
    if tonight is Tonight.ITS_NIGHT:
        _refuse_own_terms(amount=amount, persons=persons)
        _refuse_not_due(asked, due)
        return Foreseen(taxes.together([each.taxed for each in due]), asked.slept, 1)
    each = folios.price_of(asked.hotel, code, asked.amount, quantity)
    nights = quantity if asked.by_night else 1
    taxed = folios.taxes_on(each, quantity, asked.rules, asked.slept)
    return Foreseen(taxed, asked.slept, nights, _gross(asked, due) if due else None)


def sleeping(session: Session, folio: Folio) -> Slept | None:
    """Return who sleeps there tonight of the party a bill is for, if it is for one."""
    party = billing.party_of(session, folio)
    if party is None:
        return None
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.today(session, hotel)
    return _slept(session, party, _night(party, day, None), None)


def code_of_tonight(session: Session, folio: Folio) -> int | None:
    """Return the id of the charge code that the audit will charge a bill's party tonight."""
    party = billing.party_of(session, folio)
    if party is None or party.state not in _WILL_BE_CHARGED:
        return None
    hotel = session.get_one(Hotel, folio.hotel_id)
    night = _night(party, business_day.today(session, hotel), None)
    rows = night_charges.expected(session, hotel, party, [night])
    return next((row.charge_code_id for row in rows if row.rule == ROOM), None)


# --- what is asked for ----------------------------------------------------------------------------


def _asked(
    session: Session,
    folio: Folio,
    code: ChargeCode,
    amount: Money | None,
    quantity: int,
    persons: int | None,
    night: date | None,
    *,
    hold: bool = False,
) -> _Asked:
    """Return a charge with its party, night, taxes and price; refuses what can't be."""
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel) if hold else business_day.today(session, hotel)
    party = billing.party_of(session, folio)
    of_night = day
    if party is not None:
        of_night = _night(party, day, night)
    elif night is not None:
        raise NotItsNight(night, "is nobody's night here: this bill is for no stay.")
    # before a party comes its first night is ahead, and the taxes known of it are today's
    rules = folios.rules_of(session, code, min(of_night, day))
    if party is not None and quantity > 1 and taxes.counts_nights(rules):
        raise OneNightAtATime(code)
    minds = taxes.asks_heads(rules) or taxes.counts_nights(rules)
    slept = _slept(session, party if minds else None, of_night, persons)
    if amount is None and party is not None:
        amount = _agreed_price(session, hotel, party, of_night, code)
    return _Asked(hotel, folio, code, day, party, of_night, rules, slept, amount)


def _night(party: Reservation, day: date, night: date | None) -> date:
    """Return the night a charge is for: the one named, else tonight, within the stay."""
    last = max(party.arrival, party.departure - dates.ONE_DAY)
    if night is None:
        return max(party.arrival, min(day, last))
    if not party.arrival <= night <= last:
        raise NotItsNight(night, "is no night of this stay.")
    if night > day:
        raise NotItsNight(
            night, "is still to come. The audit charges it then; who pays ahead makes a payment."
        )
    return night


def _agreed_price(
    session: Session, hotel: Hotel, party: Reservation, night: date, code: ChargeCode
) -> Money | None:
    """Return what a night was agreed at, where a charge code is the one it is charged with."""
    price = session.scalar(
        sa.select(ReservationNight.price)
        .join(
            RatePlan,
            sa.and_(
                RatePlan.hotel_id == ReservationNight.hotel_id,
                RatePlan.id == ReservationNight.plan_id,
            ),
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.reservation_id == party.id,
            ReservationNight.night == night,
            ReservationNight.slot == Slot.NIGHT,
            RatePlan.charge_code_id == code.id,
        )
    )
    return None if price is None else Money(price, hotel.currency)


def _of_night(asked: _Asked, night: date | None, key: str | None) -> OfNight | None:
    """Return the night a charge stands in the books for, by a rule that is its own.

    So that it may stand beside the audit's, and one asked for twice is one.
    """
    if _of_stay(asked, night) is None:
        return None
    return OfNight(asked.night, f"{BY_HAND}{key or f'{new_id():x}'}")


def _of_stay(asked: _Asked, night: date | None) -> int | None:
    """Return the stay that a charge is about: one of a night that has come."""
    party = asked.party
    if party is None or party.state not in {State.IN_HOUSE, State.DEPARTED}:
        return None
    if night is None and (party.state is State.DEPARTED or not asked.by_night):
        return None
    return party.id


# --- what the audit would charge ------------------------------------------------------------------


def _still_due(session: Session, asked: _Asked) -> list[Charge]:
    """Return what the audit will charge for that night, where the charge is of its room."""
    party = asked.party
    if (
        party is None
        or asked.night < asked.day
        or party.state not in {State.BOOKED, State.IN_HOUSE}
    ):
        return []
    rows = night_charges.expected(session, asked.hotel, party, [asked.night])
    if not any(row.rule == ROOM and row.charge_code_id == asked.code.id for row in rows):
        return []
    return night_charges.reckon(session, asked.hotel, rows)


def _charge_tonight(session: Session, asked: _Asked, due: list[Charge], *, by: Staff) -> Entry:
    """Charge tonight as the audit would, with all that is due; it won't be charged again."""
    party = _refuse_not_due(asked, due)
    posted = night_charges.charge_nights(session, asked.hotel, party, [asked.night], by=by)
    entry = session.scalars(
        sa.select(Entry).where(
            Entry.hotel_id == asked.hotel.id,
            Entry.subject_id == party.id,
            Entry.service_night == asked.night,
            Entry.rule == ROOM,
            ledger.standing(),
        )
    ).first()
    if not posted or entry is None:
        raise NothingDueTonight
    logbook.record(
        session, "charged tonight", asked.folio, by=by, day=asked.day,
        night=asked.night, charges=posted, amount=_gross(asked, due),
    )  # fmt: skip
    return entry


def _refuse_not_due(asked: _Asked, due: list[Charge]) -> Reservation:
    """Return the party in house whose tonight is due; refuses any other."""
    if asked.party is None or not due or asked.party.state is not State.IN_HOUSE:
        raise NothingDueTonight
    return asked.party


def _refuse_own_terms(**said: object) -> None:
    for field, value in said.items():
        if value is not None:
            raise AgreedOtherwise(field)


def _audit_charges(asked: _Asked, due: list[Charge]) -> AuditCharges:
    in_house = asked.party is not None and asked.party.state is State.IN_HOUSE
    return AuditCharges(asked.code.name, asked.night, _gross(asked, due), in_house=in_house)


def _gross(asked: _Asked, due: list[Charge]) -> Money:
    return Money(sum(each.taxed.gross.minor for each in due), asked.hotel.currency)


# --- who sleeps there -----------------------------------------------------------------------------


def _slept(session: Session, party: Reservation | None, night: date, persons: int | None) -> Slept:
    if persons is not None and not 1 <= persons <= MOST_PERSONS:
        raise Invalid(f"1 to {MOST_PERSONS} persons.", field="persons")
    if party is None:
        return Slept(persons or 1)
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
