"""The words of statements, reminders and commissions, in every language of the house."""

from pms.hotel.house.letterheads import LANGUAGES

_ALL: dict[str, tuple[str, str, str, str]] = {
    # English, German, French, Spanish
    "statement": (
        "Statement of account",
        "Kontoauszug",
        "Relevé de compte",
        "Estado de cuenta",
    ),
    "reminder": ("Payment reminder", "Zahlungserinnerung", "Rappel de paiement", "Recordatorio"),
    "account": ("Account", "Konto", "Compte", "Cuenta"),
    "as_of": ("As of", "Stand", "Au", "A fecha de"),
    "billed": ("Billed", "Rechnung vom", "Facturé le", "Facturado"),
    "due_on": ("Due", "Fällig", "Échéance", "Vence"),
    "what": ("Item", "Posten", "Écriture", "Concepto"),
    "days_over": ("Days over", "Tage fällig", "Retard (j)", "Días venc."),
    "open": ("Open", "Offen", "Solde", "Pendiente"),
    "bill": ("Folio {of}", "Gastkonto {of}", "Compte {of}", "Cuenta {of}"),
    "invoice_no": ("Invoice {of}", "Rechnung {of}", "Facture {of}", "Factura {of}"),
    "opening": ("Brought forward", "Vortrag", "Report", "Saldo anterior"),
    "payment": (
        "Payment, not allocated",
        "Zahlung, nicht zugeordnet",
        "Paiement, non imputé",
        "Pago, sin aplicar",
    ),
    "in_query": ("in query", "in Klärung", "contesté", "en disputa"),
    "ageing": (
        "By days since billing",
        "Nach Tagen seit Rechnung",
        "Par ancienneté, en jours",
        "Por antigüedad, en días",
    ),
    "disputed": ("In query", "In Klärung", "Contesté", "En disputa"),
    "unallocated": ("In your favour", "Zu Ihren Gunsten", "En votre faveur", "A su favor"),
    "balance": ("You owe", "Saldo", "Solde dû", "Saldo"),
    "in_favour": ("In your favour", "Zu Ihren Gunsten", "En votre faveur", "A su favor"),
    "overdue": ("Overdue", "Überfällig", "Échu", "Vencido"),
    "statement_says": (
        "this is what is open on your account. Please tell us if it isn't what you have.",
        "dies ist auf Ihrem Konto offen. Bitte sagen Sie uns, wenn es nicht stimmt.",
        "voici ce qui reste ouvert sur votre compte. Merci de nous signaler tout écart.",
        "esto es lo pendiente en su cuenta. Indíquenos, por favor, cualquier diferencia.",
    ),
    "reminder_says": (
        "these bills are past their day. Please pay them, or tell us what stands in the way.",
        "diese Rechnungen sind überfällig. Bitte zahlen Sie oder sagen Sie uns, woran es liegt.",
        "ces factures sont échues. Merci de les régler ou de nous dire ce qui s'y oppose.",
        "estas facturas han vencido. Le rogamos que las pague o nos diga qué lo impide.",
    ),
    "attached": (
        "please find the {what} of {day} attached.",
        "anbei erhalten Sie: {what} vom {day}.",
        "veuillez trouver ci-joint : {what} du {day}.",
        "adjuntamos: {what} de {day}.",
    ),
    "commission": ("Commission", "Provision", "Commission", "Comisión"),
    "period": ("Departures", "Abreisen", "Départs", "Salidas"),
    "paid_on": ("Paid on", "Bezahlt am", "Payée le", "Pagada el"),
    "reference": ("Reference", "Referenz", "Référence", "Referencia"),
    "number": ("Number", "Nummer", "Numéro", "Número"),
    "booking": ("Booking", "Buchung", "Réservation", "Reserva"),
    "guest": ("Guest", "Gast", "Client", "Huésped"),
    "stay": ("Stay", "Aufenthalt", "Séjour", "Estancia"),
    "revenue": ("Room revenue", "Logisumsatz", "Hébergement", "Alojamiento"),
    "rate": ("Rate", "Satz", "Taux", "Tasa"),
    "together": ("Together", "Zusammen", "Total", "Total"),
    "taken_back": ("Taken back", "Storniert", "Annulée", "Anulada"),
}
WORDS = {
    language: {key: words[place] for key, words in _ALL.items()}
    for place, language in enumerate(LANGUAGES)
}
