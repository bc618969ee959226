"""`pms worker`: do the house's jobs as a process of its own, beside the web servers."""

import logging
import signal
import threading

import click

from pms.app import create_app
from pms.base.memory import settle
from pms.commands.database import INSTANCE, database_option, engine_of
from pms.worker import handlers, run_worker


@click.command()
@database_option
def worker(database: str) -> None:
    """Do jobs and send letters until stopped; any number of workers may run at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    with engine_of(database) as engine:
        click.echo("The worker is at work. Ctrl-C ends it after the job in hand.", err=True)
        app = create_app({"DATABASE_URL": database})
        settle()
        run_worker(engine, stop, handlers(INSTANCE / "letters", app=app))
