"""Speaking: the language of a guest's page, by the browser until one is chosen, and its words.

A desk hands in its own words; what it doesn't have is said in the words of every guest's page,
then in those of the outings and of the letters.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from babel.dates import format_date
from flask import Response, request

from pms.base.refusal import Refusal
from pms.hotel.house import letterheads, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.translations import Names
from pms.web.database import session
from pms.web.guest_pages import words as everywhere
from pms.web.letters.outings import Guide

CHOSEN = "lang"  # in the address once, in a cookie from then on
ONE_YEAR = 31_536_000
_SKELETONS = {"en": "EEE d MMM", "de": "EEE d. MMM", "fr": "EEE d MMM", "es": "EEE d MMM"}


class Speech(Guide):
    """A guest's language on a page, with the hotel's clock and names and a desk's own words."""

    def __init__(
        self,
        language: str,
        hotel: Hotel | None,
        own: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(language, hotel.time_zone if hotel else "UTC")
        self._hotel = hotel
        self._own = {**everywhere.WORDS[language], **(own or {}).get(language, {})}

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values in it."""
        mine = self._own.get(key)
        return mine.format(**values) if mine is not None else super().say(key, **values)

    @cached_property
    def names(self) -> Names:
        """The hotel's names: read once, and only for a page that says one."""
        if self._hotel is None:
            return super().names
        return translations.into(session(), self._hotel, self.language)

    def knows(self, key: str) -> bool:
        """Tell whether there is such a phrase on guests' pages."""
        return key in self._own

    def count(self, key: str, number: int) -> str:
        """Write so many of a thing: `count("nights", 3)` is `3 nights`."""
        return self.say(f"{key}_one" if number == 1 else f"{key}_many", n=number)

    def short_day(self, value: date) -> str:
        """Write a day short, without its year: `Sat 21 Nov`."""
        return format_date(value, _SKELETONS[self.language], locale=self.locale)

    def fault(self, text: str) -> str:
        """Say what is wrong with a field: a phrase of these pages, perhaps with a number in it."""
        key, _, number = text.partition(":")
        return self.say(key, n=number) if self.knows(key) else text

    def refusal(self, refusal: Refusal) -> str:
        """Say a refusal to a guest.

        What has no words here may be meant for the desk only, so the guest is told whom to ask.
        """
        key = f"no_{refusal.message_id}"
        return self.say(key if self.knows(key) else "no_other", **refusal.parameters)


def chosen() -> str | None:
    """Return the language that the guest chose on a page, now or before."""
    asked = (request.values.get(CHOSEN), request.cookies.get(CHOSEN))
    return next((code for code in asked if code in LANGUAGES), None)


def language(hotel: Hotel | None, *, spoken: str | None = None) -> str:
    """Return a page's language: chosen, the guest's own, the browser's, or the house's."""
    if (code := chosen()) is not None:
        return code
    house = letterheads.of(session(), hotel).language if hotel else next(iter(LANGUAGES))
    if spoken:
        return letterheads.spoken(spoken, otherwise=house)
    return request.accept_languages.best_match(list(LANGUAGES), default=house) or house


def keep(response: Response) -> Response:
    """Remember for a year the language that was just chosen; it is no secret."""
    code = request.values.get(CHOSEN)
    if code in LANGUAGES:
        response.set_cookie(
            CHOSEN, code, max_age=ONE_YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response
