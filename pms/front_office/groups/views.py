"""Groups: the list, the page of each, and what is agreed."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.front_office.groups import arriving, listing, moving, reading
from pms.front_office.groups.desk import bp, of
from pms.front_office.groups.forms import (
    STATUSES,
    AllotForm,
    GroupForm,
    PriceForm,
    StatusForm,
)
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import rooms
from pms.hotel.stays import groups, together
from pms.hotel.stays.groups import Billing, Group, GroupTerms, Status, Terms
from pms.web import history, paging
from pms.web.asked import word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

__all__ = ["arriving", "bp", "listing", "moving"]

SHOWN = ("coming", "past", "lost")


class NoSuchFirm(Invalid):
    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"No company has the code {code}. Leave it empty.", field=field)


@bp.get("/groups")
@allows(Permission.LOOK)
def all_groups() -> ResponseReturnValue:
    """Show the groups by arrival: coming and in house, past, lost."""
    show = word_asked("show", SHOWN, "coming")
    text = request.args.get("q", "").strip()[:80]
    today = here().business_date
    terms = GroupTerms
    lost = terms.status == Status.LOST
    wanted = {
        "coming": sa.or_(
            terms.group_id.is_(None), sa.and_(terms.departure >= today, sa.not_(lost))
        ),
        "past": sa.and_(terms.departure < today, sa.not_(lost)),
        "lost": lost,
    }[show]
    query = (
        sa.select(Group)
        .outerjoin(terms, sa.and_(terms.hotel_id == Group.hotel_id, terms.group_id == Group.id))
        .options(
            joinedload(Group.terms).joinedload(GroupTerms.company),
            joinedload(Group.terms).joinedload(GroupTerms.agent),
        )
        .where(Group.hotel_id == here().id, wanted)
    )
    if text:
        like = f"%{text.lower()}%"
        query = query.where(
            sa.or_(sa.func.lower(Group.name).like(like), sa.func.lower(Group.code).like(like))
        )
    order = terms.arrival if show == "coming" else terms.arrival.desc()
    page = paging.page(query.order_by(order, Group.code))
    sums = reading.sums([each.id for each in page.rows])
    return render_template(
        "groups/all_groups.html", page=page, show=show, q=text, sums=sums, none=reading.Sums()
    )


@bp.route("/groups/new", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def new() -> ResponseReturnValue:
    """Open a group with what is agreed."""
    form = GroupForm()
    form.begin()
    if form.validate_on_submit() and form.has_dates:
        terms = _terms(form)
        made = terms and attempt(
            form,
            groups.open_group,
            here(),
            code=form.code.data or "",
            name=form.name.data or "",
            terms=terms,
            by=on_duty(),
        )
        if made:
            say(f"{made.name} is opened, tentative. Agree on its rooms now.")
            return redirect(of(made))
    return render_template("groups/terms.html", form=form, group=None)


@bp.route("/groups/<int:group_id>/terms", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def agree(group_id: int) -> ResponseReturnValue:
    """Write down anew what is agreed with a group."""
    group = find(Group, group_id)
    form = GroupForm()
    form.begin()
    form.shows(group, lambda shown: _fill(shown, group))
    if form.validate_on_submit() and form.has_dates:
        terms = _terms(form)
        if terms and attempt(
            form, groups.agree, group, terms, name=form.name.data or "", by=on_duty()
        ):
            say("That is agreed now.")
            return redirect(of(group))
    return render_template("groups/terms.html", form=form, group=group)


def _fill(form: GroupForm, group: Group) -> None:
    form.name.data, form.code.data = group.name, group.code
    terms = group.terms
    if terms is None:
        return
    form.company.data = terms.company.code if terms.company else None
    form.agent.data = terms.agent.code if terms.agent else None
    form.contact.data, form.notes.data = terms.contact, terms.notes
    form.arrival.data, form.departure.data = terms.arrival, terms.departure
    form.plan.data, form.billing.data = str(terms.plan_id), terms.billing.value
    form.cut_off.data, form.cut_off_days.data = terms.cut_off, terms.cut_off_days
    form.elastic.data = terms.elastic


def _terms(form: GroupForm) -> Terms | None:
    try:
        return Terms(
            arrival=form.arrival.data or here().business_date,
            departure=form.departure.data or here().business_date,
            plan=form.plan.chosen,
            company=_firm(form.company.data, "company"),
            agent=_firm(form.agent.data, "agent"),
            contact=_text(form.contact.data),
            elastic=bool(form.elastic.data),
            cut_off=form.cut_off.data,
            cut_off_days=form.cut_off_days.data,
            billing=Billing(form.billing.data),
            notes=_text(form.notes.data),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _firm(code: str | None, field: str) -> Company | None:
    if not (code or "").strip():
        return None
    found = companies.by_code(session(), here(), str(code))
    if found is None:
        raise NoSuchFirm(str(code).strip().upper(), field)
    return found


def _text(typed: str | None) -> str | None:
    return (typed or "").strip() or None


# --- one group ------------------------------------------------------------------------------------


@bp.get("/groups/<int:group_id>")
@allows(Permission.LOOK)
def group(group_id: int) -> ResponseReturnValue:
    """Show a group: its allotment night by night, its parties, its master."""
    return _page(find(Group, group_id))


def _page(
    found: Group,
    *,
    allot: AllotForm | None = None,
    typed: Mapping[str, str] | None = None,
    wrote: Mapping[str, str] | None = None,
    status: StatusForm | None = None,
    price: PriceForm | None = None,
) -> ResponseReturnValue:
    """Show a group; a form that was refused stands in its place, as it was typed."""
    refused = any(each is not None for each in (allot, status, price))
    terms = found.terms
    lines = reading.grid(found, terms) if terms else []
    if status is None:
        status = StatusForm(formdata=None)
        status.shows(found, lambda shown: _fill_status(shown, found))
    if price is None:
        price = PriceForm(formdata=None)
        _show_prices(price, found)
        price.room_type.offer([line.kind for line in lines], label=lambda kind: kind.name)
    if allot is None:
        allot = AllotForm(formdata=None)
        allot.version_seen = found.version
    parties = together.parties(session(), found)
    html = render_template(
        "groups/group.html",
        group=found,
        terms=terms,
        lines=lines,
        nights=reading.nights_of(terms) if terms else [],
        totals=reading.totals(lines),
        allot=allot,
        typed=typed or {},
        wrote=wrote or {},
        status=status,
        statuses=STATUSES,
        price_form=price,
        prices=groups.agreed_prices(session(), found.hotel_id, found.id),
        parties=parties,
        counts=arriving.counts(parties, here().business_date),
        master=together.master_of(session(), found),
        balance=together.master_balance(session(), found),
        history=history.of(found, here(), limit=12),
        may_agree=may(Permission.RESERVE),
        may_price=may(Permission.SET_RATE),
        day=here().business_date,
    )
    return html, 422 if refused else 200


@bp.post("/groups/<int:group_id>/allot")
@allows(Permission.RESERVE)
def allot(group_id: int) -> ResponseReturnValue:
    """Agree on rooms for each night and type."""
    found, form = find(Group, group_id), AllotForm()
    terms = found.terms
    if terms is None:
        abort(404)
    is_stale = form.version_seen not in (None, found.version)
    nights = [night for night in reading.nights_of(terms) if night >= here().business_date]
    types = [kind.id for kind in rooms.types(session(), here())]
    if form.validate_on_submit():
        wanted = form.read(request.form, nights, types)
        if wanted is not None:
            changed = attempt(form, groups.allot, found, wanted, by=on_duty())
            if changed is not None:
                say(f"{plural(changed, 'night')} agreed anew." if changed else "Nothing changed.")
                return redirect(of(found))
    if is_stale:
        return _page(found, allot=form, wrote=request.form)
    return _page(found, allot=form, typed=request.form)


@bp.post("/groups/<int:group_id>/status")
@allows(Permission.RESERVE)
def settle(group_id: int) -> ResponseReturnValue:
    """Say how sure a group is."""
    found, form = find(Group, group_id), StatusForm()
    form.shows(found, lambda shown: _fill_status(shown, found))
    if form.validate_on_submit():
        status = Status(form.status.data)
        attempt(
            form,
            groups.settle_status,
            found,
            status,
            deducts=bool(form.deducts.data),
            reason=_text(form.reason.data),
            by=on_duty(),
        )
        if not form.said:
            say(f"{found.name} is {status.value} now.")
            return redirect(of(found))
    return _page(found, status=form)


def _fill_status(form: StatusForm, group: Group) -> None:
    if group.terms is not None:
        form.status.data, form.deducts.data = group.terms.status.value, group.terms.deducts


@bp.post("/groups/<int:group_id>/cut-off")
@allows(Permission.RESERVE)
def cut_off(group_id: int) -> ResponseReturnValue:
    """Give back now what isn't picked up."""
    found, form = find(Group, group_id), Form()
    given = attempt(form, groups.cut_off, found, by=on_duty())
    if given is None:
        say_refused(form)
    else:
        say(f"{plural(given, 'room night')} back on sale.")
    return redirect(of(found))


def _show_prices(form: PriceForm, found: Group) -> None:
    """Mark what was agreed for each type: a form sets the price of one."""
    form.shows(found, beside=lambda: _agreed_prices(found), writes=lambda: form.room_type.data)


def _agreed_prices(found: Group) -> dict[str, str]:
    """Return what was agreed for each type, as it stands on the page."""
    agreed = groups.agreed_prices(session(), found.hotel_id, found.id)
    return {str(kind): str(price) for kind, price in agreed.items()}


@bp.post("/groups/<int:group_id>/price")
@allows(Permission.SET_RATE)
def price(group_id: int) -> ResponseReturnValue:
    """Agree on what a night of a type costs."""
    found, form = find(Group, group_id), PriceForm()
    _show_prices(form, found)
    form.room_type.offer(rooms.types(session(), here()), label=lambda kind: kind.name)
    if form.validate_on_submit() and form.room_type.chosen:
        amount: Money | None = form.price.data
        kind = form.room_type.chosen
        attempt(form, groups.set_price, found, kind, amount, by=on_duty())
        if not form.said:
            what = "as its plan says" if amount is None else f"{amount.said} a night"
            say(f"{kind.name}: {what}, for what is booked from now on.")
            return redirect(of(found))
    return _page(found, price=form)
