"""Serving: reception, letters on escalation, and two roles more."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("guest_messages", "phone_calls", "privacy_wishes", "visitors")
_HANDED_OVER = ("open_messages", "open_calls", "visitors_in")
_ROLES = re.compile(r"CONSTRAINT ck_staff_roles_role CHECK \(role IN \([^)]*\)\)")


def upgrade() -> None:
    """Add the tables of reception, and the columns and roles that came with them."""
    bind = op.get_bind()
    migrations.run_frozen(bind, __file__)
    for column in _HANDED_OVER:
        _add(bind, "handovers", f"{column} JSON NOT NULL", default="'[]'")
    _add(bind, "hotels", "mails_escalations BOOLEAN NOT NULL", default="FALSE")
    bind.exec_driver_sql("ALTER TABLE staff ADD COLUMN escalations_to VARCHAR")
    _let_be_hired(bind, "concierge", "engineer")


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
