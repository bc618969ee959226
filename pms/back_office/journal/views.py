"""Journal: a business day by the chart of accounts, as a page, as CSV and for QuickBooks."""

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pms.base import dates
from pms.hotel.books.ledger import Account, Ledger
from pms.hotel.close import archive, chart
from pms.hotel.close import journal as journals
from pms.hotel.close.archive import NotArchived
from pms.hotel.close.journal import AccountsNotSpelled
from pms.hotel.close.reports import DayNotClosed
from pms.hotel.house.staff import Permission
from pms.web.asked import day_asked, handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("journal", __name__)

FORMS = {"csv": "text/csv", "iif": "text/plain"}
ACCOUNTS_AT_MOST = 300


class PlaceForm(Form):
    """Where accounts of the ledger belong."""

    account = StringField("Account of the ledger", [InputRequired("Say which."), Length(max=80)])
    number = StringField("Number in the chart", [Length(max=chart.LONGEST_NUMBER)])
    name = StringField("Its name", [Length(max=chart.LONGEST_NAME)])


@bp.get("/journal")
@allows(Permission.REPORTS)
def journal() -> ResponseReturnValue:
    """Show the journal of a day: today's as it stands, a closed one as the chart maps it now."""
    today = here().business_date
    day, said = day_asked(today)
    try:
        made = journals.of_day(session(), here(), day)
    except DayNotClosed as refusal:
        day, said = today, refusal.sentence
        made = journals.of_day(session(), here(), day)
    html = render_template(
        "journal/journal.html", journal=made, day=day, said=said, is_open=day == today
    )
    return html, 422 if said else 200


@bp.get("/journal/<day>.<form>")
@allows(Permission.REPORTS)
def download(day: str, form: str) -> ResponseReturnValue:
    """Hand out a closed day's journal, byte for byte as it was archived.

    QuickBooks' file wasn't where it couldn't spell an account that night: it is made now.
    """
    if form not in FORMS:
        abort(404)
    wanted = _day(day)
    try:
        content = archive.reprint(session(), here(), wanted, journals.NAME, form)
    except NotArchived:
        if form != journals.IIF or wanted >= here().business_date:
            abort(404)
        try:
            content = journals.of_day(session(), here(), wanted).as_iif()
        except DayNotClosed:
            abort(404)
        except AccountsNotSpelled as refusal:
            (asked := Form()).refuse(refusal)
            say_refused(asked)
            return redirect(url_for("journal.journal", day=day))
    name = f"{here().code}-journal-{wanted.isoformat()}.{form}"
    return handed_out(content, name, FORMS[form], saved=True)


@bp.route("/journal/chart", methods=["GET", "POST"])
@allows(Permission.KEEP_CHART)
def accounts() -> ResponseReturnValue:
    """Show where each account of the ledger belongs, and place some elsewhere."""
    form = PlaceForm()
    if form.validate_on_submit():
        attempt(
            form,
            chart.place,
            here(),
            account=form.account.data or "",
            number=form.number.data or "",
            name=form.name.data or "",
            by=on_duty(),
        )
        if not form.said:
            say(f"{form.account.data} belongs there from now on. Closed days keep their journal.")
            return redirect(url_for("journal.accounts"))
    mapped = chart.of(session(), here())
    html = render_template(
        "journal/chart.html",
        form=form,
        mappings=[
            (account, f"{place.number} {place.name}".strip() or "Nowhere")
            for account, place in sorted(mapped.places.items())
        ],
        own=chart.own(session(), here()),
        accounts=[(account, mapped.place(account.code)) for account in _accounts()],
    )
    return html, 422 if form.is_submitted() else 200


@bp.post("/journal/chart/take-off/<path:account>")
@allows(Permission.KEEP_CHART)
def take_off(account: str) -> ResponseReturnValue:
    """Take a placing of the house's own off again."""
    form = Form()
    attempt(form, chart.take_off, here(), account=account, by=on_duty())
    if not form.said:
        say(f"{account} belongs where the usual chart has it. Closed days keep their journal.")
    say_refused(form)
    return redirect(url_for("journal.accounts"))


def _accounts() -> list[Account]:
    """Return the ledger's accounts that are no person's: revenue, taxes, money."""
    personal = (Ledger.GUEST, Ledger.DEPOSIT, Ledger.CITY)
    return list(
        session().scalars(
            sa.select(Account)
            .where(Account.hotel_id == here().id, Account.ledger.not_in(personal))
            .order_by(Account.code)
            .limit(ACCOUNTS_AT_MOST)
        )
    )


def _day(text: str) -> date:
    day = dates.read(text)
    if day is None:
        abort(404)
    return day
