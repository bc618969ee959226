"""Groups: what is agreed with them, their allotments and their prices."""

from alembic import op

from pms.base import migrations

revision = "0009"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("allotment_nights", "group_terms", "group_prices")


def upgrade() -> None:
    """Create what is new."""
    migrations.run_frozen(op.get_bind(), __file__)
