"""The form of a change: which nights, of what, and how they change."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from pms.base import dates
from pms.base.money import Money
from pms.base.numbers import percentage, whole
from pms.base.refusal import Invalid
from pms.hotel.rooms.calendar import How, NewPrice, NewRestriction
from pms.hotel.rooms.pricing import MOST_POINTS
from pms.hotel.rooms.restrictions import Kind
from pms.web.auth import here
from pms.web.forms import WEEKDAYS, Boxes, DateField, Form

MOST_NIGHTS = 800
PRICES = {
    How.SET: "Set the price to",
    How.ADD: "Raise the price by (amount)",
    How.PERCENT: "Raise the price by (percent)",
}
RESTRICTIONS = {
    Kind.CLOSED: "Closed",
    Kind.CLOSED_TO_ARRIVAL: "Closed to arrival",
    Kind.CLOSED_TO_DEPARTURE: "Closed to departure",
    Kind.MIN_STAY: "Minimum stay (nights)",
    Kind.MAX_STAY: "Maximum stay (nights)",
    Kind.MIN_STAY_THROUGH: "Minimum stay through (nights)",
    Kind.MIN_ADVANCE: "Minimum advance (days)",
    Kind.MAX_ADVANCE: "Maximum advance (days)",
}


def _offered(pairs: Iterable[tuple[str, str]], group: str | None = None) -> list[SelectChoice]:
    return [SelectChoice(value, word, optgroup=group) for value, word in pairs]


class ChangeForm(Form):
    """A change of many nights."""

    first = DateField("From")
    last = DateField("To")
    weekdays = Boxes(
        "Weekdays", choices=_offered((str(n), word) for n, word in enumerate(WEEKDAYS))
    )
    types = Boxes("Room types")
    plans = Boxes("Rate plans")
    what = SelectField("What")
    value = StringField("Amount, percent or number", [Optional(), Length(max=20)])
    seen = StringField("Seen")

    def begin(self, types: Sequence[tuple[str, str]], plans: Sequence[tuple[str, str]]) -> None:
        """Offer the hotel's types and plans."""
        self.types.choices, self.plans.choices = _offered(types), _offered(plans)
        self.what.choices = [
            *_offered(((how.value, word) for how, word in PRICES.items()), "Price"),
            *_offered(((kind.value, word) for kind, word in RESTRICTIONS.items()), "Restrict"),
            *_offered(((f"lift {k.value}", f"Lift: {w}") for k, w in RESTRICTIONS.items()), "Lift"),
        ]

    @property
    def nights(self) -> list[date]:
        """The nights from the first to the last on the weekdays ticked."""
        first, last = self.first.data, self.last.data
        if first is None or last is None or last < first:
            raise Invalid("Say from which night to which.", field="last")
        if (last - first).days >= MOST_NIGHTS:
            raise Invalid(f"Change at most {MOST_NIGHTS} nights at once.", field="last")
        wanted = {int(day) for day in self.weekdays.data or range(7)}
        return [day for day in dates.days(first, last) if day.weekday() in wanted]

    @property
    def how(self) -> How | None:
        """How prices change, if it is prices."""
        return How(self.what.data) if self.what.data in set(How) else None

    @property
    def lifts(self) -> bool:
        """Whether a restriction is lifted."""
        return str(self.what.data).startswith("lift ")

    @property
    def kind(self) -> Kind:
        """Which restriction; refuses what is none."""
        said = str(self.what.data).removeprefix("lift ")
        if said not in set(Kind):
            raise Invalid("Choose what changes.", field="what")
        return Kind(said)

    @property
    def amount(self) -> Money:
        """The amount typed, below zero too."""
        return Money.typed(self._number, here().currency)

    @property
    def percent(self) -> Fraction:
        """The percentage typed."""
        return _percentage(self._number, field="value")

    @property
    def number(self) -> int | None:
        """The number of nights or days typed; none where closing takes none."""
        if not self.kind.counts or self.lifts:
            return None
        typed = whole(self._number, digits=3)
        if typed is None:
            raise Invalid("Write a number from 1 to 999.", field="value")
        return typed

    @property
    def _number(self) -> str:
        typed = (self.value.data or "").strip().replace("\N{MINUS SIGN}", "-")
        if not typed:
            raise Invalid("Say how much.", field="value")
        return typed

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Everything that was asked for, to be sent again as it was shown."""
        several = (self.weekdays, self.types, self.plans)
        ticked = [(boxes.name, value) for boxes in several for value in boxes.data or ()]
        first, last = self.first.data, self.last.data
        return [
            ("first", first.isoformat() if first else ""),
            ("last", last.isoformat() if last else ""),
            ("what", str(self.what.data)),
            ("value", self.value.data or ""),
            *ticked,
        ]

    @property
    def words(self) -> str:
        """The change as a line of the history says it."""
        what = dict(PRICES | RESTRICTIONS).get(self.how or self.kind, "")
        said = f"Lift: {what}" if self.lifts else what
        typed = f" {self.value.data.strip()}" if self.value.data and not self.lifts else ""
        days = ", ".join(WEEKDAYS[int(day)] for day in self.weekdays.data or ())
        first, last = self.first.data, self.last.data
        return f"{said}{typed}, {first:%d %b %Y} to {last:%d %b %Y}{f' on {days}' if days else ''}"


def points_of(typed: str, *, field: str) -> int:
    """Read a percentage as hundredths of a percent: `-7.5` is -750."""
    points = _percentage(typed, field=field) * 100
    if points.denominator != 1 or abs(points) > MOST_POINTS:
        raise Invalid("Write a percentage with at most two decimals.", field=field)
    return int(points)


def _percentage(typed: str, *, field: str) -> Fraction:
    read = percentage(typed)
    if read is None:
        raise Invalid("Write a percentage like 5 or -7.5.", field=field)
    return read


def digest(changes: Sequence[NewPrice | NewRestriction]) -> str:
    """Return what a page showed, so that only that is applied."""
    return hashlib.sha256(repr(changes).encode()).hexdigest()[:32]


def a_fortnight(first: date, days: int) -> date:
    """Return the last day of a calendar that begins on a day."""
    return first + timedelta(days=days - 1)
