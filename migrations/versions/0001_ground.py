"""The ground: every table and trigger of the first floor, as they were frozen."""

from alembic import op

from pms.base import migrations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    migrations.run_frozen(op.get_bind(), __file__)
