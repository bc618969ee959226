"""Concierge: vendors, activities with their times and bookings, wake-up calls, knowledge."""

from alembic import op

from pms.base import migrations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "vendors",
    "activities",
    "activity_times",
    "activity_bookings",
    "wake_ups",
    "wake_up_calls",
    "articles",
)


def upgrade() -> None:
    """Create them."""
    migrations.run_frozen(op.get_bind(), __file__)
