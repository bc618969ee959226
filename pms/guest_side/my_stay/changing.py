"""Changing: other days, another party, or no stay at all; what it costs is said before."""

from contextlib import suppress
from http import HTTPStatus

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pms.base.db import transaction
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.guest_side.my_stay.desk import Mine, guest_of, mine, page, place, say
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import fees, guest_changes, settlements
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.fees import Due, Ended
from pms.hotel.stays.guest_changes import Stay
from pms.hotel.stays.reservations import Reservation, State, agreed
from pms.web import letters
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.guest_pages.forms import Ages, Day, GuestForm
from pms.web.guest_pages.speaking import Speech
from pms.web.guest_pages.visiting import of_a_stay
from pms.web.letters import agreeing

MOST_ADULTS = 6


class ChangeForm(GuestForm):
    """The stay that is wished for instead, and the total that was shown for it."""

    arrival = Day()
    departure = Day()
    adults = SelectField(
        choices=[SelectChoice(str(n), str(n)) for n in range(1, MOST_ADULTS + 1)],
        validate_choice=False,
    )
    ages = Ages()
    total = HiddenField()

    def __init__(self, t: Speech, stood: Stay) -> None:
        super().__init__(t)
        if not self.is_submitted():
            self.arrival.data, self.departure.data = stood.arrival, stood.departure
            self.adults.data = str(stood.adults)
            self.ages.data = ", ".join(map(str, stood.ages))

    def wished(self) -> Stay | None:
        """Return the stay as it is wished; None where a day is missing or can't be."""
        arrival, departure = self.arrival.data, self.departure.data
        if arrival is None or departure is None:
            return None
        if departure <= arrival:
            self.departure.errors = ["after"]
            return None
        adults = min(max(whole(self.adults.data) or 1, 1), MOST_ADULTS)
        return Stay(arrival, departure, adults, self.ages.ages)


class _Rehearsed(Exception):
    """The rehearsal is over; nothing of it is kept."""


@place("/change", "GET", "POST")
@of_a_stay
def change() -> ResponseReturnValue:
    """Let a guest change dates and party within what was agreed; the new total is shown first."""
    my = mine()
    stood = _stood(my.reservation)
    form = ChangeForm(my.t, stood)
    fixed = guest_changes.why_fixed(session(), my.reservation)
    was, now = guest_changes.total(session(), my.reservation), None
    wished = form.wished() if fixed is None and form.validate_on_submit() else None
    if wished is not None and request.form.get("do") == "change":
        expected = Money(whole(form.total.data) or 0, my.hotel.currency)
        if attempt(form, _change, my.reservation, my.hotel, wished, expected) is not None:
            say(my, "changed")
            return redirect(url_for("my_stay.home"))
    if wished is not None and wished != stood:
        now = _rehearsed(my, form, wished)
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    return page("change", my, form=form, fixed=fixed, was=was, now=now), wrong


def _stood(reservation: Reservation) -> Stay:
    """Return the stay as it is promised; ages that were never said can't be asked back."""
    _, ages = agreed.read(session(), reservation)
    known = ages if len(ages) == reservation.children else ()
    return Stay(reservation.arrival, reservation.departure, reservation.adults, known)


def _rehearsed(my: Mine, form: ChangeForm, wished: Stay) -> Money | None:
    """Return what the stay would come to, by changing it and going back; or say why it can't be."""
    now = None
    try:
        with suppress(_Rehearsed), transaction(session()):
            by = guest_of(session(), my.hotel)
            now = guest_changes.change(session(), my.reservation, wished, by=by)
            raise _Rehearsed
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    if now is not None:
        form.total.data = str(now.minor)
    return now


def _change(
    session: Session, reservation: Reservation, hotel: Hotel, wished: Stay, expected: Money
) -> Money:
    by, is_another = guest_of(session, hotel), wished != _stood(reservation)
    now = guest_changes.change(session, reservation, wished, expected=expected, by=by)
    if is_another and reservation.guest.email:
        letters.tell(session, hotel, reservation, tells=Tells.CHANGE, by=by)
    return now


# --- no stay at all -------------------------------------------------------------------------------


class CancelForm(GuestForm):
    """The fee that was shown."""

    fee = HiddenField()


@place("/cancel", "GET", "POST")
@of_a_stay
def cancel() -> ResponseReturnValue:
    """Let a guest end their stay; what that costs now is shown first."""
    my = mine()
    if my.reservation.state is not State.BOOKED:
        return redirect(url_for("my_stay.home"))
    form = CancelForm(my.t)
    if form.validate_on_submit():
        expected = Money(whole(form.fee.data) or 0, my.hotel.currency)
        if attempt(form, _cancel, my.reservation, my.hotel, expected) is not None:
            say(my, "cancelled", number=my.reservation.cancel_number)
            return redirect(url_for("my_stay.home"))
    due = fees.of_cancelling(session(), my.reservation)
    form.fee.data = str(due.amount.minor)
    held = settlements.deposit_held(session(), my.reservation)
    wrong = HTTPStatus.CONFLICT if form.said else HTTPStatus.OK
    return page(
        "cancel",
        my,
        form=form,
        due=due,
        reckoned=_reckoned(my, due),
        fixed=guest_changes.why_not_ended(session(), my.reservation),
        held=held,
        left=due.amount - held,
    ), wrong


def _reckoned(my: Mine, due: Due) -> str:
    """Say how the fee was reckoned; nothing where there is none, or part of it was paid before."""
    if not due or due.terms is None or due.cost is None:
        return ""
    what = agreeing.what(my.t, my.hotel, due.terms.cancel)
    return my.t.say("cancel_reckoned", what=what, money=my.t.money(due.cost))


def _cancel(session: Session, reservation: Reservation, hotel: Hotel, expected: Money) -> Ended:
    by = guest_of(session, hotel)
    ended = guest_changes.cancel(session, reservation, expected=expected, by=by)
    if reservation.guest.email:
        letters.tell(session, hotel, reservation, tells=Tells.CANCELLATION, by=by)
    return ended
