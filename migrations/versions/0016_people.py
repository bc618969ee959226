"""People: employees apart from sign-ins, their roster, and the time clock."""

from alembic import op

from pms.base import migrations

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "absences",
    "absent_days",
    "clock_devices",
    "employee_papers",
    "employees",
    "employments",
    "pay_rates",
    "payroll_numbers",
    "pin_tries",
    "positions",
    "punches",
    "roster_shifts",
    "roster_weeks",
    "shift_templates",
    "time_approvals",
    "time_breaks",
    "time_edits",
    "time_entries",
    "training_courses",
    "trainings",
    "work_rules",
)


def upgrade() -> None:
    """Create the tables of people, and let the duty list say which shift filled it."""
    op.get_bind().exec_driver_sql("ALTER TABLE duties ADD COLUMN roster_shift_id BIGINT")
    op.get_bind().exec_driver_sql(
        "CREATE INDEX ix_duties_hotel_id_roster_shift_id ON duties (hotel_id, roster_shift_id)"
    )
    migrations.run_frozen(op.get_bind(), __file__)
