"""Adjustments are found by what they concern."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ()


def upgrade() -> None:
    """Index what concerns another entry."""
    bind = op.get_bind()
    bind.exec_driver_sql(
        "CREATE INDEX ix_entries_hotel_id_concerns_id ON entries (hotel_id, concerns_id)"
        " WHERE concerns_id IS NOT NULL"
    )
