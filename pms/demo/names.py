"""The demo's names in the languages of its guests: what it sells, charges and arranges for them.

What every house calls the same (breakfast, city tax, tip) is said without being written.
"""

from sqlalchemy.orm import Session

from pms.hotel.house import translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Staff

_ALL = {
    # by our own name: German, French, Spanish
    "Single": ("Einzelzimmer", "Chambre simple", "Individual"),
    "Double": ("Doppelzimmer", "Chambre double", "Doble"),
    "Twin": ("Zweibettzimmer", "Chambre à deux lits", "Doble con dos camas"),
    "Family room": ("Familienzimmer", "Chambre familiale", "Habitación familiar"),
    "Superior double": ("Doppelzimmer Superior", "Chambre double supérieure", "Doble superior"),
    "Suite": ("Suite", "Suite", "Suite"),
    "Lake view": ("Seeblick", "Vue sur le lac", "Vistas al lago"),
    "Best available rate": ("Tagespreis", "Tarif du jour", "Mejor tarifa disponible"),
    "Advance purchase": ("Frühbucher", "Réservation anticipée", "Compra anticipada"),
    "Corporate": ("Firmenpreis", "Tarif entreprise", "Tarifa de empresa"),
    "Non-refundable": ("Nicht erstattbar", "Non remboursable", "No reembolsable"),
    "With breakfast": ("Mit Frühstück", "Petit déjeuner inclus", "Con desayuno"),
    "Breakfast buffet": ("Frühstücksbuffet", "Buffet du petit déjeuner", "Desayuno bufé"),
    "Dinner, half board": ("Abendessen, Halbpension", "Dîner, demi-pension",
                           "Cena, media pensión"),
    "Bottle on arrival": ("Flasche bei Anreise", "Bouteille à l'arrivée", "Botella de bienvenida"),
    "Bar": ("Bar", "Bar", "Bar"),
    "Bar credit": ("Bar-Guthaben", "Crédit au bar", "Crédito para el bar"),
    "Concierge": ("Concierge", "Conciergerie", "Conserjería"),
    "Early or late hours": ("Frühe oder späte Stunden", "Arrivée tôt ou départ tard",
                            "Entrada temprana o salida tardía"),
    "Garage": ("Garage", "Garage", "Garaje"),
    "Old town on foot": ("Altstadt zu Fuß", "La vieille ville à pied", "El casco antiguo a pie"),
    "Two hours with a historian, in English.": (
        "Zwei Stunden mit einer Historikerin, auf Englisch.",
        "Deux heures avec une historienne, en anglais.",
        "Dos horas con una historiadora, en inglés.",
    ),
    "Evening boat": ("Abendschiff", "Bateau du soir", "Barco al anochecer"),
    "An hour on the Spree, blankets on board.": (
        "Eine Stunde auf der Spree, Decken sind an Bord.",
        "Une heure sur la Spree, plaids à bord.",
        "Una hora por el Spree, con mantas a bordo.",
    ),
    "Table at Taverna Kreuz": ("Tisch in der Taverna Kreuz", "Table à la Taverna Kreuz",
                               "Mesa en la Taverna Kreuz"),
    "The courtyard is heated.": ("Der Hof ist beheizt.", "La cour est chauffée.",
                                 "El patio tiene calefacción."),
    "Car to the airport": ("Wagen zum Flughafen", "Voiture pour l'aéroport",
                           "Coche al aeropuerto"),
    "Up to three with luggage, 45 minutes.": (
        "Bis zu drei Personen mit Gepäck, 45 Minuten.",
        "Jusqu'à trois personnes avec bagages, 45 minutes.",
        "Hasta tres personas con equipaje, 45 minutos.",
    ),
    "Massage, 50 minutes": ("Massage, 50 Minuten", "Massage, 50 minutes", "Masaje, 50 minutos"),
    "Towels and a robe are there.": ("Handtücher und Bademantel liegen bereit.",
                                     "Serviettes et peignoir sur place.",
                                     "Hay toallas y albornoz."),
    "The Magic Flute": ("Die Zauberflöte", "La Flûte enchantée", "La flauta mágica"),
    "Stalls, row 9. Tickets at the box office.": (
        "Parkett, Reihe 9. Karten an der Abendkasse.",
        "Parterre, rang 9. Billets au guichet.",
        "Platea, fila 9. Entradas en la taquilla.",
    ),
    "VAT 7 %": ("MwSt. 7 %", "TVA 7 %", "IVA 7 %"),
    "VAT 19 %": ("MwSt. 19 %", "TVA 19 %", "IVA 19 %"),
}  # fmt: skip
_CLOSING = {
    "Vielen Dank für Ihren Besuch.": {
        "en": "Thank you for staying with us.",
        "fr": "Merci de votre visite.",
        "es": "Gracias por su visita.",
    }
}


def write(session: Session, hotel: Hotel, *, by: Staff) -> None:
    """Write what guests read for the names of a house that speaks German and names in English."""
    said = {name: dict(zip(LANGUAGES, (name, *words), strict=True)) for name, words in _ALL.items()}
    translations.write(session, hotel, said | _CLOSING, by=by)
