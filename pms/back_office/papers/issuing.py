"""Issuing at the desk: the invoice of a window, and the paper of a payment."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.papers.desk import bp
from pms.back_office.papers.forms import AddresseeForm, IssueForm
from pms.hotel.books import papers
from pms.hotel.books.folios import Folio
from pms.hotel.books.papers import Addressee, Paper, PaperKind, issuers
from pms.hotel.books.payments import Payment, PaymentKind
from pms.hotel.house.staff import Permission
from pms.hotel.stays import billing
from pms.hotel.stays.given_before import Choice
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filing import filed
from pms.web.saying import say

OTHER = "other"


@bp.route("/folios/<int:folio_id>/invoice", methods=["GET", "POST"])
@allows(Permission.ISSUE_PAPERS)
def invoice(folio_id: int) -> ResponseReturnValue:
    """Issue the invoice of a window, or a pro forma, to whom it is for."""
    found, form = find(Folio, folio_id), IssueForm()
    no = request.args.get("window", 1, type=int)
    no = no if no in {window.no for window in found.windows} else 1
    offered = billing.choices(session(), here(), found, window=no)
    offer_whom(form, offered)
    if form.validate_on_submit():
        verb, more = papers.invoice, {}
        if form.kind.data == PaperKind.PRO_FORMA.value:
            verb = papers.pro_forma
            more = {"expected": billing.expected(session(), found, window=no)}
        made = attempt(
            form,
            verb,
            found,
            window=no,
            to=typed_addressee(form, offered),
            about=billing.about(session(), found, window=no),
            by=on_duty(),
            **more,
        )
        if made is not None:
            return made_page(made)
    return _page(
        form, f"Window {no} of folio {found.number}, {found.name}",
        url_for("folios.folio", folio_id=folio_id, window=no), "Issue the paper",
    )  # fmt: skip


@bp.route("/payments/<int:payment_id>/paper", methods=["GET", "POST"])
@allows(Permission.ISSUE_PAPERS)
def of_payment(payment_id: int) -> ResponseReturnValue:
    """Issue the receipt of a payment, or the invoice of a deposit."""
    found, form = find(Payment, payment_id), AddresseeForm()
    issued = papers.of_payments(session(), here(), [payment_id]).get(payment_id)
    if issued is not None and not form.is_submitted():
        return redirect(url_for("papers.paper", paper_id=issued[0]))
    is_deposit = found.kind is PaymentKind.DEPOSIT
    offered = billing.choices_for_payment(session(), here(), found)
    offer_whom(form, offered)
    if form.validate_on_submit():
        made = attempt(
            form,
            papers.deposit_invoice if is_deposit else papers.receipt,
            found,
            to=typed_addressee(form, offered),
            about=billing.about_payment(session(), found),
            by=on_duty(),
        )
        if made is not None:
            return made_page(made)
    what = "Deposit invoice" if is_deposit else "Receipt"
    return _page(
        form, f"{what} for what was taken on {found.business_day:%d %b %Y}",
        url_for("cashier.cashier", day=found.business_day.isoformat()), f"Issue the {what.lower()}",
    )  # fmt: skip


def offer_whom(form: Any, offered: list[Choice]) -> None:
    """Offer for whom a paper may be, and begin with who was asked for."""
    names = {choice.key: choice.to.name for choice in offered}
    form.whom.offer([*names, OTHER], label=lambda key: names.get(key, "Somebody else"))
    asked = request.args.get("for", "")
    chosen = next((each for each in offered if each.key == asked), offered[0] if offered else None)
    if not form.is_submitted():
        if chosen is not None and asked != OTHER:
            form.begin_with_address(chosen.to)
        form.whom.data = OTHER if asked == OTHER or chosen is None else chosen.key


def typed_addressee(form: AddresseeForm, offered: list[Choice]) -> Addressee:
    """Return for whom a paper is, as it was typed."""
    chosen = next((each.to for each in offered if each.key == form.whom.data), None)
    return form.addressee(chosen)


def made_page(paper: Paper) -> ResponseReturnValue:
    """File a paper that was issued, and lead to it."""
    filed(paper)
    say(f"{paper.kind.words.capitalize()} {paper.label} is issued.")
    return redirect(url_for("papers.paper", paper_id=paper.id))


def _page(form: Any, sub: str, back: str, verb: str) -> ResponseReturnValue:
    issuer = issuers.of(session(), here())
    html = render_template(
        "papers/issue.html", form=form, sub=sub, back=back, verb=verb, issuer=issuer
    )
    return html, 422 if form.is_submitted() else 200
