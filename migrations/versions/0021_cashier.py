"""Cashiers: shifts, their drawers and counts, house rates, paid-outs."""

from alembic import op

from pms.base import migrations

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = (
    "cashier_shifts",
    "drawer_moves",
    "drawer_counts",
    "counted_pieces",
    "exchange_rates",
    "cashier_rules",
    "paid_outs",
)


def upgrade() -> None:
    """Create the tables of the cashiers."""
    migrations.run_frozen(op.get_bind(), __file__)
