"""The hosted page of the practice gateway: it says that it is one, and takes no card's number."""

import base64
import hashlib
from html import escape
from typing import Any

from pms.gateways import stripe_units
from pms.gateways.stripe_fake.shapes import CARDS, DECLINES

_STYLE = """
body{margin:0;background:#f4f4f6;color:#16181d;font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:1rem}
.practice{background:#5c2e00;color:#fff;padding:.75rem 1rem;border-radius:.5rem;font-weight:600}
h1{font-size:1.25rem;margin:1.25rem 0 .25rem}
.sum{font-size:2rem;font-weight:700;margin:0 0 1rem}
fieldset{border:1px solid #b9bdc7;border-radius:.5rem;background:#fff;padding:.25rem 1rem;margin:0}
legend{padding:0 .25rem;font-weight:600}
label{display:flex;gap:.75rem;align-items:center;min-height:3rem}
label+label{border-top:1px solid #e4e6eb}
small{color:#4a4f5a;display:block}
button{width:100%;min-height:3rem;margin:1rem 0 0;border:0;border-radius:.5rem;font:inherit}
.go{background:#1a4fd6;color:#fff;font-weight:600}
.back{background:#e4e6eb;color:#16181d}
.no{background:#fdecec;color:#7a1010;border:1px solid #d99;padding:.75rem 1rem;border-radius:.5rem}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    (
        "Content-Security-Policy",
        (
            f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        ),
    ),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
]


def page(session: dict[str, Any], words: str, *, refused: str | None = None) -> str:
    """Show what is asked for, and the practice cards to pay by."""
    setup = session["mode"] == "setup"
    amount = "" if setup else _money(session)
    cards = "".join(
        f'<label><input type="radio" name="card" value="{name}"{" checked" if first else ""}>'
        f"<span>{escape(_card(brand, four))}<small>{escape(what)}</small></span></label>"
        for first, (name, (brand, four, what)) in _offered(session)
    )
    said = f'<p class="no" role="alert">{escape(refused)}</p>' if refused else ""
    verb = "Keep this card" if setup else f"Pay {amount}"
    return _whole(
        f'<h1>{escape(words)}</h1><p class="sum">{amount}</p>{said}'
        f'<form method="post"><fieldset><legend>A practice card</legend>{cards}</fieldset>'
        f'<button class="go" name="do" value="pay">{verb}</button>'
        '<button class="back" name="do" value="back">Back to the hotel</button></form>'
    )


def asks_first(card: str) -> str:
    """Show what a bank shows that asks its customer first."""
    return _whole(
        "<h1>Your bank asks</h1><p>Is it really you who pays? (3-D Secure, practised)</p>"
        f'<form method="post"><input type="hidden" name="card" value="{escape(card)}">'
        '<button class="go" name="do" value="sure">Yes, it is me</button>'
        '<button class="back" name="do" value="unsure">No</button></form>'
    )


def over(words: str) -> str:
    """Show that there is nothing to pay here any more."""
    return _whole(f"<h1>{escape(words)}</h1>")


def declined(card: str) -> str:
    """Say why a card wasn't taken."""
    why = DECLINES.get(card, "authentication failed").replace("_", " ")
    return f"The card was declined: {why}. Try another one."


def _offered(session: dict[str, Any]) -> list[tuple[bool, tuple[str, tuple[str, str, str]]]]:
    left_out = {"funds"} if session["mode"] == "setup" else set()
    if "sepa_debit" not in session["payment_method_types"]:
        left_out.add("debit")
    rows = [each for each in CARDS.items() if each[0] not in left_out]
    return [(no == 0, row) for no, row in enumerate(rows)]


def _card(brand: str, four: str) -> str:
    return f"{brand.capitalize()} ending in {four}" if brand else "Bank account"


def _money(session: dict[str, Any]) -> str:
    money = stripe_units.heard(session["amount_total"], session["currency"])
    return f"{money} {money.currency}"


def _whole(inside: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Practice payment</title><style>{_STYLE}</style></head><body><main>"
        '<p class="practice">Practice page: no money moves here, and no card number is asked for.'
        f"</p>{inside}</main></body></html>"
    )
