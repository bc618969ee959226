"""Reservations: booked, amended, cancelled, read and listed by machines."""

from collections.abc import Sequence

import sqlalchemy as sa

from pms.api import groups, promises
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import after, behind, page
from pms.api.door import opens
from pms.api.hotels import NoNight
from pms.api.problems import NotHere, UnknownCode
from pms.api.promises import (
    AmendAsked,
    BookingAsked,
    CancelAsked,
    GuestAsked,
    ReservationRead,
    Reservations,
    ReservationsAsked,
)
from pms.api.shapes import AmountAsked, amount, id_of
from pms.base import card_numbers
from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal, Stale
from pms.hotel.guests import companies, guests, spelling
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import rates, rooms
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.service import guaranteeing
from pms.hotel.stays import fees, reservations, settlements
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Origin, Reservation, Wanted, Wishes
from pms.web import letters
from pms.web.database import session


class PriceChanged(Refusal):
    """The stay costs something else by now."""

    def __init__(self, total: Money) -> None:
        super().__init__(
            f"The stay now costs {total.said}. Ask for that total, or let it be.",
            field="expected_total",
            total=amount(total.minor, total.currency),
        )


class OtherCurrency(Invalid):
    def __init__(self, hotel: Hotel) -> None:
        super().__init__(f"{hotel.name} counts in {hotel.currency}.", field="expected_total")


class NoEmail(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "A confirmation needs the guest's e-mail address. Give it, or ask for none.",
            field="guest",
        )


class NothingAsked(Invalid):
    def __init__(self) -> None:
        super().__init__("Nothing is to be changed. Say what, or leave it as it is.")


@deed("/hotels/<code>/reservations", asks=BookingAsked, answers=ReservationRead, status=201)
@opens(Scope.RESERVATIONS)
def book(hotel: Hotel, asked: BookingAsked, *, by: Staff) -> Made:
    """Promise a party a room; refuses what is sold out, and another price than was expected."""
    here = session()
    card_numbers.refuse(notes=asked.notes)
    if asked.departure <= asked.arrival:
        raise NoNight
    if asked.send_confirmation and not asked.guest.email:
        raise NoEmail
    room_type, plan = _type_and_plan(hotel, asked.room_type, asked.rate_plan)
    made = reservations.book(
        here,
        hotel,
        room_type=room_type,
        plan=plan,
        guest=_guest(hotel, asked.guest, by),
        arrival=asked.arrival,
        departure=asked.departure,
        adults=asked.adults,
        children=max(asked.children, len(asked.child_ages)),
        child_ages=asked.child_ages,
        guarantee=asked.guarantee,
        company=_company(hotel, asked.company),
        group=groups.named(hotel, asked.group) if asked.group else None,
        origin=Origin(source="api", channel=asked.channel, channel_ref=asked.channel_ref),
        wishes=Wishes(notes=asked.notes),
        by=by,
    )
    here.flush()
    read = promises.read(here, hotel, made.id)
    _refuse_other_total(hotel, asked.expected_total, read)
    if asked.send_confirmation:
        letters.tell(here, hotel, made, tells=Tells.CONFIRMATION, by=by)
    return Made(read, f"{PREFIX}/hotels/{hotel.code}/reservations/{made.id}")


@look("/hotels/<code>/reservations", asks=ReservationsAsked, answers=Reservations)
@opens(Scope.RESERVATIONS)
def reservation_list(hotel: Hotel, asked: ReservationsAsked) -> Reservations:
    """List reservations by arrival, of a state, a span of arrivals, a number or a reference."""
    key = (Reservation.arrival, Reservation.id)
    query = promises.heads(hotel).order_by(*key).limit(asked.limit + 1)
    for condition in _conditions(asked):
        query = query.where(condition)
    reached = after(asked.cursor, *promises.CURSOR)
    if reached is not None:
        query = query.where(behind(key, reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "arrival", "id")
    return {"reservations": [promises.summary(row) for row in rows], "next_cursor": cursor}


@look("/hotels/<code>/reservations/<reservation_id>", answers=ReservationRead)
@opens(Scope.RESERVATIONS)
def reservation(hotel: Hotel, reservation_id: str) -> ReservationRead:
    """Read a reservation with its nights and what they come to."""
    number = id_of(reservation_id)
    if number is None:
        raise NotHere("reservation")
    return promises.read(session(), hotel, number)


@deed(
    "/hotels/<code>/reservations/<reservation_id>",
    method="PATCH",
    asks=AmendAsked,
    answers=ReservationRead,
)
@opens(Scope.RESERVATIONS)
def amend(hotel: Hotel, asked: AmendAsked, *, by: Staff, reservation_id: str) -> ReservationRead:
    """Change dates, type, plan, party or guarantee.

    Nights that were there keep their price unless told.
    """
    here = session()
    found = find(hotel, reservation_id, seen=asked.version)
    if not asked.model_fields_set - {"version", "expected_total"}:
        raise NothingAsked
    if (asked.departure or found.departure) <= (asked.arrival or found.arrival):
        raise NoNight
    wanted = Wanted(
        arrival=asked.arrival,
        departure=asked.departure,
        room_type=_room_type(hotel, asked.room_type) if asked.room_type else None,
        plan=_plan(hotel, asked.rate_plan) if asked.rate_plan else None,
        adults=asked.adults,
        children=asked.children,
    )
    reservations.amend(here, found, wanted, reprice=asked.reprice, by=by)
    settlements.price_changed(here, found, by=by)
    if asked.guarantee is not None:
        guaranteeing.guarantee(here, found, asked.guarantee, by=by)
    read = promises.read(here, hotel, found.id)
    _refuse_other_total(hotel, asked.expected_total, read)
    return read


@deed(
    "/hotels/<code>/reservations/<reservation_id>/cancel",
    asks=CancelAsked,
    answers=ReservationRead,
)
@opens(Scope.RESERVATIONS)
def cancel(hotel: Hotel, asked: CancelAsked, *, by: Staff, reservation_id: str) -> ReservationRead:
    """End a promise; its nights go back on sale, and what its policy asks for is charged."""
    found = find(hotel, reservation_id, seen=asked.version)
    card_numbers.refuse(reason=asked.reason)
    fees.cancel(session(), found, reason=asked.reason, by=by)
    return promises.read(session(), hotel, found.id)


def find(hotel: Hotel, reservation_id: str, *, seen: int | None = None) -> Reservation:
    """Return a reservation of this hotel; refuses a stranger's id, and a version gone by."""
    number = id_of(reservation_id)
    found = number and session().get(Reservation, {"hotel_id": hotel.id, "id": number})
    if not found:
        raise NotHere("reservation")
    if seen is not None and lock(session(), found).version != seen:
        raise Stale("reservation")
    return found


def _conditions(asked: ReservationsAsked) -> Sequence[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if asked.state is not None:
        wanted.append(Reservation.state == asked.state)
    if asked.arrival_from is not None:
        wanted.append(Reservation.arrival >= asked.arrival_from)
    if asked.arrival_until is not None:
        wanted.append(Reservation.arrival <= asked.arrival_until)
    if asked.number is not None:
        wanted.append(Reservation.number == int(asked.number))
    if asked.channel_ref is not None:
        wanted.append(Reservation.channel == asked.channel)
        wanted.append(Reservation.channel_ref == asked.channel_ref)
    return wanted


_BOTH = (
    sa.select(RoomType, RatePlan)
    .join(RatePlan, RatePlan.hotel_id == RoomType.hotel_id)
    .where(
        RoomType.hotel_id == sa.bindparam("hotel"),
        RoomType.code == sa.bindparam("type"),
        RatePlan.code == sa.bindparam("plan"),
        RatePlan.active,
    )
)


def _type_and_plan(hotel: Hotel, room_type: str, plan: str) -> tuple[RoomType, RatePlan]:
    """Return both in one question; refuses the one that isn't there."""
    asked = {"hotel": hotel.id, "type": room_type, "plan": plan}
    found = session().execute(_BOTH, asked).first()
    if found is None:
        return _room_type(hotel, room_type), _plan(hotel, plan)
    return found[0], found[1]


def _company(hotel: Hotel, code: str | None) -> Company | None:
    if code is None:
        return None
    found = companies.by_code(session(), hotel, code)
    if found is None:
        raise UnknownCode("company", code)
    return found


def _room_type(hotel: Hotel, code: str) -> RoomType:
    found = rooms.type_by_code(session(), hotel, code)
    if found is None:
        raise UnknownCode("room_type", code)
    return found


def _plan(hotel: Hotel, code: str) -> RatePlan:
    found = rates.by_code(session(), hotel, code)
    if found is None or not found.active:
        raise UnknownCode("rate_plan", code)
    return found


def _guest(hotel: Hotel, asked: GuestAsked, by: Staff) -> Guest:
    """Return the guest the chain knows by this very name and address, or a new one."""
    folded = spelling.folded(f"{asked.surname} {asked.given_name}")
    email = asked.email.lower() if asked.email else None
    known = email and session().scalar(
        sa.select(Guest)
        .where(
            Guest.chain_id == hotel.chain_id,
            Guest.email == email,
            Guest.folded_name == folded,
        )
        .order_by(Guest.id)
        .limit(1)
    )
    return known or guests.welcome(
        session(),
        hotel,
        surname=asked.surname,
        given_name=asked.given_name,
        email=email,
        phone=asked.phone,
        by=by,
    )


def _refuse_other_total(hotel: Hotel, expected: AmountAsked | None, read: ReservationRead) -> None:
    if expected is None:
        return
    if expected.currency != hotel.currency:
        raise OtherCurrency(hotel)
    total = Money.parse(read["total"]["amount"], hotel.currency)
    if expected.money("expected_total") != total:
        raise PriceChanged(total)
