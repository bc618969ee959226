"""A database's whole state, written so that two runs of the same night can be compared.

Ids made on the way and instants differ from run to run; everything else must not.
"""

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

import pms.hotel.tables  # noqa: F401  every table must be known
from pms.base.db import Base

# Tries are counted, and a try's digest holds the ids of what it posts.
_MASKED = {("audit_steps", "attempts"), ("entries", "content")}
_HEX_ID = re.compile(r"\b[0-9a-f]{14,16}\b")
_SMALLEST_ID = 2**50


def ids(engine: Engine) -> set[int]:
    """Return every id there is."""
    found: set[int] = set()
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if "id" in table.c:
                found |= set(connection.scalars(sa.select(table.c.id)))
    return found


def of(engine: Engine, known: set[int]) -> dict[str, list[str]]:
    """Return each table's rows in order, instants left out and ids not `known` made alike."""
    with engine.connect() as connection:
        names = _names(connection)

        def said(table: sa.Table, column: sa.Column, value: object) -> object:
            if isinstance(value, datetime) or (table.name, column.name) in _MASKED:
                return "…"
            if isinstance(value, dict):
                return {key: said(table, column, each) for key, each in value.items()}
            if isinstance(value, int) and value > _SMALLEST_ID and value not in known:
                return names.get(value, "new")
            return _HEX_ID.sub("new", value) if isinstance(value, str) else value

        return {
            table.name: sorted(
                repr(
                    [said(table, column, value) for column, value in zip(table.c, row, strict=True)]
                )
                for row in connection.execute(sa.select(table))
            )
            for table in Base.metadata.sorted_tables
        }


def _names(connection: sa.Connection) -> dict[int, str]:
    """Name what is made on the way by what it is: entries by key, accounts by code."""
    tables = Base.metadata.tables
    named = {"entries": "key", "accounts": "code", "folios": "number", "reservations": "number"}
    return {
        row.id: f"{table} {_HEX_ID.sub('new', str(row[1]))}"
        for table, column in named.items()
        for row in connection.execute(sa.select(tables[table].c.id, tables[table].c[column]))
    }
