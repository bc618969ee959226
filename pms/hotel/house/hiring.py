"""Hiring: letting people sign in, giving them roles, and ending both at once everywhere."""

from typing import Any

from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook, signins, staff
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Permission, Role, Staff, StaffRole


class EmailTaken(Refusal):
    def __init__(self, email: str) -> None:
        super().__init__(f"{email} signs in already. Use another address.", field="email")


def hire(
    session: Session,
    chain: Chain,
    *,
    email: str,
    name: str,
    password: str | None,
    roles: dict[Hotel, Role],
    by: Staff | None = None,
) -> Staff:
    """Let a person sign in to hotels of the chain; without a password nobody can be them.

    Refuses an address in use and a password anyone would guess. Nobody in `by` means the command
    line, where the first manager is hired: the house itself signs the logbook.
    """
    _require(by, roles)
    email = email.strip().lower()
    if "@" not in email or len(email) > 254:
        raise Invalid("That is no e-mail address.", field="email")
    if staff.by_email(session, email) is not None:
        raise EmailTaken(email)
    person = Staff(
        chain_id=chain.id,
        id=new_id(),
        email=email,
        name=name,
        password_hash=staff.hash_password(password) if password is not None else None,
    )
    session.add(person)
    session.flush()
    for hotel, role in roles.items():
        give_role(session, person, hotel=hotel, role=role, by=by)
    return person


def give_role(
    session: Session, person: Staff, *, hotel: Hotel, role: Role, by: Staff | None = None
) -> None:
    """Make a person something in a hotel of the chain, instead of what they were there."""
    _require(by, [hotel])
    key = {"chain_id": person.chain_id, "hotel_id": hotel.id, "staff_id": person.id}
    row = session.get(StaffRole, key)
    before = None if row is None else row.role.value
    if row is None:
        session.add(StaffRole(**key, role=role))
    else:
        row.role = role
    session.flush()
    session.refresh(person, ["roles"])
    _record(session, "gave a role", person, hotel, by, before={"role": before}, role=role.value)


def set_password(
    session: Session, person: Staff, *, password: str, by: Staff | None = None
) -> None:
    """Change a password; every sign-in of the person ends, since somebody may have known the old.

    A person may change their own; another's needs the permission.
    """
    if by is not None and by.id != person.id:
        _require(by, _hotels(session, person))
    person.password_hash = staff.hash_password(password)
    session.flush()
    signins.close_all(session, person)
    for hotel in _hotels(session, person):
        _record(session, "changed password", person, hotel, by)


def disable(session: Session, person: Staff, *, by: Staff | None = None) -> None:
    """Let a person in nowhere any more, at once; their lines in the books stay theirs."""
    _require(by, _hotels(session, person))
    person.disabled = True
    session.flush()
    signins.close_all(session, person)
    for hotel in _hotels(session, person):
        _record(session, "disabled", person, hotel, by)


def enable(session: Session, person: Staff, *, by: Staff | None = None) -> None:
    """Let a disabled person sign in again."""
    _require(by, _hotels(session, person))
    person.disabled = False
    session.flush()
    for hotel in _hotels(session, person):
        _record(session, "enabled", person, hotel, by)


def _hotels(session: Session, person: Staff) -> list[Hotel]:
    return [session.get_one(Hotel, row.hotel_id) for row in person.roles]


def _require(by: Staff | None, hotels: Any) -> None:
    if by is not None:
        for hotel in hotels:
            staff.require(by, Permission.MANAGE_STAFF, hotel.id)


def _record(
    session: Session,
    verb: str,
    person: Staff,
    hotel: Hotel,
    by: Staff | None,
    *,
    before: dict[str, Any] | None = None,
    **after: object,
) -> None:
    line = logbook.line(
        verb,
        "staff",
        hotel.id,
        person.id,
        by=by or staff.the_house(session, hotel),
        day=business_day.today(session, hotel),
        before=before,
        after=after,
    )
    logbook.write(session, [line])
