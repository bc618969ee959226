"""Keeping: cleaning standards, sheets and tasks, discrepancies, the minibar, work orders."""

from alembic import op

from pms.base import migrations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    "cleaning_standards",
    "keeping_rules",
    "sheets",
    "room_tasks",
    "discrepancies",
    "minibar_items",
    "work_orders",
)


def upgrade() -> None:
    """Create them."""
    migrations.run_frozen(op.get_bind(), __file__)
