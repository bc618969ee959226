"""Paging: every list has an end; a page is asked for by number and holds at most its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request, url_for

from pms.web.database import session

Row = TypeVar("Row")
SIZE = 50
FARTHEST = 2_000  # beyond it one searches; it keeps an offset from walking the whole table


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and whether more come before and after."""

    rows: Sequence[Row]
    number: int
    size: int
    has_next: bool

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
        asked: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
        asked.pop("page", None)
        if number > 1:
            asked["page"] = number
        return url_for(request.endpoint or "", **asked)


def number_asked() -> int:
    """Return which page the address asks for."""
    asked = request.args.get("page", 1, type=int)
    return min(max(asked, 1), FARTHEST)


def page(query: sa.Select[Any], size: int = SIZE) -> Page[Any]:
    """Fetch the asked page of a query of one entity; one row more tells whether there is a next."""
    number = number_asked()
    bounded = query.limit(size + 1).offset((number - 1) * size)
    rows = session().scalars(bounded).unique().all()
    return Page(rows[:size], number, size, len(rows) > size)


def of(rows: Sequence[Row], size: int = SIZE) -> Page[Row]:
    """Page a bounded list that is already at hand."""
    number = number_asked()
    start = (number - 1) * size
    return Page(rows[start : start + size], number, size, len(rows) > start + size)
