"""Companies' accounts: open items, allocations, disputes, statements; commissions paid."""

from alembic import op

from pms.base import migrations

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = (
    "account_statement_letters",
    "account_statements",
    "city_allocations",
    "city_disputes",
    "city_items",
    "city_ledger_terms",
    "commission_lines",
    "commission_statements",
)
_KINDS = (
    "CASE e.kind WHEN 'direct_bill' THEN 'bill' WHEN 'city_payment' THEN 'payment'"
    " ELSE 'reversal' END"
)
_ITEMS = f"""
    INSERT INTO city_items (hotel_id, id, chain_id, company_id, kind, dated, amount, open, version)
    SELECT e.hotel_id, e.id, h.chain_id, c.id, {_KINDS}, e.business_day, l.amount, l.amount, 1
    FROM entries e
    JOIN lines l ON l.hotel_id = e.hotel_id AND l.entry_id = e.id
    JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'city'
    JOIN hotels h ON h.id = e.hotel_id
    JOIN companies c ON c.chain_id = h.chain_id AND a.code = 'city/' || c.code
    WHERE l.amount <> 0
"""
_UNDONE = """
    UPDATE city_items SET open = 0 WHERE EXISTS (
        SELECT 1 FROM entries r WHERE r.hotel_id = city_items.hotel_id
        AND r.reverses_id IS NOT NULL AND city_items.id IN (r.id, r.reverses_id))
"""
_AGAINST_WHAT_UNDID_IT = """
    INSERT INTO city_allocations
        (hotel_id, id, debit_id, credit_id, undoes_id, amount, reason, made_on, made_at, staff_id)
    SELECT r.hotel_id, r.id,
        CASE WHEN i.amount > 0 THEN r.id ELSE r.reverses_id END,
        CASE WHEN i.amount > 0 THEN r.reverses_id ELSE r.id END,
        NULL, ABS(i.amount), r.reason, r.business_day, r.posted_at, r.posted_by
    FROM entries r JOIN city_items i ON i.hotel_id = r.hotel_id AND i.id = r.id
    WHERE r.reverses_id IS NOT NULL
"""


def upgrade() -> None:
    """Enter what stands on companies' accounts as open items, nothing of it allocated yet.

    What was reversed is set against what undid it, under that entry's id.
    """
    bind = op.get_bind()
    bind.exec_driver_sql("ALTER TABLE companies ADD COLUMN language VARCHAR(2)")
    migrations.run_frozen(bind, __file__)
    for statement in (_ITEMS, _UNDONE, _AGAINST_WHAT_UNDID_IT):
        bind.exec_driver_sql(statement)
