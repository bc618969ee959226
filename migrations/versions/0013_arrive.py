"""Arriving and leaving: house rules, the queue, fees by the hour, upgrades, express check-out."""

from alembic import op

from pms.base import migrations

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "house_rules",
    "rules_passed",
    "queued_parties",
    "hour_steps",
    "stay_fees",
    "upgrade_prices",
    "upgrades",
    "express_check_outs",
)


def upgrade() -> None:
    """Create the tables of the desk's rules and of what it makes of them."""
    migrations.run_frozen(op.get_bind(), __file__)
