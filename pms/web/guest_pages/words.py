"""The words of every guest's page, each in every language of the house."""

from collections.abc import Mapping

from pms.hotel.house.letterheads import LANGUAGES

Said = tuple[str, str, str, str]


def in_each_language(rows: Mapping[str, Said]) -> dict[str, dict[str, str]]:
    """Return phrases by language; each row has them in the order of the house's languages."""
    return {
        language: {key: said[place] for key, said in rows.items()}
        for place, language in enumerate(LANGUAGES)
    }


WORDS = in_each_language(
    {
        # English, German, French, Spanish
        "skip": ("Skip to the page", "Zum Inhalt", "Aller au contenu", "Ir al contenido"),
        "language": ("Language", "Sprache", "Langue", "Idioma"),
        "reception": (
            "Reception, day and night",
            "Rezeption, Tag und Nacht",
            "Réception, jour et nuit",
            "Recepción, día y noche",
        ),
        "nights_one": ("1 night", "1 Nacht", "1 nuit", "1 noche"),
        "nights_many": ("{n} nights", "{n} Nächte", "{n} nuits", "{n} noches"),
        "adults_one": ("1 adult", "1 Erwachsener", "1 adulte", "1 adulto"),
        "adults_many": ("{n} adults", "{n} Erwachsene", "{n} adultes", "{n} adultos"),
        "children_one": ("1 child", "1 Kind", "1 enfant", "1 niño"),
        "children_many": ("{n} children", "{n} Kinder", "{n} enfants", "{n} niños"),
        "to_my_stay": (
            "Go to my stay",
            "Zu meinem Aufenthalt",
            "Vers mon séjour",
            "Ir a mi estancia",
        ),
        "back": ("Back", "Zurück", "Retour", "Volver"),
        "optional": ("optional", "freiwillig", "facultatif", "opcional"),
        "check": ("Please check:", "Bitte prüfen:", "À vérifier :", "Revise:"),
        # what is refused, by the name of the refusal
        "no_other": (
            "That can't be done here. Please ask the reception.",
            "Das geht hier nicht. Bitte fragen Sie die Rezeption.",
            "Ce n'est pas possible ici. Adressez-vous à la réception.",
            "Eso no es posible aquí. Consulte en recepción.",
        ),
        "no_busy": (
            "Many people are here at this moment. Nothing was changed; please try again.",
            "Gerade ist viel los. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.",
            "Il y a beaucoup de monde en ce moment. Rien n'a été changé ; veuillez réessayer.",
            "Hay mucha actividad en este momento. No se ha cambiado nada; inténtelo de nuevo.",
        ),
        "no_stale": (
            "This changed meanwhile. Here is how it stands now; please look again.",
            "Das hat sich inzwischen geändert. So steht es jetzt; bitte sehen Sie noch einmal hin.",
            "Cela a changé entre-temps. Voici l'état actuel ; veuillez vérifier.",
            "Esto ha cambiado entretanto. Así está ahora; revíselo de nuevo.",
        ),
        "no_too_many_knocks": (
            "Too many tries. Please wait a quarter of an hour, or call us.",
            "Zu viele Versuche. Bitte warten Sie eine Viertelstunde oder rufen Sie uns an.",
            "Trop d'essais. Attendez un quart d'heure ou appelez-nous.",
            "Demasiados intentos. Espere un cuarto de hora o llámenos.",
        ),
        "no_looks_like_a_card_number": (
            "Please don't write a card's number here.",
            "Bitte schreiben Sie hier keine Kartennummer hin.",
            "N'écrivez pas de numéro de carte ici.",
            "No escriba aquí ningún número de tarjeta.",
        ),
        "missing": (
            "Please fill this in.",
            "Bitte ausfüllen.",
            "À remplir.",
            "Rellene este campo.",
        ),
        "no_day": (
            "This is no day. Write it like 2026-11-21.",
            "Das ist kein Datum. Schreiben Sie es wie 2026-11-21.",
            "Ce n'est pas une date. Écrivez par exemple 2026-11-21.",
            "No es una fecha. Escríbala así: 2026-11-21.",
        ),
        "no_hour": (
            "This is no time. Write it like 15:30.",
            "Das ist keine Uhrzeit. Schreiben Sie sie wie 15:30.",
            "Ce n'est pas une heure. Écrivez par exemple 15:30.",
            "No es una hora. Escríbala así: 15:30.",
        ),
        "too_long": (
            "At most {n} letters.",
            "Höchstens {n} Zeichen.",
            "{n} caractères au plus.",
            "Como máximo {n} caracteres.",
        ),
        # pages that end
        "gone_title": (
            "There is nothing here",
            "Hier ist nichts",
            "Il n'y a rien ici",
            "Aquí no hay nada",
        ),
        "gone_says": (
            (
                "The address is wrong, or what was here has ended. Open the link in our letter "
                "once more, or ask the hotel."
            ),
            (
                "Die Adresse stimmt nicht, oder was hier war, ist beendet. Öffnen Sie den Link in "
                "unserem Brief noch einmal, oder fragen Sie das Hotel."
            ),
            (
                "L'adresse est fausse, ou ce qui était ici est terminé. Rouvrez le lien de notre "
                "lettre ou adressez-vous à l'hôtel."
            ),
            (
                "La dirección no es correcta, o lo que había aquí ha terminado. Abra de nuevo el "
                "enlace de nuestra carta o consulte con el hotel."
            ),
        ),
        "wait_title": (
            "Please wait a little",
            "Bitte etwas Geduld",
            "Un instant",
            "Espere un poco",
        ),
        "old_title": (
            "This page stood open too long",
            "Diese Seite war zu lange offen",
            "Cette page est restée ouverte trop longtemps",
            "Esta página estuvo abierta demasiado tiempo",
        ),
        "old_says": (
            "Open it again and repeat the last step. Nothing was changed.",
            (
                "Öffnen Sie sie noch einmal und wiederholen Sie den letzten Schritt. Nichts wurde "
                "geändert."
            ),
            "Ouvrez-la de nouveau et répétez la dernière étape. Rien n'a été changé.",
            "Ábrala de nuevo y repita el último paso. No se ha cambiado nada.",
        ),
        "fault_title": (
            "Something went wrong with us",
            "Bei uns ist etwas schiefgegangen",
            "Une erreur s'est produite chez nous",
            "Algo ha fallado por nuestra parte",
        ),
        "fault_says": (
            "Nothing was changed. Please try again, or call us.",
            "Es wurde nichts geändert. Bitte versuchen Sie es noch einmal oder rufen Sie uns an.",
            "Rien n'a été changé. Réessayez ou appelez-nous.",
            "No se ha cambiado nada. Inténtelo de nuevo o llámenos.",
        ),
    }
)
