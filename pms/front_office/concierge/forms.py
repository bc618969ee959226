"""The forms of the concierge: vendors, activities, times, bookings and wake-up calls."""

import hashlib
import re
import secrets
from datetime import time
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pms.hotel.house.once import Sent
from pms.hotel.service.concierge import ActivityKind, Counts, Pays
from pms.hotel.service.wake_ups import AGAIN
from pms.web.forms import (
    WEEKDAYS,
    ChoiceField,
    DateField,
    Form,
    IntegerField,
    MoneyField,
    PercentField,
    TimeField,
)

SHORT = Length(max=200)
COUNTED = {Counts.PERSONS: "Persons", Counts.BOOKINGS: "Bookings (a car, a cabin)"}
_HOUR = re.compile(r"([01]?\d|2[0-3])(?::?([0-5]\d))?", re.ASCII)


class HoursField(StringField):
    """Hours of the day, separated by commas or spaces: `9:00, 14:30`."""

    @property
    def times(self) -> list[time]:
        """The hours that were typed."""
        found = (_HOUR.fullmatch(each) for each in re.split(r"[,;\s]+", self.data or "") if each)
        return [time(int(each[1]), int(each[2] or 0)) for each in found if each]

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no hour."""
        words = [each for each in re.split(r"[,;\s]+", self.data or "") if each]
        if not words or any(_HOUR.fullmatch(each) is None for each in words):
            raise ValidationError("Write hours like 9:00, 14:30.")


class VendorForm(Form):
    """A vendor, its rule and its commission."""

    name = StringField("Name", [InputRequired("Say who it is."), Length(max=80)])
    contact = StringField("Contact", [Length(max=80)])
    phone = StringField("Telephone", [Length(max=40)])
    email = StringField("E-mail", [Length(max=254)])
    address = StringField("Address", [SHORT])
    free_hours = IntegerField("Free until, hours before", [NumberRange(0, 2160)], default=24)
    fee_percent = IntegerField("Then, percent of the price", [NumberRange(0, 100)], default=100)
    commission = PercentField("Commission, percent", default="10")
    notes = TextAreaField("Notes", [Length(max=1000)])
    active = BooleanField("We work with them", default=True)


class ActivityForm(Form):
    """What a vendor does for guests."""

    vendor = ChoiceField("Vendor", [InputRequired("Choose who does it.")])
    kind = ChoiceField("Kind", [InputRequired("Choose one.")])
    name = StringField("Name", [InputRequired("Say what it is called."), Length(max=80)])
    words = TextAreaField("What the guest should know", [Length(max=2000)])
    meets = StringField("Meeting point", [Length(max=120)])
    minutes = IntegerField("It takes, minutes", [Optional(), NumberRange(1, 10_080)])
    counts = ChoiceField("Counted by", [InputRequired("Choose one.")])
    capacity = IntegerField("Places at a time", [NumberRange(1, 1000)], default=10)
    price = MoneyField("Price for each")
    charge_code = ChoiceField("Charged as")
    active = BooleanField("Offered", default=True)

    def prepare(self) -> None:
        """Offer what doesn't depend on the hotel."""
        self.kind.offer(ActivityKind, label=lambda each: each.words)
        self.counts.offer(Counts, label=COUNTED.__getitem__)


class TimesForm(Form):
    """When an activity takes place."""

    first = DateField("From", [InputRequired("Say from when.")])
    last = DateField("To", [InputRequired("Say until when.")])
    hours = HoursField("At", [InputRequired("Say at which hours.")])
    weekdays = SelectMultipleField(
        "On",
        choices=[SelectChoice(str(n), word) for n, word in enumerate(WEEKDAYS)],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        default=[str(n) for n in range(7)],
    )
    capacity = IntegerField("Places", [Optional(), NumberRange(1, 1000)])


class PlacesForm(Form):
    """How many places a time has."""

    capacity = IntegerField("Places", [NumberRange(1, 1000)])
    closed = BooleanField("Closed: nothing more is booked")


class BookForm(Form):
    """Who goes, how many, who takes the money, and where they are fetched.

    Its key keeps a page that was sent twice from booking twice.
    """

    key = HiddenField()

    room = StringField("Room", [Length(max=16)])
    persons = IntegerField("Persons", [InputRequired("Say how many."), NumberRange(1, 999)])
    pays = ChoiceField("Payment", [InputRequired("Choose one.")])
    charge = BooleanField("Charge the bill now")
    pickup = TimeField("Pick-up at", [Optional()])
    pickup_place = StringField("Pick-up place", [SHORT])
    notes = TextAreaField("Wishes", [Length(max=1000)])

    def prepare(self) -> None:
        """Offer what doesn't depend on the hotel."""
        self.pays.offer(Pays, label=lambda each: each.words)
        self.key.data = self.key.data or secrets.token_hex(16)

    @property
    def sent(self) -> Sent:
        """The page's key, and what was typed into it."""
        typed = {name: str(value) for name, value in self.data.items() if name != "csrf_token"}
        words = repr(sorted(typed.items()))
        return Sent(str(self.key.data), hashlib.sha256(words.encode()).hexdigest())


class ConfirmForm(Form):
    """The vendor expects them."""

    vendor_ref = StringField("Vendor's reference", [Length(max=80)])


class MailForm(Form):
    """Where the voucher goes."""

    to = StringField("E-mail", [InputRequired("Say where to."), Length(max=254)])


class MoveForm(Form):
    """Another time."""

    time = ChoiceField("Time", [InputRequired("Choose one.")])


class CancelForm(Form):
    """Why, and whether the fee is waived."""

    reason = StringField("Why", [InputRequired("Say why."), SHORT])
    waive = BooleanField("Waive the fee")


class WakeUpForm(Form):
    """Who is called, when, and how often."""

    rooms = StringField("Rooms", [Length(max=1200)])
    group = ChoiceField("Or group")
    at = TimeField("At", [InputRequired("Say when.")])
    first_on = DateField("First on", [Optional()])
    daily = BooleanField("Every day until departure")
    again_minutes = IntegerField("Again after, minutes", [NumberRange(1, 60)], default=AGAIN)
    notes = StringField("Notes", [SHORT])
