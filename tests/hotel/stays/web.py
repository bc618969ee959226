"""Builders for the guest's side: a page on the web, and somebody who books there."""

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from pms.hotel.house import staff, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rates, rooms, web_sales
from pms.hotel.rooms.web_sales import Shop
from pms.hotel.stays import arrival_details, web_bookings
from pms.hotel.stays.arrival_details import Transport
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.web_bookings import Asked, Booker, Wanted
from tests import make


def open_shop(session: Session, hotel: Hotel, **other: object) -> Hotel:
    """Open the hotel's page with every type and the plan BAR."""
    bar = rates.by_code(session, hotel, "BAR") or make.plan(session, hotel)
    said: dict[str, object] = {
        "is_open": True,
        "greeting": "Welcome in",
        "plans": {bar.id: "Breakfast is in it"},
        "types": {each.id: "" for each in rooms.types(session, hotel)},
    }
    shop = Shop(**{**said, **other})  # type: ignore[arg-type]
    by = make.by(session, hotel)
    web_sales.write(session, hotel, shop, by=by)
    translations.write(session, hotel, {"Welcome in": {"de": "Herzlich willkommen"}}, by=by)
    return hotel


def wanted(
    session: Session, hotel: Hotel, *, arrival: date | None = None, **other: object
) -> Wanted:
    """Two nights for two in a week, at the price of now, with terms accepted."""
    arrival = arrival or hotel.business_date + timedelta(days=7)
    asked = Asked(arrival, arrival + timedelta(days=2), adults=2)
    offer, *_ = web_bookings.offered(
        session, hotel, web_sales.of(session, hotel), asked, pays_online=False
    )
    said = {
        "asked": asked,
        "type_code": offer.room_type.code,
        "plan_code": offer.plan.code,
        "total": offer.total,
        "terms": "Cancelling is free.",
    }
    return Wanted(**{**said, **other})  # type: ignore[arg-type]


def booker(**other: object) -> Booker:
    """Somebody who books."""
    said = {
        "surname": "Dvořák", "given_name": "Ana", "email": "ana@mail.example", "phone": None,
        "language": "de",
    }  # fmt: skip
    return Booker(**{**said, **other})  # type: ignore[arg-type]


def booked(session: Session, hotel: Hotel) -> Reservation:
    """A stay that a guest booked and told how they come to."""
    by = staff.a_guest(session, hotel)
    made = web_bookings.book(session, hotel, wanted(session, hotel), booker(), by=by)
    arrival_details.tell(
        session, made, eta=time(17), transport=Transport.TRAIN, words="A cot", by=by
    )
    return made
