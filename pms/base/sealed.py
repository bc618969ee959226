"""Sealed columns: text that stands in the database under seal and in Python open."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from pms.base import keyring
from pms.base.keyring import KeyMissing


class Shut(str):
    """What stands for words whose key is missing; it says nothing of them."""

    __slots__ = ()


SHUT = Shut("can't be read without its key")


class Sealed(sa.TypeDecorator[str]):
    """Text under seal, bound to its column by `about`; without the key it reads as `SHUT`."""

    impl = sa.String
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is written; what couldn't be read is never written back."""
        del dialect
        if isinstance(value, Shut):
            raise ValueError("What couldn't be opened can't be sealed.")
        return None if value is None else keyring.seal(value, about=self.about)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Open what is read."""
        del dialect
        if value is None:
            return None
        try:
            return keyring.unseal(value, about=self.about)
        except KeyMissing:
            return SHUT


class SealedDate(sa.TypeDecorator[date]):
    """A day under seal; without the key it reads as unknown."""

    impl = sa.String
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Seal the day that is written."""
        del dialect
        return None if value is None else keyring.seal(value.isoformat(), about=self.about)

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Open the day that is read."""
        del dialect
        if value is None:
            return None
        try:
            return date.fromisoformat(keyring.unseal(value, about=self.about))
        except KeyMissing:
            return None


def is_sealed(column: sa.Column[Any]) -> bool:
    """Tell whether a column stands under seal."""
    return isinstance(column.type, Sealed | SealedDate)


def by_another_key(column: Any) -> sa.ColumnElement[bool]:
    """Tell what was sealed by another key than the one that seals now."""
    mine = f"{keyring.MARK}{keyring.current()}."
    return sa.func.substr(sa.type_coerce(column, sa.String), 1, len(mine)) != mine


def key_name(column: Any) -> sa.ColumnElement[str]:
    """Return the name of the key that sealed what stands in a column."""
    stands = sa.type_coerce(column, sa.String)
    return sa.func.substr(stands, len(keyring.MARK) + 1, keyring.NAME)


def missing(session: Session, column: Any) -> dict[str, int]:
    """Return the names of keys that are missing, each with how much of a column it sealed."""
    name = key_name(column)
    rows = session.execute(
        sa.select(name, sa.func.count()).where(column.is_not(None)).group_by(name)
    )
    there = {key.name for key in keyring.ring()}
    return {key: count for key, count in rows if key not in there}


def as_it_stands(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as the database has it: a sealed one stays shut."""
    return sa.type_coerce(column, sa.String()).label(column.name) if is_sealed(column) else column
