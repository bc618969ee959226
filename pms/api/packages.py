"""Packages: what machines can sell with a room, and what a reservation has of it."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from pms.api import promises, reservations
from pms.api.calls import deed, look
from pms.api.door import opens
from pms.api.problems import NotHere, UnknownCode
from pms.api.promises import ReservationRead
from pms.api.shapes import Amount, Body, Day, Word, amount
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import packages
from pms.hotel.rooms.packaging import Per, Rhythm
from pms.hotel.stays.reservations import packages as of_reservation
from pms.web.database import session


class ChildRead(TypedDict):
    """What a child up to an age pays."""

    age: int
    price: Amount


class PackageRead(TypedDict):
    """A package that is sold; `price` is for each person, the room or the reservation."""

    package: str
    name: str
    per: Per
    price: Amount
    children: list[ChildRead]
    rhythm: Rhythm


class Packages(TypedDict):
    """The packages that are sold."""

    packages: list[PackageRead]


class PackageAsked(Body):
    """A package for a reservation, from its arrival (or tonight) on, or from a later night."""

    package: Word
    quantity: Annotated[int, Field(ge=1, le=of_reservation.MOST)] = 1
    first: Day | None = None


class TakeOffAsked(Body):
    """Nothing more is asked."""


@look("/hotels/<code>/packages", answers=Packages)
@opens(Scope.QUOTES, Scope.AVAILABILITY)
def package_list(hotel: Hotel) -> Packages:
    """List the packages that are sold with a room."""
    children = packages.children_of(session(), hotel)
    return {
        "packages": [
            {
                "package": each.code,
                "name": each.name,
                "per": each.per,
                "price": amount(each.price, hotel.currency),
                "children": [
                    {"age": age, "price": amount(price, hotel.currency)}
                    for age, price in children.get(each.id, ())
                ],
                "rhythm": each.rhythm,
            }
            for each in packages.catalogue(session(), hotel, sold=True)
        ]
    }


@deed(
    "/hotels/<code>/reservations/<reservation_id>/packages",
    asks=PackageAsked,
    answers=ReservationRead,
)
@opens(Scope.RESERVATIONS)
def add_package(
    hotel: Hotel, asked: PackageAsked, *, by: Staff, reservation_id: str
) -> ReservationRead:
    """Add a package to a reservation; refuses one that isn't sold, and nights that aren't its."""
    found = reservations.find(hotel, reservation_id)
    package = packages.by_code(session(), hotel, asked.package)
    if package is None:
        raise UnknownCode("package", asked.package)
    first: date | None = asked.first
    of_reservation.add(session(), found, package, quantity=asked.quantity, first=first, by=by)
    return promises.read(session(), hotel, found.id)


@deed(
    "/hotels/<code>/reservations/<reservation_id>/packages/<no>/take-off",
    asks=TakeOffAsked,
    answers=ReservationRead,
)
@opens(Scope.RESERVATIONS)
def take_off_package(
    hotel: Hotel, asked: TakeOffAsked, *, by: Staff, reservation_id: str, no: str
) -> ReservationRead:
    """Take a package off a reservation from tonight on; what was posted stays."""
    found = reservations.find(hotel, reservation_id)
    rows = of_reservation.of(session(), found)
    row = next((each for each in rows if str(each.no) == no), None)
    if row is None:
        raise NotHere("package")
    of_reservation.take_off(session(), found, row, by=by)
    return promises.read(session(), hotel, found.id)
