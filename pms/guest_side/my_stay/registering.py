"""Registering: every guest of the party with a document, and the card that is signed for them."""

from http import HTTPStatus

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from pms.base.db import lock
from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.gateways import pdf
from pms.guest_side.my_stay.desk import Mine, guest_of, mine, page, place, say
from pms.hotel.guests import identity
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import IdentityKind, Seen, Sex
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import parties, registration
from pms.hotel.stays.parties import Member
from pms.hotel.stays.registration import RegistrationCard
from pms.hotel.stays.reservations import Reservation, State
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.guest_pages.forms import Day, GuestForm, at_most
from pms.web.guest_pages.speaking import Speech
from pms.web.guest_pages.visiting import of_a_stay
from pms.web.letters import cards

ANOTHER = "another"
KINDS = (
    IdentityKind.PASSPORT,
    IdentityKind.IDENTITY_CARD,
    IdentityKind.RESIDENCE_PERMIT,
    IdentityKind.DRIVING_LICENCE,
)
BEGINS = {"P": IdentityKind.PASSPORT}
COMING = {State.BOOKED, State.IN_HOUSE}


class SignedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("The card is signed already. For a new one ask the reception.")


class DocumentForm(GuestForm):
    """A guest's document: its lines, or what stands on it."""

    guest = SelectField(validate_choice=False)
    lines = TextAreaField(validators=[at_most(400)])
    given_name = StringField(validators=[at_most(120)])
    surname = StringField(validators=[at_most(120)])
    kind = SelectField(validate_choice=False)
    number = StringField(validators=[at_most(40)])
    issuing_country = StringField(validators=[at_most(3)])
    nationality = StringField(validators=[at_most(3)])
    birth_date = Day(validators=[Optional()])
    sex = SelectField(validate_choice=False)
    expires_on = Day(validators=[Optional()])
    lives_in = StringField(validators=[at_most(120)])
    from_lines = BooleanField()

    def __init__(self, t: Speech, members: list[Member], *, has_room: bool) -> None:
        super().__init__(t)
        whose = [SelectChoice(str(each.guest.id), each.guest.name) for each in members]
        if has_room:
            whose.append(SelectChoice(ANOTHER, t.say("another_guest")))
        self.guest.choices = whose
        self.kind.choices = [SelectChoice(each.value, t.say(each.value)) for each in KINDS]
        self.sex.choices = [SelectChoice(each.value, t.say(f"sex_{each.value}")) for each in Sex]
        if not self.is_submitted():
            without = next((each.guest for each in members if each.document is None), None)
            self.guest.data = str(without.id) if without else whose[-1].value
            self.sex.data = Sex.UNSPECIFIED.value

    @property
    def guest_id(self) -> int | None:
        """Whose document it is, where it is somebody's who is written down already."""
        return whole(self.guest.data)

    @property
    def seen(self) -> Seen:
        """The document as the page has it."""
        return Seen(
            kind=IdentityKind(self.kind.data) if self.kind.data in set(KINDS) else KINDS[0],
            number=self.number.data or "",
            issuing_country=self.issuing_country.data or "",
            nationality=self.nationality.data or "",
            surname=self.surname.data or "",
            given_name=self.given_name.data or "",
            birth_date=self.birth_date.data,
            sex=Sex(self.sex.data) if self.sex.data in set(Sex) else Sex.UNSPECIFIED,
            expires_on=self.expires_on.data,
            lives_in=self.lives_in.data or "",
            from_lines=bool(self.from_lines.data),
        )


@place("/guests", "GET", "POST")
@of_a_stay
def guests() -> ResponseReturnValue:
    """Let a guest write down who comes, with their documents; numbers are shown masked only."""
    my = mine()
    if my.reservation.state not in COMING:
        return redirect(url_for("my_stay.home"))
    members = parties.members(session(), my.reservation)
    heads = parties.heads(my.reservation)
    form = DocumentForm(my.t, members, has_room=len(members) < heads)
    reads, faulty = request.form.get("do") == "read", False
    if reads:
        faulty = _read(my, form)
    elif form.validate_on_submit():
        kept = attempt(form, _keep, my.reservation, my.hotel, form)
        if kept is not None:
            say(my, "document_kept", name=kept.name)
            return redirect(url_for("my_stay.guests"))
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    shown = {"members": members, "heads": heads, "read": reads and not form.said, "faulty": faulty}
    return page("guests", my, form=form, **shown), wrong


def _read(my: Mine, form: DocumentForm) -> bool:
    """Fill the fields from the lines, nothing is kept yet; tell whether a check digit is wrong."""
    try:
        found = identity.read(form.lines.data or "", today=my.hotel.business_date)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    form.surname.data, form.given_name.data = found.surname.title(), found.given.title()
    form.number.data, form.issuing_country.data = found.number, found.issuer
    form.nationality.data, form.birth_date.data = found.nationality, found.birth
    form.expires_on.data, form.sex.data = found.expiry, found.sex
    form.kind.data = BEGINS.get(found.document[:1], IdentityKind.IDENTITY_CARD).value
    form.from_lines.data = found.valid
    return not found.valid


def _keep(session: Session, reservation: Reservation, hotel: Hotel, form: DocumentForm) -> Guest:
    """Write a document down; a guest of another party is nobody here.

    What guests wrote themselves they may correct; what the desk has seen is the desk's to change.
    """
    guest, knowing, by = None, "", guest_of(session, hotel)
    if form.guest.data != ANOTHER:
        members = parties.members(session, reservation)
        guest = next((each.guest for each in members if each.guest.id == form.guest_id), None)
        if guest is None:
            raise identity.NotWritten("Say whose document it is.", field="guest")
        before = identity.of_number(session, hotel.chain_id, [guest.id], form.seen)
        if before is not None and identity.is_guests_own(session, before):
            knowing = identity.known(before)
    return parties.show(session, reservation, guest, form.seen, knowing=knowing, by=by)


# --- the card -------------------------------------------------------------------------------------


class SignForm(GuestForm):
    """A signature, as the canvas drew it."""

    signature = StringField()


@place("/card", "GET", "POST")
@of_a_stay
def card() -> ResponseReturnValue:
    """Show the registration card and take the signature."""
    my = mine()
    if my.reservation.state not in COMING:
        return redirect(url_for("my_stay.home"))
    form = SignForm(my.t)
    if form.validate_on_submit() and _signed(my, form):
        say(my, "card_signed")
        return redirect(url_for("my_stay.home"))
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    return page(
        "card",
        my,
        form=form,
        members=parties.members(session(), my.reservation),
        heads=parties.heads(my.reservation),
        signed=registration.of(session(), my.reservation),
    ), wrong


def _signed(my: Mine, form: SignForm) -> bool:
    """Keep the card with the signature that was drawn, once."""
    try:
        picture = registration.signature(cards.drawn(form.signature.data or ""))
    except registration.NotSigned as refusal:
        form.refuse(refusal)
        return False
    if registration.of(session(), my.reservation) is not None:
        form.refuse(SignedAlready())
        return False
    stay = my.stay
    words = cards.card(
        session(),
        my.hotel,
        my.reservation,
        room=stay.room.number if stay else None,
        on=my.hotel.business_date,
        signature=picture,
    )
    paper = pdf.render(words, str(current_app.static_folder))
    kept = attempt(form, _sign, my.reservation, my.hotel, paper=paper, picture=picture)
    return kept is not None


def _sign(
    session: Session, reservation: Reservation, hotel: Hotel, *, paper: bytes, picture: bytes
) -> RegistrationCard:
    """Keep a signed card; two presses sign once."""
    by = guest_of(session, hotel)
    lock(session, reservation)
    kept = registration.of(session, reservation)
    return kept or registration.sign(session, reservation, paper=paper, picture=picture, by=by)
