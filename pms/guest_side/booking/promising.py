"""Promising: who comes, all of it looked at once more, and then booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.numbers import whole as number
from pms.guest_side.booking import choosing, offering
from pms.guest_side.booking.choosing import address
from pms.guest_side.booking.desk import Counter, bp, counter
from pms.guest_side.booking.finding import choose
from pms.guest_side.booking.forms import DetailsForm, SearchForm
from pms.guest_side.booking.offering import Choice
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import Sent, once
from pms.hotel.service import booked_rooms, web_payments
from pms.hotel.service.checkout import PaymentRequest
from pms.hotel.stays import guest_links, web_bookings
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.guest_links import Door, Opens
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.web_bookings import Asked, Booker, PriceIsAnother, Wanted
from pms.web import letters, links
from pms.web.attempt import attempt
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.guest_pages import knocking, visiting


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
    chosen = choosing.chosen(session(), at, asked, form.picks) if asked else None
    if asked is not None and chosen is None:
        return choose(at, form, asked, form.picks, gone=True)
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
    if asked is None:
        return _who(at, form, None, None, wrong=True)
    chosen = choosing.chosen(session(), at, asked, form.picks)
    if chosen is not None and not form.validate():
        return _who(at, form, asked, chosen, wrong=True)
    knocking.knock(at.hotel, (Door.BOOKING, knocking.address()))
    wanted = _wanted(at, form, asked, chosen)
    made = attempt(form, _book, at.hotel, wanted, form.booker, form.sent, knocking.address())
    if made is not None:
        return visiting.begin(make_response(redirect(_next(made))), made.visit)
    chosen = choosing.chosen(session(), at, asked, form.picks)
    if chosen is None:
        return choose(at, form, asked, form.picks, gone=True)
    return _review(at, form, asked, chosen)


def _details(at: Counter) -> DetailsForm:
    typed = request.form if request.method == "POST" else request.args
    return DetailsForm(at.t, at.hotel.business_date, typed)


def _looked_for(at: Counter, form: DetailsForm) -> list[Asked] | None:
    """Return the stay an address asks for: it names no guest, so only the stay is looked at."""
    return SearchForm(at.t, form.today, request.args).asked()


def _who(
    at: Counter,
    form: DetailsForm,
    asked: Sequence[Asked] | None,
    chosen: Sequence[Choice] | None,
    *,
    wrong: bool,
) -> ResponseReturnValue:
    if asked is None or chosen is None:
        abort(HTTPStatus.BAD_REQUEST)  # the stay comes from our own page, and can't be read
    page = render_template(
        "web_booking/details.html",
        at=at,
        form=form,
        asked=asked,
        stay=address(asked, form.picks),
        chosen=chosen,
        total=choosing.whole(chosen, at.hotel.currency),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _review(
    at: Counter, form: DetailsForm, asked: Sequence[Asked], chosen: Sequence[Choice]
) -> ResponseReturnValue:
    """Show all of it with the price of now; what was refused stands on top."""
    total = choosing.whole(chosen, at.hotel.currency)
    if isinstance(form.refused, PriceIsAnother):
        form.refusals = [at.t.say("price_changed", money=at.t.money(total))]
    for room, choice in zip(form.rooms, chosen, strict=True):
        room.total.data = str(choice.total.minor)
    quotes = [choice.quote for choice in chosen]
    page = render_template(
        "web_booking/review.html",
        at=at,
        form=form,
        asked=asked,
        stay=address(asked, form.picks),
        chosen=chosen,
        total=total,
        taxes=offering.taxes(session(), at, quotes),
        is_alike=len({choice.terms for choice in chosen}) == 1,
        is_unpaid=not any(
            offering.guarantees(at, quote, party)
            for quote, party in zip(quotes, asked, strict=True)
        ),
    )
    return page, form.refused.status if form.refused else HTTPStatus.OK


def _wanted(
    at: Counter, form: DetailsForm, asked: Sequence[Asked], chosen: Sequence[Choice] | None
) -> list[Wanted]:
    """Return what the guest saw and accepted: the terms only if they ticked them."""
    accepts = form.agrees.data and chosen is not None
    return [
        Wanted(
            asked=party,
            type_code=room.type.data or "",
            plan_code=room.plan.data or "",
            total=Money(number(room.total.data) or 0, at.hotel.currency),
            terms=" ".join(chosen[no].terms) if accepts and chosen else "",
            eta=form.expected_at,
            words=form.wishes,
        )
        for no, (party, room) in enumerate(zip(asked, form.rooms, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking that was made: the token of its guest's visit, and what is to be paid at once."""

    visit: str
    opens: Opens
    request: PaymentRequest | None


def _next(made: Booked) -> str:
    """Return where the guest goes on: to pay, where the terms want it now, else to be thanked."""
    if made.request is not None:
        token = links.token("pay", made.request.hotel_id, made.request.id)
        return url_for("pay.pay", token=token)
    several = made.opens is Opens.BOOKING
    return url_for("my_stay.booked_rooms" if several else "my_stay.booked")


def _book(
    session: Session,
    hotel: Hotel,
    wanted: Sequence[Wanted],
    booker: Booker,
    sent: Sent,
    whose: str,
) -> Booked:
    """Book, confirm it by a letter, and open the stay's pages; a page sent twice books once.

    Each room beside the first counts as one more knock of `whose` address.
    """
    by = staff.a_guest(session, hotel)

    def deed() -> Reservation:
        pays = web_payments.pays_online(session, hotel)
        made = web_bookings.book_rooms(session, hotel, wanted, booker, pays_online=pays, by=by)
        web_payments.ask_rooms_at_booking(session, made, language=booker.language, by=by)
        letters.tell(
            session, hotel, made[0], tells=Tells.CONFIRMATION, language=booker.language, by=by
        )
        for _ in made[1:]:
            guest_links.knock(session, hotel, Door.BOOKING, whose)
        return made[0]

    first = once(
        session,
        hotel,
        sent,
        deed,
        made=lambda reservation: reservation.id,
        again=lambda reservation_id: session.get_one(Reservation, (hotel.id, reservation_id)),
    )
    return _opened(session, hotel, first, language=booker.language)


def _opened(session: Session, hotel: Hotel, first: Reservation, *, language: str) -> Booked:
    """Open the pages of what was booked, and say what is asked for first."""
    by = staff.a_guest(session, hotel)
    if guest_links.booked_with(session, first) is None:
        asked = web_payments.open_requests(session, first)
        visit = guest_links.open_visit(session, first)
        return Booked(visit, Opens.STAY, asked[0] if asked else None)
    rooms = booked_rooms.of(session, hotel, guest_links.rooms(session, first))
    to_do = web_payments.to_do_first(session, first, rooms, language=language, by=by)
    visit = guest_links.open_visit(session, first, opens=Opens.BOOKING)
    return Booked(visit, Opens.BOOKING, to_do)
