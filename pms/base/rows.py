"""Rows: read afresh by their key, and locked before they are checked."""

from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState, Mapper, Session
from sqlalchemy.orm.attributes import set_committed_value

T = TypeVar("T")

READ, LOCK, HOLD = "read", "lock", "hold"


def is_postgresql(session: Session) -> bool:
    """Tell which engine the session speaks to."""
    return session.get_bind().dialect.name == "postgresql"


def lock(session: Session, thing: T) -> T:
    """Lock a row before it is checked, and read its columns afresh.

    On SQLite the write turn is the lock; on PostgreSQL it is FOR UPDATE. Related things aren't read
    with it.
    """
    return _read(session, thing, (), LOCK if is_postgresql(session) else READ)


def hold(session: Session, thing: T) -> T:
    """Lock a row against whoever would change it too, and read its columns afresh.

    What only refers to it, as everything refers to its hotel, goes on being written.
    """
    return _read(session, thing, (), HOLD if is_postgresql(session) else READ)


def reread(session: Session, thing: T, *columns: str) -> T:
    """Read some columns of a row afresh, without locking it."""
    return _read(session, thing, columns, READ)


def _read(session: Session, thing: T, columns: tuple[str, ...], how: str) -> T:
    """Give a thing the values of its row, all of them if no columns are named.

    By a statement kept for each kind of thing: every verb locks, and `Session.refresh` says it anew
    each time, which took more than the database's part.
    """
    session.flush()
    state = cast(InstanceState[T], sa.inspect(thing))
    statement, names = _reading(state.mapper, columns, how)
    key = {f"key{place}": value for place, value in enumerate(state.identity or ())}
    row = session.connection().execute(statement, key).first()
    if row is None:
        raise sa.exc.InvalidRequestError(f"Row {state.identity} of {type(thing).__name__} is gone.")
    for name, value in zip(names, row, strict=True):
        if name not in state.dict or state.dict[name] != value:
            set_committed_value(thing, name, value)
    return thing


@cache
def _reading(
    mapper: Mapper[Any], columns: tuple[str, ...], how: str
) -> tuple[sa.Select[Any], tuple[str, ...]]:
    """Return what reads a row by its key, and which attributes its columns are."""
    names = columns or tuple(mapper.column_attrs.keys())
    statement = sa.select(*(mapper.column_attrs[name].columns[0] for name in names)).where(
        *(column == sa.bindparam(f"key{place}") for place, column in enumerate(mapper.primary_key))
    )
    if how == READ:
        return statement, names
    return statement.with_for_update(key_share=how == HOLD), names
