"""Posting: the only way an entry gets into the books."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from pms.base import clock
from pms.base.db import insert_new, is_postgresql, new_id
from pms.base.refusal import Refusal
from pms.hotel.books.ledger.tables import Account, Entry, Kind, Ledger, Line
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff

# Built once: saying a statement anew costs as much as SQLite needs to answer it.
_WRITE_LINES = sa.insert(cast(sa.Table, Line.__table__))
_WRITE_ENTRIES = sa.insert(cast(sa.Table, Entry.__table__))
_POSTED_BEFORE = sa.select(Entry.key, Entry.id, Entry.content).where(
    Entry.hotel_id == sa.bindparam("hotel"), Entry.key.in_(sa.bindparam("keys", expanding=True))
)
_ACCOUNTS = sa.select(Account.code, Account.id).where(
    Account.hotel_id == sa.bindparam("hotel"),
    Account.code.in_(sa.bindparam("codes", expanding=True)),
)


class KeyUsedForOther(Refusal):
    """The same key came again with other content."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"“{key}” is posted already, with other content. Reload the page and look again.",
            key=key,
        )


class ReversedAlready(Refusal):
    """Somebody else was faster."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is reversed already. Look at the folio again.")


class NotReversible(Refusal):
    """A reversal isn't reversed; what it undid is posted again."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is a reversal itself. Post the original once more instead.")


class Wanted(NamedTuple):
    """An account as it is asked for: made on first need."""

    ledger: Ledger
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Side:
    """One line to be: `amount` in minor units, debit above zero."""

    account_id: int
    amount: int
    charge_code_id: int | None = None
    tax_id: int | None = None
    quantity: int | None = None
    base: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry to be. Without a `key` it is posted each time it is asked for."""

    kind: Kind
    text: str
    lines: tuple[Side, ...]
    key: str | None = None
    reference: str | None = None
    reason: str | None = None
    reverses_id: int | None = None
    concerns_id: int | None = None
    subject_id: int | None = None
    service_night: date | None = None
    rule: str | None = None
    turn: int = 0

    def content(self, currency: str) -> str:
        """Return the digest of what is asked for, whoever asks and on whatever day."""
        asked = (
            currency,
            self.kind,
            self.text,
            self.reference,
            self.reason,
            self.reverses_id,
            self.concerns_id,
            self.subject_id,
            self.service_night,
            self.rule,
            self.turn,
            self.lines,
        )
        return hashlib.sha256(orjson.dumps(asked)).hexdigest()


class Posted(NamedTuple):
    """The entry a draft became; `fresh` is false when its key had been posted before."""

    entry_id: int
    fresh: bool


def post(
    session: Session,
    hotel: Hotel,
    drafts: Sequence[Draft],
    *,
    day: date | None = None,
    by: Staff,
) -> list[Posted]:
    """Write entries on the open business day: any number in two statements.

    `day` is given by who holds the day already; the database refuses any other than the open one.

    A key seen before answers the entry it made; with other content it is refused. Two who post
    one key at once are parted by the database, and the later one gets the first one's entry.
    """
    if not drafts:
        return []
    day = day or business_day.hold(session, hotel)
    if all(draft.key is None for draft in drafts):
        return _write(session, hotel, day, drafts, by=by)
    if not is_postgresql(session):
        return _post_keyed(session, hotel, day, drafts, by=by)
    for _ in range(2):  # the key we lost the race for is found on the second look
        try:
            with session.begin_nested():
                return _post_keyed(session, hotel, day, drafts, by=by)
        except IntegrityError as problem:
            if "uq_entries" not in str(problem.orig):
                raise
    return _post_keyed(session, hotel, day, drafts, by=by)


def _post_keyed(
    session: Session, hotel: Hotel, day: date, drafts: Sequence[Draft], *, by: Staff
) -> list[Posted]:
    there = _posted_before(session, hotel, [draft.key for draft in drafts if draft.key])
    answers: dict[int, Posted] = {}
    fresh: list[tuple[int, Draft]] = []
    for place, draft in enumerate(drafts):
        entry_id, content = there.get(draft.key or "", (None, None))
        if entry_id is None:
            fresh.append((place, draft))
        elif content == draft.content(hotel.currency):
            answers[place] = Posted(entry_id, False)
        else:
            raise KeyUsedForOther(draft.key or "")
    made = _write(session, hotel, day, [draft for _, draft in fresh], by=by)
    answers.update((place, posted) for (place, _), posted in zip(fresh, made, strict=True))
    return [answers[place] for place in range(len(drafts))]


def is_posted(session: Session, hotel: Hotel, key: str | None) -> bool:
    """Tell whether a key was posted: who asks again is answered, whatever would be refused now."""
    return key is not None and bool(_posted_before(session, hotel, [key]))


def _posted_before(session: Session, hotel: Hotel, keys: list[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), 1000):
        some = {"hotel": hotel.id, "keys": keys[start : start + 1000]}
        rows = session.connection().execute(_POSTED_BEFORE, some)
        found.update((key, (entry_id, content)) for key, entry_id, content in rows)
    return found


def _write(
    session: Session, hotel: Hotel, day: date, drafts: Sequence[Draft], *, by: Staff
) -> list[Posted]:
    entries: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    at = clock.now()
    for draft in drafts:
        entry_id = new_id()
        entries.append(
            {
                "hotel_id": hotel.id,
                "id": entry_id,
                "business_day": day,
                "key": draft.key or f"{draft.kind.value}/{entry_id:x}",
                "content": draft.content(hotel.currency),
                "kind": draft.kind,
                "text": draft.text,
                "reference": draft.reference,
                "reason": draft.reason,
                "currency": hotel.currency,
                "reverses_id": draft.reverses_id,
                "concerns_id": draft.concerns_id,
                "subject_id": draft.subject_id,
                "service_night": draft.service_night,
                "rule": draft.rule,
                "turn": draft.turn,
                "posted_by": by.id,
                "posted_at": at,
            }
        )
        lines.extend(
            {
                "hotel_id": hotel.id,
                "entry_id": entry_id,
                "no": no,
                "business_day": day,
                "account_id": side.account_id,
                "amount": side.amount,
                "charge_code_id": side.charge_code_id,
                "tax_id": side.tax_id,
                "quantity": side.quantity,
                "base": side.base,
            }
            for no, side in enumerate(draft.lines, start=1)
        )
    if entries:
        connection = session.connection()
        connection.execute(_WRITE_LINES, lines)  # the lines first: see tables.py
        connection.execute(_WRITE_ENTRIES, entries)
    return [Posted(row["id"], True) for row in entries]


def accounts(session: Session, hotel: Hotel, wanted: Sequence[Wanted]) -> dict[str, int]:
    """Return the ids of accounts by code; those that aren't there are opened."""
    found = _accounts_there(session, hotel, wanted)
    missing = {each.code: each for each in wanted if each.code not in found}
    if missing:
        insert_new(
            session,
            Account,
            [{"hotel_id": hotel.id, "id": new_id(), **each._asdict()} for each in missing.values()],
        )
        found |= _accounts_there(session, hotel, list(missing.values()))
    return found


def _accounts_there(session: Session, hotel: Hotel, wanted: Sequence[Wanted]) -> dict[str, int]:
    codes = sorted({each.code for each in wanted})
    rows = session.connection().execute(_ACCOUNTS, {"hotel": hotel.id, "codes": codes})
    return {row.code: row.id for row in rows}


def reverse(
    session: Session,
    hotel: Hotel,
    entry: Entry,
    *,
    reason: str,
    day: date | None = None,
    by: Staff,
) -> Posted:
    """Undo an entry: the same accounts, the amounts negated, on today's business day.

    Refuses a reversal, and an entry reversed already: the database knows one reversal per entry,
    also when two ask at once.
    """
    if entry.kind is Kind.REVERSAL:
        raise NotReversible(entry.text)
    if is_reversed(session, entry):
        raise ReversedAlready(entry.text)
    draft = Draft(
        kind=Kind.REVERSAL,
        key=f"reversal/{entry.key}",
        text=entry.text,
        reference=entry.reference,
        reason=reason,
        reverses_id=entry.id,
        lines=tuple(
            Side(
                account_id=line.account_id,
                amount=-line.amount,
                charge_code_id=line.charge_code_id,
                tax_id=line.tax_id,
                quantity=None if line.quantity is None else -line.quantity,
                base=None if line.base is None else -line.base,
            )
            for line in lines_of(session, entry)
        ),
    )
    try:
        [posted] = post(session, hotel, [draft], day=day, by=by)
    except KeyUsedForOther:  # someone reversed it between our look and our posting
        raise ReversedAlready(entry.text) from None
    if not posted.fresh:
        raise ReversedAlready(entry.text)
    return posted


def is_reversed(session: Session, entry: Entry) -> bool:
    """Tell whether an entry was undone."""
    return (
        session.scalar(
            sa.select(Entry.id).where(
                Entry.hotel_id == entry.hotel_id, Entry.reverses_id == entry.id
            )
        )
        is not None
    )


def standing() -> sa.ColumnElement[bool]:
    """Return the condition that an `Entry` of the query is neither a reversal nor reversed."""
    undoing = aliased(Entry)
    return sa.and_(
        Entry.reverses_id.is_(None),
        ~sa.exists().where(undoing.hotel_id == Entry.hotel_id, undoing.reverses_id == Entry.id),
    )


def moved(session: Session, entry: Entry) -> Entry:
    """Return what a transfer moved, through all its moves; the entry itself, if it moves none."""
    while entry.kind is Kind.TRANSFER and entry.concerns_id is not None:
        entry = session.get_one(Entry, (entry.hotel_id, entry.concerns_id))
    return entry


def get(session: Session, hotel_id: int, posted: Posted) -> Entry:
    """Return the entry a draft became."""
    return session.get_one(Entry, (hotel_id, posted.entry_id))


def lines_of(session: Session, entry: Entry) -> list[Line]:
    """Return an entry's lines in order."""
    return list(
        session.scalars(
            sa.select(Line)
            .where(Line.hotel_id == entry.hotel_id, Line.entry_id == entry.id)
            .order_by(Line.no)
        )
    )
