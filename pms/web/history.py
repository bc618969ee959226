"""History: what the logbook says of a thing, in words for a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from pms.base.money import Money
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.web.database import session
from pms.web.filters import day, moment

LONGEST_SPOKEN_NUMBER = 10**12
_NO_TIME = datetime.min.replace(tzinfo=UTC)
NAMES = {"over_short": "over/short"}  # where the trade's word isn't the field's


@dataclass(frozen=True, slots=True)
class Happened:
    """One deed: when, who, what, and what it changed."""

    at: datetime
    who: str
    verb: str
    changes: str
    why: str | None


def of(thing: logbook.Thing, hotel: Hotel, *, limit: int = 50) -> list[Happened]:
    """Return the newest deeds done to a thing: two queries, however many there are."""
    lines = logbook.history(session(), thing, limit=limit)
    names = _names(hotel, {line.staff_id for line in lines})
    return _folded(
        Happened(
            line.at,
            names.get(line.staff_id, "Somebody who left"),
            line.verb.capitalize(),
            _changes(line.before or {}, line.after or {}),
            line.why,
        )
        for line in lines
    )


def _folded(deeds: Iterable[Happened]) -> list[Happened]:
    """Say once what somebody did again and again, and changed nothing by: `Looked at pay, 7 times`.

    The hour is that of the newest.
    """
    found = []
    for _, same in groupby(deeds, key=lambda each: replace(each, at=_NO_TIME)):
        first, *others = same
        if others and not first.changes and not first.why:
            found.append(replace(first, verb=f"{first.verb}, {len(others) + 1} times"))
        else:
            found += [first, *others]
    return found


def _names(hotel: Hotel, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session().execute(
        sa.select(Staff.id, Staff.name).where(Staff.chain_id == hotel.chain_id, Staff.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def _changes(before: dict[str, Any], after: dict[str, Any]) -> str:
    names = [name for name in {**before, **after} if not _is_id({**before, **after}[name])]
    return ", ".join(
        f"{NAMES.get(name, name.replace('_', ' '))} {_was(before, name)}{_word(after.get(name))}"
        for name in names
    )


def _is_id(value: Any) -> bool:
    """Tell whether a value is one of our long row ids, which mean nothing to people."""
    return isinstance(value, int) and value > LONGEST_SPOKEN_NUMBER


def _was(before: dict[str, Any], name: str) -> str:
    return f"{_word(before[name])} → " if name in before else ""


def _word(value: Any) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(_word, value))
    return _written(str(value))


def _written(word: str) -> str:
    """Write a day, an instant by the hotel's clock and an amount as pages do; else the word."""
    for spoken in (_day, _instant, _money):
        try:
            return spoken(word)
        except ValueError:
            continue
    return word.replace("_", " ")


def _money(word: str) -> str:
    plain, _, currency = word.rpartition(" ")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain, re.ASCII) or not currency.isupper():
        raise ValueError(word)
    return Money.parse(plain, currency).said


def _day(word: str) -> str:
    return day(date.fromisoformat(word))


def _instant(word: str) -> str:
    instant = datetime.fromisoformat(word)
    if instant.tzinfo is None:
        raise ValueError(word)
    return moment(instant)
