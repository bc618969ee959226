"""Packages that post by a rhythm, what fees are posted as, and changes of seasons to take back."""

from alembic import op

from pms.base import migrations

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "fee_codes",
    "packages",
    "package_children",
    "plan_packages",
    "reservation_packages",
    "season_changes",
)


def upgrade() -> None:
    """Create the tables."""
    migrations.run_frozen(op.get_bind(), __file__)
