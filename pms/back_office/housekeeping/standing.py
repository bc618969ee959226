"""Standards: minutes and credits by type and work, how the house is kept, what the minibar has."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.housekeeping.desk import bp
from pms.back_office.housekeeping.forms import EffortForm, ItemForm, RulesForm
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.service.housekeeping import MinibarItem, Work, minibar, standards
from pms.hotel.tariff import charges
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.route("/housekeeping/standards", methods=["GET", "POST"])
@allows(Permission.SHARE_ROOMS)
def standards_page() -> ResponseReturnValue:
    """Show and set how the house is kept."""
    form = RulesForm()
    form.shows(here(), lambda shown: shown.begin_as(standards.rules(session(), here())))
    if form.validate_on_submit() and attempt(
        form,
        standards.set_rules,
        here(),
        inspect_own=bool(form.inspect_own.data),
        linen_every=form.linen_every.data or 0,
        shift_minutes=form.shift_minutes.data or 0,
        by=on_duty(),
    ):
        say("The house is kept like that from now on.")
        return redirect(url_for("housekeeping.standards_page"))
    known = standards.read(session(), here())
    page = render_template(
        "housekeeping/standards.html",
        form=form,
        types=rooms.types(session(), here()),
        works=list(Work),
        effort=lambda kind, work: standards.effort(known, kind.id, work),
        items=minibar.items(session(), here(), all_of_them=True),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/housekeeping/standards/<int:type_id>/<work>", methods=["GET", "POST"])
@allows(Permission.SHARE_ROOMS)
def effort(type_id: int, work: str) -> ResponseReturnValue:
    """Set how long a kind of work takes in a type of room, and what it counts."""
    kind, form = find(RoomType, type_id), EffortForm()
    if work not in set(Work):
        return redirect(url_for("housekeeping.standards_page"))
    form.shows(here(), lambda shown: _fill_effort(shown, kind, Work(work)))
    if form.validate_on_submit():
        attempt(
            form,
            standards.set_effort,
            kind,
            Work(work),
            minutes=form.minutes.data or 0,
            credits=form.credits.data or 0,
            by=on_duty(),
        )
        if not form.errors and not form.refusals:
            say(f"{Work(work).words} in a {kind.name} takes {form.minutes.data} minutes.")
            return redirect(url_for("housekeeping.standards_page"))
    page = render_template("housekeeping/effort.html", form=form, kind=kind, work=Work(work))
    return page, 422 if form.is_submitted() else 200


def _fill_effort(form: EffortForm, kind: RoomType, work: Work) -> None:
    form.begin_as(standards.effort(standards.read(session(), here()), kind.id, work))


@bp.route("/housekeeping/minibar", methods=["GET", "POST"])
@allows(Permission.SHARE_ROOMS)
def add_item() -> ResponseReturnValue:
    """Put something on the minibar's list."""
    form = ItemForm()
    codes = charges.active(session(), here(), first=["MINIBAR"])
    form.code.offer(codes, label=lambda code: code.name)
    if form.validate_on_submit() and form.price.data is not None:
        made = attempt(
            form, minibar.add, here(), name=form.name.data or "", price=form.price.data,
            code=form.code.chosen, by=on_duty(),
        )  # fmt: skip
        if made:
            say(f"{made.name} is in the minibar.")
            return redirect(url_for("housekeeping.standards_page"))
    page = render_template("housekeeping/item.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/housekeeping/minibar/<int:item_id>/off")
@allows(Permission.SHARE_ROOMS)
def take_item_off(item_id: int) -> ResponseReturnValue:
    """Take something off the minibar's list."""
    found, form = find(MinibarItem, item_id), Form()
    if attempt(form, minibar.price, found, price=None, by=on_duty()):
        say(f"{found.name} is off the list.")
    say_refused(form)
    return redirect(url_for("housekeeping.standards_page"))
