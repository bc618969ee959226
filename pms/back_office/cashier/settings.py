"""House rates and what the house asks of its cashiers."""

from collections import defaultdict

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.desk import bp, names
from pms.back_office.cashier.forms import RateForm, RulesForm
from pms.hotel.books import cashiers
from pms.hotel.books.cashiers import ExchangeRate, setting
from pms.hotel.house.staff import Permission
from pms.web import paging
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.saying import say


@bp.get("/cashier/rates")
@allows(Permission.LOOK)
def rates() -> ResponseReturnValue:
    """Show which foreign money the house takes, at what rate, and how that was before."""
    return _page()


@bp.post("/cashier/rates")
@allows(Permission.KEEP_CASH)
def set_rate() -> ResponseReturnValue:
    """Set what the house asks of a currency from a day on."""
    form = RateForm()
    _show(form)
    if form.validate():
        row = attempt(
            form,
            cashiers.set_rate,
            here(),
            currency=_currency(form),
            rate=form.rate.data,
            from_day=form.from_day.data,
            by=on_duty(),
        )
        if row:
            said = "is taken no more" if row.rate is None else "has its rate"
            say(f"{row.currency} {said} from {row.from_day:%d %b} on.")
            return redirect(url_for("cashier.rates"))
    return _page(rate=form)


@bp.post("/cashier/rules")
@allows(Permission.SET_UP)
def set_rules() -> ResponseReturnValue:
    """Set whether cash wants a shift, and the usual float."""
    form = RulesForm()
    form.shows(here(), _fill)
    if form.validate() and form.usual_float.data is not None:
        done = attempt(
            form,
            setting.set_rules,
            here(),
            asks_for_shift=bool(form.asks_for_shift.data),
            usual_float=form.usual_float.data,
            by=on_duty(),
        )
        if done:
            say("The cashiers go by these rules from now on.")
            return redirect(url_for("cashier.rates"))
    return _page(rules=form)


def _fill(form: RulesForm) -> None:
    stands = setting.read(session(), here())
    form.asks_for_shift.data, form.usual_float.data = stands.asks_for_shift, stands.usual_float


def _show(form: RateForm) -> None:
    """Mark the rates of each currency: a form sets one of them."""
    form.shows(here(), beside=_rates, writes=lambda: _currency(form))


def _currency(form: RateForm) -> str:
    return str(form.currency.data).strip().upper()


def _rates() -> dict[str, list[tuple[object, ...]]]:
    """Return each currency's rate in force and those to come, as they stand on the page."""
    today = here().business_date
    rates: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for code, each in cashiers.in_force(session(), here(), today).items():
        rates[code].append((each.from_day, each.rate))
    coming = sa.select(ExchangeRate.currency, ExchangeRate.from_day, ExchangeRate.rate).where(
        ExchangeRate.hotel_id == here().id, ExchangeRate.from_day > today
    )
    for code, from_day, rate in session().execute(coming.order_by(ExchangeRate.id)):
        rates[code].append((from_day, rate))
    return rates


def _page(*, rate: RateForm | None = None, rules: RulesForm | None = None) -> ResponseReturnValue:
    refused = rate is not None or rules is not None
    if rules is None:
        rules = RulesForm(formdata=None)
        rules.shows(here(), _fill)
    if rate is None:
        rate = RateForm(formdata=None)
        _show(rate)
    page = paging.page(
        sa.select(ExchangeRate)
        .where(ExchangeRate.hotel_id == here().id)
        .order_by(ExchangeRate.from_day.desc(), ExchangeRate.id.desc()),
        endpoint="cashier.rates",
    )
    html = render_template(
        "cashier/rates.html",
        page=page,
        names=names({each.staff_id for each in page.rows}),
        in_force=cashiers.in_force(session(), here(), here().business_date),
        as_decimal=cashiers.as_decimal,
        rate=rate,
        rules=rules,
    )
    return html, 422 if refused else 200
