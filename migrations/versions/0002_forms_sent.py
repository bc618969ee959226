"""Forms that were sent: a booking's page sent twice books once."""

from alembic import op

from pms.base import migrations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("forms_sent",)


def upgrade() -> None:
    """Create what is new."""
    migrations.run_frozen(op.get_bind(), __file__)
