"""Write a revision's SQL from the tables and triggers as they are, when its tables are new.

Run it as `.venv/bin/python -m migrations.freeze 0002`: the revision's module names its new tables
in `TABLES`, and what creates them, their indexes and their triggers goes beside it, one file per
engine; new triggers of older tables are named in its `GUARDS`. Hotels live on the revisions
before, so these never change again; what alters a table that is there is written by hand in the
revision itself.
"""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

import pms.hotel.tables  # noqa: F401 - every table must be known
from pms.base import ink
from pms.base.db import Base
from pms.base.migrations import BETWEEN

FOLDER = Path(__file__).parent / "versions"
DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def statements(name: str, tables: tuple[str, ...], guards: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what creates these tables, their indexes and triggers on an engine, then guards."""
    dialect = DIALECTS[name]
    for table in Base.metadata.sorted_tables:
        if table.name not in tables:
            continue
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    yield from ink.statements(name, tables)
    yield from ink.named(name, guards)


def frozen(revision: str, name: str) -> Path:
    """Return the file of a revision's SQL for an engine."""
    module = next(FOLDER.glob(f"{revision}_*.py"))
    return module.with_name(f"{module.stem}.{name}.sql")


def new_tables(revision: str) -> tuple[str, ...]:
    """Return the tables that a revision makes."""
    tables: tuple[str, ...] = _module(revision).TABLES
    return tables


def new_guards(revision: str) -> tuple[str, ...]:
    """Return the triggers that a revision gives to tables that were there."""
    guards: tuple[str, ...] = getattr(_module(revision), "GUARDS", ())
    return guards


def _module(revision: str) -> ModuleType:
    return import_module(f"migrations.versions.{next(FOLDER.glob(f'{revision}_*.py')).stem}")


def main() -> None:
    """Write one file per engine for the revision asked for."""
    revision = re.sub(r"\D", "", sys.argv[1])
    for name in DIALECTS:
        file = frozen(revision, name)
        words = BETWEEN.join(statements(name, new_tables(revision), new_guards(revision)))
        file.write_text(words + "\n", encoding="utf-8")
        print(file)  # noqa: T201 - a command of the developer's


if __name__ == "__main__":
    main()
