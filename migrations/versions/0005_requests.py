"""Requests: duty lists, categories with their clocks, requests, their levels and recoveries."""

from alembic import op

from pms.base import migrations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "duties",
    "request_categories",
    "request_clocks",
    "requests",
    "request_notes",
    "request_escalations",
    "request_recoveries",
    "handovers",
    "tickets",
)


def upgrade() -> None:
    """Create them."""
    migrations.run_frozen(op.get_bind(), __file__)
