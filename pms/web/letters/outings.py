"""Outings on paper: a party's voucher and itinerary in its language, the day's docket in ours."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.money import Money
from pms.hotel.house import letterheads, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Staff
from pms.hotel.house.translations import Names
from pms.hotel.service.concierge import ActivityBooking, Pays
from pms.hotel.service.concierge.mailing import Words
from pms.hotel.service.concierge.vouchers import Voucher, Written
from pms.hotel.service.itineraries import Happens, Item
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.letters.writing import Tongue, language_of, stationery

_ALL: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "voucher": ("Voucher", "Gutschein", "Bon", "Bono"),
    "copy": ("Copy", "Kopie", "Copie", "Copia"),
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
    "message": ("Message", "Nachricht", "Message", "Mensaje"),
    "message_from": ("From", "Von", "De", "De"),
    "urgent": ("Urgent", "Dringend", "Urgent", "Urgente"),
    "wake_up": ("Wake-up call", "Weckruf", "Réveil téléphonique", "Llamada despertador"),
}
_COPY = "<!-- copy -->"  # where a reprint says that it is one
WORDS = {
    language: {key: words[place] for key, words in _ALL.items()}
    for place, language in enumerate(LANGUAGES)
}


class Guide(Tongue):
    """A guest's language, with the words of outings and the hotel's clock."""

    def __init__(self, language: str, zone: str, names: Names | None = None) -> None:
        super().__init__(language, names)
        self.zone = zone

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


def guide_of(session: Session, hotel: Hotel, reservation: Reservation) -> Guide:
    """Return the language of a party, with the house's names in it and the hotel's clock."""
    language = language_of(session, hotel, reservation)
    return Guide(language, hotel.time_zone, translations.into(session, hotel, language))


def voucher(session: Session, hotel: Hotel, booking: ActivityBooking, *, number: int) -> Written:
    """Return the voucher of a booking as a page for the printer, in the guest's language."""
    told = _told(session, hotel, booking)
    return Written(_filled("documents/voucher.html", number=number, **told), told["t"].language)


def copied(voucher: Voucher) -> str:
    """Return a voucher as it was issued, marked as a copy."""
    word = WORDS[voucher.language]["copy"]
    return voucher.page.replace(_COPY, f'<p class="show"><strong>{word}</strong></p>')


def by_mail(session: Session, hotel: Hotel, booking: ActivityBooking) -> Words:
    """Return the voucher of a booking as a letter, in the guest's language."""
    told = _told(session, hotel, booking)
    guide = told["t"]
    name = guide.name(booking.time.activity.name)
    return Words(
        subject=f"{guide.say('voucher')} {booking.number}: {name}, {hotel.name}"[:200],
        text=_filled("letters/voucher.txt", **told).strip() + "\n",
        html=_filled("letters/voucher.html", **told),
    )


def _told(session: Session, hotel: Hotel, booking: ActivityBooking) -> dict[str, Any]:
    """Return what a voucher tells: whose, where, with whom, what is paid, until when it is free."""
    guide = guide_of(session, hotel, booking.reservation)
    activity = booking.time.activity
    rule = guide.say("cancel_free", when=guide.moment(booking.free_until))
    if booking.price and booking.fee_percent:
        rule += " " + guide.say("cancel_fee", percent=booking.fee_percent)
    return {
        "t": guide,
        "hotel": hotel,
        "head": letterheads.of(session, hotel),
        "booking": booking,
        "activity": activity,
        "facts": _facts(session, hotel, booking, guide),
        "rule": rule,
    }


def _facts(
    session: Session, hotel: Hotel, booking: ActivityBooking, guide: Guide
) -> list[tuple[str, str]]:
    """Return what stands on a voucher line by line, without the lines that would be empty."""
    activity, vendor = booking.time.activity, booking.time.activity.vendor
    stay = stays.of(session, booking.reservation)
    whose = booking.reservation.guest.name
    if stay is not None:
        whose += f", {guide.say('room')} {stay.room.number}"
    pays = guide.say(f"pays_{booking.pays.value}")
    if booking.pays is Pays.VENDOR and booking.price:
        pays = f"{guide.money(Money(booking.price, hotel.currency))}. {pays}"
    pickup = guide.at(booking.pickup_at) if booking.pickup_at else None
    lasts = guide.say("minutes", count=activity.minutes) if activity.minutes else None
    lines = (
        ("for_whom", whose),
        ("persons", str(booking.persons)),
        ("with_whom", _joined(vendor.name, vendor.address, vendor.phone)),
        ("meets", activity.meets),
        ("pickup", _joined(pickup, booking.pickup_place)),
        ("lasts", lasts),
        ("their_number", booking.vendor_ref),
        ("wishes", booking.notes),
        ("payment", pays),
    )
    return [(guide.say(key), value) for key, value in lines if value]


def _joined(*words: str | None) -> str:
    return ", ".join(each for each in words if each)


def itinerary(
    session: Session, hotel: Hotel, reservation: Reservation, items: Sequence[Item]
) -> str:
    """Return what a party has planned as a page, day by day, in the guest's language."""
    guide = guide_of(session, hotel, reservation)
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
        t=Guide("en", hotel.time_zone),
        hotel=hotel,
        day=day,
        hours=hours,
        by=by,
        now=clock.now(),
        KINDS=Happens,
    )


def _filled(name: str, **told: Any) -> str:
    return stationery().get_template(name).render(**told)
