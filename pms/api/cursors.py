"""Cursors: where a list goes on, in a word that means nothing to anybody else."""

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

import orjson
import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Row

from pms.api.shapes import LARGEST_ID, Query
from pms.base.db import OfHotel
from pms.base.refusal import Invalid

AnyRow = Row[*tuple[Any, ...]]
AnySelect = sa.Select[*tuple[Any, ...]]
Asked = TypeVar("Asked", bound=AnySelect)
Shown = TypeVar("Shown")

MOST = 100
_LONGEST = 400


class BadCursor(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "That cursor wasn't given out for this list. Begin without one.", field="cursor"
        )


class Paged(Query):
    """Which page of a list: at most `limit` things, after those that `cursor` stands behind."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Annotated[str, Field(max_length=_LONGEST)] | None = None


def after(cursor: str | None, *kinds: type) -> list[Any] | None:
    """Return the key a cursor stands behind, checked for its kinds; none for the first page."""
    if cursor is None:
        return None
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, binascii.Error):
        raise BadCursor from None
    if not isinstance(parts, list) or len(parts) != len(kinds):
        raise BadCursor
    return [_part(part, kind) for part, kind in zip(parts, kinds, strict=True)]


def in_order(query: Asked, asked: Paged, of: type[OfHotel]) -> Asked:
    """Return a query for one row more than a page, in the order of ids, behind its cursor."""
    reached = after(asked.cursor, int)
    if reached is not None:
        query = query.where(behind((of.id,), reached))
    return query.order_by(of.id).limit(asked.limit + 1)


def page(rows: Sequence[Shown], limit: int, *key: str) -> tuple[Sequence[Shown], str | None]:
    """Return the page, of rows fetched with one more than the limit, and the cursor of the next."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    parts = orjson.dumps([getattr(last, name) for name in key])
    return rows[:limit], base64.urlsafe_b64encode(parts).decode()


def behind(key: Sequence[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Return the condition of rows that come after a key: one range of an index."""
    return sa.tuple_(*key) > sa.tuple_(
        *(sa.literal(value, column.type) for column, value in zip(key, values, strict=True))
    )


def _part(part: Any, kind: type) -> Any:
    if kind is int and type(part) is int and 0 <= part <= LARGEST_ID:
        return part
    if kind is str and isinstance(part, str) and "\x00" not in part:
        return part
    if kind is date and isinstance(part, str):
        try:
            return date.fromisoformat(part)
        except ValueError:
            raise BadCursor from None
    raise BadCursor
