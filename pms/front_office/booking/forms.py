"""The forms of a booking: the stay, the party, where it came from, and a rate by hand."""

import hashlib
import re
import secrets
from datetime import date, timedelta

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional, Regexp

from pms.base.numbers import whole
from pms.base.refusal import Invalid, Refusal
from pms.front_office.booking.grid import Asked
from pms.hotel.house.once import Sent
from pms.hotel.stays.reservations import Guarantee
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField, TimeField

MOST_ROOMS = 9
SHORT, LONG = Length(max=120), Length(max=1000)
SOURCES = ("direct", "telephone", "e-mail", "company", "travel agent", "walk-in")
GUARANTEES = {
    Guarantee.NONE: "None, held until the release hour",
    Guarantee.CARD: "Card",
    Guarantee.DEPOSIT: "Deposit",
    Guarantee.COMPANY: "Company",
}


class PartyForm(Form):
    """Who comes: a guest the house knows, or a new one."""

    # a refusal's own word for a field, and the field of the page it stands beside
    BESIDE: dict[str, str] = {}  # noqa: RUF012 - read only

    q = StringField("Find a guest", [SHORT])
    guest = StringField("Guest")
    given_name = StringField("Given name", [SHORT])
    surname = StringField("Surname", [SHORT])
    email = StringField(
        "E-mail", [Optional(), SHORT, Regexp(r"^[^@\s]+@[^@\s]+$", message="Write it like a@b.c.")]
    )
    phone = StringField("Telephone", [SHORT])
    country = StringField("Country", [Optional(), Length(max=3)])
    adults = IntegerField("Adults", [NumberRange(0, 20)], default=2)
    children = IntegerField("Children", [Optional(), NumberRange(0, 20)], default=0)
    ages = StringField("Children's ages", [Length(max=40)])
    departure = DateField("Departure")
    company = StringField("Company", [SHORT])
    rate_amount = MoneyField("Rate a night, by hand")
    rate_reason = StringField("Why this rate", [SHORT])
    key = StringField("Key", [Length(max=64)])

    def take_a_key(self) -> None:
        """Give the page a key of its own, unless it came back with one."""
        self.key.data = self.key.data or secrets.token_hex(16)

    @property
    def sent(self) -> Sent:
        """The page's key, and what was typed into it."""
        typed = {name: str(value) for name, value in self.data.items() if name != "csrf_token"}
        words = sorted(typed.items())
        return Sent(str(self.key.data), hashlib.sha256(repr(words).encode()).hexdigest())

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the field that this page has for it."""
        refusal.field = self.BESIDE.get(refusal.field or "", refusal.field)
        super().refuse(refusal)

    @property
    def child_ages(self) -> tuple[int, ...]:
        """The ages typed, as far as they are known: `4, 9`."""
        typed = re.findall(r"\d+", self.ages.data or "")
        return tuple(int(age) for age in typed[:20] if len(age) < 3)

    @property
    def heads_of_children(self) -> int:
        """How many children come: as many as were said, or as have an age."""
        return max(self.children.data or 0, len(self.child_ages))

    @property
    def guest_id(self) -> int | None:
        """The known guest that was chosen, if one was."""
        return whole(str(self.guest.data or ""))


class BookForm(PartyForm):
    """A stay to be promised."""

    BESIDE = {  # noqa: RUF012 - read only
        "room_type": "offer",
        "rate_plan": "offer",
        "amount": "rate_amount",
        "to": "email",
        "child_ages": "ages",
    }

    arrival = DateField("Arrival")
    rooms = IntegerField("Rooms", [Optional(), NumberRange(1, MOST_ROOMS)], default=1)
    offer = StringField("Type and price")
    guarantee = ChoiceField("Guarantee")
    source = SelectField(
        "Source", choices=[SelectChoice(each, each.capitalize()) for each in SOURCES]
    )
    channel_ref = StringField("Their booking number", [SHORT])
    market = StringField("Market", [SHORT])
    eta = TimeField("Expected at", [Optional()])
    option = DateField("Option until", [Optional()])
    notes = TextAreaField("Note for the desk", [LONG])
    shares_with = StringField("Shares the room of booking", [SHORT])
    force = StringField("Why it goes over what can be sold", [SHORT])
    confirm = BooleanField("Mail a confirmation, if there is an address")
    with_id = StringField("On the booking of")

    def begin(self, today: date) -> None:
        """Offer the guarantees, fill in tonight where nothing was asked for, and take a key."""
        self.take_a_key()
        if not self.is_submitted():
            self.confirm.data = True
        self.guarantee.offer(Guarantee, label=lambda each: GUARANTEES[each])
        if not self.arrival.data and not self.arrival.errors:
            self.arrival.data = today
        if not self.departure.data and not self.departure.errors and self.arrival.data:
            self.departure.data = self.arrival.data + timedelta(days=1)

    def asked(self, company_id: int | None) -> Asked | None:
        """Return the stay asked for, where its dates and heads can be read."""
        arrival, departure = self.arrival.data, self.departure.data
        adults, children = self.adults.data or 0, self.heads_of_children
        if arrival is None or departure is None or not 0 < adults + children <= 40:
            return None
        rooms = min(max(self.rooms.data or 1, 1), MOST_ROOMS)
        return Asked(arrival, departure, rooms, adults, children, self.child_ages, company_id)


class WalkInForm(PartyForm):
    """A party that stands at the desk."""

    BESIDE = {  # noqa: RUF012 - read only
        "room_type": "room",
        "rate_plan": "plan",
        "amount": "rate_amount",
        "child_ages": "ages",
    }

    plan = ChoiceField("Rate plan")
    room = ChoiceField("Room")
    passing = StringField("Why the house's rules are passed", [Length(max=200)])

    @property
    def passed(self) -> str | None:
        """Why the house's rules are passed, if that was said."""
        return (self.passing.data or "").strip() or None

    def has_room(self) -> bool:
        """Tell whether a room was chosen; say what to do when none was."""
        if self.room.chosen is None:
            self.refuse(Invalid("Choose a room first.", field="room"))
        return self.room.chosen is not None
