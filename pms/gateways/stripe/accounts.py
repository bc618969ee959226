"""Accounts: where each hotel's keys are found; never in the database, never in a log.

For a hotel of code `DEMO` these are `instance/stripe/DEMO.toml`, readable by its owner alone,

    secret_key = "sk_live_…"
    webhook_secret = "whsec_…"
    former_webhook_secret = "whsec_…"   # while a secret is being changed

or the variables STRIPE_DEMO_SECRET_KEY, STRIPE_DEMO_WEBHOOK_SECRET and
STRIPE_DEMO_FORMER_WEBHOOK_SECRET, which come first.
"""

import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import stripe

from pms.base.gateway import Gateway, Mode, NoGateway
from pms.gateways.stripe.calling import Stripe
from pms.gateways.stripe_fake import Practice

_MODES = {
    "sk_test_": Mode.TEST,
    "rk_test_": Mode.TEST,
    "sk_live_": Mode.LIVE,
    "rk_live_": Mode.LIVE,
}
_NAMES = ("secret_key", "webhook_secret", "former_webhook_secret")


@dataclass(frozen=True, slots=True)
class Keys:
    """A hotel's keys; they don't show in a repr, so that no log has them."""

    secret: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    mode: Mode


class Accounts:
    """Every hotel's account at Stripe, or at our own practice gateway.

    `instance` is the folder of this installation; a `practice` is handed in by tests.
    """

    def __init__(
        self, instance: Path, environ: Mapping[str, str], practice: Practice | None = None
    ) -> None:
        self.folder = instance / "stripe"
        self._practice_file = instance / "practice" / "stripe.sqlite3"
        self._environ = environ
        self._practice = practice
        self._clients: dict[tuple[str, str], Gateway] = {}

    @property
    def practice(self) -> Practice:
        """Our own fake of Stripe, made on first need."""
        if self._practice is None:
            self._practice = Practice(self._practice_file)
        return self._practice

    @property
    def is_practised(self) -> bool:
        """Whether anybody ever practised here."""
        return self._practice is not None or self._practice_file.exists()

    def keys(self, code: str, mode: Mode) -> Keys:
        """Return a hotel's keys; refuses missing ones, and those of another mode."""
        if mode is Mode.PRACTICE:
            account = self.practice.account(code)
            return Keys(account.secret_key, (account.webhook_secret,), mode)
        found = self.kept(code)
        if found is None:
            raise NoGateway(f"there are no keys of {code} in {self._file(code)}.")
        if found.mode is not mode:
            raise NoGateway(f"the keys of {code} are {found.mode} keys, and the hotel is {mode}.")
        return found

    def kept(self, code: str) -> Keys | None:
        """Return the keys that are there for a hotel; refuses a file that others may read."""
        said = self._said(code)
        secret = said.get("secret_key", "")
        if not secret:
            return None
        mode = next((mode for mark, mode in _MODES.items() if secret.startswith(mark)), None)
        if mode is None:
            raise NoGateway(f"the secret key of {code} is neither a test nor a live key.")
        hooks = (said.get("webhook_secret", ""), said.get("former_webhook_secret", ""))
        return Keys(secret, tuple(each for each in hooks if each), mode)

    def gateway(self, code: str, mode: Mode) -> Gateway:
        """Return a hotel's gateway of a mode; refuses what `keys` refuses."""
        keys = self.keys(code, mode)
        known = self._clients.get((code, keys.secret))
        if known is None:
            known = self._clients[code, keys.secret] = self._open(keys)
        return known

    def _open(self, keys: Keys) -> Gateway:
        if keys.mode is Mode.PRACTICE:
            return Stripe.over(keys.secret, self.practice.http_client(), keys.mode)
        return Stripe.over(keys.secret, stripe.RequestsClient(timeout=20), keys.mode, tries=1)

    def _said(self, code: str) -> dict[str, str]:
        name = re.sub(r"\W", "_", code).upper()
        said = {key: self._environ.get(f"STRIPE_{name}_{key.upper()}", "") for key in _NAMES}
        file = self._file(code)
        if said["secret_key"] or not file.exists():
            return said
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise NoGateway(f"others can read {file}. Say: chmod 600 {file}")
        try:
            read = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as problem:
            raise NoGateway(f"{file} can't be read: {problem}.") from None
        return {key: str(read.get(key, "")) for key in _NAMES}

    def _file(self, code: str) -> Path:
        return self.folder / f"{Path(code).name}.toml"
