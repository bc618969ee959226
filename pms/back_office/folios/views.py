"""Folios: what is owed by whom, and each bill line by line."""

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from pms.back_office.folios import bills
from pms.base.money import total
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.folios.standing import balances
from pms.hotel.house.staff import Permission
from pms.hotel.stays.reservations.promise import Reservation
from pms.web import history, paging
from pms.web.auth import allows, find, here
from pms.web.database import session

bp = Blueprint("folios", __name__)


@bp.get("/folios")
@allows(Permission.LOOK)
def folios() -> ResponseReturnValue:
    """Show the open bills, or the closed ones."""
    show = request.args.get("show", "open")
    if show not in {state.value for state in FolioState}:
        abort(404)
    text = request.args.get("q", "").strip()[:80]
    query = sa.select(Folio).where(Folio.hotel_id == here().id, Folio.state == FolioState(show))
    if text.isdigit():
        query = query.where(Folio.number == int(text[:15]))
    elif text:
        query = query.where(Folio.name.icontains(text, autoescape=True))
    page = paging.page(query.order_by(Folio.number.desc()))
    owed = balances(session(), here(), [folio.id for folio in page.rows])
    return render_template("folios/folios.html", page=page, show=show, q=text, owed=owed)


@bp.get("/folios/<int:folio_id>")
@allows(Permission.LOOK)
def folio(folio_id: int) -> ResponseReturnValue:
    """Show one bill: its windows and their lines."""
    found = find(Folio, folio_id)
    windows = bills.windows_of(session(), here(), found)
    return render_template(
        "folios/folio.html",
        folio=found,
        windows=windows,
        owed=total([window.balance for window in windows], here().currency),
        reservation=session().scalar(
            sa.select(Reservation)
            .where(Reservation.hotel_id == found.hotel_id, Reservation.folio_id == found.id)
            .limit(1)
        ),
        history=history.of(found, here()),
    )
