"""Reports: a closed day's papers, read from the archive as they were printed that night."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pms.base.money import MINUS
from pms.hotel.books.payments import Method
from pms.hotel.close import archive, cash_report, lists
from pms.hotel.close.archive import ArchivedReport
from pms.hotel.house.staff import Permission
from pms.web.asked import day_asked, word_asked
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.saying import say_so

bp = Blueprint("reports", __name__)

DAYS_AT_MOST = 60
FIRST = ("flash", "trial-balance")


@bp.get("/reports")
@allows(Permission.REPORTS)
def reports() -> ResponseReturnValue:
    """Show one archived report of one closed day: the last day's flash unless asked."""
    days = _days()
    day = _asked(days)
    names = _names(day) if day else []
    name = word_asked("name", names, FIRST[0])
    if day and name == cash_report.NAME:
        cash_report.refuse_before_count(session(), here(), day, by=on_duty())
    rows = _read(day, name) if day and names else []
    if day and name == lists.PAYMENTS:
        _hide_uncounted(rows, day)
    return render_template(
        "reports/reports.html",
        day=day,
        days=days,
        names=names,
        name=name,
        heads=list(rows[0]) if rows else [],
        figures=_figures(rows),
        rows=rows,
        words=_words,
        said=said,
    )


def _read(day: date, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.reprint(session(), here(), day, name, "json"))
    return found


def _hide_uncounted(rows: list[dict[str, Any]], day: date) -> None:
    """Hide what came in as cash from whose own drawer of that day is still to be counted.

    Everybody's, for the paper knows people only by the names they had that night.
    """
    if cash_report.uncounted(session(), here(), day, by=on_duty()) is None:
        return
    for row in rows:
        if row["method"] == Method.CASH.value:
            row["amount"] = "to be counted"


def _figures(rows: list[dict[str, Any]]) -> set[str]:
    """Return the columns that hold numbers only, which stand at the right."""
    heads = list(rows[0]) if rows else []
    return {head for head in heads if all(_is_figure(row[head]) for row in rows)}


# What a report's own names are in the trade's words; the others only lose their underscores.
_WORDS = {
    "adr": "ADR",
    "adr_paying": "ADR, paying rooms",
    "arrivals_persons": "Arrivals, persons",
    "departures_persons": "Departures, persons",
    "no_shows": "No-shows",
    "occupancy_pct": "Occupancy, %",
    "occupancy_pct_paying": "Occupancy, paying rooms, %",
    "occupancy_pct_paying_in_order": "Occupancy, paying, of rooms in order, %",
    "revpar": "RevPAR",
    "rooms_house_use": "Rooms in house use",
    "trevpar": "TRevPAR",
    "walk_ins": "Walk-ins",
}


def _words(name: object) -> str:
    """Return a report's name of a figure, or of a column, as the desk says it."""
    text = str(name)
    if text in _WORDS:
        return _WORDS[text]
    plain = text.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def said(value: object, *, counts: bool) -> str:
    """Return a figure as pages write it: `140,150.78`, `−12.00`.

    Whole numbers have no thousands where they may be the number of a folio; with `counts` they
    are counts.
    """
    text = str(value)
    sign = MINUS if text.startswith("-") else ""
    units, dot, rest = text.removeprefix("-").partition(".")
    return f"{sign}{int(units):,}{dot}{rest}" if dot or counts else f"{sign}{units}"


def _is_figure(value: Any) -> bool:
    text = str(value).removeprefix("-").replace(".", "", 1)
    return value is None or text.isdecimal()


def _days() -> list[date]:
    return list(
        session().scalars(
            sa.select(ArchivedReport.day)
            .where(ArchivedReport.hotel_id == here().id)
            .distinct()
            .order_by(ArchivedReport.day.desc())
            .limit(DAYS_AT_MOST)
        )
    )


def _names(day: date) -> list[str]:
    """Return what is archived of a day, the two that are read most in front."""
    there = {name for name, _, _ in archive.contents(session(), here(), day)}
    return [name for name in FIRST if name in there] + sorted(there - set(FIRST))


def _asked(days: list[date]) -> date | None:
    """Return the day asked for, as far as it is closed; else the last one, if there is any."""
    if not days:
        return None
    day, said = day_asked(days[0])
    if said is None and day not in days and not _names(day):
        day, said = days[0], f"Nothing was printed on {day:%a %d %b %Y}. Here is the last day."
    if said:
        say_so(said)
    return day
