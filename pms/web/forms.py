"""Forms: shapes are checked here, truth by the verbs; objects and money come out, not strings."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from flask import g
from flask_wtf import FlaskForm
from wtforms import DateField as _DateField
from wtforms import DecimalField as _DecimalField
from wtforms import (
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms import IntegerField as _IntegerField
from wtforms import TimeField as _TimeField
from wtforms.widgets import CheckboxInput, DateInput, ListWidget, TextInput

from pms.base import dates
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.hotel.house.once import Sent
from pms.web import meanwhile
from pms.web.auth import here

_LONGEST_NUMBER = 15
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form that can be refused, as a whole or beside one field."""

    version = HiddenField()
    opened = HiddenField()  # a mark of each value the page was opened with

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[str] = []
        self.shown: Any = None  # the row that this form changes
        self.beside: meanwhile.Beside | None = None
        self.writes: meanwhile.Writes | None = None
        self.is_stale = False  # refused, since what it was made from has changed
        self._filled_by: meanwhile.Fill | None = None
        if g.get("only_looks"):
            g.setdefault("forms_read", []).append(self)

    def shows(
        self,
        thing: Any,
        fill: meanwhile.Fill | None = None,
        *,
        beside: meanwhile.Beside | None = None,
        writes: meanwhile.Writes | None = None,
    ) -> None:
        """Remember what of a row this page shows, unless it came back from one.

        `fill` fills the form in from what stands: now, and again to lay what somebody else wrote
        meanwhile beside what was typed. So it reads anew each time it is called. Where the row
        counts no versions, what it fills in is the version: settings are shown of their hotel.
        `beside` returns, in plain values, what else stands on the page and would be written over.
        Where that is a list, it is a mapping, and `writes` returns the key of the entry that this
        form writes: what else changed in the list, or of the row, is nothing to it.
        """
        self.shown, self.beside, self.writes = thing, beside, writes
        self._filled_by = fill = fill or (_fill_nothing if beside else None)
        if self.is_submitted() and self.version.raw_data is not None:
            return
        if hasattr(thing, "version") and writes is None:
            self.version_seen = thing.version
        if fill is not None:
            self.opened.data = meanwhile.marks(self, fill)
            fill(self)

    def shows_columns(self, thing: Any) -> None:
        """Show a row in the fields that are called as its columns are."""
        self.shows(thing, lambda form: form.begin_as(thing))

    def begin_as(self, thing: Any) -> None:
        """Fill in the fields that are called as something of a thing is."""
        for field in self:
            if isinstance(field, HiddenField) or not hasattr(thing, field.name):
                continue
            value = getattr(thing, field.name)
            if isinstance(field, ChoiceField) and value is not None:
                field.begin_with(value)
            else:
                field.process(None, value)

    @property
    def knows_what_stood(self) -> bool:
        """Whether its page said what it was made from."""
        return self.version_seen is not None or bool(self._filled_by and self.opened.data)

    def has_changed(self, thing: Any) -> bool:
        """Tell whether what the page shows of a row, locked by now, is no longer what stands."""
        if self.version_seen is not None and self.version_seen != getattr(thing, "version", None):
            return True
        if self._filled_by is None or not self.opened.data:
            return False
        return meanwhile.differs(self, self._filled_by)

    def is_outdated(self, thing: Any) -> None:
        """Take the new values of a row, so that the next press is made knowing them."""
        self.is_stale = True
        if hasattr(thing, "version") and self.writes is None:
            self.version_seen = thing.version
        if self._filled_by is not None:
            meanwhile.merge(self, self._filled_by)

    def typed(self, *names: str) -> dict[str, Any]:
        """Return what a valid form holds, by the verb's own words; words left out are none."""
        return {
            name: self[name].data or "" if isinstance(self[name], StringField) else self[name].data
            for name in names
        }

    @property
    def version_seen(self) -> int | None:
        """The row version the page was made from, or None on a page that doesn't mind."""
        return whole(str(self.version.data or ""))

    @version_seen.setter
    def version_seen(self, version: int) -> None:
        self.version.data = str(version)

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence beside the field it names, or on top of the form."""
        field = self._fields.get(refusal.field or "")
        if field is None or isinstance(field, HiddenField):
            self.refusals.append(refusal.sentence)
        else:
            field.errors = [*field.errors, refusal.sentence]

    @property
    def said(self) -> str:
        """Everything that was refused, as one line for a page without fields."""
        beside = [sentence for field in self for sentence in field.errors]
        return " ".join([*self.refusals, *map(str, beside)])

    @property
    def wrong_fields(self) -> list[Field]:
        """The fields with something beside them, for the summary on top."""
        return [field for field in self if field.errors and not isinstance(field, HiddenField)]


def _fill_nothing(_form: Form) -> None:
    """Fill nothing in: what would be written over stands elsewhere on the page."""


class OnceForm(Form):
    """A form that counts once, however often it is sent: its key is made with the page."""

    key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.key.data:
            self.begin_anew()

    @property
    def entry_key(self) -> str:
        """The key the entry is posted under."""
        return f"desk/{str(self.key.data)[:40]}"

    @property
    def sent(self) -> Sent:
        """The page's key, and a digest of what was typed."""
        typed = {name: str(value) for name, value in self.data.items() if name != "csrf_token"}
        words = repr(sorted(typed.items()))
        return Sent(self.entry_key, hashlib.sha256(words.encode()).hexdigest())

    def begin_anew(self) -> None:
        """Take another key: what was sent under the one before came to nothing."""
        self.key.data = uuid4().hex


class MoneyField(Field):
    """An amount in the hotel's currency, or in `currency()`; `.data` is Money."""

    widget = TextInput()
    data: Money | None

    def __init__(
        self, label: str = "", *args: Any, currency: Callable[[], str] | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("render_kw", {}).setdefault("inputmode", "decimal")
        super().__init__(label, *args, **kwargs)
        self.currency = currency or (lambda: here().currency)
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed, as `Money.typed` does."""
        self.typed = str(valuelist[0]) if valuelist else None
        typed = (self.typed or "").strip()
        if not typed:
            self.data = None
            return
        try:
            self.data = Money.typed(typed, self.currency())
        except Refusal as refusal:
            self.data = None
            raise ValueError(refusal.sentence) from None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else str(self.data)


class DateField(_DateField):
    """A day, typed or picked."""

    widget = DateInput()
    data: date | None
    last_year = dates.LAST_YEAR

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; say how it is written when it can't be read, or has half a year."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("This is not a day. Write it like 2026-11-21.") from None
        if self.data and not dates.FIRST_YEAR <= self.data.year <= self.last_year:
            self.data = None
            raise ValueError("No hotel knows that year. Check it.")

    def _value(self) -> str:
        """Show its day, which may have been read from a document; else what was typed."""
        return self.data.isoformat() if self.data else " ".join(self.raw_data or [])


class TimeField(_TimeField):
    """A time of day in 24 hours."""

    data: time | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time; say how it is written when it can't be read."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("This is not a time. Write it like 15:30.") from None


class IntegerField(_IntegerField):
    """A whole number of at most 15 digits: what is longer is no number of anything here."""

    data: int | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; say so when it can't be read."""
        if valuelist and len(str(valuelist[0]).strip()) > _LONGEST_NUMBER:
            self.data = None
            raise ValueError("This is not a number of anything here. Check it.")
        super().process_formdata(valuelist)


class Boxes(SelectMultipleField):
    """Several of a few: none ticked means all."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DecimalField(_DecimalField):
    """A number with decimals; a comma is refused, for it may part thousands or decimals."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; say how it is written when it can't be read."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a number with a point, like 1.08.") from None


class PercentField(StringField):
    """A share in percent with at most two decimals; `.rate` is in hundredths of a percent."""

    @property
    def rate(self) -> int:
        """The share in hundredths of a percent."""
        return int(Decimal(self.plain) * 100) if self.plain else 0

    @property
    def plain(self) -> str:
        """What was typed, as a plain decimal."""
        return (self.data or "").strip().rstrip("%").strip().replace(",", ".")

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no share."""
        try:
            share = Decimal(self.plain or "0")
        except InvalidOperation:
            raise ValidationError("Write a share like 12.5.") from None
        if not share.is_finite() or not 0 <= share <= 100 or (share * 100) % 1:
            raise ValidationError("0 to 100 percent, two decimals at most.")


class ChoiceField(SelectField):
    """One object out of those on offer; `.chosen` is the object, not its key."""

    def __init__(self, label: str = "", validators: Any = None, **kwargs: Any) -> None:
        kwargs = {"coerce": str, "choices": [], "validate_choice": False, **kwargs}
        super().__init__(label, validators, **kwargs)
        self._offered: dict[str, Any] = {}

    def offer(
        self, things: Iterable[Any], *, label: Callable[[Any], str] = str, none: str | None = None
    ) -> None:
        """Say what can be chosen; with `none`, so that nothing can be chosen too."""
        self._offered = {_key(thing): thing for thing in things}
        pairs = [(key, label(thing)) for key, thing in self._offered.items()]
        self.choices = pairs if none is None else [("", none), *pairs]

    def begin_with(self, thing: Any) -> None:
        """Choose a thing beforehand, unless the user has chosen."""
        if not self.raw_data:
            self.data = _key(thing)

    @property
    def chosen(self) -> Any:
        """The chosen object, or None."""
        return self._offered.get(str(self.data or ""))

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not on offer, which may have gone while the page stood open."""
        if self.data and str(self.data) not in self._offered:
            raise ValidationError("This is no longer on offer. Choose another.")


def _key(thing: Any) -> str:
    return str(getattr(thing, "id", None) or getattr(thing, "value", None) or thing)
