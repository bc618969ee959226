"""Asked: the link by which a guest is asked for a payment: how its form begins, and its mail."""

from datetime import timedelta

from flask import url_for
from sqlalchemy.orm import Session

from pms.back_office.payment_requests.forms import LinkForm
from pms.hotel.house import letterheads
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import checkout
from pms.hotel.service.checkout import PaymentRequest, asking
from pms.hotel.stays import guest_links
from pms.hotel.stays.reservations import Reservation
from pms.web import links
from pms.web.auth import here
from pms.web.database import session
from pms.web.letters import open_pages, way_in
from pms.web.letters.paying import Asked, letter

VALID_DAYS = 7


def begin_link(form: LinkForm, reservation: Reservation | None) -> None:
    """Fill in the language and the address of who is asked, and a week."""
    guest = reservation.guest if reservation else None
    head = letterheads.of(session(), here())
    spoken = guest.language if guest else None
    form.language.data = letterheads.spoken(spoken, otherwise=head.language)
    form.until.data = here().business_date + timedelta(days=VALID_DAYS)
    form.to.data = (guest.email if guest else None) or ""


def mail_link(opened: Session, found: PaymentRequest, to: str, *, by: Staff) -> PaymentRequest:
    """Mail the link in the guest's language."""
    booking = _whole_booking(opened, found, by=by)
    words = letter(Asked(opened, here(), found), link_of(found), booking=booking)
    checkout.mail(
        opened, found, to=to, subject=words.subject, text=words.text, html=words.html, by=by
    )
    return found


def _whole_booking(opened: Session, found: PaymentRequest, *, by: Staff) -> str | None:
    """Return the address of the page where who booked several rooms sees what all of them owe."""
    party = asking.party_of(opened, found)
    if party is None or guest_links.booked_with(opened, party) is None:
        return None
    if by.may(Permission.RESERVE, party.hotel_id):
        open_pages(opened, party, by=by)
    way = way_in(opened, party)
    return way.address if way else None


def link_of(found: PaymentRequest) -> str:
    """Return where a request is paid."""
    token = links.token("pay", found.hotel_id, found.id)
    return links.public(url_for("pay.pay", token=token))
