"""Restrictions: nights that are open, but not for every stay."""

from alembic import op

from pms.base import migrations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("restrictions", "rate_changes")


def upgrade() -> None:
    """Create what is new."""
    migrations.run_frozen(op.get_bind(), __file__)
