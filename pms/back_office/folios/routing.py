"""Routing of a bill: who pays what by itself, and what that comes to until departure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.folios import page, sentences
from pms.back_office.folios.forms import RouteForm, TakesForm
from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import routing
from pms.hotel.books.folios import (
    EVERY_DAY,
    Folio,
    FolioKind,
    FolioState,
    FolioWindow,
    RoutingRule,
)
from pms.hotel.house.staff import Permission
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.stays.who_pays import WhoPays, who_pays
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("routing", __name__)

MASTERS = (FolioKind.GROUP, FolioKind.COMPANY, FolioKind.HOUSE)
MASTERS_AT_MOST = 50


class NoSuchFolio(Invalid):
    """Nobody has a folio of that number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no folio {number}. Look for it by name.", field="folio")


@dataclass(frozen=True, slots=True)
class Target:
    """A window that charges can go to, as it is offered."""

    folio_id: int
    window: int
    label: str

    @property
    def id(self) -> str:
        """What a form sends for it."""
        return f"{self.folio_id}-{self.window}"


@dataclass(frozen=True, slots=True)
class Said:
    """A routing rule in words, and what it has sent so far."""

    id: int
    sentence: str
    sent: Money | None


@bp.route("/folios/<int:folio_id>/routing", methods=["GET", "POST"])
@allows(Permission.POST)
def rules(folio_id: int) -> ResponseReturnValue:
    """Show who pays what of a bill, and let somebody else pay more of it; tried, nothing is kept.

    Below stands what that comes to, night by night.
    """
    found, form = find(Folio, folio_id), RouteForm()
    codes = page.charge_codes()
    _offer(form, codes)
    form.to.offer(_targets(found), label=lambda target: target.label, none="Another folio")
    form.shows(found)
    first: Callable[[], object] | None = None
    if form.validate_on_submit():
        details = _details(form, found)
        if details is not None and _tries():
            first = partial(routing.route, session(), found, **details, by=on_duty())
        elif details is not None:
            made = attempt(form, routing.route, found, **details, by=on_duty())
            if made is not None:
                say("The rule is followed from now on.")
                return redirect(url_for("routing.rules", folio_id=folio_id))
    return _page("routing/rules.html", found, form, codes, first)


@bp.route("/folios/<int:folio_id>/routing/<int:rule_id>", methods=["GET", "POST"])
@allows(Permission.POST)
def change(folio_id: int, rule_id: int) -> ResponseReturnValue:
    """Change what a rule takes; tried, nothing is kept."""
    found, rule, form = find(Folio, folio_id), _rule(folio_id, rule_id), TakesForm()
    codes = page.charge_codes()
    _offer(form, codes)
    form.shows(found)
    if not form.is_submitted():
        _begin(form, rule, codes)
    first: Callable[[], object] | None = None
    if form.validate_on_submit():
        takes = form.takes()
        if _tries():
            first = partial(routing.change, session(), rule, takes=takes, by=on_duty())
        elif attempt(form, routing.change, rule, takes=takes, by=on_duty()):
            say("The rule is changed.")
            return redirect(url_for("routing.rules", folio_id=folio_id))
    return _page("routing/change.html", found, form, codes, first, rule_id=rule_id)


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
    codes: Sequence[ChargeCode],
    first: Callable[[], object] | None,
    **more: Any,
) -> ResponseReturnValue:
    said = _said(found, codes)  # before the rehearsal: what it takes back is read anew
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


def _offer(form: TakesForm, codes: Sequence[ChargeCode]) -> None:
    form.what.offer([sentences.EVERYTHING, *Department, *codes], label=_label)


def _label(what: Any) -> str:
    if isinstance(what, ChargeCode):
        return what.name
    if isinstance(what, Department):
        return f"All of {sentences.DEPARTMENTS[what]}"
    return "Everything"


def _begin(form: TakesForm, rule: RoutingRule, codes: Sequence[ChargeCode]) -> None:
    """Fill in what a rule takes now."""
    code = next((each for each in codes if each.id == rule.charge_code_id), None)
    form.what.begin_with(code or rule.department or sentences.EVERYTHING)
    form.percent.data = f"{rule.percent / 100:g}"
    for name in ("night_limit", "total_limit"):
        limit = getattr(rule, name)
        form[name].data = None if limit is None else Money(limit, here().currency)
    form.first_night.data, form.last_night.data = rule.first_night, rule.last_night
    if rule.weekdays != EVERY_DAY:
        form.weekdays.data = [str(no) for no in range(7) if rule.weekdays & 1 << no]


def _targets(found: Folio) -> list[Target]:
    """Return where charges of a folio may go: its other windows, then masters and the house."""
    own = [
        Target(found.id, window.no, f"Window {window.no}, {window.payee_name or found.name}")
        for window in found.windows
        if window.no > 1
    ]
    masters = session().scalars(
        sa.select(Folio)
        .where(
            Folio.hotel_id == here().id,
            Folio.kind.in_(MASTERS),
            Folio.state == FolioState.OPEN,
            Folio.id != found.id,
        )
        .order_by(Folio.name, Folio.number)
        .limit(MASTERS_AT_MOST)
    )
    return own + [Target(each.id, 1, f"{each.name}, folio {each.number}") for each in masters]


def _details(form: RouteForm, found: Folio) -> dict[str, Any] | None:
    """Return what a rule is made of; None, and said beside the field, when nobody has the folio."""
    target: Target | None = form.to.chosen
    if target is not None:
        to_folio, to_window = session().get(Folio, (here().id, target.folio_id)), target.window
    else:
        to_folio = page.folio_of_number(form.folio.data or 0)
        to_window = form.folio_window.data or 1
    if to_folio is None:
        form.refuse(NoSuchFolio(form.folio.data or 0))
        return None
    return {"to_folio": to_folio, "to_window": to_window, "takes": form.takes()}


def _said(found: Folio, codes: Sequence[ChargeCode]) -> list[Said]:
    """Return a folio's rules in words, in their order; three questions however many there are."""
    followed = routing.of(session(), found)
    names = {code.id: code.name for code in codes}
    payers = _payers(found, followed)
    sent = routing.sent_in_all(session(), found)
    return [
        Said(
            rule.id,
            sentences.sentence(
                rule,
                payer=payers[rule.to_folio_id, rule.to_window],
                code=names.get(rule.charge_code_id or 0, "a charge no longer sold")
                if rule.charge_code_id
                else None,
                currency=here().currency,
            ),
            sent.get(rule.id),
        )
        for rule in followed
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
