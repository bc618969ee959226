"""My shift: opened with a float, dropped from, and on to its count."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.desk import bp, is_blind_to, my_shift, reason_page, shift_asked
from pms.back_office.cashier.forms import DropForm, FloatForm, ReasonForm
from pms.base.money import Money
from pms.hotel.books import cashiers
from pms.hotel.books.cashiers import CashierShift, DrawerMove, MoveKind, ShiftState, dropping
from pms.hotel.house.staff import Permission
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.saying import say, say_refused

SHOWN = (MoveKind.FLOAT, MoveKind.DROP, MoveKind.PAID_OUT)  # what the cashier has paper of
PAST_AT_MOST = 10


@bp.get("/cashier/shift")
@allows(Permission.PAY)
def shift() -> ResponseReturnValue:
    """Show the person's open shift, not what should be in it; or how to open one."""
    mine = my_shift()
    if mine is not None and mine.state is ShiftState.COUNTING:
        return redirect(url_for("cashier.count", shift_id=mine.id))
    return _page(mine)


@bp.post("/cashier/shift/open")
@allows(Permission.PAY)
def open_shift() -> ResponseReturnValue:
    """Open a shift with a float."""
    form = FloatForm()
    if form.validate() and form.opening_float.data is not None:
        opened = attempt(
            form, cashiers.open_shift, here(), opening_float=form.opening_float.data, by=on_duty()
        )
        if opened:
            say(f"Shift {opened.number} is open. Your cash goes into this drawer from now on.")
            return redirect(url_for("cashier.shift"))
    mine = my_shift()
    if mine is not None:  # opened elsewhere meanwhile: its page has no place for the form
        say_refused(form)
        return redirect(url_for("cashier.shift"))
    return _page(None, opening=form)


@bp.post("/cashier/shift/drop")
@allows(Permission.PAY)
def drop() -> ResponseReturnValue:
    """Put money out of the drawer into the safe."""
    mine, form = my_shift(), DropForm()
    if mine is None:
        return redirect(url_for("cashier.shift"))
    if form.validate() and form.amount.data is not None:
        dropped = attempt(form, cashiers.drop, mine, amount=form.amount.data, by=on_duty())
        if dropped:
            say(f"{money(form.amount.data)} is in the safe.")
            return redirect(url_for("cashier.shift"))
    return _page(mine, dropping=form)


@bp.route("/cashier/drops/<int:move_id>/take-back", methods=["GET", "POST"])
@allows(Permission.PAY)
def take_back_drop(move_id: int) -> ResponseReturnValue:
    """Take a drop back that was a mistake, while its shift is open."""
    found, form = find(DrawerMove, move_id), ReasonForm()
    if found.kind is not MoveKind.DROP:
        abort(HTTPStatus.NOT_FOUND)
    of = shift_asked(found.shift_id)
    back = url_for("cashier.shift") if is_blind_to(of) else url_for("cashier.one", shift_id=of.id)
    dropped = Money(-found.amount, found.currency)
    if form.validate_on_submit() and attempt(
        form, dropping.take_back, found, reason=form.reason.data or "", by=on_duty()
    ):
        say(f"The drop of {money(dropped)} is back in the drawer.")
        return redirect(back)
    return reason_page("Take a drop back", f"{money(dropped)} of shift {of.number}", form, back)


def _page(
    mine: CashierShift | None,
    *,
    opening: FloatForm | None = None,
    dropping: DropForm | None = None,
) -> ResponseReturnValue:
    refused = opening is not None or dropping is not None
    if opening is None:
        opening = FloatForm(formdata=None)
        opening.opening_float.data = cashiers.setting.read(session(), here()).usual_float
    if dropping is None:
        dropping = DropForm(formdata=None)
        if mine is not None:
            dropping.version_seen = mine.version
    page = render_template(
        "cashier/shift.html",
        shift=mine,
        opening=opening,
        dropping=dropping,
        sums=cashiers.sums(session(), mine) if mine else [],
        drops=cashiers.drops(session(), mine) if mine else [],
        shown=SHOWN,
        past=_past(),
    )
    return page, 422 if refused else 200


def _past() -> list[CashierShift]:
    return list(
        session().scalars(
            sa.select(CashierShift)
            .where(
                CashierShift.hotel_id == here().id,
                CashierShift.staff_id == on_duty().id,
                CashierShift.closed_at.is_not(None),
            )
            .order_by(CashierShift.number.desc())
            .limit(PAST_AT_MOST)
        )
    )
