"""Papers: issued for good, with who issues them; taxes with levies and limits."""

from alembic import op

from pms.base import migrations

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    "account_mappings",
    "issuers",
    "kept_files",
    "paper_entries",
    "paper_files",
    "paper_prints",
    "paper_series",
    "papers",
)
GUARDS = ("entries_leave_papers_alone",)
_ADDED = (
    "ALTER TABLE taxes ADD COLUMN levy BOOLEAN NOT NULL DEFAULT false",
    "UPDATE taxes SET levy = true WHERE kind <> 'percent'",
    "ALTER TABLE tax_rates ADD COLUMN only_over BIGINT",
    "ALTER TABLE tax_rates ADD COLUMN cap BIGINT",
    "ALTER TABLE tax_rates ADD COLUMN most_nights SMALLINT",
    "ALTER TABLE tax_rates ADD COLUMN exempt_from SMALLINT",
    (
        "ALTER TABLE tax_rates ADD COLUMN refunds BOOLEAN NOT NULL DEFAULT false"
        " CONSTRAINT ck_tax_rates_refunds_the_exempt"
        " CHECK (refunds = false OR exempt_from IS NOT NULL)"
    ),
)


def upgrade() -> None:
    """Create the tables of papers; what isn't a percentage was a levy all along."""
    bind = op.get_bind()
    for statement in _ADDED:
        bind.exec_driver_sql(statement)
    migrations.run_frozen(bind, __file__)
