"""Groups with their allotments and prices; waiting list, turnaways, traces, alerts."""

from alembic import op

from pms.base import migrations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "allotment_nights",
    "group_terms",
    "group_prices",
    "waitlist",
    "turnaways",
    "traces",
    "alerts",
    "agreements",
)
_OPTION = """
    ALTER TABLE reservations ADD COLUMN option_date DATE
        CONSTRAINT ck_reservations_option_is_no_stay
        CHECK (option_date IS NULL OR state NOT IN ('in_house', 'departed'))
"""
_FOUND = """
    CREATE INDEX ix_reservations_hotel_id_option_date ON reservations (hotel_id, option_date)
        WHERE option_date IS NOT NULL
"""

_VERSION = "ALTER TABLE groups ADD COLUMN version BIGINT NOT NULL DEFAULT 1"


def upgrade() -> None:
    """Create what is new."""
    migrations.run_frozen(op.get_bind(), __file__)
    for statement in (_OPTION, _FOUND, _VERSION):
        op.execute(statement)
