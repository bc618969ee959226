"""Credit that a guest's bank has taken is kept back, for each dispute that is open by now."""

from alembic import op

from pms.base import migrations

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = ()

# A dispute's own id is free among the reserves, which bear those of refunds.
_OPEN = """
    INSERT INTO credit_reserves
        (hotel_id, id, account_id, dispute_id, amount, reserved_at, of_deposit)
    SELECT d.hotel_id, d.id, p.account_id, d.id, d.amount, CURRENT_TIMESTAMP, a.ledger = 'deposit'
    FROM disputes d
    JOIN gateway_payments g ON g.hotel_id = d.hotel_id AND g.id = d.of_id
    JOIN payments p ON p.hotel_id = g.hotel_id AND p.id = g.payment_id
    JOIN accounts a ON a.hotel_id = p.hotel_id AND a.id = p.account_id
    WHERE d.state = 'open'
"""


def upgrade() -> None:
    """Give reserves room for their dispute; keep back what is disputed."""
    bind = op.get_bind()
    bind.exec_driver_sql("ALTER TABLE credit_reserves ADD COLUMN dispute_id BIGINT")
    bind.exec_driver_sql(
        "CREATE INDEX ix_credit_reserves_dispute_id ON credit_reserves (hotel_id, dispute_id)"
        " WHERE dispute_id IS NOT NULL"
    )
    bind.exec_driver_sql(_OPEN)
    migrations.run_frozen(bind, __file__)
