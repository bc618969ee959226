"""Commissions: what each agent earned in a month, approved, paid, and told to the agent."""

from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pms.base import dates
from pms.base.money import Money, total
from pms.hotel.books.papers import addressees, issuers
from pms.hotel.close.reports import Report
from pms.hotel.guests.companies import Company
from pms.hotel.house import letterheads
from pms.hotel.house.staff import Permission
from pms.hotel.stays import commissions
from pms.hotel.stays.commissions import CommissionState, CommissionStatement
from pms.web import history
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import DateField, Form
from pms.web.letters import accounts
from pms.web.saying import say, say_refused

bp = Blueprint("commissions", __name__)


class PaidForm(Form):
    """When and under which reference a commission was paid."""

    paid_on = DateField("Paid on")
    reference = StringField(
        "Reference", [InputRequired("Write the reference of the payment."), Length(max=60)]
    )


class ReverseForm(Form):
    """Why a commission is taken back."""

    reason = StringField("Reason", [InputRequired("Say why."), Length(max=200)])


@bp.get("/commissions")
@allows(Permission.REPORTS)
def commission_list() -> ResponseReturnValue:
    """Show what each agent earned with the stays that ended in a month, and what is approved."""
    first, last = _month(request.args.get("month", ""))
    rows = commissions.earned(session(), here(), first, last)
    by_agent = {
        agent: list(each)
        for agent, each in groupby(rows, key=lambda row: (row.agent, row.agent_id))
    }
    currency = here().currency
    return render_template(
        "companies/commission_list.html",
        by_agent=by_agent,
        total=total((row.amount for row in rows), currency),
        sums={
            agent: total((row.amount for row in each), currency) for agent, each in by_agent.items()
        },
        waiting={
            agent: total((row.amount for row in each if row.statement_id is None), currency)
            for agent, each in by_agent.items()
        },
        statements={
            each.id: each for each in commissions.of_period(session(), here(), first, last)
        },
        first=first,
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=(last + timedelta(days=1)).strftime("%Y-%m"),
    )


@bp.post("/commissions/approve/<int:company_id>")
@allows(Permission.PAY_COMMISSIONS)
def approve(company_id: int) -> ResponseReturnValue:
    """Approve what an agent earned in a month and isn't approved yet."""
    agent, form = find(Company, company_id), Form()
    month = request.form.get("month", "")
    first, last = _month(month)
    made = attempt(form, commissions.approve, here(), agent, first=first, last=last, by=on_duty())
    if made is not None:
        say(f"Commission {made.number} of {agent.name} is approved.")
        return redirect(url_for("commissions.statement", statement_id=made.id))
    say_refused(form)
    return redirect(url_for("commissions.commission_list", month=month))


@bp.get("/commissions/<int:statement_id>")
@allows(Permission.REPORTS)
def statement(statement_id: int) -> ResponseReturnValue:
    """Show what an agent's commission is made of, and whether it is paid."""
    return _page(find(CommissionStatement, statement_id))


@bp.post("/commissions/<int:statement_id>/pay")
@allows(Permission.PAY_COMMISSIONS)
def pay(statement_id: int) -> ResponseReturnValue:
    """Mark a commission as paid."""
    found, form = find(CommissionStatement, statement_id), PaidForm()
    if form.validate_on_submit() and form.paid_on.data is not None:
        paid = attempt(
            form,
            commissions.pay,
            found,
            paid_on=form.paid_on.data,
            reference=form.reference.data or "",
            by=on_duty(),
        )
        if paid is not None:
            say(f"Commission {found.number} is paid.")
            return redirect(url_for("commissions.statement", statement_id=statement_id))
    return _page(found, pays=form, status=422)


@bp.post("/commissions/<int:statement_id>/reverse")
@allows(Permission.PAY_COMMISSIONS)
def reverse(statement_id: int) -> ResponseReturnValue:
    """Take a commission back; its stays can be approved anew."""
    found, form = find(CommissionStatement, statement_id), ReverseForm()
    if form.validate_on_submit():
        done = attempt(
            form, commissions.reverse, found, reason=form.reason.data or "", by=on_duty()
        )
        if done is not None:
            say(f"Commission {found.number} is taken back.")
            return redirect(url_for("commissions.statement", statement_id=statement_id))
    return _page(found, reverses=form, status=422)


@bp.get("/commissions/<int:statement_id>.csv")
@allows(Permission.REPORTS)
def statement_csv(statement_id: int) -> ResponseReturnValue:
    """Hand out a commission, stay by stay, as CSV."""
    found = find(CommissionStatement, statement_id)
    columns = ("booking", "guest", "arrival", "departure", "room_revenue", "percent", "commission")
    currency = here().currency
    made = Report(
        "commission",
        columns,
        [
            (
                str(stay.number),
                stay.guest,
                stay.arrival.isoformat(),
                stay.departure.isoformat(),
                str(Money(stay.line.revenue, currency)),
                f"{stay.line.percent / 100:g}",
                str(Money(stay.line.amount, currency)),
            )
            for stay in commissions.stays_of(session(), found)
        ],
    )
    return handed_out(made.as_csv(), f"commission-{found.number}.csv", "text/csv")


@bp.get("/commissions/<int:statement_id>.pdf")
@allows(Permission.REPORTS)
def statement_pdf(statement_id: int) -> ResponseReturnValue:
    """Hand out a commission on paper, in the agent's language."""
    found = find(CommissionStatement, statement_id)
    agent = find(Company, found.company_id)
    head = letterheads.of(session(), here())
    language = letterheads.spoken(agent.language, otherwise=head.language)
    told = {
        "statement": found,
        "stays": commissions.stays_of(session(), found),
        "house": here().name,
        "seller": issuers.printed(session(), here()),
        "buyer": addressees.of_company(agent, language=language),
    }
    pdf = accounts.commission_pdf(
        told, language=language, currency=here().currency, shelf=str(current_app.static_folder)
    )
    return handed_out(pdf, f"commission-{found.number}.pdf")


def _page(
    found: CommissionStatement,
    *,
    pays: PaidForm | None = None,
    reverses: ReverseForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    if pays is None:
        pays = PaidForm(formdata=None)
        pays.paid_on.data = here().business_date
        pays.shows(found)
    html = render_template(
        "companies/commission.html",
        statement=found,
        states=CommissionState,
        agent=find(Company, found.company_id),
        stays=commissions.stays_of(session(), found),
        pays=pays,
        reverses=reverses or ReverseForm(formdata=None),
        history=history.of(found, here()),
    )
    return html, status


def _month(asked: str) -> tuple[date, date]:
    """Return the first and the last day of a month such as `2026-11`, else of this month."""
    first = dates.read(f"{asked}-01") or here().business_date.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
