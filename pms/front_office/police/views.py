"""Police register: who must be reported, what is missing, and the files that were exported."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from pms.hotel.house.staff import Permission
from pms.hotel.stays import police
from pms.hotel.stays.police import LONGEST, PoliceFile, Stand, Unit
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("police", __name__)

SAYS = {
    Stand.INCOMPLETE: ("warn", "alert-triangle", "Incomplete"),
    Stand.DUE: ("info", "clock", "Due"),
    Stand.EXPORTED: ("ok", "check", "Exported"),
    Stand.CORRECTED: ("warn", "refresh", "Corrected since"),
}


class UnitForm(Form):
    """How the authority knows the hotel."""

    code = StringField("Code of the unit", [Length(max=LONGEST["code"])])
    establishment = StringField("Establishment", [Length(max=LONGEST["establishment"])])
    short_name = StringField("Short name", [Length(max=LONGEST["short_name"])])
    street = StringField("Street", [Length(max=LONGEST["street"])])
    town = StringField("Town", [Length(max=LONGEST["town"])])
    postcode = StringField("Postcode", [Length(max=LONGEST["postcode"])])
    zone = StringField("Postal zone", [Length(max=LONGEST["zone"])])
    phone = StringField("Telephone", [Length(max=LONGEST["phone"])])
    contact = StringField("Contact", [Length(max=LONGEST["contact"])])
    email = StringField("E-mail of the contact", [Length(max=LONGEST["email"])])

    @property
    def unit(self) -> Unit:
        """The unit as it was typed."""
        names = Unit.__dataclass_fields__
        return Unit(**{name: (self[name].data or "").strip() for name in names})


@bp.get("/police")
@allows(Permission.SEE_IDENTITY)
def police_register() -> ResponseReturnValue:
    """Show who must be reported, and where each report is."""
    entries = police.register(session(), here())
    return render_template(
        "police/police_register.html",
        entries=entries,
        ready=[each for each in entries if each.stand in {Stand.DUE, Stand.CORRECTED}],
        says=SAYS,
        files=police.files(session(), here()),
        is_set_up=police.unit_of(session(), here()) is not None,
        may_set_up=may(Permission.SET_UP),
    )


@bp.post("/police/export")
@allows(Permission.SEE_IDENTITY)
def export() -> ResponseReturnValue:
    """Put everybody who is due into one file."""
    form = Form()
    file = attempt(form, police.export, here(), by=on_duty())
    if file is not None:
        say(f"File {file.number} has {plural(file.guests, 'guest')}. Open it, then send it.")
    say_refused(form)
    return redirect(url_for("police.police_register"))


@bp.get("/police/files/<int:file_id>.xml")
@allows(Permission.SEE_IDENTITY)
def police_file(file_id: int) -> ResponseReturnValue:
    """Hand out an exported file, to the byte."""
    file = find(PoliceFile, file_id)
    name = f"{here().code}-siba-{file.number:05}.xml"
    return handed_out(police.content_of(session(), file), name, "application/xml", saved=True)


@bp.route("/police/unit", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def unit() -> ResponseReturnValue:
    """Write down how the authority knows the hotel."""
    form = UnitForm()
    form.shows(here(), _fill)
    if form.validate_on_submit() and attempt(form, police.set_up, here(), form.unit, by=on_duty()):
        say("The authority's code is written down.")
        return redirect(url_for("police.police_register"))
    return render_template("police/unit.html", form=form), (422 if form.said else 200)


def _fill(form: UnitForm) -> None:
    form.begin_as(police.unit_of(session(), here()) or Unit(code=""))
