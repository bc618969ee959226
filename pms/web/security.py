"""Security: what every answer says to the browser, and what every writing request must show."""

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "img-src 'self' data:; "  # Tabler draws its select arrows as data: pictures
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self' https://checkout.stripe.com; "
    "frame-ancestors 'none'"
)
ONE_YEAR = 31_536_000
FILES = ("static", "house_sheet")  # what shows nobody


def protect(app: Flask) -> None:
    """Have a token for each unsafe request, and set the headers of each answer."""
    app.before_request(_refuse_nul)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # `signed_out` checks, and keeps what was typed
    csrf.init_app(app)
    app.after_request(_headers)


def _refuse_nul() -> None:
    """Refuse the one character no keyboard has, and PostgreSQL can't keep.

    The API says itself which field it stood in.
    """
    if request.path.startswith("/api/"):
        return
    typed = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in each for each in typed):
        abort(400)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    if request.endpoint not in FILES:
        headers["Cache-Control"] = "no-store"  # every page here is about somebody
    return response
