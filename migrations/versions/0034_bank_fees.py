"""What a bank keeps of foreign notes as its fee."""

from alembic import op

from pms.base import migrations

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = ("notes_banked_cost_their_fee",)


def upgrade() -> None:
    """Add the fee, which no banking before had, and its guard."""
    bind = op.get_bind()
    bind.exec_driver_sql(
        "ALTER TABLE notes_banked ADD COLUMN fee BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_notes_banked_fee_not_below_nothing CHECK (fee >= 0)"
    )
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql("ALTER TABLE notes_banked ALTER COLUMN fee DROP DEFAULT")
    migrations.run_frozen(bind, __file__)
