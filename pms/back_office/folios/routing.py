"""Routing of a bill: who pays what by itself, and what that comes to until departure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.folios import elsewhere, page
from pms.back_office.folios.forms import RouteForm
from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import routing, taking
from pms.hotel.books.folios import Folio, FolioState, FolioWindow, RoutingRule
from pms.hotel.books.taking import Takes
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import agreed_routing
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.stays.who_pays import WhoPays, who_pays
from pms.hotel.tariff import charge_sets
from pms.web import sentences
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused
from pms.web.takes import TakesForm

bp = Blueprint("routing", __name__)


class SeveralCompanies(Invalid):
    """Several companies are called so."""

    def __init__(self, words: str, found: Sequence[Company]) -> None:
        names = "; ".join(f"{each.name} ({each.code})" for each in found)
        super().__init__(f"“{words}” may be {names}. Write the code.", field="folio")


@dataclass(frozen=True, slots=True)
class Said:
    """A routing rule in words, whether it was agreed, and what it has sent so far."""

    id: int
    sentence: str
    sent: Money | None
    is_default: bool


@bp.route("/folios/<int:folio_id>/routing", methods=["GET", "POST"])
@allows(Permission.POST)
def rules(folio_id: int) -> ResponseReturnValue:
    """Show who pays what of a bill, and let somebody else pay more of it; tried, nothing is kept.

    Below stands what that comes to, night by night.
    """
    found, form = find(Folio, folio_id), RouteForm()
    form.offer(charge_sets.named(session(), here(), active=True), page.charge_codes())
    elsewhere.offer_places(form, found, first=2)
    form.shows(found)
    first: Callable[[], object] | None = None
    if form.validate_on_submit() and (verb := _verb(form, found)):
        if _tries():
            first = partial(verb, session(), found, takes=form.takes(), by=on_duty())
        elif attempt(form, verb, found, takes=form.takes(), by=on_duty()):
            say("The rule is followed from now on.")
            return redirect(url_for("routing.rules", folio_id=folio_id))
    return _page("routing/rules.html", found, form, first)


def _verb(form: RouteForm, found: Folio) -> Callable[..., RoutingRule] | None:
    """Return what lets pay whom the form names; None, and why, where it names nobody or several.

    A company that has no bill yet gets a window of this one; its code is never a part of a name.
    """
    words = (form.folio.data or "").strip()
    if form.to.chosen is None:
        firms = companies.called(session(), here(), words)
        if not _is_code(firms, words) and elsewhere.called(form):
            firms = []
        if len(firms) == 1:
            return partial(_let_company_pay, firms[0])
        if firms:
            form.refuse(SeveralCompanies(words, firms))
            return None
    to = elsewhere.target(form, found)
    return None if to is None else partial(_route, to)


def _is_code(firms: Sequence[Company], words: str) -> bool:
    return any(firm.code.casefold() == words.casefold() for firm in firms)


def _let_company_pay(
    company: Company, opened: Session, folio: Folio, *, takes: Takes, by: Staff
) -> RoutingRule:
    return agreed_routing.let_company_pay(opened, folio, company, takes=takes, by=by)


def _route(
    to: elsewhere.Target, opened: Session, folio: Folio, *, takes: Takes, by: Staff
) -> RoutingRule:
    return routing.route(opened, folio, to_folio=to.folio, to_window=to.window, takes=takes, by=by)


@bp.route("/folios/<int:folio_id>/routing/<int:rule_id>", methods=["GET", "POST"])
@allows(Permission.POST)
def change(folio_id: int, rule_id: int) -> ResponseReturnValue:
    """Change what a rule takes; tried, nothing is kept."""
    found, rule, form = find(Folio, folio_id), _rule(folio_id, rule_id), TakesForm()
    [taken] = taking.of_rules(session(), here(), [rule])
    sets = charge_sets.named(session(), here(), active=True)
    if taken.charge_set is not None and taken.charge_set not in sets:
        sets.append(taken.charge_set)
    form.offer(sets, page.charge_codes())
    form.shows(rule, lambda shown: _fill(shown, rule))
    first: Callable[[], object] | None = None
    if form.validate_on_submit():
        takes = form.takes()
        if _tries():
            first = partial(routing.change, session(), rule, takes=takes, by=on_duty())
        elif attempt(form, routing.change, rule, takes=takes, by=on_duty()):
            say("The rule is changed.")
            return redirect(url_for("routing.rules", folio_id=folio_id))
    return _page("routing/change.html", found, form, first, rule_id=rule_id)


def _fill(form: TakesForm, rule: RoutingRule) -> None:
    [taken] = taking.of_rules(session(), here(), [rule])
    form.begin(taken)


@bp.post("/folios/<int:folio_id>/routing/<int:rule_id>/earlier")
@allows(Permission.POST)
def put_earlier(folio_id: int, rule_id: int) -> ResponseReturnValue:
    """Let a rule take before the one above it."""
    form, rule = Form(), _rule(folio_id, rule_id)
    attempt(form, routing.put_earlier, rule, by=on_duty())
    say_refused(form)
    return redirect(url_for("routing.rules", folio_id=folio_id))


@bp.post("/folios/<int:folio_id>/routing/<int:rule_id>/end")
@allows(Permission.POST)
def end(folio_id: int, rule_id: int) -> ResponseReturnValue:
    """End a routing rule; what went its way stays where it is."""
    form, rule = Form(), _rule(folio_id, rule_id)
    attempt(form, routing.stop, rule, by=on_duty())
    if form.said:
        say_refused(form)
    else:
        say("The rule has ended. What went its way stays where it is.")
    return redirect(url_for("routing.rules", folio_id=folio_id))


def _rule(folio_id: int, rule_id: int) -> RoutingRule:
    """Return a folio's rule that is followed; 404 for any other."""
    rule = find(RoutingRule, rule_id)
    if rule.folio_id != folio_id or rule.ended_on is not None:
        abort(404)
    return rule


def _tries() -> bool:
    """Tell whether the form only asks what a rule would come to."""
    return "try" in request.form


def _page(
    template: str,
    found: Folio,
    form: Any,
    first: Callable[[], object] | None,
    **more: Any,
) -> ResponseReturnValue:
    said = _said(found)  # before the rehearsal: what it takes back is read anew
    behind = page.stay_behind(found)
    bill: WhoPays | None = None
    if behind is not None and found.state is FolioState.OPEN:
        try:
            bill = _reckoned(behind.reservation, first)
        except Refusal as refusal:
            form.refuse(refusal)
    refused = form.is_submitted() and (form.said or not _tries())
    shown = render_template(
        template,
        folio=found,
        form=form,
        rules=said,
        bill=bill,
        over_credit=page.over_credit(found, behind, bill),
        is_tried=first is not None and bill is not None,
        **more,
    )
    return shown, 422 if refused else 200


def _reckoned(party: Reservation, first: Callable[[], object] | None) -> WhoPays:
    """Return who will pay what; only what is tried wants the write turn, and gives it back."""
    if first is None:
        return who_pays(session(), party)
    with transaction(session()):
        return who_pays(session(), party, first=first)


def _said(found: Folio) -> list[Said]:
    """Return a folio's rules in words, in their order; few questions however many there are."""
    followed = routing.of(session(), found)
    payers = _payers(found, followed)
    sent = routing.sent_in_all(session(), found)
    return [
        Said(
            rule.id,
            sentences.sentence(takes, payer=payers[rule.to_folio_id, rule.to_window]),
            sent.get(rule.id),
            rule.default_id is not None,
        )
        for rule, takes in zip(followed, taking.of_rules(session(), here(), followed), strict=True)
    ]


def _payers(found: Folio, followed: Sequence[RoutingRule]) -> dict[tuple[int, int], str]:
    """Return who pays the windows that rules lead to."""
    rows = session().execute(
        sa.select(
            FolioWindow.folio_id, FolioWindow.no, FolioWindow.payee_name, Folio.name, Folio.number
        )
        .join(
            Folio,
            sa.and_(Folio.hotel_id == FolioWindow.hotel_id, Folio.id == FolioWindow.folio_id),
        )
        .where(
            FolioWindow.hotel_id == here().id,
            FolioWindow.folio_id.in_({rule.to_folio_id for rule in followed}),
        )
    )
    return {
        (row.folio_id, row.no): f"Window {row.no} ({row.payee_name or row.name})"
        if row.folio_id == found.id
        else f"{row.payee_name or row.name} (folio {row.number})"
        for row in rows
    }
