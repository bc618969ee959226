"""Traces of a day by department; and of a party, with the alerts that pop up for it."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from pms.base import dates
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission
from pms.hotel.stays import alerts, traces
from pms.hotel.stays.alerts import Alert, Area
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.traces import Trace
from pms.web.asked import word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import DateField, Form
from pms.web.saying import say, say_outcome

bp = Blueprint("traces", __name__)


class TraceForm(Form):
    """What a department must do, and when."""

    department = SelectField(
        "Department", choices=[SelectChoice(each.value, each.words) for each in Department]
    )
    due_on = DateField("Day")
    words = TextAreaField("What", [Length(max=traces.LONGEST)])


class AlertForm(Form):
    """What must be seen, and where."""

    words = TextAreaField("What must be seen", [Length(max=alerts.LONGEST)])
    areas = SelectMultipleField(
        "Where it pops up",
        choices=[SelectChoice(each.value, each.words) for each in Area],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        default=[each.value for each in Area],
    )
    on = RadioField(
        "For",
        choices=[SelectChoice("stay", "This stay"), SelectChoice("guest", "Every stay here")],
        default="stay",
    )


@bp.route("/traces", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def day() -> ResponseReturnValue:
    """Show what is to do on a day, and let another be written down."""
    on = _day_asked()
    wanted = word_asked("department", set(Department), "")
    form = TraceForm()
    if not form.is_submitted():
        form.due_on.data = max(on, here().business_date)
        form.department.data = wanted or Department.FRONT_OFFICE.value
    if form.validate_on_submit() and _added(form, None):
        say("Written down.")
        return redirect(url_for("traces.day", day=form.due_on.data))
    found = traces.of_day(session(), here(), on, department=Department(wanted) if wanted else None)
    return render_template(
        "traces/day.html",
        form=form,
        traces=found,
        on=on,
        today=here().business_date,
        wanted=wanted,
        departments=list(Department),
        to_do=sum(each.done_at is None for each in found),
    )


def _day_asked() -> date:
    return dates.read(request.args.get("day")) or here().business_date


def _added(form: TraceForm, reservation: Reservation | None) -> Trace | None:
    if form.due_on.data is None:
        return None
    return attempt(
        form,
        traces.add,
        here(),
        department=Department(form.department.data),
        due_on=form.due_on.data,
        words=form.words.data or "",
        reservation=reservation,
        by=on_duty(),
    )


@bp.post("/traces/<int:trace_id>/finish")
@allows(Permission.REQUEST)
def finish(trace_id: int) -> ResponseReturnValue:
    """Note that it is done."""
    trace, form = find(Trace, trace_id), Form()
    attempt(form, traces.finish, trace, by=on_duty())
    say_outcome(form, "Done.", undo=url_for("traces.reopen", trace_id=trace_id))
    return redirect(_back(trace))


@bp.post("/traces/<int:trace_id>/reopen")
@allows(Permission.REQUEST)
def reopen(trace_id: int) -> ResponseReturnValue:
    """Take back that it is done."""
    trace, form = find(Trace, trace_id), Form()
    attempt(form, traces.reopen, trace, by=on_duty())
    say_outcome(form, "It is to do again.")
    return redirect(_back(trace))


def _back(trace: Trace) -> str:
    if request.form.get("to") == "party" and trace.reservation_id:
        return url_for("traces.party", reservation_id=trace.reservation_id)
    return url_for("traces.day", day=max(trace.due_on, here().business_date))


# --- of a party -----------------------------------------------------------------------------------


@bp.get("/reservations/<int:reservation_id>/traces")
@allows(Permission.LOOK)
def party(reservation_id: int) -> ResponseReturnValue:
    """Show a party's traces, and the alerts that pop up for it."""
    return _page(find(Reservation, reservation_id))


def _page(
    reservation: Reservation, *, trace: TraceForm | None = None, alert: AlertForm | None = None
) -> ResponseReturnValue:
    if trace is None:
        trace = TraceForm(formdata=None)
        trace.due_on.data = max(reservation.arrival, here().business_date)
        trace.department.data = Department.FRONT_OFFICE.value
    return render_template(
        "traces/party.html",
        reservation=reservation,
        traces=traces.of(session(), reservation),
        alerts=alerts.standing(session(), reservation),
        trace=trace,
        alert=alert or AlertForm(formdata=None),
        may_trace=may(Permission.REQUEST),
        may_alert=may(Permission.RESERVE),
    )


@bp.post("/reservations/<int:reservation_id>/traces")
@allows(Permission.REQUEST)
def add(reservation_id: int) -> ResponseReturnValue:
    """Trace something for a party."""
    reservation, form = find(Reservation, reservation_id), TraceForm()
    if form.validate_on_submit() and _added(form, reservation):
        say("Written down.")
        return redirect(url_for("traces.party", reservation_id=reservation_id))
    return _page(reservation, trace=form)


@bp.post("/reservations/<int:reservation_id>/alerts")
@allows(Permission.RESERVE)
def alert(reservation_id: int) -> ResponseReturnValue:
    """Let an alert pop up for a stay, or for its guest."""
    reservation, form = find(Reservation, reservation_id), AlertForm()
    if form.validate_on_submit():
        on = reservation.guest if form.on.data == "guest" else reservation
        areas = [Area(each) for each in form.areas.data or ()]
        made = attempt(
            form, alerts.put, here(), on, words=form.words.data or "", areas=areas, by=on_duty()
        )
        if made:
            say("It pops up from now on.")
            return redirect(url_for("traces.party", reservation_id=reservation_id))
    return _page(reservation, alert=form)


@bp.post("/reservations/<int:reservation_id>/alerts/<int:alert_id>/lift")
@allows(Permission.RESERVE)
def lift(reservation_id: int, alert_id: int) -> ResponseReturnValue:
    """Let an alert pop up no more."""
    found, form = find(Alert, alert_id), Form()
    attempt(form, alerts.lift, found, by=on_duty())
    say_outcome(form, "Lifted: it pops up no more.")
    return redirect(url_for("traces.party", reservation_id=reservation_id))
