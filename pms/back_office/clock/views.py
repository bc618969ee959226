"""The shared tablet: paired once, then a number and a PIN, and one press."""

from http import HTTPStatus

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from pms.back_office.clock import shifts, standing
from pms.back_office.clock.desk import bp
from pms.back_office.clock.forms import PairForm, PinForm, PressForm
from pms.back_office.clock.punching import punch_asked
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.house import signins
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission
from pms.hotel.people.employees import Employee
from pms.hotel.people.timeclock import ClockDevice, Source, devices, pins
from pms.hotel.people.timeclock.punching import Press
from pms.web import auth
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty, open_to_everyone, this_sign_in
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

__all__ = ["bp", "shifts"]

COOKIE = "clock"
_FOR_AGES = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
PASS_SECONDS = 60


@bp.route("/clock", methods=["GET", "POST"])
@open_to_everyone
def tablet() -> ResponseReturnValue:
    """Ask a paired tablet's guest for their number and PIN, and show what they may press."""
    device = _device()
    if device is None:
        return render_template("clock/unpaired.html"), HTTPStatus.FORBIDDEN
    hotel, form = _hotel(device), PinForm()
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            who = _known(device, form)
        except Refusal as refusal:
            form.refuse(refusal)
            form.pin.data = ""
            status = HTTPStatus(refusal.status)
        else:
            return render_template(
                "clock/press.html",
                hotel=hotel,
                employee=who,
                stands=standing.of(who, hotel),
                form=PressForm(),
                pass_=_passes().dumps([device.id, who.id]),
            )
    return render_template("clock/tablet.html", hotel=hotel, device=device, form=form), status


@bp.post("/clock/press")
@open_to_everyone
def press() -> ResponseReturnValue:
    """Take one press at the tablet from who has just given their PIN."""
    device = _device()
    who = _holder(device) if device else None
    if device is None or who is None:
        flash("That took longer than a minute. Type your number and PIN again.", "refusal")
        return redirect(url_for("clock.tablet"))
    hotel, form = _hotel(device), Form()
    made = punch_asked(form, hotel, who, Press(Source.TABLET, device_id=device.id))
    if made:
        say(f"{who.name}: {made.kind.words.lower()}, {standing.at(hotel, made.at)}.")
    say_refused(form)
    return redirect(url_for("clock.tablet"))


@bp.route("/clock/pair", methods=["GET", "POST"])
@allows(Permission.MANAGE_PEOPLE)
def pair() -> ResponseReturnValue:
    """Make this tablet the hotel's clock; the manager's own sign-in ends on it."""
    form = PairForm()
    if form.validate_on_submit():
        made = attempt(form, devices.pair, here(), name=form.name.data or "", by=on_duty())
        if made:
            with transaction(session()):
                signins.close(session(), this_sign_in().token_digest, person=on_duty())
            auth.end_duty()
            answer = redirect(url_for("clock.tablet"))
            answer.set_cookie(
                COOKIE,
                made[1],
                max_age=_FOR_AGES,
                httponly=True,
                samesite="Strict",
                secure=current_app.config["SESSION_COOKIE_SECURE"],
            )
            return answer
    page = render_template(
        "clock/pair.html", form=form, devices=devices.of_hotel(session(), here())
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/clock/devices/<int:device_id>/unpair")
@allows(Permission.MANAGE_PEOPLE)
def unpair(device_id: int) -> ResponseReturnValue:
    """Let a tablet take no punches any more."""
    found, form = find(ClockDevice, device_id), Form()
    attempt(form, devices.unpair, found, by=on_duty())
    if not form.said:
        say(f"{found.name} takes no punches any more.")
    say_refused(form)
    return redirect(url_for("clock.pair"))


def _device() -> ClockDevice | None:
    token = request.cookies.get(COOKIE, "")
    return devices.find(session(), token) if token else None


def _hotel(device: ClockDevice) -> Hotel:
    """Return the tablet's hotel, and let the page speak by its clock."""
    hotel = session().get_one(Hotel, device.hotel_id)
    g.time_zone = hotel.time_zone
    return hotel


def _known(device: ClockDevice, form: PinForm) -> Employee:
    """Return whose number and PIN that is; the try is counted before it is looked at."""
    number, pin = form.number.data or "", form.pin.data or ""
    with transaction(session()):
        tried = pins.begin_try(session(), device, number=number).id
    who = pins.check(session(), device, number=number, pin=pin)
    with transaction(session()):
        pins.forget_try(session(), device, tried)
    return who


def _passes() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="clock")


def _holder(device: ClockDevice) -> Employee | None:
    """Return who gave their PIN at this very tablet within the minute."""
    try:
        device_id, employee_id = _passes().loads(request.form.get("pass", ""), max_age=PASS_SECONDS)
    except (BadSignature, ValueError):
        return None
    if device_id != device.id:
        return None
    return session().get(Employee, (device.hotel_id, employee_id))
