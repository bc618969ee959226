"""The forms of a booking: what is looked for, and who comes."""

from datetime import date, time, timedelta
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from pms.base import dates
from pms.base.numbers import whole
from pms.hotel.stays.web_bookings import Asked, Booker
from pms.web.guest_pages.forms import MAIL, NEEDED, Ages, Day, GuestForm, Hour, at_most, no_card
from pms.web.guest_pages.speaking import Speech

MOST_ADULTS = 6
LONGEST_STAY = timedelta(days=60)


class SearchForm(GuestForm):
    """A stay that is looked for."""

    arrival = Day()
    departure = Day()
    adults = SelectField(
        choices=[SelectChoice(str(n), str(n)) for n in range(1, MOST_ADULTS + 1)],
        validate_choice=False,
    )
    ages = Ages()

    def __init__(self, t: Speech, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(t, *args, **kwargs)
        self.today = today

    def begin(self) -> None:
        """Propose tomorrow's night for two, where nothing was asked for."""
        self.arrival.data = self.arrival.data or self.today + dates.ONE_DAY
        self.departure.data = self.departure.data or self.arrival.data + dates.ONE_DAY
        self.adults.data = self.adults.data or "2"

    def asked(self) -> Asked | None:
        """Return the stay that is asked for; None where it can't be, and the fields say why."""
        self.validate()
        arrival, departure = self.arrival.data, self.departure.data
        if arrival is not None and arrival < self.today:
            self.arrival.errors = ["past"]
        if arrival is not None and departure is not None and departure <= arrival:
            self.departure.errors = ["after"]
        elif arrival is not None and departure is not None and departure - arrival > LONGEST_STAY:
            self.departure.errors = [f"long:{LONGEST_STAY.days}"]
        for field in (self.arrival, self.departure):
            if field.data is None and not field.errors:
                field.errors = ["missing"]
        wrong = self.arrival.errors or self.departure.errors or self.ages.errors
        if wrong or arrival is None or departure is None:
            return None
        adults = min(max(whole(self.adults.data) or 1, 1), MOST_ADULTS)
        return Asked(arrival, departure, adults, self.ages.ages)


class DetailsForm(SearchForm):
    """Who comes, with the stay and the offer that were chosen."""

    type = HiddenField()
    plan = HiddenField()
    total = HiddenField()
    given_name = StringField(validators=[NEEDED, at_most(120), no_card])
    surname = StringField(validators=[NEEDED, at_most(120), no_card])
    email = StringField(validators=[NEEDED, at_most(254), MAIL])
    phone = StringField(validators=[at_most(40), no_card])
    eta = Hour(validators=[Optional()])
    words = TextAreaField(validators=[at_most(1_000), no_card])
    agrees = BooleanField()

    @property
    def booker(self) -> Booker:
        """Who books, as the page has it."""
        return Booker(
            surname=(self.surname.data or "").strip(),
            given_name=(self.given_name.data or "").strip(),
            email=(self.email.data or "").strip(),
            phone=(self.phone.data or "").strip() or None,
            language=self.t.language,
        )

    @property
    def expected_at(self) -> time | None:
        """When the party comes, if that was said."""
        return self.eta.data

    @property
    def wishes(self) -> str | None:
        """What the party wishes for, if anything."""
        return (self.words.data or "").strip() or None
