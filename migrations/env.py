"""Alembic's entry: runs each revision in one transaction on the engine it is handed."""

from alembic import context

import pms.hotel.tables  # noqa: F401 - every table must be known before revisions are compared
from pms.base.db import Base

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        connection = connection.execution_options(pms_writes=True)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
