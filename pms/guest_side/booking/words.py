"""The words of booking, each in every language of the house."""

from pms.guest_side.booking import words_of_rooms as of_rooms
from pms.web.guest_pages.words import in_each_language

WORDS = in_each_language(
    {
        **of_rooms.ROWS,
        # English, German, French, Spanish
        "book_title": ("Book a room", "Zimmer buchen", "Réserver", "Reservar"),
        "find": ("Find a room", "Zimmer suchen", "Chercher une chambre", "Buscar habitación"),
        "f_arrival": ("Arrival", "Anreise", "Arrivée", "Llegada"),
        "f_departure": ("Departure", "Abreise", "Départ", "Salida"),
        "f_adults": ("Adults", "Erwachsene", "Adultes", "Adultos"),
        "f_ages": ("Children's ages", "Alter der Kinder", "Âge des enfants", "Edad de los niños"),
        "ages_say": (
            "One number for each child, like 4, 9. Leave it empty without children.",
            "Eine Zahl je Kind, zum Beispiel 4, 9. Ohne Kinder bleibt es leer.",
            "Un nombre par enfant, par exemple 4, 9. Laissez vide sans enfants.",
            "Un número por niño, por ejemplo 4, 9. Déjelo vacío si no hay niños.",
        ),
        "f_given_name": ("First name", "Vorname", "Prénom", "Nombre"),
        "f_surname": ("Surname", "Nachname", "Nom", "Apellidos"),
        "f_email": ("E-mail", "E-Mail", "E-mail", "Correo electrónico"),
        "email_says": (
            "The confirmation goes there.",
            "Dorthin geht die Bestätigung.",
            "La confirmation y sera envoyée.",
            "Allí enviamos la confirmación.",
        ),
        "f_phone": ("Telephone", "Telefon", "Téléphone", "Teléfono"),
        "f_eta": (
            "Time of arrival",
            "Ankunftszeit",
            "Heure d'arrivée",
            "Hora de llegada",
        ),
        "f_words": ("Wishes", "Wünsche", "Souhaits", "Deseos"),
        "f_agrees": (
            "I accept what is agreed above.",
            "Ich bin mit dem oben Vereinbarten einverstanden.",
            "J'accepte les conditions ci-dessus.",
            "Acepto las condiciones anteriores.",
        ),
        "past": (
            "This day is past.",
            "Dieser Tag ist vorbei.",
            "Ce jour est passé.",
            "Ese día ya pasó.",
        ),
        "after": (
            "The departure is after the arrival.",
            "Die Abreise liegt nach der Anreise.",
            "Le départ est après l'arrivée.",
            "La salida es posterior a la llegada.",
        ),
        "long": (
            "At most {n} nights here; for more, please call us.",
            "Hier höchstens {n} Nächte; für mehr rufen Sie uns bitte an.",
            "{n} nuits au plus ici ; au-delà, appelez-nous.",
            "Como máximo {n} noches aquí; para más, llámenos.",
        ),
        "no_ages": (
            "Write the ages in figures, like 4, 9: none is over 17.",
            "Schreiben Sie das Alter in Ziffern, wie 4, 9: keins über 17.",
            "Écrivez les âges en chiffres : 4, 9 ; aucun au-dessus de 17.",
            "Escriba las edades en cifras: 4, 9; ninguna mayor de 17.",
        ),
        "no_mail": (
            "This is no e-mail address.",
            "Das ist keine E-Mail-Adresse.",
            "Ce n'est pas une adresse e-mail.",
            "No es una dirección de correo.",
        ),
        "sleeps": (
            "for up to {n}",
            "für bis zu {n}",
            "jusqu'à {n} personnes",
            "hasta {n} personas",
        ),
        "left_one": ("The last one", "Das letzte", "La dernière", "La última"),
        "left_many": ("Only {n} left", "Nur noch {n}", "Plus que {n}", "Solo quedan {n}"),
        "choose": ("Choose", "Wählen", "Choisir", "Elegir"),
        "plan_says": (
            "What {plan} means",
            "Was {plan} bedeutet",
            "Ce que {plan} comprend",
            "Qué significa {plan}",
        ),
        "with_taxes": (
            "all taxes included",
            "alle Steuern inbegriffen",
            "toutes taxes comprises",
            "impuestos incluidos",
        ),
        "a_night": (
            "{money} a night",
            "{money} pro Nacht",
            "{money} par nuit",
            "{money} por noche",
        ),
        "none_title": (
            "Nothing is free on these days",
            "An diesen Tagen ist nichts frei",
            "Rien n'est libre à ces dates",
            "No hay nada libre en esas fechas",
        ),
        "none_says": (
            "On these days there is:",
            "An diesen Tagen gibt es etwas:",
            "Il y a de la place à ces dates :",
            "Hay sitio en estas fechas:",
        ),
        "none_near": (
            "Nothing is free two weeks before or after, either. Please call us.",
            "Auch zwei Wochen davor und danach ist nichts frei. Bitte rufen Sie uns an.",
            "Rien n'est libre non plus deux semaines avant ou après. Appelez-nous.",
            "Tampoco hay nada libre dos semanas antes o después. Llámenos.",
        ),
        "from": ("from {money}", "ab {money}", "à partir de {money}", "desde {money}"),
        "other_days": (
            "Look for other days",
            "Andere Tage suchen",
            "Chercher d'autres dates",
            "Buscar otras fechas",
        ),
        "other_room": (
            "Choose another room",
            "Anderes Zimmer wählen",
            "Choisir une autre chambre",
            "Elegir otra habitación",
        ),
        "who": ("Who is coming?", "Wer kommt?", "Qui vient ?", "¿Quién viene?"),
        "go_on": ("Continue", "Weiter", "Continuer", "Continuar"),
        "review": (
            "Is everything right?",
            "Stimmt alles?",
            "Tout est correct ?",
            "¿Todo correcto?",
        ),
        "agreed": ("What is agreed", "Was vereinbart ist", "Ce qui est convenu", "Lo acordado"),
        "rules": ("House rules", "Hausordnung", "Règlement intérieur", "Normas de la casa"),
        "kept": (
            "The hotel keeps this for your stay, and for as long as the law asks for it.",
            (
                "Das Hotel speichert Ihre Angaben für Ihren Aufenthalt, und solange das Gesetz es "
                "verlangt."
            ),
            (
                "L'hôtel conserve ces données pour votre séjour, et aussi longtemps que la loi "
                "l'exige."
            ),
            ("El hotel guarda estos datos para su estancia y el tiempo que exija la ley."),
        ),
        "book": (
            "Book with obligation to pay",
            "Zahlungspflichtig buchen",
            "Réserver avec obligation de paiement",
            "Reservar con obligación de pago",
        ),
        "change_details": ("Change something", "Etwas ändern", "Modifier", "Cambiar algo"),
        "each_night": ("Each night", "Preis je Nacht", "Chaque nuit", "Cada noche"),
        "nothing_now": (
            "Nothing is paid now.",
            "Jetzt ist nichts zu zahlen.",
            "Rien à payer maintenant.",
            "No se paga nada ahora.",
        ),
        "price_changed": (
            "The price has changed: it is {money} now. Book again if that suits you.",
            "Der Preis ist jetzt ein anderer: {money}. Buchen Sie noch einmal, wenn es passt.",
            (
                "Le prix a changé : il est maintenant de {money}. Réservez de nouveau s'il vous "
                "convient."
            ),
            "El precio ha cambiado: ahora es {money}. Reserve de nuevo si le conviene.",
        ),
        "just_gone": (
            "That room has just gone. This is still free:",
            "Dieses Zimmer ist gerade weggegangen. Das ist noch frei:",
            "Cette chambre vient de partir. Voici ce qui reste :",
            "Esa habitación acaba de ocuparse. Esto sigue libre:",
        ),
        "no_web_closed": (
            "This hotel takes no bookings on the web now. Please call.",
            "Dieses Hotel nimmt zurzeit keine Buchungen im Internet an. Bitte rufen Sie an.",
            "Cet hôtel ne prend pas de réservations en ligne actuellement. Veuillez appeler.",
            "Este hotel no admite reservas en línea por ahora. Llame, por favor.",
        ),
        "no_not_sold_now": (
            "That room isn't free at that rate any more.",
            "Dieses Zimmer ist zu diesem Tarif nicht mehr frei.",
            "Cette chambre n'est plus libre à ce tarif.",
            "Esa habitación ya no está libre a esa tarifa.",
        ),
        "no_terms_not_accepted": (
            "Please accept what is agreed.",
            "Bitte stimmen Sie dem Vereinbarten zu.",
            "Veuillez accepter les conditions.",
            "Acepte las condiciones.",
        ),
        "no_beyond_horizon": (
            "These days aren't open for booking yet.",
            "Diese Tage sind noch nicht buchbar.",
            "Ces dates ne sont pas encore ouvertes.",
            "Esas fechas aún no están abiertas.",
        ),
        "no_sent_with_other_words": (
            "This page was sent before, and booked. Look into your mail before you book again.",
            "Diese Seite wurde schon abgeschickt und gebucht. Sehen Sie zuerst in Ihre E-Mails.",
            "Cette page a déjà été envoyée et réservée. Consultez vos e-mails avant de réserver.",
            "Esta página ya se envió y se reservó. Mire su correo antes de reservar otra vez.",
        ),
    }
)
