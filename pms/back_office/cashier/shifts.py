"""Shifts: who has a drawer open, who waits for a review, and what one came to."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.cashier.desk import bp, is_blind_to, my_shift, names, shift_asked
from pms.back_office.cashier.forms import ReasonForm, SafeForm
from pms.hotel.books import cashiers, ledger, payments
from pms.hotel.books.cashiers import CashierShift, DrawerMove, ShiftState, safe
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Ledger, Line
from pms.hotel.house.staff import Permission
from pms.web import history, paging
from pms.web.asked import word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.saying import say

TO_REVIEW, ALL = "to-review", "all"
MOVES_AT_MOST = 300


@bp.get("/cashier/shifts")
@allows(Permission.KEEP_CASH)
def shifts() -> ResponseReturnValue:
    """Show the shifts that wait for a review, or all of them, and where the house's cash is."""
    return _list(SafeForm(formdata=None))


@bp.post("/cashier/safe")
@allows(Permission.KEEP_CASH)
def move_cash() -> ResponseReturnValue:
    """Put cash into the safe, or take it to the bank."""
    form = SafeForm()
    if form.validate() and form.amount.data is not None:
        moved = attempt(
            form,
            safe.move,
            here(),
            form.way.chosen,
            amount=form.amount.data,
            reference=form.reference.data or None,
            key=form.entry_key,
            by=on_duty(),
        )
        if moved:
            say(f"{money(form.amount.data)} is moved: {form.way.chosen.words.lower()}.")
            return redirect(url_for("cashier.shifts"))
    return _list(form, status=422)


def _list(form: SafeForm, *, status: int = 200) -> ResponseReturnValue:
    show = word_asked("show", {ALL}, TO_REVIEW)
    wanted = [CashierShift.hotel_id == here().id]
    if show != ALL:
        wanted.append(CashierShift.state != ShiftState.REVIEWED)
    page = paging.page(
        sa.select(CashierShift).where(*wanted).order_by(CashierShift.number.desc()),
        endpoint="cashier.shifts",
    )
    ids = [each.id for each in page.rows]
    seen = [each.id for each in page.rows if not is_blind_to(each)]
    html = render_template(
        "cashier/shifts.html",
        page=page,
        show=show,
        waiting=len(cashiers.not_reviewed(session(), here())),
        names=names({each.staff_id for each in page.rows}),
        over_short=cashiers.over_short(session(), here(), ids),
        dropped_too_much={each.shift_id for each in cashiers.excesses(session(), here(), seen)},
        is_blind=my_shift() is not None,
        places=ledger.open_balances(session(), here(), Ledger.CASH),
        form=form,
    )
    return html, status


@bp.get("/cashier/shifts/<int:shift_id>")
@allows(Permission.PAY)
def one(shift_id: int) -> ResponseReturnValue:
    """Show one shift: the cashier's own once it is counted, anybody's to who reviews it."""
    return _one(shift_asked(shift_id), ReasonForm(formdata=None))


@bp.post("/cashier/shifts/<int:shift_id>/accept")
@allows(Permission.KEEP_CASH)
def accept(shift_id: int) -> ResponseReturnValue:
    """Accept a shift as it was counted."""
    found, form = shift_asked(shift_id), ReasonForm()
    if form.validate() and attempt(
        form, cashiers.accept, found, reason=form.reason.data or "", by=on_duty()
    ):
        say(f"Shift {found.number} is accepted.")
        return redirect(url_for("cashier.shifts"))
    return _one(found, form, status=422)


def _one(found: CashierShift, form: ReasonForm, *, status: int = 200) -> ResponseReturnValue:
    if is_blind_to(found):
        return redirect(url_for("cashier.shift"))
    counts = cashiers.counts_of(session(), found)
    moves = _moves(found)
    people = {found.staff_id, found.reviewed_by or 0, *(each.staff_id for each in counts)}
    page = render_template(
        "cashier/one.html",
        shift=found,
        form=form,
        names=names(people),
        sums=cashiers.sums(session(), found),
        expected=cashiers.expected(session(), here(), found),
        counts=counts,
        moves=moves,
        folios=_folios(entry.id for _, entry in moves),
        excesses={each.move_id: each for each in cashiers.excesses(session(), here(), [found.id])},
        undoable=_undoable(found),
        taken=payments.beside_cash(session(), found),
        batches=payments.batches(session(), here(), found.closed_on or here().business_date),
        history=history.of(found, here()),
    )
    return page, status


def _folios(entry_ids: Iterable[int]) -> dict[int, Any]:
    """Return which folio each entry is of, with its window's number; none for what is of none."""
    rows = session().execute(
        sa.select(Line.entry_id, Folio.id, Folio.number, Folio.name, FolioWindow.no.label("window"))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .join(Folio, sa.and_(Folio.hotel_id == Line.hotel_id, Folio.id == FolioWindow.folio_id))
        .where(Line.hotel_id == here().id, Line.entry_id.in_(list(entry_ids)))
    )
    return {row.entry_id: row for row in rows}


def _undoable(found: CashierShift) -> set[int]:
    """Return the drops that can still be taken back."""
    if found.state is not ShiftState.OPEN:
        return set()
    return {each.move.id for each in cashiers.drops(session(), found) if not each.is_taken_back}


def _moves(found: CashierShift) -> list[tuple[DrawerMove, Entry]]:
    rows = session().execute(
        sa.select(DrawerMove, Entry)
        .join(
            Entry, sa.and_(Entry.hotel_id == DrawerMove.hotel_id, Entry.id == DrawerMove.entry_id)
        )
        .where(DrawerMove.hotel_id == found.hotel_id, DrawerMove.shift_id == found.id)
        .order_by(DrawerMove.id.desc())
        .limit(MOVES_AT_MOST)
    )
    return [(row[0], row[1]) for row in rows]
