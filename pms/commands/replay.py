"""`pms replay`: a file of real bookings, lived day by day through the desks' own verbs."""

from datetime import datetime
from pathlib import Path

import click
import orjson

from pms.commands.database import DAY, database_option, json_option, session_of
from pms.replay import living, opening, reading
from pms.replay.tally import Tally

_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--hotel", "code", metavar="CODE", required=True, help="The code it opens under.")
@click.option("--until", type=DAY, help="The last day to live and seal; else all of them.")
@click.option("--mixed", is_flag=True, help="With taxes, deposits, firms and skippers as well.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--time-zone", default="Europe/Lisbon", show_default=True)
@database_option
@json_option
def replay(
    file: Path,
    code: str,
    until: datetime | None,
    mixed: bool,
    currency: str,
    time_zone: str,
    database: str,
    as_json: bool,
) -> None:
    """Open a hotel from a FILE of bookings (CSV, may be gzipped) and live its days.

    Can be stopped at any moment and started again with the same words: it goes on where it was.
    Rows that can't be lived are listed with their line and the reason.
    """
    bookings = reading.read(file, currency=currency)
    terms = opening.Terms(code=code, currency=currency, time_zone=time_zone, mixed=mixed)
    with session_of(database, migrate=True) as session:
        life = living.Life(session, bookings, terms, Tally(), say=_to_stderr)
        tally = life.live(until.date() if until else bookings.last_departure())
    if as_json:
        click.echo(orjson.dumps(tally.as_dict(), option=orjson.OPT_INDENT_2))
    else:
        _tell(tally)


def _to_stderr(words: str) -> None:
    click.echo(words, err=True, nl=False)


def _tell(tally: Tally) -> None:
    told = tally.as_dict()
    for name, count in told["deeds"].items():
        click.echo(f"{count:10,}  {name}")
    click.echo(f"{tally.audits:10,}  audits")
    click.echo(
        f"{told['deeds_total']:,} deeds in {told['seconds']:,.1f} s "
        f"({told['deeds_per_second'] or 0:,.0f} a second), at most {told['max_rss_mb']} MB."
    )
    for why, count in told["forced"].items():
        click.echo(f"Forced {count:,}: {why}.")
    for note in tally.notes[:_SHOWN]:
        click.echo(note)
    for row in tally.refused[:_SHOWN]:
        click.echo(f"Line {row.line} isn't taken: {row.reason}.")
    if len(tally.refused) > _SHOWN:
        click.echo(f"… and {len(tally.refused) - _SHOWN:,} lines more; --json lists them all.")
