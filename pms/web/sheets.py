"""The house's looks: one sheet instead of twenty-five, and addresses that change with their file.

A browser that asks for many small files spends longer asking than reading. What an address with a
digest shows never changes, so it is kept for good; an upgrade has new addresses.
"""

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for

from pms.web.auth import open_to_everyone
from pms.web.security import FILES

# In the order of the cascade: libraries, tokens, frame, desks, then what goes over all of them.
SHEETS = (
    "vendor/inter", "vendor/tabler.min", "css/tokens", "css/tabler-tuned", "css/frame",
    "css/components", "css/today", "css/tape", "css/availability", "css/choosing", "css/steps",
    "css/folio", "css/audit", "css/housekeeping", "css/mine", "css/rates", "css/letters",
    "css/requests", "css/concierge", "css/groups", "css/people", "css/handheld", "css/phone",
    "css/print", "css/motion",
)  # fmt: skip
FOREVER = "public, max-age=31536000, immutable"
_NEAR = re.compile(r"url\((?![\"']?(?:data:|/))")  # an address that begins where its sheet lies
_CHARSET = re.compile(r'@charset "[^"]*";')  # means something at the very top only


def install(app: Flask) -> None:
    """Serve the one sheet, and give each address of a file the digest of what it shows."""
    app.add_url_rule("/static/house.css", "house_sheet", house_sheet)
    app.url_defaults(_with_digest)
    app.after_request(_kept_for_good)


@open_to_everyone
def house_sheet() -> Response:
    """Answer with all sheets of the house as one."""
    return Response(_house(_static()), mimetype="text/css")


def house_sheet_at() -> str:
    """Return the address of the one sheet, for templates."""
    return url_for("house_sheet", v=_house_digest(_static()))


def _static() -> Path:
    return Path(str(current_app.static_folder))


def _with_digest(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = _digest(_static() / values["filename"])


def _kept_for_good(response: Response) -> Response:
    if request.endpoint in FILES and response.status_code == 200 and request.args.get("v"):
        response.headers["Cache-Control"] = FOREVER
    return response


@lru_cache(maxsize=4)
def _house(static: Path) -> bytes:
    return "\n".join(_sheet(static, name) for name in SHEETS).encode()


def _sheet(static: Path, name: str) -> str:
    text = (static / f"{name}.css").read_text()
    folder = name.rpartition("/")[0]
    return _NEAR.sub(f"url({folder}/", _CHARSET.sub("", text))


@lru_cache(maxsize=4)
def _house_digest(static: Path) -> str:
    return sha256(_house(static)).hexdigest()[:10]


@lru_cache(maxsize=512)
def _digest(file: Path) -> str | None:
    """Return the digest of a file, or None where there is none: its address is then plain."""
    return sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else None
