"""Keys: which open a room for whom, and how a hotel makes them."""

from alembic import op

from pms.base import migrations

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("key_settings", "room_keys")


def upgrade() -> None:
    """Create the tables of keys."""
    migrations.run_frozen(op.get_bind(), __file__)
