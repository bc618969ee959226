"""A small hotel at rest, to be copied as often as a proof needs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pms.base import db
from tests.hotel.close import state
from tests.proofs import deeds
from tests.sweeping import Copies, at_rest

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def copies(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> Iterator[tuple[Copies, set[int]]]:
    """The small hotel's database, and every id in it."""
    engine = db.connect(database_url)
    deeds.furnish(engine)
    known = state.ids(engine)
    at_rest(engine)
    made = Copies(database_url, tmp_path, lambda: request.getfixturevalue("postgres_server"))
    yield made, known
    made.drop()
