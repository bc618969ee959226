"""VAT on deposits: when it is due, and what was owed and set off of each."""

from alembic import op

from pms.base import migrations

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = ("deposit_tax_rules", "deposit_taxes")


def upgrade() -> None:
    """Add the tables; deposits that are held already stay as they are, untaxed until invoiced."""
    migrations.run_frozen(op.get_bind(), __file__)
