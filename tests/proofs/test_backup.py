"""F22: a backup taken while the house works is of one moment, and comes back as that moment."""

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.cli import main
from pms.hotel.stays.reservations import Reservation
from tests import make, postgres
from tests.proofs import deeds
from tests.sweeping import ALL, wait_until


class Desk(threading.Thread):
    """Somebody who books and books."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.done, self.stop = url, 0, threading.Event()

    def run(self) -> None:
        engine = db.connect(self.url)
        with deeds.session_at_noon(engine) as session:
            house = deeds.the_hotel(session)
            while not self.stop.is_set():
                with transaction(session):
                    arrival = make.DAY + timedelta(days=self.done % 50)
                    make.reservation(session, house, nights=1, arrival=arrival)
                self.done += 1
        engine.dispose()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A desk at work."""

    def furnish(engine: sa.Engine) -> None:
        with deeds.session_at_noon(engine) as session, transaction(session):
            make.furnished(session, rooms=60)

    deeds.do(database_url, furnish)
    desk = Desk(database_url)
    desk.start()
    wait_until(lambda: desk.done > 3, within=30)
    yield desk
    desk.stop.set()
    desk.join()


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Another machine's database, empty."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
        return
    if not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        pytest.skip("PostgreSQL's client tools aren't here.")
    server, name = request.getfixturevalue("postgres_server"), f"elsewhere_{time.monotonic_ns()}"
    yield postgres.create_database(server, name)
    postgres.drop_database(server, name)


def pms(*words: str) -> float:
    """Run a command that must succeed; return the seconds it took."""
    began = time.monotonic()
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return time.monotonic() - began


def bookings(url: str) -> int:
    engine = db.connect(url)
    with Session(engine) as session:
        found = session.scalar(sa.select(sa.func.count()).select_from(Reservation)) or 0
    engine.dispose()
    return int(found)


def test_a_backup_under_load_comes_back_whole(
    desk: Desk, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    for _ in range(10 if ALL else 1):
        before = desk.done
        taken = pms("backup", str(file), "--database", database_url)
        after = desk.done + 1
    wait_until(lambda: desk.done > after, within=30)

    back = pms("restore", str(file), "--database", elsewhere)

    print(f"backup {taken:.2f} s, restore {back:.2f} s, {after - before} bookings meanwhile")
    assert before <= bookings(elsewhere) <= after
    deeds.do(elsewhere, deeds.everything_holds)
    pms("doctor", "--database", elsewhere)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_copied_under_load_is_not_a_backup(desk: Desk, tmp_path: Path) -> None:
    """The twin: `cp` of the file without its log leaves out what was acknowledged."""
    copied = tmp_path / "copied.db"
    acknowledged = desk.done

    shutil.copyfile(str(make_url(desk.url).database), copied)

    assert bookings(f"sqlite:///{copied}") < acknowledged


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_cut_short_is_refused(desk: Desk, database_url: str, tmp_path: Path) -> None:
    file, part = tmp_path / "backup", tmp_path / "part"
    pms("backup", str(file), "--database", database_url)
    part.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])

    done = CliRunner().invoke(
        main, ["restore", str(part), "--database", f"sqlite:///{tmp_path / 'new.db'}"]
    )

    assert done.exit_code == 1
    assert "is damaged" in done.output
    assert not (tmp_path / "new.db").exists()
