"""Writing: a reservation told in the guest's language, as a mail and as a sheet of paper.

Templates are filled by an environment of their own: a letter speaks the guest's language, not the
page's, and is written where no request is at hand too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_time
from babel.numbers import format_currency
from flask import has_request_context, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.money import MINUS, Money, total
from pms.hotel.house import letterheads, outbox, references, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Staff
from pms.hotel.house.translations import Names
from pms.hotel.service import web_payments
from pms.hotel.service.checkout import Purpose
from pms.hotel.stays import (
    arrival_letters,
    correspondence,
    guest_links,
    promised,
    settlements,
)
from pms.hotel.stays.correspondence import LetterWords, ReservationLetter, Tells
from pms.hotel.stays.guest_links import Opens
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations import Reservation, State
from pms.web import links
from pms.web.guest_pages import visiting
from pms.web.letters import agreed_rooms
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
    why: str | None = None,
    parties: Sequence[Reservation] | None = None,
) -> LetterWords:
    """Write a letter about a booking as it stands now; nothing is kept or sent yet.

    `why` is a phrase that says why, beneath what the letter `tells`; `parties` are the rooms it
    tells of, else those that stand as this one does, and of a cancelling this one.
    """
    tongue = tongue_of(session, hotel, reservation, language=language)
    rooms = promised.promised(session, hotel, parties or promised.rooms_of(session, reservation))
    whole = total((room.total for room in rooms), hotel.currency)
    held = settlements.deposits_held(session, hotel, [room.reservation for room in rooms])
    paid = total(held.values(), hotel.currency)
    subject = tongue.say(tells.value, number=reservation.booking_number)
    name = "before_arrival" if tells is Tells.BEFORE_ARRIVAL else "booking"
    link = way_in(session, reservation, tells)
    told = {
        "t": tongue,
        "hotel": hotel,
        "head": letterheads.of(session, hotel),
        "reservation": reservation,
        "tells": tells.value,
        "says": _says(tongue, tells, reservation, rooms),
        "why": tongue.say(why) if why else "",
        "pays": _to_pay_now(session, hotel, tongue, rooms, tells, link),
        "title": subject,
        "rooms": rooms,
        "agreed": agreed_rooms.of(session, hotel, tongue, rooms, held),
        "link": link,
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


def _says(
    tongue: Tongue, tells: Tells, reservation: Reservation, rooms: Sequence[PromisedRoom]
) -> str:
    """Say what the letter is about; of several rooms each says its own cancellation number."""
    if tells is Tells.CANCELLATION and len(rooms) > 1:
        return tongue.say("cancellation_rooms_says")
    return tongue.say(f"{tells}_says", cancel_number=reservation.cancel_number)


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


@dataclass(frozen=True, slots=True)
class ToPay:
    """What is to be done by an hour for a booking to stand, and where."""

    words: str
    address: str


def _to_pay_now(
    session: Session,
    hotel: Hotel,
    tongue: Tongue,
    rooms: Sequence[PromisedRoom],
    tells: Tells,
    link: WayIn | None,
) -> ToPay | None:
    """Say what a web booking's guest must do at once, or they would trust a promise that ends.

    What was asked of one room is done on its own page, what of several on the booking's.
    """
    if tells is Tells.CANCELLATION or not has_request_context():
        return None
    parties = [room.reservation for room in rooms]
    asked = web_payments.asked_at_booking(session, hotel, parties)
    if not asked:
        return None
    amount = Money(sum(each.amount or 0 for each in asked), hotel.currency)
    until = dates.local(min(each.expires_at for each in asked), hotel.time_zone)
    has_card = any(each.purpose is Purpose.CARD for each in asked)
    what = "both_now" if amount and has_card else "pays_now" if amount else "card_now"
    words = tongue.say(
        what,
        amount=tongue.money(amount), day=tongue.in_figures(until.date()), hour=tongue.hour(until),
    )  # fmt: skip
    if len(asked) > 1 and link is not None:
        return ToPay(words, link.address)
    token = links.token("pay", hotel.id, asked[0].id)
    return ToPay(words, links.public(url_for("pay.pay", token=token)))


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
    why: str | None = None,
    parties: Sequence[Reservation] | None = None,
    by: Staff,
) -> ReservationLetter:
    """Write a letter and mail it; refuses what `correspondence.mail` refuses."""
    session.flush()
    open_pages(session, reservation, by=by)
    paper = written(
        session, hotel, reservation, tells=tells, language=language, why=why, parties=parties
    )
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
