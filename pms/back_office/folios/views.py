"""Folios: what is owed by whom, and each bill line by line."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import (
    Blueprint,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from pms.back_office.folios import bills, page
from pms.back_office.folios.forms import NewFolioForm, ReasonForm
from pms.base import clock
from pms.base.money import total
from pms.base.numbers import whole
from pms.gateways import pdf
from pms.hotel.books import folios as hotel_folios
from pms.hotel.books.folios import Folio, FolioKind, FolioState
from pms.hotel.books.folios.standing import balances
from pms.hotel.house.staff import Permission
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation
from pms.web import paging
from pms.web.asked import handed_out, word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("folios", __name__)

SHEETS = ("css/lettering.css", "css/paper.css")
WITHOUT_A_STAY = {
    FolioKind.PASSER_BY: "Passer-by",
    FolioKind.HOUSE: "House account",
    FolioKind.COMPANY: "Company master",
    FolioKind.GROUP: "Group master",
}


@bp.get("/folios")
@allows(Permission.LOOK)
def folios() -> ResponseReturnValue:
    """Show the open bills, or the closed ones; what isn't among them is sought in the others."""
    show = word_asked("show", set(FolioState), "open")
    text = request.args.get("q", "").strip()[:80]
    rows = paging.page(_sought(text).where(Folio.state == FolioState(show)))
    elsewhere = bool(text) and not rows.rows
    if elsewhere:
        rows = paging.page(_sought(text).where(Folio.state != FolioState(show)))
    return render_template(
        "folios/folios.html",
        page=rows,
        show=show,
        q=text,
        owed=balances(session(), here(), [folio.id for folio in rows.rows]),
        elsewhere=elsewhere,
    )


def _sought(text: str) -> sa.Select[Folio]:
    """Return the bills of a number, or whose name has the words in it, the newest first."""
    query = sa.select(Folio).where(Folio.hotel_id == here().id).order_by(Folio.number.desc())
    number = whole(text)
    if number is not None:
        return query.where(Folio.number == number)
    return query.where(Folio.name.icontains(text, autoescape=True)) if text else query


@bp.get("/folios/<int:folio_id>")
@allows(Permission.LOOK)
def folio(folio_id: int) -> ResponseReturnValue:
    """Show one bill: its windows, their lines, and what is owed."""
    return page.show(find(Folio, folio_id))


@bp.route("/folios/new", methods=["GET", "POST"])
@allows(Permission.POST)
def new() -> ResponseReturnValue:
    """Open a bill without a stay: for a passer-by, the house, a company or a group."""
    form = NewFolioForm()
    form.kind.offer(WITHOUT_A_STAY, label=lambda kind: WITHOUT_A_STAY[kind])
    companies = page.may_be_billed()
    form.company.offer(companies, label=lambda company: company.name, none="No company")
    if form.validate_on_submit():
        opened = attempt(
            form,
            hotel_folios.open_folio,
            here(),
            kind=form.kind.chosen,
            name=(form.name.data or "").strip(),
            payee_company=form.company.chosen,
            by=on_duty(),
        )
        if opened:
            say(f"Folio {opened.number} is open.")
            return redirect(url_for("folios.folio", folio_id=opened.id))
    return render_template("folios/new.html", form=form), 422 if form.is_submitted() else 200


@bp.post("/reservations/<int:reservation_id>/folio")
@allows(Permission.POST)
def open_for(reservation_id: int) -> ResponseReturnValue:
    """Open a party's own folio, for its first drink or a payment at arrival."""
    found, form = find(Reservation, reservation_id), Form()
    folio = attempt(form, settlements.folio_of, found, by=on_duty())
    if folio is None:
        say_refused(form)
        return redirect(url_for("reservations.reservation", reservation_id=reservation_id))
    return redirect(url_for("folios.folio", folio_id=folio.id))


@bp.post("/folios/<int:folio_id>/close")
@allows(Permission.POST)
def close(folio_id: int) -> ResponseReturnValue:
    """Close a bill whose every window is settled."""
    form, found = Form(), find(Folio, folio_id)
    if attempt(form, hotel_folios.close, found, by=on_duty()):
        say(f"Folio {found.number} is closed.")
    say_refused(form)
    return redirect(url_for("folios.folio", folio_id=folio_id))


@bp.route("/folios/<int:folio_id>/reopen", methods=["GET", "POST"])
@allows(Permission.POST)
def reopen(folio_id: int) -> ResponseReturnValue:
    """Open a closed bill again, and say why."""
    found, form = find(Folio, folio_id), ReasonForm()
    form.shows(found)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        if attempt(form, hotel_folios.reopen, found, reason=reason, by=on_duty()):
            say(f"Folio {found.number} is open again.")
            return redirect(url_for("folios.folio", folio_id=folio_id))
    status = 422 if form.is_submitted() else 200
    return render_template("folios/reopen.html", folio=found, form=form), status


@bp.get("/folios/<int:folio_id>/print")
@allows(Permission.LOOK)
def print_(folio_id: int) -> ResponseReturnValue:
    """Show a bill as it comes out of the printer: every window, the house on top."""
    sheets = [url_for("static", filename=sheet) for sheet in SHEETS]
    return _paper(find(Folio, folio_id), sheets)


@bp.get("/folios/<int:folio_id>/print.pdf")
@allows(Permission.LOOK)
def print_pdf(folio_id: int) -> ResponseReturnValue:
    """Hand out a bill as PDF: for information, it is no invoice and has no number of its own."""
    found = find(Folio, folio_id)
    paper = pdf.render(_paper(found, SHEETS), str(current_app.static_folder))
    return handed_out(paper, f"{here().code}-folio-{found.number}.pdf")


def _paper(found: Folio, sheets: Sequence[str]) -> str:
    windows = bills.windows_of(session(), here(), found)
    return render_template(
        "documents/folio.html",
        sheets=sheets,
        hotel=here(),
        folio=found,
        windows=windows,
        taxes=bills.taxes_of(session(), here(), windows),
        at_a_gateway=bills.at_a_gateway(session(), here(), windows),
        owed=total([window.balance for window in windows], here().currency),
        behind=page.stay_behind(found),
        by=on_duty(),
        printed_at=clock.now(),
    )
