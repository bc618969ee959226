"""The ground: every table and trigger of the first floor."""

from alembic import op

from pms.base import ink
from pms.base.db import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    Base.metadata.create_all(op.get_bind())
    ink.create_all(op.get_bind())
