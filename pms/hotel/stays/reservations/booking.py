"""Booking: promising nights of a type, at a price, to a party."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, clock, dates
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.hotel.guests import guests
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory, negotiated, restrictions
from pms.hotel.rooms.inventory import Force, Hold, HoldState
from pms.hotel.rooms.policies import Asks
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.sheets import Sheet
from pms.hotel.stays.groups.tables import Group
from pms.hotel.stays.reservations import agreed, packages, separating
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.pricing import ManualRate, price
from pms.hotel.stays.reservations.promise import (
    Collects,
    Guarantee,
    Purpose,
    Reservation,
    State,
)
from pms.hotel.stays.reservations.refusals import (
    ChannelRefTaken,
    GuaranteeNeeded,
    HotelIsOpen,
    InThePast,
    NobodyComes,
    SharesNot,
    TooManyForTheRoom,
)


@dataclass(frozen=True)
class Origin:
    """Where a booking came from, and who takes its money."""

    source: str = "direct"
    channel: str = "desk"
    channel_ref: str | None = None
    market: str | None = None
    collects: Collects = Collects.HOTEL

    def columns(self, plan: RatePlan) -> dict[str, Any]:
        """Return what the reservation keeps of it; without a market of its own, the plan's."""
        return {
            "source": self.source,
            "channel": self.channel,
            "channel_ref": self.channel_ref,
            "market": self.market or plan.market,
            "collects": self.collects,
        }


@dataclass(frozen=True)
class Wishes:
    """What the party asked for."""

    features: Sequence[str] = field(default_factory=tuple)
    eta: time | None = None
    notes: str | None = None

    def columns(self) -> dict[str, Any]:
        """Return what the reservation keeps of them; refuses a card's number."""
        card_numbers.refuse(notes=self.notes)
        return {"wishes": list(self.features), "eta": self.eta, "notes": self.notes}


def book(
    session: Session,
    hotel: Hotel,
    *,
    guest: Guest,
    room_type: RoomType,
    plan: RatePlan,
    arrival: date,
    departure: date,
    adults: int,
    children: int = 0,
    child_ages: Sequence[int] = (),
    guarantee: Guarantee = Guarantee.NONE,
    purpose: Purpose = Purpose.PAYING,
    origin: Origin | None = None,
    rate: ManualRate | None = None,
    wishes: Wishes | None = None,
    company: Company | None = None,
    group: Group | None = None,
    with_booking: Reservation | None = None,
    beside: int = 0,
    shares_with: Reservation | None = None,
    hold: Hold | None = None,
    force: str | None = None,
    booked_on: date | None = None,
    by: Staff,
) -> Reservation:
    """Promise a room of a type for the nights [arrival, departure), or for a day's use.

    Counts against what can be sold, unless the party shares a room with one that does. Refuses
    what is sold out, restricted, past or beyond the horizon, a night without a price, a party the
    type doesn't sleep, a plan agreed with others, a guarantee that its policy doesn't take (not of
    who arrives today), and a channel's booking entered before. `force` is the reason why it is a
    fact all the same; `booked_on` is a booking's own date, entered on the first day only. So many
    rooms `beside` were booked for these nights in the same deed: they all cost what one would.
    """
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    guests.refuse_unwanted(session, guest, hotel=hotel, by=by)
    origin = origin or Origin()
    _check(session, hotel, origin, arrival, departure, day=day, booked_on=booked_on)
    if group is not None:
        group.refuse_lost()
    if force is None:
        check_party(room_type, adults, children)
        sold = _newly_sold(room_type, plan, arrival, departure, shares_with, group)
        restrictions.refuse(session, hotel, arrival, departure, sold, today=day)
    if hold is not None:
        inventory.end(session, hotel, hold, as_=HoldState.USED)
    reservation = _enter(
        session, hotel, with_booking, shares_with,
        guest_id=guest.id, company_id=company.id if company else None,
        group_id=group.id if group else None, arrival=arrival, departure=departure,
        adults=adults, children=children, type_id=room_type.id, plan_id=plan.id,
        purpose=purpose, guarantee=guarantee, forced_reason=force, booked_on=booked_on or day,
        **origin.columns(plan), **(wishes or Wishes()).columns(),
    )  # fmt: skip
    value = _promise_nights(
        session, hotel, reservation, room_type, plan, company,
        ages=agreed.check_ages(children, child_ages), rate=rate, force=force, beside=beside,
        day=day, by=by,
    )  # fmt: skip
    logbook.record(
        session, "booked", reservation, by=by, day=day, why=force,
        number=reservation.number, arrival=arrival, departure=departure, total=value,
        room_type=room_type.code, plan=plan.code,
    )  # fmt: skip
    return reservation


def _enter(
    session: Session,
    hotel: Hotel,
    with_booking: Reservation | None,
    shares_with: Reservation | None,
    **said: Any,
) -> Reservation:
    """Write a reservation down under the next number; rooms booked together share a booking's."""
    number = numbers.next_number(session, hotel, "reservation")
    reservation = Reservation(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=number,
        booking_number=separating.lead(session, with_booking) if with_booking else number,
        state=State.BOOKED,
        booked_at=clock.now(),
        **said,
    )
    if shares_with is not None:
        _join(session, reservation, shares_with)
    session.add(reservation)
    session.flush()
    return reservation


def _promise_nights(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    room_type: RoomType,
    plan: RatePlan,
    company: Company | None,
    *,
    ages: tuple[int, ...],
    rate: ManualRate | None,
    force: str | None,
    beside: int,
    day: date,
    by: Staff,
) -> Money:
    """Price the nights, keep the terms and packages they are booked under, and count them as sold.

    Returns what they come to. Refuses, unless forced, other terms than the plan's.
    """
    is_newly_sold = force is None and reservation.shares_with_id is None
    made, sheet = price(
        session, hotel, reservation, room_type=room_type, plan=plan,
        arrival=reservation.arrival, departure=reservation.departure, ages=ages, rate=rate, by=by,
        ruled_on=day if is_newly_sold else None, beside=beside,
    )  # fmt: skip
    if force is None:
        _refuse_other_terms(sheet, reservation, plan, company, by_hand=rate is not None, day=day)
    agreed.keep(session, reservation, policy_id=sheet.recipes[plan.id].policy_id, ages=ages)
    packages.keep(session, reservation, sheet.packages.get(plan.id, ()), ages)
    fact = Force(force, by) if force is not None else None
    of_nights.rewrite(session, hotel, reservation, [], made, day=reservation.booked_on, force=fact)
    return Money(sum(night.price for night in made), hotel.currency)


def _check(
    session: Session,
    hotel: Hotel,
    origin: Origin,
    arrival: date,
    departure: date,
    *,
    day: date,
    booked_on: date | None,
) -> None:
    """Refuse dates that can't be booked, and a channel's booking that is entered already."""
    inventory.check_dates(arrival, departure)
    if arrival < day:
        raise InThePast(arrival)
    if booked_on is not None and (day != hotel.opened_on or booked_on > day):
        raise HotelIsOpen
    _refuse_known_channel_ref(session, hotel, origin)


def refuse_unagreed(
    sheet: Sheet, plan: RatePlan, company: Company | None, arrival: date, departure: date
) -> None:
    """Refuse a plan that was agreed with other companies, or for other nights."""
    last = max(arrival, departure - dates.ONE_DAY)
    if not sheet.recipes[plan.id].sold_to(company.id if company else None, arrival, last):
        raise negotiated.NotAgreed(plan.name, company.name if company else None)


def _refuse_other_terms(
    sheet: Sheet,
    reservation: Reservation,
    plan: RatePlan,
    company: Company | None,
    *,
    by_hand: bool,
    day: date,
) -> None:
    """Refuse a plan agreed with others (unless priced by hand), and too little a guarantee."""
    if not by_hand:
        refuse_unagreed(sheet, plan, company, reservation.arrival, reservation.departure)
    known = sheet.terms_of(plan.id)
    asks = known[1].asks if known else Asks.NONE
    is_asked = (
        reservation.arrival > day
        and reservation.purpose is Purpose.PAYING
        and reservation.group_id is None
    )
    if not is_asked or asks is Asks.NONE:
        return
    enough = reservation.guarantee is not Guarantee.NONE
    if asks is not Asks.ANY:
        enough = asks.value == reservation.guarantee.value
    if not enough:
        raise GuaranteeNeeded(plan, asks.value)


def _newly_sold(
    room_type: RoomType,
    plan: RatePlan,
    arrival: date,
    departure: date,
    shares_with: Reservation | None,
    group: Group | None,
) -> tuple[RoomType, RatePlan] | None:
    """Return what restrictions look at; a room sold already, or agreed, is open to its people."""
    if shares_with is not None or (group is not None and group.has_agreed(arrival, departure)):
        return None
    return room_type, plan


def check_party(room_type: RoomType, adults: int, children: int) -> None:
    """Refuse a party of nobody, and one that the type doesn't sleep."""
    if adults < 0 or children < 0 or adults + children == 0:
        raise NobodyComes
    if adults + children > room_type.sleeps:
        raise TooManyForTheRoom(room_type.sleeps)


_KNOWN = sa.select(Reservation.id).where(
    Reservation.hotel_id == sa.bindparam("hotel"),
    Reservation.channel == sa.bindparam("channel"),
    Reservation.channel_ref == sa.bindparam("ref"),
)


def _refuse_known_channel_ref(session: Session, hotel: Hotel, origin: Origin) -> None:
    if origin.channel_ref is None:
        return
    asked = {"hotel": hotel.id, "channel": origin.channel, "ref": origin.channel_ref}
    known = session.connection().scalar(_KNOWN, asked)
    if known is not None:
        raise ChannelRefTaken(origin.channel, origin.channel_ref)


def _join(session: Session, sharer: Reservation, primary: Reservation) -> None:
    """Hang a sharer on the room of a party; their nights lie within that party's nights."""
    lock(session, primary)
    if primary.shares_with_id is not None:
        raise SharesNot("that party shares itself; choose the one that holds the room")
    if primary.state not in {State.BOOKED, State.IN_HOUSE}:
        raise SharesNot("that party isn't expected or in house")
    if sharer.arrival < primary.arrival or sharer.departure > primary.departure:
        raise SharesNot("the nights aren't all among that party's nights")
    if primary.claim_id is None:
        primary.claim_id = new_id()
        session.flush()
    sharer.shares_with_id = primary.id
    sharer.claim_id = primary.claim_id


def by_number(session: Session, hotel: Hotel, number: int) -> Reservation | None:
    """Return the reservation of that confirmation number."""
    return session.scalar(
        sa.select(Reservation).where(Reservation.hotel_id == hotel.id, Reservation.number == number)
    )


def sharers_of(session: Session, reservation: Reservation) -> list[Reservation]:
    """Return who shares the room this party holds, oldest booking first."""
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == reservation.hotel_id,
                Reservation.shares_with_id == reservation.id,
            )
            .order_by(Reservation.id)
        )
    )
