"""The pages of a booking: find, choose, say who comes, look once more, book."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base import colours as of_colours
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.guest_side.booking import offering
from pms.guest_side.booking.desk import Counter, bp, counter, known
from pms.guest_side.booking.forms import DetailsForm, SearchForm
from pms.guest_side.booking.offering import Choice
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import Sent, once
from pms.hotel.rooms import inventory, web_sales
from pms.hotel.service import web_payments
from pms.hotel.service.checkout import PaymentRequest
from pms.hotel.stays import guest_links, turnaways, web_bookings
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.guest_links import Door
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.turnaways import Turnaway, Why
from pms.hotel.stays.web_bookings import Asked, Booker, PriceIsAnother, Wanted
from pms.web import letters, links
from pms.web.attempt import attempt
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.guest_pages import knocking, visiting

__all__ = ["bp"]


# --- find ---------------------------------------------------------------------------------------


@bp.get("/<code>")
@open_to_everyone
def hotel(code: str) -> ResponseReturnValue:
    """Greet a guest, and ask when they come."""
    at = counter(code)
    form = SearchForm(at.t, at.hotel.business_date, request.args)
    form.begin()
    return _front(at, form)


def _front(at: Counter, form: SearchForm) -> ResponseReturnValue:
    greeting = at.t.name(at.shop.greeting)
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    return render_template("web_booking/hotel.html", at=at, form=form, greeting=greeting), wrong


@bp.post("/<code>/search")
@open_to_everyone
def search(code: str) -> ResponseReturnValue:
    """Look for rooms; where everything is taken, the house notes whom it turned away."""
    at = counter(code)
    knocking.look()
    form = SearchForm(at.t, at.hotel.business_date)
    asked = form.asked()
    if asked is None:
        return _front(at, form)
    try:
        if not offering.rooms(session(), at, asked):
            attempt(form, _turned_away, at.hotel, asked, whose=knocking.address())
    except Refusal as refusal:
        form.refuse(refusal)
        return _front(at, form)
    return redirect(url_for("web_booking.rooms", code=code, **_address_of(asked)))


def _turned_away(session: Session, hotel: Hotel, asked: Asked, *, whose: str) -> Turnaway:
    """Note an inquiry that found nothing, once for an address and its dates."""
    words = f"web/{hotel.business_date}/{asked.arrival}/{asked.departure}/{whose}"
    key = guest_links.digest(words)
    left = inventory.availability(session, hotel, asked.arrival, asked.departure)
    fits = any(each.rooms and each.sleeps >= asked.heads for each in left)
    return once(
        session,
        hotel,
        Sent(key, key),
        lambda: turnaways.note(
            session,
            hotel,
            why=Why.RESTRICTED if fits else Why.SOLD_OUT,
            arrival=asked.arrival,
            departure=asked.departure,
            adults=asked.heads,
            words="Looked for on the web",
            by=staff.a_guest(session, hotel),
        ),
        made=lambda noted: noted.id,
        again=lambda noted_id: session.get_one(Turnaway, (hotel.id, noted_id)),
    )


def _address_of(asked: Asked) -> dict[str, Any]:
    """Return a stay as an address carries it."""
    return {
        "arrival": asked.arrival.isoformat(),
        "departure": asked.departure.isoformat(),
        "adults": asked.adults,
        "ages": ",".join(map(str, asked.ages)) or None,
    }


# --- choose -------------------------------------------------------------------------------------


@bp.get("/<code>/rooms")
@open_to_everyone
def rooms(code: str) -> ResponseReturnValue:
    """Show what can be booked, each with its whole price and what is agreed; or other days."""
    at = counter(code)
    knocking.look()
    form = SearchForm(at.t, at.hotel.business_date, request.args)
    asked = form.asked()
    if asked is None:
        return _front(at, form)
    return _rooms(at, form, asked)


def _rooms(
    at: Counter, form: SearchForm, asked: Asked, *, gone: bool = False
) -> ResponseReturnValue:
    try:
        found = offering.rooms(session(), at, asked)
        near = [] if found else offering.nearest(session(), at, asked)
    except Refusal as refusal:
        form.refuse(refusal)
        return _front(at, form)
    page = render_template(
        "web_booking/rooms.html",
        at=at,
        asked=asked,
        stay=_address_of(asked),
        rooms=found,
        plans=offering.plans(found),
        near=near,
        gone=gone,
    )
    return page, HTTPStatus.CONFLICT if gone else HTTPStatus.OK


# --- say who comes, and book ----------------------------------------------------------------------


@bp.route("/<code>/details", methods=["GET", "POST"])
@open_to_everyone
def details(code: str) -> ResponseReturnValue:
    """Ask who comes; then show everything once more before it is booked."""
    at = counter(code)
    knocking.look()
    form = _details(at)
    asked = SearchForm.asked(form) if request.method == "POST" else _looked_for(at, form)
    if asked is None and request.method == "GET":
        return redirect(url_for("web_booking.hotel", code=code))
    chosen = _chosen(at, form, asked) if asked else None
    if asked is not None and chosen is None:
        return _rooms(at, form, asked, gone=True)
    goes_on = request.method == "POST" and request.form.get("do") != "change"
    if asked is None or chosen is None or not (goes_on and form.validate()):
        return _who(at, form, asked, chosen, wrong=goes_on)
    return _review(at, form, asked, chosen)


@bp.post("/<code>/book")
@open_to_everyone
def book(code: str) -> ResponseReturnValue:
    """Book what was looked at; another price or a room that went is said before anything is."""
    at = counter(code)
    form = _details(at)
    asked = form.asked()
    chosen = _chosen(at, form, asked) if asked else None
    if asked is None:
        return _who(at, form, None, None, wrong=True)
    if chosen is not None and not form.validate():
        return _who(at, form, asked, chosen, wrong=True)
    knocking.knock(at.hotel, (Door.BOOKING, knocking.address()))
    made = attempt(form, _book, at.hotel, _wanted(at, form, asked, chosen), form.booker, form.sent)
    if made is not None:
        return visiting.begin(make_response(redirect(_next(made))), made.visit)
    chosen = _chosen(at, form, asked)
    if chosen is None:
        return _rooms(at, form, asked, gone=True)
    return _review(at, form, asked, chosen)


def _details(at: Counter) -> DetailsForm:
    typed = request.form if request.method == "POST" else request.args
    return DetailsForm(at.t, at.hotel.business_date, typed)


def _looked_for(at: Counter, form: DetailsForm) -> Asked | None:
    """Return the stay an address asks for: it names no guest, so only the stay is looked at."""
    return SearchForm(at.t, form.today, request.args).asked()


def _chosen(at: Counter, form: DetailsForm, asked: Asked) -> Choice | None:
    """Return the offer that was chosen, as it stands now."""
    try:
        found = web_bookings.offered(
            session(), at.hotel, at.shop, asked, pays_online=at.pays_online
        )
    except Refusal:
        return None
    quote = web_bookings.find(found, form.type.data or "", form.plan.data or "")
    return offering.choice(at, quote, asked) if quote else None


def _who(
    at: Counter, form: DetailsForm, asked: Asked | None, chosen: Choice | None, *, wrong: bool
) -> ResponseReturnValue:
    if asked is None or chosen is None:
        abort(HTTPStatus.BAD_REQUEST)  # the stay comes from our own page, and can't be read
    page = render_template(
        "web_booking/details.html",
        at=at,
        form=form,
        asked=asked,
        stay=_address_of(asked),
        chosen=chosen,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _review(at: Counter, form: DetailsForm, asked: Asked, chosen: Choice) -> ResponseReturnValue:
    """Show all of it with the price of now; what was refused stands on top."""
    if isinstance(form.refused, PriceIsAnother):
        form.refusals = [at.t.say("price_changed", money=at.t.money(chosen.total))]
    form.total.data = str(chosen.total.minor)
    page = render_template(
        "web_booking/review.html",
        at=at,
        form=form,
        asked=asked,
        chosen=chosen,
        taxes=offering.taxes(session(), at, chosen.quote),
        is_unpaid=not offering.guarantees(at, chosen.quote, asked),
    )
    return page, form.refused.status if form.refused else HTTPStatus.OK


def _wanted(at: Counter, form: DetailsForm, asked: Asked, chosen: Choice | None) -> Wanted:
    """Return what the guest saw and accepted: the terms only if they ticked them."""
    accepts = form.agrees.data and chosen is not None
    return Wanted(
        asked=asked,
        type_code=form.type.data or "",
        plan_code=form.plan.data or "",
        total=Money(whole(form.total.data) or 0, at.hotel.currency),
        terms=" ".join(chosen.terms) if accepts and chosen else "",
        eta=form.expected_at,
        words=form.wishes,
    )


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking that was made: the token of its guest's visit, and what is to be paid at once."""

    visit: str
    request: PaymentRequest | None


def _next(made: Booked) -> str:
    """Return where the guest goes on: to pay, where the terms want it now, else to be thanked."""
    if made.request is None:
        return url_for("my_stay.booked")
    token = links.token("pay", made.request.hotel_id, made.request.id)
    return url_for("pay.pay", token=token)


def _book(session: Session, hotel: Hotel, wanted: Wanted, booker: Booker, sent: Sent) -> Booked:
    """Book, confirm it by a letter, and open the stay's pages; a page sent twice books once."""
    by = staff.a_guest(session, hotel)

    def deed() -> Reservation:
        pays = web_payments.pays_online(session, hotel)
        made = web_bookings.book(session, hotel, wanted, booker, pays_online=pays, by=by)
        web_payments.ask_at_booking(session, made, language=booker.language, by=by)
        letters.tell(
            session, hotel, made, tells=Tells.CONFIRMATION, language=booker.language, by=by
        )
        return made

    made = once(
        session,
        hotel,
        sent,
        deed,
        made=lambda reservation: reservation.id,
        again=lambda reservation_id: session.get_one(Reservation, (hotel.id, reservation_id)),
    )
    asked = web_payments.open_requests(session, made)
    return Booked(guest_links.open_visit(session, made), asked[0] if asked else None)


# --- the hotel's colour ---------------------------------------------------------------------------


@bp.get("/<code>/colours.css")
@open_to_everyone
def colours(code: str) -> ResponseReturnValue:
    """Return the hotel's colour as a style sheet: a page may have none of its own."""
    shades = of_colours.shades(web_sales.colour(session(), known(code)))
    sheet = render_template("web_booking/colours.css", shades=shades)
    return Response(sheet, mimetype="text/css")
