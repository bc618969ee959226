"""My rooms: the sheet on a phone, its taps, and what lets it be installed and work offline."""

import secrets
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from pms.back_office.my_rooms import sheet, tapping
from pms.hotel.house.staff import Permission
from pms.hotel.service.housekeeping import minibar
from pms.web.attempt import attempt
from pms.web.auth import allows, here, may, on_duty, open_to_everyone
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("my_rooms", __name__)


@bp.get("/my-rooms")
@allows(Permission.CLEAN_ROOMS)
def my_rooms() -> ResponseReturnValue:
    """Show an attendant's rooms of today, the one they are in first."""
    return render_template(
        "my_rooms/my_rooms.html",
        mine=sheet.mine(all_free="free" in request.args),
        items=minibar.items(session(), here()) if may(Permission.POST_MINIBAR) else [],
        person=on_duty(),
        new_key=lambda: secrets.token_hex(16),
    )


@bp.post("/my-rooms/tap")
@allows(Permission.CLEAN_ROOMS)
def tap() -> ResponseReturnValue:
    """Do what was tapped, once; tell the phone whether it was kept, and why not."""
    form, deed = Form(), tapping.asked()
    form.version.data = ""  # the verb itself says who was quicker, in words
    kept = attempt(form, deed.verb, deed.thing, **deed.details)
    if request.headers.get("X-Tap"):
        said = {"kept": kept is not None, "sentence": deed.said if kept is not None else form.said}
        return jsonify(said), 200 if kept is not None else 409
    if kept is not None:
        say(deed.said)
    say_refused(form)
    return redirect(url_for("my_rooms.my_rooms"))


@bp.get("/my-rooms.webmanifest")
@open_to_everyone
def manifest() -> ResponseReturnValue:
    """Say how the page is installed; a browser asks for it without its cookie."""
    mark = url_for("static", filename="mark.svg")
    answer = jsonify(
        {
            "name": "My rooms",
            "short_name": "My rooms",
            "id": "/my-rooms",
            "start_url": url_for("my_rooms.my_rooms"),
            "scope": url_for("my_rooms.my_rooms"),
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#f6f6f9",
            "theme_color": "#4350c8",
            "icons": [{"src": mark, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        }
    )
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get("/my-rooms-worker.js")
@open_to_everyone
def worker() -> ResponseReturnValue:
    """Hand out the service worker from the root, so that its scope may be the page's address."""
    file = Path(str(current_app.static_folder)) / "js" / "my_rooms_worker.js"
    answer = Response(file.read_text(encoding="utf-8"), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = url_for("my_rooms.my_rooms")
    return answer
