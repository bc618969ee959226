"""The team of the demo: one sign-in for each role, with a password of this installation's own."""

import os
import secrets
from pathlib import Path

from sqlalchemy.orm import Session

from pms.hotel.house import hiring, staff
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
TEAM = {
    Role.FRONT_DESK: "Mira Schneider",
    Role.RESERVATIONS: "Tomáš Novák",
    Role.NIGHT_AUDITOR: "Ruth Adeyemi",
    Role.HOUSEKEEPER: "Nadia Rahimi",
    Role.HOUSEKEEPING_MANAGER: "Björn Aalto",
    Role.CONCIERGE: "Étienne Marchand",
    Role.ENGINEER: "Lars Winkler",
    Role.ACCOUNTANT: "Giulia Marchetti",
    Role.MANAGER: "Yusuf Demir",
    Role.OWNER: "Helene Lantern",
}


def email(role: Role) -> str:
    """Return the address the demo's person of a role signs in with; `.example` is nobody's."""
    return f"{role.value.replace('_', '-')}@lantern.example"


def hire(session: Session, chain: Chain, hotels: list[Hotel], *, password: str) -> None:
    """Let one person of each role sign in to every hotel of the demo."""
    for role, name in TEAM.items():
        roles = dict.fromkeys(hotels, role)
        hiring.hire(session, chain, email=email(role), name=name, password=password, roles=roles)


def of(session: Session, role: Role) -> Staff:
    """Return the demo's person of a role."""
    person = staff.by_email(session, email(role))
    if person is None:
        raise LookupError(role)
    return person


def kept_password(file: Path) -> str:
    """Return this installation's demo password: made on first need, readable by us alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    fresh = "-".join(groups)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(f"{fresh}\n\nThe password of every sign-in of the demo:\n")
        out.writelines(f"{role.words:24}{email(role)}\n" for role in TEAM)
    return fresh
