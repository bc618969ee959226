"""The words of letters about shifts, in every language of the house."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ShiftWords:
    """One language: its phrases, its weekdays from Monday on, and how it writes a day."""

    subject: str
    all: str
    cancelled: str
    changed: str
    times: str
    weekdays: tuple[str, ...]
    in_figures: str

    def day(self, value: date) -> str:
        """Write a day: `Mo 23.11.2026`."""
        return f"{self.weekdays[value.weekday()]} {value.strftime(self.in_figures)}"


WORDS = {
    "en": ShiftWords(
        "your shifts", "Your shifts", "Cancelled", "Changed", "{since} to {until}",
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "%d %b %Y",
    ),
    "de": ShiftWords(
        "Ihre Schichten", "Ihre Schichten", "Abgesagt", "Geändert", "{since} bis {until}",
        ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), "%d.%m.%Y",
    ),
    "fr": ShiftWords(
        "vos services", "Vos services", "Annulé", "Modifié", "de {since} à {until}",
        ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."), "%d/%m/%Y",
    ),
    "es": ShiftWords(
        "sus turnos", "Sus turnos", "Cancelado", "Cambiado", "de {since} a {until}",
        ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"), "%d/%m/%Y",
    ),
}  # fmt: skip
