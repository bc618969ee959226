"""Translations: the house's own names in the other languages of its guests."""

from alembic import op

from pms.base import migrations

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = ("translations",)


def upgrade() -> None:
    """Add the table."""
    migrations.run_frozen(op.get_bind(), __file__)
