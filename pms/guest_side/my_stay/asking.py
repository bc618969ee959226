"""Asking: what a guest wants of the house, and what became of it."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload
from wtforms import TextAreaField

from pms.base.refusal import Refusal
from pms.guest_side.my_stay.desk import guest_of, mine, page, place, say
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import once
from pms.hotel.service import requests
from pms.hotel.service.requests import OPEN, Category, Request, Source, Where, categories
from pms.hotel.stays.reservations import Reservation, State
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.forms import ChoiceField
from pms.web.guest_pages.forms import NEEDED, GuestForm, at_most
from pms.web.guest_pages.visiting import of_a_stay

MOST_OPEN, SHOWN = 8, 30
LONGEST = 500


class AskedEnough(Refusal):
    def __init__(self) -> None:
        super().__init__("Much is being done for this stay already. Call the hotel, please.")


class AskForm(GuestForm):
    """What is wanted."""

    category = ChoiceField()
    request_words = TextAreaField(validators=[NEEDED, at_most(LONGEST)])


@place("/requests", "GET", "POST")
@of_a_stay
def asks() -> ResponseReturnValue:
    """Let a guest ask for something, and show what they asked for."""
    my = mine()
    form = AskForm(my.t)
    form.category.offer(
        [each for each in categories.offered(session(), my.hotel) if each.guest_visible],
        label=lambda each: my.t.name(each.name),
    )
    may_ask = my.reservation.state in {State.BOOKED, State.IN_HOUSE}
    if may_ask and form.validate_on_submit():
        attempt(form, _ask, my.reservation, my.hotel, form)
        if not form.said:
            say(my, "asked")
            return redirect(url_for("my_stay.asks"))
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    asked = _asked(session(), my.reservation)
    return page("requests", my, form=form, may_ask=may_ask, asked=asked), wrong


def _asked(session: Session, reservation: Reservation) -> list[Request]:
    """Return what was asked for this stay and is shown to its guest, the newest first."""
    return list(
        session.scalars(
            sa.select(Request)
            .where(
                Request.hotel_id == reservation.hotel_id,
                Request.reservation_id == reservation.id,
                Request.guest_visible,
            )
            .options(joinedload(Request.category))
            .order_by(Request.id.desc())
            .limit(SHOWN)
        )
    )


def _ask(session: Session, reservation: Reservation, hotel: Hotel, form: AskForm) -> Request:
    """Write down what is wanted, once for each page that was sent; not without end."""

    def deed() -> Request:
        category: Category | None = form.category.chosen
        if category is None:
            raise Refusal("Choose what it is about.", field="category")
        if len([each for each in _asked(session, reservation) if each.state in OPEN]) >= MOST_OPEN:
            raise AskedEnough
        return requests.enter(
            session,
            hotel,
            category=category,
            words=form.request_words.data or "",
            where=Where(reservation=reservation),
            source=Source.GUEST,
            by=guest_of(session, hotel),
        )

    return once(
        session,
        hotel,
        form.sent,
        deed,
        made=lambda request: request.id,
        again=lambda request_id: session.get_one(Request, (hotel.id, request_id)),
    )
