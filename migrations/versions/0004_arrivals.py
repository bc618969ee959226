"""Arrivals: letterheads, letters of reservations."""

from alembic import op

from pms.base import migrations

revision = "0004"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("letterheads", "reservation_letters")


def upgrade() -> None:
    """Create the tables of confirmations."""
    migrations.run_frozen(op.get_bind(), __file__)
