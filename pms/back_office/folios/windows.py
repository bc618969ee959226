"""Windows of a bill: who pays which, and which charges go where by themselves."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.folios import page
from pms.back_office.folios.forms import RouteForm, WindowForm
from pms.base.refusal import Invalid
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import WINDOWS, Folio, RoutingRule
from pms.hotel.house.staff import Permission
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("windows", __name__)

EVERYTHING = "everything"
DEPARTMENTS = {
    Department.ROOMS: "All of rooms",
    Department.FOOD_AND_BEVERAGE: "All of food and beverage",
    Department.OTHER: "All other departments",
    Department.MISCELLANEOUS: "All miscellaneous",
}


class NoSuchFolio(Invalid):
    """Nobody has a folio of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no folio {number}. Look for it by name.", field="folio")


@dataclass(frozen=True, slots=True)
class Route:
    """A routing rule in words."""

    rule: RoutingRule
    what: str
    to: str


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


@bp.route("/folios/<int:folio_id>/routing", methods=["GET", "POST"])
@allows(Permission.POST)
def routes(folio_id: int) -> ResponseReturnValue:
    """Show where a bill's charges go, and send more of them elsewhere."""
    found, form = find(Folio, folio_id), RouteForm()
    codes = page.charge_codes()
    form.what.offer([EVERYTHING, *Department, *codes], label=_what)
    form.to.offer([str(window.no) for window in found.windows], none="Another folio")
    form.shows(found)
    if form.validate_on_submit() and _route(form, found):
        say(f"{_what(form.what.chosen)} goes there from now on.")
        return redirect(url_for("windows.routes", folio_id=folio_id))
    status = 422 if form.is_submitted() else 200
    rules = _rules(found, {code.id: code for code in codes})
    return render_template("windows/routes.html", folio=found, form=form, rules=rules), status


@bp.post("/folios/<int:folio_id>/routing/<int:rule_id>/end")
@allows(Permission.POST)
def end_route(folio_id: int, rule_id: int) -> ResponseReturnValue:
    """End a routing rule; what went its way stays where it is."""
    form, found = Form(), find(RoutingRule, rule_id)
    attempt(form, routing.stop, found, by=on_duty())
    if form.said:
        say_refused(form)
    else:
        say("Those charges stay in window 1 from now on.")
    return redirect(url_for("windows.routes", folio_id=folio_id))


def _payee(form: WindowForm) -> str | None:
    company = form.company.chosen
    return (form.payee.data or "").strip() or (company.name if company else None)


def _route(form: RouteForm, found: Folio) -> RoutingRule | None:
    to_folio: Folio | None = found
    if form.to.chosen:
        to_window = int(form.to.chosen)
    else:
        to_window = form.folio_window.data or 1
        to_folio = page.folio_of_number(form.folio.data or 0)
    if to_folio is None:
        form.refuse(NoSuchFolio(form.folio.data or 0))
        return None
    what = form.what.chosen
    return attempt(
        form,
        routing.route,
        found,
        to_folio=to_folio,
        to_window=to_window,
        code=what if isinstance(what, ChargeCode) else None,
        department=what if isinstance(what, Department) else None,
        first_night=form.first_night.data,
        last_night=form.last_night.data,
        by=on_duty(),
    )


def _what(what: Any) -> str:
    if isinstance(what, ChargeCode):
        return what.name
    return DEPARTMENTS[what] if isinstance(what, Department) else "Everything"


def _rules(found: Folio, codes: dict[int, ChargeCode]) -> list[Route]:
    rules = routing.of(session(), found)
    names = {
        row.id: (row.number, row.name)
        for row in session().execute(
            sa.select(Folio.id, Folio.number, Folio.name).where(
                Folio.hotel_id == here().id, Folio.id.in_({rule.to_folio_id for rule in rules})
            )
        )
    }
    return [Route(rule, _what(_subject(rule, codes)), _where(rule, found, names)) for rule in rules]


def _subject(rule: RoutingRule, codes: dict[int, ChargeCode]) -> Any:
    if rule.charge_code_id is not None:
        return codes.get(rule.charge_code_id, EVERYTHING)
    return rule.department or EVERYTHING


def _where(rule: RoutingRule, found: Folio, names: dict[int, tuple[int, str]]) -> str:
    if rule.to_folio_id == found.id:
        return f"Window {rule.to_window}"
    number, name = names[rule.to_folio_id]
    return f"Folio {number}, {name}, window {rule.to_window}"
