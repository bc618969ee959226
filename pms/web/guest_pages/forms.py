"""Forms of guests' pages: what is wrong is kept as a phrase's key, and said by the page."""

import hashlib
import re
import secrets
from typing import Any

from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp

from pms.base import card_numbers, dates
from pms.base.refusal import Refusal
from pms.hotel.house.once import Sent
from pms.hotel.rooms.pricing import OLDEST_CHILD
from pms.web import forms
from pms.web.guest_pages.speaking import Speech

NEEDED = DataRequired(message="missing")
MOST_CHILDREN = 6


def at_most(letters: int) -> Length:
    """Return the rule that something has at most so many letters."""
    return Length(max=letters, message=f"too_long:{letters}")


MAIL = Regexp(r"^[^@\s,;:<>\"]+@[^@\s,;:<>\"]+\.[^@\s,;:<>\"]+$", message="no_mail")


def no_card(_form: Any, field: Any) -> None:
    """Refuse a card's number, beside the field it was typed into."""
    if card_numbers.found_in(field.data or ""):
        raise ValidationError("no_looks_like_a_card_number")


class GuestForm(forms.Form):
    """A form that refuses in the guest's language; `refused` is what was refused last."""

    key = HiddenField()

    def __init__(self, t: Speech, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.t = t
        self.refused: Refusal | None = None
        self.key.data = self.key.data or secrets.token_hex(16)

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the field it names, or on top of the form, in words for a guest."""
        self.refused = refusal
        said = Refusal(self.t.refusal(refusal), field=refusal.field)
        super().refuse(said)

    @property
    def sent(self) -> Sent:
        """The page's key, and a digest of what was typed."""
        typed = {name: str(value) for name, value in self.data.items() if name != "csrf_token"}
        words = repr(sorted(typed.items()))
        return Sent(str(self.key.data), hashlib.sha256(words.encode()).hexdigest())


class Day(forms.DateField):
    """A day; what can't be read is said in the guest's language."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; one that no hotel could mean is none."""
        _read(super().process_formdata, valuelist, "no_day")
        if self.data is not None and not dates.is_thinkable(self.data):
            self.data = None
            raise ValueError("no_day")


class Hour(forms.TimeField):
    """A time of day; what can't be read is said in the guest's language."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time."""
        _read(super().process_formdata, valuelist, "no_hour")


class Ages(StringField):
    """Children's ages in one line, `4, 9`: as many children come as there are ages."""

    @property
    def ages(self) -> tuple[int, ...]:
        """The ages as they were typed."""
        return tuple(int(age) for age in re.findall(r"\d+", self.data or "")[:20] if len(age) < 5)

    def pre_validate(self, form: Any) -> None:
        """Refuse ages no child has, or in words, and more children than a room could sleep.

        A child whose age isn't understood may not be left out without a word.
        """
        if len(self.ages) > MOST_CHILDREN or any(age > OLDEST_CHILD for age in self.ages):
            raise ValidationError("no_ages")
        if any(each.strip() and not re.search(r"\d", each) for each in _children(self.data or "")):
            raise ValidationError("no_ages")


def _children(typed: str) -> list[str]:
    """Return what was typed of each child: `4 and 9`, `4 ans et 9 ans`, `4, 9` are two."""
    return re.split(r"[,;&+/]|\b(?:and|und|et|y)\b", typed.lower())


def _read(reads: Any, typed: list[Any], otherwise: str) -> None:
    try:
        reads(typed)
    except ValueError:
        raise ValueError(otherwise) from None
