"""Arriving and leaving: house rules, the queue, fees by the hour, upgrades, express check-out."""

import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "house_rules",
    "rules_passed",
    "queued_parties",
    "hour_steps",
    "stay_fees",
    "upgrade_prices",
    "upgrades",
    "express_check_outs",
)


_ADDED = (
    "ALTER TABLE guests ADD COLUMN folded_given VARCHAR{sought}",
    "CREATE INDEX ix_guests_chain_id_folded_given ON guests (chain_id, folded_given)",
)


def upgrade() -> None:
    """Create the tables of the desk's rules, and let guests be found by their first name."""
    bind = op.get_bind()
    migrations.run_frozen(bind, __file__)
    sought = ' COLLATE "C"' if bind.dialect.name == "postgresql" else ""
    for statement in _ADDED:
        bind.exec_driver_sql(statement.format(sought=sought))
    _fold_given_names(bind)


def _fold_given_names(bind: Connection) -> None:
    """Write down how first names are searched, as `guests.folded` did that day."""
    guests = sa.table("guests", *map(sa.column, ("chain_id", "id", "given_name", "folded_given")))
    for chain_id, guest_id, name in bind.execute(
        sa.select(guests.c.chain_id, guests.c.id, guests.c.given_name)
    ).all():
        plain = unicodedata.normalize("NFKD", name)
        bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
        bind.execute(
            sa.update(guests)
            .where(guests.c.chain_id == chain_id, guests.c.id == guest_id)
            .values(folded_given=" ".join(bare.casefold().split()))
        )
