"""The guest's links: made, sent again, withdrawn; and what the guest told through them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import segno
from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.front_office.reservations.desk import bp, of
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import arrival_details, guest_links, parties, registration
from pms.hotel.stays.arrival_details import ArrivalDetails
from pms.hotel.stays.correspondence import NoAddress
from pms.hotel.stays.guest_links import GuestLink, Opens
from pms.hotel.stays.registration import RegistrationCard
from pms.hotel.stays.reservations import Reservation
from pms.web import letters
from pms.web.attempt import attempt
from pms.web.auth import allows, find, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.guest_pages import visiting
from pms.web.saying import say_outcome


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link as the desk gives it away, or may make it: to this stay, or to the whole booking."""

    opens: Opens
    address: str | None

    @property
    def square(self) -> str | None:
        """The address as a code to be scanned, a picture's `data:` address."""
        return segno.make(self.address).svg_data_uri(scale=4) if self.address else None


@dataclass(frozen=True, slots=True)
class GuestsSide:
    """A stay as its guest sees and fills it: the links, and what was told."""

    links: list[LinkShown]
    told: ArrivalDetails | None
    documents: int
    heads: int
    card: RegistrationCard | None


def guests_side(reservation: Reservation, others: Iterable[Reservation]) -> GuestsSide:
    """Return a stay's links, for who may give them away, and what its guest told.

    `others` are the rooms booked or shared with it.
    """
    members = parties.members(session(), reservation)
    return GuestsSide(
        links=_links(reservation, others) if may(Permission.RESERVE) else [],
        told=arrival_details.of(session(), reservation),
        documents=len([each for each in members if each.document]),
        heads=parties.heads(reservation),
        card=registration.of(session(), reservation),
    )


def _links(reservation: Reservation, others: Iterable[Reservation]) -> list[LinkShown]:
    """Return the booking's link first, where this guest booked several rooms."""
    has_more = any(each.booking_number == reservation.booking_number for each in others)
    first = guest_links.booked_with(session(), reservation) if has_more else None
    hangs = {Opens.BOOKING: first, Opens.STAY: reservation}
    shown = []
    for opens, begins in hangs.items():
        if begins is not None:
            link = guest_links.of(session(), begins, opens)
            shown.append(LinkShown(opens, visiting.address(link) if link else None))
    return shown


@bp.post("/reservations/<int:reservation_id>/link")
@allows(Permission.RESERVE)
def make_link(reservation_id: int) -> ResponseReturnValue:
    """Make the link to a stay, or to its booking."""
    return _done(reservation_id, _make, "The guest's link is made.")


@bp.post("/reservations/<int:reservation_id>/link/send")
@allows(Permission.RESERVE)
def send_link(reservation_id: int) -> ResponseReturnValue:
    """Mail the link to the guest, again if need be."""
    return _done(reservation_id, _send, "The link goes to the guest.")


@bp.post("/reservations/<int:reservation_id>/link/withdraw")
@allows(Permission.RESERVE)
def withdraw_link(reservation_id: int) -> ResponseReturnValue:
    """Let the link open nothing any more."""
    return _done(reservation_id, guest_links.withdraw, "The link opens nothing any more.")


def _make(session: Session, reservation: Reservation, *, opens: Opens, by: Staff) -> GuestLink:
    return guest_links.issue(session, reservation, opens=opens, sealed=visiting.sealed, by=by)


def _send(session: Session, reservation: Reservation, *, opens: Opens, by: Staff) -> Letter:
    """Mail a link; refuses where the guest has no address."""
    if not reservation.guest.email:
        raise NoAddress(reservation.guest.name)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    return letters.tell_link(session, hotel, reservation, opens=opens, by=by)


def _done(reservation_id: int, verb: Callable[..., object], sentence: str) -> ResponseReturnValue:
    """Do it to the link that the address speaks of; a booking's only for who booked it."""
    reservation, form = find(Reservation, reservation_id), Form()
    opens = Opens.BOOKING if "booking" in request.args else Opens.STAY
    if opens is Opens.BOOKING and guest_links.booked_with(session(), reservation) is None:
        abort(404)
    attempt(form, verb, reservation, opens=opens, by=on_duty())
    say_outcome(form, sentence)
    return redirect(of(reservation))
