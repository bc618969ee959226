"""`pms backup` and `pms restore`: a copy of the whole database, and back again."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL

from pms.base import db, keyring, migrations
from pms.commands.database import database_option

_PAGES_AT_ONCE = 2_000  # writers get in between: a backup doesn't hold up the house


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@database_option
def backup(file: Path, database: str) -> None:
    """Copy the database into FILE while the house is open.

    The copy is of one moment, is checked before it takes its name, and replaces an older FILE.
    """
    url = db.database_url(database)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    if url.get_backend_name() == "sqlite":
        _copy(_existing(url), part)
        _check(part)
    else:
        _run(url, "pg_dump", "--format=custom", f"--file={part}")
    part.chmod(0o600)
    part.replace(file)
    click.echo(f"{file}: {file.stat().st_size / 2**20:,.1f} MB. Bring it back with: pms restore")
    click.echo(f"The keys to guests' documents aren't in it: keep {keyring.FILE} elsewhere.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
@click.option("--replace", is_flag=True, help="Put it in the place of a database that is there.")
def restore(file: Path, database: str, replace: bool) -> None:
    """Bring back the database from FILE; refuses to overwrite one unless told to.

    Stop the server first: whoever is signed in would write into another house.
    """
    url = db.database_url(database)
    if url.get_backend_name() != "sqlite":
        tidy = ["--clean", "--if-exists"] if replace else []
        _run(url, "pg_restore", "--single-transaction", "--no-owner", *tidy, str(file))
        click.echo("The database is back.")
        return
    target = Path(url.database or "")
    if target.exists() and target.stat().st_size and not replace:
        raise click.ClickException(f"{target} exists. Give --replace to put the backup there.")
    _check(file)
    _check_revision(file, url)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    _copy(file, part)
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    part.replace(target)
    click.echo(f"{target} is back. Look it over with: pms doctor, pms verify")


def _existing(url: URL) -> Path:
    file = Path(url.database or "")
    if not file.is_file():
        raise click.ClickException(f"There is no database {file}.")
    return file


@contextmanager
def _opened(file: Path, *, read_only: bool) -> Iterator[sqlite3.Connection]:
    mode = "ro" if read_only else "rwc"
    with closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)
    ) as connection:
        yield connection


def _copy(source: Path, target: Path) -> None:
    with _opened(source, read_only=True) as here, _opened(target, read_only=False) as there:
        here.backup(there, pages=_PAGES_AT_ONCE, sleep=0.01)
        there.commit()
    descriptor = os.open(target, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _check(file: Path) -> None:
    try:
        with _opened(file, read_only=True) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as problem:
        found = [str(problem)]
    if found != ["ok"]:
        raise click.ClickException(f"{file} is damaged: {'; '.join(found)}. Take another backup.")


def _check_revision(file: Path, url: URL) -> None:
    engine = db.connect(url.set(database=str(file)))
    known = ScriptDirectory.from_config(migrations.config(engine)).walk_revisions()
    present = migrations.present(engine)
    engine.dispose()
    if present not in {step.revision for step in known}:
        raise click.ClickException(
            f"{file} is at revision {present or 'none'}, which this version doesn't know."
        )


def _run(url: URL, program: str, *arguments: str) -> None:
    """Run PostgreSQL's own tool; the password goes through the environment, seen by nobody."""
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    found = shutil.which(program)
    words = [program, f"--dbname={plain}", *arguments]
    if found is None:
        raise click.ClickException(f"Install PostgreSQL's client tools, then: {' '.join(words)}")
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(  # noqa: S603 - a fixed program, no shell
        [found, *words[1:]], env=os.environ | password, check=False
    )
    if done.returncode:
        raise click.ClickException(f"{program} failed with status {done.returncode}.")
