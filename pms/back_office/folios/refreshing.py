"""Refreshing: applying a bill's routing to what is posted already, looked at before it moves."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio, FolioState, FolioWindow, Refresh
from pms.hotel.house.staff import Permission
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("refreshing", __name__)


class RefreshForm(Form):
    """Moving what was shown, and nothing else."""

    expects = HiddenField()


@dataclass(frozen=True, slots=True)
class Window:
    """A window that something leaves or comes to, and what it owes before and after."""

    name: str
    before: Money
    after: Money


@bp.route("/folios/<int:folio_id>/routing/posted", methods=["GET", "POST"])
@allows(Permission.POST)
def posted(folio_id: int) -> ResponseReturnValue:
    """Show what the rules would move of what is posted, and move it."""
    found, form = find(Folio, folio_id), RefreshForm()
    if form.validate_on_submit():
        expects = form.expects.data or ""
        done = attempt(form, folios.refresh_routing, found, expects=expects, by=on_duty())
        if done is not None:
            number, moved = done
            back = url_for("refreshing.take_back", folio_id=folio_id, refresh_id=number)
            say(f"{plural(len(moved.moves), 'line')} moved by the rules.", undo=back)
            return redirect(url_for("routing.rules", folio_id=folio_id))
    is_open = found.state is FolioState.OPEN
    plan = folios.routing_refresh(session(), found) if is_open else Refresh((), ())
    form.expects.data = plan.digest
    windows = _windows(found, plan)
    shown = render_template(
        "refreshing/posted.html",
        folio=found,
        form=form,
        plan=plan,
        rows=[
            (move.night, move.text, Money(move.minor, here().currency), windows[move.to].name)
            for move in plan.moves
        ],
        left=[
            (each.night, each.text, Money(each.minor, here().currency)) for each in plan.invoiced
        ],
        windows=list(windows.values()),
    )
    return shown, 422 if form.said else 200


@bp.post("/folios/<int:folio_id>/routing/posted/<int:refresh_id>/back")
@allows(Permission.POST)
def take_back(folio_id: int, refresh_id: int) -> ResponseReturnValue:
    """Let what the rules moved stand where it stood."""
    found, form = find(Folio, folio_id), Form()
    moved = attempt(form, folios.take_back_refresh, found, refresh_id, by=on_duty())
    if moved:
        say(f"{plural(moved, 'line')} moved back.")
    say_refused(form)
    return redirect(url_for("routing.rules", folio_id=folio_id))


def _windows(found: Folio, plan: Refresh) -> dict[tuple[int, int], Window]:
    """Return the windows that take part, the one that is left first; two questions."""
    gets = plan.by_target()
    changes = {(found.id, 1): -sum(gets.values()), **gets} if gets else {}
    rows = _named(changes.keys())
    sums = ledger.balances(session(), here(), [account_id for _, account_id, _ in rows])
    currency = here().currency
    return {
        key: Window(
            name, Money(sums[account_id], currency), Money(sums[account_id] + change, currency)
        )
        for key, change in changes.items()
        for at, account_id, name in rows
        if at == key
    }


def _named(windows: Collection[tuple[int, int]]) -> list[tuple[tuple[int, int], int, str]]:
    rows = session().execute(
        sa.select(
            FolioWindow.folio_id,
            FolioWindow.no,
            FolioWindow.account_id,
            sa.func.coalesce(FolioWindow.payee_name, Folio.name).label("name"),
            Folio.number,
        )
        .join(
            Folio,
            sa.and_(Folio.hotel_id == FolioWindow.hotel_id, Folio.id == FolioWindow.folio_id),
        )
        .where(
            FolioWindow.hotel_id == here().id,
            FolioWindow.folio_id.in_({folio_id for folio_id, _ in windows}),
        )
    )
    return [
        ((row.folio_id, row.no), row.account_id, f"{row.name}, folio {row.number}/{row.no}")
        for row in rows
    ]
