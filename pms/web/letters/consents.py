"""Consents: what a guest agrees to where a card is kept, in each language of the house."""

ROWS: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "consent": (
        (
            "Stripe keeps my card for {hotel}, booking {number}. Without my being there the hotel "
            "may charge it what is owed for this stay: the fee agreed for not arriving or "
            "cancelling late, and charges of the stay that weren't paid; and it may renew a hold "
            "until departure."
        ),
        (
            "Stripe bewahrt meine Karte für {hotel}, Buchung {number}, auf. Das Hotel darf sie "
            "ohne mein Beisein mit dem belasten, was für diesen Aufenthalt geschuldet ist: der "
            "vereinbarten Gebühr bei Nichtanreise oder später Stornierung und unbezahlten "
            "Leistungen; und es darf eine Reservierung auf ihr bis zur Abreise erneuern."
        ),
        (
            "Stripe conserve ma carte pour {hotel}, réservation {number}. En mon absence, l'hôtel "
            "peut y débiter ce qui est dû pour ce séjour : les frais convenus en cas de "
            "non-présentation ou d'annulation tardive et les prestations impayées ; et il peut "
            "renouveler un blocage jusqu'au départ."
        ),
        (
            "Stripe guarda mi tarjeta para {hotel}, reserva {number}. Sin mi presencia, el hotel "
            "puede cargar lo que se deba por esta estancia: la tarifa acordada por no presentarse "
            "o cancelar tarde y los cargos no pagados; y puede renovar una retención hasta la "
            "salida."
        ),
    ),
    "consent_rooms": (
        (
            "Stripe keeps my card for {hotel}, for all rooms of booking {number}. Without my being "
            "there the hotel may charge it what is owed for each of them: the fee agreed for not "
            "arriving or cancelling late, and charges of the stay that weren't paid; and it may "
            "renew a hold until departure."
        ),
        (
            "Stripe bewahrt meine Karte für {hotel} auf, für alle Zimmer der Buchung {number}. Das "
            "Hotel darf sie ohne mein Beisein mit dem belasten, was für jedes davon geschuldet "
            "ist: der vereinbarten Gebühr bei Nichtanreise oder später Stornierung und unbezahlten "
            "Leistungen; und es darf eine Reservierung auf ihr bis zur Abreise erneuern."
        ),
        (
            "Stripe conserve ma carte pour {hotel}, pour toutes les chambres de la réservation "
            "{number}. En mon absence, l'hôtel peut y débiter ce qui est dû pour chacune : les "
            "frais convenus en cas de non-présentation ou d'annulation tardive et les prestations "
            "impayées ; et il peut renouveler un blocage jusqu'au départ."
        ),
        (
            "Stripe guarda mi tarjeta para {hotel}, para todas las habitaciones de la reserva "
            "{number}. Sin mi presencia, el hotel puede cargar lo que se deba por cada una: la "
            "tarifa acordada por no presentarse o cancelar tarde y los cargos no pagados; y puede "
            "renovar una retención hasta la salida."
        ),
    ),
}
