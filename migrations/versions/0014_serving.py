"""Serving: reception, letters on escalation, two roles more, and documents under seal."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import keyring, migrations

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = (
    "guest_messages",
    "identity_documents",
    "phone_calls",
    "privacy_wishes",
    "visitors",
    "vouchers",
)
_SEALED = {
    "number": "document number",
    "birth_date": "document birth date",
    "lives_in": "document residence",
}
_AT_ONCE = 1_000
_HANDED_OVER = ("open_messages", "open_calls", "visitors_in")
_ROLES = re.compile(r"CONSTRAINT ck_staff_roles_role CHECK \(role IN \([^)]*\)\)")


def upgrade() -> None:
    """Add the tables of reception, and the columns and roles that came with them.

    Guests' documents are written anew, under seal; the first key is made here.
    """
    bind = op.get_bind()
    keyring.make_first()
    bind.exec_driver_sql("CREATE TABLE documents_open AS SELECT * FROM identity_documents")
    bind.exec_driver_sql("DROP TABLE identity_documents")
    migrations.run_frozen(bind, __file__)
    _seal(bind)
    for column in _HANDED_OVER:
        _add(bind, "handovers", f"{column} JSON NOT NULL", default="'[]'")
    _add(bind, "hotels", "mails_escalations BOOLEAN NOT NULL", default="FALSE")
    bind.exec_driver_sql("ALTER TABLE staff ADD COLUMN escalations_to VARCHAR")
    _let_be_hired(bind, "concierge", "engineer")


def _seal(bind: Connection) -> None:
    """Write the documents anew, so many at a time, and let the open ones go."""
    columns = [each["name"] for each in sa.inspect(bind).get_columns("documents_open")]
    kept = sa.table("documents_open", *map(sa.column, columns))
    sealed = sa.table("identity_documents", *map(sa.column, [*columns, "number_index"]))
    after = (0, 0)
    while True:
        rows = bind.execute(
            sa.select(kept)
            .where(sa.tuple_(kept.c.chain_id, kept.c.id) > after)
            .order_by(kept.c.chain_id, kept.c.id)
            .limit(_AT_ONCE)
        ).mappings()
        found = [_under_seal(dict(row)) for row in rows]
        if not found:
            break
        bind.execute(sa.insert(sealed), found)
        after = (found[-1]["chain_id"], found[-1]["id"])
    bind.exec_driver_sql("DROP TABLE documents_open")


def _under_seal(row: dict[str, Any]) -> dict[str, Any]:
    index = keyring.index(row["number"], about=_SEALED["number"])
    closed = {
        name: None if row[name] is None else keyring.seal(str(row[name]), about=about)
        for name, about in _SEALED.items()
    }
    return {**row, **closed, "number_index": index}


def _add(bind: Connection, table: str, column: str, *, default: str) -> None:
    """Add a column that is never empty; what is there gets the default, what comes says its own."""
    bind.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} DEFAULT {default}")
    if bind.dialect.name == "postgresql":
        name = column.split(" ", maxsplit=1)[0]
        bind.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")


def _let_be_hired(bind: Connection, *roles: str) -> None:
    """Let staff have these roles beside those there are; SQLite wants the table made anew."""
    [check] = sa.inspect(bind).get_check_constraints("staff_roles")
    known = [*re.findall(r"'(\w+)'", str(check["sqltext"])), *roles]
    listed = ", ".join(f"'{role}'" for role in dict.fromkeys(known))
    wanted = f"CONSTRAINT ck_staff_roles_role CHECK (role IN ({listed}))"
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(
            f"ALTER TABLE staff_roles DROP CONSTRAINT ck_staff_roles_role, ADD {wanted}"
        )
        return
    words = bind.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE name = 'staff_roles'")
    anew = re.sub(r"staff_roles\W", "staff_roles_anew ", str(words.scalar_one()), count=1)
    bind.exec_driver_sql(_ROLES.sub(wanted, anew))
    bind.exec_driver_sql("INSERT INTO staff_roles_anew SELECT * FROM staff_roles")
    bind.exec_driver_sql("DROP TABLE staff_roles")
    bind.exec_driver_sql("ALTER TABLE staff_roles_anew RENAME TO staff_roles")
