"""Promises: reservations as machines ask for them and read them; rows, not objects."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from pms.api.cursors import AnyRow, AnySelect, Paged
from pms.api.problems import NotHere
from pms.api.shapes import (
    Adults,
    Age,
    Amount,
    AmountAsked,
    Body,
    Children,
    Day,
    Email,
    Line,
    Note,
    Text,
    Version,
    Word,
    amount,
)
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import offers
from pms.hotel.rooms.offers import Priced
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays.reservations import (
    Guarantee,
    Purpose,
    Reservation,
    ReservationNight,
    State,
    agreed,
    packages,
)
from pms.hotel.tariff.charges import ChargeCode

CHANNEL = "api"
CURSOR = (date, int)


class GuestAsked(Body):
    """Who books, as they write themselves."""

    given_name: Text = ""
    surname: Line
    email: Email | None = None
    phone: Word | None = None


class BookingAsked(Body):
    """A booking: with an `expected_total`, another price is refused.

    With a `group` it is picked up from that group's allotment, at the group's price.
    """

    room_type: Word
    rate_plan: Word
    arrival: Day
    departure: Day
    adults: Adults
    children: Children = 0
    child_ages: Annotated[tuple[Age, ...], Field(max_length=20)] = ()
    guarantee: Guarantee = Guarantee.NONE
    company: Word | None = None
    guest: GuestAsked
    expected_total: AmountAsked | None = None
    channel: Word = CHANNEL
    channel_ref: Line | None = None
    group: Word | None = None
    notes: Note | None = None
    send_confirmation: bool = False


class AmendAsked(Body):
    """What a reservation shall become; `reprice` says whether nights it has are priced anew."""

    arrival: Day | None = None
    departure: Day | None = None
    room_type: Word | None = None
    rate_plan: Word | None = None
    adults: Adults | None = None
    children: Children | None = None
    guarantee: Guarantee | None = None
    reprice: bool | None = None
    expected_total: AmountAsked | None = None
    version: Version | None = None


class CancelAsked(Body):
    """Why it is cancelled."""

    reason: Line
    version: Version | None = None


class ReservationsAsked(Paged):
    """Which reservations; a reference is looked up within its channel."""

    state: State | None = None
    arrival_from: Day | None = None
    arrival_until: Day | None = None
    number: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    channel: Word = CHANNEL
    channel_ref: Line | None = None


class GuestBrief(TypedDict):
    """Who comes."""

    id: str
    given_name: str
    surname: str
    email: str | None


class Summary(TypedDict):
    """A reservation as it stands in a list."""

    id: str
    number: str
    state: State
    arrival: date
    departure: date
    adults: int
    children: int
    room_type: str
    rate_plan: str
    guest: GuestBrief
    channel: str
    channel_ref: str | None
    folio_id: str | None
    cancel_number: str | None
    version: int


class NightRead(TypedDict):
    """A night: the type and plan it is priced in, and its price before taxes on top."""

    night: date
    room_type: str
    rate_plan: str
    price: Amount


class BookedPackage(TypedDict):
    """A package of a reservation; `included` in its nights' prices, or added to them."""

    no: int
    package: str
    quantity: int
    included: bool
    first: date | None


class ReservationRead(Summary):
    """A reservation with its live nights; `total` is what all comes to, taxes included."""

    notes: str | None
    nights: list[NightRead]
    packages: list[BookedPackage]
    total: Amount


class Reservations(TypedDict):
    """A page of reservations; `next_cursor` asks for the next one."""

    reservations: list[Summary]
    next_cursor: str | None


_HEADS = (
    sa.select(
        Reservation.id,
        Reservation.number,
        Reservation.state,
        Reservation.arrival,
        Reservation.departure,
        Reservation.adults,
        Reservation.children,
        Reservation.channel,
        Reservation.channel_ref,
        Reservation.folio_id,
        Reservation.cancel_number,
        Reservation.version,
        Reservation.notes,
        Reservation.purpose,
        Reservation.shares_with_id,
        RoomType.code.label("room_type"),
        RatePlan.code.label("rate_plan"),
        Guest.id.label("guest_id"),
        Guest.given_name,
        Guest.surname,
        Guest.email,
    )
    .join(
        RoomType,
        sa.and_(RoomType.hotel_id == Reservation.hotel_id, RoomType.id == Reservation.type_id),
    )
    .join(
        RatePlan,
        sa.and_(RatePlan.hotel_id == Reservation.hotel_id, RatePlan.id == Reservation.plan_id),
    )
    .join(Guest, sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id))
)
_ONE = _HEADS.where(
    Reservation.hotel_id == sa.bindparam("hotel"), Reservation.id == sa.bindparam("id")
)
_NIGHTS = (
    sa.select(
        ReservationNight.night,
        ReservationNight.price,
        ReservationNight.adults,
        ReservationNight.plan_id,
        ChargeCode.tax_class_id,
        RoomType.code.label("room_type"),
        RatePlan.code.label("rate_plan"),
    )
    .join(
        RoomType,
        sa.and_(
            RoomType.hotel_id == ReservationNight.hotel_id,
            RoomType.id == ReservationNight.charged_type_id,
        ),
    )
    .join(
        RatePlan,
        sa.and_(
            RatePlan.hotel_id == ReservationNight.hotel_id,
            RatePlan.id == ReservationNight.plan_id,
        ),
    )
    .join(
        ChargeCode,
        sa.and_(ChargeCode.hotel_id == RatePlan.hotel_id, ChargeCode.id == RatePlan.charge_code_id),
    )
    .where(
        ReservationNight.hotel_id == sa.bindparam("hotel"),
        ReservationNight.reservation_id == sa.bindparam("id"),
        ReservationNight.live,
    )
    .order_by(ReservationNight.night)
)


def heads(hotel: Hotel) -> AnySelect:
    """Return the query of a hotel's reservations, without their nights."""
    return _HEADS.where(Reservation.hotel_id == hotel.id)


def read(session: Session, hotel: Hotel, reservation_id: int) -> ReservationRead:
    """Return a reservation of this hotel with its nights; refuses a stranger's id."""
    which = {"hotel": hotel.id, "id": reservation_id}
    connection = session.connection()
    head = connection.execute(_ONE, which).first()
    if head is None:
        raise NotHere("reservation")
    nights = connection.execute(_NIGHTS, which).all()
    kept = packages.elements(session, hotel, [reservation_id]).get(reservation_id, [])
    total = offers.total(session, hotel, _priced(session, hotel, head, nights, kept))
    return {
        **summary(head),
        "notes": head.notes,
        "nights": [
            {
                "night": row.night,
                "room_type": row.room_type,
                "rate_plan": row.rate_plan,
                "price": amount(row.price, hotel.currency),
            }
            for row in nights
        ],
        "packages": [
            {
                "no": each.no,
                "package": each.element.code,
                "quantity": each.element.quantity,
                "included": each.element.included,
                "first": each.element.first,
            }
            for each in kept
            if each.element.taken_off_on is None
        ],
        "total": amount(total.minor, hotel.currency),
    }


def _priced(
    session: Session,
    hotel: Hotel,
    head: AnyRow,
    nights: Sequence[AnyRow],
    kept: Sequence[packages.Agreed],
) -> list[Priced]:
    """Return the nights of a reservation as its offer was reckoned, its packages with them."""
    given = head.purpose is not Purpose.PAYING
    whose = packages.Whose(head.arrival, head.departure, given, head.shares_with_id is not None)
    ages = agreed.ages_of(session, hotel, [head.id] if head.children else ()).get(head.id, ())
    return [
        Priced(
            row.night,
            row.price,
            row.tax_class_id,
            row.adults,
            packages.of_night(
                kept, whose, night=row.night, plan_id=row.plan_id, price=row.price,
                adults=row.adults,
            ),
            agreed.children_of(head.children, ages),
        )
        for row in nights
    ]  # fmt: skip


def summary(row: AnyRow) -> Summary:
    """Return a row of `heads` as machines read it."""
    return {
        "id": str(row.id),
        "number": str(row.number),
        "state": row.state,
        "arrival": row.arrival,
        "departure": row.departure,
        "adults": row.adults,
        "children": row.children,
        "room_type": row.room_type,
        "rate_plan": row.rate_plan,
        "guest": {
            "id": str(row.guest_id),
            "given_name": row.given_name,
            "surname": row.surname,
            "email": row.email,
        },
        "channel": row.channel,
        "channel_ref": row.channel_ref,
        "folio_id": _text(row.folio_id),
        "cancel_number": _text(row.cancel_number),
        "version": row.version,
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
