"""Allowances: what may be consumed against packages; and seasons that are removed come back."""

from alembic import op

from pms.base import migrations

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = (
    "package_allowances",
    "allowance_codes",
    "reservation_allowances",
    "allowance_uses",
)


def upgrade() -> None:
    """Create the tables of allowances; a season's change says whether it removes it."""
    bind = op.get_bind()
    bind.exec_driver_sql(
        "ALTER TABLE season_changes ADD COLUMN removes BOOLEAN NOT NULL DEFAULT false"
    )
    migrations.run_frozen(bind, __file__)
