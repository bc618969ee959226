"""What is above the price of a stay bears no tax."""

from alembic import op

from pms.base import migrations

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = (
    "deposit_taxes_above_price_untaxed",
    "deposit_taxes_no_more_than_paid",
)


def upgrade() -> None:
    """Add guards; deposits that were taxed whole are mended by the audit, seen to again."""
    migrations.run_frozen(op.get_bind(), __file__)
