"""What a stay's early or late hour costs by the hotel's clock: charged or waived, once."""

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock, new_id
from pms.base.money import Money, round_half_up
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import promised, settlements
from pms.hotel.stays.fees import FeeChanged
from pms.hotel.stays.hour_fees import steps
from pms.hotel.stays.hour_fees.tables import Hour, HourStep, StayFee
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations.promise import Purpose, Reservation
from pms.hotel.stays.reservations.refusals import ReasonNeeded
from pms.hotel.tariff import fee_codes, taxes

_NEEDS = {Hour.EARLY: Permission.CHECK_IN, Hour.LATE: Permission.CHECK_OUT}


class NothingDue(Refusal):
    def __init__(self, hour: Hour) -> None:
        super().__init__(f"{hour.words}: nothing is asked for at this hour, or it is settled.")


@dataclass(frozen=True, slots=True)
class Due:
    """What an hour costs: the step it falls under, and how much that is of this stay.

    `amount` is what the guest pays; `price` is the part of it that taxes on top come to.
    """

    hour: Hour
    step: HourStep
    price: Money
    amount: Money

    @property
    def says(self) -> str:
        """The step in words."""
        night = "first" if self.hour is Hour.EARLY else "last"
        share = f"{self.step.percent} % of the {night} night" if self.step.percent else "an amount"
        return f"{self.step.when}: {share}"


def step_at(asked: list[HourStep], hour: Hour, moment: time) -> HourStep | None:
    """Return the step a moment falls under: the next hour to come early, the last gone by late."""
    if hour is Hour.EARLY:
        ahead = [step for step in asked if step.hour is hour and moment < step.at]
        return min(ahead, key=lambda step: step.at, default=None)
    behind = [step for step in asked if step.hour is hour and step.at <= moment]
    return max(behind, key=lambda step: step.at, default=None)


def of_coming(
    session: Session, reservation: Reservation, *, room: PromisedRoom | None = None
) -> Due | None:
    """Return what a party would pay that came at this moment; `room` where it is reckoned."""
    return _due(session, reservation, Hour.EARLY, clock.now(), room)


def of_stay(session: Session, stay: Stay, hour: Hour) -> Due | None:
    """Return what a party in house pays for having come early, or for leaving only now.

    Nothing where it was charged or waived before.
    """
    moment = stay.arrived_at if hour is Hour.EARLY else clock.now()
    due = _due(session, stay.reservation, hour, moment)
    return None if due is None or standing(session, stay, hour) is not None else due


def _due(
    session: Session,
    party: Reservation,
    hour: Hour,
    moment: datetime,
    room: PromisedRoom | None = None,
) -> Due | None:
    """Reckon by the hotel's clock on the planned day; a day's use and a gift cost nothing more."""
    hotel = session.get_one(Hotel, party.hotel_id)
    if party.is_day_use or party.purpose is not Purpose.PAYING:
        return None
    asked = steps.of(session, hotel)
    local = dates.local(moment, hotel.time_zone)
    planned = party.arrival if hour is Hour.EARLY else party.departure
    if hour is Hour.LATE and local.date() > planned:
        step = step_at(asked, hour, time.max)  # past midnight it is later than every hour
    elif local.date() == planned:
        step = step_at(asked, hour, local.time())
    else:
        step = None
    if step is None:
        return None
    rules = fee_codes.bears(session, hotel, step.code)
    if step.amount is not None:
        price = Money(step.amount, hotel.currency)
    else:
        price = taxes.before_taxes_on_top(_share(session, hotel, party, step, room), rules)
    amount = taxes.split(price, rules).gross
    return Due(hour, step, price, amount) if amount.minor > 0 else None


def _share(
    session: Session, hotel: Hotel, party: Reservation, step: HourStep, room: PromisedRoom | None
) -> Money:
    """Return a step's share of what the guest pays for a night's room, taxes in it.

    Without what is added to the room, and without what is due of who sleeps there.
    """
    if room is None:
        by_night = promised.for_fees(session, hotel, party, ())
    else:
        by_night = room.for_fees_by_night
    nights = sorted(by_night)
    if not nights:
        return Money.zero(hotel.currency)
    night: date = nights[0] if step.hour is Hour.EARLY else nights[-1]
    share = Fraction(by_night[night].minor * (step.percent or 0), steps.WHOLE)
    return Money(round_half_up(share), hotel.currency)


def standing(session: Session, stay: Stay, hour: Hour) -> StayFee | None:
    """Return what was made of a stay's hour, if that stands."""
    return session.scalar(
        sa.select(StayFee).where(
            StayFee.hotel_id == stay.hotel_id,
            StayFee.stay_id == stay.id,
            StayFee.hour == hour,
            StayFee.taken_back_on.is_(None),
        )
    )


def settle(
    session: Session,
    stay: Stay,
    hour: Hour,
    *,
    waive: str | None = None,
    expected: Money | None = None,
    by: Staff,
) -> StayFee:
    """Charge what an hour costs, by the house's own posting, or waive it with a reason.

    Refuses where nothing is due (any more), another amount than the `expected` one, and waiving by
    who may not.
    """
    require(by, _NEEDS[hour], stay.hotel_id)
    hotel = session.get_one(Hotel, stay.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, stay)
    due = of_stay(session, stay, hour)
    if due is None:
        raise NothingDue(hour)
    if expected is not None and expected != due.amount:
        raise FeeChanged(due.amount)
    entry = None
    if waive is None:
        entry = _charge(session, hotel, stay, due)
    else:
        require(by, Permission.WAIVE_FEE, hotel.id)
        if not waive.strip():
            raise ReasonNeeded("a fee that is waived", field="waive_reason")
    fee = StayFee(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        stay_id=stay.id,
        hour=hour,
        due=due.amount.minor,
        entry_id=entry.id if entry else None,
        waived_why=waive.strip() if waive is not None else None,
        staff_id=by.id,
        day=day,
        at=clock.now(),
    )
    session.add(fee)
    session.flush()
    verb = f"{'charged' if waive is None else 'waived'} {hour.words.lower()}"
    logbook.record(session, verb, stay.reservation, by=by, day=day, why=waive, amount=due.amount)
    return fee


def _charge(session: Session, hotel: Hotel, stay: Stay, due: Due) -> ledger.Entry:
    house = staff.the_house(session, hotel)
    folio = settlements.folio_of(session, stay.reservation, by=house)
    return folios.charge(
        session,
        folio,
        code=due.step.code,
        amount=due.price,
        is_fee=True,
        reference=due.step.when,
        subject_id=stay.reservation_id,
        by=house,
    )


def take_back(session: Session, stay: Stay, hour: Hour, *, reason: str, by: Staff) -> None:
    """Take back what an hour cost, where it was charged or waived: the deed itself is undone."""
    require(by, _NEEDS[hour], stay.hotel_id)
    hotel = session.get_one(Hotel, stay.hotel_id)
    day = business_day.hold(session, hotel)
    fee = standing(session, stay, hour)
    if fee is None:
        return
    if fee.entry_id is not None:
        entry = session.get_one(ledger.Entry, (hotel.id, fee.entry_id))
        if not ledger.is_reversed(session, entry):
            folios.void(session, entry, reason=reason, by=staff.the_house(session, hotel))
    fee.taken_back_on = day
    session.flush()
    logbook.record(
        session, f"took back {hour.words.lower()}", stay.reservation, by=by, day=day, why=reason
    )
