"""The words of the letters and of the registration card, each in every language of the house."""

from pms.hotel.house.letterheads import LANGUAGES

_ALL: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "dear": ("Dear {name},", "Guten Tag {name},", "Bonjour {name},", "Estimado/a {name}:"),
    "confirmation": (
        "Your booking {number} is confirmed",
        "Ihre Buchung {number} ist bestätigt",
        "Votre réservation {number} est confirmée",
        "Su reserva {number} está confirmada",
    ),
    "before_arrival": (
        "Your arrival, booking {number}",
        "Ihre Anreise, Buchung {number}",
        "Votre arrivée, réservation {number}",
        "Su llegada, reserva {number}",
    ),
    "before_arrival_says": (
        "soon you will be our guest. This is what you should know before you come.",
        "bald sind Sie unser Gast. Das sollten Sie vor Ihrer Anreise wissen.",
        "vous serez bientôt chez nous. Voici l'essentiel avant votre arrivée.",
        "pronto será nuestro huésped. Esto es lo que conviene saber antes de llegar.",
    ),
    "before_arrival_link": (
        "Tell us when you come, and save time at the desk (guests, signature, wishes):",
        (
            "Sagen Sie uns, wann Sie kommen, und sparen Sie Zeit an der Rezeption (Reisende, "
            "Unterschrift, Wünsche):"
        ),
        (
            "Dites-nous quand vous arrivez et gagnez du temps à la réception (voyageurs, "
            "signature, souhaits) :"
        ),
        ("Díganos cuándo llega y ahorre tiempo en recepción (viajeros, firma, deseos):"),
    ),
    "change": (
        "Your booking {number} has changed",
        "Ihre Buchung {number} wurde geändert",
        "Votre réservation {number} a été modifiée",
        "Su reserva {number} ha sido modificada",
    ),
    "cancellation": (
        "Your booking {number} is cancelled",
        "Ihre Buchung {number} ist storniert",
        "Votre réservation {number} est annulée",
        "Su reserva {number} está cancelada",
    ),
    "room_ready": (
        "Your room is ready",
        "Ihr Zimmer ist bereit",
        "Votre chambre est prête",
        "Su habitación está lista",
    ),
    "room_ready_says": (
        "your room is ready. Please come to the front desk for your key.",
        "Ihr Zimmer ist bereit. Bitte holen Sie Ihren Schlüssel am Empfang ab.",
        "votre chambre est prête. Votre clé vous attend à la réception.",
        "su habitación está lista. Le esperamos en recepción con su llave.",
    ),
    "your_bill": (
        "Your bill, folio {number}",
        "Ihre Rechnungsübersicht, Folio {number}",
        "Votre note, folio {number}",
        "Su cuenta, folio {number}",
    ),
    "your_bill_says": (
        "thank you for your stay. This is your bill; you are checked out.",
        "vielen Dank für Ihren Aufenthalt. Dies ist Ihre Abrechnung; Sie sind ausgecheckt.",
        "merci de votre séjour. Voici votre note ; votre départ est enregistré.",
        "gracias por su estancia. Esta es su cuenta; su salida está registrada.",
    ),
    "balance": ("Balance", "Saldo", "Solde", "Saldo"),
    "confirmation_says": (
        "thank you for your booking. This is what we have promised you.",
        "vielen Dank für Ihre Buchung. Das haben wir Ihnen zugesagt.",
        "merci de votre réservation. Voici ce que nous vous avons promis.",
        "gracias por su reserva. Esto es lo que le hemos prometido.",
    ),
    "change_says": (
        "your booking has changed. It now stands as follows; earlier letters no longer hold.",
        (
            "Ihre Buchung wurde geändert. Sie lautet nun wie folgt; frühere Schreiben gelten "
            "nicht mehr."
        ),
        (
            "votre réservation a été modifiée. Voici son état actuel ; les lettres précédentes ne "
            "sont plus valables."
        ),
        "su reserva ha cambiado. Queda como sigue; las cartas anteriores ya no son válidas.",
    ),
    "cancellation_says": (
        "your booking is cancelled. Your cancellation number is {cancel_number}.",
        "Ihre Buchung ist storniert. Ihre Stornonummer lautet {cancel_number}.",
        "votre réservation est annulée. Votre numéro d'annulation est {cancel_number}.",
        "su reserva está cancelada. Su número de cancelación es {cancel_number}.",
    ),
    "cancellation_rooms_says": (
        "the rooms below are cancelled. Each has a cancellation number of its own.",
        "die folgenden Zimmer sind storniert. Jedes hat eine eigene Stornonummer.",
        "les chambres ci-dessous sont annulées. Chacune a son propre numéro d'annulation.",
        "las habitaciones siguientes están canceladas. Cada una tiene su número de cancelación.",
    ),
    "cancel_number": (
        "Cancellation number",
        "Stornonummer",
        "Numéro d'annulation",
        "Número de cancelación",
    ),
    "unpaid_says": (
        (
            "It was to be paid, or a card given, when it was booked, and that didn't happen in "
            "time. Nothing was charged. You are welcome to book again."
        ),
        (
            "Sie sollte bei der Buchung bezahlt oder mit einer Karte gesichert werden; das ist "
            "nicht rechtzeitig geschehen. Es wurde nichts abgebucht. Buchen Sie gern noch einmal."
        ),
        (
            "Elle devait être réglée, ou garantie par une carte, lors de la réservation, ce qui "
            "n'a pas été fait à temps. Rien n'a été débité. Vous pouvez réserver à nouveau."
        ),
        (
            "Debía pagarse, o garantizarse con una tarjeta, al reservar, y no se hizo a tiempo. "
            "No se ha cobrado nada. Puede reservar de nuevo."
        ),
    ),
    "pays_now": (
        "Please pay {amount} online by {hour} on {day}. If that isn't done, the booking is let go.",
        ("Bitte zahlen Sie {amount} online bis {hour} Uhr am {day}. Sonst verfällt die Buchung."),
        (
            "Merci de régler {amount} en ligne avant {hour} le {day}. Sinon la réservation est "
            "annulée."
        ),
        "Pague {amount} en línea antes de las {hour} del {day}. Si no, la reserva se anula.",
    ),
    "both_now": (
        (
            "Please pay {amount} and give a card online by {hour} on {day}. If that isn't done, "
            "the booking is let go."
        ),
        (
            "Bitte zahlen Sie {amount} und hinterlegen Sie eine Karte online bis {hour} Uhr am "
            "{day}. Sonst verfällt die Buchung."
        ),
        (
            "Merci de régler {amount} et d'enregistrer une carte en ligne avant {hour} le {day}. "
            "Sinon la réservation est annulée."
        ),
        (
            "Pague {amount} y deje una tarjeta en línea antes de las {hour} del {day}. Si no, la "
            "reserva se anula."
        ),
    ),
    "card_now": (
        "Please give a card online by {hour} on {day}. If that isn't done, the booking is let go.",
        (
            "Bitte hinterlegen Sie online eine Karte bis {hour} Uhr am {day}. Sonst verfällt die "
            "Buchung."
        ),
        (
            "Merci d'enregistrer une carte en ligne avant {hour} le {day}. Sinon la réservation "
            "est annulée."
        ),
        "Deje una tarjeta en línea antes de las {hour} del {day}. Si no, la reserva se anula.",
    ),
    "booking": ("Booking", "Buchung", "Réservation", "Reserva"),
    "guest": ("Guest", "Gast", "Client", "Huésped"),
    "company": ("Company", "Firma", "Société", "Empresa"),
    "arrival": ("Arrival", "Anreise", "Arrivée", "Llegada"),
    "departure": ("Departure", "Abreise", "Départ", "Salida"),
    "from_hour": ("from {hour}", "ab {hour}", "à partir de {hour}", "desde las {hour}"),
    "until_hour": ("until {hour}", "bis {hour}", "jusqu'à {hour}", "hasta las {hour}"),
    "day_use": ("Day use", "Tagesnutzung", "Usage en journée", "Uso diurno"),
    "room": ("Room", "Zimmer", "Chambre", "Habitación"),
    "rate": ("Rate", "Tarif", "Tarif", "Tarifa"),
    "adults": ("Adults", "Erwachsene", "Adultes", "Adultos"),
    "children": ("Children", "Kinder", "Enfants", "Niños"),
    "night": ("Night", "Nacht", "Nuit", "Noche"),
    "nights": ("Nights", "Nächte", "Nuits", "Noches"),
    "price": ("Price", "Preis", "Prix", "Precio"),
    "total": (
        "Total, taxes included",
        "Gesamtpreis inkl. Steuern",
        "Total, taxes comprises",
        "Total, impuestos incluidos",
    ),
    "included": ("included", "inbegriffen", "inclus", "incluido"),
    "added": (
        "in the nights above",
        "in den Nächten oben",
        "dans les nuits ci-dessus",
        "en las noches de arriba",
    ),
    "of_it": ("of it", "davon", "dont", "de ello"),
    "paid": ("Paid in advance", "Bereits bezahlt", "Déjà payé", "Pagado por adelantado"),
    "to_pay": ("Still to pay", "Noch zu zahlen", "Reste à payer", "Pendiente de pago"),
    "guarantee": ("Guarantee", "Garantie", "Garantie", "Garantía"),
    "guarantee_none": (
        "None. We hold the room until {hour} on the day of arrival.",
        "Keine. Wir halten das Zimmer am Anreisetag bis {hour}.",
        "Aucune. Nous gardons la chambre jusqu'à {hour} le jour de l'arrivée.",
        "Ninguna. Mantenemos la habitación hasta las {hour} del día de llegada.",
    ),
    "guarantee_none_late": (
        "None. We hold the room all night.",
        "Keine. Wir halten das Zimmer die ganze Nacht.",
        "Aucune. Nous gardons la chambre toute la nuit.",
        "Ninguna. Mantenemos la habitación toda la noche.",
    ),
    "guarantee_card": (
        "By card: the room is held all night.",
        "Durch Karte: Das Zimmer wird die ganze Nacht gehalten.",
        "Par carte : la chambre est gardée toute la nuit.",
        "Con tarjeta: la habitación se mantiene toda la noche.",
    ),
    "guarantee_deposit": (
        "By deposit: the room is held all night.",
        "Durch Anzahlung: Das Zimmer wird die ganze Nacht gehalten.",
        "Par acompte : la chambre est gardée toute la nuit.",
        "Con depósito: la habitación se mantiene toda la noche.",
    ),
    "guarantee_company": (
        "By your company: the room is held all night.",
        "Durch Ihre Firma: Das Zimmer wird die ganze Nacht gehalten.",
        "Par votre société : la chambre est gardée toute la nuit.",
        "Por su empresa: la habitación se mantiene toda la noche.",
    ),
    "cancelling": (
        "If your plans change, please tell us and name the booking number.",
        (
            "Wenn sich Ihre Pläne ändern, sagen Sie uns bitte Bescheid und nennen Sie die "
            "Buchungsnummer."
        ),
        "Si vos projets changent, prévenez-nous en indiquant le numéro de réservation.",
        "Si cambian sus planes, avísenos indicando el número de reserva.",
    ),
    "terms": (
        "What was agreed",
        "Was vereinbart ist",
        "Ce qui est convenu",
        "Lo acordado",
    ),
    "terms_free": (
        "Cancelling is free of charge.",
        "Die Stornierung ist kostenfrei.",
        "L'annulation est gratuite.",
        "La cancelación es gratuita.",
    ),
    "terms_free_until": (
        "Cancelling is free of charge until {day}, {hour} (local time of the hotel).",
        "Kostenfrei stornierbar bis {day}, {hour} Uhr (Ortszeit des Hotels).",
        "Annulation gratuite jusqu'au {day}, {hour} (heure locale de l'hôtel).",
        "Cancelación gratuita hasta el {day}, {hour} (hora local del hotel).",
    ),
    "terms_after": (
        "After that we charge {what}.",
        "Danach berechnen wir {what}.",
        "Passé ce délai, nous facturons {what}.",
        "Después cobramos {what}.",
    ),
    "terms_always": (
        "If you cancel we charge {what}.",
        "Bei Stornierung berechnen wir {what}.",
        "En cas d'annulation, nous facturons {what}.",
        "En caso de cancelación cobramos {what}.",
    ),
    "terms_no_longer": (
        "It can no longer be cancelled free of charge: if you cancel we charge {what}.",
        "Nicht mehr kostenfrei stornierbar: Bei Stornierung berechnen wir {what}.",
        "L'annulation n'est plus gratuite : en cas d'annulation, nous facturons {what}.",
        "Ya no se puede cancelar gratis: en caso de cancelación cobramos {what}.",
    ),
    "terms_kept_until": (
        "We keep the room until {hour} on the day of arrival. Not arriving costs nothing.",
        "Wir halten das Zimmer am Anreisetag bis {hour} Uhr. Nichtanreise kostet nichts.",
        "Nous gardons la chambre jusqu'à {hour} le jour de l'arrivée. Ne pas venir est gratuit.",
        "Mantenemos la habitación hasta las {hour} del día de llegada. No venir no cuesta nada.",
    ),
    "terms_kept_all_night": (
        "We keep the room all night. Not arriving costs nothing.",
        "Wir halten das Zimmer die ganze Nacht. Nichtanreise kostet nichts.",
        "Nous gardons la chambre toute la nuit. Ne pas venir est gratuit.",
        "Mantenemos la habitación toda la noche. No venir no cuesta nada.",
    ),
    "terms_once_paid": (
        "Once the deposit is paid we keep the room all night, and this is agreed:",
        "Ist die Anzahlung bezahlt, halten wir das Zimmer die ganze Nacht, und es gilt:",
        "Une fois l'acompte payé, la chambre est gardée toute la nuit et il est convenu :",
        "Una vez pagado el depósito, mantenemos la habitación toda la noche y se acuerda:",
    ),
    "terms_no_show": (
        "If you don't arrive we charge {what}.",
        "Bei Nichtanreise berechnen wir {what}.",
        "En cas de non-présentation, nous facturons {what}.",
        "Si no se presenta, cobramos {what}.",
    ),
    "terms_deposit_now": (
        "As a deposit we ask for {what} at booking.",
        "Als Anzahlung erbitten wir {what} bei der Buchung.",
        "Nous demandons en acompte {what} à la réservation.",
        "Pedimos como depósito {what} al reservar.",
    ),
    "terms_deposit_by": (
        "As a deposit we ask for {what} by {day}.",
        "Als Anzahlung erbitten wir {what} bis {day}.",
        "Nous demandons en acompte {what} avant le {day}.",
        "Pedimos como depósito {what} hasta el {day}.",
    ),
    "terms_night": ("the first night", "die erste Nacht", "la première nuit", "la primera noche"),
    "terms_nights": (
        "the first {n} nights",
        "die ersten {n} Nächte",
        "les {n} premières nuits",
        "las {n} primeras noches",
    ),
    "terms_all": (
        "the whole stay",
        "den gesamten Aufenthalt",
        "la totalité du séjour",
        "toda la estancia",
    ),
    "terms_percent": (
        "{n} % of the stay",
        "{n} % des Aufenthalts",
        "{n} % du séjour",
        "el {n} % de la estancia",
    ),
    "stay_title": (
        "Your stay, booking {number}",
        "Ihr Aufenthalt, Buchung {number}",
        "Votre séjour, réservation {number}",
        "Su estancia, reserva {number}",
    ),
    "link_booking": (
        "Your booking's own page (each room's arrival, guests, wishes, bill):",
        "Die Seite Ihrer Buchung (Ankunft, Reisende, Wünsche, Rechnung jedes Zimmers):",
        "La page de votre réservation (arrivée, voyageurs, souhaits, facture par chambre) :",
        "La página de su reserva (llegada, viajeros, deseos, cuenta de cada habitación):",
    ),
    "link_stay": (
        "Your stay's own page (arrival, guests, wishes, bill):",
        "Die Seite Ihres Aufenthalts (Ankunft, Reisende, Wünsche, Rechnung):",
        "La page de votre séjour (arrivée, voyageurs, souhaits, facture) :",
        "La página de su estancia (llegada, viajeros, deseos, cuenta):",
    ),
    "welcome": (
        "We look forward to your stay.",
        "Wir freuen uns auf Ihren Aufenthalt.",
        "Nous nous réjouissons de vous accueillir.",
        "Esperamos darle la bienvenida.",
    ),
    "goodbye": (
        "We hope to welcome you another time.",
        "Wir hoffen, Sie ein andermal zu begrüßen.",
        "Nous espérons vous accueillir une autre fois.",
        "Esperamos recibirle en otra ocasión.",
    ),
    "phone": ("Telephone", "Telefon", "Téléphone", "Teléfono"),
    # the registration card
    "card": ("Registration card", "Meldeschein", "Fiche d'enregistrement", "Parte de entrada"),
    "surname": ("Surname", "Familienname", "Nom", "Apellidos"),
    "given_name": ("Given names", "Vornamen", "Prénoms", "Nombre"),
    "born": ("Born", "Geboren", "Né(e) le", "Nacimiento"),
    "nationality": ("Nationality", "Staatsangehörigkeit", "Nationalité", "Nacionalidad"),
    "document": ("Document", "Ausweis", "Document", "Documento"),
    "party": ("Party", "Reisende", "Voyageurs", "Viajeros"),
    "rules": ("House rules", "Hausordnung", "Règlement intérieur", "Normas de la casa"),
    "signed_on": ("Date", "Datum", "Date", "Fecha"),
    "signature": (
        "Signature of the guest",
        "Unterschrift des Gastes",
        "Signature du client",
        "Firma del huésped",
    ),
    "correct": (
        "I confirm that what stands here is correct, and I accept the house rules.",
        "Ich bestätige die Richtigkeit der Angaben und erkenne die Hausordnung an.",
        "Je confirme l'exactitude de ces indications et j'accepte le règlement intérieur.",
        "Confirmo que los datos son correctos y acepto las normas de la casa.",
    ),
}

WORDS: dict[str, dict[str, str]] = {
    language: {key: words[place] for key, words in _ALL.items()}
    for place, language in enumerate(LANGUAGES)
}
