"""The page on the web: open or closed, its colour and greeting, and what everybody may book."""

from typing import Any, ClassVar

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from pms.base import colours
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import rooms, web_sales
from pms.hotel.rooms.web_sales import LONGEST_GREETING, LONGEST_WORDS, Shop
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say

bp = Blueprint("web_sales", __name__)

PLAN, TYPE = "plan", "type"


class ShopForm(Form):
    """What stands on the hotel's page; `for_house` adds a box and words for each plan and type."""

    is_open = BooleanField("Guests can book on the web")
    colour = StringField("The hotel's colour", [Length(max=7)])
    greeting = TextAreaField("Greeting", [Length(max=LONGEST_GREETING)])
    plans = StringField("Plans")  # where what is refused of all of them stands
    types = StringField("Room types")
    known: ClassVar[dict[str, list[int]]] = {}

    def sold(self, what: str) -> list[tuple[Any, Any]]:
        """Return the box and the words of each plan or type."""
        return [(self[_box(what, each)], self[_about(what, each)]) for each in self.known[what]]

    def show(self, shop: Shop) -> None:
        """Fill in what stands."""
        self.is_open.data, self.colour.data = shop.is_open, shop.colour
        self.greeting.data = shop.greeting
        for what, public in ((PLAN, shop.plans), (TYPE, shop.types)):
            for each in self.known[what]:
                self[_box(what, each)].data = each in public
                self[_about(what, each)].data = public.get(each, "")

    @property
    def shop(self) -> Shop:
        """The page as it was filled in."""
        return Shop(
            is_open=bool(self.is_open.data),
            colour=self.colour.data or "",
            greeting=self.greeting.data or "",
            plans=self._ticked(PLAN),
            types=self._ticked(TYPE),
        )

    def _ticked(self, what: str) -> dict[int, str]:
        """Return what was ticked of plans or types, each with the words about it."""
        known = zip(self.known[what], self.sold(what), strict=True)
        return {each: about.data or "" for each, (box, about) in known if box.data}


def for_house() -> ShopForm:
    """Return a form with each plan and type that may be public."""
    known: dict[str, list[int]] = {PLAN: [], TYPE: []}
    fields: dict[str, Any] = {"known": known}
    things: list[tuple[str, Any]] = [
        *((PLAN, each) for each in web_sales.offerable(session(), here())),
        *((TYPE, each) for each in rooms.types(session(), here())),
    ]
    for what, each in things:
        known[what].append(each.id)
        fields[_box(what, each.id)] = BooleanField(f"{each.name} ({each.code})")
        fields[_about(what, each.id)] = TextAreaField(
            f"Words about {each.name}", [Length(max=LONGEST_WORDS)]
        )
    form: ShopForm = type("ShopOfHouseForm", (ShopForm,), fields)()
    return form


def _box(what: str, of: int) -> str:
    return f"{what}_{of}"


def _about(what: str, of: int) -> str:
    return f"{what}_{of}_about"


@bp.route("/web-sales", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def shop() -> ResponseReturnValue:
    """Say what is sold on the web."""
    form = for_house()
    form.shows(here(), lambda shown: shown.show(web_sales.of(session(), here())))
    if form.validate_on_submit() and attempt(
        form, web_sales.write, here(), form.shop, by=on_duty()
    ):
        say(f"The page on the web is {'open' if form.is_open.data else 'closed'}.")
        return redirect(url_for("web_sales.shop"))
    return render_template(
        "web_sales/shop.html",
        form=form,
        plans=form.sold(PLAN),
        types=form.sold(TYPE),
        readable=colours.shades(web_sales.colour(session(), here())).filled,
    ), (422 if form.said else 200)
