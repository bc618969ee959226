"""`pms report`: the figures of the house as CSV or JSON."""

from datetime import date, datetime

import click

from pms.commands.database import DAY, database_option, hotel_of, hotel_option, session_of
from pms.hotel.close import ageing, cash_report, reports
from pms.hotel.close.reports import Report

NAMES = ("nightly", "on-the-books", "trial-balance", "flash", "cashier", "ageing")


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@hotel_option()
@click.option("--from", "first", type=DAY, help="First night (nightly).")
@click.option("--to", "last", type=DAY, help="Last night (nightly).")
@click.option("--as-of", type=DAY, help="After which day's audit (on-the-books).")
@click.option("--date", "day", type=DAY, help="Which day (trial-balance, flash, cashier, ageing).")
@click.option(
    "--format", "shape", type=click.Choice(reports.FORMS), default="csv", show_default=True
)
@database_option
def report(
    name: str,
    code: str,
    first: datetime | None,
    last: datetime | None,
    as_of: datetime | None,
    day: datetime | None,
    shape: str,
    database: str,
) -> None:
    """Write a report: nightly, on-the-books, trial-balance, flash, cashier or ageing."""
    with session_of(database) as session:
        hotel = hotel_of(session, code)
        made: Report
        if name == "nightly":
            made = reports.nightly(session, hotel, _day(first, "--from"), _day(last, "--to"))
        elif name == "on-the-books":
            made = reports.on_the_books(session, hotel, _day(as_of, "--as-of"))
        elif name == "trial-balance":
            made = reports.trial_balance(session, hotel, _day(day, "--date"))
        elif name == "cashier":
            made = cash_report.of_day(session, hotel, _day(day, "--date"))
        elif name == "flash":
            made = reports.flash(session, hotel, _day(day, "--date"))
        else:
            made = ageing.of_day(session, hotel, _day(day, "--date"))
    words = made.as_bytes(shape)
    click.echo(words, nl=not words.endswith(b"\n"))


def _day(given: datetime | None, option: str) -> date:
    if given is None:
        raise click.UsageError(f"This report needs {option} YYYY-MM-DD.")
    return given.date()
