"""The machinery of the tests: both databases, the app, a real server and a real browser.

Builders for data are in `make.py`; here is only what has to be opened and closed again.
"""

import gc
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import keyring
from tests import postgres, warm
from tests.browsing import browser, page, phone  # noqa: F401  fixtures
from tests.swept import Swept

BOTH = ["sqlite", "postgresql"]
MEMORY = Path("/dev/shm")  # noqa: S108 - where a commit of a test needn't wait for a disk

# A slow moment of a shared machine is not a counterexample.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


# --- the run -------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the run's PostgreSQL, in the process that starts the workers."""
    os.environ.setdefault(keyring.VARIABLE, f"7e577e57:{'A' * 43}=")
    warm.keep_warm()
    if not hasattr(config, "workerinput"):
        if _has_room(MEMORY):
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
        room = postgres.home_of_a_run()
        os.environ["PMS_TEST_HOME"] = str(room.__enter__())
        os.environ["PMS_TEST_RUN"] = str(os.getpid())
        config.add_cleanup(lambda: room.__exit__(None, None, None))


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: the modules, the tables, the tests themselves."""
    gc.collect()
    gc.freeze()


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * 2**30


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """What passwords are hashed with in earnest: 45 ms each, which a test's people don't get."""
    from pms.hotel.house import staff

    real = staff._hasher
    staff._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real
    staff._hasher = real


# --- databases -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def run() -> Path:
    """The folder of the run, which all workers share."""
    return Path(os.environ["PMS_TEST_HOME"])


@pytest.fixture(scope="session")
def postgres_server(run: Path) -> Path:
    """The folder of the run's PostgreSQL, which all workers share."""
    return postgres.server_of_a_run(run, int(os.environ["PMS_TEST_RUN"]))


@pytest.fixture(scope="session")
def sqlite_template(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: the worker's own, made once for all workers."""
    made, file = run / "template.db", tmp_path_factory.mktemp("template") / "template.db"
    with postgres.only_one(run):
        if not made.exists():
            _migrate(f"sqlite:///{file}")
            shutil.copyfile(file, made)
    shutil.copyfile(made, file)
    return file


@pytest.fixture(scope="session")
def postgres_template(run: Path, postgres_server: Path) -> str:
    """The name of a migrated PostgreSQL database, to be copied; made once for all workers."""
    made, name = run / "template", "migrated"
    with postgres.only_one(run):
        if not made.exists():
            _migrate(postgres.create_database(postgres_server, name))
            made.touch()
    return name


@pytest.fixture(scope="session")
def swept(postgres_server: Path, postgres_template: str) -> Iterator[Swept]:
    """The worker's PostgreSQL database, emptied after each test."""
    swept = Swept(postgres_server, postgres_template)
    yield swept
    swept.close()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database, on each engine in turn."""
    yield from fresh_database(request, tmp_path)


def fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a fresh migrated database on the engine that is asked for, once."""
    if request.param == "sqlite":
        file = tmp_path / "hotel.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    swept = request.getfixturevalue("swept")
    yield swept.take()
    swept.give_back()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine with the house's habits, on a fresh database."""
    from pms.base import db

    engine = db.connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh database."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


def _migrate(url: str) -> None:
    from pms.base import db, migrations

    engine = db.connect(url)
    migrations.upgrade(engine)
    engine.dispose()


# --- the app -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def lasting_app(sqlite_template: Path) -> Any:
    """The worker's app: its addresses and pages are compiled once, not for each test."""
    return app_of_tests(sqlite_template)


def app_of_tests(file: Path) -> Any:
    """Make an app as the tests want it."""
    from pms.app import create_app

    return create_app(
        {
            "DATABASE_URL": f"sqlite:///{file}",
            "TESTING": True,
            "SECRET_KEY": "tests only, never secret",
        }
    )


@pytest.fixture
def app(lasting_app: Any, database_url: str) -> Iterator[Any]:
    """The real app on a fresh database, set as it was made."""
    from pms.base import db as house
    from pms.web.database import db

    settings = dict(lasting_app.config)
    lasting_app.config.update(
        DATABASE_URL=database_url, SQLALCHEMY_DATABASE_URI=house.database_url(database_url)
    )
    with lasting_app.app_context():
        db.engines[None] = house.connect(database_url)
    yield lasting_app
    with lasting_app.app_context():
        db.engine.dispose()
    lasting_app.config.clear()
    lasting_app.config.update(settings)


@pytest.fixture
def client(app: Any) -> Any:
    """Flask's own test client: requests without a network."""
    return app.test_client()


@pytest.fixture
def server(app: Any) -> Iterator[str]:
    """The address of the app as waitress serves it, on a free port of this machine."""
    from waitress.server import create_server

    waitress = create_server(app, host="127.0.0.1", port=0, threads=4)

    def serve() -> None:
        with suppress(OSError):  # it is closed while it listens
            waitress.run()

    thread = threading.Thread(target=serve, name="waitress", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{waitress.effective_port}"
    # By its own thread, which would sleep on for a second; and the other four go home too.
    waitress.trigger.pull_trigger(lambda: waitress.asyncore.close_all(waitress._map))
    thread.join(timeout=5)
    waitress.task_dispatcher.shutdown(timeout=1)
