"""Payments asked for: the list, asking, one request with its code and its state, live."""

from typing import Any

from flask import (
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.payment_requests import acting, rooms
from pms.back_office.payment_requests.asked import answer, begin_link, link_of, mail_link
from pms.back_office.payment_requests.desk import bp
from pms.back_office.payment_requests.forms import AskForm, MailForm, RefundForm, WithdrawForm
from pms.base import numbers
from pms.base.money import Money, total
from pms.base.refusal import Refusal
from pms.gateways import pdf
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    OPEN_STATES,
    PaymentRequest,
    Purpose,
    RequestState,
    asking,
    intents,
    modes,
    whole,
)
from pms.hotel.stays import billing
from pms.hotel.stays.reservations import Reservation, State
from pms.web import checkout as at_gateway
from pms.web import history
from pms.web.asked import handed_out, word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.letters.paying import Asked, code, paper
from pms.web.saying import say, say_refused, say_so

__all__ = ["acting", "bp", "rooms"]

TABS: dict[str, tuple[RequestState, ...]] = {
    "open": OPEN_STATES,
    "paid": (RequestState.PAID,),
    "over": (RequestState.EXPIRED, RequestState.WITHDRAWN),
}


@bp.get("/payment-requests")
@allows(Permission.PAY)
def listed() -> ResponseReturnValue:
    """Show what guests are asked for, or were."""
    show = word_asked("show", TABS, "open")
    return render_template(
        "payment_requests/listed.html",
        requests=asking.listed(session(), here(), TABS[show]),
        show=show,
        mode=modes.mode_of(session(), here()),
    )


@bp.route("/payment-requests/new", methods=["GET", "POST"])
@allows(Permission.PAY)
def new() -> ResponseReturnValue:
    """Ask a guest for a payment, a hold or a card."""
    if request.method == "GET" and not _says_whose():
        say_so("Say who is to pay: open their booking or their bill, and ask from there.")
        return redirect(url_for("payment_requests.listed"))
    reservation, folio, window = _whose()
    form = AskForm()
    form.offer(_may_be_asked(reservation, folio))
    if not form.is_submitted():
        _begin(form, reservation, folio, window)

    def ask(opened: Session, *, by: Staff) -> PaymentRequest:
        return checkout.ask(
            opened, here(), purpose=Purpose(form.purpose.data), amount=form.amount.data,
            reservation=reservation, folio=folio, window=window, language=form.language.data,
            expires_at=form.expires_at(here()), by=by,
        )  # fmt: skip

    return answer("payment_requests/new.html", form, ask, reservation=reservation, folio=folio)


def _says_whose() -> bool:
    """Tell whether the address names a reservation or a bill, and not both."""
    party, bill = (request.args.get(name, type=numbers.whole) for name in ("reservation", "folio"))
    return (party is None) is not (bill is None)


def _whose() -> tuple[Reservation | None, Folio | None, int]:
    """Return the reservation, or the folio's window, that the address asks for."""
    party = request.args.get("reservation", type=numbers.whole)
    bill = request.args.get("folio", type=numbers.whole)
    if not _says_whose():
        abort(404)
    window = request.args.get("window", 1, type=int)
    if bill is not None:
        return None, find(Folio, bill), window
    return find(Reservation, party or 0), None, window


def _may_be_asked(reservation: Reservation | None, folio: Folio | None) -> list[Purpose]:
    if folio is not None:
        return [Purpose.BALANCE]
    if reservation is not None and reservation.state is State.IN_HOUSE:
        return [Purpose.HOLD, Purpose.CARD]
    return [Purpose.DEPOSIT, Purpose.HOLD, Purpose.CARD]


def _begin(
    form: AskForm, reservation: Reservation | None, folio: Folio | None, window: int
) -> None:
    """Fill in what is most likely asked for."""
    begin_link(form, billing.party_of(session(), folio) if folio is not None else reservation)
    asked = request.args.get("purpose")
    if asked in [choice.value for choice in _may_be_asked(reservation, folio)]:
        form.purpose.data = asked
    if folio is not None:
        owed = folios.balance_of(session(), folio).get(window)
        form.amount.data = owed if owed is not None and owed.minor > 0 else None
    elif request.args.get("amount"):
        form.amount.process_formdata([request.args["amount"]])


@bp.get("/payment-requests/<int:request_id>")
@allows(Permission.PAY)
def one(request_id: int) -> ResponseReturnValue:
    """Show one request: its code, its link, and how it stands."""
    return _page(find(PaymentRequest, request_id), WithdrawForm(), MailForm())


@bp.get("/payment-requests/<int:request_id>/state")
@allows(Permission.PAY)
def state(request_id: int) -> ResponseReturnValue:
    """Show how a request stands, again and again while it is open; then the page begins anew.

    What is over has no code to be shown, no link to be mailed and nothing to be withdrawn.
    """
    found = find(PaymentRequest, request_id)
    answer = make_response(render_template("payment_requests/state.html", asked_for=found))
    if not found.is_open:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.get("/payment-requests/<int:request_id>.pdf")
@allows(Permission.PAY)
def sheet(request_id: int) -> ResponseReturnValue:
    """Hand out the code on paper."""
    found = find(PaymentRequest, request_id)
    html = paper(Asked(session(), here(), found), link_of(found))
    name = f"{here().code}-payment-{found.number}.pdf"
    return handed_out(pdf.render(html, str(current_app.static_folder)), name)


@bp.post("/payment-requests/<int:request_id>/mail")
@allows(Permission.PAY)
def mail(request_id: int) -> ResponseReturnValue:
    """Mail the link, or mail it once more."""
    found, form = find(PaymentRequest, request_id), MailForm()
    if form.validate() and attempt(form, mail_link, found, form.to.data or "", by=on_duty()):
        say(f"The link goes to {form.to.data}.")
        return redirect(url_for("payment_requests.one", request_id=request_id))
    return _page(found, WithdrawForm(formdata=None), form, status=422)


@bp.post("/payment-requests/<int:request_id>/withdraw")
@allows(Permission.PAY)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request back, and shut its page at the gateway."""
    found, form = find(PaymentRequest, request_id), WithdrawForm()
    if form.validate():
        attempt(form, checkout.withdraw, found, reason=form.reason.data or "", by=on_duty())
    if form.said:
        return _page(found, form, MailForm(formdata=None), status=422)
    try:
        intents.close_pages(session(), found, at_gateway.gateway)
    except Refusal as no:
        form.refuse(no)  # the page lives an hour at most; what is paid there is the guest's
        say_refused(form)
    say(f"Request {found.number} is withdrawn.")
    return redirect(url_for("payment_requests.one", request_id=request_id))


def _page(
    found: PaymentRequest, withdrawing: WithdrawForm, mailing: MailForm, *, status: int = 200
) -> ResponseReturnValue:
    asked = Asked(session(), here(), found, "en")  # the desk's words, not the guest's
    if not mailing.is_submitted():
        party = asking.party_of(session(), found)
        guest = party.guest if party else None
        mailing.to.data = found.mailed_to or (guest.email if guest else None) or ""
    link = link_of(found) if found.is_open else None
    by_room = whole.by_room(session(), found)
    told: dict[str, Any] = {
        "asked_for": found,
        "asked": asked,
        "link": link,
        "code": code(link) if link else None,
        "language": LANGUAGES[found.language],
        "withdrawing": withdrawing,
        "mailing": mailing,
        "amount": Money(found.amount, here().currency),
        "by_room": {each.part.no: each for each in by_room},
        "left": total((each.left for each in by_room), here().currency),
        "refunding": RefundForm(formdata=None),
        "history": history.of(found, here()),
    }
    return render_template("payment_requests/one.html", **told), status
