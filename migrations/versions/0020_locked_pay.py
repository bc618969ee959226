"""A locked pay period keeps who reviewed, approved and locked it, also against nothing at all."""

from alembic import op

from pms.base import migrations

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = ("pay_periods_stay_locked",)


def upgrade() -> None:
    """Let the guard see what becomes NULL: `<>` doesn't."""
    bind = op.get_bind()
    bind.exec_driver_sql(
        "DROP FUNCTION pay_periods_stay_locked() CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER pay_periods_stay_locked"
    )
    migrations.run_frozen(bind, __file__)
