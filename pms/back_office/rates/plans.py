"""Plans: what each follows, who pays more, its seasons, its companies and its policy."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.rates import package_desk, standing
from pms.back_office.rates.desk import bp
from pms.back_office.rates.plan_forms import (
    AgreementForm,
    DeriveForm,
    PlanForm,
    PolicyOfPlanForm,
    SeasonForm,
    SupplementsForm,
    season_prices,
)
from pms.base.refusal import Invalid
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import (
    derivations,
    negotiated,
    packages,
    policies,
    rates,
    rooms,
    season_changes,
    seasons,
    sheets,
    supplements,
)
from pms.hotel.rooms.pricing import Recipe
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.season_changes import NewPrice, SeasonChange, Wish
from pms.hotel.rooms.seasons import Season
from pms.hotel.tariff import charges
from pms.web import meanwhile, terms
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome, say_refused

SHOWN = 30  # prices of a season's preview; the rest is counted


@dataclass(frozen=True, slots=True)
class Line:
    """A plan of the list: how it makes its price, for whom, under which policy."""

    plan: RatePlan
    recipe: Recipe
    policy: str
    says: str

    @property
    def made(self) -> str:
        """How it makes its price."""
        steps = self.recipe.steps
        return steps[-1].words(self.recipe.currency) if steps else "Prices in the calendar"


@bp.route("/rates/plans", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def plans() -> ResponseReturnValue:
    """Show the plans, and add one."""
    if request.method == "POST" and not may(Permission.SET_UP):
        abort(403)
    form = PlanForm()
    codes = charges.active(session(), here())
    form.charge.offer(codes, label=lambda code: f"{code.name} ({code.code})")
    if form.validate_on_submit() and form.charge.chosen is not None:
        made = attempt(
            form,
            rates.add_plan,
            here(),
            code=(form.code.data or "").strip().upper(),
            name=(form.name.data or "").strip(),
            market=(form.market.data or "").strip(),
            charge_code=form.charge.chosen,
            by=on_duty(),
        )
        if made:
            say(f"{made.name} is there. Say what it costs.")
            return redirect(url_for("rates.plan", plan_id=made.id))
    return render_template("rates/plans.html", lines=_lines(here()), form=form), (
        422 if form.said or form.errors else 200
    )


def _lines(hotel: Hotel) -> list[Line]:
    sheet = sheets.current(session(), hotel)
    found = []
    for plan in rates.plans(session(), hotel):
        known = sheet.terms_of(plan.id)
        name, agreed = known or ("", None)
        found.append(Line(plan, sheet.recipes[plan.id], name, terms.short(agreed)))
    return found


@bp.get("/rates/plans/<int:plan_id>")
@allows(Permission.RESERVE)
def plan(plan_id: int) -> ResponseReturnValue:
    """Show all that makes a plan's prices."""
    return _page(find(RatePlan, plan_id))


def _page(found: RatePlan, **refused: Form) -> ResponseReturnValue:
    """Show a plan; a form that was refused stands in its place, as it was typed."""
    hotel = here()
    derived = derivations.all_of(session(), hotel).get(found.id)
    sheet = sheets.current(session(), hotel)
    every = rates.plans(session(), hotel)
    types = rooms.types(session(), hotel)
    of_plan = seasons.of_plan(session(), found)
    forms: dict[str, Form] = {
        "derive": _derive_form(found, every, bare=True),
        "supplements": SupplementsForm(formdata=None),
        "season": _season_form(found, None, bare=True),
        "agreement": _agreement_form(found, bare=True),
        "policy": _policy_form(found, bare=True),
        "package": package_desk.brings_form(found, bare=True),
    }
    kind = next((each for each in types if str(each.id) == request.args.get("type")), None)
    _show_supplements(forms["supplements"], found, kind)
    policy = sheet.terms_of(found.id)
    return render_template(
        "rates/plan.html",
        plan=found,
        recipe=sheet.recipes[found.id],
        derived=derived,
        forms=forms | refused,
        types=types,
        kind=kind,
        stand=supplements.of_plan(session(), found),
        brings=sheet.packages.get(found.id, ()),
        seasons=[
            (each, seasons.prices_of(session(), each), _season_form(found, each, bare=True))
            for each in of_plan
        ],
        new_season=_season_form(found, None, bare=True),
        sent=request.form if refused else {},
        kept=meanwhile.kept,
        season_change=season_changes.last_of(session(), found) if may(Permission.SET_UP) else None,
        companies=negotiated.companies_of(session(), found),
        policy=policy[0] if policy else None,
        terms=terms.short(policy[1]) if policy else "",
        may_set=may(Permission.SET_UP),
    ), (422 if refused else 200)


def _derive_form(found: RatePlan, every: list[RatePlan], *, bare: bool = False) -> DeriveForm:
    form = DeriveForm(formdata=None) if bare else DeriveForm()
    form.parent.offer([each for each in every if each.id != found.id], label=lambda each: each.name)
    form.shows(
        found,
        lambda shown: standing.fill_derived(shown, found),
        beside=lambda: standing.step(found),
    )
    return form


def _season_form(found: RatePlan, season: Season | None, *, bare: bool = False) -> SeasonForm:
    form = SeasonForm(formdata=None) if bare else SeasonForm()
    form.shows(found, beside=lambda: standing.of_season(season) if season else None)
    return form


def _agreement_form(found: RatePlan, *, bare: bool = False) -> AgreementForm:
    today = here().business_date
    form = AgreementForm(formdata=None, first=today) if bare else AgreementForm()
    standing.show_agreed(form, found)
    return form


def _show_supplements(form: Form, found: RatePlan, kind: rooms.RoomType | None) -> None:
    of = kind.id if kind else None
    form.shows(found, lambda shown: shown.show(supplements.of_plan(session(), found).get(of, [])))


def _policy_form(found: RatePlan, *, bare: bool = False) -> PolicyOfPlanForm:
    form = PolicyOfPlanForm(formdata=None) if bare else PolicyOfPlanForm()
    form.policy.offer(
        policies.standing(session(), here()),
        label=lambda each: each.name,
        none="None of its own",
    )
    form.shows(found, lambda shown: shown.policy.begin_with(standing.policy(here(), found)))
    return form


def _done(found: RatePlan, sentence: str, *, undo: str | None = None) -> ResponseReturnValue:
    say(sentence, undo=undo)
    return redirect(url_for("rates.plan", plan_id=found.id))


# --- deeds --------------------------------------------------------------------------------------


@bp.post("/rates/plans/<int:plan_id>/derive")
@allows(Permission.SET_UP)
def derive(plan_id: int) -> ResponseReturnValue:
    """Let a plan follow another."""
    found = find(RatePlan, plan_id)
    form = _derive_form(found, rates.plans(session(), here()))
    if form.validate():
        attempt(form, _derive, found, form, by=on_duty())
        if not form.said:
            return _done(found, f"{found.name} follows {form.parent.chosen.name}.")
    return _page(found, derive=form)


def _derive(opened: Session, found: RatePlan, form: DeriveForm, *, by: Staff) -> None:
    if form.parent.chosen is None:
        raise Invalid("Choose the plan it follows.", field="parent")
    derivations.derive(opened, found, form.parent.chosen, form.wanted, by=by)


@bp.post("/rates/plans/<int:plan_id>/stand-alone")
@allows(Permission.SET_UP)
def stand_alone(plan_id: int) -> ResponseReturnValue:
    """Let a plan follow no other; it keeps the prices it has."""
    found, form = find(RatePlan, plan_id), Form()
    attempt(form, derivations.stand_alone, found, by=on_duty())
    if form.said:
        say_refused(form)
        return redirect(url_for("rates.plan", plan_id=found.id))
    return _done(found, f"{found.name} has prices of its own.")


@bp.post("/rates/plans/<int:plan_id>/supplements")
@allows(Permission.SET_UP)
def who_pays_more(plan_id: int) -> ResponseReturnValue:
    """Say what each party pays more, for a type or for all."""
    found, form = find(RatePlan, plan_id), SupplementsForm()
    types = rooms.types(session(), here())
    kind = next((each for each in types if str(each.id) == request.args.get("type")), None)
    _show_supplements(form, found, kind)
    if form.validate():
        attempt(form, _supplement, found, form, kind, by=on_duty())
        if not form.said:
            return _done(found, f"Who pays more in {found.name} is set.")
    return _page(found, supplements=form)


def _supplement(
    opened: Session,
    found: RatePlan,
    form: SupplementsForm,
    kind: rooms.RoomType | None,
    *,
    by: Staff,
) -> None:
    supplements.put(opened, found, form.wanted, room_type=kind, by=by)


@bp.post("/rates/plans/<int:plan_id>/seasons")
@allows(Permission.SET_UP)
def put_season(plan_id: int) -> ResponseReturnValue:
    """Make a season, or change the one that is named in the form."""
    found = find(RatePlan, plan_id)
    wanted = request.form.get("season", type=int)
    season = find(Season, wanted) if wanted else None
    if season is not None and season.plan_id != found.id:
        abort(404)
    form = _season_form(found, season)
    if not form.validate():
        return _page(found, season=form)
    seen = request.form.get("seen")
    if seen:
        made = attempt(form, _put_season, found, form, season, seen=seen, by=on_duty())
        if made is not None:
            back = url_for("rates.undo_season", change_id=made.id)
            say(f"{form.span.name} is set.", undo=back)
            return redirect(url_for("rates.plan", plan_id=found.id))
        return _page(found, season=form)
    changed = attempt(form, _preview_season, found, form, season, by=on_duty())
    if changed is None:
        return _page(found, season=form)
    return render_template(
        "rates/season.html",
        plan=found,
        form=form,
        sent=request.form,
        changed=changed,
        seen=season_changes.digest(changed),
        names={each.id: each.name for each in rooms.types(session(), here())},
        shown=SHOWN,
    )


def _wish(opened: Session, form: SeasonForm, season: Season | None) -> Wish:
    prices = season_prices(request.form, rooms.types(opened, here()))
    return Wish(form.span, prices, season, bool(request.form.get("over_hand")))


def _preview_season(
    opened: Session, found: RatePlan, form: SeasonForm, season: Season | None, *, by: Staff
) -> list[NewPrice]:
    return season_changes.preview(opened, found, _wish(opened, form, season), by=by)


def _put_season(
    opened: Session,
    found: RatePlan,
    form: SeasonForm,
    season: Season | None,
    *,
    seen: str,
    by: Staff,
) -> SeasonChange:
    return season_changes.put(opened, found, _wish(opened, form, season), seen=seen, by=by)


@bp.post("/rates/season-changes/<int:change_id>/undo")
@allows(Permission.SET_UP)
def undo_season(change_id: int) -> ResponseReturnValue:
    """Take a season's change back."""
    change, form = find(SeasonChange, change_id), Form()
    attempt(form, season_changes.undo, change, by=on_duty())
    say_outcome(form, "Taken back: the season and the prices of its nights stand as before.")
    return redirect(url_for("rates.plan", plan_id=change.plan_id))


@bp.post("/rates/seasons/<int:season_id>/remove")
@allows(Permission.SET_UP)
def remove_season(season_id: int) -> ResponseReturnValue:
    """Take a season away; its nights keep their prices."""
    season, form = find(Season, season_id), Form()
    found, name = find(RatePlan, season.plan_id), season.name
    made = attempt(form, season_changes.remove, season, by=on_duty())
    if made is None:
        say_refused(form)
        return redirect(url_for("rates.plan", plan_id=found.id))
    back = url_for("rates.undo_season", change_id=made.id)
    return _done(found, f"{name} is gone. Its nights keep their prices.", undo=back)


@bp.post("/rates/plans/<int:plan_id>/companies")
@allows(Permission.SET_UP)
def agree(plan_id: int) -> ResponseReturnValue:
    """Agree a plan with a company."""
    found = find(RatePlan, plan_id)
    form = _agreement_form(found)
    if form.validate():
        attempt(form, _agree, found, form, by=on_duty())
        if not form.said:
            return _done(found, f"{found.name} is sold to its companies only.")
    return _page(found, agreement=form)


def _agree(opened: Session, found: RatePlan, form: AgreementForm, *, by: Staff) -> None:
    company: Company | None = companies.by_code(opened, here(), form.company.data or "")
    if company is None:
        raise Invalid("No company has that code.", field="company")
    first = form.first.data or here().business_date
    negotiated.agree(opened, found, company, first=first, last=form.last.data, by=by)


@bp.post("/rates/plans/<int:plan_id>/policy")
@allows(Permission.SET_UP)
def set_policy(plan_id: int) -> ResponseReturnValue:
    """Let a plan be booked under a policy."""
    found = find(RatePlan, plan_id)
    form = _policy_form(found)
    if form.validate():
        attempt(form, policies.attach, found, form.policy.chosen, by=on_duty())
        if not form.said:
            return _done(found, f"{found.name}: who books from now on does so under that policy.")
    return _page(found, policy=form)


@bp.post("/rates/plans/<int:plan_id>/packages")
@allows(Permission.SET_UP)
def give_package(plan_id: int) -> ResponseReturnValue:
    """Let a plan bring a package."""
    found = find(RatePlan, plan_id)
    form = package_desk.brings_form(found)
    if form.validate() and form.package.chosen is not None:
        brought, included = form.package.chosen, form.way.data == "included"
        attempt(form, packages.attach, found, brought, included=included, by=on_duty())
        if not form.said:
            return _done(
                found, f"{found.name} brings {brought.name} for bookings made from now on."
            )
    return _page(found, package=form)
