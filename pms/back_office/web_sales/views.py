"""The page on the web: open or closed, its colour and greeting, and what everybody may book."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from pms.base import colours
from pms.base.numbers import whole
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import rooms, web_sales
from pms.hotel.rooms.web_sales import LONGEST_GREETING, LONGEST_WORDS, Shop
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say

bp = Blueprint("web_sales", __name__)


class ShopForm(Form):
    """What stands on the hotel's page; the words about plans and types are read beside it."""

    is_open = BooleanField("Guests can book on the web")
    colour = StringField("The hotel's colour", [Length(max=7)])
    greeting = TextAreaField("Greeting", [Length(max=LONGEST_GREETING)])
    plans = StringField("Plans")
    types = StringField("Room types")

    @property
    def shop(self) -> Shop:
        """The page as it was filled in."""
        return Shop(
            is_open=bool(self.is_open.data),
            colour=self.colour.data or "",
            greeting=self.greeting.data or "",
            plans=_ticked("plan"),
            types=_ticked("type"),
        )


def _ticked(what: str) -> dict[int, str]:
    """Return what was ticked of plans or types, each with the words about it."""
    ids = [number for text in request.form.getlist(what) if (number := whole(text)) is not None]
    return {each: request.form.get(f"{what}-{each}", "") for each in ids}


@bp.route("/web-sales", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def shop() -> ResponseReturnValue:
    """Say what is sold on the web."""
    standing = web_sales.of(session(), here())
    form = ShopForm()
    if not form.is_submitted():
        form.is_open.data, form.colour.data = standing.is_open, standing.colour
        form.greeting.data = standing.greeting
    elif form.validate():
        standing = form.shop
        if attempt(form, web_sales.write, here(), standing, by=on_duty()):
            say(f"The page on the web is {'open' if form.is_open.data else 'closed'}.")
            return redirect(url_for("web_sales.shop"))
    return render_template(
        "web_sales/shop.html",
        form=form,
        shop=standing,
        plans=web_sales.offerable(session(), here()),
        types=rooms.types(session(), here()),
        longest=LONGEST_WORDS,
        readable=colours.shades(web_sales.colour(session(), here())).filled,
    ), (422 if form.said else 200)
