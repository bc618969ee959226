"""N3: an audit killed at any statement and run again ends as one that was never disturbed."""

import os
import shutil
import signal
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.hotel.books import ledger
from pms.hotel.close import night_audit, verify
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import night_charges
from tests import make, postgres
from tests.hotel.close import lived, state

ALL = os.environ.get("PMS_SWEEP") == "all"
Deed = Callable[[Session, Hotel], None]


class Copies:
    """Copies of one database, as many as the sweep needs."""

    def __init__(self, url: str, folder: Path, server: Callable[[], Path]) -> None:
        self.url, self.folder, self.server = url, folder, server
        self.is_sqlite = url.startswith("sqlite")
        self.made: list[str] = []

    def copy(self) -> str:
        """Return the address of a fresh copy; the last one is dropped."""
        self.drop()
        original = str(make_url(self.url).database)
        if self.is_sqlite:
            file = self.folder / "copy.db"
            for old in self.folder.glob("copy.db*"):
                old.unlink()
            shutil.copyfile(original, file)
            return f"sqlite:///{file}"
        name = f"copy_{uuid.uuid4().hex}"
        self.made.append(name)
        return postgres.create_database(self.server(), name, template=original)

    def drop(self) -> None:
        """Remove what was made."""
        for name in self.made:
            postgres.drop_database(self.server(), name)
        self.made.clear()


@pytest.fixture
def copies(request, database_url, tmp_path):
    """A busy hotel's database, closed and ready to be copied, and every id in it."""
    engine = db.connect(database_url)
    with Session(engine) as session:
        lived.busy(session)
    known = state.ids(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    made = Copies(database_url, tmp_path, lambda: request.getfixturevalue("postgres_server"))
    yield made, known
    made.drop()


def the_audit(session: Session, hotel: Hotel) -> None:
    night_audit.audit(session, hotel, by=make.by(session, hotel), rules=lived.RULES)


def a_naive_audit(session: Session, hotel: Hotel) -> None:
    """Charge each night in a transaction of its own, under no key, and roll at the end."""
    day = business_day.today(session, hotel)
    house = make.by(session, hotel)
    for due in night_charges.due(session, hotel, day):
        with transaction(session):
            accounts = ledger.accounts(
                session,
                hotel,
                [
                    ledger.Wanted(ledger.Ledger.CLEARING, "clearing/naive", "Naive"),
                    ledger.Wanted(ledger.Ledger.REVENUE, "revenue/rooms/ROOM", "Room"),
                ],
            )
            amounts = (
                ledger.Side(accounts["clearing/naive"], due.price),
                ledger.Side(accounts["revenue/rooms/ROOM"], -due.price),
            )
            draft = ledger.Draft(kind=ledger.Kind.CHARGE, text=f"{due.number}", lines=amounts)
            ledger.post(session, hotel, [draft], by=house)
    with transaction(session):
        business_day.roll(session, hotel, closing=day)


def do(engine: Engine, deed: Deed) -> None:
    """Do the deed in the hotel's night."""
    with lived.night_of(lived.SECOND), Session(engine) as session:
        deed(session, lived.the_hotel(session))


def killed_at(url: str, deed: Deed, statement: int) -> bool:
    """Do the deed in a process that kills itself before a statement; false when it got through."""
    child = os.fork()
    if child == 0:
        try:
            engine = db.connect(url)
            count = 0

            @event.listens_for(engine, "before_cursor_execute")
            def _count(*_: object) -> None:
                nonlocal count
                count += 1
                if count == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            do(engine, deed)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the child never comes back into the test run
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def undisturbed(copies: Copies, known: set[int], deed: Deed) -> dict[str, list[str]]:
    engine = db.connect(copies.copy())
    do(engine, deed)
    found = state.of(engine, known)
    engine.dispose()
    return found


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    return [
        f"{table}: {row}" for table in one for row in sorted(set(one[table]) ^ set(other[table]))
    ] + [table for table in one if len(one[table]) != len(other[table])]


@pytest.mark.timeout(900)
def test_killed_at_any_statement_and_run_again_it_ends_the_same(copies):
    made, known = copies
    whole = undisturbed(made, known, the_audit)
    step = 1 if ALL else 5 if made.is_sqlite else 17
    at, killed, wrong = 1, 0, []

    while killed_at(url := made.copy(), the_audit, at):
        killed += 1
        engine = db.connect(url)
        do(engine, lambda session, hotel: finish(session, hotel))
        differs = differences(whole, state.of(engine, known))
        with Session(engine) as session:
            broken = [c for c in verify.checks(session, lived.the_hotel(session)) if not c.ok]
        engine.dispose()
        if differs or broken:
            wrong.append((at, differs[:3], broken))
        at += step

    assert killed >= (25 if made.is_sqlite else 8)
    assert wrong == []


def finish(session: Session, hotel: Hotel) -> None:
    """Run the audit of the second day again; where it was only the reply that was lost, none."""
    try:
        night_audit.audit(
            session,
            hotel,
            by=make.by(session, hotel),
            rules=lived.RULES,
            closing=lived.SECOND,
        )
    except night_audit.AlreadyClosed:
        assert hotel.business_date > lived.SECOND


def test_the_sweep_finds_what_a_naive_audit_does_wrong(copies):
    """The control: without keys and with the roll apart, nights are charged twice."""
    made, known = copies
    whole = undisturbed(made, known, a_naive_audit)
    wrong = 0

    for at in range(12, 60, 7):
        url = made.copy()
        if not killed_at(url, a_naive_audit, at):
            break
        engine = db.connect(url)
        do(engine, a_naive_audit)
        wrong += bool(differences(whole, state.of(engine, known)))
        engine.dispose()

    assert wrong > 0
