"""Hosted checkout: requests, intents, holds, kept cards, disputes, payouts."""

from alembic import op

from pms.base import migrations

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "card_consents",
    "card_holds",
    "checkout_settings",
    "disputes",
    "gateway_events",
    "gateway_intents",
    "gateway_payments",
    "kept_cards",
    "payment_requests",
    "payout_lines",
    "payouts",
)


def upgrade() -> None:
    """Create the tables of hosted checkout."""
    migrations.run_frozen(op.get_bind(), __file__)
