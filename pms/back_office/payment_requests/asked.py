"""Asked: the link by which a guest is asked for a payment: how its form begins, and its mail."""

from datetime import timedelta
from typing import Any, Protocol

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.payment_requests.forms import LinkForm
from pms.base import clock, dates
from pms.hotel.house import letterheads
from pms.hotel.house.once import once
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import checkout
from pms.hotel.service.checkout import PaymentRequest, asking, modes
from pms.hotel.stays import guest_links
from pms.hotel.stays.reservations import Reservation
from pms.web import links
from pms.web.attempt import attempt
from pms.web.auth import here, on_duty
from pms.web.database import session
from pms.web.letters import open_pages, way_in
from pms.web.letters.paying import Asked, letter
from pms.web.saying import say

VALID_DAYS = 7


def begin_link(form: LinkForm, reservation: Reservation | None) -> None:
    """Fill in the language and the address of who is asked, and a week.

    The week is the clock's: a link ends by it, also while the house's days aren't closed.
    """
    guest = reservation.guest if reservation else None
    head = letterheads.of(session(), here())
    language, country = (guest.language, guest.country) if guest else (None, None)
    form.language.data = letterheads.of_guest(language, country, otherwise=head.language)
    today = dates.local(clock.now(), here().time_zone).date()
    form.until.data = today + timedelta(days=VALID_DAYS)
    form.to.data = (guest.email if guest else None) or ""


class Asks(Protocol):
    """What asks the guest, once its form holds."""

    def __call__(self, opened: Session, *, by: Staff) -> PaymentRequest:
        """Ask, and return the request."""


def answer(template: str, form: LinkForm, asks: Asks, **shown: Any) -> ResponseReturnValue:
    """Ask as a form says and go on to the request; until it holds, show it."""
    if form.validate_on_submit():
        made = attempt(form, _ask, form, asks, by=on_duty())
        if made is not None:
            say(f"Request {made.number} is there. Show the code, or send the link.")
            return redirect(url_for("payment_requests.one", request_id=made.id))
    page = render_template(template, form=form, mode=modes.mode_of(session(), here()), **shown)
    return page, 422 if form.said else 200


def _ask(opened: Session, form: LinkForm, asks: Asks, *, by: Staff) -> PaymentRequest:
    """Ask, and mail the link in the same deed where that is ticked; a page sent twice asks once."""

    def deed() -> PaymentRequest:
        made = asks(opened, by=by)
        if form.mail.data:
            mail_link(opened, made, form.to.data or "", by=by)
        return made

    return once(
        opened,
        here(),
        form.sent,
        deed,
        made=lambda request: request.id,
        again=lambda request_id: opened.get_one(PaymentRequest, (here().id, request_id)),
    )


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
