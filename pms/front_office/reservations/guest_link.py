"""The guest's link: made, sent again, withdrawn; and what the guest told through it."""

from collections.abc import Callable
from dataclasses import dataclass

import segno
from flask import redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.front_office.reservations.desk import bp, of
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import arrival_details, guest_links, parties, registration
from pms.hotel.stays.arrival_details import ArrivalDetails
from pms.hotel.stays.correspondence import NoAddress
from pms.hotel.stays.registration import RegistrationCard
from pms.hotel.stays.reservations import Reservation
from pms.web import letters
from pms.web.attempt import attempt
from pms.web.auth import allows, find, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.guest_pages import visiting
from pms.web.saying import say, say_refused


@dataclass(frozen=True, slots=True)
class GuestsSide:
    """A stay as its guest sees and fills it: the link, and what was told."""

    address: str | None
    square: str | None
    told: ArrivalDetails | None
    documents: int
    heads: int
    card: RegistrationCard | None


def guests_side(reservation: Reservation) -> GuestsSide:
    """Return a stay's link, for who may give it away, and what its guest told."""
    link = guest_links.of(session(), reservation) if may(Permission.RESERVE) else None
    address = visiting.address(link) if link else None
    members = parties.members(session(), reservation)
    return GuestsSide(
        address=address,
        square=segno.make(address).svg_data_uri(scale=4) if address else None,
        told=arrival_details.of(session(), reservation),
        documents=len([each for each in members if each.document]),
        heads=parties.heads(reservation),
        card=registration.of(session(), reservation),
    )


@bp.post("/reservations/<int:reservation_id>/link")
@allows(Permission.RESERVE)
def make_link(reservation_id: int) -> ResponseReturnValue:
    """Make the link to a stay."""
    return _done(reservation_id, letters.open_pages, "The guest's link is made.")


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


def _send(session: Session, reservation: Reservation, *, by: Staff) -> Letter:
    """Mail a stay's link; refuses where the guest has no address."""
    if not reservation.guest.email:
        raise NoAddress(reservation.guest.name)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    return letters.tell_link(session, hotel, reservation, by=by)


def _done(reservation_id: int, verb: Callable[..., object], sentence: str) -> ResponseReturnValue:
    reservation, form = find(Reservation, reservation_id), Form()
    attempt(form, verb, reservation, by=on_duty())
    if form.said:
        say_refused(form)
    else:
        say(sentence)
    return redirect(of(reservation))
