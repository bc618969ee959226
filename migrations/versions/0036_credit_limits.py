"""Companies' credit limits are each hotel's own; adjustments are found by what they concern."""

from alembic import op

from pms.base import migrations

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("company_credits",)
# A limit was meant in the money of the hotel that granted it last, and holds at the chain's hotels
# of that money. Who had direct billing without a limit keeps that everywhere.
_CARRIED = """
    INSERT INTO company_credits (hotel_id, company_id, chain_id, most)
    SELECT h.id, c.id, c.chain_id, c.credit_limit
    FROM companies c JOIN hotels h ON h.chain_id = c.chain_id
    WHERE (c.credit_limit IS NULL AND c.direct_bill) OR (c.credit_limit IS NOT NULL
        AND h.currency = COALESCE(
            (SELECT g.currency FROM logbook l JOIN hotels g ON g.id = l.hotel_id
             WHERE g.chain_id = c.chain_id AND l.noun = 'companies' AND l.noun_id = c.id
             AND l.verb IN ('granted credit', 'entered company')
             ORDER BY l.verb DESC, l.at DESC, l.id DESC LIMIT 1),
            (SELECT o.currency FROM hotels o WHERE o.chain_id = c.chain_id ORDER BY o.id LIMIT 1)))
"""


def upgrade() -> None:
    """Carry limits over to the hotels of their money; index what concerns another entry."""
    bind = op.get_bind()
    migrations.run_frozen(bind, __file__)
    bind.exec_driver_sql(_CARRIED)
    bind.exec_driver_sql("ALTER TABLE companies DROP COLUMN credit_limit")
    bind.exec_driver_sql(
        "CREATE INDEX ix_entries_hotel_id_concerns_id ON entries (hotel_id, concerns_id)"
        " WHERE concerns_id IS NOT NULL"
    )
