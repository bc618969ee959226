"""The look: theme and density, kept in a cookie so that the first byte is right."""

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

COOKIE = "look"
THEMES = {"system": "device-desktop", "light": "sun", "dark": "moon"}
DENSITIES = {"desk": "layout-list", "compact": "baseline-density-small", "touch": "hand-finger"}


def theme() -> str:
    """Return the chosen theme; the device decides until one is chosen."""
    return _chosen(0, THEMES, "system")


def density() -> str:
    """Return the chosen density of rows and controls."""
    return _chosen(1, DENSITIES, "desk")


def letter_keys() -> bool:
    """Tell whether single letters are keys for the person on duty."""
    return not current_user.is_authenticated or bool(current_user.person.letter_keys)


def keep(response: Response, *, theme: str, density: str) -> None:
    """Remember a choice for a year; it is no secret, so a script may read it."""
    response.set_cookie(
        COOKIE,
        f"{theme}.{density}",
        max_age=31_536_000,
        secure=request.is_secure,
        samesite="Lax",
    )


def _chosen(place: int, known: dict[str, str], otherwise: str) -> str:
    parts = request.cookies.get(COOKIE, "").split(".")
    return parts[place] if len(parts) == 2 and parts[place] in known else otherwise
