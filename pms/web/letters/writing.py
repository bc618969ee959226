"""Writing: a reservation told in the guest's language, as a mail and as a sheet of paper.

Templates are filled by an environment of their own: a letter speaks the guest's language, not the
page's, and is written where no request is at hand too.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_time
from babel.numbers import format_currency
from flask import has_request_context
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import MINUS, Money, total
from pms.hotel.house import letterheads, outbox, references, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Staff
from pms.hotel.house.translations import Names
from pms.hotel.rooms.policies import terms_of
from pms.hotel.stays import (
    arrival_letters,
    correspondence,
    fees,
    guest_links,
    promised,
    settlements,
)
from pms.hotel.stays.correspondence import LetterWords, ReservationLetter, Tells
from pms.hotel.stays.guest_links import Opens
from pms.hotel.stays.reservations import Guarantee, Reservation, State, agreed, kept_until
from pms.web.guest_pages import visiting
from pms.web.letters import agreeing
from pms.web.letters.words import WORDS

TEMPLATES = Path(__file__).parents[3] / "templates"
_LETTERS_BEFORE = re.compile(r"[^\W\d_](?=\d)")  # babel writes no space after a currency's code
LOCALES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}


class Tongue:
    """One language: its words, the house's names, and how it writes days, hours and money."""

    def __init__(self, language: str, names: Names | None = None) -> None:
        self.language = language
        self.locale = LOCALES[language]
        self._names = names or Names(language)

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values in it."""
        return WORDS[self.language][key].format(**values)

    @property
    def names(self) -> Names:
        """The house's names; the usual ones, where none were handed in."""
        return self._names

    def name(self, own: str) -> str:
        """Say what the house calls a thing, or writes on a bill, in this language."""
        return references.text(own, self.names)

    def day(self, value: date) -> str:
        """Write a day in full: `Samstag, 21. November 2026`."""
        return format_date(value, "full", locale=self.locale)

    def in_figures(self, value: date) -> str:
        """Write a day short, the year in full: `21.11.2026`."""
        return format_date(value, "medium", locale=self.locale)

    def weekday(self, value: date) -> str:
        """Write the weekday short: `Sa.`."""
        return format_date(value, "EEE", locale=self.locale)

    def hour(self, value: time | datetime) -> str:
        """Write an hour: `15:00`."""
        wall = value.time() if isinstance(value, datetime) else value
        return format_time(wall, "short", locale=self.locale)

    def money(self, value: Money) -> str:
        """Write an amount with its currency: `1.096,00 €`, letters apart: `KWD 20.005`."""
        written = format_currency(value.decimal, value.currency, locale=self.locale)
        written = written.replace("-", MINUS)  # babel writes a hyphen, the house a minus
        return _LETTERS_BEFORE.sub("\\g<0>\N{NO-BREAK SPACE}", written)


@lru_cache
def stationery() -> Environment:
    """Return what fills the templates of letters and papers."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(session: Session, hotel: Hotel, reservation: Reservation) -> str:
    """Return the guest's language where it is one of ours, else English or the hotel's."""
    head, guest = letterheads.of(session, hotel), reservation.guest
    return letterheads.of_guest(guest.language, guest.country, otherwise=head.language)


def tongue_of(
    session: Session, hotel: Hotel, reservation: Reservation, *, language: str | None = None
) -> Tongue:
    """Return the guest's language, or the one that is asked for, with the house's names in it."""
    language = language or language_of(session, hotel, reservation)
    return Tongue(language, translations.into(session, hotel, language))


def written(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    tells: Tells,
    language: str | None = None,
) -> LetterWords:
    """Write a letter about a booking as it stands now; nothing is kept or sent yet."""
    tongue = tongue_of(session, hotel, reservation, language=language)
    rooms = promised.promised(session, hotel, promised.rooms_of(session, reservation))
    whole = total((room.total for room in rooms), hotel.currency)
    held = settlements.deposits_held(session, hotel, [room.reservation for room in rooms])
    paid = total(held.values(), hotel.currency)
    subject = tongue.say(tells.value, number=reservation.booking_number)
    name = "before_arrival" if tells is Tells.BEFORE_ARRIVAL else "booking"
    told = {
        "t": tongue,
        "hotel": hotel,
        "head": letterheads.of(session, hotel),
        "reservation": reservation,
        "guarantee": _guarantee(hotel, reservation),
        "tells": tells.value,
        "title": subject,
        "rooms": rooms,
        "agreed": _agreed(session, hotel, tongue, reservation),
        "link": way_in(session, reservation, tells),
        "total": whole,
        "paid": paid,
        "owed": whole - paid,
    }
    return LetterWords(
        tells=tells,
        language=tongue.language,
        subject=f"{subject}, {hotel.name}"[:200],
        text=stationery().get_template(f"letters/{name}.txt").render(told).strip() + "\n",
        html=stationery().get_template(f"letters/{name}.html").render(told),
    )


def _guarantee(hotel: Hotel, reservation: Reservation) -> str:
    """Return which phrase says what guarantees a stay, and until when its room is kept."""
    given = reservation.guarantee
    late = kept_until(hotel, reservation.arrival, reservation.promised_at) is None
    return "none_late" if given is Guarantee.NONE and late else given.value


def _agreed(session: Session, hotel: Hotel, tongue: Tongue, reservation: Reservation) -> list[str]:
    """Return the terms the guest booked under, one sentence each; none without a policy."""
    policy = agreed.policy_of(session, reservation)
    if policy is None:
        return []
    return agreeing.sentences(
        tongue,
        hotel,
        terms_of(policy),
        arrival=reservation.arrival,
        booked_on=reservation.booked_on,
        promised_at=reservation.promised_at,
        is_sure=fees.is_sure(session, reservation),
    )


@dataclass(frozen=True, slots=True)
class WayIn:
    """A guest's link as a letter carries it: its address, and what it opens."""

    address: str
    opens: Opens


def way_in(session: Session, reservation: Reservation, tells: Tells | None = None) -> WayIn | None:
    """Return the link that letters to a room's guest carry: who booked several has one for all.

    None of a stay that ended, and where no link was made.
    """
    if tells is Tells.CANCELLATION or not has_request_context():
        return None
    first = guest_links.booked_with(session, reservation)
    opens = Opens.BOOKING if first else Opens.STAY
    link = guest_links.of(session, first or reservation, opens)
    return WayIn(visiting.address(link), opens) if link else None


def open_pages(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Make the link that a letter carries, where somebody serves the pages it leads to."""
    if has_request_context() and reservation.state in {State.BOOKED, State.IN_HOUSE}:
        several = guest_links.booked_with(session, reservation) is not None
        opens = Opens.BOOKING if several else Opens.STAY
        guest_links.issue(session, reservation, opens=opens, sealed=visiting.sealed, by=by)


def tell(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    *,
    tells: Tells,
    language: str | None = None,
    to: str | None = None,
    after: int | None = None,
    by: Staff,
) -> ReservationLetter:
    """Write a letter and mail it; refuses what `correspondence.mail` refuses."""
    session.flush()
    open_pages(session, reservation, by=by)
    paper = written(session, hotel, reservation, tells=tells, language=language)
    return correspondence.mail(session, reservation, paper, to=to, after=after, by=by)


def tell_before_arrival(session: Session, hotel: Hotel, *, by: Staff, limit: int) -> int:
    """Write to parties who come soon, where the house wants it; return to how many.

    Each is written to once, in their language, with the way to their stay's pages.
    """
    found = arrival_letters.due(session, hotel, limit=limit)
    for reservation in found:
        tell(session, hotel, reservation, tells=Tells.BEFORE_ARRIVAL, by=by)
    return len(found)


def tell_link(
    session: Session, hotel: Hotel, reservation: Reservation, *, opens: Opens, by: Staff
) -> Letter:
    """Mail a link to a room's guest, once a minute at most: two presses are one letter."""
    link = guest_links.issue(session, reservation, opens=opens, sealed=visiting.sealed, by=by)
    tongue = Tongue(language_of(session, hotel, reservation))
    told = {
        "t": tongue,
        "hotel": hotel,
        "head": letterheads.of(session, hotel),
        "reservation": reservation,
        "link": WayIn(visiting.address(link), opens),
        "title": tongue.say("stay_title", number=reservation.booking_number),
    }
    return outbox.write(
        session,
        hotel,
        key=f"stay-link/{link.id}/{clock.now():%Y%m%d%H%M}",
        to=reservation.guest.email or "",
        subject=f"{told['title']}, {hotel.name}"[:200],
        text=stationery().get_template("letters/stay_link.txt").render(told).strip() + "\n",
        html=stationery().get_template("letters/stay_link.html").render(told),
        by=by,
    )
