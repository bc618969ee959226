"""The forms of a booking: what is looked for, and who comes."""

from datetime import date, time, timedelta
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from pms.base import dates
from pms.base.numbers import whole
from pms.hotel.stays.web_bookings import MOST_ROOMS, Asked, Booker, NotTogether
from pms.web.guest_pages.forms import MAIL, NEEDED, Ages, Day, GuestForm, Hour, at_most, no_card
from pms.web.guest_pages.speaking import Speech

MOST_ADULTS = 6
LONGEST_STAY = timedelta(days=60)
Pick = tuple[str | None, str | None]  # the codes of a type and a plan


class OneRoom:
    """The fields of one room: who sleeps there, and what was chosen for it."""

    adults = SelectField(
        choices=[SelectChoice(str(n), str(n)) for n in range(1, MOST_ADULTS + 1)],
        validate_choice=False,
    )
    ages = Ages()
    type = HiddenField()
    plan = HiddenField()
    total = HiddenField()


class RoomForm(OneRoom, PlainForm):
    """A further room of the booking; its fields are called `r2-adults` and so on."""


class SearchForm(OneRoom, GuestForm):
    """A stay that is looked for: its nights, the first room, and the rooms beside it."""

    arrival = Day()
    departure = Day()

    def __init__(self, t: Speech, today: date, typed: MultiDict[str, str] | None = None) -> None:
        typed = request.form if typed is None else typed
        super().__init__(t, typed)
        self.today = today
        numbers = range(2, MOST_ROOMS + 1)
        self.more = [RoomForm(typed, prefix=f"r{no}") for no in numbers if f"r{no}-adults" in typed]
        self.wants_too_many = f"r{MOST_ROOMS + 1}-adults" in typed

    @property
    def rooms(self) -> list[OneRoom]:
        """The fields of each room, the first one's among the form's own."""
        return [self, *self.more]

    @property
    def data(self) -> dict[str, Any]:
        """All that was typed, of every room."""
        beside = {field.name: field.data for room in self.more for field in room}
        return {**super().data, **beside}

    @property
    def wrong_fields(self) -> list[Field]:
        """The fields with something beside them, of every room."""
        beside = [field for room in self.more for field in room if field.errors]
        return [*super().wrong_fields, *beside]

    def begin(self) -> None:
        """Propose tomorrow's night for two, where nothing was asked for."""
        if not self.arrival.raw_data:
            self.arrival.data = self.today + dates.ONE_DAY
        if not self.departure.raw_data:
            self.departure.data = (self.arrival.data or self.today) + dates.ONE_DAY
        for room in self.rooms:
            room.adults.data = room.adults.data or "2"

    def asked(self) -> list[Asked] | None:
        """Return the stay that is asked for, of each room; None where it can't be.

        Then the fields say why, or the form as a whole.
        """
        self.validate()
        self._check_nights()
        if self.wants_too_many:
            self.refuse(NotTogether())
        for room in self.more:
            room.validate()
        wrong = [self.arrival, self.departure, *(room.ages for room in self.rooms)]
        arrival, departure = self.arrival.data, self.departure.data
        if self.wants_too_many or any(each.errors for each in wrong):
            return None
        if arrival is None or departure is None:
            return None
        return [
            Asked(arrival, departure, heads(room.adults.data), room.ages.ages)
            for room in self.rooms
        ]

    def _check_nights(self) -> None:
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

    @property
    def picks(self) -> list[Pick]:
        """What was chosen for each room, as the codes of a type and a plan; None of one or both."""
        return [(room.type.data or None, room.plan.data or None) for room in self.rooms]

    def typed_with(self, change: str) -> dict[str, str]:
        """Return what was typed, with a room more (`add`) or less (`remove-2`), for an address."""
        rooms = [(room.adults.data or "2", room.ages.data or "") for room in self.rooms]
        if change == "add":
            rooms.append(("2", ""))
        elif (gone := whole(change.removeprefix("remove-"))) and 0 < gone <= len(rooms) > 1:
            del rooms[gone - 1]
        stay = {"arrival": self.arrival, "departure": self.departure}
        said = {name: field._value()[:40] for name, field in stay.items()}
        for no, (adults, ages) in enumerate(rooms, start=1):
            mark = prefix(no)
            said |= {f"{mark}adults": adults[:2], f"{mark}ages": ages[:40]}
        return said


def prefix(no: int) -> str:
    """Return how the fields of the how-manieth room begin; the first has none."""
    return "" if no == 1 else f"r{no}-"


def heads(typed: str | None) -> int:
    """Return how many adults sleep in a room, as far as a form lets them be chosen."""
    return min(max(whole(typed or "") or 1, 1), MOST_ADULTS)


class DetailsForm(SearchForm):
    """Who comes, with the stay and the offer that were chosen."""

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
