"""Finding a guest by name or mail, by the indexes of a chain that knows a million."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import begins_with
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.spelling import Reading, folded, readings, shared_beginning
from pms.hotel.house.hotels import Hotel

MOST_WORDS = 4


def named(text: str) -> sa.ColumnElement[bool]:
    """Compare a guest's name with what was typed: surname first or last, with a comma or without.

    Each order is a range of the index, the beginning of a surname; a single word is one, too. An
    umlaut may be written as two letters, or the other way round: each reading is a range then, and
    all lie within one, so that neither engine walks the whole index for them.
    """
    known = readings(text.replace(",", " "))
    wanted = sa.or_(*(_named_so(reading) for reading in known))
    begins = shared_beginning(known)
    if len(known) == 1 or " " in known[0].text:
        return wanted
    return sa.and_(begins_with(Guest.folded_name, begins), wanted)


def _named_so(reading: Reading) -> sa.ColumnElement[bool]:
    name, words = Guest.folded_name, reading.text.split()[:MOST_WORDS]
    given_first = [
        sa.and_(
            begins_with(name, " ".join(words[n:])),
            name.contains(f" {' '.join(words[:n])}", autoescape=True),
        )
        for n in range(1, len(words))
    ]
    return sa.and_(
        sa.or_(begins_with(name, " ".join(words)), *given_first), *_has_mark(reading.marks)
    )


def given_named(text: str) -> sa.ColumnElement[bool]:
    """Compare the beginning of a guest's first name with what was typed, however it is spelled."""
    known = readings(text)
    wanted = sa.or_(
        *(
            sa.and_(begins_with(Guest.folded_given, each.text), *_has_mark(each.marks))
            for each in known
        )
    )
    begins = shared_beginning(known)
    return wanted if len(known) == 1 else sa.and_(begins_with(Guest.folded_given, begins), wanted)


def _has_mark(marks: str) -> list[sa.ColumnElement[bool]]:
    """Return the condition that a name has one of some marks, as it was written down; if any."""
    columns = (Guest.surname, Guest.given_name)
    has = (column.contains(mark) for column in columns for mark in marks)
    return [sa.or_(*has)] if marks else []


def given_name_begins(hotel: Hotel, text: str, *, limit: int = 500) -> sa.Select[int]:
    """Return the ids of the chain's guests whose first name begins so, by an index of its own."""
    return (
        sa.select(Guest.id)
        .where(
            Guest.chain_id == hotel.chain_id,
            given_named(text),
            Guest.merged_into_id.is_(None),
        )
        .order_by(Guest.folded_given)
        .limit(limit)
    )


def search(session: Session, hotel: Hotel, text: str, *, limit: int = 20) -> list[Guest]:
    """Return guests whose name, first name or mail begins with the text; surnames come first.

    A name in another script than Latin is looked for among the names in their own script.
    """
    wanted = folded(text)
    if not wanted:
        return []
    of_chain = sa.select(Guest).where(
        Guest.chain_id == hotel.chain_id, Guest.merged_into_id.is_(None)
    )
    of_chain = of_chain.limit(limit)
    found: dict[int, Guest] = {}
    ways: list[tuple[sa.orm.InstrumentedAttribute[Any], sa.ColumnElement[bool]]] = [
        (Guest.folded_name, named(text)),
        (Guest.folded_given, given_named(text)),
        (Guest.email, begins_with(Guest.email, wanted)),
    ]
    if not wanted.isascii():
        ways.append((Guest.folded_native, begins_with(Guest.folded_native, wanted)))
    # one after the other: an OR of them would read every guest of the chain
    for column, asked in ways:
        wanting = of_chain.where(asked).order_by(column)
        found |= {guest.id: guest for guest in session.scalars(wanting)}
    return list(found.values())[:limit]
