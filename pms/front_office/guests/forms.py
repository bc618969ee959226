"""The form of a guest's profile."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from pms.hotel.guests.guests import Profile
from pms.web.forms import Form

SHORT = Length(max=120)


class GuestForm(Form):
    """What the house writes down of a guest."""

    given_name = StringField("Given name", [SHORT])
    surname = StringField("Surname", [SHORT])
    native_name = StringField("Name in their own script", [SHORT])
    email = StringField(
        "E-mail", [Optional(), SHORT, Regexp(r"^[^@\s]+@[^@\s]+$", message="Write it like a@b.c.")]
    )
    phone = StringField("Telephone", [SHORT])
    country = StringField("Country", [Length(max=3)])
    language = StringField("Language", [Length(max=8)])
    vip = BooleanField("VIP: welcome by name")
    notes = TextAreaField("Notes for the desk", [Length(max=1000)])

    @property
    def profile(self) -> Profile:
        """The profile as it was typed; what is empty is nothing."""
        return Profile(
            surname=self.surname.data or "",
            given_name=self.given_name.data or "",
            native_name=_or_none(self.native_name.data),
            email=_or_none(self.email.data),
            phone=_or_none(self.phone.data),
            country=_or_none((self.country.data or "").upper()),
            language=_or_none(self.language.data),
            vip=bool(self.vip.data),
            notes=_or_none(self.notes.data),
        )


class ReasonForm(Form):
    """Why the house doesn't want a guest back."""

    reason = StringField("Why", [Length(max=300)])


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None
