"""Outings on paper: a party's voucher and itinerary in its language, the day's docket in ours."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.money import Money
from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Staff
from pms.hotel.service.concierge import ActivityBooking, Counts, Pays
from pms.hotel.service.itineraries import Happens, Item
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.letters.writing import Tongue, language_of, stationery

_ALL: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "voucher": ("Voucher", "Gutschein", "Bon", "Bono"),
    "itinerary": ("Your days with us", "Ihre Tage bei uns", "Votre programme", "Su programa"),
    "itinerary_says": (
        "This is what we have arranged for you. If plans change, tell us at the desk.",
        "Das haben wir für Sie vereinbart. Wenn sich etwas ändert, sagen Sie uns Bescheid.",
        "Voici ce que nous avons réservé pour vous. En cas de changement, prévenez la réception.",
        "Esto es lo que hemos reservado para usted. Si algo cambia, avise en recepción.",
    ),
    "nothing": (
        "Nothing is planned yet. We gladly arrange something for you.",
        "Noch ist nichts geplant. Wir organisieren gern etwas für Sie.",
        "Rien n'est encore prévu. Nous organisons volontiers quelque chose pour vous.",
        "Todavía no hay nada previsto. Con gusto le organizamos algo.",
    ),
    "for_whom": ("For", "Für", "Pour", "Para"),
    "when": ("When", "Wann", "Quand", "Cuándo"),
    "persons": ("Persons", "Personen", "Personnes", "Personas"),
    "with_whom": ("With", "Bei", "Chez", "Con"),
    "meets": ("Meeting point", "Treffpunkt", "Rendez-vous", "Punto de encuentro"),
    "pickup": ("Pick-up", "Abholung", "Prise en charge", "Recogida"),
    "lasts": ("It takes", "Dauer", "Durée", "Duración"),
    "minutes": ("{count} minutes", "{count} Minuten", "{count} minutes", "{count} minutos"),
    "their_number": ("Their reference", "Deren Nummer", "Leur référence", "Su referencia"),
    "wishes": ("Wishes", "Wünsche", "Souhaits", "Deseos"),
    "payment": ("Payment", "Bezahlung", "Paiement", "Pago"),
    "pays_folio": (
        "Settled with the hotel; nothing to pay there.",
        "Wird über das Hotel abgerechnet; vor Ort ist nichts zu zahlen.",
        "Réglé par l'hôtel ; rien à payer sur place.",
        "Se abona en el hotel; no hay nada que pagar allí.",
    ),
    "pays_vendor": (
        "To be paid there.",
        "Vor Ort zu bezahlen.",
        "À régler sur place.",
        "Se paga allí.",
    ),
    "pays_house": (
        "With the compliments of the house.",
        "Mit den besten Empfehlungen des Hauses.",
        "Offert par la maison.",
        "Cortesía de la casa.",
    ),
    "cancel_free": (
        "Free cancellation until {when}.",
        "Kostenlos stornierbar bis {when}.",
        "Annulation gratuite jusqu'au {when}.",
        "Cancelación gratuita hasta el {when}.",
    ),
    "cancel_fee": (
        "After that {percent} % of the price is due.",
        "Danach fallen {percent} % des Preises an.",
        "Ensuite, {percent} % du prix sont dus.",
        "Después se cobra el {percent} % del precio.",
    ),
    "shows": (
        "Please show this voucher on arrival.",
        "Bitte zeigen Sie diesen Gutschein bei der Ankunft vor.",
        "Veuillez présenter ce bon à l'arrivée.",
        "Presente este bono a la llegada.",
    ),
    "waits": (
        "Awaiting confirmation",
        "Bestätigung steht aus",
        "En attente de confirmation",
        "Pendiente de confirmación",
    ),
    "confirmed": ("Confirmed", "Bestätigt", "Confirmé", "Confirmado"),
    "wake_up": ("Wake-up call", "Weckruf", "Réveil téléphonique", "Llamada despertador"),
}
WORDS = {
    language: {key: words[place] for key, words in _ALL.items()}
    for place, language in enumerate(LANGUAGES)
}


class Guide(Tongue):
    """A guest's language, with the words of outings and the hotel's clock."""

    def __init__(self, language: str, hotel: Hotel) -> None:
        super().__init__(language)
        self.zone = hotel.time_zone

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of outings, or of the letters, with its values in it."""
        mine = WORDS[self.language].get(key)
        return mine.format(**values) if mine is not None else super().say(key, **values)

    def local(self, at: datetime) -> datetime:
        """Return what the hotel's clock shows."""
        return dates.local(at, self.zone)

    def at(self, at: datetime) -> str:
        """Write the hour of an instant on the hotel's clock."""
        return self.hour(self.local(at).time())

    def moment(self, at: datetime) -> str:
        """Write day and hour of an instant on the hotel's clock."""
        return f"{self.day(self.local(at).date())}, {self.at(at)}"


def voucher(session: Session, hotel: Hotel, booking: ActivityBooking) -> str:
    """Return the voucher of a booking as a page, in the guest's language."""
    activity = booking.time.activity
    stay = stays.of(session, booking.reservation)
    return _filled(
        "documents/voucher.html",
        t=Guide(language_of(session, hotel, booking.reservation), hotel),
        hotel=hotel,
        head=letterheads.of(session, hotel),
        booking=booking,
        activity=activity,
        vendor=activity.vendor,
        room=stay.room.number if stay is not None else None,
        price=Money(booking.price, hotel.currency),
        per_person=activity.counts is Counts.PERSONS,
        pays=f"pays_{booking.pays.value}",
        shows_price=booking.pays is Pays.VENDOR and booking.price > 0,
    )


def itinerary(
    session: Session, hotel: Hotel, reservation: Reservation, items: Sequence[Item]
) -> str:
    """Return what a party has planned as a page, day by day, in the guest's language."""
    guide = Guide(language_of(session, hotel, reservation), hotel)
    by_day = groupby(items, key=lambda each: guide.local(each.at).date())
    return _filled(
        "documents/itinerary.html",
        t=guide,
        hotel=hotel,
        head=letterheads.of(session, hotel),
        reservation=reservation,
        days=[(day, list(some)) for day, some in by_day],
        CALL=Happens.CALL,
    )


def docket(hotel: Hotel, day: date, hours: Sequence[Any], *, by: Staff) -> str:
    """Return a day at the concierge's as a page, by the hour: what somebody carries about."""
    return _filled(
        "documents/docket.html",
        t=Guide("en", hotel),
        hotel=hotel,
        day=day,
        hours=hours,
        by=by,
        now=clock.now(),
        KINDS=Happens,
    )


def _filled(name: str, **told: Any) -> str:
    return stationery().get_template(name).render(**told)
