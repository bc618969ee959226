"""Guests: the people a chain knows, shared by its hotels."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, ink
from pms.base.db import Base, OfChain, lock, new_id, reread, sought
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests.spelling import folded
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LONGEST_NAME = 120


class Guest(OfChain, Base):
    """A guest's profile; names are kept as the guest writes them."""

    __tablename__ = "guests"
    __table_args__ = (
        sa.Index(None, "chain_id", "folded_name"),
        sa.Index(None, "chain_id", "folded_native"),
        sa.Index(None, "chain_id", "folded_given"),
        sa.Index(None, "chain_id", "email"),
        sa.Index(None, "chain_id", "phone"),
        sa.CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
    )

    given_name: Mapped[str]
    surname: Mapped[str]
    native_name: Mapped[str | None]
    folded_name: Mapped[str] = mapped_column(sought())
    folded_native: Mapped[str | None] = mapped_column(sought())
    folded_given: Mapped[str | None] = mapped_column(sought())
    email: Mapped[str | None] = mapped_column(sought())
    phone: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(sa.String(3))
    language: Mapped[str | None] = mapped_column(sa.String(8))
    vip: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]
    unwanted_why: Mapped[str | None]
    merged_into_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def name(self) -> str:
        """The guest as the house says it: given name, then surname."""
        return f"{self.given_name} {self.surname}".strip()


ink.guard(
    "guests_merge_into_who_stands",
    table="guests",
    when="UPDATE OF merged_into_id",
    refuse_if="NEW.merged_into_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM guests AS other"
    " WHERE other.chain_id = NEW.chain_id AND other.id = NEW.merged_into_id"
    " AND other.merged_into_id IS NULL)",
    message="a profile merges into one of its chain that stands",
)


class Unwanted(Refusal):
    """The house doesn't want this guest back."""

    def __init__(self, guest: Guest) -> None:
        super().__init__(
            f"{guest.name} isn't wanted here: {guest.unwanted_why} "
            "A manager can take the booking, or lift it on the guest's profile.",
            field="guest",
        )


class MergedAway(Refusal):
    """This profile was merged into another, which stands for both."""

    def __init__(self, guest: Guest) -> None:
        super().__init__(
            f"{guest.name} is one profile with another now. Find the guest again and choose it.",
            field="guest",
        )


def welcome(
    session: Session,
    hotel: Hotel,
    *,
    surname: str,
    given_name: str = "",
    email: str | None = None,
    phone: str | None = None,
    country: str | None = None,
    language: str | None = None,
    native_name: str | None = None,
    vip: bool = False,
    by: Staff,
) -> Guest:
    """Write down a new guest; refuses a nameless one and characters nobody's name has.

    Who isn't wanted doesn't come in by being written down anew: refuses their mail or telephone,
    unless a manager acts.
    """
    require(by, Permission.RESERVE, hotel.id)
    given_name = clean_name(given_name, field="given_name")
    surname = clean_name(surname, field="surname", needed=True)
    email = email.strip().lower() or None if email else None
    if (email or phone) and not by.may(Permission.TAKE_UNWANTED, hotel.id):
        _refuse_known_unwanted(session, hotel, email, phone)
    guest = Guest(
        chain_id=hotel.chain_id,
        id=new_id(),
        given_name=given_name,
        surname=surname,
        native_name=native_name,
        folded_name=folded(f"{surname} {given_name}"),
        folded_native=_folded_native(native_name),
        folded_given=folded(given_name),
        email=email,
        phone=phone,
        country=country,
        language=language,
        vip=vip,
    )
    session.add(guest)
    session.flush()
    day = business_day.today(session, hotel)
    write = logbook.line("welcomed", "guests", hotel.id, guest.id, by=by, day=day)
    logbook.write(session, [write])
    return guest


def _refuse_known_unwanted(
    session: Session, hotel: Hotel, email: str | None, phone: str | None
) -> None:
    said = [
        column == value for column, value in ((Guest.email, email), (Guest.phone, phone)) if value
    ]
    known = session.scalar(
        sa.select(Guest)
        .where(Guest.chain_id == hotel.chain_id, Guest.unwanted_why.is_not(None), sa.or_(*said))
        .limit(1)
    )
    if known is not None:
        raise Unwanted(known)


def clean_name(name: str, *, field: str, needed: bool = False) -> str:
    """Return a name without what can't be printed; refuses empty (if needed) and endless ones."""
    kept = "".join(letter for letter in name if letter.isprintable()).strip()
    if needed and not kept:
        raise Invalid("Write the guest's name.", field=field)
    if len(kept) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} letters.", field=field)
    return kept


def _folded_native(name: str | None) -> str | None:
    return folded(name) or None if name else None


@dataclass(frozen=True)
class Profile:
    """A guest's profile as it shall be, whole."""

    surname: str
    given_name: str = ""
    native_name: str | None = None
    email: str | None = None
    phone: str | None = None
    country: str | None = None
    language: str | None = None
    vip: bool = False
    notes: str | None = None


def amend(session: Session, guest: Guest, profile: Profile, *, hotel: Hotel, by: Staff) -> Guest:
    """Write a guest's profile anew, at the hotel where it is done.

    The logbook keeps which lines were changed, not what they say: that can be erased. Refuses a
    nameless guest, and a card's number among the notes.
    """
    require(by, Permission.RESERVE, hotel.id)
    card_numbers.refuse(notes=profile.notes)
    hold(session, guest)
    wanted: dict[str, Any] = {
        "surname": clean_name(profile.surname, field="surname", needed=True),
        "given_name": clean_name(profile.given_name, field="given_name"),
        "native_name": profile.native_name,
        "email": profile.email.strip().lower() or None if profile.email else None,
        "phone": profile.phone,
        "country": profile.country,
        "language": profile.language,
        "vip": profile.vip,
        "notes": profile.notes,
    }
    changed = [name for name, value in wanted.items() if getattr(guest, name) != value]
    if not changed:
        return guest
    for name in changed:
        setattr(guest, name, wanted[name])
    guest.folded_name = folded(f"{guest.surname} {guest.given_name}")
    guest.folded_native = _folded_native(guest.native_name)
    guest.folded_given = folded(guest.given_name)
    guest.version += 1
    session.flush()
    day = business_day.today(session, hotel)
    after = {"changed": changed}
    line = logbook.line("amended", "guests", hotel.id, guest.id, by=by, day=day, after=after)
    logbook.write(session, [line])
    return guest


def who_stand(session: Session, chain_id: int, ids: Collection[int]) -> dict[int, int]:
    """Return for each of these profiles the id of the one that stands for it, itself if none."""
    stands = {each: each for each in ids}
    while True:
        rows = session.execute(
            sa.select(Guest.id, Guest.merged_into_id).where(
                Guest.chain_id == chain_id,
                Guest.id.in_(set(stands.values())),
                Guest.merged_into_id.is_not(None),
            )
        )
        further = {merged: into for merged, into in rows if into is not None}
        if not further:
            return stands
        stands = {each: further.get(at, at) for each, at in stands.items()}


def hold(session: Session, guest: Guest) -> Guest:
    """Lock a profile that something is to be written of; refuses one that was merged away."""
    lock(session, guest)
    if guest.merged_into_id is not None:
        raise MergedAway(guest)
    return guest


def refuse_unwanted(session: Session, guest: Guest, *, hotel: Hotel, by: Staff) -> None:
    """Refuse a guest whom the house doesn't want, unless a manager acts; and a merged profile.

    Read afresh, with the day held: no two profiles are made one meanwhile.
    """
    refuse_merged(session, guest)
    if guest.unwanted_why and not by.may(Permission.TAKE_UNWANTED, hotel.id):
        raise Unwanted(guest)


def refuse_merged(session: Session, guest: Guest) -> None:
    """Refuse a profile that was merged away, read afresh."""
    reread(session, guest, "merged_into_id", "unwanted_why")
    if guest.merged_into_id is not None:
        raise MergedAway(guest)


def mark_unwanted(session: Session, guest: Guest, *, reason: str, hotel: Hotel, by: Staff) -> Guest:
    """Say that the house doesn't want a guest back, and why; refuses to say it without a reason."""
    require(by, Permission.TAKE_UNWANTED, hotel.id)
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why, for whoever stands at the desk then.", field="reason")
    card_numbers.refuse(reason=reason)
    return _mark(session, guest, reason if reason.endswith(".") else f"{reason}.", hotel, by)


def lift_unwanted(session: Session, guest: Guest, *, hotel: Hotel, by: Staff) -> Guest:
    """Welcome an unwanted guest again."""
    require(by, Permission.TAKE_UNWANTED, hotel.id)
    return _mark(session, guest, None, hotel, by)


def _mark(session: Session, guest: Guest, why: str | None, hotel: Hotel, by: Staff) -> Guest:
    hold(session, guest)
    guest.unwanted_why = why
    guest.version += 1
    session.flush()
    day = business_day.today(session, hotel)
    verb = "marked unwanted" if why else "welcomed again"
    line = logbook.line(verb, "guests", hotel.id, guest.id, by=by, day=day)
    logbook.write(session, [line])
    return guest
