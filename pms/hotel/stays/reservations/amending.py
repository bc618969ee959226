"""Amending a promise: other dates, another type, plan or party; the price kept or made anew."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory, restrictions
from pms.hotel.rooms.inventory import Force, Slot
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.sheets import Sheet
from pms.hotel.stays.reservations import agreed, packages
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.booking import (
    check_party,
    refuse_unagreed,
    sharers_of,
)
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.reservations.pricing import ManualRate, price
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.reservations.refusals import (
    InThePast,
    NoDayUseAfterNights,
    SayWhetherToReprice,
    SharesNot,
    WrongState,
)


@dataclass(frozen=True)
class Wanted:
    """What a reservation shall become; nothing given stays as it is."""

    arrival: date | None = None
    departure: date | None = None
    room_type: RoomType | None = None
    plan: RatePlan | None = None
    adults: int | None = None
    children: int | None = None
    child_ages: tuple[int, ...] | None = None


def amend(
    session: Session,
    reservation: Reservation,
    wanted: Wanted,
    *,
    reprice: bool | None = None,
    rate: ManualRate | None = None,
    force: str | None = None,
    by: Staff,
) -> bool:
    """Change dates, type, plan or party of a promise or of a stay in house.

    Returns whether anything is another now; where nothing is, nothing is written.

    Nights that are past keep everything. Nights that were there keep their price unless
    `reprice`; a new type, plan or party must say which. Another plan is another plan's policy from
    then on. Refuses what isn't free or is restricted, unless forced; who is in house already may
    stay on whatever restricts newcomers.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    shall_be = _whole(reservation, wanted)
    anew = bool(reprice) or rate is not None
    _refuse_what_cannot_be(session, reservation, shall_be, day=day)
    before = _words(reservation)
    policy_id, known = stood = agreed.read(session, reservation)
    if not anew and shall_be.words == before and wanted.child_ages in {None, known}:
        return False
    if reprice is None and rate is None and (wanted.room_type or wanted.plan):
        raise SayWhetherToReprice
    reservation.adults, reservation.children = shall_be.adults, shall_be.children
    if force is None and (wanted.adults is not None or wanted.children is not None):
        check_party(shall_be.room_type, shall_be.adults, shall_be.children)
    ages = _ages(reservation, wanted, known)
    sheet = _change_nights(
        session, hotel, reservation, shall_be, ages=ages, anew=anew, rate=rate, day=day,
        force=Force(force, by) if force is not None else None, by=by,
    )  # fmt: skip
    _write_down(reservation, shall_be, force)
    if sheet is not None and shall_be.plan.id != before["plan_id"]:
        policy_id = sheet.recipes[shall_be.plan.id].policy_id
    if (policy_id, ages) != stood:
        agreed.keep(session, reservation, policy_id=policy_id, ages=ages)
    packages.follow(
        session, reservation, sheet.packages.get(shall_be.plan.id, ()) if sheet else (),
        ages=ages, day=day, anew=anew,
    )  # fmt: skip
    session.flush()
    session.expire(reservation, ["room_type", "plan", "nights"])
    logbook.record(
        session, "amended", reservation, by=by, day=day, why=force,
        before=before, **_words(reservation),
    )  # fmt: skip
    return True


@dataclass(frozen=True, slots=True)
class _ShallBe:
    """The promise as it shall stand, whole."""

    arrival: date
    departure: date
    room_type: RoomType
    plan: RatePlan
    adults: int
    children: int

    @property
    def words(self) -> dict[str, object]:
        """What the logbook says of it."""
        return {
            "arrival": self.arrival,
            "departure": self.departure,
            "type_id": self.room_type.id,
            "plan_id": self.plan.id,
            "adults": self.adults,
            "children": self.children,
        }


def _whole(reservation: Reservation, wanted: Wanted) -> _ShallBe:
    """Fill in what isn't to change."""
    return _ShallBe(
        arrival=wanted.arrival or reservation.arrival,
        departure=wanted.departure or reservation.departure,
        room_type=wanted.room_type or reservation.room_type,
        plan=wanted.plan or reservation.plan,
        adults=reservation.adults if wanted.adults is None else wanted.adults,
        children=reservation.children if wanted.children is None else wanted.children,
    )


def _write_down(reservation: Reservation, shall_be: _ShallBe, force: str | None) -> None:
    if shall_be.arrival != reservation.arrival:
        reservation.promised_at = clock.now()
    reservation.arrival, reservation.departure = shall_be.arrival, shall_be.departure
    reservation.type_id, reservation.plan_id = shall_be.room_type.id, shall_be.plan.id
    reservation.forced_reason = force or reservation.forced_reason
    reservation.version += 1


def _change_nights(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    shall_be: _ShallBe,
    *,
    ages: tuple[int, ...],
    anew: bool,
    rate: ManualRate | None,
    day: date,
    force: Force | None,
    by: Staff,
) -> Sheet | None:
    """Price the nights wanted from today on, carry over what stood there, and make it so.

    Returns the sheet they were priced by, where any were.
    """
    arrival, departure = shall_be.arrival, shall_be.departure
    room_type, plan = shall_be.room_type, shall_be.plan
    asked = (arrival, departure, room_type.id, plan.id)
    stood = (
        reservation.arrival, reservation.departure, reservation.type_id, reservation.plan_id
    )  # fmt: skip
    is_new = force is None and reservation.state is State.BOOKED and asked != stood
    if is_new:
        restrictions.refuse(session, hotel, arrival, departure, (room_type, plan), today=day)
    before = of_nights.read(session, reservation)
    past = [
        night if night.night >= arrival else night.given_back()
        for night in before
        if night.night < day and night.slot is Slot.NIGHT
    ]
    fresh: list[Night] = []
    sheet: Sheet | None = None
    if departure > day or arrival == departure:
        fresh, sheet = price(
            session,
            hotel,
            reservation,
            room_type=room_type,
            plan=plan,
            arrival=max(arrival, day) if past else arrival,
            departure=departure,
            ages=ages,
            rate=rate,
            by=by,
            ruled_on=day if is_new else None,
        )
        if is_new and rate is None:
            refuse_unagreed(sheet, plan, reservation.company, arrival, departure)
    kept = {(night.night, night.slot): night for night in before if night.live}
    after = past + _carry_all(fresh, kept, anew=anew)
    of_nights.rewrite(session, hotel, reservation, before, after, day=day, force=force)
    return sheet


def _ages(reservation: Reservation, wanted: Wanted, known: tuple[int, ...]) -> tuple[int, ...]:
    """Return the children's ages: those said now, or those known if they are still as many."""
    if wanted.child_ages is not None:
        return agreed.check_ages(reservation.children, wanted.child_ages)
    return known if len(known) <= reservation.children else ()


def _refuse_what_cannot_be(
    session: Session, reservation: Reservation, shall_be: _ShallBe, *, day: date
) -> None:
    """Refuse a promise that is over, days that are past, and nights that a sharer has too."""
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise WrongState(reservation, "only a booked or in-house one can be amended")
    arrival, departure = shall_be.arrival, shall_be.departure
    inventory.check_dates(arrival, departure)
    if reservation.state is State.IN_HOUSE and not reservation.is_day_use and departure == arrival:
        raise NoDayUseAfterNights
    if arrival != reservation.arrival and (arrival < day or reservation.state is State.IN_HOUSE):
        raise InThePast(arrival)
    if departure < day or (
        departure == day and reservation.state is State.BOOKED and arrival < day
    ):
        raise InThePast(departure)
    # Only nights that are given up count: who shares may have been let stay on by itself.
    later, sooner = arrival > reservation.arrival, departure < reservation.departure
    for sharer in sharers_of(session, reservation):
        if sharer.state in {State.BOOKED, State.IN_HOUSE} and (
            (later and sharer.arrival < arrival) or (sooner and sharer.departure > departure)
        ):
            raise SharesNot("a sharer has nights outside the new ones; change theirs first")


def _carry_all(
    fresh: list[Night], kept: dict[tuple[date, Slot], Night], *, anew: bool
) -> list[Night]:
    """Carry over what stood; added nights take their neighbour's room, forwards and backwards."""
    made = dict(kept)
    for night in (*fresh, *reversed(fresh)):
        key = (night.night, night.slot)
        if key in kept:
            made[key] = _carry(night, kept[key], anew=anew)
        elif key not in made or made[key].room_id is None:
            made[key] = _next_to(night, made)
    return [made[night.night, night.slot] for night in fresh]


def _carry(fresh: Night, was: Night, *, anew: bool) -> Night:
    """Keep what stood on a night: its room and, unless priced anew, its price."""
    carried = replace(
        fresh,
        room_id=was.room_id,
        counted_type_id=was.counted_type_id if was.room_id else fresh.counted_type_id,
    )
    if not anew:
        carried = replace(
            carried,
            price=was.price,
            manual_reason=was.manual_reason,
            charged_type_id=was.charged_type_id,
            plan_id=was.plan_id,
        )
    return carried


def _next_to(fresh: Night, kept: dict[tuple[date, Slot], Night]) -> Night:
    """Give an added night the room of its neighbour: a guest who stays on keeps the room."""
    for day in (fresh.night - dates.ONE_DAY, fresh.night + dates.ONE_DAY):
        was = kept.get((day, fresh.slot))
        if was is not None and was.room_id is not None:
            return replace(
                fresh,
                room_id=was.room_id,
                counted_type_id=was.counted_type_id if fresh.counted_type_id else None,
            )
    return fresh


def _words(reservation: Reservation) -> dict[str, object]:
    return {
        "arrival": reservation.arrival,
        "departure": reservation.departure,
        "type_id": reservation.type_id,
        "plan_id": reservation.plan_id,
        "adults": reservation.adults,
        "children": reservation.children,
    }
