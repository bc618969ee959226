"""The words of booking several rooms at once, each in every language of the house."""

from pms.web.guest_pages.words import Said

ROWS: dict[str, Said] = {
    # English, German, French, Spanish
    "rooms_one": ("1 room", "1 Zimmer", "1 chambre", "1 habitación"),
    "rooms_many": ("{n} rooms", "{n} Zimmer", "{n} chambres", "{n} habitaciones"),
    "room_no": ("Room {n}", "Zimmer {n}", "Chambre {n}", "Habitación {n}"),
    "add_room": (
        "Add another room",
        "Weiteres Zimmer",
        "Ajouter une chambre",
        "Añadir otra habitación",
    ),
    "remove_room": (
        "Remove room {n}",
        "Zimmer {n} entfernen",
        "Retirer la chambre {n}",
        "Quitar la habitación {n}",
    ),
    "more_rooms": (
        "For more than {n} rooms please write to us.",
        "Für mehr als {n} Zimmer schreiben Sie uns bitte.",
        "Pour plus de {n} chambres, écrivez-nous.",
        "Para más de {n} habitaciones, escríbanos.",
    ),
    "find_rooms": (
        "Find rooms",
        "Zimmer suchen",
        "Chercher des chambres",
        "Buscar habitaciones",
    ),
    "choose_rooms": (
        "Choose your rooms",
        "Zimmer wählen",
        "Choisissez vos chambres",
        "Elija sus habitaciones",
    ),
    "chosen_later": (
        "you choose it next",
        "das wählen Sie danach",
        "à choisir ensuite",
        "se elige después",
    ),
    "choose_other": ("Choose another", "Anderes wählen", "En choisir une autre", "Elegir otra"),
    "chosen_so_far": (
        "{n} of {of} rooms chosen",
        "{n} von {of} Zimmern gewählt",
        "{n} chambre(s) choisie(s) sur {of}",
        "{n} de {of} habitaciones elegidas",
    ),
    "other_days_rooms": (
        "Look for other days or rooms",
        "Andere Tage oder Zimmer suchen",
        "Chercher d'autres dates ou chambres",
        "Buscar otras fechas o habitaciones",
    ),
    "other_rooms": (
        "Choose other rooms",
        "Andere Zimmer wählen",
        "Choisir d'autres chambres",
        "Elegir otras habitaciones",
    ),
    "none_for_all": (
        "There aren't enough rooms for all on these days",
        "An diesen Tagen sind nicht genug Zimmer für alle frei",
        "Il n'y a pas assez de chambres pour tous à ces dates",
        "No hay habitaciones suficientes para todos en esas fechas",
    ),
    "some_gone": (
        "One of these rooms has just gone. Please choose again; nothing was booked.",
        "Eines dieser Zimmer ist gerade weggegangen. Bitte wählen Sie neu; gebucht ist nichts.",
        "L'une de ces chambres vient de partir. Choisissez de nouveau ; rien n'a été réservé.",
        "Una de estas habitaciones acaba de ocuparse. Elija de nuevo; no se ha reservado nada.",
    ),
    "no_not_together": (
        "Here you book at most {most} rooms at once. Please write to us for more.",
        "Hier buchen Sie höchstens {most} Zimmer auf einmal. Für mehr schreiben Sie uns bitte.",
        "Ici, {most} chambres au plus à la fois. Écrivez-nous pour davantage.",
        "Aquí se reservan como máximo {most} habitaciones a la vez. Escríbanos para más.",
    ),
}
