"""Hours approved or edited late, and those nobody approved, are found without reading them all."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = ()

INDEXES = (
    "CREATE INDEX ix_time_entries_hotel_id_approved_at ON time_entries (hotel_id, approved_at)",
    """CREATE INDEX ix_time_entries_unapproved ON time_entries (hotel_id, service_day)
    WHERE approved_at IS NULL""",
    "CREATE INDEX ix_time_edits_hotel_id_at ON time_edits (hotel_id, at)",
)


def upgrade() -> None:
    """Index what each look at an open pay period asks of the locked ones."""
    for each in INDEXES:
        op.get_bind().exec_driver_sql(each)
