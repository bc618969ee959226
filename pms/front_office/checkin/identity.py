"""Identity: every guest of a party with a document, read from its lines or written by hand."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from pms.base.refusal import Refusal
from pms.front_office.checkin.desk import bp, of
from pms.hotel.guests import identity
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import (
    IdentityDocument,
    IdentityKind,
    Reading,
    Seen,
    Sex,
    WrittenOtherwise,
)
from pms.hotel.guests.spelling import folded
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import parties
from pms.hotel.stays.parties import Member
from pms.hotel.stays.reservations import Reservation, State
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import ChoiceField, DateField, Form
from pms.web.saying import say, say_refused

ANOTHER = "another"
SEXES = {Sex.FEMALE: "F, female", Sex.MALE: "M, male", Sex.UNSPECIFIED: "X, not said"}


class ExpiryField(DateField):
    """The last day of a document; some never end, and say so by the year 9999."""

    last_year = date.max.year


class IdentityForm(Form):
    """A document: its lines, or what stands on it."""

    lines = TextAreaField("Lines at the foot of the document", [Length(max=400)])
    guest = ChoiceField("Whose")
    surname = StringField("Surname", [Length(max=120)])
    given_name = StringField("Given names", [Length(max=120)])
    kind = ChoiceField("Document")
    number = StringField("Number", [Length(max=40)])
    issuing_country = StringField("Issued by", [Length(max=3)])
    nationality = StringField("Nationality", [Length(max=3)])
    birth_date = DateField("Born", [Optional()])
    sex = ChoiceField("Sex")
    expires_on = ExpiryField("Expires", [Optional()])
    lives_in = StringField("Lives in (town)", [Length(max=120)])
    from_lines = BooleanField("Read from lines")
    knowing = HiddenField()  # a mark of the document whose words stand beside the fields

    def refuse(self, refusal: Refusal) -> None:
        """Say a refusal; where the document is written down otherwise, say how beside the fields.

        What was typed is kept, what was left empty takes what stands.
        """
        super().refuse(refusal)
        if isinstance(refusal, WrittenOtherwise):
            self.is_stale = True
            self.knowing.data = identity.known(refusal.document)
            for name in refusal.other:
                said = _words(getattr(refusal.document, name))
                _say(self[name], f"Yours is kept. Written down is “{said}”.")
            for name in refusal.unsaid:
                self[name].data = getattr(refusal.document, name)
                _say(self[name], "Left empty; this is written down.")

    @property
    def seen(self) -> Seen:
        """The document as the page has it."""
        return Seen(
            kind=self.kind.chosen or IdentityKind.OTHER,
            number=self.number.data or "",
            issuing_country=self.issuing_country.data or "",
            nationality=self.nationality.data or "",
            surname=self.surname.data or "",
            given_name=self.given_name.data or "",
            birth_date=self.birth_date.data,
            sex=self.sex.chosen or Sex.UNSPECIFIED,
            expires_on=self.expires_on.data,
            lives_in=self.lives_in.data or "",
            from_lines=bool(self.from_lines.data),
        )


def _say(field: Any, sentence: str) -> None:
    """Say beside a field what stands, which is no mistake of who typed."""
    field.meanwhile, field.errors = "stands", [*field.errors, sentence]


def _words(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d %b %Y}"
    return SEXES[value] if isinstance(value, Sex) else str(value)


@bp.route("/check-in/<int:reservation_id>/guests", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def party(reservation_id: int) -> ResponseReturnValue:
    """Write down who comes, with their documents: read first, kept when it is right."""
    reservation = find(Reservation, reservation_id)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        return redirect(of(reservation))
    members = parties.members(session(), reservation)
    form, reading = IdentityForm(), None
    _offer(form, reservation, members)
    does = request.form.get("do")
    if request.method == "POST" and does == "keep" and form.validate():
        kept = attempt(form, _keep, reservation, form, by=on_duty())
        if kept is not None:
            say(f"The document of {kept.name} is written down.")
            return redirect(url_for("checkin.party", reservation_id=reservation_id))
    elif request.method == "POST" and does == "read":
        reading = _read(form, members, reservation)
    return _page(reservation, form, reading), (422 if form.said else 200)


def _page(
    reservation: Reservation,
    form: IdentityForm,
    reading: Reading | None,
    shown: dict[int, str] | None = None,
) -> str:
    return render_template(
        "checkin/party.html",
        reservation=reservation,
        form=form,
        members=parties.members(session(), reservation),
        heads=parties.heads(reservation),
        reading=reading,
        differs=_differs(form, reading),
        day=here().business_date,
        shown=shown or {},
        may_see=may(Permission.SEE_IDENTITY),
    )


def _offer(form: IdentityForm, reservation: Reservation, members: list[Member]) -> None:
    """Offer whose document it may be: a guest of the party, or one who isn't written down yet."""
    whose: list[Guest | str] = [member.guest for member in members]
    if len(members) < parties.heads(reservation):
        whose.append(ANOTHER)
    form.guest.offer(
        whose, label=lambda each: "Another guest of the party" if each == ANOTHER else each.name
    )
    form.kind.offer(IdentityKind, label=lambda each: each.words)
    form.sex.offer(SEXES, label=lambda each: SEXES[each])
    if request.method == "GET":
        without = next((each.guest for each in members if each.document is None), None)
        form.guest.begin_with(without or whose[-1])
        form.sex.begin_with(Sex.UNSPECIFIED)


def _read(form: IdentityForm, members: list[Member], reservation: Reservation) -> Reading | None:
    """Fill the fields from the lines, and choose whose they are; nothing is kept yet."""
    try:
        found = identity.read(form.lines.data or "", today=here().business_date)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    form.surname.data, form.given_name.data = found.surname.title(), found.given.title()
    form.number.data, form.issuing_country.data = found.number, found.issuer
    form.nationality.data, form.birth_date.data = found.nationality, found.birth
    form.expires_on.data, form.sex.data = found.expiry, found.sex
    form.kind.data = _kind(found).value
    form.from_lines.data = found.valid
    form.guest.data = _whose(found, members, reservation)
    return found


def _kind(found: Reading) -> IdentityKind:
    begins = {"P": IdentityKind.PASSPORT, "V": IdentityKind.VISA}
    return begins.get(found.document[:1], IdentityKind.IDENTITY_CARD)


def _whose(found: Reading, members: list[Member], reservation: Reservation) -> str:
    """Return whose lines these seem to be: of that name, else the first who has shown nothing."""
    for member in members:
        if (
            folded(member.guest.surname) == folded(found.surname)
            and folded(member.guest.given_name).split()[:1] == folded(found.given).split()[:1]
        ):
            return str(member.guest.id)
    named = {folded(member.guest.surname) for member in members}
    first = members[0]
    if first.document is None and folded(found.surname) not in named:
        return str(first.guest.id)
    if len(members) < parties.heads(reservation):
        return ANOTHER
    return str(next((each.guest.id for each in members if each.document is None), first.guest.id))


def _differs(form: IdentityForm, reading: Reading | None) -> str | None:
    """Return a profile's name where the document says another."""
    chosen = form.guest.chosen
    if reading is None or not isinstance(chosen, Guest):
        return None
    same = folded(chosen.surname) == folded(reading.surname)
    return None if same else chosen.name


def _keep(session: Session, reservation: Reservation, form: IdentityForm, *, by: Staff) -> Guest:
    """Write a document down; a guest who isn't known yet gets a profile and joins the party."""
    guest = form.guest.chosen
    if guest is None:
        raise identity.NotWritten("Say whose document it is.", field="guest")
    member = None if guest == ANOTHER else guest
    knowing = form.knowing.data or ""
    return parties.show(session, reservation, member, form.seen, knowing=knowing, by=by)


@bp.post("/check-in/<int:reservation_id>/guests/<int:guest_id>/show")
@allows(Permission.SEE_IDENTITY)
def show_number(reservation_id: int, guest_id: int) -> ResponseReturnValue:
    """Show the whole number of a document once; who looked is written down."""
    reservation = find(Reservation, reservation_id)
    document = _document(reservation, guest_id)
    form = IdentityForm(formdata=None)
    _offer(form, reservation, parties.members(session(), reservation))
    if document is None:
        return redirect(url_for("checkin.party", reservation_id=reservation_id))
    number = attempt(form, identity.look_up, document, hotel=here(), by=on_duty())
    return _page(reservation, form, None, {guest_id: number} if number else None)


@bp.post("/check-in/<int:reservation_id>/guests/<int:guest_id>/out")
@allows(Permission.CHECK_IN)
def out_of_party(reservation_id: int, guest_id: int) -> ResponseReturnValue:
    """Take a guest out of a party: who booked stays, but a document may be taken back."""
    reservation, form = find(Reservation, reservation_id), Form()
    document = _document(reservation, guest_id)
    if request.form.get("do") == "forget" and document is not None:
        attempt(form, identity.forget, document, hotel=here(), by=on_duty())
    else:
        attempt(form, parties.remove, reservation, find(Guest, guest_id), by=on_duty())
    say_refused(form)
    return redirect(url_for("checkin.party", reservation_id=reservation_id))


def _document(reservation: Reservation, guest_id: int) -> IdentityDocument | None:
    """Return the document of a guest of this very party."""
    members = parties.members(session(), reservation)
    return next((each.document for each in members if each.guest.id == guest_id), None)
