"""Foreign notes to the bank; guards of drawers; one name a card brand; refunds of deposits."""

from alembic import op
from sqlalchemy.engine import Connection

from pms.base import migrations

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("notes_banked",)
GUARDS = (
    "cashier_shifts_reviewed_by_who_didnt_count",
    "drawer_moves_void_what_moved",
    "payments_name_a_card_brand_one_way",
)
_HANDED_IN = (
    "CREATE INDEX ix_drawer_moves_foreign_handed_in ON drawer_moves (hotel_id, currency)"
    " WHERE kind = 'handed_in' AND rate IS NOT NULL"
)
_BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "master card": "Mastercard",
    "american express": "American Express",
    "amex": "American Express",
    "girocard": "girocard",
    "maestro": "Maestro",
    "diners": "Diners",
    "diners club": "Diners",
    "discover": "Discover",
    "jcb": "JCB",
    "unionpay": "UnionPay",
    "union pay": "UnionPay",
}


def upgrade() -> None:
    """Add the table, its index and the guards; write brands and reserves as they are kept now."""
    bind = op.get_bind()
    _name_brands_one_way(bind)
    migrations.run_frozen(bind, __file__)
    bind.exec_driver_sql(_HANDED_IN)
    _tell_refunds_of_deposits(bind)


def _name_brands_one_way(bind: Connection) -> None:
    """Write each card brand of old payments by its one name, in one statement."""
    known = " ".join(f"WHEN '{written}' THEN '{name}'" for written, name in _BRANDS.items())
    kept = (
        f"CASE LOWER(TRIM(brand)) {known}"
        " ELSE UPPER(SUBSTR(TRIM(brand), 1, 1)) || LOWER(SUBSTR(TRIM(brand), 2)) END"
    )
    with migrations.ink_dried(bind, "payments"):
        bind.exec_driver_sql(
            f"UPDATE payments SET brand = {kept} WHERE brand IS NOT NULL AND brand <> {kept}"
        )


def _tell_refunds_of_deposits(bind: Connection) -> None:
    """Say of each refund on its way whether it was asked for on a deposit."""
    bind.exec_driver_sql(
        "ALTER TABLE credit_reserves ADD COLUMN of_deposit BOOLEAN DEFAULT FALSE NOT NULL"
    )
    bind.exec_driver_sql(
        "UPDATE credit_reserves SET of_deposit = TRUE WHERE EXISTS (SELECT 1 FROM gateway_intents i"
        " WHERE i.hotel_id = credit_reserves.hotel_id AND i.id = credit_reserves.id"
        " AND i.folio_id IS NULL)"
    )
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql("ALTER TABLE credit_reserves ALTER COLUMN of_deposit DROP DEFAULT")
