"""`pms verify`: recount everything that must hold, from first principles."""

from typing import Any

import click
import orjson

from pms.commands.database import database_option, hotel_option, hotels_of, json_option, session_of
from pms.hotel.close import verify as recount


@click.command()
@hotel_option(required=False)
@database_option
@json_option
def verify(code: str | None, database: str, as_json: bool) -> None:
    """Recount the books, the inventory and the nights of one hotel, or of all of them.

    Ends with status 1 when anything is wrong.
    """
    with session_of(database) as session:
        hotels = hotels_of(session, code)
        found = {hotel.code: recount.checks(session, hotel) for hotel in hotels}
    well = all(check.ok for checks in found.values() for check in checks)
    if as_json:
        click.echo(orjson.dumps(_answer(found), option=orjson.OPT_INDENT_2))
    else:
        for code_, checks in found.items():
            for check in checks:
                says = "" if check.ok else f"  {check.wrong:,} wrong: {'; '.join(check.examples)}"
                word = "well " if check.ok else "WRONG"
                click.echo(f"{code_}  {word}  {check.name}  ({check.rows:,} rows){says}")
    if not well:
        raise SystemExit(1)


def _answer(found: dict[str, list[recount.Check]]) -> dict[str, Any]:
    """Return the checks of all hotels together: rows and wrong ones are added up by name."""
    totals: dict[str, dict[str, Any]] = {}
    for checks in found.values():
        for check in checks:
            one = totals.setdefault(
                check.name, {"name": check.name, "ok": True, "rows": 0, "wrong": 0}
            )
            one["rows"] += check.rows
            one["wrong"] += check.wrong
            one["ok"] = one["ok"] and check.ok
    return {"ok": all(one["ok"] for one in totals.values()), "checks": list(totals.values())}
