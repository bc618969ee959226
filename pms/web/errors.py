"""Errors: each says the fact and the way out, on a page of the house."""

from http import HTTPStatus

from flask import Flask, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from pms.base import outage
from pms.base.refusal import Busy, Refusal
from pms.hotel.house.staff import NotAllowed
from pms.web import menu
from pms.web.database import session
from pms.web.guest_pages import framing
from pms.web.signed_out import OfAnotherHotel

PAGES = {400, 403, 404, 409, 429, 500, 503}


def install(app: Flask) -> None:
    """Answer refusals and errors with pages."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, outdated)
    app.register_error_handler(HTTPException, stopped)
    app.register_error_handler(DBAPIError, away)
    app.register_error_handler(NoConnectionFree, away)
    app.register_error_handler(Exception, broken)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Show a refusal that no form caught; who may not see Today is led to where they begin."""
    if isinstance(refusal, NotAllowed) and request.method == "GET" and request.path == "/":
        return redirect(menu.home())
    return page(refusal.status, refusal.sentence)


def outdated(error: CSRFError) -> ResponseReturnValue:
    """Show that the page stood open too long, is of another hotel, or came from elsewhere."""
    if not current_user.is_authenticated:
        return page(400, "You were signed out. Sign in, open the page again and repeat the step.")
    if isinstance(error, OfAnotherHotel):
        return page(400, error.description)
    return page(400, "This page stood open too long. Open it again and repeat the last step.")


def stopped(error: HTTPException) -> ResponseReturnValue:
    """Show one of HTTP's own answers, to a guest in theirs; redirects stay what they are."""
    code = error.code or 500
    if error.response is not None or code < HTTPStatus.BAD_REQUEST:
        return error
    if framing.is_guests(request.path):
        return framing.stop(code)
    return page(code, None)


def away(error: SQLAlchemyError) -> ResponseReturnValue:
    """Show that the database doesn't answer just now; any other error of it is our mistake."""
    busy = outage.busy(error) if isinstance(error, DBAPIError) else Busy()
    if busy is None:
        return broken(error)
    current_app.logger.warning("%s %s: %s", request.method, request.url_rule, error)
    session().rollback()
    return page(busy.status, busy.sentence)


def broken(error: Exception) -> ResponseReturnValue:
    """Show that the house made a mistake; what happened is in the log, not on the page."""
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.error("%s %s", request.method, request.url_rule, exc_info=error)
    try:
        session().rollback()
    except SQLAlchemyError:
        current_app.logger.error("The database does not answer.")
    return page(500, None)


def page(code: int, sentence: str | None) -> ResponseReturnValue:
    """Render the page of a status."""
    known = code if code in PAGES else (400 if code < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
    try:
        return render_template(f"errors/{known}.html", sentence=sentence), code
    except SQLAlchemyError:  # the frame asks the database, which may be what is broken
        return render_template("errors/alone.html", sentence=sentence), code
