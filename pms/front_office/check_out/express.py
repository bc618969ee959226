"""Express check-out at the desk: asked for, and the morning's list settled in one go."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import Length

from pms.front_office.check_out.desk import bp
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service.checkout import IntentState, KeptCard, express_cards, intending
from pms.hotel.stays import express
from pms.hotel.stays.express import ExpressCheckOut, Morning
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation
from pms.web import letters
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.checkout import carry_out
from pms.web.database import session
from pms.web.filters import money, plural
from pms.web.forms import Form
from pms.web.saying import say, say_outcome


class ExpressForm(Form):
    """Where the folio goes."""

    email = StringField("E-mail for the bill", [Length(max=254)])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one party of the list."""

    party: Morning
    ok: bool
    words: str


@bp.route("/check-out/<int:reservation_id>/express", methods=["GET", "POST"])
@allows(Permission.CHECK_OUT)
def ask_express(reservation_id: int) -> ResponseReturnValue:
    """Note that a party wants to leave without coming to the desk; or that it comes after all."""
    reservation = find(Reservation, reservation_id)
    asked = express.of(session(), reservation)
    form = ExpressForm(data={"email": reservation.guest.email or ""})
    if request.method == "POST" and asked is not None:
        attempt(form, express.withdraw, asked, by=on_duty())
        if not form.said:
            say(f"{reservation.guest.name} comes to the desk after all.")
            return redirect(url_for("reservations.reservation", reservation_id=reservation_id))
    elif form.validate_on_submit() and attempt(
        form, express.ask, reservation, email=form.email.data or "", by=on_duty()
    ):
        say(f"{reservation.guest.name} leaves by the express way.")
        return redirect(url_for("reservations.reservation", reservation_id=reservation_id))
    page = render_template("check_out/ask.html", reservation=reservation, asked=asked, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/check-out/express", methods=["GET", "POST"])
@allows(Permission.CHECK_OUT)
def morning() -> ResponseReturnValue:
    """Check out all who asked for it and whose bill is settled; name those for whom it isn't."""
    hotel, day = here(), here().business_date
    waiting = express.morning(session(), hotel, day)
    cards = _cards(waiting)
    outcomes = None
    if request.method == "POST":
        ticked = set(request.form.getlist("party"))
        chosen = [each for each in waiting if str(each.asked.id) in ticked]
        outcomes = [_settle(each, cards.get(each.asked.reservation_id)) for each in chosen]
        say(f"{plural(sum(each.ok for each in outcomes), 'party')} checked out.")
        waiting = express.morning(session(), hotel, day)
        cards = _cards(waiting)
    return render_template(
        "check_out/express.html", waiting=waiting, outcomes=outcomes, cards=cards
    )


def _cards(waiting: list[Morning]) -> dict[int, KeptCard]:
    """Return by reservation the kept cards that whoever looks may charge."""
    if not may(Permission.CHARGE_CARD):
        return {}
    return express_cards.cards(session(), here(), waiting)


def _settle(party: Morning, card: KeptCard | None) -> Outcome:
    """Settle one party in a transaction of its own, so that one refusal keeps nobody."""
    form = Form()
    if card is not None:
        owed = party.open[1]
        intent = attempt(
            form, intending.charge, card, amount=owed, reason=express_cards.WHY, by=on_duty()
        )
        paid = carry_out(form, intent)
        if paid is None:
            return Outcome(party, False, form.said)
        if paid.state is not IntentState.SETTLED:
            why = paid.refused or "the gateway is still at it"
            return Outcome(party, False, f"{card.words} didn't pay {money(owed)}: {why}.")
    stay = attempt(form, _let_go, party.asked, here(), by=on_duty())
    if stay is None:
        return Outcome(party, False, form.said)
    return Outcome(party, True, f"left {stay.room.number}; the bill goes to {party.asked.email}")


def _let_go(session: Session, asked: ExpressCheckOut, hotel: Hotel, *, by: Staff) -> Stay:
    """Check a party out and mail its bill, or neither."""
    stay = express.settle(session, asked, by=by)
    letter = letters.bill(session, hotel, asked, by=by)
    if letter is not None:
        express.note_mailed(session, asked, letter, by=by)
    return stay


@bp.post("/check-out/express/<int:asked_id>/withdraw")
@allows(Permission.CHECK_OUT)
def withdraw_express(asked_id: int) -> ResponseReturnValue:
    """Take a party off the list: it comes to the desk."""
    asked, form = find(ExpressCheckOut, asked_id), Form()
    attempt(form, express.withdraw, asked, by=on_duty())
    say_outcome(form, f"{asked.reservation.guest.name} comes to the desk after all.")
    return redirect(url_for("check_out.morning"))
