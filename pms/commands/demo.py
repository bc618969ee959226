"""`pms demo`: a chain that looks lived in, to look around in."""

import os
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.engine import URL, Engine
from sqlalchemy.orm import Session

from pms import demo as lantern
from pms.base import db, migrations
from pms.base.memory import settle
from pms.commands.database import INSTANCE, database_option
from pms.demo import team
from pms.gateways.stripe import Accounts
from pms.hotel.house import staff
from pms.hotel.house.staff import Role

SIGN_INS = INSTANCE / "demo-sign-ins.txt"


@click.command()
@database_option
def demo(database: str) -> None:
    """Open the demo chain in an empty database: a month lived, guests in house, 800 days to sell.

    Takes a minute or two. Prints one sign-in for each role.
    """
    make_demo(database, say=lambda words: click.echo(words, err=True))
    engine = db.connect(db.database_url(database))
    click.echo(sign_ins(engine))
    engine.dispose()


def make_demo(database: str, *, say: Callable[[str], None]) -> None:
    """Make the demo; a run that is cut off leaves no half of it in an SQLite file."""
    url = db.database_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        engine = db.connect(url)
        migrations.upgrade(engine)
        _make(engine, say)
        engine.dispose()
        return
    target = Path(url.database)
    if not _is_free(url):
        raise lantern.NotEmpty
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    _sweep(part)
    engine = db.connect(url.set(database=str(part)))
    migrations.upgrade(engine)
    _make(engine, say)
    engine.dispose()  # the last to leave folds the log into the file
    _sweep(target)
    part.replace(target)
    _sweep(part)


def _is_free(url: URL) -> bool:
    """Tell whether there is no database yet, or one without a hotel."""
    file = Path(str(url.database))
    if not file.exists() or not file.stat().st_size:
        return True
    engine = db.connect(url)
    try:
        if migrations.present(engine) is None:
            return True
        migrations.upgrade(engine)
        with Session(engine) as session:
            return lantern.is_empty(session)
    finally:
        engine.dispose()


def _sweep(file: Path) -> None:
    """Remove what SQLite and the house keep beside a database file."""
    beside = [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", ".turn")]
    for each in (*beside, *file.parent.glob(f"{file.name}.audit-*")):
        each.unlink(missing_ok=True)


def _make(engine: Engine, say: Callable[[str], None]) -> None:
    settle()
    with Session(engine, expire_on_commit=False) as session:
        lantern.make(
            session,
            password=team.kept_password(SIGN_INS),
            say=say,
            practice=Accounts(SIGN_INS.parent, os.environ).practice,
        )


def sign_ins(engine: Engine) -> str | None:
    """Return the demo's sign-ins as a table; nothing where there is no demo.

    The password is shown only where it is right: a demo may come from another machine.
    """
    with Session(engine) as session:
        manager = staff.by_email(session, team.email(Role.MANAGER))
        if manager is None:
            return None
        password = team.kept_password(SIGN_INS)
        if not staff.password_is_right(manager, password):
            password = "(the one of the installation that made this demo)"  # noqa: S105 - words
    lines = [f"  {role.words:22} {team.email(role)}" for role in team.TEAM]
    return "\n".join(["The demo's sign-ins, one for each role:", *lines, f"Password: {password}"])
