"""Practice: the hosted pages of the practice gateway below the house's own address, and its news.

What happens on such a page is told to the house by the same signed events as Stripe's.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from pms.gateways.stripe_fake import PREFIX
from pms.web import checkout

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class PracticePages:
    """Answers below PREFIX where the house practises; hands everything else on."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._house: WSGI = app.wsgi_app

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer, and tell the house what happened."""
        ours = environ.get("PATH_INFO", "").startswith(f"{PREFIX}/pay/")
        accounts = checkout.of_app(self._app)
        if not ours or not accounts.is_practised:
            return self._house(environ, start)
        practice = accounts.practice
        shown = practice(environ, start)
        practice.tell(self._tell)
        return shown

    def _tell(self, code: str, body: bytes, header: str) -> int:
        """Send an event to the house as the gateway would, without a network."""
        builder = EnvironBuilder(
            path=f"/stripe/{code}", method="POST", data=body, content_type="application/json",
            headers=[("Stripe-Signature", header)],
        )  # fmt: skip
        _, status, _ = run_wsgi_app(self._house, builder.get_environ())
        return int(status.split()[0])
