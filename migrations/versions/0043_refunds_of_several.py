"""A refund made in the gateway's own pages may give back of several rooms' parts of one charge."""

from alembic import op

from pms.base import migrations

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TABLES = ()
GUARDS = ()
_PART = "substr(object_id, 1, length(charge) + 1) = charge || '/'"
_AS_WRITTEN = f"charge IS NULL\n            OR amount > 0 AND {_PART}"  # by revision 0032


def upgrade() -> None:
    """Let what is given back name the refund it is a share of, as payments name their charge."""
    migrations.say_checks_anew(
        op.get_bind(),
        "gateway_payments",
        {
            "ck_gateway_payments_is_part_of_its_charge": (
                _AS_WRITTEN,
                f"charge IS NULL OR {_PART}",
            )
        },
    )
