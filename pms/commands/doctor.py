"""`pms doctor`: look the database over and say what ails it."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import orjson
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pms.base import clock, dates, ink, keyring, migrations
from pms.base.db import transaction
from pms.base.keyring import KeyMissing
from pms.base.refusal import Busy
from pms.commands.database import database_option, engine_of, json_option
from pms.hotel.guests import identity
from pms.hotel.house import content_keys
from pms.hotel.house.hotels import Hotel
from pms.hotel.privacy import retention

_LEAST_FREE_MB = 500
_LARGEST_WAL_MB = 512
_MOST_HOTELS = 200


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen."""

    name: str
    ok: bool
    says: str


@click.command()
@database_option
@json_option
def doctor(database: str, as_json: bool) -> None:
    """Look the database over: file, shape, triggers, disk, write turn, what lags behind.

    Ends with status 1 when something ails. `pms verify` recounts the books themselves.
    """
    with engine_of(database) as engine:
        findings = [_look(examine, engine) for examine in _examinations(engine)]
    well = all(finding.ok for finding in findings)
    if as_json:
        answer = {"ok": well, "findings": [asdict(finding) for finding in findings]}
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
    else:
        for finding in findings:
            click.echo(f"{'well ' if finding.ok else 'AILS '} {finding.name}: {finding.says}")
    if not well:
        raise SystemExit(1)


Examination = Callable[[Engine], Finding]


def _look(examine: Examination, engine: Engine) -> Finding:
    """Examine one thing; what is too ill to be examined ails."""
    try:
        return examine(engine)
    except SQLAlchemyError as problem:
        name = examine.__name__.strip("_").replace("_", " ")
        return Finding(name, False, str(problem).splitlines()[0])


def _examinations(engine: Engine) -> list[Examination]:
    always: list[Examination] = [
        _revision, _triggers, _documents, _retention, _disk, _write_turn, _days,
    ]  # fmt: skip
    return [_pages, _keys, _wal, *always] if engine.dialect.name == "sqlite" else always


def _revision(engine: Engine) -> Finding:
    """The shape of the tables is this version's."""
    head = ScriptDirectory.from_config(migrations.config(engine)).get_current_head()
    present = migrations.present(engine)
    says = f"revision {present}" if present == head else f"{present}, newest is {head}: pms migrate"
    return Finding("schema", present == head, says)


def _pages(engine: Engine) -> Finding:
    """SQLite reads every page of its file."""
    try:
        with engine.connect() as connection:
            wrong = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    except SQLAlchemyError as problem:
        wrong = [str(problem).splitlines()[0]]
    well = list(wrong) == ["ok"]
    cure = "" if well else " Restore the last backup: pms restore FILE"
    return Finding("integrity", well, "; ".join(map(str, wrong)) + cure)


def _keys(engine: Engine) -> Finding:
    """Every foreign key has its row."""
    with engine.connect() as connection:
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    says = f"{len(wrong)} rows point nowhere, first in {wrong[0][0]}" if wrong else "all there"
    return Finding("foreign keys", not wrong, says)


def _wal(engine: Engine) -> Finding:
    """The write-ahead log is in use and hasn't grown out of bounds."""
    with engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    file = Path(f"{engine.url.database}-wal")
    megabytes = file.stat().st_size / 2**20 if file.exists() else 0
    return Finding(
        "write-ahead log",
        mode == "wal" and megabytes < _LARGEST_WAL_MB,
        f"mode {mode}, {megabytes:.1f} MB",
    )


def _triggers(engine: Engine) -> Finding:
    """Every rule that the database itself keeps is there."""
    there = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with engine.connect() as connection:
        present = set(connection.execute(sa.text(there)).scalars())
    missing = sorted(set(ink.names()) - present)
    return Finding("triggers", not missing, f"missing: {', '.join(missing)}" if missing else "all")


def _documents(engine: Engine) -> Finding:
    """Guests' documents can be opened: the keys that sealed them are on this machine."""
    if not keyring.ring():
        return Finding("document keys", False, KeyMissing().sentence)
    with Session(engine) as session:
        missing = Counter(identity.shut(session)) + Counter(content_keys.shut(session))
    if missing:
        names = ", ".join(f"{name} ({count})" for name, count in sorted(missing.items()))
        return Finding("document keys", False, f"{KeyMissing().sentence} Missing: {names}")
    return Finding("document keys", True, f"{len(keyring.ring())}, all documents open")


def _retention(engine: Engine) -> Finding:
    """No signed card or police file is kept longer than it may be."""
    with Session(engine) as session:
        hotels = session.scalars(sa.select(Hotel).order_by(Hotel.code).limit(_MOST_HOTELS)).all()
        late = {hotel.code: retention.overdue(session, hotel) for hotel in hotels}
    says = ", ".join(f"{count} of {code}" for code, count in late.items() if count)
    cure = "kept too long; let the worker run, or: pms erase-papers"
    return Finding(
        "identity papers", not says, f"{says} {cure}" if says else "none is over its time"
    )


def _disk(engine: Engine) -> Finding:
    """There is room to write."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    free = shutil.disk_usage(Path(file).parent if file else Path.cwd()).free / 2**20
    return Finding("disk", free > _LEAST_FREE_MB, f"{free:,.0f} MB free")


def _write_turn(engine: Engine) -> Finding:
    """A writer gets its turn."""
    try:
        with Session(engine) as session, transaction(session):
            session.execute(sa.select(1))
    except Busy as busy:
        return Finding("write turn", False, busy.sentence)
    return Finding("write turn", True, "comes at once")


def _days(engine: Engine) -> Finding:
    """No hotel's business day lags behind its calendar (the replay and old demos do)."""
    with Session(engine) as session:
        hotels = session.scalars(sa.select(Hotel).order_by(Hotel.code).limit(_MOST_HOTELS)).all()
    behind = []
    for hotel in hotels:
        wall = dates.local(clock.now(), hotel.time_zone)
        late = (dates.day_by_rollover(wall, hotel.audit_at) - hotel.business_date).days
        if late > 0:
            behind.append(f"{hotel.code} is {late} days behind")
    says = "; ".join(behind) or f"{len(hotels)} hotels are on their day"
    return Finding("business days", True, says)
