"""Sign-ins: who is at which desk; kept in the database so that they end at once when told."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from pms.base import clock
from pms.base.db import Base, new_id, within_chain
from pms.base.refusal import Refusal
from pms.hotel.house import staff as people
from pms.hotel.house.staff import Staff

IDLE = timedelta(hours=2)
AT_MOST = timedelta(hours=14)  # a double shift; nobody is thrown out at midnight
TOUCH_EVERY = timedelta(minutes=5)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 50
TRIES_WITHIN = timedelta(minutes=15)


class WrongSignIn(Refusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("That address and password don't go together.", field="password")


class TooManyTries(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__("Too many tries. Wait a quarter of an hour, or ask a manager.")


class SignIn(Base):
    """One sign-in on one device; the cookie holds the token, this row only its digest."""

    __tablename__ = "sign_ins"
    __table_args__ = (within_chain("staff_id", "staff"), sa.Index(None, "chain_id", "staff_id"))

    token_digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    chain_id: Mapped[int]
    staff_id: Mapped[int]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str]
    agent: Mapped[str]

    person: Mapped[Staff] = relationship(viewonly=True)

    def lives(self, at: datetime) -> bool:
        """Tell whether the sign-in still opens doors: not ended, not idle, not too old."""
        return self.ended_at is None and at - self.seen_at < IDLE and at - self.opened_at < AT_MOST


class SignInTry(Base):
    """A failed try, counted before a password is hashed."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (sa.Index(None, "account", "at"), sa.Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def throttle(session: Session, *, email: str, address: str) -> None:
    """Refuse when the account or the address failed too often lately; call before hashing."""
    since = clock.now() - TRIES_WITHIN
    for column, value, limit in (
        (SignInTry.account, email.strip().lower()[:254], TRIES_PER_ACCOUNT),
        (SignInTry.address, address, TRIES_PER_ADDRESS),
    ):
        tries = session.scalar(
            sa.select(sa.func.count())
            .select_from(SignInTry)
            .where(column == value, SignInTry.at > since)
        )
        if (tries or 0) >= limit:
            raise TooManyTries


def note_failure(session: Session, *, email: str, address: str) -> None:
    """Count a failed try, and forget those that no longer count."""
    now = clock.now()
    session.execute(sa.delete(SignInTry).where(SignInTry.at < now - TRIES_WITHIN))
    session.add(SignInTry(account=email.strip().lower()[:254], address=address, at=now))
    session.flush()


def check(session: Session, *, email: str, password: str, address: str) -> Staff:
    """Return who signs in with these; looks only, so call it outside a transaction.

    Refuses a wrong pair (note the failure then) and too many tries.
    """
    throttle(session, email=email, address=address)
    person = people.by_email(session, email)
    if not people.password_is_right(person, password) or person is None:
        raise WrongSignIn
    return person


def open_(session: Session, person: Staff, *, address: str, agent: str) -> str:
    """Sign a person in and return the token for the cookie, 256 random bits."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        SignIn(
            token_digest=digest(token),
            chain_id=person.chain_id,
            staff_id=person.id,
            opened_at=now,
            seen_at=now,
            address=address[:64],
            agent=agent[:200],
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> SignIn | None:
    """Return the living sign-in of a token, read afresh: it may have been ended elsewhere.

    Who it is, and in which roles, is read with it.
    """
    who = joinedload(SignIn.person).joinedload(Staff.roles)
    row = session.get(SignIn, digest(token), options=[who], populate_existing=True)
    return row if row is not None and row.lives(clock.now()) else None


def person_of(sign_in: SignIn) -> Staff | None:
    """Return who it is, unless they may no longer sign in."""
    return None if sign_in.person.disabled else sign_in.person


def wants_touch(sign_in: SignIn) -> bool:
    """Tell whether it's time to note that the person is still there (every five minutes)."""
    return clock.now() - sign_in.seen_at > TOUCH_EVERY


def touch(session: Session, sign_in: SignIn) -> None:
    """Note that the person is still there."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.token_digest == sign_in.token_digest, SignIn.ended_at.is_(None))
        .values(seen_at=clock.now())
    )


def close(session: Session, token_digest: str, *, person: Staff) -> None:
    """End one sign-in of a person, at once and on every server."""
    session.execute(
        sa.update(SignIn)
        .where(
            SignIn.token_digest == token_digest,
            SignIn.chain_id == person.chain_id,
            SignIn.staff_id == person.id,
            SignIn.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )


def close_all(session: Session, person: Staff, *, but: str | None = None) -> None:
    """End every sign-in of a person, but perhaps the one they tell it from (a digest)."""
    wanted = sa.update(SignIn).where(
        SignIn.chain_id == person.chain_id,
        SignIn.staff_id == person.id,
        SignIn.ended_at.is_(None),
    )
    if but is not None:
        wanted = wanted.where(SignIn.token_digest != but)
    session.execute(wanted.values(ended_at=clock.now()))


def living(session: Session, person: Staff) -> list[SignIn]:
    """Return a person's living sign-ins, the newest first."""
    now = clock.now()
    rows = session.scalars(
        sa.select(SignIn)
        .where(
            SignIn.chain_id == person.chain_id,
            SignIn.staff_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.opened_at > now - AT_MOST,
        )
        .order_by(SignIn.opened_at.desc())
        .limit(50)
    )
    return [row for row in rows if row.lives(now)]
