"""Migrations: what is frozen is what the tables say, and a database comes to it on both engines."""

from pathlib import Path

import pytest

from migrations import freeze
from pms.base import migrations

FOLDER = Path(migrations.FOLDER) / "versions"


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_first_revision_is_what_the_tables_say(engine: str) -> None:
    """Until a hotel lives on 0001 a change is frozen anew; after that it gets a revision."""
    frozen = (FOLDER / f"0001_ground.{engine}.sql").read_text(encoding="utf-8")

    assert frozen == freeze.BETWEEN.join(freeze.statements(engine)) + "\n", (
        "The tables have changed: run `.venv/bin/python -m migrations.freeze`, "
        "or write a revision if hotels live on the first."
    )
