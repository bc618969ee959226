"""Signed out in the middle of a form: what was typed waits on the sign-in page and comes back.

The token in each page of staff says whose page it is, signed by us. So only that person sees the
text again, a page of elsewhere brings none, and nothing is done with it before they press again:
the view runs once more, but whatever it would write is refused.
"""

from flask import Flask, current_app, g, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from pms.base.refusal import Refusal
from pms.web import auth, menu, security
from pms.web.database import session
from pms.web.saying import say
from pms.web.signing_in import SignInForm, door, let_in

MOST = 64 * 1024  # characters that come along
_MOST_FIELDS = 500
_OURS = "duty"  # begins the names of the sign-in's own fields
_PAGE = "duty-page"
_SECRETS = {"csrf_token", "password", "pin"}


class SignedOut(Refusal):
    """The sign-in ended before the form was sent; it is shown again and nothing was done."""

    def __init__(self) -> None:
        super().__init__("You were signed out, so nothing is done yet. Check this and press again.")


def install(app: Flask) -> None:
    """Ask who sends a form before the door does; goes between `security` and `auth`."""
    app.before_request(_check)


def install_after_the_door(app: Flask) -> None:
    """Let what comes back only be looked at."""
    app.before_request(_only_look)


def _check() -> ResponseReturnValue | None:
    """Check the token of a form; where its sign-in is over, ask for another one in its place."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return None
    try:
        security.csrf.protect(apply_exemptions=True)
        is_ours = True
    except CSRFError:
        if not _can_be_kept():
            raise
        is_ours = False
    if not _can_be_kept() or (is_ours and current_user.is_authenticated):
        return None
    if not current_user.is_authenticated:
        asked = _sign_in(is_ours)
        if asked is not None:
            return asked
    if auth.on_duty().id != _owner():
        say("What stood in the form was typed by somebody else, so it isn't shown to you.")
        return redirect(menu.home())
    g.csrf_valid = g.only_looks = True
    return None


def _sign_in(is_ours: bool) -> ResponseReturnValue | None:
    """Let in who signs in on this page, or return the page that asks for it."""
    asks = not is_ours or f"{_OURS}-email" not in request.form
    form = SignInForm(formdata=None, prefix=_OURS) if asks else SignInForm(prefix=_OURS)
    status = 401
    if not asks and form.validate():
        hotel_id = cookie.get(auth.HOTEL)
        try:
            let_in(form)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            if hotel_id is not None:
                cookie[auth.HOTEL] = hotel_id
            return None
    typed = [(_PAGE, _token()), *_typed()]
    return door(form, typed=typed, has_files=any(request.files.values())), status


def _only_look() -> None:
    if g.get("only_looks"):
        session().info["refuses"] = SignedOut()


def _can_be_kept() -> bool:
    """Tell whether this is a form of ours with words in it, and small enough to keep."""
    if request.method != "POST" or request.endpoint is None:
        return False
    is_fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    if is_fetched or request.headers.get("HX-Request") or request.headers.get("X-Tap"):
        return False
    if auth.who_may(request.endpoint) in {auth.EVERYONE, None} or _owner() is None:
        return False
    typed = _typed()
    size = sum(len(name) + len(value) for name, value in typed)
    return 0 < len(typed) <= _MOST_FIELDS and size <= MOST


def _owner() -> int | None:
    """Return whose page the form stood on, by the token that we signed."""
    signed = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        token = str(signed.loads(_token()))
    except BadData:
        return None
    _, _, owner = token.partition(".")
    return int(owner) if owner.isdecimal() else None


def _token() -> str:
    if _PAGE in request.form:
        return request.form[_PAGE]
    return next((v for k, v in request.form.items() if k.endswith("csrf_token")), "")


def _typed() -> list[tuple[str, str]]:
    """Return what was sent, without what proves who one is."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name.rpartition("-")[2] not in _SECRETS and not name.startswith(f"{_OURS}-")
    ]
