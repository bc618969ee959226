"""Signed out in the middle of a form: what was typed waits on the sign-in page and comes back.

The token in each page of staff says whose page it is and of which hotel, signed by us. So only that
person sees the text again, in that hotel; a page of elsewhere brings none, and nothing is done with
it before they press again: the view runs once more, but whatever it would write is refused. A form
of the hotel that one worked in before is shown again likewise, and never sent into another.
"""

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from pms.base.refusal import Refusal
from pms.web import auth, menu, security, shown_again
from pms.web.database import session
from pms.web.saying import say
from pms.web.signing_in import SignInForm, door, let_in

MOST = 64 * 1024  # characters that come along
_MOST_FIELDS = 500
_OURS = "duty"  # begins the names of the sign-in's own fields
_PAGE = "duty-page"
_SECRETS = {"csrf_token", "password", "pin"}
_LEAVES = "sign_in.sign_out"

_SIGNED_OUT = "You were signed out, so nothing is done yet. Check this and press again."
_WENT = "You had gone to another hotel. This is of {}, where you are again; nothing is done yet."


class NotSent(Refusal):
    """The sign-in or the stay in a hotel ended before the form was sent; nothing was done."""


class OfAnotherHotel(CSRFError):  # type: ignore[misc]  # Flask-WTF is untyped
    """A page is of another hotel than one works in, and has nothing to keep."""

    description = "This page is of another hotel. Load it again."


def install(app: Flask) -> None:
    """Ask who sends a form before the door does; goes between `security` and `auth`."""
    app.before_request(_check)


def install_after_the_door(app: Flask) -> None:
    """Let what comes back only be looked at."""
    app.before_request(_only_look)
    app.after_request(_keep_text)


def _check() -> ResponseReturnValue | None:
    """Check the token of a form; where its sign-in is over, ask for another one in its place."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return None
    refused: CSRFError | None = None
    try:
        security.csrf.protect(apply_exemptions=True)
    except CSRFError as error:
        refused = error
    owner, hotel_id = _page()
    is_ours, is_here = refused is None, True
    if current_user.is_authenticated:
        is_mine, is_here = owner == auth.on_duty().id, auth.is_here(hotel_id)
        if (is_ours and is_here) or (is_mine and request.endpoint == _LEAVES):
            return None
    if not _can_be_kept():
        return _refuse(refused, hotel_id)
    if not current_user.is_authenticated:
        asked = _sign_in(is_ours)
        if asked is not None:
            return asked
        g.only_looks = NotSent(_SIGNED_OUT)
    if auth.on_duty().id != owner:
        say("What stood in the form was typed by somebody else, so it isn't shown to you.")
        return redirect(menu.home())
    return _look_again(hotel_id)


def _refuse(refused: CSRFError | None, hotel_id: int | None) -> ResponseReturnValue | None:
    """Refuse what can't be kept; a page of another hotel is told so where it asks for a part."""
    is_here = not current_user.is_authenticated or auth.is_here(hotel_id)
    if is_here and refused is not None:
        raise refused
    if is_here:
        return None  # the door asks who it is
    if request.headers.get("HX-Request"):
        return _say_elsewhere(hotel_id)
    raise OfAnotherHotel


def _say_elsewhere(hotel_id: int | None) -> ResponseReturnValue:
    """Say on a page that stays as it is, with what was typed, that it is of another hotel."""
    mine = {each.id: each.name for each in auth.my_hotels()}
    said = render_template(
        "sign_in/elsewhere.html", now_in=auth.here().name, of=mine.get(hotel_id or 0)
    )
    return said, {"HX-Retarget": "#elsewhere", "HX-Reswap": "outerHTML"}


def _look_again(hotel_id: int | None) -> ResponseReturnValue | None:
    """Let the form only be looked at, in its own hotel."""
    why = g.get("only_looks") or NotSent(_SIGNED_OUT)
    if not auth.is_here(hotel_id):
        hotel = next((each for each in auth.my_hotels() if each.id == hotel_id), None)
        if hotel is None:
            say("That form is of a hotel where you don't work any more, so nothing is done.")
            return redirect(menu.home())
        auth.go_to(hotel)
        if "only_looks" not in g:
            why = NotSent(_WENT.format(hotel.name))
    g.csrf_valid, g.only_looks = True, why
    return None


def _sign_in(is_ours: bool) -> ResponseReturnValue | None:
    """Let in who signs in on this page, or return the page that asks for it."""
    asks = not is_ours or f"{_OURS}-email" not in request.form
    form = SignInForm(formdata=None, prefix=_OURS) if asks else SignInForm(prefix=_OURS)
    status, hotel_id = 401, _page()[1]
    if not asks and form.validate():
        worked_in = cookie.get(auth.HOTEL)
        try:
            let_in(form)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            if worked_in is not None:
                cookie[auth.HOTEL] = worked_in
            return None
    typed, has_files = [(_PAGE, _token()), *_typed()], any(request.files.values())
    return door(form, typed=typed, has_files=has_files, hotel_id=hotel_id), status


def _only_look() -> None:
    if g.get("only_looks"):
        session().info["refuses"] = g.only_looks


def _keep_text(answer: Response) -> Response:
    """Show what was typed where the view didn't: it said its refusal on another page, or alone."""
    why: NotSent | None = g.get("only_looks")
    was_refused = why is not None and why.__traceback__ is not None
    if why is None or not was_refused or shown_again.stands_in(answer, _typed()):
        return answer
    cookie.pop("_flashes", None)  # the page says it
    return make_response(shown_again.page(why.sentence, _typed()), why.status)


def _can_be_kept() -> bool:
    """Tell whether this is a form of ours with words in it, and small enough to keep."""
    if request.method != "POST" or request.endpoint is None:
        return False
    is_fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    if is_fetched or request.headers.get("HX-Request") or request.headers.get("X-Tap"):
        return False
    if auth.who_may(request.endpoint) in {auth.EVERYONE, None} or _page()[0] is None:
        return False
    typed = _typed()
    size = sum(len(name) + len(value) for name, value in typed)
    return 0 < len(typed) <= _MOST_FIELDS and size <= MOST


def _page() -> tuple[int | None, int | None]:
    """Return whose page the form stood on, and of which hotel, by the token that we signed."""
    signed = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        return auth.whose_page(str(signed.loads(_token())))
    except BadData:
        return None, None


def _token() -> str:
    if _PAGE in request.form:
        return request.form[_PAGE]
    sent = (value for name, value in request.form.items() if name.endswith("csrf_token"))
    return next(sent, request.headers.get("X-CSRFToken", ""))


def _typed() -> list[tuple[str, str]]:
    """Return what was sent, without what proves who one is."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name.rpartition("-")[2] not in _SECRETS and not name.startswith(f"{_OURS}-")
    ]
