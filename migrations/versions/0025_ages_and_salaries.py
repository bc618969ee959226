"""Ages in taxes, letters before an arrival, salaries for hours, and guards of locked pay."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("arrival_letter_rules", "tax_age_bands")
GUARDS = (
    "absent_days_stay_with_the_lock_delete",
    "absent_days_stay_with_the_lock_insert",
    "absent_days_stay_with_the_lock_update",
    "tip_pools_begin_on_an_open_day_moved",
    "tip_pools_begin_on_an_open_day_opened",
)
_TELLS = re.compile(r"CONSTRAINT ck_reservation_letters_tells CHECK \(tells IN \([^)]*\)\)")
_WANTED = (
    "CONSTRAINT ck_reservation_letters_tells CHECK"
    " (tells IN ('confirmation', 'change', 'cancellation', 'before_arrival'))"
)
_ONCE = (
    "CREATE UNIQUE INDEX uq_reservation_letters_before_arrival_once"
    " ON reservation_letters (hotel_id, reservation_id)"
    " WHERE tells = 'before_arrival' AND way = 'mail' AND repeats IS NULL"
)


_COLUMNS = (
    (
        "ALTER TABLE employees ADD COLUMN language VARCHAR(2)"
        " CONSTRAINT ck_employees_language_is_written CHECK (language IN ('en', 'de', 'fr', 'es'))"
    ),
    (
        "ALTER TABLE pay_rates ADD COLUMN week_minutes SMALLINT"
        " CONSTRAINT ck_pay_rates_salary_for_a_week CHECK (week_minutes IS NULL"
        " OR (basis <> 'hour' AND week_minutes BETWEEN 0 AND 10080))"
    ),
    "ALTER TABLE pay_pieces ADD COLUMN salary_a_year BIGINT",
    (
        "ALTER TABLE pay_pieces ADD COLUMN week_minutes SMALLINT"
        " CONSTRAINT ck_pay_pieces_salary_is_for_hours"
        " CHECK ((salary_a_year IS NULL) = (week_minutes IS NULL))"
    ),
)


def upgrade() -> None:
    """Add tables, columns and guards, and let letters tell of an arrival, once."""
    bind = op.get_bind()
    migrations.run_frozen(bind, __file__)
    for statement in _COLUMNS:
        bind.exec_driver_sql(statement)
    _let_tell(bind)
    bind.exec_driver_sql(_ONCE)


def _let_tell(bind: Connection) -> None:
    """Let a letter be one before an arrival; SQLite wants the table made anew."""
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(
            "ALTER TABLE reservation_letters"
            f" DROP CONSTRAINT ck_reservation_letters_tells, ADD {_WANTED}"
        )
        return
    words = bind.execute(
        sa.text("SELECT sql FROM sqlite_schema WHERE name = 'reservation_letters'")
    )
    anew = re.sub(r"reservation_letters\W", "letters_anew ", str(words.scalar_one()), count=1)
    bind.exec_driver_sql(_TELLS.sub(_WANTED, anew))
    bind.exec_driver_sql("INSERT INTO letters_anew SELECT * FROM reservation_letters")
    bind.exec_driver_sql("DROP TABLE reservation_letters")
    bind.exec_driver_sql("ALTER TABLE letters_anew RENAME TO reservation_letters")
