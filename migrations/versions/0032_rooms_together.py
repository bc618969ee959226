"""One payment for several rooms, and rooms that go back into their booking."""

from alembic import op

from pms.base import migrations

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("payment_parts",)
GUARDS = (
    "gateway_intents_ask_for_the_sum_of_their_parts",
    "reservations_go_by_the_number_of_their_first_room",
)
_PURPOSES = (
    "purpose IN ('deposit', 'balance', 'hold', 'card')",
    "purpose IN ('deposit', 'balance', 'hold', 'card', 'rooms')",
)
_ADDED = (
    """
    ALTER TABLE gateway_payments ADD COLUMN charge VARCHAR(255)
        CONSTRAINT ck_gateway_payments_is_part_of_its_charge
        CHECK (charge IS NULL
            OR amount > 0 AND substr(object_id, 1, length(charge) + 1) = charge || '/')
    """,
    """
    CREATE INDEX ix_gateway_payments_charge ON gateway_payments (hotel_id, charge)
        WHERE charge IS NOT NULL
    """,
    """
    ALTER TABLE reservations ADD COLUMN separated_from BIGINT
        CONSTRAINT ck_reservations_separated_stands_alone
        CHECK (separated_from IS NULL OR booking_number = number)
    """,
)


def upgrade() -> None:
    """Add the parts of payments, which charge a payment is part of, and where a room was taken."""
    bind = op.get_bind()
    for statement in _ADDED:
        op.execute(statement)
    migrations.say_checks_anew(bind, "payment_requests", {"ck_payment_requests_purpose": _PURPOSES})
    migrations.run_frozen(bind, __file__)
