"""What is above the price of a stay bears no tax; the safe holds nothing below nothing."""

from alembic import op

from pms.base import migrations

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLES = ("safe_clearings",)
GUARDS = (
    "deposit_taxes_above_price_untaxed",
    "deposit_taxes_no_more_than_paid",
    "entries_leave_no_debt_in_the_safe",
)


def upgrade() -> None:
    """Add guards, and room for what is cleared of the safe.

    What a safe owes by now, and deposits that were taxed whole, are mended by verbs: money brought
    into the safe, and the audit after a party was seen to again.
    """
    migrations.run_frozen(op.get_bind(), __file__)
