"""Statements at the desk: made out, read as PDF, mailed."""

from datetime import date

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.city_ledger.desk import bp
from pms.back_office.city_ledger.forms import MailForm, StatementForm
from pms.hotel.books.receivables import AccountStatement, Tells, statements
from pms.hotel.guests.companies import Company
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission
from pms.web import history
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.letters import accounts
from pms.web.saying import say, say_refused


@bp.post("/city-ledger/<int:company_id>/statements")
@allows(Permission.KEEP_ACCOUNTS)
def make_out(company_id: int) -> ResponseReturnValue:
    """Make out a statement of what is open, or a reminder of what is overdue."""
    found, form = find(Company, company_id), StatementForm()
    if form.validate_on_submit():
        made = attempt(
            form, statements.issue, here(), found, tells=Tells(form.tells.data), by=on_duty()
        )
        if made is not None:
            return redirect(url_for("city_ledger.statement", statement_id=made.id))
    say_refused(form)
    return redirect(url_for("city_ledger.company", company_id=company_id))


@bp.get("/city-ledger/statements/<int:statement_id>")
@allows(Permission.LOOK)
def statement(statement_id: int) -> ResponseReturnValue:
    """Show a statement as it was made out, and where it went."""
    found = find(AccountStatement, statement_id)
    to = found.data["buyer"]["email"]
    return _page(found, MailForm(formdata=None, data={"to": to}))


@bp.get("/city-ledger/statements/<int:statement_id>.pdf")
@allows(Permission.LOOK)
def statement_pdf(statement_id: int) -> ResponseReturnValue:
    """Hand out a statement on paper: the very file where it was mailed."""
    found = find(AccountStatement, statement_id)
    return handed_out(_pdf(found), f"{found.data['account']}-{found.no}.pdf")


@bp.post("/city-ledger/statements/<int:statement_id>/mail")
@allows(Permission.KEEP_ACCOUNTS)
def mail_statement(statement_id: int) -> ResponseReturnValue:
    """Mail a statement as PDF, in the language it is written in."""
    found, form = find(AccountStatement, statement_id), MailForm()
    if form.validate_on_submit():
        subject, text = accounts.letter(found)
        sent = attempt(
            form,
            statements.mail,
            found,
            to=form.to.data or "",
            subject=subject,
            text=text,
            pdf=_pdf(found),
            by=on_duty(),
        )
        if sent is not None:
            say(f"It is on its way to {sent.to}.")
            return redirect(url_for("city_ledger.statement", statement_id=statement_id))
    return _page(found, form, status=422)


def _pdf(found: AccountStatement) -> bytes:
    kept = statements.kept_of(session(), found)
    return kept.content if kept else accounts.pdf_of(found, str(current_app.static_folder))


def _page(found: AccountStatement, form: MailForm, *, status: int = 200) -> ResponseReturnValue:
    company = find(Company, found.company_id)
    html = render_template(
        "city_ledger/statement.html",
        statement=found,
        data=found.data,
        on=date.fromisoformat,
        language=LANGUAGES[found.language],
        company=company,
        form=form,
        letters=statements.letters_of(session(), found),
        history=history.of(found, here()),
    )
    return html, status
