"""The guest's side: what is sold on the web, links to stays, and what guests tell and accept."""

from alembic import op

from pms.base import migrations

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = (
    "web_sales",
    "web_plans",
    "web_types",
    "web_bookings",
    "guest_links",
    "guest_visits",
    "guest_knocks",
    "arrival_details",
)


def upgrade() -> None:
    """Create the tables of the guest's side."""
    migrations.run_frozen(op.get_bind(), __file__)
