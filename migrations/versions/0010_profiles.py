"""Profiles: merged and parted, unwanted with a reason, found by their name in its own script."""

import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("guest_merges",)
GUARDS = (
    "guests_merge_into_who_stands",
    "party_guests_name_who_stands",
    "reservations_begin_with_who_stands",
    "reservations_name_who_stands",
    "tickets_gone_stay_gone",
    "waitlist_names_who_stands",
)
_ADDED = (
    "ALTER TABLE guests ADD COLUMN folded_native VARCHAR{sought}",
    "ALTER TABLE guests ADD COLUMN unwanted_why VARCHAR",
    (
        "ALTER TABLE guests ADD COLUMN merged_into_id BIGINT"
        " CONSTRAINT ck_guests_not_merged_into_itself CHECK (merged_into_id <> id)"
    ),
    "CREATE INDEX ix_guests_chain_id_folded_native ON guests (chain_id, folded_native)",
    "CREATE INDEX ix_guests_chain_id_phone ON guests (chain_id, phone)",
    "CREATE INDEX ix_identity_documents_chain_id_number ON identity_documents (chain_id, number)",
)


def upgrade() -> None:
    """Add the lines to the profile, and the tables of merges."""
    bind = op.get_bind()
    sought = ' COLLATE "C"' if bind.dialect.name == "postgresql" else ""
    for statement in _ADDED:
        bind.exec_driver_sql(statement.format(sought=sought))
    _fold_names(bind)
    bind.exec_driver_sql(
        "DROP FUNCTION tickets_gone_stay_gone CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER tickets_gone_stay_gone"
    )
    migrations.run_frozen(bind, __file__)


def _fold_names(bind: Connection) -> None:
    """Write down how names in their own script are searched, as `guests.folded` did that day."""
    guests = sa.table("guests", *map(sa.column, ("chain_id", "id", "native_name", "folded_native")))
    named = sa.select(guests.c.chain_id, guests.c.id, guests.c.native_name)
    for chain_id, guest_id, name in bind.execute(named.where(guests.c.native_name.is_not(None))):
        plain = unicodedata.normalize("NFKD", name)
        bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
        bind.execute(
            sa.update(guests)
            .where(guests.c.chain_id == chain_id, guests.c.id == guest_id)
            .values(folded_native=" ".join(bare.casefold().split()) or None)
        )
