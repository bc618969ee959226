"""Routing by weekdays, percentages and limits; what each rule sent; who may adjust how much."""

from alembic import op

from pms.base import migrations

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("adjustment_limits", "routed_amounts")
GUARDS = (
    "entries_leave_papers_alone",
    "entries_move_what_stands",
    "routing_rules_limit_what_went",
    "routing_rules_stay_for_what_went",
)
_CHECKED = "ALTER TABLE routing_rules ADD COLUMN {0} CONSTRAINT ck_routing_rules_{1} CHECK ({2})"
_COLUMNS = (
    ("weekdays SMALLINT NOT NULL DEFAULT 127", "some_weekday", "weekdays BETWEEN 1 AND 127"),
    ("percent SMALLINT NOT NULL DEFAULT 10000", "some_percent", "percent BETWEEN 1 AND 10000"),
    ("night_limit BIGINT", "some_a_night", "night_limit > 0"),
    ("total_limit BIGINT", "some_in_all", "total_limit > 0"),
)


def upgrade() -> None:
    """Let rules that stand take all of what they took; a paper holds only its own window's part."""
    bind = op.get_bind()
    for column in _COLUMNS:
        bind.exec_driver_sql(_CHECKED.format(*column))
    bind.exec_driver_sql("ALTER TABLE routing_rules ADD COLUMN ended_on DATE")
    bind.exec_driver_sql(
        "DROP FUNCTION entries_leave_papers_alone() CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER entries_leave_papers_alone"
    )
    migrations.run_frozen(bind, __file__)
