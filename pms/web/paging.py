"""Paging: every list has an end; a page is asked for by number and holds at most its size.

Long lists are paged by key: a page begins beyond the last row of the one before, so that no page
walks over those before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa
from flask import request, url_for

from pms.base import dates
from pms.base.numbers import whole
from pms.web.database import session

Row = TypeVar("Row")
Key = tuple[date, int]
AFTER, BEFORE = "after", "before"
SIZE = 50
FARTHEST = 2_000  # beyond it one searches; it keeps an offset from walking the whole table


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and whether more come before and after."""

    rows: Sequence[Row]
    number: int
    size: int
    has_next: bool
    endpoint: str = field(default="", kw_only=True)  # of the list, where a deed shows it too

    @property
    def has_previous(self) -> bool:
        """Whether this is not the first page."""
        return self.number > 1

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, counted from one."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last row in the whole list."""
        return self.first + len(self.rows) - 1

    def address(self, number: int) -> str:
        """Return the address of another page of the same list, with the same questions."""
        return _address({"page": number} if number > 1 else {}, self.endpoint)


@dataclass(frozen=True, slots=True)
class KeyedPage(Page[Row]):
    """A page whose neighbours are found by its own first and last row."""

    begins: str
    ends: str

    def address(self, number: int) -> str:
        """Return the address of the page before or after this one, or of the first."""
        if number <= 1:
            return _address({})
        beside = {AFTER: self.ends} if number > self.number else {BEFORE: self.begins}
        return _address({"page": number, **beside})


def _address(place: dict[str, Any], endpoint: str = "") -> str:
    """Return the address of this list, with the same questions, at another place."""
    asked: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    for name in ("page", AFTER, BEFORE):
        asked.pop(name, None)
    return url_for(endpoint or request.endpoint or "", **asked, **place)


def number_asked() -> int:
    """Return which page the address asks for."""
    asked = request.args.get("page", 1, type=int)
    return min(max(asked, 1), FARTHEST)


def page(query: sa.Select[Any], size: int = SIZE, *, endpoint: str = "") -> Page[Any]:
    """Fetch the asked page of a query of one entity; one row more tells whether there is a next.

    `endpoint` is where the list is read, for one that is also shown where a form was refused.
    """
    number = number_asked()
    bounded = query.limit(size + 1).offset((number - 1) * size)
    rows = session().scalars(bounded).unique().all()
    return Page(rows[:size], number, size, len(rows) > size, endpoint=endpoint)


def of(rows: Sequence[Row], size: int = SIZE) -> Page[Row]:
    """Page a bounded list that is already at hand."""
    number = number_asked()
    start = (number - 1) * size
    return Page(rows[start : start + size], number, size, len(rows) > start + size)


class Finds(Protocol[Row]):
    """What finds rows in their order: so many, beyond a key, or the nearest before it."""

    def __call__(self, *, limit: int, beyond: Key | None, backwards: bool) -> list[Row]:
        """Find them."""


def keyed(finds: Finds[Row], key: Callable[[Row], Key], size: int = SIZE) -> KeyedPage[Row]:
    """Fetch the page that the address asks for by key; without one, or before all, the first."""
    before = _key_asked(BEFORE)
    if before is not None:
        rows = finds(limit=size + 1, beyond=before, backwards=True)
        if len(rows) > size:
            return _keyed(rows[-size:], number_asked(), key, size, has_next=True)
    after = _key_asked(AFTER) if before is None else None
    rows = finds(limit=size + 1, beyond=after, backwards=False)
    number = 1 if after is None else max(number_asked(), 2)
    return _keyed(rows[:size], number, key, size, has_next=len(rows) > size)


def _keyed(
    rows: list[Row], number: int, key: Callable[[Row], Key], size: int, *, has_next: bool
) -> KeyedPage[Row]:
    begins, ends = (_written(key(rows[at])) if rows else "" for at in (0, -1))
    return KeyedPage(rows, number, size, has_next, begins, ends)


def _written(key: Key) -> str:
    return f"{key[0].isoformat()}~{key[1]}"


def _key_asked(name: str) -> Key | None:
    day, _, number = request.args.get(name, "").partition("~")
    read, no = dates.read(day), whole(number)
    return None if read is None or no is None else (read, no)
