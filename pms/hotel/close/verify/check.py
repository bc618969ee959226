"""What a check is: an invariant, how many rows it looked at, and those it found wrong."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import is_postgresql
from pms.hotel.house.hotels import Hotel

EXAMPLES = 5


@dataclass(frozen=True)
class Check:
    """One invariant recomputed; `wrong` counts the rows that break it, `examples` names a few."""

    name: str
    rows: int
    wrong: int
    examples: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the invariant holds."""
        return self.wrong == 0

    def as_dict(self) -> dict[str, Any]:
        """Return the check as `pms verify --json` says it."""
        return {"name": self.name, "ok": self.ok, "rows": self.rows, "wrong": self.wrong}


@dataclass(frozen=True)
class Rule:
    """An invariant as SQL both engines read: what it looks at, and what must return no row.

    `looked` is a FROM clause that is counted; `wrong` selects one column that says what is wrong.
    `DAYS(a, b)` stands for the nights from a to b, `MINUTES(a, b)` for the minutes between two
    instants, and `:hotel` is bound.
    """

    name: str
    looked: str
    wrong: str

    def reads(self, tables: Collection[str]) -> bool:
        """Tell whether it says anything of these tables."""
        return not self._words.isdisjoint(tables)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", f"{self.looked} {self.wrong}"))

    def check(self, session: Session, hotel: Hotel) -> Check:
        """Count what it looks at, and what is wrong."""
        asked = {"hotel": hotel.id}
        rows = session.scalar(sa.text(f"SELECT COUNT(*) FROM {self.looked}"), asked)  # noqa: S608
        found = session.execute(sa.text(_for_engine(session, self.wrong)), asked)
        wrong = [str(row[0]) for row in found]
        return Check(self.name, int(rows or 0), len(wrong), tuple(wrong[:EXAMPLES]))


_DAYS = re.compile(r"DAYS\(([\w.]+), ([\w.]+)\)")
_MINUTES = re.compile(r"MINUTES\(([\w.]+), ([\w.]+)\)")


def _for_engine(session: Session, sql: str) -> str:
    """Say the nights between two dates, and the minutes of two instants, as the engine does."""
    if is_postgresql(session):
        sql = _MINUTES.sub(r"CAST(EXTRACT(EPOCH FROM \2 - \1) / 60 AS INTEGER)", sql)
        return _DAYS.sub(r"(\2 - \1)", sql)
    sql = _MINUTES.sub(r"CAST(ROUND((julianday(\2) - julianday(\1)) * 1440) AS INTEGER)", sql)
    return _DAYS.sub(r"CAST(julianday(\2) - julianday(\1) AS INTEGER)", sql)
