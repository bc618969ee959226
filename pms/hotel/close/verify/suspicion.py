"""Suspicion: texts that may hold a card's number; the database chooses, Python looks closely."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, free_text
from pms.base.db import is_postgresql
from pms.base.sealed import Sealed

# How a card's digits stand: in one, in fours, or four, six and the rest.
_GROUPS = ((13,), (4, 4, 4), (4, 6, 4))
_GLOBS = tuple(f"*{'?'.join('[0-9]' * size for size in groups)}*" for groups in _GROUPS)
_REGEX = "|".join(".".join(f"[0-9]{{{size}}}" for size in groups) for groups in _GROUPS)


def found_in(session: Session, table: sa.Table, mine: sa.ColumnElement[bool]) -> Iterator[str]:
    """Yield a column's name for each text with a card's number in `mine` of a table's rows.

    The table is read once, all its columns together.
    """
    columns = _free(table)
    if not columns:
        return
    rows = session.execute(_doubtful(table, is_postgresql(session)).where(mine))
    for row in rows:
        for column, text in zip(columns, row, strict=True):
            if text and free_text.found_in(_value(column, text)):
                yield column.name


def _free(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if free_text.is_free(column)]


@cache
def _doubtful(table: sa.Table, on_postgresql: bool) -> sa.Select[Any]:
    """Return the question for a table's doubtful texts; to put it together costs more than it."""
    columns = _free(table)
    texts = [_text(column) for column in columns]
    doubtful = [_may_hold(*pair, on_postgresql) for pair in zip(columns, texts, strict=True)]
    return sa.select(*texts).where(sa.or_(*doubtful)).execution_options(yield_per=5_000)


def _text(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as the database has it; what is sealed is opened."""
    return column if isinstance(column.type, Sealed) else sa.cast(column, sa.Text)


def _may_hold(
    column: sa.Column[Any], text: sa.ColumnElement[Any], on_postgresql: bool
) -> sa.ColumnElement[bool]:
    """Tell where to look closer: digits as on a card, or letters that may stand for digits."""
    if isinstance(column.type, Sealed):
        return column.is_not(None)
    if on_postgresql:
        stands = [text.regexp_match(_REGEX)]
        size = sa.func.octet_length(text)
    else:
        stands = [text.op("GLOB")(glob) for glob in _GLOBS]
        size = sa.func.length(sa.cast(text, sa.LargeBinary))
    long = sa.func.length(text) >= card_numbers.SHORTEST
    foreign = [sa.and_(long, size > sa.func.length(text))]
    if isinstance(free_text.plain(column), sa.JSON):
        foreign.append(text.contains("\\u", autoescape=True))
    return sa.or_(*stands, *foreign)


def _value(column: sa.Column[Any], text: str) -> object:
    return json.loads(text) if isinstance(free_text.plain(column), sa.JSON) else text
