"""The key ring: words kept under seal in the database, and the keys beside it that open them.

Each key has a name and 32 bytes; the last is used to seal, all of them open. They are in the
environment (`PMS_DOCUMENT_KEYS`, `name:key` separated by commas) or in `instance/document_keys`,
one a line, and never in the database: a stolen copy of it says nothing. What is sealed is
`v1.<key>.<text>`, AES-256-GCM, bound to the column it is for.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pms.base.refusal import Refusal

VARIABLE: Final = "PMS_DOCUMENT_KEYS"
FILE = Path(__file__).parents[2] / "instance" / "document_keys"
MARK: Final = "v1."
NAME = 8  # letters of a key's name
_NONCE, _KEY = 12, 32


class KeyMissing(Refusal):
    """What was sealed can't be opened, or nothing can be sealed, without its key."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "The key that opens guests' documents isn't on this machine. Put "
            f"instance/{FILE.name} back, or set {VARIABLE}; everything else goes on."
        )


class Changed(ValueError):
    """Sealed bytes aren't what was sealed."""


class KeysFromOutside(Refusal):
    """The keys come from the environment, where this program can't write."""

    def __init__(self) -> None:
        super().__init__(
            f"The keys come from {VARIABLE}. Add a new one at its end, then say --reseal-only."
        )


@dataclass(frozen=True)
class Key:
    """A key: its name, and what is made of it to seal and to index."""

    name: str
    seals: bytes
    indexes: bytes


def ring() -> tuple[Key, ...]:
    """Return the keys there are, the one that seals last; none where there is no ring."""
    words = os.environ.get(VARIABLE)
    if words is None:
        words = FILE.read_text(encoding="ascii") if FILE.exists() else ""
    return _read(words)


def make_first() -> None:
    """Make a key where there is none: once, when a house is set up."""
    if not ring():
        _write([_fresh()], anew=True)


def add() -> str:
    """Add a key that seals from now on, and return its name; the older ones still open."""
    if os.environ.get(VARIABLE) is not None:
        raise KeysFromOutside
    line = _fresh()
    _write([*FILE.read_text(encoding="ascii").split(), line] if FILE.exists() else [line])
    return line.partition(":")[0]


def seal(words: str, *, about: str) -> str:
    """Return words under seal; `about` is the column, in which alone they open."""
    key = _current()
    nonce = secrets.token_bytes(_NONCE)
    closed = AESGCM(key.seals).encrypt(nonce, words.encode(), about.encode())
    return f"{MARK}{key.name}.{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(sealed: str, *, about: str) -> str:
    """Return what was sealed; refuses what no key of the ring opens."""
    name, _, text = sealed.removeprefix(MARK).partition(".")
    key = next((each for each in ring() if each.name == name), None)
    if key is None or not sealed.startswith(MARK):
        raise KeyMissing
    closed = base64.urlsafe_b64decode(text)
    try:
        return AESGCM(key.seals).decrypt(closed[:_NONCE], closed[_NONCE:], about.encode()).decode()
    except InvalidTag:
        raise KeyMissing from None


def key_of_its_own() -> str:
    """Make a key for one thing; it is kept under the seal of the ring."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY)).decode()


def seal_bytes(content: bytes, *, key: str, about: str) -> bytes:
    """Return bytes under a key of their own; `about` is whose they are, and opens them alone."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(base64.urlsafe_b64decode(key)).encrypt(nonce, content, about.encode())


def unseal_bytes(closed: bytes, *, key: str, about: str) -> bytes:
    """Return what was sealed under its own key; refuses bytes that were changed since."""
    cipher = AESGCM(base64.urlsafe_b64decode(key))
    try:
        return cipher.decrypt(closed[:_NONCE], closed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise Changed("Those bytes aren't what was sealed.") from None


def mark(words: str, *, key: str, about: str) -> str:
    """Return an HMAC of words under a key of their own; `about` is whose they are."""
    secret = _derived(base64.urlsafe_b64decode(key), b"mark")
    return hmac.new(secret, f"{about}\0{words}".encode(), hashlib.sha256).hexdigest()


def index(words: str, *, about: str) -> str:
    """Return what equal words share and nobody reads anything from, under the key that seals."""
    return _index(_current(), words, about)


def indexes(words: str, *, about: str) -> list[str]:
    """Return the indexes of words under every key, for rows that aren't sealed anew yet."""
    return [_index(key, words, about) for key in ring()]


def current() -> str:
    """Return the name of the key that seals."""
    return _current().name


def _current() -> Key:
    keys = ring()
    if not keys:
        raise KeyMissing
    return keys[-1]


def _index(key: Key, words: str, about: str) -> str:
    return hmac.new(key.indexes, f"{about}\0{words}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _read(words: str) -> tuple[Key, ...]:
    return tuple(_keys(words))


def _keys(words: str) -> Iterator[Key]:
    for each in words.replace(",", " ").split():
        name, _, text = each.partition(":")
        secret = base64.urlsafe_b64decode(text)
        if len(secret) != _KEY or len(name) != NAME or not name.isalnum():
            raise ValueError(f"No key of a document ring: {name}")
        yield Key(name, _derived(secret, b"seal"), _derived(secret, b"index"))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, b"pms documents " + purpose, hashlib.sha256).digest()


def _fresh() -> str:
    secret = base64.urlsafe_b64encode(secrets.token_bytes(_KEY)).decode()
    return f"{secrets.token_hex(NAME // 2)}:{secret}"


def _write(lines: list[str], *, anew: bool = False) -> None:
    """Write the file whole and readable by us alone; a first one is never written over."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    beside = FILE.with_name(f"{FILE.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    if not anew:
        beside.replace(FILE)
        return
    try:
        os.link(beside, FILE)
    except FileExistsError:
        pass  # another made it in the same moment: that one counts
    finally:
        beside.unlink()
