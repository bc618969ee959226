"""`pms serve`: the house open to browsers; what `python3 -m pms run` starts."""

import signal
import sys
from types import FrameType

import click
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from waitress.server import create_server

from pms import demo as lantern
from pms.app import create_app
from pms.base.memory import settle
from pms.commands.database import INSTANCE, database_option, engine_of
from pms.commands.demo import make_demo, sign_ins
from pms.worker import InProcess, handlers

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--demo/--no-demo", "with_demo", default=True, help="Fill an empty house.")
@database_option
def serve(host: str, port: int, with_demo: bool, database: str) -> None:
    """Bring the database up to date, open the demo if there is no hotel yet, and serve.

    The worker runs inside, so one process is a whole house. Ctrl-C ends it.
    """
    with engine_of(database, migrate=True) as engine:
        _serve(engine, host, port, database, with_demo=with_demo)


def _serve(engine: Engine, host: str, port: int, database: str, *, with_demo: bool) -> None:
    INSTANCE.mkdir(exist_ok=True)
    with Session(engine) as session:
        wants_demo = with_demo and lantern.is_empty(session)
    if wants_demo:
        engine.dispose()
        click.echo("The demo chain moves in; this takes a minute or two.")
        make_demo(database, say=click.echo)
    app = create_app({"DATABASE_URL": database})
    try:
        server = create_server(app, host=host, port=port, threads=THREADS)
    except OSError as problem:
        raise click.ClickException(
            f"Port {port} on {host} can't be opened ({problem.strerror}). Choose another --port."
        ) from problem
    root = f"http://{_shown(host)}:{getattr(server, 'effective_port', port)}"
    worker = InProcess(engine, handlers(INSTANCE / "letters", app=app, root=root))
    signal.signal(signal.SIGTERM, _end)
    worker.start()
    with Session(engine) as session:
        empty = lantern.is_empty(session)
    _welcome(host, getattr(server, "effective_port", port), sign_ins(engine), empty=empty)
    settle()
    try:
        server.run()
    finally:
        worker.stop()
        server.close()


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _welcome(host: str, port: int, told: str | None, *, empty: bool) -> None:
    if told is not None:
        click.echo(told)
    if empty:
        click.echo("There is no hotel yet. Open one: pms hotel open --help; then: pms user add")
    click.echo(f"\nThe house is open: http://{_shown(host)}:{port}/")


def _shown(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
