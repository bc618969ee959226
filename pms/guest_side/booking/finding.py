"""Finding: when a guest comes and with whom, what is free then, and what they choose of it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.refusal import Refusal
from pms.guest_side.booking import choosing, nearby, offering, sharing_out
from pms.guest_side.booking.choosing import Choosing, address
from pms.guest_side.booking.desk import Counter, bp, counter
from pms.guest_side.booking.forms import Pick, SearchForm
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import Sent, once
from pms.hotel.rooms import inventory
from pms.hotel.stays import guest_links, turnaways
from pms.hotel.stays.turnaways import Turnaway, Why
from pms.hotel.stays.web_bookings import MOST_ROOMS, Asked
from pms.web.attempt import attempt
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.guest_pages import knocking

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
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if _is_wrong(form) else HTTPStatus.OK
    page = render_template(
        "web_booking/hotel.html", at=at, form=form, greeting=greeting, most=MOST_ROOMS
    )
    return page, wrong


def _is_wrong(form: SearchForm) -> bool:
    return bool(form.said or form.wrong_fields)


@bp.post("/<code>/search")
@open_to_everyone
def search(code: str) -> ResponseReturnValue:
    """Look for rooms; where everything is taken, the house notes whom it turned away.

    A press on another button adds a room to those looked for, or takes one away.
    """
    at = counter(code)
    knocking.look()
    form = SearchForm(at.t, at.hotel.business_date)
    change = request.form.get("do", "")
    if change:
        typed: dict[str, Any] = dict(form.typed_with(change))
        last = len([name for name in typed if name.endswith("adults")])
        where = f"room-{last}" if change == "add" and last > 1 else None
        return redirect(url_for("web_booking.hotel", code=code, _anchor=where, **typed))
    asked = form.asked()
    if asked is None:
        return _front(at, form)
    try:
        if choosing.choosing(session(), at, asked, form.picks) is None:
            attempt(form, _turned_away, at.hotel, asked, whose=knocking.address())
    except Refusal as refusal:
        form.refuse(refusal)
        return _front(at, form)
    return redirect(url_for("web_booking.rooms", code=code, **address(asked)))


def _turned_away(session: Session, hotel: Hotel, asked: Sequence[Asked], *, whose: str) -> Turnaway:
    """Note an inquiry that found nothing, once for an address and its dates."""
    stay = asked[0]
    words = f"web/{hotel.business_date}/{stay.arrival}/{stay.departure}/{whose}"
    key = guest_links.digest(words)
    left = inventory.availability(session, hotel, stay.arrival, stay.departure)
    suit = [{each.type_id: 0 for each in left if each.sleeps >= party.heads} for party in asked]
    fits = sharing_out.least(suit, {each.type_id: each.rooms for each in left}) is not None
    return once(
        session,
        hotel,
        Sent(key, key),
        lambda: turnaways.note(
            session,
            hotel,
            why=Why.RESTRICTED if fits else Why.SOLD_OUT,
            arrival=stay.arrival,
            departure=stay.departure,
            adults=max(each.heads for each in asked),
            rooms=len(asked),
            words="Looked for on the web",
            by=staff.a_guest(session, hotel),
        ),
        made=lambda noted: noted.id,
        again=lambda noted_id: session.get_one(Turnaway, (hotel.id, noted_id)),
    )


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
    return choose(at, form, asked, form.picks)


def choose(
    at: Counter, form: SearchForm, asked: Sequence[Asked], picks: Sequence[Pick], *,
    gone: bool = False,
) -> ResponseReturnValue:  # fmt: skip
    """Show what is free now; `gone` says that what the guest wanted was taken meanwhile."""
    try:
        found = choosing.choosing(session(), at, asked, picks if len(asked) > 1 else [(None, None)])
        if found is None:
            return _nothing(at, asked, gone=gone)
    except Refusal as refusal:
        form.refuse(refusal)
        return _front(at, form)
    gone = gone or found.gone
    shown = _of_one if len(asked) == 1 else _of_several
    return shown(at, found, gone=gone), HTTPStatus.CONFLICT if gone else HTTPStatus.OK


def _of_one(at: Counter, found: Choosing, *, gone: bool) -> str:
    [place] = found.places
    return render_template(
        "web_booking/rooms.html",
        at=at,
        asked=[place.asked],
        stay=address([place.asked]),
        rooms=place.offers,
        plans=offering.plans(offering.choices_of(place.offers)),
        near=[],
        gone=gone,
    )


def _nothing(at: Counter, asked: Sequence[Asked], *, gone: bool) -> ResponseReturnValue:
    page = render_template(
        "web_booking/rooms.html",
        at=at,
        asked=asked,
        stay=address(asked),
        rooms=[],
        plans=[],
        near=nearby.nearest(session(), at, asked),
        gone=gone,
    )
    return page, HTTPStatus.CONFLICT if gone else HTTPStatus.OK


def _of_several(at: Counter, found: Choosing, *, gone: bool) -> str:
    asked = [place.asked for place in found.places]
    offers = [room for place in found.places for room in place.offers]
    return render_template(
        "web_booking/choose.html",
        at=at,
        asked=asked,
        found=found,
        gone=gone,
        stay=address(asked, found.picks),
        plans=offering.plans([*found.choices, *offering.choices_of(offers)]),
        picked=lambda no, pick: _with(asked, found.picks, no, pick),
        after=found.next_after,
    )


def _with(asked: Sequence[Asked], picks: Sequence[Pick], no: int, pick: Pick) -> dict[str, object]:
    """Return the address of the same choice, but for what one room is."""
    return address(asked, [pick if at == no else each for at, each in enumerate(picks, start=1)])
