"""Set up: doors to what is set once and seldom changed, each with a sentence of what it is for."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pms.hotel.house.staff import Permission
from pms.web import menu
from pms.web.auth import allows

bp = Blueprint("set_up", __name__)


@bp.get("/set-up")
@allows(Permission.SET_UP)
def set_up() -> ResponseReturnValue:
    """Show what can be set by the person on duty."""
    return render_template("set_up/set_up.html", sections=list(menu.settings()))
