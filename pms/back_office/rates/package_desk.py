"""Packages: the catalogue, what a plan brings of it, and what it includes."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional

from pms.back_office.rates.desk import bp
from pms.back_office.rates.plan_forms import CHILDREN_LISTED, NAME, PlanPackageForm, offered
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import package_allowances, packages, rates, sheets
from pms.hotel.rooms.packages import Details, Package
from pms.hotel.rooms.packaging import EVERY_DAY, MEALS, Allowance, Per, Rhythm, Span
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays import allowances
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import WEEKDAYS, Boxes, ChoiceField, Form, IntegerField, MoneyField
from pms.web.saying import say, say_outcome

PER = {Per.PERSON: "Each person", Per.ROOM: "The room", Per.FIXED: "The reservation"}
RHYTHM = {
    Rhythm.EVERY_NIGHT: "Every night",
    Rhythm.ARRIVAL_NIGHT: "The night of arrival",
    Rhythm.LAST_NIGHT: "The last night",
    Rhythm.ALL_BUT_FIRST: "Every night but the first",
    Rhythm.ALL_BUT_LAST: "Every night but the last",
    Rhythm.WEEKDAYS: "On certain weekdays",
    Rhythm.ONCE: "Once",
}


SPAN = {Span.DAY: "Each day it falls on", Span.STAY: "From then on, once"}


class PackageForm(Form):
    """A package of the catalogue."""

    code = StringField("Code", [Optional(), Length(max=packages.LONGEST_CODE)])
    name = StringField("Name", [NAME])
    charge = ChoiceField("Posted as")
    per = SelectField("Price for", choices=offered(PER))
    price = MoneyField("Price")
    child_age_1 = IntegerField("Child up to age", [Optional(), NumberRange(0, 17)])
    child_1 = MoneyField("Pays")
    child_age_2 = IntegerField("Child up to age", [Optional(), NumberRange(0, 17)])
    child_2 = MoneyField("Pays")
    child_age_3 = IntegerField("Child up to age", [Optional(), NumberRange(0, 17)])
    child_3 = MoneyField("Pays")
    rhythm = SelectField("Posted", choices=offered(RHYTHM))
    weekdays = Boxes(
        "Weekdays", choices=[SelectChoice(str(n), word) for n, word in enumerate(WEEKDAYS)]
    )
    allowance = MoneyField("Guests may consume")
    allowance_span = SelectField("How long it holds", choices=offered(SPAN), default=Span.DAY.value)
    allowance_codes = Boxes("Consumed as", choices=[])
    meals = Boxes("Serves", choices=[SelectChoice(str(n), meal) for n, meal in enumerate(MEALS)])

    @property
    def children(self) -> list[tuple[IntegerField, MoneyField]]:
        """The pairs of fields of children: age and price."""
        return [(self[f"child_age_{n}"], self[f"child_{n}"]) for n in range(1, CHILDREN_LISTED + 1)]

    def show(self, package: Package, children: tuple[tuple[int, int], ...]) -> None:
        """Fill the fields with what stands."""
        currency = here().currency
        self.name.data, self.price.data = package.name, Money(package.price, currency)
        self.per.data, self.rhythm.data = package.per.value, package.rhythm.value
        self.weekdays.data = _ticked(package.weekdays if package.weekdays != EVERY_DAY else 0)
        self.meals.data = _ticked(package.meals)
        for (age, price), (upto, amount) in zip(self.children, children, strict=False):
            age.data, price.data = upto, Money(amount, currency)

    def may_consume(self, allowance: Allowance | None, of: list[ChargeCode]) -> None:
        """Show what can be consumed against it."""
        self.allowance_codes.data = [str(each.id) for each in of]
        if allowance is not None:
            self.allowance.data = Money(allowance.amount, here().currency)
            self.allowance_span.data = allowance.span.value

    @property
    def wanted(self) -> Details:
        """The package as it was typed."""
        if self.charge.chosen is None:
            raise Invalid("Choose what it is posted as.", field="charge")
        if self.price.data is None:
            raise Invalid("Say what it costs; 0 is nothing.", field="price")
        children = []
        for age, price in self.children:
            if (age.data is None) is not (price.data is None):
                raise Invalid("Say both the age and the price.", field=age.name)
            if age.data is not None and price.data is not None:
                children.append((age.data, price.data))
        return Details(
            name=self.name.data or "",
            charge_code=self.charge.chosen,
            per=Per(self.per.data),
            price=self.price.data,
            rhythm=Rhythm(self.rhythm.data),
            weekdays=_bits(self.weekdays.data),
            meals=_bits(self.meals.data),
            children=tuple(sorted(children)),
        )


def _bits(ticked: list[str] | None) -> int:
    return sum(1 << int(each) for each in ticked or ())


def _ticked(bits: int) -> list[str]:
    return [str(n) for n in range(len(WEEKDAYS)) if bits & (1 << n)]


def says(package: Package) -> str:
    """Say when a package is posted, in a few words."""
    if package.rhythm is not Rhythm.WEEKDAYS:
        return RHYTHM[package.rhythm]
    return ", ".join(WEEKDAYS[int(each)] for each in _ticked(package.weekdays))


# --- the catalogue ------------------------------------------------------------------------------


@bp.get("/packages")
@allows(Permission.RESERVE)
def packages_page() -> ResponseReturnValue:
    """Show the catalogue, and which plans bring what."""
    hotel = here()
    sheet = sheets.current(session(), hotel)
    used: dict[int, list[str]] = {}
    for plan in rates.plans(session(), hotel):
        for each in sheet.packages.get(plan.id, ()):
            used.setdefault(each.package_id, []).append(plan.name)
    children = packages.children_of(session(), hotel)
    listed = [
        (each, PER[each.per].lower(), says(each), children.get(each.id, ()), used.get(each.id, []))
        for each in packages.catalogue(session(), hotel)
    ]
    allowed = package_allowances.of(session(), hotel)
    since = hotel.business_date.replace(day=1)
    return render_template(
        "packages/packages_page.html",
        packages=listed,
        allowed=allowed,
        of_what=package_allowances.codes_of(session(), hotel) if allowed else {},
        since=since,
        results=allowances.used(session(), hotel, since, hotel.business_date),
        may_set=may(Permission.SET_UP),
    )


@bp.route("/packages/new", methods=["GET", "POST"])
@bp.route("/packages/<int:package_id>", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def package(package_id: int | None = None) -> ResponseReturnValue:
    """Add a package, or change one for bookings to come."""
    found = find(Package, package_id) if package_id else None
    form, codes = PackageForm(), charges.active(session(), here())
    form.charge.offer(codes, label=lambda code: f"{code.name} ({code.code})")
    form.allowance_codes.choices = [SelectChoice(str(each.id), each.name) for each in codes]
    if found is not None:
        form.shows(found, lambda shown: _fill(shown, found))
    if form.validate_on_submit():
        made = attempt(form, _keep, form, found, by=on_duty())
        if made is not None:
            say(f"{made.name} is set. Bookings made before keep what was agreed.")
            return redirect(url_for("rates.packages_page"))
    shown = render_template("packages/package.html", form=form, package=found)
    return shown, (422 if request.method == "POST" else 200)


def _fill(form: PackageForm, found: Package) -> None:
    form.show(found, packages.children_of(session(), here(), [found.id]).get(found.id, ()))
    form.charge.begin_with(session().get(ChargeCode, (here().id, found.charge_code_id)))
    standing = package_allowances.of(session(), here(), [found.id]).get(found.id)
    taken = package_allowances.codes_of(session(), here()).get(found.id, []) if standing else []
    form.may_consume(standing, taken)


def _keep(opened: Session, form: PackageForm, found: Package | None, *, by: Staff) -> Package:
    if found is None:
        code = form.code.data or ""
        found = packages.add(opened, here(), code=code, details=form.wanted, by=by)
    else:
        packages.change(opened, found, details=form.wanted, by=by)
    if form.allowance.data is None:
        package_allowances.allow_nothing(opened, found, by=by)
        return found
    ticked = set(form.allowance_codes.data or ())
    package_allowances.allow(
        opened,
        found,
        span=Span(form.allowance_span.data),
        amount=form.allowance.data,
        codes=[code for code in charges.active(session(), here()) if str(code.id) in ticked],
        by=by,
    )
    return found


@bp.post("/packages/<int:package_id>/sell")
@allows(Permission.SET_UP)
def sell_package(package_id: int) -> ResponseReturnValue:
    """Sell a package no more, or again."""
    found, form = find(Package, package_id), Form()
    other = "no" if found.active else "yes"
    sold = request.args.get("sold", other) == "yes"  # as the button said when it was shown
    attempt(form, packages.sell, found, sold, by=on_duty())
    say_outcome(form, f"{found.name} is sold{'' if sold else ' no more'}.")
    return redirect(url_for("rates.packages_page"))


# --- of a plan ----------------------------------------------------------------------------------


def brings_form(found: RatePlan, *, bare: bool = False) -> PlanPackageForm:
    """Return the form of a package that a plan brings, marked with how it brings each."""
    form = PlanPackageForm(formdata=None) if bare else PlanPackageForm()
    form.shows(found, beside=lambda: _brought(found), writes=lambda: form.package.data)
    form.package.offer(packages.catalogue(session(), here(), sold=True), label=lambda p: p.name)
    return form


def _brought(found: RatePlan) -> dict[str, bool]:
    """Return which packages a plan brings, each with whether it is in the price."""
    sheet = sheets.current(session(), here())
    return {str(each.package_id): each.included for each in sheet.packages.get(found.id, ())}


@bp.post("/rates/plans/<int:plan_id>/packages/<int:package_id>/remove")
@allows(Permission.SET_UP)
def remove_package(plan_id: int, package_id: int) -> ResponseReturnValue:
    """Take a package out of a plan."""
    found, gone, form = find(RatePlan, plan_id), find(Package, package_id), Form()
    attempt(form, packages.detach, found, gone, by=on_duty())
    say(f"{found.name} brings {gone.name} no more. Bookings made before keep it.")
    return redirect(url_for("rates.plan", plan_id=found.id))
