"""The party: guests found or written down, and the booking of all its rooms in one go."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Invalid, Refusal
from pms.front_office.booking.forms import PartyForm
from pms.hotel.guests import companies, finding, guests
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import Sent, once
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Room, RoomType
from pms.hotel.stays import reservations, stays
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import (
    Guarantee,
    ManualRate,
    Origin,
    Reservation,
    State,
    Wishes,
)
from pms.web import letters
from pms.web.auth import here
from pms.web.database import session

HITS = 6


class NoSuchCompany(Invalid):
    def __init__(self, code: str) -> None:
        super().__init__(f"No company has the code {code}. Leave it empty.", field="company")


class NoSuchBooking(Invalid):
    def __init__(self, text: str) -> None:
        super().__init__(f"There is no booking {text}.", field="shares_with")


class GuestGone(Refusal):
    def __init__(self) -> None:
        super().__init__("That guest is not known any more. Choose another.", field="q")


@dataclass(frozen=True, slots=True)
class Hit:
    """A guest who answers to the search, with when they were last here."""

    guest: Guest
    stays: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Who:
    """The guest as the page named them: known, or to be written down."""

    guest_id: int | None
    given_name: str
    surname: str
    email: str | None
    phone: str | None
    country: str | None
    company: str | None


def who(form: PartyForm) -> Who:
    """Read from the page who comes."""
    return Who(
        guest_id=form.guest_id,
        given_name=form.given_name.data or "",
        surname=form.surname.data or "",
        email=_or_none(form.email.data),
        phone=_or_none(form.phone.data),
        country=_or_none((form.country.data or "").upper()),
        company=_or_none(form.company.data),
    )


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


def company_id(form: PartyForm) -> int | None:
    """Return the company whose agreed plans are shown; none where its code isn't known."""
    code = _or_none(form.company.data)
    found = companies.by_code(session(), here(), code) if code else None
    return found.id if found else None


def hits(text: str, chosen: int | None) -> list[Hit]:
    """Return the guests who answer to a search, the chosen one first: two questions."""
    hotel = here()
    found = finding.search(session(), hotel, text, limit=HITS) if text.strip() else []
    if chosen is not None and all(guest.id != chosen for guest in found):
        kept = session().get(Guest, {"chain_id": hotel.chain_id, "id": chosen})
        found = [*([kept] if kept else []), *found]
    if not found:
        return []
    rows = session().execute(
        sa.select(Reservation.guest_id, sa.func.count(), sa.func.max(Reservation.arrival))
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.guest_id.in_([guest.id for guest in found]),
            Reservation.state.in_([State.DEPARTED, State.IN_HOUSE]),
        )
        .group_by(Reservation.guest_id)
    )
    known: dict[int, tuple[int, date]] = {row[0]: (row[1], row[2]) for row in rows}
    return [Hit(guest, *known.get(guest.id, (0, None))) for guest in found]


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be promised, once per room."""

    room_type: RoomType
    plan: RatePlan
    arrival: date
    departure: date
    rooms: int
    adults: int
    children: int
    child_ages: tuple[int, ...]
    guarantee: Guarantee
    origin: Origin
    wishes: Wishes
    by_hand: tuple[Money, str] | None
    shares_with: str | None
    with_booking: Reservation | None
    force: str | None
    sent: Sent
    confirm: bool = False
    option: date | None = None


def book(
    session: Session, hotel: Hotel, wanted: Booking, *, who: Who, by: Staff
) -> list[Reservation]:
    """Promise a party its rooms, all of them or none; the same page sent twice books once."""
    return once(
        session,
        hotel,
        wanted.sent,
        lambda: _book(session, hotel, wanted, who, by),
        made=lambda parties: parties[0].id,
        again=lambda first: [session.get_one(Reservation, (hotel.id, first))],
    )


def _book(
    session: Session, hotel: Hotel, wanted: Booking, who: Who, by: Staff
) -> list[Reservation]:
    """Promise all of a party's rooms; the first leads the booking.

    One letter confirms them all, where it is wished and the guest has an address.
    """
    guest, company = _guest(session, hotel, who, by), _company(session, hotel, who)
    host = _host(session, hotel, wanted.shares_with)
    rate = _by_hand(wanted.by_hand, wanted.arrival, wanted.departure)
    made: list[Reservation] = []
    lead = wanted.with_booking
    for _ in range(wanted.rooms):
        made.append(
            reservations.book(
                session,
                hotel,
                guest=guest,
                room_type=wanted.room_type,
                plan=wanted.plan,
                arrival=wanted.arrival,
                departure=wanted.departure,
                adults=wanted.adults,
                children=wanted.children,
                child_ages=wanted.child_ages,
                guarantee=wanted.guarantee,
                origin=wanted.origin,
                rate=rate,
                wishes=wanted.wishes,
                company=company,
                with_booking=lead,
                beside=0 if host else len(made),
                shares_with=host,
                force=wanted.force,
                by=by,
            )
        )
        lead = lead or made[0]
    for party in made if wanted.option else ():
        reservations.keep_until(session, party, until=wanted.option or party.arrival, by=by)
    if wanted.confirm and guest.email:
        letters.tell(session, hotel, made[0], tells=Tells.CONFIRMATION, by=by)
    return made


def take_in(
    session: Session,
    hotel: Hotel,
    *,
    who: Who,
    room: Room,
    plan: RatePlan,
    departure: date,
    adults: int,
    children: int,
    child_ages: tuple[int, ...],
    by_hand: tuple[Money, str] | None,
    passing: str | None = None,
    sent: Sent,
    by: Staff,
) -> Stay:
    """Write down a party that stands at the desk and hand it a room; once for each page."""

    def deed() -> Stay:
        return stays.walk_in(
            session,
            hotel,
            guest=_guest(session, hotel, who, by),
            room=room,
            plan=plan,
            departure=departure,
            adults=adults,
            children=children,
            child_ages=child_ages,
            rate=_by_hand(by_hand, hotel.business_date, departure),
            company=_company(session, hotel, who),
            passing=passing,
            by=by,
        )

    return once(
        session,
        hotel,
        sent,
        deed,
        made=lambda stay: stay.id,
        again=lambda stay_id: session.get_one(Stay, (hotel.id, stay_id)),
    )


def _guest(session: Session, hotel: Hotel, who: Who, by: Staff) -> Guest:
    if who.guest_id is None:
        return guests.welcome(
            session,
            hotel,
            surname=who.surname,
            given_name=who.given_name,
            email=who.email,
            phone=who.phone,
            country=who.country,
            by=by,
        )
    guest = session.get(Guest, {"chain_id": hotel.chain_id, "id": who.guest_id})
    if guest is None:
        raise GuestGone
    return guest


def _company(session: Session, hotel: Hotel, who: Who) -> Company | None:
    if who.company is None:
        return None
    company = companies.by_code(session, hotel, who.company)
    if company is None:
        raise NoSuchCompany(who.company)
    return company


def _host(session: Session, hotel: Hotel, number: str | None) -> Reservation | None:
    if number is None:
        return None
    host = reservations.by_number(session, hotel, whole(number) or 0)
    if host is None:
        raise NoSuchBooking(number)
    return host


def _by_hand(given: tuple[Money, str] | None, arrival: date, departure: date) -> ManualRate | None:
    if given is None:
        return None
    amount, reason = given
    nights = dates.nights(arrival, max(departure, arrival + dates.ONE_DAY))
    return ManualRate(dict.fromkeys(nights, amount), reason)
