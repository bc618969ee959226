"""A terminal's batch can be counted again, with a reason."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from pms.base import migrations

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("terminal_batches",)
_BEFORE = (
    "hotel_id", "id", "business_day", "terminal", "batch", "counted", "recorded", "staff_id"
)  # fmt: skip
_COUNTS = sa.table(
    "terminal_batches",
    *(sa.column(name) for name in (*_BEFORE, "no") if name != "business_day"),
    sa.column("business_day", sa.Date),
)


def upgrade() -> None:
    """Make the table anew: each count there was is the first of its batch."""
    bind = op.get_bind()
    kept: list[dict[str, Any]] = [
        {**row, "no": 1}
        for row in bind.execute(sa.select(*(_COUNTS.c[name] for name in _BEFORE))).mappings()
    ]
    bind.exec_driver_sql("DROP TABLE terminal_batches")
    if bind.dialect.name == "postgresql":
        for deed in ("delete", "update"):
            bind.exec_driver_sql(f"DROP FUNCTION terminal_batches_no_{deed}()")
    migrations.run_frozen(bind, __file__)
    if kept:
        bind.execute(sa.insert(_COUNTS), kept)
