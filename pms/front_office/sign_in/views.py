"""The door: in, out, which hotel, and how it looks."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.front_office.sign_in.forms import TellForm
from pms.hotel.house import signins
from pms.hotel.service import requests
from pms.web import auth, look, menu
from pms.web.attempt import attempt
from pms.web.auth import on_duty, open_to_everyone, open_to_staff, this_sign_in
from pms.web.database import session
from pms.web.forms import Form
from pms.web.signing_in import SignInForm, door, let_in

bp = Blueprint("sign_in", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_everyone
def sign_in() -> ResponseReturnValue:
    """Let a person in who knows their password."""
    if current_user.is_authenticated:
        return redirect(_wanted())
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            let_in(form)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect(_wanted())
    return door(form), status


@bp.post("/sign-out")
@open_to_staff
def sign_out() -> ResponseReturnValue:
    """End this sign-in, here and on every server."""
    with transaction(session()):
        signins.close(session(), this_sign_in().token_digest, person=on_duty())
    auth.end_duty()
    return redirect(url_for("sign_in.sign_in"))


@bp.route("/sign-ins", methods=["GET", "POST"])
@open_to_staff
def sign_ins() -> ResponseReturnValue:
    """Show where one is signed in, and say where one wants to be told by mail."""
    form = TellForm()
    form.shows(on_duty(), lambda shown: shown.to.process(None, on_duty().escalations_to))
    if form.validate_on_submit():
        attempt(form, requests.agree, on_duty(), to=form.to.data, hotel=auth.here())
        if not form.said:
            flash("You are told by mail." if form.to.data else "You get no mail any more.")
            return redirect(url_for("sign_in.sign_ins"))
    page = render_template(
        "sign_in/sign_ins.html",
        form=form,
        sign_ins=signins.living(session(), on_duty()),
        this=this_sign_in().token_digest,
        house_mails=auth.here().mails_escalations,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/sign-ins/end")
@open_to_staff
def end_sign_ins() -> ResponseReturnValue:
    """End one of one's sign-ins, or all but this one."""
    form = Form()
    which = request.form.get("which", "")
    if which == "others":
        attempt(form, signins.close_all, on_duty(), but=this_sign_in().token_digest)
        said = "Every other sign-in is ended."
    else:
        attempt(form, signins.close, which, person=on_duty())
        said = "That sign-in is ended."
    flash(form.said, "refusal") if form.said else flash(said)
    return redirect(url_for("sign_in.sign_ins"))


@bp.post("/hotel")
@open_to_staff
def go_to_hotel() -> ResponseReturnValue:
    """Work in another of one's hotels."""
    wanted = request.form.get("hotel", type=int)
    hotel = next((one for one in auth.my_hotels() if one.id == wanted), None)
    if hotel is None:
        abort(404)
    auth.go_to(hotel)
    return redirect("/")


@bp.post("/look")
@open_to_staff
def choose_look() -> ResponseReturnValue:
    """Choose the theme, or how close the rows stand."""
    answer = redirect(_wanted())
    look.keep(
        answer,
        theme=request.form.get("theme", look.theme()),
        density=request.form.get("density", look.density()),
    )
    return answer


def _wanted() -> str:
    """Return the page that was asked for before, if it is one of ours."""
    wanted = request.values.get("to", "").rstrip("?")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\n" not in wanted
    return wanted if is_ours and wanted != "/" else menu.home()
