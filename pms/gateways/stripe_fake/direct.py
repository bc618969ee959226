"""The practice gateway itself: a small WSGI app, and the way to it without a port."""

import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe

from pms.gateways.stripe_fake import api, page
from pms.gateways.stripe_fake.doing import Doing
from pms.gateways.stripe_fake.shapes import CARDS
from pms.gateways.stripe_fake.store import Account, Store

PREFIX = "/practice-stripe"  # where the hosted pages are on a house that practises
LONGEST_BODY = 64 * 1024

Told = Callable[[str, bytes, str], int]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Practice:
    """A gateway that practises; as WSGI it answers the API under /v1 and shows hosted pages.

    `lose_replies` is how many requests are still done without their answer arriving, and
    `limited` how many are still refused as too many.
    """

    def __init__(self, file: Path | None = None, *, origin: str = "") -> None:
        self.store = Store(file)
        self.origin = origin
        self.lose_replies = 0
        self.limited = 0

    def account(self, code: str) -> Account:
        """Return a hotel's account."""
        return self.store.account(code)

    def of(self, code: str) -> Doing:
        """Return a hotel's objects, with the levers that guests and banks pull."""
        return Doing(self.store, code)

    def http_client(self) -> stripe.HTTPClient:
        """Return a client for Stripe's library that needs no port."""
        return _Direct(self)

    def answer(
        self, method: str, path: str, query: str, body: str, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """Answer a request of the API."""
        if self.limited > 0:
            self.limited -= 1
            return 429, '{"error": {"type": "invalid_request_error", "code": "rate_limit"}}'
        return api.answer(
            self.store, method, path, query, body, headers, f"{self.origin}{PREFIX}/pay"
        )

    # --- events -------------------------------------------------------------------------------

    def signed(self, code: str, body: str) -> tuple[bytes, str]:
        """Return an event as it is sent: its bytes and the header that signs them."""
        secret = self.account(code).webhook_secret
        header = stripe.WebhookSignature.generate_signature_header(body, secret)
        return body.encode(), str(header)

    def tell(self, told: Told) -> int:
        """Send every event that wasn't told yet, as `told(code, bytes, header)`; how many went."""
        went = 0
        for code in self.store.accounts_with_news():
            for no, body in self.store.events(code, untold=True):
                status = told(code, *self.signed(code, body))
                if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                    self.store.told(no)
                    went += 1
        return went

    def happened(self, code: str) -> list[dict[str, Any]]:
        """Return a hotel's events in the order they happened."""
        return [json.loads(body) for _, body in self.store.events(code)]

    # --- WSGI ---------------------------------------------------------------------------------

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer the API, or show and take a hosted page."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        length = min(int(environ.get("CONTENT_LENGTH") or 0), LONGEST_BODY)
        body = environ["wsgi.input"].read(length).decode() if length else ""
        if path.startswith("/v1/"):
            headers = {
                name[5:].replace("_", "-"): value
                for name, value in environ.items()
                if name.startswith("HTTP_")
            }
            query = environ.get("QUERY_STRING", "")
            status, said = self.answer(method, path, query, body, headers)
            start(_status(status), [("Content-Type", "application/json")])
            return [said.encode()]
        session_id = path.removeprefix(PREFIX).removeprefix("/pay/")
        status, shown = self._hosted(method, session_id, parse_qs(body))
        if status == HTTPStatus.SEE_OTHER:
            start(_status(status), [("Location", shown), ("Cache-Control", "no-store")])
            return [b""]
        start(_status(status), page.HEADERS)
        return [shown.encode()]

    def _hosted(self, method: str, session_id: str, typed: dict[str, list[str]]) -> tuple[int, str]:
        code = self.store.owner(session_id) if session_id.startswith("cs_") else None
        if code is None:
            return 404, page.over("There is no such page.")
        do = self.of(code)
        with self.store.turn():
            shown = do.find(session_id)
            words = _words(do, shown)
            if shown["status"] != "open":
                return 200, page.over("This page is closed. Go back to the hotel's.")
            pressed, card = typed.get("do", [""])[0], typed.get("card", [""])[0]
            if method != "POST" or (pressed != "back" and card not in CARDS):
                return 200, page.page(shown, words)
            if pressed == "back":
                return 303, str(shown["cancel_url"])
            if card == "secure" and pressed == "pay":
                return 200, page.asks_first(card)
            if pressed == "unsure":
                return 200, page.page(shown, words, refused=page.declined(card))
            after = do.choose(session_id, card)
            if after["status"] == "open":
                return 200, page.page(after, words, refused=page.declined(card))
            return 303, str(after["success_url"])


def _words(do: Doing, session: dict[str, Any]) -> str:
    behind = do.find(f"behind_{session['id']}")["params"]
    return str(behind.get("description") or "Keep a card for later")


def _status(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase}"


class _Direct(stripe.HTTPClient):
    """Carries the library's requests to the practice gateway in this very process."""

    name = "practice"

    def __init__(self, practice: Practice) -> None:
        super().__init__()
        self._practice = practice

    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Ask; an answer may get lost on its way, as real ones do."""
        at, asked = urlsplit(url), method.upper()
        status, said = self._practice.answer(
            asked, at.path, at.query, post_data or "", headers or {}
        )
        if asked == "POST" and self._practice.lose_replies > 0:
            self._practice.lose_replies -= 1
            raise stripe.APIConnectionError("The answer got lost.")  # type: ignore[no-untyped-call]
        return said.encode(), status, {}

    def close(self) -> None:
        """There is nothing to close."""
