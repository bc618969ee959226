"""Packages: meals and extras that post by a rhythm, and charge codes of their own for fees."""

from alembic import op

from pms.base import migrations

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("packages", "package_children", "plan_packages", "reservation_packages")


def upgrade() -> None:
    """Create the tables of packages."""
    migrations.run_frozen(op.get_bind(), __file__)
