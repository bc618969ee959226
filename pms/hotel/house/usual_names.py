"""Usual names: what most houses sell and charge, and what the system names itself, by language."""

from pms.hotel.house.letterheads import LANGUAGES

# A line for each name, a column for each language; what guests ask for comes last.
_NAMES = """\
Accommodation | Übernachtung | Hébergement | Alojamiento
Breakfast | Frühstück | Petit déjeuner | Desayuno
Cancellation fee | Stornogebühr | Frais d'annulation | Gastos de cancelación
City tax | Übernachtungssteuer | Taxe de séjour | Tasa turística
Day use | Tageszimmer | Chambre de jour | Uso diurno
Deposit | Anzahlung | Acompte | Anticipo
Dinner | Abendessen | Dîner | Cena
Early arrival | Frühe Anreise | Arrivée anticipée | Llegada anticipada
Half board | Halbpension | Demi-pension | Media pensión
Late departure | Späte Abreise | Départ tardif | Salida tardía
Laundry | Wäscheservice | Blanchisserie | Lavandería
Lunch | Mittagessen | Déjeuner | Almuerzo
Minibar | Minibar | Minibar | Minibar
No-show fee | No-Show-Gebühr | Frais de non-présentation | Gastos por no presentarse
Parking | Parkplatz | Parking | Aparcamiento
Restaurant | Restaurant | Restaurant | Restaurante
Tip | Trinkgeld | Pourboire | Propina
Towels and linen | Handtücher und Bettwäsche | Serviettes et draps | Toallas y sábanas
Toiletries and amenities | Pflegeartikel | Produits d'accueil | Artículos de aseo
Make up the room | Zimmer herrichten | Faire la chambre | Hacer la habitación
Extra bed or cot | Zustell- oder Kinderbett | Lit d'appoint ou lit bébé | Cama supletoria o cuna
Something is broken | Etwas ist kaputt | Quelque chose est cassé | Algo está roto
Too warm or too cold | Zu warm oder zu kalt | Trop chaud ou trop froid | Demasiado calor o frío
Television or internet | Fernseher oder Internet | Télévision ou internet | Televisión o internet
Help with luggage | Hilfe mit dem Gepäck | Aide aux bagages | Ayuda con el equipaje
Taxi or transport | Taxi oder Fahrt | Taxi ou transport | Taxi o transporte
Food and drink to the room | Essen und Trinken aufs Zimmer | Repas et boissons en chambre | \
Comida y bebida en la habitación
Information | Auskunft | Renseignements | Información
Complaint: noise | Beschwerde: Lärm | Réclamation : bruit | Queja: ruido
Complaint: cleanliness | Beschwerde: Sauberkeit | Réclamation : propreté | Queja: limpieza
Complaint: service | Beschwerde: Service | Réclamation : service | Queja: servicio
Complaint: the bill | Beschwerde: Rechnung | Réclamation : facture | Queja: la factura
"""
_ROWS = [line.split(" | ") for line in _NAMES.splitlines()]
USUAL = {
    language: {names[0]: names[place] for names in _ROWS}
    for place, language in enumerate(LANGUAGES)
}
