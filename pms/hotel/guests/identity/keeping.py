"""Keeping: a guest's document written down, looked up (which is noted) and forgotten."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from pms.base import clock, keyring, sealed
from pms.base.db import is_postgresql, new_id
from pms.base.keyring import KeyMissing
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest, clean_name
from pms.hotel.guests.identity.tables import (
    LONGEST_NUMBER,
    NUMBER,
    IdentityDocument,
    IdentityKind,
    Sex,
)
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

_SAID = (
    "issuing_country", "nationality", "surname", "given_name",
    "birth_date", "sex", "expires_on", "lives_in",
)  # fmt: skip


class NotWritten(Invalid):
    """Something a document always says is missing, or can't be so."""


class WrittenOtherwise(Refusal):
    """A document of that number is written down, and not as whoever types it anew knows it.

    `other` are the columns that stand otherwise than they were typed, `unsaid` those that stand and
    weren't typed.
    """

    def __init__(
        self, document: IdentityDocument, *, other: Sequence[str], unsaid: Sequence[str]
    ) -> None:
        super().__init__(
            "This document is written down already, and not quite so. What stands is beside the "
            "fields; check them and write it down again."
        )
        self.document, self.other, self.unsaid = document, other, unsaid


@dataclass(frozen=True)
class Seen:
    """A document as it was seen; countries in three letters, `from_lines` when it was scanned."""

    kind: IdentityKind
    number: str
    issuing_country: str
    nationality: str
    surname: str
    given_name: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.UNSPECIFIED
    expires_on: date | None = None
    lives_in: str = ""
    from_lines: bool = False


def keep(
    session: Session,
    guest: Guest,
    seen: Seen,
    *,
    hotel: Hotel,
    knowing: str | None = None,
    by: Staff,
) -> IdentityDocument:
    """Write down a guest's document; one that is known by its number is brought up to date.

    What isn't said stays as it stands; one that the desk has seen stays the desk's, though guests
    send it anew. Refuses a document without number or country, days that can't be, and any while
    the key is missing; with `knowing`, what was `known` of a document of that number (nothing is
    ""), also one that says something else and isn't known so. The logbook says that it was seen,
    never its number.
    """
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    values = _values(seen, day)
    guests.hold(session, guest)
    document = of_number(session, guest.chain_id, [guest.id], seen)
    if document is None:
        document = IdentityDocument(chain_id=guest.chain_id, id=new_id(), guest_id=guest.id)
        session.add(document)
        stays_theirs = False
    else:
        values = _brought_up_to_date(document, values, knowing)
        stays_theirs = by.acts_for_guests and not is_guests_own(session, document)
    for name, value in values.items():
        setattr(document, name, value)
    if not stays_theirs:
        document.hotel_id, document.staff_id = hotel.id, by.id
    document.seen_at = clock.now()
    session.flush()
    _note(session, "saw document", document, hotel, by=by, day=day)
    return document


def known(document: IdentityDocument) -> str:
    """Return a mark of a document as it was written down last, to know it by."""
    return f"{document.id}.{document.seen_at.isoformat()}"


def is_guests_own(session: Session, document: IdentityDocument) -> bool:
    """Tell whether only guests wrote a document, in whichever house of the chain."""
    wrote = session.get(Staff, (document.chain_id, document.staff_id))
    return wrote is not None and wrote.acts_for_guests


def of_number(
    session: Session, chain_id: int, guest_ids: Collection[int], seen: Seen
) -> IdentityDocument | None:
    """Return the document of that kind and number that one of some guests has, read afresh."""
    number = _plain(seen.number)
    return session.scalar(
        sa.select(IdentityDocument)
        .where(
            IdentityDocument.chain_id == chain_id,
            IdentityDocument.guest_id.in_(list(guest_ids)),
            IdentityDocument.kind == seen.kind,
            IdentityDocument.number_index.in_(keyring.indexes(number, about=NUMBER)),
        )
        .order_by(IdentityDocument.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _brought_up_to_date(
    document: IdentityDocument, values: dict[str, Any], knowing: str | None
) -> dict[str, Any]:
    """Return the values with what isn't said as it stands; lines that were read stay read."""
    stands = {n: value for n in _SAID if _is_said(value := getattr(document, n))}
    unsaid = [name for name in stands if not _is_said(values[name])]
    other = [name for name in stands if name not in unsaid and values[name] != stands[name]]
    if other and knowing not in {None, known(document)}:
        raise WrittenOtherwise(document, other=other, unsaid=unsaid)
    is_read = values["from_lines"] or (document.from_lines and not other)
    return values | {name: stands[name] for name in unsaid} | {"from_lines": is_read}


def _is_said(value: Any) -> bool:
    return value not in (None, "") and value is not Sex.UNSPECIFIED


def newest(
    session: Session, chain_id: int, guest_ids: Collection[int]
) -> dict[int, IdentityDocument]:
    """Return each guest's document that was seen last: one question."""
    rows = session.scalars(
        sa.select(IdentityDocument)
        .where(
            IdentityDocument.chain_id == chain_id,
            IdentityDocument.guest_id.in_(list(guest_ids)),
        )
        .order_by(IdentityDocument.seen_at, IdentityDocument.id)
    )
    return {document.guest_id: document for document in rows}


def look_up(session: Session, document: IdentityDocument, *, hotel: Hotel, by: Staff) -> str:
    """Return a document's whole number; who looked is written down.

    Refuses where the key to it is missing.
    """
    require(by, Permission.SEE_IDENTITY, hotel.id)
    day = business_day.hold(session, hotel)
    if document.is_shut:
        raise KeyMissing
    _note(session, "looked up document", document, hotel, by=by, day=day)
    return document.number


def forget(session: Session, document: IdentityDocument, *, hotel: Hotel, by: Staff) -> None:
    """Take a document out of a guest's profile; that it was there stays in the logbook."""
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    _note(session, "forgot document", document, hotel, by=by, day=day)
    session.delete(document)
    session.flush()


def _note(
    session: Session, verb: str, document: IdentityDocument, hotel: Hotel, *, by: Staff, day: date
) -> None:
    after = {"kind": document.kind, "country": document.issuing_country}
    line = logbook.line(verb, "guests", hotel.id, document.guest_id, by=by, day=day, after=after)
    logbook.write(session, [line])


def _values(seen: Seen, day: date) -> dict[str, Any]:
    """Return the columns of a document, cleaned; refuses what can't be."""
    number = _plain(seen.number)
    if not 1 <= len(number) <= LONGEST_NUMBER:
        raise NotWritten("Write the number of the document.", field="number")
    if seen.birth_date is not None and seen.birth_date > day:
        raise NotWritten("Nobody is born after today. Check the date.", field="birth_date")
    if seen.birth_date and seen.expires_on and seen.expires_on <= seen.birth_date:
        raise NotWritten("It expires before the guest is born. Check it.", field="expires_on")
    return {
        "kind": seen.kind,
        "number": number,
        "number_index": keyring.index(number, about=NUMBER),
        "issuing_country": _country(seen.issuing_country, "issuing_country"),
        "nationality": _country(seen.nationality, "nationality"),
        "surname": clean_name(seen.surname, field="surname", needed=True),
        "given_name": clean_name(seen.given_name, field="given_name"),
        "birth_date": seen.birth_date,
        "sex": seen.sex,
        "expires_on": seen.expires_on,
        "lives_in": clean_name(seen.lives_in, field="lives_in"),
        "from_lines": seen.from_lines,
    }


def _plain(number: str) -> str:
    return "".join(each for each in number.upper() if each.isalnum() or each == "-")


def _country(code: str, field: str) -> str:
    plain = code.strip().upper()
    if not 1 <= len(plain) <= 3 or not plain.isascii() or not plain.isalpha():
        raise NotWritten("Write the country in three letters, like FRA.", field=field)
    return plain


# --- another key ----------------------------------------------------------------------------------


def reseal(session: Session, *, limit: int = 500) -> int:
    """Seal some documents anew that an older key had sealed; return how many, until none are left.

    Refuses where a key of theirs is missing: what can't be opened stays as it is.
    """
    wanted = (
        sa.select(IdentityDocument)
        .where(sealed.by_another_key(IdentityDocument.number))
        .order_by(IdentityDocument.chain_id, IdentityDocument.id)
        .limit(limit)
    )
    if is_postgresql(session):
        wanted = wanted.with_for_update(skip_locked=True)
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    for document in found:
        if document.is_shut:
            raise KeyMissing
        document.number_index = keyring.index(document.number, about=NUMBER)
        for name in ("number", "birth_date", "lives_in"):
            flag_modified(document, name)
    session.flush()
    return len(found)


def shut(session: Session) -> dict[str, int]:
    """Return the names of keys that are missing, each with how many documents it sealed."""
    return sealed.missing(session, IdentityDocument.number)
