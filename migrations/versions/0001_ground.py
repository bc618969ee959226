"""The ground: every table and trigger of the first floor, as `migrations/freeze.py` wrote them."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    connection = op.get_bind()
    written = Path(__file__).with_name(f"0001_ground.{connection.dialect.name}.sql")
    for statement in written.read_text(encoding="utf-8").split("\n;;\n"):
        connection.exec_driver_sql(statement.strip())
