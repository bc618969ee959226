"""Selling: seasons, derived and negotiated plans, supplements, policies, fees, yield."""

import sqlalchemy as sa
from alembic import op

from pms.base import migrations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "tariff_versions",
    "derived_plans",
    "occupancy_supplements",
    "plan_companies",
    "seasons",
    "season_prices",
    "policies",
    "plan_policies",
    "reservation_terms",
    "reservation_fees",
    "yield_rules",
)


def upgrade() -> None:
    """Create them; each price may name its season, and each hotel has a tariff to begin with."""
    migrations.run_frozen(op.get_bind(), __file__)
    op.add_column("night_prices", sa.Column("season_id", sa.BigInteger(), nullable=True))
    op.execute("INSERT INTO tariff_versions (hotel_id, version) SELECT id, id FROM hotels")
