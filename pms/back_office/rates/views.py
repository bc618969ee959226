"""Rates: the calendar, a change worked out and applied, and taken back."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.rates import calendar as page
from pms.back_office.rates import package_desk, plans, policy_desk, rule_desk
from pms.back_office.rates.desk import bp
from pms.back_office.rates.forms import ChangeForm, a_fortnight, digest
from pms.base import dates
from pms.base.refusal import Refusal, Stale
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import calendar, rates, rooms
from pms.hotel.rooms.calendar import How, NewPrice, NewRestriction, RateChange
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_outcome

__all__ = ["bp", "package_desk", "plans", "policy_desk", "rule_desk"]
SPANS = (7, 14, 31)
Changes = list[NewPrice] | list[NewRestriction]
SHOWN = 14  # of a preview; the rest is counted


@bp.get("/rates")
@allows(Permission.RESERVE)
def calendar_page() -> ResponseReturnValue:
    """Show a plan's nights; with a change in the address, what it would change."""
    form = _form()
    looks = "what" in request.args and may(Permission.SET_UP)
    return _page(form, _look(form) if looks else None)


@bp.post("/rates")
@allows(Permission.SET_UP)
def change() -> ResponseReturnValue:
    """Apply a change as it was shown."""
    form = _form()
    if form.validate():
        done = attempt(form, _apply, here(), form, by=on_duty())
        if done is not None:
            undo = url_for("rates.undo", change_id=done.id, **_where())
            say(f"{plural(done.nights, 'night')} changed: {done.words}.", undo=undo)
            return redirect(url_for("rates.calendar_page", **_where()))
    return _page(form, _look(form) if form.is_stale else None), 422


@bp.post("/rates/changes/<int:change_id>/undo")
@allows(Permission.SET_UP)
def undo(change_id: int) -> ResponseReturnValue:
    """Take a change back."""
    found, form = find(RateChange, change_id), Form()
    attempt(form, calendar.undo, found, by=on_duty())
    say_outcome(form, f"Taken back: {found.words}.")
    return redirect(url_for("rates.calendar_page", **_where()))


def _form() -> ChangeForm:
    form = ChangeForm(request.form if request.method == "POST" else request.args)
    hotel = here()
    form.begin(
        [(str(each.id), each.name) for each in rooms.types(session(), hotel)],
        [(str(each.id), each.name) for each in rates.plans(session(), hotel)],
    )
    return form


def _chosen(
    opened: Session, hotel: Hotel, form: ChangeForm
) -> tuple[list[RoomType], list[RatePlan]]:
    """Return the types and plans ticked, of this hotel only."""
    types = [e for e in rooms.types(opened, hotel) if str(e.id) in (form.types.data or ())]
    chosen = [e for e in rates.plans(opened, hotel) if str(e.id) in (form.plans.data or ())]
    return types, chosen


def _look(form: ChangeForm) -> Changes | None:
    """Return what would change, as it stands now, and mark it; nothing where that is refused."""
    try:
        worked = _worked_out(session(), here(), form)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    form.seen.data = digest(worked)
    return worked


def _worked_out(opened: Session, hotel: Hotel, form: ChangeForm) -> Changes:
    if form.how is not None:
        return _new_prices(opened, hotel, form, form.how)
    return _new_restrictions(opened, hotel, form)


def _new_restrictions(opened: Session, hotel: Hotel, form: ChangeForm) -> list[NewRestriction]:
    types, chosen = _chosen(opened, hotel, form)
    return calendar.work_out_restrictions(
        opened, hotel, form.kind, form.nights,
        value=form.number, lift=form.lifts, types=types, plans=chosen,
    )  # fmt: skip


def _new_prices(opened: Session, hotel: Hotel, form: ChangeForm, how: How) -> list[NewPrice]:
    types, chosen = _chosen(opened, hotel, form)
    return calendar.work_out(
        opened,
        hotel,
        form.nights,
        types=types or rooms.types(opened, hotel),
        plans=chosen or rates.plans(opened, hotel),
        how=how,
        amount=None if how is How.PERCENT else form.amount,
        percent=form.percent if how is How.PERCENT else None,
    )


def _apply(opened: Session, hotel: Hotel, form: ChangeForm, *, by: Staff) -> RateChange:
    """Do what was shown, and only that; where it changed since, it is shown as it is now."""
    if form.how is not None:
        prices = _new_prices(opened, hotel, form, form.how)
        _refuse_moved(form, prices)
        return calendar.apply(opened, hotel, prices, words=form.words, by=by)
    shown = _new_restrictions(opened, hotel, form)
    _refuse_moved(form, shown)
    types, chosen = _chosen(opened, hotel, form)
    return calendar.restrict(
        opened, hotel, form.kind, form.nights, value=form.number, lift=form.lifts,
        types=types, plans=chosen, shown=shown, words=form.words, by=by,
    )  # fmt: skip


def _refuse_moved(form: ChangeForm, changes: Changes) -> None:
    if form.seen.data and form.seen.data != digest(changes):
        form.is_stale = True
        raise Stale("calendar")


def _page(form: ChangeForm, worked: Changes | None) -> str:
    hotel = here()
    every = rates.plans(session(), hotel)
    where = _where()
    plan = next((each for each in every if each.code == where.get("plan")), None)
    plan = plan or (every[0] if every else None)
    first = _day(where.get("from")) or hotel.business_date
    days = next((span for span in SPANS if str(span) == where.get("days")), SPANS[1])
    if form.first.data is None and not form.errors:
        form.first.data, form.last.data = first, a_fortnight(first, days)
    return render_template(
        "rates/calendar.html",
        form=form,
        worked=worked,
        nights_changed=len({each.night for each in worked or ()}),
        names={each.id: each.name for each in rooms.types(session(), hotel)}
        | {each.id: each.name for each in every},
        shown=SHOWN,
        rows=page.rows(hotel, plan, first, a_fortnight(first, days)),
        plans=every,
        plan=plan,
        first=first,
        days=days,
        spans=SPANS,
        before=first - timedelta(days=days),
        after=first + timedelta(days=days),
        where=where,
        history=calendar.last(session(), hotel) if may(Permission.SET_UP) else [],
    )


def _where() -> dict[str, Any]:
    """Return which part of the calendar the address shows."""
    names = ("plan", "from", "days")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _day(text: str | None) -> date | None:
    return dates.read(text)
