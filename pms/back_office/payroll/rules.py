"""Rules: what each jurisdiction asks for, since when; a new set follows, none is changed."""

import calendar
from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payroll.desk import ask, bp
from pms.back_office.payroll.forms import RulesForm
from pms.hotel.house.staff import Permission
from pms.hotel.people import payroll as periods
from pms.hotel.people.pay import PRESETS, PayRules, read_rules
from pms.web.attempt import attempt
from pms.web.auth import allows, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say


@bp.get("/payroll/rules")
@allows(Permission.SEE_PAY)
def rules() -> ResponseReturnValue:
    """Show the rules by place and day."""
    sets = [(each, read_rules(each.data)) for each in periods.history(session(), here())]
    return render_template(
        "payroll/rules.html",
        sets=sets,
        may_set=may(Permission.SET_PAY),
        day_names=calendar.day_name,
    )


@bp.route("/payroll/rules/new", methods=["GET", "POST"])
@allows(Permission.SET_PAY)
def new_rules() -> ResponseReturnValue:
    """Let new rules hold from a day on."""
    form = RulesForm()
    form.preset.offer(PRESETS, label=lambda each: PRESETS[each]().name)
    form.week_starts.offer(
        range(7), label=lambda each: calendar.day_name[each], none="As the rules have it"
    )
    if not form.is_submitted():
        form.valid_from.data = here().business_date
    if form.validate_on_submit() and attempt(
        form,
        periods.set_rules,
        here(),
        (form.jurisdiction.data or "").strip().upper(),
        _asked(form),
        valid_from=form.valid_from.data or here().business_date,
        by=on_duty(),
    ):
        say("The rules are written down.")
        return redirect(url_for("payroll.rules"))
    return ask(form, "Let new rules hold", back=url_for("payroll.rules"))


def _asked(form: RulesForm) -> PayRules:
    """Return the chosen preset with the wages, the week and the place that were typed."""
    preset = PRESETS[form.preset.chosen or next(iter(PRESETS))]()
    week = form.week_starts.chosen
    return replace(
        preset,
        minimum_wage=form.minimum_wage.data.minor if form.minimum_wage.data else 0,
        tip_credit=form.tip_credit.data.minor if form.tip_credit.data else 0,
        week_starts=preset.week_starts if week is None else week,
        calendar=(form.jurisdiction.data or "").strip().upper() if preset.calendar else None,
    )
