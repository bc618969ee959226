"""Paying, in the guest's language: the letter with the link, the paper, and the pay page."""

from datetime import time

import segno
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.hotel.books.folios import Folio
from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.service.checkout import PaymentRequest, Purpose, parts, standing_cards
from pms.hotel.service.concierge.mailing import Words
from pms.hotel.stays.reservations import Reservation
from pms.web.letters import consents
from pms.web.letters.writing import Tongue, stationery

_ALL: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "deposit": ("Deposit", "Anzahlung", "Acompte", "Depósito"),
    "balance": ("Your bill", "Ihre Rechnung", "Votre note", "Su cuenta"),
    "hold": (
        "Guarantee on your card",
        "Sicherheit auf Ihrer Karte",
        "Garantie sur votre carte",
        "Garantía en su tarjeta",
    ),
    "card": (
        "A card for your booking",
        "Eine Karte für Ihre Buchung",
        "Une carte pour votre réservation",
        "Una tarjeta para su reserva",
    ),
    "rooms": ("Your rooms", "Ihre Zimmer", "Vos chambres", "Sus habitaciones"),
    "for_rooms": (
        "for booking {number}",
        "für die Buchung {number}",
        "pour la réservation {number}",
        "para la reserva {number}",
    ),
    "for_booking": (
        "for booking {number}, {arrival} to {departure}",
        "für die Buchung {number}, {arrival} bis {departure}",
        "pour la réservation {number}, du {arrival} au {departure}",
        "para la reserva {number}, del {arrival} al {departure}",
    ),
    "for_folio": (
        "for bill {number}",
        "für die Rechnung {number}",
        "pour la note {number}",
        "para la cuenta {number}",
    ),
    "asks_deposit": (
        "we ask you for a deposit of {amount}.",
        "wir bitten Sie um eine Anzahlung von {amount}.",
        "nous vous demandons un acompte de {amount}.",
        "le pedimos un depósito de {amount}.",
    ),
    "asks_balance": (
        "your bill of {amount} can be paid online.",
        "Ihre Rechnung über {amount} können Sie online bezahlen.",
        "votre note de {amount} peut être réglée en ligne.",
        "su cuenta de {amount} puede pagarse en línea.",
    ),
    "asks_rooms": (
        "the rooms of your booking can be paid together: {amount}.",
        "die Zimmer Ihrer Buchung können Sie zusammen bezahlen: {amount}.",
        "les chambres de votre réservation peuvent être réglées ensemble : {amount}.",
        "las habitaciones de su reserva pueden pagarse juntas: {amount}.",
    ),
    "asks_hold": (
        "as a guarantee we ask to hold {amount} on your card. Nothing is taken now.",
        (
            "als Sicherheit möchten wir {amount} auf Ihrer Karte reservieren. Es wird jetzt nichts "
            "abgebucht."
        ),
        "en garantie, nous demandons à bloquer {amount} sur votre carte. Rien n'est débité.",
        "como garantía pedimos retener {amount} en su tarjeta. Ahora no se cobra nada.",
    ),
    "asks_card": (
        "we ask you for a card for your booking. Nothing is taken now.",
        "wir bitten Sie um eine Karte für Ihre Buchung. Es wird jetzt nichts abgebucht.",
        "nous vous demandons une carte pour votre réservation. Rien n'est débité.",
        "le pedimos una tarjeta para su reserva. Ahora no se cobra nada.",
    ),
    "open_link": (
        "Open this link, which is yours alone:",
        "Öffnen Sie diesen Link, der nur für Sie ist:",
        "Ouvrez ce lien, qui n'est que pour vous :",
        "Abra este enlace, que es solo para usted:",
    ),
    "others_too": (
        "All rooms of your booking, and what is to be paid for each:",
        "Alle Zimmer Ihrer Buchung, und was für jedes zu zahlen ist:",
        "Toutes les chambres de votre réservation, et ce qui est à régler pour chacune :",
        "Todas las habitaciones de su reserva, y lo que se debe por cada una:",
    ),
    "scan": (
        "Scan this code with your phone.",
        "Scannen Sie diesen Code mit Ihrem Telefon.",
        "Scannez ce code avec votre téléphone.",
        "Escanee este código con su teléfono.",
    ),
    "until": (
        "Valid until {day}.",
        "Gültig bis {day}.",
        "Valable jusqu'au {day}.",
        "Válido hasta el {day}.",
    ),
    "until_hour": (
        "Valid until {day}, {hour} (local time of the hotel).",
        "Gültig bis {day}, {hour} Uhr (Ortszeit des Hotels).",
        "Valable jusqu'au {day}, {hour} (heure locale de l'hôtel).",
        "Válido hasta el {day}, {hour} (hora local del hotel).",
    ),
    "never_card": (
        "We never ask for a card number by mail or telephone.",
        "Wir fragen nie per E-Mail oder Telefon nach einer Kartennummer.",
        "Nous ne demandons jamais de numéro de carte par courriel ou téléphone.",
        "Nunca pedimos un número de tarjeta por correo o teléfono.",
    ),
    # the pay page
    "do_deposit": ("Pay {amount}", "{amount} bezahlen", "Payer {amount}", "Pagar {amount}"),
    "do_balance": ("Pay {amount}", "{amount} bezahlen", "Payer {amount}", "Pagar {amount}"),
    "do_rooms": ("Pay {amount}", "{amount} bezahlen", "Payer {amount}", "Pagar {amount}"),
    "do_hold": (
        "Hold {amount} on my card",
        "{amount} auf meiner Karte reservieren",
        "Bloquer {amount} sur ma carte",
        "Retener {amount} en mi tarjeta",
    ),
    "do_card": ("Give a card", "Karte hinterlegen", "Enregistrer une carte", "Dejar una tarjeta"),
    "secure": (
        "You pay on the secure page of Stripe. The hotel never sees your card's number.",
        ("Sie zahlen auf der sicheren Seite von Stripe. Das Hotel sieht Ihre Kartennummer nie."),
        "Vous payez sur la page sécurisée de Stripe. L'hôtel ne voit jamais le numéro de carte.",
        "Paga en la página segura de Stripe. El hotel nunca ve el número de su tarjeta.",
    ),
    "practice": (
        "This hotel is practising: no money moves.",
        "Dieses Hotel übt: Es fließt kein Geld.",
        "Cet hôtel s'entraîne : aucun argent ne circule.",
        "Este hotel practica: no se mueve dinero.",
    ),
    "declined": (
        "Your card was declined, and nothing was taken. Try again, or take another card.",
        (
            "Ihre Karte wurde abgelehnt, und es wurde nichts abgebucht. Versuchen Sie es noch "
            "einmal oder mit einer anderen."
        ),
        "Votre carte a été refusée et rien n'a été débité. Réessayez, ou prenez-en une autre.",
        "Su tarjeta fue rechazada y no se ha cobrado nada. Inténtelo de nuevo o con otra.",
    ),
    "again": ("Try again", "Noch einmal versuchen", "Réessayer", "Intentarlo de nuevo"),
    "paid": ("Paid. Thank you!", "Bezahlt. Vielen Dank!", "Payé. Merci !", "Pagado. ¡Gracias!"),
    "held": (
        "Done. {amount} are held on your card, and nothing was taken.",
        "Erledigt. {amount} sind auf Ihrer Karte reserviert; abgebucht wurde nichts.",
        "C'est fait. {amount} sont bloqués sur votre carte, rien n'a été débité.",
        "Hecho. Se han retenido {amount} en su tarjeta y no se ha cobrado nada.",
    ),
    "kept": (
        "Done. Your card is kept for this booking.",
        "Erledigt. Ihre Karte ist für diese Buchung hinterlegt.",
        "C'est fait. Votre carte est enregistrée pour cette réservation.",
        "Hecho. Su tarjeta queda guardada para esta reserva.",
    ),
    "not_yet": (
        "Your bank hasn't confirmed it yet. You needn't do anything: we note it when it comes.",
        (
            "Ihre Bank hat noch nicht bestätigt. Sie müssen nichts tun: Wir vermerken es, sobald "
            "es so weit ist."
        ),
        "Votre banque n'a pas encore confirmé. Vous n'avez rien à faire : nous le noterons.",
        "Su banco aún no lo ha confirmado. No tiene que hacer nada: lo anotaremos.",
    ),
    "over": (
        "This link is no longer valid. Please ask the hotel for a new one.",
        "Dieser Link gilt nicht mehr. Bitte fragen Sie das Hotel nach einem neuen.",
        "Ce lien n'est plus valable. Demandez-en un nouveau à l'hôtel.",
        "Este enlace ya no es válido. Pida uno nuevo al hotel.",
    ),
    "booking_over": (
        "This booking is over. Nothing is asked for any more.",
        "Diese Buchung ist beendet. Es wird nichts mehr verlangt.",
        "Cette réservation a pris fin. Plus rien n'est demandé.",
        "Esta reserva ha terminado. Ya no se pide nada.",
    ),
    "bill_paid": (
        "This bill is paid already. Nothing is owed any more.",
        "Diese Rechnung ist schon bezahlt. Es ist nichts mehr offen.",
        "Cette facture est déjà réglée. Plus rien n'est dû.",
        "Esta cuenta ya está pagada. No se debe nada más.",
    ),
    "bill_changed": (
        "The bill has changed since: {owed} is owed now. Please ask the hotel for a new link.",
        (
            "Die Rechnung hat sich seither geändert: Jetzt sind {owed} offen. Bitte fragen Sie das "
            "Hotel nach einem neuen Link."
        ),
        ("La facture a changé depuis : {owed} restent dus. Demandez un nouveau lien à l'hôtel."),
        "La cuenta ha cambiado: ahora se deben {owed}. Pida un nuevo enlace al hotel.",
    ),
    "away": (
        "The payment service doesn't answer just now. Nothing was taken; try again in a minute.",
        (
            "Der Zahlungsdienst antwortet gerade nicht. Es wurde nichts abgebucht; versuchen Sie "
            "es in einer Minute noch einmal."
        ),
        "Le service de paiement ne répond pas. Rien n'a été débité ; réessayez dans une minute.",
        "El servicio de pago no responde. No se ha cobrado nada; inténtelo en un minuto.",
    ),
    "odd_sum": (
        "Cards can't be charged this sum to the last digit. Please ask the hotel for another link.",
        (
            "Dieser Betrag lässt sich nicht auf die letzte Stelle genau von einer Karte abbuchen. "
            "Bitte fragen Sie das Hotel nach einem anderen Link."
        ),
        "Ce montant ne peut être débité d'une carte à l'unité près. Demandez un autre lien.",
        "Este importe no puede cobrarse exacto a una tarjeta. Pida otro enlace al hotel.",
    ),
    "agree": (
        "I agree, and may take this back at the desk at any time.",
        "Ich bin einverstanden und kann dies jederzeit an der Rezeption widerrufen.",
        "J'accepte, et peux retirer mon accord à tout moment à la réception.",
        "Estoy de acuerdo y puedo retirarlo en recepción en cualquier momento.",
    ),
    "agree_first": (
        "Please agree first: tick the box.",
        "Bitte stimmen Sie zuerst zu: Haken setzen.",
        "Veuillez d'abord accepter : cochez la case.",
        "Primero acepte: marque la casilla.",
    ),
    **consents.ROWS,
}
PAYING: dict[str, dict[str, str]] = {
    language: {key: words[place] for key, words in _ALL.items()}
    for place, language in enumerate(LANGUAGES)
}
NEEDS_CONSENT = {Purpose.HOLD, Purpose.CARD}


class Payer(Tongue):
    """A tongue that knows the words of paying too."""

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values in it."""
        own = PAYING[self.language].get(key)
        return own.format(**values) if own is not None else super().say(key, **values)


class Asked:
    """A request in the guest's words: what it is for, how much, and until when."""

    def __init__(
        self, session: Session, hotel: Hotel, request: PaymentRequest, language: str | None = None
    ) -> None:
        self.hotel, self.request = hotel, request
        self.t = Payer(language if language in LANGUAGES else request.language)
        self.head = letterheads.of(session, hotel)
        self.amount = Money(request.amount, hotel.currency)
        self.parts = parts.of(session, request)
        self.guest, self.whose = self._whose(session)
        self.is_for_all = standing_cards.is_for_all_rooms(session, request)

    def _whose(self, session: Session) -> tuple[str, str]:
        if self.request.reservation_id is not None:
            party = session.get_one(Reservation, (self.hotel.id, self.request.reservation_id))
            if self.request.purpose is Purpose.ROOMS:
                self.number = party.booking_number
                return party.guest.name, self.t.say("for_rooms", number=self.number)
            said = self.t.say(
                "for_booking", number=party.number, arrival=self.t.in_figures(party.arrival),
                departure=self.t.in_figures(party.departure),
            )  # fmt: skip
            self.number = party.number
            return party.guest.name, said
        folio = session.get_one(Folio, (self.hotel.id, self.request.folio_id))
        self.number = folio.number
        return folio.name, self.t.say("for_folio", number=folio.number)

    @property
    def rooms(self) -> list[tuple[str, str]]:
        """Whose room gets how much, where one payment is for several."""
        return [
            (
                f"{each.reservation.guest.name}, {each.reservation.number}",
                self.t.money(Money(each.amount, self.hotel.currency)),
            )
            for each in self.parts
        ]

    @property
    def what(self) -> str:
        """What it is: a deposit, the bill, a guarantee, a card."""
        return self.t.say(self.request.purpose.value)

    @property
    def words(self) -> str:
        """How the gateway's page calls it."""
        return f"{self.what} {self.whose}"

    @property
    def asks(self) -> str:
        """What is asked of the guest, as a sentence."""
        return self.t.say(f"asks_{self.request.purpose.value}", amount=self.t.money(self.amount))

    @property
    def button(self) -> str:
        """What the guest presses."""
        return self.t.say(f"do_{self.request.purpose.value}", amount=self.t.money(self.amount))

    @property
    def done(self) -> str:
        """What the guest is told when it is done."""
        key = {Purpose.HOLD: "held", Purpose.CARD: "kept"}.get(self.request.purpose, "paid")
        return self.t.say(key, amount=self.t.money(self.amount))

    @property
    def consent(self) -> str | None:
        """What the guest agrees to, where a card is kept."""
        if self.request.purpose not in NEEDS_CONSENT:
            return None
        said = "consent_rooms" if self.is_for_all else "consent"
        return self.t.say(said, hotel=self.hotel.name, number=self.number)

    @property
    def until(self) -> str:
        """Until when the link is valid, by the hotel's clock: the last whole day, or the hour."""
        end = dates.local(self.request.expires_at, self.hotel.time_zone)
        if end.time() == time.min:
            return self.t.say("until", day=self.t.day(end.date() - dates.ONE_DAY))
        return self.t.say("until_hour", day=self.t.day(end.date()), hour=self.t.hour(end))


def letter(asked: Asked, link: str, *, booking: str | None = None) -> Words:
    """Return the letter that brings a guest the link to pay by.

    `booking` is the address of the booking's own page, for who booked several rooms.
    """
    told = {
        "asked": asked,
        "t": asked.t,
        "hotel": asked.hotel,
        "head": asked.head,
        "link": link,
        "booking": booking,
    }
    return Words(
        subject=f"{asked.what}, {asked.hotel.name}"[:200],
        text=stationery().get_template("letters/payment.txt").render(told).strip() + "\n",
        html=stationery().get_template("letters/payment.html").render(told),
    )


def paper(asked: Asked, link: str) -> str:
    """Return a sheet with the code, for the printer."""
    told = {"asked": asked, "t": asked.t, "hotel": asked.hotel, "head": asked.head}
    template = stationery().get_template("documents/payment.html")
    return template.render(**told, link=link, code=code(link))


def code(link: str) -> str:
    """Return a link as a code that phones read, as a picture's `data:` address."""
    return segno.make(link, error="m").svg_data_uri(scale=5, border=2)
