"""Items that move between accounts, credit notes on them, and how long identity papers are kept."""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from pms.base import keyring, migrations

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLES = ("city_credit_notes", "city_item_moves", "identity_paper_terms")
_KINDS = (
    "kind IN ('bill', 'opening', 'payment', 'refund', 'write_off', 'reversal')",
    (
        "kind IN ('bill', 'opening', 'payment', 'refund', 'write_off', 'reversal',"
        " 'credit_note', 'moved_in', 'moved_out')"
    ),
)
_SIDES = (
    "kind = 'reversal' OR (kind IN ('bill', 'opening', 'refund')) = (amount > 0)",
    (
        "kind IN ('reversal', 'moved_in', 'moved_out')"
        " OR (kind IN ('bill', 'opening', 'refund')) = (amount > 0)"
    ),
)
_CHECKS = {"ck_city_items_itemkind": _KINDS, "ck_city_items_is_on_its_side": _SIDES}


def upgrade() -> None:
    """Add the tables, let an item be a credit note's or a move's, key what was told the police."""
    bind = op.get_bind()
    migrations.say_checks_anew(bind, "city_items", _CHECKS)
    migrations.run_frozen(bind, __file__)
    with migrations.ink_dried(bind, "police_reports"):
        _key_digests(bind)


def _key_digests(bind: Connection) -> None:
    """Put the digests of what was told under the key of each file.

    Where that is erased, or can't be opened here, nobody can: what stands there then says nothing.
    """
    rows = bind.execute(
        sa.text(
            "SELECT p.hotel_id, p.id, p.file_id, p.digest, k.key FROM police_reports p"
            " LEFT JOIN content_keys k ON k.hotel_id = p.hotel_id AND k.id = p.file_id"
        )
    ).all()
    for row in rows:
        bind.execute(
            sa.text(
                "UPDATE police_reports SET digest = :digest WHERE hotel_id = :hotel AND id = :id"
            ),
            {"digest": _keyed(row), "hotel": row.hotel_id, "id": row.id},
        )


def _keyed(row: sa.Row[Any]) -> str:
    try:
        key = keyring.unseal(row.key or "", about="content key")
    except keyring.KeyMissing:
        return secrets.token_hex(32)
    return keyring.mark(row.digest, key=key, about=f"{row.hotel_id}/{row.file_id}")
