"""Serving: reception's messages, calls and visitors, and what a hand-over says of them."""

from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("guest_messages", "phone_calls", "privacy_wishes", "visitors")
_HANDED_OVER = ("open_messages", "open_calls", "visitors_in")


def upgrade() -> None:
    """Add the tables of reception, and what a hand-over names of them."""
    bind = op.get_bind()
    migrations.run_frozen(bind, __file__)
    for column in _HANDED_OVER:
        _add(bind, "handovers", f"{column} JSON NOT NULL", default="'[]'")


def _add(bind: Connection, table: str, column: str, *, default: str) -> None:
    """Add a column that is never empty; what is there gets the default, what comes says its own."""
    bind.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} DEFAULT {default}")
    if bind.dialect.name == "postgresql":
        name = column.split(" ", maxsplit=1)[0]
        bind.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")
