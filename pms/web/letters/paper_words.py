"""The words of invoices, credit notes, receipts and pro formas, in every language of the house."""

from pms.hotel.house.letterheads import LANGUAGES

_ALL: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "invoice": ("Invoice", "Rechnung", "Facture", "Factura"),
    "credit_note": ("Credit note", "Rechnungskorrektur", "Avoir", "Factura rectificativa"),
    "receipt": ("Receipt", "Quittung", "Reçu", "Recibo"),
    "deposit_invoice": (
        "Deposit invoice",
        "Anzahlungsrechnung",
        "Facture d'acompte",
        "Factura de anticipo",
    ),
    "pro_forma": ("Pro forma", "Proforma-Rechnung", "Facture pro forma", "Factura proforma"),
    "copy": ("Copy", "Kopie", "Copie", "Copia"),
    "number": ("Number", "Nummer", "Numéro", "Número"),
    "date": ("Date", "Datum", "Date", "Fecha"),
    "booking": ("Booking", "Buchung", "Réservation", "Reserva"),
    "guest": ("Guest", "Gast", "Client", "Huésped"),
    "room": ("Room", "Zimmer", "Chambre", "Habitación"),
    "stay": ("Stay", "Aufenthalt", "Séjour", "Estancia"),
    "folio": ("Folio", "Gastkonto", "Compte", "Cuenta"),
    "your_reference": (
        "Your reference",
        "Ihre Referenz",
        "Votre référence",
        "Su referencia",
    ),
    "vat_number": ("VAT no.", "USt-IdNr.", "N° TVA", "NIF-IVA"),
    "day": ("Day", "Tag", "Jour", "Día"),
    "what": ("Description", "Leistung", "Prestation", "Concepto"),
    "quantity": ("Qty", "Menge", "Qté", "Cant."),
    "rate": ("VAT", "USt.", "TVA", "IVA"),
    "amount": ("Amount", "Betrag", "Montant", "Importe"),
    "net": ("Net", "Netto", "Net", "Base"),
    "tax": ("Tax", "Steuer", "Taxe", "Impuesto"),
    "gross": ("Gross", "Brutto", "Brut", "Total"),
    "outside_vat": (
        "outside VAT",
        "nicht umsatzsteuerbar",
        "hors TVA",
        "no sujeto a IVA",
    ),
    "total": ("Total", "Gesamtbetrag", "Total", "Total"),
    "total_credited": ("Credited", "Gutgeschrieben", "Montant de l'avoir", "Importe abonado"),
    "paid": ("Paid", "Bezahlt", "Payé", "Pagado"),
    "due": ("Due", "Zu zahlen", "Reste à payer", "Pendiente"),
    "in_favour": ("In your favour", "Zu Ihren Gunsten", "En votre faveur", "A su favor"),
    "all_paid": (
        "Paid in full. Thank you.",
        "Vollständig bezahlt. Vielen Dank.",
        "Intégralement payé. Merci.",
        "Pagado por completo. Gracias.",
    ),
    "please_pay": (
        "Please pay {amount} by {day}.",
        "Bitte zahlen Sie {amount} bis zum {day}.",
        "Merci de régler {amount} avant le {day}.",
        "Le rogamos que abone {amount} antes del {day}.",
    ),
    "credits": (
        "This corrects invoice {label} of {day}.",
        "Dies berichtigt die Rechnung {label} vom {day}.",
        "Cet avoir corrige la facture {label} du {day}.",
        "Rectifica la factura {label} del {day}.",
    ),
    "received": (
        "Received with thanks on {day}",
        "Dankend erhalten am {day}",
        "Reçu avec nos remerciements le {day}",
        "Recibido con agradecimiento el {day}",
    ),
    "for_deposit": (
        "Deposit for your stay. Tax is shown on the invoice of the stay, which takes it off.",
        "Anzahlung für Ihren Aufenthalt. Die Steuer steht auf dessen Rechnung, die sie abzieht.",
        "Acompte pour votre séjour. La taxe figure sur la facture du séjour, qui le déduit.",
        "Anticipo de su estancia. El impuesto figura en la factura de la estancia, que lo deduce.",
    ),
    "for_taxed_deposit": (
        "Deposit for your stay. The invoice of the stay takes it off, with its tax.",
        "Anzahlung für Ihren Aufenthalt. Dessen Rechnung setzt sie mit ihrer Steuer ab.",
        "Acompte pour votre séjour. La facture du séjour le déduit, avec sa taxe.",
        "Anticipo de su estancia. La factura de la estancia lo deduce, con su impuesto.",
    ),
    "above_price": (
        (
            "{amount} of it is above the price of the stay. It is held for you and isn't taxed, as "
            "it is for no service yet: it pays for what you add, or goes back to you."
        ),
        (
            "Davon liegen {amount} über dem Preis des Aufenthalts. Sie werden für Sie verwahrt und "
            "nicht besteuert, da ihnen noch keine Leistung gegenübersteht: Sie zahlen, was "
            "hinzukommt, oder gehen an Sie zurück."
        ),
        (
            "Dont {amount} au-delà du prix du séjour. Cette somme est conservée pour vous et n'est "
            "pas taxée, car elle ne correspond encore à aucune prestation : elle paiera vos "
            "suppléments ou vous sera rendue."
        ),
        (
            "De ello, {amount} superan el precio de la estancia. Se guardan para usted y no se "
            "gravan, pues aún no corresponden a ningún servicio: pagarán lo que añada o se le "
            "devolverán."
        ),
    ),
    "set_off": (
        "Less deposit invoices",
        "Abzüglich Anzahlungsrechnungen",
        "Moins les factures d'acompte",
        "Menos facturas de anticipo",
    ),
    "left": ("Remaining", "Restbetrag", "Solde", "Resto"),
    "of_day": ("{label} of {day}", "{label} vom {day}", "{label} du {day}", "{label} del {day}"),
    "no_invoice": (
        "This is no invoice and no demand for payment.",
        "Dies ist keine Rechnung und keine Zahlungsaufforderung.",
        "Ceci n'est ni une facture ni une demande de paiement.",
        "No es una factura ni una solicitud de pago.",
    ),
    "cash": ("Cash", "Bar", "Espèces", "Efectivo"),
    "transfer": ("Bank transfer", "Überweisung", "Virement", "Transferencia"),
    "refund": ("Refund", "Erstattung", "Remboursement", "Reembolso"),
    "deposit_applied": ("Deposit", "Anzahlung", "Acompte", "Anticipo"),
    "carried": (
        "Paid before, left of {label}",
        "Zuvor bezahlt, Rest aus {label}",
        "Payé auparavant, reste de {label}",
        "Pagado antes, resto de {label}",
    ),
    "direct_bill": ("On account", "Auf Rechnung", "En compte", "A cuenta"),
    "write_off": ("Written off", "Ausgebucht", "Passé en perte", "Cancelado"),
    "other_bill": ("Other bill", "Anderes Konto", "Autre compte", "Otra cuenta"),
    "mail_says": (
        "please find {what} {label} attached. Thank you for staying with us.",
        "anbei erhalten Sie {what} {label}. Vielen Dank für Ihren Aufenthalt.",
        "veuillez trouver ci-joint {what} {label}. Merci de votre séjour.",
        "adjuntamos {what} {label}. Gracias por su estancia.",
    ),
}
WORDS = {
    language: {key: words[place] for key, words in _ALL.items()}
    for place, language in enumerate(LANGUAGES)
}
