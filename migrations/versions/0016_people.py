"""People: employees apart from sign-ins, their roster, and the time clock."""

from alembic import op

from pms.base import migrations

revision = "0016"
down_revision = "0011"
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
    "time_approvals",
    "time_breaks",
    "time_edits",
    "time_entries",
    "training_courses",
    "trainings",
)


def upgrade() -> None:
    """Create the tables of people."""
    migrations.run_frozen(op.get_bind(), __file__)
