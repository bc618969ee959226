"""Words of the page on the web go to the translations; tips are apart from a day's revenue."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations
from pms.base.db import new_id

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = ("translations",)
_LANGUAGES = ("en", "de", "fr", "es")
# Where words stood by language, where the house's own stand now, and the key beside the hotel's.
_MOVES = (
    ("web_sales", "greetings", "greeting VARCHAR(600)", "hotel_id"),
    ("web_plans", "words", "about VARCHAR(300)", "plan_id"),
    ("web_types", "words", "about VARCHAR(300)", "type_id"),
)
_KEPT = sa.table("translations", *map(sa.column, ("hotel_id", "name", "language", "words")))
# Who translated them is who set the page up last.
_LOGGED = sa.text(
    "INSERT INTO logbook (hotel_id, id, at, business_day, staff_id, origin, verb, noun, noun_id)"
    " SELECT hotel_id, :id, at, business_day, staff_id, 'migration 0035', 'translated names', noun,"
    " noun_id FROM logbook WHERE hotel_id = :hotel AND verb = 'set up web sales'"
    " ORDER BY id DESC LIMIT 1"
)
Row = dict[str, Any]


def upgrade() -> None:
    """Give translations room for a greeting and carry over to them; give each day its tips.

    Days that are closed keep their tips among other revenue.
    """
    bind = op.get_bind()
    _gather_words(bind)
    bind.exec_driver_sql("ALTER TABLE day_statistics ADD COLUMN tips BIGINT DEFAULT 0 NOT NULL")
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql("ALTER TABLE day_statistics ALTER COLUMN tips DROP DEFAULT")


def _gather_words(bind: Connection) -> None:
    """Make the table of translations anew, with what stood by language elsewhere."""
    kept = {
        (row["hotel_id"], row["name"], row["language"]): dict(row)
        for row in bind.execute(sa.select(_KEPT)).mappings()
    }
    bind.exec_driver_sql("DROP TABLE translations")
    migrations.run_frozen(bind, __file__)
    heads = bind.execute(sa.text("SELECT hotel_id, language FROM letterheads"))
    spoken = {row.hotel_id: row.language for row in heads}
    carried: list[Row] = []
    for table, before, column, key in _MOVES:
        carried += _moved(bind, table, before, column, key, spoken)
    for row in carried:
        kept.setdefault((row["hotel_id"], row["name"], row["language"]), row)
    if kept:
        bind.execute(sa.insert(_KEPT), list(kept.values()))
    for hotel_id in {row["hotel_id"] for row in carried}:
        bind.execute(_LOGGED, {"hotel": hotel_id, "id": new_id()})


def _moved(
    bind: Connection, table: str, before: str, column: str, key: str, spoken: Mapping[int, str]
) -> list[Row]:
    """Leave the house's own words in a column of their own; return them in every language."""
    now = column.split()[0]
    bind.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} DEFAULT '' NOT NULL")
    old = sa.table(table, *map(sa.column, {"hotel_id", key, now}), sa.column(before, sa.JSON))
    found: list[Row] = []
    for row in bind.execute(sa.select(old)).mappings().all():
        said = {code: " ".join((row[before] or {}).get(code, "").split()) for code in _LANGUAGES}
        said = {code: words for code, words in said.items() if words}
        if not said:
            continue
        own = said.get(spoken.get(row["hotel_id"], ""), next(iter(said.values())))
        where = (old.c.hotel_id == row["hotel_id"], old.c[key] == row[key])
        bind.execute(sa.update(old).where(*where).values({now: own}))
        found += [
            {"hotel_id": row["hotel_id"], "name": own, "language": code, "words": words}
            for code, words in said.items()
        ]
    bind.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {before}")
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {now} DROP DEFAULT")
    return found
