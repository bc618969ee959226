"""Links to whole bookings beside links to one stay; reservations are listed by their index."""

from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = (
    "guest_links_open_a_booking_by_its_first_room",
    "guest_links_stay_withdrawn",
    "guest_visits_open_a_booking_by_its_first_room",
    "guest_visits_see_what_they_began_with",
)


def upgrade() -> None:
    """Let links and visits say what they open; those that are there open one stay each.

    The index by state and arrival has the number too, in which a day's reservations are listed.
    """
    bind = op.get_bind()
    bind.exec_driver_sql("DROP INDEX ix_reservations_hotel_id_state_arrival")
    bind.exec_driver_sql(
        "CREATE INDEX ix_reservations_hotel_id_state_arrival_number"
        " ON reservations (hotel_id, state, arrival, number)"
    )
    for table in ("guest_links", "guest_visits"):
        _say_what_opens(bind, table)
    bind.exec_driver_sql("DROP INDEX uq_guest_links_standing")
    bind.exec_driver_sql(
        "CREATE UNIQUE INDEX uq_guest_links_standing"
        " ON guest_links (hotel_id, reservation_id, opens) WHERE withdrawn_at IS NULL"
    )
    bind.exec_driver_sql(
        "DROP FUNCTION guest_links_stay_withdrawn() CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER guest_links_stay_withdrawn"
    )
    migrations.run_frozen(bind, __file__)


def _say_what_opens(bind: Connection, table: str) -> None:
    """Add the column; what is there gets its default, what comes says its own."""
    bind.exec_driver_sql(
        f"ALTER TABLE {table} ADD COLUMN opens VARCHAR(24) NOT NULL DEFAULT 'stay'"
        f" CONSTRAINT ck_{table}_opens CHECK (opens IN ('stay', 'booking'))"
    )
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN opens DROP DEFAULT")
