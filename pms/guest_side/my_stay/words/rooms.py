"""The words of a booking of several rooms."""

from pms.web.guest_pages.words import Said

ROWS: dict[str, Said] = {
    # English, German, French, Spanish
    "rooms_title": ("Your booking", "Ihre Buchung", "Votre réservation", "Su reserva"),
    "rooms_one": ("1 room", "1 Zimmer", "1 chambre", "1 habitación"),
    "rooms_many": ("{n} rooms", "{n} Zimmer", "{n} chambres", "{n} habitaciones"),
    "all_rooms": (
        "All rooms of the booking",
        "Alle Zimmer der Buchung",
        "Toutes les chambres de la réservation",
        "Todas las habitaciones de la reserva",
    ),
    "whole_booking": (
        "The whole booking, taxes included",
        "Die ganze Buchung inkl. Steuern",
        "Toute la réservation, taxes comprises",
        "Toda la reserva, impuestos incluidos",
    ),
    "pay_together": (
        "In one payment; each room gets its part, as below. Or pay a room by itself.",
        "In einer Zahlung; jedes Zimmer erhält seinen Teil, siehe unten. Oder einzeln zahlen.",
        "En un seul paiement ; chaque chambre reçoit sa part, voir ci-dessous. Ou une à une.",
        "En un solo pago; cada habitación recibe su parte, como abajo. O pague una a una.",
    ),
    "do_pay_rooms": (
        "Pay all rooms: {money}",
        "Alle Zimmer bezahlen: {money}",
        "Régler toutes les chambres : {money}",
        "Pagar todas las habitaciones: {money}",
    ),
    "to_do": ("Still to do", "Noch zu erledigen", "Reste à faire", "Queda por hacer"),
    "nothing_to_do": (
        "Nothing is left to do.",
        "Es ist alles erledigt.",
        "Tout est fait.",
        "No queda nada por hacer.",
    ),
    "do_arrival": (
        "Say when you come",
        "Ankunft mitteilen",
        "Indiquer votre arrivée",
        "Indicar la llegada",
    ),
    "do_guests": (
        "Documents: {n} of {heads}",
        "Ausweise: {n} von {heads}",
        "Documents : {n} sur {heads}",
        "Documentos: {n} de {heads}",
    ),
    "do_sign": (
        "Sign the registration card",
        "Meldeschein unterschreiben",
        "Signer la fiche",
        "Firmar el parte de entrada",
    ),
    "open_room": ("Open this room", "Zimmer öffnen", "Ouvrir la chambre", "Abrir la habitación"),
}
