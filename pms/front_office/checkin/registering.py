"""Registering: the card of a party, printed, signed on paper, or signed on the screen."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import undefer
from wtforms import HiddenField, StringField

from pms.front_office.checkin.choices import room_of
from pms.front_office.checkin.desk import bp, of
from pms.gateways import pdf
from pms.hotel.house import documents
from pms.hotel.house.documents import Document
from pms.hotel.house.staff import Permission
from pms.hotel.stays import parties, promised, registration
from pms.hotel.stays.reservations import Reservation, State
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.letters import cards
from pms.web.saying import say, say_refused


class SignForm(Form):
    """A signature, as the canvas drew it."""

    signature = StringField("Signature")
    drawn = HiddenField()


@bp.route("/check-in/<int:reservation_id>/card", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def card(reservation_id: int) -> ResponseReturnValue:
    """Show a party its registration card and take the signature, on screen or on paper."""
    reservation, form = find(Reservation, reservation_id), SignForm()
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        return redirect(of(reservation))
    form.shows(reservation)
    if form.validate_on_submit() and _signed(form, reservation):
        say(f"The registration card of {reservation.guest.name} is signed.")
        return redirect(_next(reservation))
    [whole] = promised.promised(session(), here(), [reservation])
    return render_template(
        "checkin/card.html",
        reservation=reservation,
        form=form,
        members=parties.members(session(), reservation),
        heads=parties.heads(reservation),
        total=whole.total,
        room=room_of(reservation, here().business_date),
        signed=registration.of(session(), reservation),
    ), (422 if form.said else 200)


def _next(reservation: Reservation) -> str:
    """Who is due goes on to the key."""
    if reservation.is_due(here().business_date):
        return url_for("checkin.check_in", reservation_id=reservation.id)
    return of(reservation)


def _signed(form: SignForm, reservation: Reservation) -> bool:
    """Keep the signature that was drawn, or note one made on paper."""
    if request.form.get("do") == "paper":
        return bool(attempt(form, registration.sign_on_paper, reservation, by=on_duty()))
    try:
        picture = registration.signature(cards.drawn(form.signature.data or ""))
    except registration.NotSigned as refusal:
        form.refuse(refusal)
        return False
    paper = pdf.render(_paper(reservation, picture), str(current_app.static_folder))
    kept = attempt(form, registration.sign, reservation, paper=paper, picture=picture, by=on_duty())
    return kept is not None


def _paper(reservation: Reservation, signature: bytes | None = None) -> str:
    room = room_of(reservation, here().business_date)
    return cards.card(
        session(),
        here(),
        reservation,
        room=room.number if room else None,
        on=here().business_date,
        signature=signature,
    )


@bp.post("/check-in/<int:reservation_id>/card/print")
@allows(Permission.SEE_IDENTITY)
def print_card(reservation_id: int) -> ResponseReturnValue:
    """Hand out the card as PDF, to be signed by hand; it shows numbers, so it is noted."""
    reservation, form = find(Reservation, reservation_id), Form()
    attempt(form, registration.note_printed, reservation, by=on_duty())
    if form.said:  # what can't be noted isn't shown
        say_refused(form)
        return redirect(url_for("checkin.card", reservation_id=reservation_id))
    paper = pdf.render(_paper(reservation), str(current_app.static_folder))
    return handed_out(paper, f"{here().code}-registration-{reservation.number}.pdf")


@bp.get("/check-in/<int:reservation_id>/card/<int:document_id>.pdf")
@allows(Permission.SEE_IDENTITY)
def signed_card(reservation_id: int, document_id: int) -> ResponseReturnValue:
    """Hand out a signed card, to the byte as it was signed."""
    reservation = find(Reservation, reservation_id)
    signed = registration.of(session(), reservation)
    if signed is None or signed.document_id != document_id:
        abort(404)
    document = session().get_one(
        Document, (reservation.hotel_id, document_id), options=[undefer(Document.content)]
    )
    return handed_out(
        documents.content_of(session(), document), f"{here().code}-{document.label}.pdf"
    )
