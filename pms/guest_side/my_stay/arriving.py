"""Arriving: when and how a guest comes, and what is wished for."""

from http import HTTPStatus

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from pms.guest_side.my_stay.desk import guest_of, mine, page, place, say
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import arrival_details
from pms.hotel.stays.arrival_details import LONGEST_WORDS, Transport
from pms.hotel.stays.reservations import Reservation, State
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.guest_pages.forms import GuestForm, Hour, at_most
from pms.web.guest_pages.speaking import Speech
from pms.web.guest_pages.visiting import of_a_stay


class ArrivalForm(GuestForm):
    """When, how, and with which wishes."""

    eta = Hour(validators=[Optional()])
    transport = SelectField(validate_choice=False)
    words = TextAreaField(validators=[at_most(LONGEST_WORDS)])

    def __init__(self, t: Speech) -> None:
        super().__init__(t)
        known = [SelectChoice(each.value, t.say(f"by_{each.value}")) for each in Transport]
        self.transport.choices = [SelectChoice("", "–"), *known]

    @property
    def comes_by(self) -> Transport | None:
        """How the party comes, if that was said."""
        said = self.transport.data
        return Transport(said) if said in set(Transport) else None


@place("/arrival", "GET", "POST")
@of_a_stay
def arrival() -> ResponseReturnValue:
    """Let a guest say when and how they come."""
    my = mine()
    if my.reservation.state is not State.BOOKED:
        return redirect(url_for("my_stay.home"))
    form = ArrivalForm(my.t)
    if form.validate_on_submit():
        attempt(form, _tell, my.reservation, my.hotel, form)
        if not form.said:
            say(my, "arrival_told")
            return redirect(url_for("my_stay.home"))
    elif not form.is_submitted():
        told = arrival_details.of(session(), my.reservation)
        form.eta.data = my.reservation.eta
        form.transport.data = (told.transport or "") if told else ""
        form.words.data = told.words if told else ""
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    return page("arrival", my, form=form), wrong


def _tell(session: Session, reservation: Reservation, hotel: Hotel, form: ArrivalForm) -> None:
    arrival_details.tell(
        session,
        reservation,
        eta=form.eta.data,
        transport=form.comes_by,
        words=form.words.data or "",
        by=guest_of(session, hotel),
    )
