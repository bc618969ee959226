"""Payroll: rules, periods with what they were reckoned from, tips, and files."""

from alembic import op

from pms.base import migrations

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    "pay_bonuses",
    "pay_export_settings",
    "pay_exports",
    "pay_extras",
    "pay_lines",
    "pay_period_rules",
    "pay_periods",
    "pay_pieces",
    "pay_rules",
    "pool_takings",
    "tip_declarations",
    "tip_pool_positions",
    "tip_pools",
)


def upgrade() -> None:
    """Create the tables of payroll."""
    migrations.run_frozen(op.get_bind(), __file__)
