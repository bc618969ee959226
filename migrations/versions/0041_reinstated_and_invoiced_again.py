"""Bookings keep when they were reinstated; a deposit whose invoice was credited has another.

A hold that was thought to have lapsed may turn out to have been taken.
"""

from alembic import op

from pms.base import migrations

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = ("papers_invoice_no_more_of_a_deposit", "card_holds_end_once")


def upgrade() -> None:
    """Give bookings room for that moment; let a deposit have a second invoice, never for more."""
    bind = op.get_bind()
    moment = "TIMESTAMP WITH TIME ZONE" if bind.dialect.name == "postgresql" else "DATETIME"
    bind.exec_driver_sql(f"ALTER TABLE reservations ADD COLUMN reinstated_at {moment}")
    bind.exec_driver_sql("DROP INDEX uq_papers_payment_once")
    bind.exec_driver_sql(
        "CREATE UNIQUE INDEX uq_papers_receipt_once ON papers (hotel_id, payment_id)"
        " WHERE kind = 'receipt'"
    )
    bind.exec_driver_sql(
        "CREATE INDEX ix_papers_payment_id ON papers (hotel_id, payment_id)"
        " WHERE payment_id IS NOT NULL"
    )
    bind.exec_driver_sql(
        "DROP FUNCTION card_holds_end_once() CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER card_holds_end_once"
    )
    migrations.run_frozen(bind, __file__)
