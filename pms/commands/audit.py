"""`pms audit`: close the day, or what was missed of the last ones."""

from datetime import date, datetime

import click
import orjson
from sqlalchemy.orm import Session

from pms.base.memory import settle
from pms.commands.database import (
    DAY,
    database_option,
    hotel_of,
    hotel_option,
    json_option,
    session_of,
)
from pms.hotel.close import night_audit
from pms.hotel.close.night_audit import Blocked, Choice, Preview, Rules
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel

_DUE_OUTS = {"extend": Choice.EXTEND, "leave-owing": Choice.CHECK_OUT_WITH_BALANCE}


@click.command()
@hotel_option()
@click.option("--until", type=DAY, help="Close one day after the other up to this one.")
@click.option("--dry-run", is_flag=True, help="Show what would be posted; change nothing.")
@click.option("--now", is_flag=True, help="Don't wait for the hotel's audit hour.")
@click.option(
    "--due-outs",
    type=click.Choice(sorted(_DUE_OUTS)),
    help="What becomes of departures still in house that nobody decided.",
)
@click.option("--charge-no-shows", is_flag=True, help="Guaranteed ones pay their first night.")
@database_option
@json_option
def audit(
    code: str,
    until: datetime | None,
    dry_run: bool,
    now: bool,
    due_outs: str | None,
    charge_no_shows: bool,
    database: str,
    as_json: bool,
) -> None:
    """Close the hotel's open day; goes on where an audit was cut off."""
    rules = Rules(
        due_outs=_DUE_OUTS.get(due_outs or ""),
        charge_no_shows=charge_no_shows,
        at_any_hour=now,
    )
    with session_of(database) as session:
        hotel = hotel_of(session, code)
        if dry_run:
            by = staff.the_house(session, hotel)
            _tell(night_audit.dry_run(session, hotel, by=by, rules=rules), as_json=as_json)
            return
        closed = _close(session, hotel, rules, until.date() if until else hotel.business_date)
    if as_json:
        click.echo(orjson.dumps({"closed": closed}))
    else:
        for day in closed:
            click.echo(f"{day:%a %d %b %Y} is closed.")


def _close(session: Session, hotel: Hotel, rules: Rules, last: date) -> list[date]:
    by = staff.the_house(session, hotel)

    def say(day: date, step: str, rows: int) -> None:
        click.echo(f"{day}  {step}: {rows}", err=True)

    settle()
    try:
        audits = night_audit.audit_until(session, hotel, last, by=by, rules=rules, progress=say)
    except Blocked as blocked:
        for check in blocked.checks:
            click.echo(f"{check.state.value:6}  {check.sentence}  {check.cure or ''}", err=True)
        raise
    return [each.day for each in audits]


def _tell(preview: Preview, *, as_json: bool) -> None:
    if as_json:
        answer = {
            "day": preview.day,
            "arrivals": preview.arrivals,
            "departures": preview.departures,
            "postings": [
                {
                    "reservation": each.reservation,
                    "night": each.night,
                    "rule": each.rule,
                    "net": str(each.net),
                    "taxes": str(each.taxes),
                }
                for each in preview.postings
            ],
            "net": str(preview.net),
            "taxes": str(preview.taxes),
        }
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
        return
    for each in preview.postings:
        click.echo(f"{each.reservation:8} {each.night} {each.text:30} {each.gross!s:>12}")
    click.echo(
        f"{len(preview.postings)} charges, {preview.net} net and {preview.taxes} taxes; "
        f"{len(preview.arrivals)} arrivals and {len(preview.departures)} departures decided."
    )
