"""Posting: charging a bill, adjusting it, moving its lines and reversing them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.folios import bills, elsewhere, foreseeing, page
from pms.back_office.folios.forms import (
    TONIGHT,
    AdjustForm,
    BalanceForm,
    ChargeForm,
    MoveForm,
    ReasonForm,
)
from pms.base.money import Money, total
from pms.base.numbers import whole
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, payments, receivables
from pms.hotel.books.folios import Adjustable, Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import adjusting, allowances, desk_charges, night_charges, settlements
from pms.hotel.tariff.charges import ChargeCode
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import minor, money, plural, short_day
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("posting", __name__)

LINES_AT_ONCE = 200


class NothingAdjusted(Invalid):
    """Neither a line nor a charge code is named."""

    def __init__(self) -> None:
        super().__init__("Choose what is adjusted: a line of the bill, or a charge.", field="code")


class OneAtATime(Invalid):
    """An amount is split off, and nobody can tell off which of several lines."""

    def __init__(self) -> None:
        super().__init__("Split an amount off one line, or a percentage off all.", field="amount")


@bp.route("/folios/<int:folio_id>/post", methods=["GET", "POST"])
@allows(Permission.POST)
def post(folio_id: int) -> ResponseReturnValue:
    """Put a charge on a bill."""
    found, form = find(Folio, folio_id), ChargeForm()
    codes = _offer(form, found)
    form.shows(found)
    if form.validate_on_submit():
        charged = attempt(form, _charge, found, filled=form, by=on_duty())
        if charged:
            entry, taken_off = charged
            absorbed = "" if taken_off is None else f"; {money(taken_off)} of it is in a package"
            lines = ledger.lines_of(session(), entry)
            came = Money(sum(max(line.amount, 0) for line in lines), here().currency)
            say(f"{entry.text} is posted on folio {found.number}: {came.said}{absorbed}.")
            return redirect(_bill(found, form.window.chosen))
    return _charge_page(found, form, codes), 422 if form.is_submitted() else 200


@bp.post("/folios/<int:folio_id>/post/foreseen")
@allows(Permission.POST)
def foresee(folio_id: int) -> ResponseReturnValue:
    """Show what a charge would come to with its taxes, before it is posted."""
    found, form = find(Folio, folio_id), ChargeForm()
    codes = _offer(form, found)
    comes_to = foreseeing.comes_to(form, found) if form.validate() else None
    if request.headers.get("HX-Request"):
        return render_template("posting/comes_to.html", form=form, comes_to=comes_to)
    return _charge_page(found, form, codes, comes_to), 422 if form.said else 200


def _offer(form: ChargeForm, found: Folio) -> list[ChargeCode]:
    """Offer what can be charged and the windows it can go to; return the charge codes."""
    codes = page.charge_codes()
    form.code.offer(codes, label=_with_price)
    form.window.offer(_windows(found), none="As the routing says")
    form.tonight.offer(TONIGHT, label=TONIGHT.__getitem__, none="Choose")
    return codes


def _charge_page(
    found: Folio,
    form: ChargeForm,
    codes: Sequence[ChargeCode],
    comes_to: foreseeing.ComesTo | None = None,
) -> str:
    currency = here().currency
    prices = {
        str(code.id): str(Money(code.price, currency)) for code in codes if code.price is not None
    }
    by_head, by_night = foreseeing.by_head_and_night(codes)
    of_tonight = desk_charges.code_of_tonight(session(), found)
    whom = foreseeing.by_whom(found) if by_head or by_night else ""
    return render_template(
        "posting/post.html",
        folio=found,
        form=form,
        prices=prices,
        by_head=by_head,
        by_night=by_night if whom else [],
        of_tonight=[] if of_tonight is None else [str(of_tonight)],
        by_whom=whom or "one person",
        comes_to=comes_to,
    )


def _charge(
    opened: Session, folio: Folio, *, filled: ChargeForm, by: Staff
) -> tuple[Entry, Money | None]:
    """Post a charge, and say what the guest's packages took of it."""
    entry = desk_charges.charge(
        opened,
        folio,
        code=filled.code.chosen,
        amount=filled.amount.data,
        quantity=filled.quantity.data or 1,
        persons=filled.persons.data,
        night=filled.night.data,
        tonight=filled.tonight.chosen,
        reference=filled.reference.data or None,
        window=_number(filled.window.chosen),
        key=filled.entry_key,
        by=by,
    )
    return entry, allowances.absorb(opened, folio, entry)


@bp.route("/folios/<int:folio_id>/adjust", methods=["GET", "POST"])
@allows(Permission.ADJUST)
def adjust(folio_id: int) -> ResponseReturnValue:
    """Add to a bill or take off it, with a reason."""
    found, form = find(Folio, folio_id), AdjustForm()
    lines = folios.adjustables(session(), found)
    form.line.offer(lines, label=_of_which, none="No line in particular")
    form.code.offer(page.charge_codes(), label=lambda code: code.name, none="As the line")
    form.window.offer(_windows(found))
    form.shows(found)
    if form.validate_on_submit() and form.amount.data is not None:
        adjusted = attempt(form, _adjust, found, filled=form, by=on_duty())
        if adjusted:
            say(f"{adjusted.text} is adjusted by {money(_put_on(found, adjusted))}.")
            return redirect(_bill(found, form.window.chosen))
    status = 422 if form.is_submitted() else 200
    return render_template("posting/adjust.html", folio=found, form=form), status


def _put_on(folio: Folio, entry: Entry) -> Money:
    """Return what an entry put on a bill, taxes on top in it."""
    accounts = {window.account_id for window in folio.windows}
    lines = ledger.lines_of(session(), entry)
    put = sum(line.amount for line in lines if line.account_id in accounts)
    return Money(put, here().currency)


def _adjust(opened: Session, folio: Folio, *, filled: AdjustForm, by: Staff) -> Entry:
    """Adjust a bill, by the charge code of the line it concerns unless another is chosen."""
    line = filled.line.chosen
    code = filled.code.chosen or (line.code if line else None)
    if code is None:
        raise NothingAdjusted
    return adjusting.adjust(
        opened,
        folio,
        code=code,
        amount=filled.amount.data or Money(0, here().currency),
        reason=filled.reason.data or "",
        window=_number(filled.window.chosen) or 1,
        concerns=line.entry if line else None,
        nights=filled.nights.data,
        key=filled.entry_key,
        by=by,
    )


@bp.route("/folios/<int:folio_id>/balance", methods=["GET", "POST"])
@allows(Permission.POST)
def move_balance(folio_id: int) -> ResponseReturnValue:
    """Move what a window owes, or a part of it, to another window, here or on another bill."""
    found, form = find(Folio, folio_id), BalanceForm()
    form.window.offer(_windows(found))
    elsewhere.offer_places(form, found)
    form.shows(found)
    to = elsewhere.target(form, found) if form.validate_on_submit() else None
    if to and attempt(
        form,
        folios.transfer_balance,
        found,
        window=_number(form.window.chosen) or 1,
        to_folio=to.folio,
        to_window=to.window,
        amount=form.amount.data,
        reason=form.reason.data or "",
        key=form.entry_key,
        by=on_duty(),
    ):
        say(f"The balance is moved to {to.words(found)}.")
        return redirect(_bill(found, form.window.chosen))
    status = 422 if form.is_submitted() else 200
    return render_template("posting/move_balance.html", folio=found, form=form), status


# --- chosen lines -------------------------------------------------------------------------------


@bp.route("/folios/<int:folio_id>/move", methods=["GET", "POST"])
@allows(Permission.POST)
def move(folio_id: int) -> ResponseReturnValue:
    """Move the chosen lines, or a part of them, to another window, here or on another bill."""
    if not _chosen():
        return _nothing_chosen(folio_id)
    found, form = find(Folio, folio_id), MoveForm()
    elsewhere.offer_places(form, found, leaving=_leaving(found))
    form.shows(found)
    entries = page.entries_of(found, _chosen())
    if not _asks() and form.validate_on_submit() and (to := elsewhere.target(form, found)):
        moved = attempt(
            form,
            _move_all,
            entries,
            _leaving(found),
            part=(form.percent.rate, form.amount.data),
            to_folio=to.folio,
            to_window=to.window,
            reason=form.reason.data or None,
            by=on_duty(),
        )
        if moved:
            back = url_for("posting.move_back", folio_id=folio_id, line=moved)
            say(f"{plural(len(moved), 'line')} moved to {to.words(found)}.", undo=back)
            return redirect(_bill(found, to.window if to.folio.id == found.id else 1))
    return _chosen_page("posting/move.html", found, form)


@bp.post("/folios/<int:folio_id>/move/back")
@allows(Permission.POST)
def move_back(folio_id: int) -> ResponseReturnValue:
    """Undo a move that was just made: each line stands where it stood."""
    found, form = find(Folio, folio_id), Form()
    entries = page.entries_of(found, _chosen())
    if any(entry.kind is not Kind.TRANSFER for entry in entries):
        abort(404)
    if attempt(form, _reverse_all, found, entries, "Moved back", by=on_duty()):
        say(f"{plural(len(entries), 'line')} moved back.")
    say_refused(form)
    return redirect(_bill(found, None))


@bp.route("/folios/<int:folio_id>/reverse", methods=["GET", "POST"])
@allows(Permission.POST)
def reverse(folio_id: int) -> ResponseReturnValue:
    """Reverse the chosen lines, with a reason: nothing is erased."""
    if not _chosen():
        return _nothing_chosen(folio_id)
    found, form = find(Folio, folio_id), ReasonForm()
    form.shows(found)
    entries = page.entries_of(found, _chosen())
    if not _asks() and form.validate_on_submit():
        reason = form.reason.data or ""
        reversed_ = attempt(form, _reverse_all, found, entries, reason, by=on_duty())
        if reversed_:
            say(f"{plural(reversed_, 'line')} reversed.")
            return redirect(_bill(found, None))
    return _chosen_page("posting/reverse.html", found, form)


def _nothing_chosen(folio_id: int) -> ResponseReturnValue:
    flash("No line is chosen. Tick the lines first, or press X on them.", "refusal")
    return redirect(url_for("folios.folio", folio_id=folio_id))


def _asks() -> bool:
    """Tell whether the bill's own form only leads to the page that asks where to, or why.

    It is sent by POST like the moves beside it, so that no token gets into an address.
    """
    return "ask" in request.form


def _chosen_page(template: str, found: Folio, form: Form) -> ResponseReturnValue:
    windows = bills.windows_of(session(), here(), found)
    left = request.values.get("from", type=whole)
    wanted = [window for window in windows if left in (None, window.no)]
    lines = bills.chosen(wanted, set(_chosen()))
    amount = total([posting.rest for _, posting in lines], here().currency)
    page_ = render_template(
        template, folio=found, form=form, lines=lines, amount=amount, leaving=left
    )
    return page_, 422 if form.is_submitted() and not _asks() else 200


def _move_all(
    here_: Session,
    entries: list[Entry],
    leaving: FolioWindow | None,
    *,
    part: tuple[int, Money | None],
    to_folio: Folio,
    to_window: int,
    reason: str | None,
    by: Staff,
) -> list[int]:
    """Move each line or so much of it, all or none; return the transfers' ids."""
    percent, amount = part
    if amount is not None and len(entries) > 1:
        raise OneAtATime
    move: Callable[..., Entry] = folios.transfer
    if amount is not None or percent:
        share = Decimal(percent) / 100 if percent else None
        move = partial(folios.split, amount=amount, percent=share)
    return [
        move(
            here_,
            entry,
            to_folio=to_folio,
            to_window=to_window,
            leaving=leaving,
            reason=reason,
            by=by,
        ).id
        for entry in entries
    ]


def _reverse_all(
    here_: Session, found: Folio, entries: list[Entry], reason: str, *, by: Staff
) -> int:
    """Reverse each line, all or none; a payment and a write-off by their own rules.

    The newest first: what adjusted or moved another is in its way.
    """
    for entry in sorted(entries, key=lambda each: each.id, reverse=True):
        if entry.kind in {Kind.PAYMENT, Kind.REFUND}:
            paid = payments.by_entry(here_, here(), entry.id)
            settlements.void_payment(here_, paid, reason=reason, by=by)
        elif entry.kind is Kind.WRITE_OFF:
            receivables.owe_again(here_, entry, reason=reason, by=by)
        else:
            night_charges.void(here_, entry, reason=reason, by=by)
    return len(entries)


def _chosen() -> list[int]:
    lines = request.values.getlist("line", type=int)
    return lines[:LINES_AT_ONCE]


def _leaving(found: Folio) -> FolioWindow | None:
    """Return the window whose lines were chosen."""
    left = request.values.get("from", type=whole)
    return next((window for window in found.windows if window.no == left), None)


def _windows(found: Folio) -> list[Any]:
    return [str(window.no) for window in found.windows]


def _number(window: str | None) -> int | None:
    return int(window) if window else None


def _bill(found: Folio, window: object) -> str:
    return url_for("folios.folio", folio_id=found.id, window=window or None)


def _of_which(line: Adjustable) -> str:
    """Return a charge in words, with what each window bears of it that can be taken off."""
    borne = ", ".join(
        money(amount) if line.windows.keys() == {1} else f"{money(amount)} on window {no}"
        for no, amount in line.windows.items()
    )
    return f"{line.entry.text}, {short_day(line.night)}: {borne}"


def _with_price(code: ChargeCode) -> str:
    return code.name if code.price is None else f"{code.name}, {minor(code.price)}"
