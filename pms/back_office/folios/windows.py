"""Windows of a bill: who pays which."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.folios import page
from pms.back_office.folios.forms import WindowForm
from pms.hotel.books import folios
from pms.hotel.books.folios import WINDOWS, Folio
from pms.hotel.house.staff import Permission
from pms.web.attempt import attempt
from pms.web.auth import allows, find, on_duty
from pms.web.saying import say

bp = Blueprint("windows", __name__)


@bp.route("/folios/<int:folio_id>/windows", methods=["GET", "POST"])
@allows(Permission.POST)
def open_(folio_id: int) -> ResponseReturnValue:
    """Open another window of a bill, and say who pays it."""
    found, form = find(Folio, folio_id), WindowForm()
    taken = {window.no for window in found.windows}
    form.no.offer([str(no) for no in range(2, WINDOWS + 1) if no not in taken])
    companies = page.may_be_billed()
    form.company.offer(companies, label=lambda company: company.name, none="No company")
    form.shows(found)
    if form.validate_on_submit():
        opened = attempt(
            form,
            folios.open_window,
            found,
            no=int(form.no.chosen or 0),
            payee_company=form.company.chosen,
            payee_name=_payee(form),
            address=form.address.data or None,
            by=on_duty(),
        )
        if opened:
            say(f"Window {opened.no} is open.")
            return redirect(url_for("folios.folio", folio_id=folio_id, window=opened.no))
    status = 422 if form.is_submitted() else 200
    return render_template("windows/open.html", folio=found, form=form), status


def _payee(form: WindowForm) -> str | None:
    company = form.company.chosen
    return (form.payee.data or "").strip() or (company.name if company else None)
