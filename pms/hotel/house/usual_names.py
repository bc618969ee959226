"""Usual names: what most houses sell and charge, and what the system names itself, by language."""

from pms.hotel.house.letterheads import LANGUAGES

_ALL: tuple[tuple[str, str, str, str], ...] = (
    # English, German, French, Spanish
    ("Accommodation", "Übernachtung", "Hébergement", "Alojamiento"),
    ("Breakfast", "Frühstück", "Petit déjeuner", "Desayuno"),
    ("Cancellation fee", "Stornogebühr", "Frais d'annulation", "Gastos de cancelación"),
    ("City tax", "Übernachtungssteuer", "Taxe de séjour", "Tasa turística"),
    ("Day use", "Tageszimmer", "Chambre de jour", "Uso diurno"),
    ("Deposit", "Anzahlung", "Acompte", "Anticipo"),
    ("Dinner", "Abendessen", "Dîner", "Cena"),
    ("Early arrival", "Frühe Anreise", "Arrivée anticipée", "Llegada anticipada"),
    ("Half board", "Halbpension", "Demi-pension", "Media pensión"),
    ("Late departure", "Späte Abreise", "Départ tardif", "Salida tardía"),
    ("Laundry", "Wäscheservice", "Blanchisserie", "Lavandería"),
    ("Lunch", "Mittagessen", "Déjeuner", "Almuerzo"),
    ("Minibar", "Minibar", "Minibar", "Minibar"),
    ("No-show fee", "No-Show-Gebühr", "Frais de non-présentation", "Gastos por no presentarse"),
    ("Parking", "Parkplatz", "Parking", "Aparcamiento"),
    ("Restaurant", "Restaurant", "Restaurant", "Restaurante"),
    ("Tip", "Trinkgeld", "Pourboire", "Propina"),
)
USUAL = {
    language: {names[0]: names[place] for names in _ALL} for place, language in enumerate(LANGUAGES)
}
