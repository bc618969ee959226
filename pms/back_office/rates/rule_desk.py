"""Rules of yield: shown with what each does today, added and stopped."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional

from pms.back_office.rates.desk import bp
from pms.back_office.rates.forms import points_of
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Invalid
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import pricing, rates, rooms, yields
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.yields import Does, Measure, Rule, YieldRule
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import money, plural
from pms.web.forms import ChoiceField, DateField, Form, IntegerField
from pms.web.saying import say, say_outcome

WHEN = {
    "occupancy": "Rooms of the house sold, percent, at least",
    "occupancy-below": "Rooms of the house sold, percent, below",
    "pick_up": "Rooms sold of late, at least",
    "pick_up-below": "Rooms sold of late, below",
}
DOES = {
    Does.PERCENT: "Price more or less, percent",
    Does.AMOUNT: "Price more or less, amount",
    Does.MIN_STAY: "Minimum stay, nights",
    Does.CLOSED: "Closed",
    Does.CLOSED_TO_ARRIVAL: "Closed to arrival",
}


class RuleForm(Form):
    """A rule of yield."""

    name = StringField("Name", [Length(min=1, max=80)])
    first = DateField("First night")
    last = DateField("Last night")
    when = SelectField("When", choices=[SelectChoice(value, word) for value, word in WHEN.items()])
    mark = IntegerField("Mark", [NumberRange(0, 9_999)])
    days = IntegerField("Within days", [Optional(), NumberRange(1, 60)])
    does = SelectField("Then", choices=[SelectChoice(e.value, word) for e, word in DOES.items()])
    value = StringField("How much", [Optional(), Length(max=20)])
    plan = ChoiceField("Plan")
    room_type = ChoiceField("Type")

    def begin(self, plans: Sequence[RatePlan], types: Sequence[RoomType]) -> None:
        """Offer the hotel's plans and types."""
        every = "All but agreed ones"
        self.plan.offer(plans, label=lambda each: each.name, none=every)
        self.room_type.offer(types, label=lambda each: each.name, none="All types")

    @property
    def wanted(self) -> Rule:
        """The rule as it was typed."""
        if self.first.data is None or self.last.data is None:
            raise Invalid("Say from which night to which.", field="last")
        measure, _, below = str(self.when.data).partition("-")
        plan, kind = self.plan.chosen, self.room_type.chosen
        return Rule(
            name=(self.name.data or "").strip(),
            plan_id=plan.id if plan else None,
            type_id=kind.id if kind else None,
            first=self.first.data,
            last=self.last.data,
            measure=Measure(measure),
            below=bool(below),
            mark=self.mark.data or 0,
            days=self.days.data,
            does=Does(self.does.data),
            value=self._value,
        )

    @property
    def _value(self) -> int | None:
        does, typed = Does(self.does.data), (self.value.data or "").strip()
        if not typed:
            return None
        if does is Does.PERCENT:
            return points_of(typed, field="value")
        if does is Does.AMOUNT:
            try:
                return Money.typed(typed, here().currency).minor
            except Invalid as no:
                raise Invalid(no.sentence, field="value") from None
        nights = whole(typed, digits=2)
        if nights is None:
            raise Invalid("Say a number of nights, 1 to 99.", field="value")
        return nights


@bp.route("/rates/rules", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def rules() -> ResponseReturnValue:
    """Show the rules, and add one."""
    hotel = here()
    plans, types = rates.plans(session(), hotel), rooms.types(session(), hotel)
    form = RuleForm()
    form.begin(plans, types)
    if form.first.data is None and not form.is_submitted():
        form.first.data = hotel.business_date
    if request.method == "POST" and may(Permission.SET_UP) and form.validate():
        made = attempt(form, _add, form, by=on_duty())
        if made is not None:
            say(f"{made.name} acts from now on, whenever its mark is met.")
            return redirect(url_for("rates.rules"))
    names: dict[int | None, str] = {each.id: each.name for each in plans}
    names |= {each.id: each.name for each in types}
    listed = [(each, _when(each), _then(each)) for each in yields.standing(session(), hotel)]
    shown = render_template(
        "rates/rules.html", form=form, rules=listed, names=names, may_set=may(Permission.SET_UP)
    )
    return shown, (422 if request.method == "POST" else 200)


def _add(opened: Session, form: RuleForm, *, by: Staff) -> YieldRule:
    return yields.add(opened, here(), form.wanted, by=by)


@bp.post("/rates/rules/<int:rule_id>/stop")
@allows(Permission.SET_UP)
def stop_rule(rule_id: int) -> ResponseReturnValue:
    """Stop a rule; what it did ends with it."""
    rule, form = find(YieldRule, rule_id), Form()
    attempt(form, yields.stop, rule, by=on_duty())
    say_outcome(form, f"{rule.name} is stopped, and so is what it did.")
    return redirect(url_for("rates.rules"))


def _when(rule: YieldRule) -> str:
    way = "below" if rule.below else "from"
    if rule.measure is Measure.OCCUPANCY:
        return f"{way} {rule.mark} % of the house sold"
    return f"{way} {plural(rule.mark, 'room')} sold within {plural(rule.days or 0, 'day')}"


def _then(rule: YieldRule) -> str:
    value = rule.value or 0
    if rule.does is Does.PERCENT:
        return f"price {pricing.percent(value)}"
    if rule.does is Does.AMOUNT:
        sign = "+" if value >= 0 else ""
        return f"price {sign}{money(Money(value, here().currency))}"
    if rule.does is Does.MIN_STAY:
        return f"minimum stay {plural(value, 'night')}"
    return DOES[rule.does].lower()
