"""Online payment: which mode a hotel is in, whether its keys are there, and where they go."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pms.base.gateway import Mode, NoGateway
from pms.hotel.house.staff import Permission
from pms.hotel.service import checkout
from pms.hotel.service.checkout import express_cards, intents
from pms.web import checkout as at_gateway
from pms.web import links
from pms.web.attempt import attempt
from pms.web.auth import allows, here, my_hotels, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("online_payment", __name__)

OFF = "off"
MODES = {
    OFF: "Off: no money is taken online",
    Mode.PRACTICE: "Practice: our own practice pages, no keys, no money moves",
    Mode.TEST: "Test: Stripe with test keys, no money moves",
    Mode.LIVE: "Live: Stripe with live keys, real money",
}


class ModeForm(Form):
    """Whose money is moved."""

    mode = RadioField("Mode", choices=[SelectChoice(key, words) for key, words in MODES.items()])


class ExpressForm(Form):
    """Whether kept cards pay for express check-outs."""

    allowed = BooleanField("Charge the card a guest agreed to keep")


@bp.post("/online-payment/express")
@allows(Permission.SET_UP)
def express() -> ResponseReturnValue:
    """Say whether the house charges kept cards of parties that leave by the express way."""
    form = ExpressForm()
    form.shows(here(), _fill_express)
    attempt(form, express_cards.allow, here(), allowed=form.allowed.data, by=on_duty())
    if not form.said:
        pay = "pay" if form.allowed.data else "don't pay"
        say(f"Kept cards {pay} for express check-outs.")
    say_refused(form)
    return redirect(url_for("online_payment.online_payment"))


@bp.route("/online-payment", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def online_payment() -> ResponseReturnValue:
    """Show how online payment stands, and change its mode."""
    form = ModeForm()
    form.shows(here(), _fill)
    express = ExpressForm(formdata=None)
    express.shows(here(), _fill_express)
    if form.validate_on_submit():
        wanted = None if form.mode.data == OFF else Mode(form.mode.data)
        account = intents.account_of(session(), here(), wanted, at_gateway.gateway)
        attempt(form, checkout.set_mode, here(), wanted, account=account, by=on_duty())
        if not form.said:
            say(f"Online payment is {'off' if wanted is None else f'in {wanted} mode'}.")
            return redirect(url_for("online_payment.online_payment"))
    return render_template(
        "online_payment/online_payment.html",
        form=form,
        mode=checkout.mode_of(session(), here()),
        express=express,
        keys=_keys(here().code),
        modes={hotel.name: checkout.mode_of(session(), hotel) for hotel in my_hotels()},
        folder=at_gateway.accounts().folder,
        hook=links.public(url_for("stripe_news.hear", code=here().code)),
    ), (422 if form.said else 200)


def _fill(form: ModeForm) -> None:
    form.mode.data = checkout.mode_of(session(), here()) or OFF


def _fill_express(form: ExpressForm) -> None:
    form.allowed.data = express_cards.is_allowed(session(), here())


def _keys(code: str) -> str:
    """Say of a hotel's keys what may be said: their mode, and whether events can be checked."""
    try:
        kept = at_gateway.accounts().kept(code)
    except NoGateway as no:
        return no.sentence
    if kept is None:
        return "No keys are here."
    hooks = "with" if kept.webhook_secrets else "without"
    return f"There are {kept.mode} keys, {hooks} a webhook secret."
