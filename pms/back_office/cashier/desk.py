"""The cashier's desk: its blueprint, and whose shift one may look at."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.forms import ReasonForm
from pms.hotel.books import cashiers
from pms.hotel.books.cashiers import CashierShift
from pms.hotel.house.staff import Permission, Staff
from pms.web.auth import find, here, may, on_duty
from pms.web.database import session

bp = Blueprint("cashier", __name__)


def keeps_cash() -> bool:
    """Tell whether the person on duty reviews other people's drawers."""
    return may(Permission.KEEP_CASH)


def is_blind_to(shift: CashierShift) -> bool:
    """Tell whether the person on duty isn't to know what should be in a drawer yet.

    In their own, until it is counted; in anybody's, for who reviews none.
    """
    own = shift.staff_id == on_duty().id
    return not shift.state.is_over and (own or not keeps_cash())


def shift_asked(shift_id: int) -> CashierShift:
    """Return a shift that is the person's own, or that they may review."""
    found = find(CashierShift, shift_id)
    if found.staff_id != on_duty().id and not keeps_cash():
        abort(HTTPStatus.FORBIDDEN)
    return found


def my_shift() -> CashierShift | None:
    """Return the shift the person on duty has open or is counting."""
    return cashiers.open_shift_of(session(), here(), on_duty())


def names(ids: set[int]) -> dict[int, str]:
    """Return the names of staff by id."""
    rows = session().execute(
        sa.select(Staff.id, Staff.name).where(Staff.chain_id == here().chain_id, Staff.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def reason_page(heading: str, what: str, form: ReasonForm, back: str) -> ResponseReturnValue:
    """Ask why something that was a mistake is undone; `back` is where one came from."""
    page = render_template("cashier/reason.html", heading=heading, what=what, form=form, back=back)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
