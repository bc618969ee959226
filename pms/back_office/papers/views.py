"""Papers at the desk: listed, read, handed out, mailed, credited; and who issues them."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import defer

from pms.back_office.papers import issuing, together
from pms.back_office.papers.desk import bp
from pms.back_office.papers.forms import CreditForm, DepositTaxForm, IssuerForm, MailForm
from pms.base.refusal import Invalid
from pms.hotel.books import papers, receivables
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.papers import Paper, PaperKind, issuers, tax_due
from pms.hotel.books.papers.tax_due import TaxDue
from pms.hotel.house.staff import Permission, Staff
from pms.web import history, paging
from pms.web.asked import handed_out, word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filing import filed
from pms.web.forms import Form
from pms.web.letters import issued
from pms.web.saying import say, say_refused

__all__ = ["bp", "issuing", "together"]

ALL = "all"


@bp.get("/papers")
@allows(Permission.SEE_PAPERS)
def all_papers() -> ResponseReturnValue:
    """List the papers that were issued, by kind, or those that answer to a number or a name."""
    show = word_asked("show", set(PaperKind), ALL)
    text = request.args.get("q", "").strip()[:80]
    query = sa.select(Paper).where(Paper.hotel_id == here().id)
    if show != ALL:
        query = query.where(Paper.kind == PaperKind(show))
    if text:
        query = query.where(
            sa.or_(
                Paper.label.istartswith(text, autoescape=True),
                Paper.addressee.icontains(text, autoescape=True),
            )
        )
    page = paging.page(query.order_by(Paper.id.desc()).options(defer(Paper.data)))
    issuer = issuers.of(session(), here())
    return render_template(
        "papers/all_papers.html",
        page=page,
        show=show,
        q=text,
        kinds=list(PaperKind),
        issuer=issuer,
        open_today=receivables.open_today(session(), here(), page.rows),
    )


@bp.get("/papers/<int:paper_id>")
@allows(Permission.SEE_PAPERS)
def paper(paper_id: int) -> ResponseReturnValue:
    """Show one paper: what it says, what was credited of it, who handed it out."""
    found = find(Paper, paper_id)
    return _page(found, MailForm(formdata=None, data={"to": found.data["buyer"]["email"]}))


@bp.post("/papers/<int:paper_id>/print")
@allows(Permission.SEE_PAPERS)
def print_(paper_id: int) -> ResponseReturnValue:
    """Hand out a paper as PDF: the first time the original, then copies that say so."""
    found, form = find(Paper, paper_id), Form()
    kept = filed(found)
    printed = attempt(form, papers.print_, found, by=on_duty())
    if printed is None:
        say_refused(form)
        return redirect(url_for("papers.paper", paper_id=paper_id))
    file = papers.pdf_of(session(), kept)
    content = file.content
    if printed.no > 1:
        shelf = str(current_app.static_folder)
        content = issued.copy(content, found.data["language"], shelf)
    return handed_out(content, file.name)


@bp.get("/papers/<int:paper_id>.xml")
@allows(Permission.SEE_PAPERS)
def xml(paper_id: int) -> ResponseReturnValue:
    """Hand out the data of an invoice, as it is inside its PDF."""
    kept = papers.kept_of(session(), find(Paper, paper_id))
    file = papers.xml_of(session(), kept) if kept else None
    if file is None:
        abort(404)
    return handed_out(file.content, file.name, "text/xml")


@bp.post("/papers/<int:paper_id>/mail")
@allows(Permission.ISSUE_PAPERS)
def mail(paper_id: int) -> ResponseReturnValue:
    """Mail a paper, its PDF attached, in the language it is written in."""
    found, form = find(Paper, paper_id), MailForm()
    filed(found)
    if form.validate_on_submit():
        subject, text = issued.letter(found)
        sent = attempt(
            form,
            papers.mail,
            found,
            to=form.to.data or "",
            subject=subject,
            text=text,
            key=f"paper/{found.id}/{papers.prints_of(session(), found)}",
            by=on_duty(),
        )
        if sent:
            say(f"{found.label} is on its way to {sent.to}.")
            return redirect(url_for("papers.paper", paper_id=paper_id))
    return _page(found, form)


@bp.route("/papers/<int:paper_id>/credit", methods=["GET", "POST"])
@allows(Permission.CREDIT_PAPERS)
def credit(paper_id: int) -> ResponseReturnValue:
    """Credit an invoice: all of it, the lines chosen, or an amount off one."""
    found, form = find(Paper, paper_id), CreditForm()
    if found.kind is not PaperKind.INVOICE:
        abort(404)
    standing = papers.standing_lines(session(), found)
    if form.validate_on_submit() and (note := _credited(form, found)) is not None:
        filed(note)
        say(f"Credit note {note.label} is issued.")
        return redirect(url_for("papers.paper", paper_id=note.id))
    html = render_template(
        "papers/credit.html",
        paper=found,
        form=form,
        standing=standing,
        on=date.fromisoformat,
        billed=_billed(found),
        closed=_closed_folio(found),
    )
    return html, 422 if form.is_submitted() else 200


def _closed_folio(found: Paper) -> Folio | None:
    """Return an invoice's folio where it is closed, as it usually is after the departure."""
    folio = session().get_one(Folio, (found.hotel_id, found.folio_id))
    return folio if folio.state is FolioState.CLOSED else None


def _billed(found: Paper) -> dict[str, int]:
    """Return which companies were billed for an invoice, and how much of it can be credited."""
    sums: Counter[str] = Counter()
    for claim in receivables.claims(session(), found):
        sums[receivables.company_of(session(), claim.item).name] += claim.most
    return dict(sums)


def _credited(form: CreditForm, found: Paper) -> Paper | None:
    lines, reason = form.lines.data or [], form.reason.data or ""
    if form.amount.data is None:
        return attempt(
            form, receivables.credit, found, lines=lines or None, reason=reason, by=on_duty()
        )
    if len(lines) != 1:
        form.refuse(Invalid("Choose the one line that the amount is taken off.", field="amount"))
        return None
    return attempt(
        form,
        receivables.credit_amount,
        found,
        line=lines[0],
        amount=form.amount.data,
        reason=reason,
        by=on_duty(),
    )


@bp.route("/invoicing", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def invoicing() -> ResponseReturnValue:
    """Write who the hotel is on its papers, their numbers, how its duty is met, tax on deposits."""
    form = _issuer_form(IssuerForm())
    if form.validate_on_submit() and attempt(
        form, issuers.write, here(), form.issuer, by=on_duty()
    ):
        say("That is written. Papers from now on say so.")
        return redirect(url_for("papers.invoicing"))
    return _invoicing_page(form, _deposit_tax_form())


def _issuer_form(form: IssuerForm) -> IssuerForm:
    form.shows(here(), lambda shown: shown.begin_with_issuer(issuers.of(session(), here())))
    return form


@bp.post("/invoicing/deposits")
@allows(Permission.SET_UP)
def deposit_tax() -> ResponseReturnValue:
    """Say when VAT on deposits is due, from a business day on."""
    form = DepositTaxForm(prefix="deposit")
    _show_deposit_tax(form)
    if form.validate() and form.from_day.data is not None:
        due, from_day = TaxDue(form.due.data), form.from_day.data
        if attempt(form, tax_due.set_from, here(), due, from_day=from_day, by=on_duty()):
            say("That holds for deposits taken from then on.")
            return redirect(url_for("papers.invoicing"))
    return _invoicing_page(_issuer_form(IssuerForm(formdata=None)), form)


def _deposit_tax_form() -> DepositTaxForm:
    today = here().business_date
    due = tax_due.on(session(), here(), today)
    form = DepositTaxForm(formdata=None, prefix="deposit", due=due.value, from_day=today)
    _show_deposit_tax(form)
    return form


def _show_deposit_tax(form: DepositTaxForm) -> None:
    """Mark what holds since which day: a form sets it from one day on."""
    form.shows(here(), beside=_deposit_taxes, writes=lambda: form.from_day.data)


def _deposit_taxes() -> dict[date, str]:
    """Return since when which holds, as it stands on the page."""
    return {each.from_day: each.due.value for each in tax_due.history(session(), here())}


def _invoicing_page(form: IssuerForm, deposits: DepositTaxForm) -> ResponseReturnValue:
    issuer = issuers.of(session(), here())
    html = render_template(
        "papers/invoicing.html",
        form=form,
        issuer=issuer,
        deposits=deposits,
        usual=tax_due.usual(issuer.country) if issuer else None,
        history=tax_due.history(session(), here()),
    )
    return html, 422 if form.said or deposits.said else 200


def _page(found: Paper, form: MailForm) -> ResponseReturnValue:
    notes = papers.notes_of(session(), found)
    kept = papers.kept_of(session(), found)
    html = render_template(
        "papers/paper.html",
        paper=found,
        data=found.data,
        on=date.fromisoformat,
        form=form,
        notes=notes,
        credited=session().get(Paper, (here().id, found.credits_id)) if found.credits_id else None,
        standing=papers.standing_lines(session(), found),
        prints=papers.prints_of(session(), found),
        has_xml=kept is not None and kept.xml_id is not None,
        lacks=issued.lacks(found),
        by=session().get_one(Staff, (here().chain_id, found.staff_id)).name,
        open_today=receivables.open_today(session(), here(), [found]).get(found.id),
        history=history.of(found, here()),
    )
    return html, 422 if form.said else 200
