"""Who worked or corrected hours doesn't approve them; pay rules are locked by what went by them."""

from alembic import op

from pms.base import migrations

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = ("pay_rules_hold_from_an_open_day", "time_approvals_have_four_eyes")
# Those of before were allowed, and say so.
_SAID = """
    UPDATE time_approvals SET why = 'Approved before somebody else had to'
    WHERE EXISTS (SELECT 1 FROM time_edits t WHERE t.hotel_id = time_approvals.hotel_id
        AND t.entry_id = time_approvals.entry_id AND t.staff_id = time_approvals.staff_id
        AND t.version <= time_approvals.version)
"""


def upgrade() -> None:
    """Give approvals room for a reason; put both guards."""
    bind = op.get_bind()
    bind.exec_driver_sql("ALTER TABLE time_approvals ADD COLUMN why VARCHAR")
    with migrations.ink_dried(bind, "time_approvals"):
        bind.exec_driver_sql(_SAID)
    bind.exec_driver_sql(
        "DROP FUNCTION pay_rules_hold_from_an_open_day() CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER pay_rules_hold_from_an_open_day"
    )
    migrations.run_frozen(bind, __file__)
