"""The engines a test runs on: both, unless one of these says that one will do."""

import pytest

# What Python decides before it asks the database, or after: no engine can differ.
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
