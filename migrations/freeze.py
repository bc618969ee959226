"""Write the first revision's SQL anew from the tables and triggers as they are: before a release.

Run it as `.venv/bin/python -m migrations.freeze` while no hotel lives on revision 0001 yet; after
that, what has changed is a revision of its own.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

import pms.hotel.tables  # noqa: F401 - every table must be known
from pms.base import ink
from pms.base.db import Base

FOLDER = Path(__file__).parent / "versions"
BETWEEN = "\n;;\n"
DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def statements(name: str) -> Iterator[str]:
    """Yield what creates every table, index and trigger on an engine, in an order that works."""
    dialect = DIALECTS[name]
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    yield from ink.statements(name)


def main() -> None:
    """Write one file per engine."""
    for name in DIALECTS:
        file = FOLDER / f"0001_ground.{name}.sql"
        file.write_text(BETWEEN.join(statements(name)) + "\n", encoding="utf-8")
        print(file)  # noqa: T201 - a command of the developer's


if __name__ == "__main__":
    main()
