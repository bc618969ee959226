"""Reports: a closed day's papers, read from the archive as they were printed that night."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from pms.base.money import MINUS
from pms.hotel.close import archive, cash_report
from pms.hotel.close.archive import ArchivedReport
from pms.hotel.house.staff import Permission
from pms.web.auth import allows, here, on_duty
from pms.web.database import session

bp = Blueprint("reports", __name__)

DAYS_AT_MOST = 60
FIRST = ("flash", "trial-balance")


@bp.get("/reports")
@allows(Permission.REPORTS)
def reports() -> ResponseReturnValue:
    """Show one archived report of one closed day: the last day's flash unless asked."""
    days = _days()
    day = _day(request.args.get("day", "")) or (days[0] if days else None)
    names = _names(day) if day else []
    name = request.args.get("name", "flash")
    if names and name not in names:
        abort(404)
    if day and name == cash_report.NAME:
        cash_report.refuse_before_count(session(), here(), day, by=on_duty())
    rows = _read(day, name) if day and names else []
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


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
