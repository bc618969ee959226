"""Links: addresses that open one thing to whoever was given them, without a sign-in.

A token names a hotel and a row and is signed (SHA-256, with the house's own secret), so none can
be guessed or counted through; what it is for is signed along, so one kind never opens another.
"""

import base64
import hashlib
import struct

from flask import current_app, request
from itsdangerous import BadSignature, Signer

LONGEST = 200


def token(purpose: str, hotel_id: int, thing_id: int) -> str:
    """Return the token of a row, for a purpose such as `pay`."""
    plain = base64.urlsafe_b64encode(struct.pack(">QQ", hotel_id, thing_id)).rstrip(b"=")
    return _signer(purpose).sign(plain).decode()


def read(purpose: str, said: str) -> tuple[int, int] | None:
    """Return the hotel and the row that a token names, or None where it isn't ours."""
    if len(said) > LONGEST or not said.isascii():
        return None
    try:
        plain = _signer(purpose).unsign(said.encode())
        hotel_id, thing_id = struct.unpack(">QQ", base64.urlsafe_b64decode(plain + b"=="))
    except (BadSignature, ValueError, struct.error):
        return None
    return int(hotel_id), int(thing_id)


def public(path: str) -> str:
    """Return an address as guests have it: below PUBLIC_URL, else where this page was asked."""
    root = str(current_app.config.get("PUBLIC_URL") or request.url_root)
    return root.rstrip("/") + path


def _signer(purpose: str) -> Signer:
    secret = str(current_app.config["SECRET_KEY"])
    return Signer(secret, salt=f"link/{purpose}", sep="~", digest_method=hashlib.sha256)
