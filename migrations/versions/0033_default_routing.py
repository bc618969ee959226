"""Routing by sets of charge codes, with levies apart; default rules of agreements and plans."""

from alembic import op

from pms.base import migrations

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = ("charge_set_codes", "charge_sets", "default_rules")
GUARDS = (
    "routing_rules_change_to_a_set_that_is",
    "routing_rules_keep_their_default",
    "routing_rules_know_their_default",
    "routing_rules_know_their_set",
)
_ALTERED = (
    (
        "ADD COLUMN charge_set_id BIGINT CONSTRAINT ck_routing_rules_a_set_by_itself"
        " CHECK (charge_set_id IS NULL OR charge_code_id IS NULL AND department IS NULL)"
    ),
    "ADD COLUMN default_id BIGINT",
    (
        "ADD COLUMN levies VARCHAR(24) NOT NULL DEFAULT 'along' CONSTRAINT ck_routing_rules_levies"
        " CHECK (levies IN ('along', 'left', 'only'))"
    ),
)


def upgrade() -> None:
    """Let rules that stand take charges with their levies, as they did."""
    bind = op.get_bind()
    for column in _ALTERED:
        bind.exec_driver_sql(f"ALTER TABLE routing_rules {column}")
    migrations.run_frozen(bind, __file__)
