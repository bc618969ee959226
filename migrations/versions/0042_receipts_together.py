"""One receipt for several payments, each of them on one receipt."""

from alembic import op

from pms.base import migrations

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = ("receipt_payments",)
GUARDS = ("papers_receipt_a_payment_once",)


def upgrade() -> None:
    """Add which payments a receipt of several is for."""
    migrations.run_frozen(op.get_bind(), __file__)
