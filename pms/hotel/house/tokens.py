"""Tokens: machines that may enter one hotel, each as a member of staff nobody can sign in as."""

import enum
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, OfHotel, new_id, within_chain
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, hiring, logbook
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import MAY, NOBODYS, Permission, Role, Staff, require

MARK = "pms_"  # lets a scanner of leaked secrets know one when it sees it
_BYTES = 32
LONGEST_NAME = 80


class Scope(enum.StrEnum):
    """What a machine may speak of; views of the API name those that open them."""

    HOTELS = "hotels"
    AVAILABILITY = "availability"
    QUOTES = "quotes"
    RESERVATIONS = "reservations"
    GUESTS = "guests"
    ROOMS = "rooms"
    FOLIOS = "folios"
    REQUESTS = "requests"
    CONCIERGE = "concierge"
    HOUSEKEEPING = "housekeeping"
    RECEPTION = "reception"
    WAKE_UPS = "wake-ups"
    ROSTER = "roster"
    TIME_CLOCK = "time-clock"
    ACCOUNTS = "accounts"
    CASHIERS = "cashiers"
    CASH_KEEPING = "cash-keeping"
    ACCOUNT_KEEPING = "account-keeping"
    PAYROLL = "payroll"


_NEEDS: dict[Scope, frozenset[Permission]] = {
    Scope.RESERVATIONS: frozenset({Permission.LOOK, Permission.RESERVE}),
    Scope.REQUESTS: frozenset({Permission.LOOK, Permission.REQUEST}),
    Scope.CONCIERGE: frozenset({Permission.LOOK, Permission.CONCIERGE}),
    Scope.RECEPTION: frozenset({Permission.LOOK, Permission.RECEIVE, Permission.REQUEST}),
    Scope.WAKE_UPS: frozenset({Permission.LOOK, Permission.CONCIERGE, Permission.REQUEST}),
    Scope.HOUSEKEEPING: frozenset(
        {Permission.LOOK, Permission.TURN_ROOMS, Permission.INSPECT_ROOMS, Permission.REQUEST}
    ),
    Scope.ROSTER: frozenset({Permission.LOOK}),
    Scope.TIME_CLOCK: frozenset({Permission.CLOCK_IN}),
    Scope.ACCOUNTS: frozenset({Permission.LOOK, Permission.PAY}),
    Scope.CASHIERS: frozenset({Permission.LOOK, Permission.PAY}),
    Scope.CASH_KEEPING: frozenset({Permission.LOOK, Permission.KEEP_CASH}),
    Scope.ACCOUNT_KEEPING: frozenset({Permission.LOOK, Permission.KEEP_ACCOUNTS}),
    Scope.PAYROLL: frozenset({Permission.SEE_PAY, Permission.RUN_PAYROLL}),
    Scope.FOLIOS: frozenset({Permission.LOOK, Permission.POST, Permission.PAY}),
}
_ROLES = (Role.RESERVATIONS, Role.FRONT_DESK, Role.ACCOUNTANT)  # the lesser first


class ApiToken(OfHotel, Base):
    """A machine's key to one hotel; the machine holds the token, this row only its digest."""

    __tablename__ = "api_tokens"
    __table_args__ = (within_chain("staff_id", "staff"),)

    chain_id: Mapped[int]
    staff_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    used_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who stands at the door with a living token: of which hotel, as whom, and for what."""

    token_id: int
    hotel_id: int
    name: str
    hotel: Hotel
    chain_id: int
    staff_id: int
    scopes: frozenset[str]
    used_on: date | None


_FIND = (
    sa.select(
        ApiToken.id,
        ApiToken.hotel_id,
        ApiToken.name,
        Hotel,
        ApiToken.chain_id,
        ApiToken.staff_id,
        ApiToken.scopes,
        ApiToken.used_on,
    )
    .join(Hotel, Hotel.id == ApiToken.hotel_id)
    .where(ApiToken.digest == sa.bindparam("digest"), ApiToken.ended_at.is_(None))
)


def scopes_named(words: Iterable[str]) -> list[Scope]:
    """Return the scopes of these names, in order and once each; refuses none and unknown ones."""
    found = []
    for word in dict.fromkeys(word.strip().lower() for word in words):
        if word not in set(Scope):
            known = ", ".join(Scope)
            raise Invalid(f"“{word[:40]}” is not a scope. Choose from: {known}.", field="scopes")
        found.append(Scope(word))
    if not found:
        raise Invalid("A token opens something. Name at least one scope.", field="scopes")
    return found


def issue(
    session: Session, hotel: Hotel, *, name: str, scopes: Iterable[Scope], by: Staff
) -> tuple[ApiToken, str]:
    """Make a token of 256 random bits and return it with its row; nobody can read it again.

    The machine acts as a member of staff of its own, who has no password and the least role
    that does what the scopes speak of: so the logbook says which machine did a deed.
    """
    require(by, Permission.MANAGE_STAFF, hotel.id)
    wanted = scopes_named(scopes)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A token's name has 1 to {LONGEST_NAME} letters.", field="name")
    token_id = new_id()
    machine = hiring.hire(
        session,
        session.get_one(Chain, hotel.chain_id),
        email=f"token-{token_id}@{hotel.code.lower()}{NOBODYS}",
        name=name,
        password=None,
        roles={hotel: _role_for(wanted)},
        by=by,
    )
    secret = MARK + secrets.token_urlsafe(_BYTES)
    token = ApiToken(
        hotel_id=hotel.id,
        id=token_id,
        chain_id=hotel.chain_id,
        staff_id=machine.id,
        digest=digest(secret),
        name=name,
        scopes=[scope.value for scope in wanted],
        made_at=clock.now(),
    )
    session.add(token)
    session.flush()
    day = business_day.today(session, hotel)
    logbook.record(session, "issued", token, by=by, day=day, name=name, scopes=token.scopes)
    return token, secret


def end(session: Session, token: ApiToken, *, by: Staff) -> None:
    """Let a token open nothing any more, at once and on every server."""
    require(by, Permission.MANAGE_STAFF, token.hotel_id)
    if token.ended_at is not None:
        return
    token.ended_at = clock.now()
    machine = session.get_one(Staff, {"chain_id": token.chain_id, "id": token.staff_id})
    machine.disabled = True
    session.flush()
    day = business_day.today(session, session.get_one(Hotel, token.hotel_id))
    logbook.record(session, "ended", token, by=by, day=day, name=token.name)


def find(session: Session, secret: str) -> Bearer | None:
    """Return who holds a living token: one question, answered by the index of digests.

    What is compared is a digest, so the time it takes says nothing about the token.
    """
    row = session.execute(_FIND, {"digest": digest(secret)}).first()
    if row is None:
        return None
    token_id, hotel_id, name, hotel, chain_id, staff_id, scopes, used_on = row
    known = frozenset(scopes)
    return Bearer(token_id, hotel_id, name, hotel, chain_id, staff_id, known, used_on)


def note_use(session: Session, token_id: int, *, on: date) -> None:
    """Note the day on which a token was last used."""
    session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(used_on=on))


def of_hotel(session: Session, hotel: Hotel) -> list[ApiToken]:
    """Return a hotel's tokens, ended ones too, the oldest first."""
    return list(
        session.scalars(
            sa.select(ApiToken).where(ApiToken.hotel_id == hotel.id).order_by(ApiToken.id)
        )
    )


def digest(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _role_for(scopes: Iterable[Scope]) -> Role:
    needs = frozenset[Permission]().union(*(_NEEDS.get(scope, frozenset()) for scope in scopes))
    role = next((role for role in _ROLES if needs <= MAY[role]), None)
    if role is None:
        raise Invalid("No one role does all of that. Make a token for each.", field="scopes")
    return role
