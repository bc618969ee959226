"""Today: the first page of the desk."""

from collections.abc import Sequence

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from pms.base.money import Money
from pms.front_office.today import board, parties
from pms.front_office.today.hands import todos
from pms.front_office.today.parties import Party
from pms.hotel.books.folios.standing import balances
from pms.hotel.house.staff import Permission
from pms.web import paging
from pms.web.asked import word_asked
from pms.web.auth import allows, here
from pms.web.database import session
from pms.web.paging import Page

bp = Blueprint("today", __name__)

LISTS = {
    "arrivals": parties.arrivals,
    "departures": parties.departures,
    "in_house": parties.in_house,
}
ON_THE_BOARD = 10


@bp.get("/")
@allows(Permission.LOOK)
def today() -> ResponseReturnValue:
    """Show the day: who comes and goes, the rooms, the nights ahead, what needs a hand."""
    hotel, day = here(), here().business_date
    show = word_asked("show", LISTS, "arrivals")
    counted = board.counts(session(), hotel, day)
    rows = LISTS[show](session(), hotel, day, limit=ON_THE_BOARD)
    return render_template(
        "today/today.html",
        show=show,
        counts=counted,
        parties=rows,
        balances=_balances(show, rows),
        todos=todos(session(), hotel, day, counted),
        conditions=board.conditions(session(), hotel, day),
        nights=board.nights_ahead(session(), hotel, day),
    )


@bp.get("/today/<show>", endpoint="parties")
@allows(Permission.LOOK)
def in_full(show: str) -> ResponseReturnValue:
    """Show one of the lists in full."""
    if show not in LISTS:
        abort(404)
    number, size = paging.number_asked(), paging.SIZE
    rows = LISTS[show](
        session(), here(), here().business_date, limit=size + 1, offset=(number - 1) * size
    )
    page = Page(rows[:size], number, size, len(rows) > size)
    return render_template(
        "today/parties.html", show=show, page=page, balances=_balances(show, page.rows)
    )


def _balances(show: str, rows: Sequence[Party]) -> dict[int, Money]:
    if show == "arrivals":
        return {}
    return balances(session(), here(), {row.folio_id for row in rows if row.folio_id})
