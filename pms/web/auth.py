"""Who is on duty, in which hotel, and who may enter: said on each view, checked before it runs."""

import secrets
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm.interfaces import ORMOption

from pms.base.db import Base, OfHotel, transaction
from pms.base.refusal import Busy
from pms.hotel.house import signins
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.signins import SignIn
from pms.hotel.house.staff import NotAllowed, Permission, Staff
from pms.web.database import session

View = TypeVar("View", bound=Callable[..., Any])
Thing = TypeVar("Thing", bound=Base)

EVERYONE: Final = "everyone"
STAFF: Final = "staff"
HOTEL = "hotel"
_PAGES = "csrf_token"  # where Flask-WTF looks for it
_LARGEST_ID = 2**63 - 1
_TOUCH_PATIENCE = 0.1  # a page that only looks doesn't wait for those who write

login = LoginManager()
login.session_protection = None  # sign-ins live in the database, where they can be ended


class OnDuty(UserMixin):  # type: ignore[misc]  # Flask-Login is untyped
    """A living sign-in and the person behind it."""

    def __init__(self, token: str, sign_in: SignIn, person: Staff) -> None:
        self.token = token
        self.sign_in = sign_in
        self.person = person

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token


# --- who may enter -----------------------------------------------------------------------------


def allows(permission: Permission) -> Callable[[View], View]:
    """Mark a view: staff whose role in this hotel includes the permission may enter."""
    return lambda view: _mark(view, permission)


def open_to_staff(view: View) -> View:
    """Mark a view: anyone who is signed in may enter."""
    return _mark(view, STAFF)


def open_to_everyone(view: View) -> View:
    """Mark a view: no sign-in is asked for; the view itself decides what it shows."""
    return _mark(view, EVERYONE)


def _mark(view: View, who: str) -> View:
    view.allows = who  # type: ignore[attr-defined]
    return view


def who_may(endpoint: str) -> str | None:
    """Return who may enter a view, or None where nobody said."""
    view = current_app.view_functions.get(endpoint)
    return EVERYONE if endpoint == "static" else getattr(view, "allows", None)


def may_enter(endpoint: str) -> bool:
    """Tell whether the person on duty may enter a view, for menus and buttons."""
    who = who_may(endpoint)
    if who == EVERYONE:
        return True
    if who is None or not current_user.is_authenticated:
        return False
    return who == STAFF or may(Permission(who))


def may(permission: Permission) -> bool:
    """Tell whether the person on duty may do something in this hotel."""
    return on_duty().may(permission, here().id)


def guard(app: Flask) -> None:
    """Ask at every door: a view that doesn't say who may enter is closed to all."""
    login.init_app(app)
    app.before_request(_at_the_door)


def _at_the_door() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: the 404 is open to everyone
    who = who_may(request.endpoint)
    if who == EVERYONE:
        return None
    if who is None:
        raise LookupError(f"{request.endpoint} does not say who may enter.")
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    _note_presence()
    if whose_page(str(cookie.get(_PAGES, "")))[1] != _hotel_id():
        _mark_pages()
    if who != STAFF and not may(Permission(who)):
        raise NotAllowed(Permission(who))
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("sign_in.sign_in", to=back if back != "/" else None)
    if request.headers.get("HX-Request"):  # a fragment can't be a whole page: let htmx go there
        return "", 401, {"HX-Redirect": address}
    return redirect(address)


# --- who is on duty ----------------------------------------------------------------------------


@login.user_loader  # type: ignore[untyped-decorator]
def _find_sign_in(token: str) -> OnDuty | None:
    sign_in = signins.find(session(), token)
    person = signins.person_of(sign_in) if sign_in else None
    return OnDuty(token, sign_in, person) if sign_in and person else None


def _note_presence() -> None:
    sign_in = cast(OnDuty, current_user).sign_in
    if signins.wants_touch(sign_in):
        try:
            with transaction(session(), patience=_TOUCH_PATIENCE):
                signins.touch(session(), sign_in)
        except Busy:
            pass  # the next request says it again


def begin_duty(token: str) -> None:
    """Hand the browser its token; whatever its cookie held before is forgotten."""
    sign_in = signins.find(session(), token)
    person = signins.person_of(sign_in) if sign_in else None
    if sign_in is None or person is None:
        raise LookupError("The sign-in just opened is gone.")
    cookie.clear()
    login_user(OnDuty(token, sign_in, person))
    _mark_pages()


def _mark_pages() -> None:
    """Let each page from now on say whose it is and of which hotel, in its token.

    Its secret part stays for a whole sign-in: who comes back to a hotel finds its forms valid.
    """
    before = str(cookie.get(_PAGES, ""))
    is_mine = whose_page(before)[0] == on_duty().id
    secret = before.partition(".")[0] if is_mine else secrets.token_hex(20)
    cookie[_PAGES] = f"{secret}.{on_duty().id}.{_hotel_id() or 0}"
    g.pop(_PAGES, None)


def whose_page(token: str) -> tuple[int | None, int | None]:
    """Return whose page a token stood on and of which hotel, where it says so."""
    _, _, said = token.partition(".")
    owner, _, hotel = said.partition(".")
    return (
        int(owner) if owner.isdecimal() else None,
        int(hotel) if hotel.isdecimal() and int(hotel) else None,
    )


def end_duty() -> None:
    """Take the token back from the browser."""
    logout_user()
    cookie.clear()


def on_duty() -> Staff:
    """Return who is on duty."""
    return cast(OnDuty, current_user).person


def this_sign_in() -> SignIn:
    """Return the sign-in of this browser."""
    return cast(OnDuty, current_user).sign_in


# --- which hotel -------------------------------------------------------------------------------


def here() -> Hotel:
    """Return the hotel this browser works in: the chosen one, or the person's first."""
    if "hotel" not in g:
        hotel_id = _hotel_id()
        hotel = session().get(Hotel, hotel_id) if hotel_id is not None else None
        if hotel is None:
            abort(403)
        g.hotel = hotel
    return cast(Hotel, g.hotel)


def _hotel_id() -> int | None:
    mine = {role.hotel_id for role in on_duty().roles}
    chosen = cookie.get(HOTEL)
    return chosen if chosen in mine else min(mine, default=None)


def is_here(hotel_id: int | None) -> bool:
    """Tell whether a page of that hotel is of where this browser works; one that says none is."""
    return hotel_id is None or hotel_id == _hotel_id()


def my_hotels() -> list[Hotel]:
    """Return the hotels in which the person on duty has a role, by name."""
    mine = [role.hotel_id for role in on_duty().roles]
    return list(session().scalars(sa.select(Hotel).where(Hotel.id.in_(mine)).order_by(Hotel.name)))


def go_to(hotel: Hotel) -> None:
    """Work in another hotel from now on; a form of the one before isn't taken there."""
    cookie[HOTEL] = hotel.id
    g.hotel = hotel
    _mark_pages()


def find(model: type[Thing], thing_id: int, *read_with: ORMOption) -> Thing:
    """Return a row of this hotel (or its chain) by id; a stranger's id is a 404.

    `read_with` are loader options: what of it is read in the same question.
    """
    if not 0 < thing_id <= _LARGEST_ID:
        abort(404)  # no id of ours: PostgreSQL can't even be asked
    of_hotel = issubclass(model, OfHotel)
    owner = {"hotel_id": here().id} if of_hotel else {"chain_id": here().chain_id}
    thing = session().get(model, {**owner, "id": thing_id}, options=read_with)
    if thing is None:
        abort(404)
    return thing
