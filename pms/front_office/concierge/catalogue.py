"""The catalogue: what can be booked, its times and places, and the pages that set it up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.base.money import Money
from pms.front_office.concierge.desk import bp, day_asked
from pms.front_office.concierge.forms import ActivityForm, PlacesForm, TimesForm
from pms.hotel.house.staff import Permission
from pms.hotel.service.concierge import (
    Activity,
    ActivityKind,
    ActivityTime,
    catalogue,
    vendors,
)
from pms.hotel.service.concierge.catalogue import Details
from pms.hotel.tariff import charges
from pms.web.asked import party_asked, word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.saying import say

SHOWN_DAYS = 7
TIMES_SHOWN = 4
MONTH = timedelta(days=31)


@bp.get("/concierge/catalogue")
@allows(Permission.CONCIERGE)
def activities() -> ResponseReturnValue:
    """Show what can be booked, by kind, each with its next times and what is left."""
    asked = word_asked("kind", set(ActivityKind), "")
    kind = ActivityKind(asked) if asked else None
    found = catalogue.offered(session(), here(), kind=kind, all_=may(Permission.SET_UP))
    return render_template(
        "concierge/catalogue.html",
        groups=_by_kind(found),
        kinds=list(ActivityKind),
        asked=asked,
        next_times=_next_times([each.id for each in found]),
        party=party_asked(),
        may_set_up=may(Permission.SET_UP),
    )


def _by_kind(found: Sequence[Activity]) -> list[tuple[ActivityKind, list[Activity]]]:
    groups = ((kind, [each for each in found if each.kind is kind]) for kind in ActivityKind)
    return [(kind, some) for kind, some in groups if some]


def _next_times(ids: list[int]) -> dict[int, list[ActivityTime]]:
    """Return the next times of each activity that still have places: one question for all."""
    now = clock.now()
    ranked = (
        sa.select(
            ActivityTime.id,
            sa.func.row_number()
            .over(partition_by=ActivityTime.activity_id, order_by=ActivityTime.starts_at)
            .label("place"),
        )
        .where(
            ActivityTime.hotel_id == here().id,
            ActivityTime.activity_id.in_(ids),
            ActivityTime.starts_at > now,
            ActivityTime.starts_at < now + MONTH,
            ActivityTime.taken < ActivityTime.capacity,
            sa.not_(ActivityTime.closed),
        )
        .subquery()
    )
    rows = session().scalars(
        sa.select(ActivityTime)
        .join(ranked, ranked.c.id == ActivityTime.id)
        .where(ActivityTime.hotel_id == here().id, ranked.c.place <= TIMES_SHOWN)
        .order_by(ActivityTime.starts_at)
    )
    found: dict[int, list[ActivityTime]] = {}
    for each in rows:
        found.setdefault(each.activity_id, []).append(each)
    return found


# --- one activity ---------------------------------------------------------------------------------


@bp.route("/concierge/activities/<int:activity_id>", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def activity(activity_id: int) -> ResponseReturnValue:
    """Show an activity's times of a week, to book one, and open further ones."""
    found, form = find(Activity, activity_id), TimesForm()
    day = _first_shown(found)
    if not form.is_submitted():
        form.first.data, form.last.data = day, day + timedelta(days=13)
        form.capacity.data = found.capacity
    if form.validate_on_submit() and form.first.data and form.last.data:
        opened = attempt(
            form,
            catalogue.open_times,
            found,
            first=form.first.data,
            last=form.last.data,
            hours=form.hours.times,
            weekdays={int(each) for each in form.weekdays.data or []},
            capacity=form.capacity.data,
            by=on_duty(),
        )
        if opened is not None:
            say(f"{plural(opened, 'time')} of {found.name} can be booked.")
            day_shown = form.first.data.isoformat()
            return redirect(url_for("concierge.activity", activity_id=activity_id, day=day_shown))
    page = render_template(
        "concierge/activity.html",
        activity=found,
        form=form,
        day=day,
        before=day - timedelta(days=SHOWN_DAYS),
        after=day + timedelta(days=SHOWN_DAYS),
        days=_days(found, day),
        now_=clock.now(),
        party=party_asked(),
        may_set_up=may(Permission.SET_UP),
    )
    return page, 422 if form.is_submitted() else 200


def _first_shown(found: Activity) -> date:
    """Return the day asked for, or that of the next time there is."""
    soonest = session().scalar(
        sa.select(sa.func.min(ActivityTime.starts_at)).where(
            ActivityTime.hotel_id == found.hotel_id,
            ActivityTime.activity_id == found.id,
            ActivityTime.starts_at > clock.now(),
        )
    )
    return day_asked(dates.local(soonest or clock.now(), here().time_zone).date())


def _days(found: Activity, first: date) -> list[tuple[date, list[ActivityTime]]]:
    zone = here().time_zone
    begins, ends = (
        dates.instant(datetime.combine(each, time()), zone)
        for each in (first, first + timedelta(days=SHOWN_DAYS))
    )
    rows = catalogue.times(session(), here(), first=begins, until=ends, activity_ids=[found.id])
    by_day = groupby(rows, key=lambda each: dates.local(each.starts_at, zone).date())
    return [(day, list(some)) for day, some in by_day]


@bp.route("/concierge/times/<int:time_id>", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def places(time_id: int) -> ResponseReturnValue:
    """Say how many places a time has, or close it."""
    found, form = find(ActivityTime, time_id), PlacesForm()
    form.shows_columns(found)
    if form.validate_on_submit() and attempt(
        form,
        catalogue.set_places,
        found,
        capacity=form.capacity.data or 0,
        closed=form.closed.data,
        by=on_duty(),
    ):
        say(f"{found.activity.name} has {plural(found.capacity, 'place')} at that time.")
        day = dates.local(found.starts_at, here().time_zone).date().isoformat()
        return redirect(url_for("concierge.activity", activity_id=found.activity_id, day=day))
    status = 422 if form.is_submitted() else 200
    return render_template("concierge/places.html", time=found, form=form), status


# --- set up ---------------------------------------------------------------------------------------


@bp.route("/concierge/activities/new", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def new_activity() -> ResponseReturnValue:
    """Put an activity into the catalogue."""
    form = _form()
    if form.validate_on_submit():
        made = attempt(form, catalogue.add, form.vendor.chosen, _details(form), by=on_duty())
        if made:
            say(f"{made.name} is in the catalogue. Open its times.")
            return redirect(url_for("concierge.activity", activity_id=made.id))
    status = 422 if form.is_submitted() else 200
    return render_template("concierge/activity_form.html", form=form, activity=None), status


@bp.route("/concierge/activities/<int:activity_id>/change", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def change_activity(activity_id: int) -> ResponseReturnValue:
    """Change an activity from now on."""
    found, form = find(Activity, activity_id), _form()
    form.shows(found, lambda shown: _fill(shown, found))
    form.vendor.data = str(found.vendor_id)
    if form.validate_on_submit() and attempt(
        form, catalogue.change, found, _details(form), by=on_duty()
    ):
        say(f"{found.name} is changed.")
        return redirect(url_for("concierge.activity", activity_id=activity_id))
    status = 422 if form.is_submitted() else 200
    return render_template("concierge/activity_form.html", form=form, activity=found), status


def _form() -> ActivityForm:
    form = ActivityForm()
    form.prepare()
    form.vendor.offer(vendors.of_hotel(session(), here()), label=lambda each: each.name)
    codes = charges.active(session(), here())
    form.charge_code.offer(codes, label=lambda each: each.name, none="Not charged here")
    return form


def _fill(form: ActivityForm, found: Activity) -> None:
    for name in ("name", "words", "meets", "minutes", "capacity", "active"):
        form[name].data = getattr(found, name)
    form.kind.begin_with(found.kind)
    form.counts.begin_with(found.counts)
    form.price.data = None if found.price is None else Money(found.price, here().currency)
    if found.charge_code is not None:
        form.charge_code.begin_with(found.charge_code)


def _details(form: ActivityForm) -> Details:
    return Details(
        kind=form.kind.chosen,
        name=form.name.data or "",
        words=form.words.data or "",
        meets=form.meets.data,
        minutes=form.minutes.data,
        counts=form.counts.chosen,
        capacity=form.capacity.data or 0,
        price=form.price.data,
        charge_code=form.charge_code.chosen,
        active=form.active.data,
    )
