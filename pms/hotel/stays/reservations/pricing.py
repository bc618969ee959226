"""Pricing a promise: its nights by hand, by what its group agreed, or by its plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import prices, restrictions, sheets
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.rates import NoPrice, RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.sheets import Sheet
from pms.hotel.stays.groups.prices import agreed_nights
from pms.hotel.stays.reservations.night import Night
from pms.hotel.stays.reservations.promise import Purpose, Reservation
from pms.hotel.stays.reservations.refusals import BeyondTheGroup, ReasonNeeded

AGREED = "Agreed with the group"


@dataclass(frozen=True)
class ManualRate:
    """Prices set by hand, per night (or for the day's use), and why."""

    prices: Mapping[date, Money]
    reason: str


def price(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    room_type: RoomType,
    plan: RatePlan,
    arrival: date,
    departure: date,
    ages: tuple[int, ...],
    rate: ManualRate | None,
    by: Staff,
    ruled_on: date | None = None,
    party: Party | None = None,
    beside: int = 0,
) -> tuple[list[Night], Sheet]:
    """Return the priced nights [arrival, departure), or the one day's use, and the sheet they are
    priced by; with `ruled_on`, what rules of the house hold back that day is refused. `party` is
    who the room is priced for, where it isn't the reservation's own; so many rooms `beside` were
    booked with it, and make it no dearer.

    A manual rate needs its permission and a reason; what is given or used by the house costs
    nothing; a group's own nights cost what was agreed with it; day use costs what the plan asks for
    that night, unless set by hand.
    """
    day_use = arrival == departure
    asked = [arrival] if day_use else dates.nights(arrival, departure)
    priced, reasons = _without_a_plan(session, reservation, room_type, asked, rate, by=by)
    sheet = None
    if rest := [night for night in asked if night not in priced]:
        party = party or Party(reservation.adults, reservation.children, ages)
        for first, last in _runs(rest):  # the group's own nights may lie between them
            found = _of_plan(session, reservation, plan, room_type, first, last, party, beside)
            priced, sheet = found.minor | priced, found.sheet
            if ruled_on is not None and found.forbidden:
                sold = (room_type, plan)
                restrictions.refuse_ruled(found.forbidden, arrival, departure, sold, today=ruled_on)
    promised = _promised(reservation, room_type, plan, slot=Slot.DAY if day_use else Slot.NIGHT)
    made = [
        promised(night=night, price=priced[night], manual_reason=reasons.get(night))
        for night in asked
    ]
    return made, sheet or sheets.current(session, hotel)


def _without_a_plan(
    session: Session,
    reservation: Reservation,
    room_type: RoomType,
    nights: Sequence[date],
    rate: ManualRate | None,
    *,
    by: Staff,
) -> tuple[dict[date, int], dict[date, str]]:
    """Return the prices of nights that are given, set by hand or agreed with the group, and why.

    Refuses a rate by hand without its permission, or without a reason.
    """
    if reservation.purpose is not Purpose.PAYING:
        return dict.fromkeys(nights, 0), {}
    if rate is None:
        agreed = _agreed(session, reservation, room_type, nights)
        return agreed, dict.fromkeys(agreed, AGREED)
    require(by, Permission.SET_RATE, reservation.hotel_id)
    if not rate.reason.strip():
        raise ReasonNeeded("a rate set by hand", field="rate_reason")
    by_hand = {night: rate.prices[night].minor for night in nights}
    return by_hand, dict.fromkeys(nights, rate.reason)


def _promised(
    reservation: Reservation, room_type: RoomType, plan: RatePlan, *, slot: Slot
) -> Callable[..., Night]:
    """Return what makes a party's nights, but for the night itself and its price."""
    counts = slot is Slot.NIGHT and reservation.shares_with_id is None
    return partial(
        Night,
        slot=slot,
        booked_type_id=room_type.id,
        charged_type_id=room_type.id,
        counted_type_id=room_type.id if counts else None,
        room_id=None,
        plan_id=plan.id,
        adults=reservation.adults,
        children=reservation.children,
    )


def _runs(nights: Sequence[date]) -> list[tuple[date, date]]:
    """Return the first and the last night of each run of nights without a gap."""
    runs: list[tuple[date, date]] = []
    for night in nights:
        if runs and night - runs[-1][1] == dates.ONE_DAY:
            runs[-1] = (runs[-1][0], night)
        else:
            runs.append((night, night))
    return runs


def _of_plan(
    session: Session,
    reservation: Reservation,
    plan: RatePlan,
    room_type: RoomType,
    first: date,
    last: date,
    party: Party,
    beside: int,
) -> prices.StayPrices:
    end = last + dates.ONE_DAY
    try:
        return prices.of_stay(session, plan, room_type, first, end, party, beside=beside)
    except NoPrice as missing:
        if reservation.group_id is None:
            raise
        raise BeyondTheGroup(missing) from None


def _agreed(
    session: Session, reservation: Reservation, room_type: RoomType, nights: Sequence[date]
) -> dict[date, int]:
    """Return what its group agreed to pay for those of the nights that are the group's."""
    group_id = reservation.group_id
    if group_id is None:
        return {}
    return agreed_nights(session, reservation.hotel_id, group_id, room_type.id, nights)
