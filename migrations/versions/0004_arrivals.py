"""Arrivals: letterheads, letters of reservations, parties with their documents and cards."""

from alembic import op

from pms.base import migrations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "letterheads",
    "reservation_letters",
    "identity_documents",
    "party_guests",
    "registration_cards",
    "police_units",
    "police_files",
    "police_reports",
)


def upgrade() -> None:
    """Create the tables of confirmations and check-in."""
    migrations.run_frozen(op.get_bind(), __file__)
