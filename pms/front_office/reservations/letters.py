"""Letters: a booking told to its guest by mail or on paper, with what was written before."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length

from pms.front_office.reservations.desk import bp
from pms.gateways import pdf
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import correspondence
from pms.hotel.stays.correspondence import ReservationLetter, Tells, Way, Written
from pms.hotel.stays.reservations import Reservation, State
from pms.web import letters as web_letters
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form, IntegerField
from pms.web.saying import say, say_refused

WORDS = {
    Tells.CONFIRMATION: "Confirmation",
    Tells.CHANGE: "Change of the booking",
    Tells.CANCELLATION: "Cancellation",
    Tells.BEFORE_ARRIVAL: "Letter before arrival",
}


class LetterForm(Form):
    """What to tell, in which language, and where to."""

    tells = SelectField("Letter", choices=[])
    language = SelectField(
        "Language", choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
    to = StringField("E-mail", [Length(max=254)])
    after = IntegerField("Last letter")


class AfterForm(Form):
    """The last letter that the page showed."""

    after = IntegerField("Last letter")


@bp.route("/reservations/<int:reservation_id>/letters", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def letters(reservation_id: int) -> ResponseReturnValue:
    """Write to the guest of a booking, and show what was written."""
    reservation = find(Reservation, reservation_id)
    history = correspondence.of(session(), reservation)
    form = LetterForm()
    _begin(form, reservation, history)
    if form.validate_on_submit():
        prints = request.form.get("do") == "print"
        kept = attempt(form, _print if prints else _mail, reservation, form, here(), by=on_duty())
        if kept is not None and prints:
            return redirect(_paper_of(reservation, kept))
        if kept is not None:
            say(f"The {WORDS[kept.tells].lower()} goes to {form.to.data}.")
            return redirect(url_for("reservations.letters", reservation_id=reservation_id))
        history = correspondence.of(session(), reservation)
        form.after.data = history[0].letter.no if history else 0
    return render_template(
        "reservations/letters.html",
        reservation=reservation,
        form=form,
        history=history,
        words=WORDS,
        languages=LANGUAGES,
        preview=_preview(form, reservation),
    ), (422 if form.said else 200)


def _begin(form: LetterForm, reservation: Reservation, history: list[Written]) -> None:
    """Offer what can be told of a booking as it stands, and fill in the guest's own."""
    cancelled = reservation.state is State.CANCELLED
    fit = [Tells.CANCELLATION] if cancelled else [Tells.CONFIRMATION, Tells.CHANGE]
    if reservation.state is State.BOOKED:
        fit.append(Tells.BEFORE_ARRIVAL)
    form.tells.choices = [SelectChoice(each.value, WORDS[each]) for each in fit]
    if request.method == "POST":
        return
    asked = request.args.get("tells", "")
    form.tells.data = asked if asked in fit else fit[0].value
    spoken = web_letters.language_of(session(), here(), reservation)
    form.language.data = request.args.get("language") or spoken
    if form.language.data not in LANGUAGES:
        form.language.data = spoken
    form.to.data = request.args.get("to") or reservation.guest.email or ""
    form.after.data = history[0].letter.no if history else 0


def _preview(form: LetterForm, reservation: Reservation) -> correspondence.LetterWords | None:
    if reservation.state not in {State.BOOKED, State.IN_HOUSE, State.CANCELLED}:
        return None
    choices = [each.value for each in Tells]
    tells = Tells(form.tells.data) if form.tells.data in choices else Tells.CONFIRMATION
    language = form.language.data if form.language.data in LANGUAGES else None
    return web_letters.written(session(), here(), reservation, tells=tells, language=language)


def _mail(
    session: Session, reservation: Reservation, form: LetterForm, hotel: Hotel, *, by: Staff
) -> ReservationLetter:
    """Write the letter as the page asks for it, and mail it."""
    web_letters.open_pages(session, reservation, by=by)
    paper = web_letters.written(
        session, hotel, reservation, tells=Tells(form.tells.data), language=form.language.data
    )
    to = (form.to.data or "").strip() or None
    if to is None:
        raise correspondence.NoAddress(reservation.guest.name)
    return correspondence.mail(session, reservation, paper, to=to, after=form.after.data, by=by)


def _print(
    session: Session, reservation: Reservation, form: LetterForm, hotel: Hotel, *, by: Staff
) -> ReservationLetter:
    """Write the letter as the page asks for it, and keep it for the printer."""
    web_letters.open_pages(session, reservation, by=by)
    paper = web_letters.written(
        session, hotel, reservation, tells=Tells(form.tells.data), language=form.language.data
    )
    return correspondence.print_(session, reservation, paper, after=form.after.data, by=by)


@bp.post("/reservations/<int:reservation_id>/letters/<int:letter_id>/resend")
@allows(Permission.RESERVE)
def resend(reservation_id: int, letter_id: int) -> ResponseReturnValue:
    """Send a letter once more, as it was."""
    letter = _of(find(Reservation, reservation_id), letter_id)
    form = AfterForm()
    if form.validate() and attempt(
        form, correspondence.resend, letter, after=form.after.data, by=on_duty()
    ):
        say("The letter goes out once more.")
    say_refused(form)
    return redirect(url_for("reservations.letters", reservation_id=reservation_id))


@bp.get("/reservations/<int:reservation_id>/letters/<int:letter_id>.pdf")
@allows(Permission.LOOK)
def paper(reservation_id: int, letter_id: int) -> ResponseReturnValue:
    """Hand out a letter as PDF: the very words that were mailed or printed."""
    reservation = find(Reservation, reservation_id)
    kept = _of(reservation, letter_id)
    html = kept.html
    if kept.way is Way.MAIL:
        mailed = session().get(Letter, (kept.hotel_id, kept.letter_id))
        html = mailed.html if mailed else None
    if not html:
        abort(404)
    name = f"{here().code}-{kept.tells.value}-{reservation.number}-{kept.no}.pdf"
    return handed_out(pdf.render(html, str(current_app.static_folder)), name)


def _of(reservation: Reservation, letter_id: int) -> ReservationLetter:
    """Return a letter of this very reservation; another's is a 404."""
    letter = find(ReservationLetter, letter_id)
    if letter.reservation_id != reservation.id:
        abort(404)
    return letter


def _paper_of(reservation: Reservation, letter: ReservationLetter) -> str:
    return url_for("reservations.paper", reservation_id=reservation.id, letter_id=letter.id)
