"""Harms mended: papers under seal, credit kept back for refunds, an account for one hotel."""

import base64
import os
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Connection

from pms.base import keyring, migrations

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("content_keys", "credit_reserves")
GUARDS = (
    "documents_cards_are_sealed",
    "papers_credit_no_more",
    "payments_keep_reserved_credit",
    "police_files_are_sealed",
)
_ADDED = (
    "ALTER TABLE checkout_settings ADD COLUMN account VARCHAR(255)",
    "ALTER TABLE checkout_settings ADD COLUMN charges_express BOOLEAN DEFAULT FALSE NOT NULL",
    "CREATE UNIQUE INDEX uq_checkout_settings_account ON checkout_settings (account)",
    """
    INSERT INTO credit_reserves (hotel_id, id, account_id, amount, reserved_at)
    SELECT i.hotel_id, i.id, COALESCE(w.account_id, a.id), i.amount, i.intended_at
    FROM gateway_intents i
    LEFT JOIN folio_windows w ON w.hotel_id = i.hotel_id AND w.folio_id = i.folio_id
        AND w.no = i."window"
    LEFT JOIN reservations r ON r.hotel_id = i.hotel_id AND r.id = i.reservation_id
    LEFT JOIN accounts a ON a.hotel_id = i.hotel_id AND a.code = 'deposit/' || r.number
    WHERE i.deed = 'refund' AND i.state IN ('intended', 'called')
        AND COALESCE(w.account_id, a.id) IS NOT NULL
    """,
)
_NONCE, _KEY = 12, 256
_KEYS = sa.table("content_keys", *map(sa.column, ("hotel_id", "id", "key", "made_on", "erased_on")))


def upgrade() -> None:
    """Add the tables; seal the signed cards and the police files that were open until now."""
    bind = op.get_bind()
    bind.exec_driver_sql(  # receipts are credited, too
        "DROP FUNCTION papers_credit_no_more() CASCADE"
        if bind.dialect.name == "postgresql"
        else "DROP TRIGGER papers_credit_no_more"
    )
    migrations.run_frozen(bind, __file__)
    for statement in _ADDED:
        bind.exec_driver_sql(statement)
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(
            "ALTER TABLE checkout_settings ALTER COLUMN charges_express DROP DEFAULT"
        )
    _seal(bind, "documents", "issued_at", "kind = 'registration-card'")
    _seal(bind, "police_files", "made_at", "1 = 1")


def _seal(bind: Connection, name: str, made_at: str, which: str) -> None:
    """Write the content of these rows anew under a key of its own each, row by row."""
    table = sa.table(name, *map(sa.column, ("hotel_id", "id", "content")), sa.column(made_at))
    wanted = sa.select(table.c.hotel_id, table.c.id, table.c[made_at]).where(sa.text(which))
    rows = bind.execute(wanted).all()
    if not rows:
        return
    keyring.make_first()
    with migrations.ink_dried(bind, name):
        for hotel_id, row_id, made in rows:
            here = sa.and_(table.c.hotel_id == hotel_id, table.c.id == row_id)
            content = bind.execute(sa.select(table.c.content).where(here)).scalar_one()
            key, nonce = AESGCM.generate_key(_KEY), os.urandom(_NONCE)
            about = f"{hotel_id}/{row_id}".encode()
            closed = nonce + AESGCM(key).encrypt(nonce, bytes(content), about)
            bind.execute(sa.update(table).where(here).values(content=closed))
            kept = keyring.seal(base64.urlsafe_b64encode(key).decode(), about="content key")
            day = made.date() if isinstance(made, datetime) else str(made)[:10]
            row = {"hotel_id": hotel_id, "id": row_id, "key": kept, "made_on": day}
            bind.execute(sa.insert(_KEYS).values(row))
