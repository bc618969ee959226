"""What an address asks for may be rubbish: each page says so, or shows what it shows unasked.

An address is typed, cut short by a mail program, kept from last year. Nobody is shown a mistake of
the house for it, nor told that a whole page isn't there.
"""

import inspect
import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

from pms.demo import team
from pms.hotel.house.staff import Role
from tests import moulds
from tests.demo.test_demo import PASSWORD, make
from tests.demo.test_pages import doors_of
from tests.sweeping import ALL
from tests.test_house import listed

RUBBISH = {
    "a word": "abc",
    "huge": "9" * 30,
    "unicode": "Ünï😀² \u202e'\"<b>",
}
MORE = {
    "no day": "9999-99-99",
    "below zero": "-1",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "a month": "9999-12",
    "nothing": "0",
    "a power": "²",
    "long": "x" * 2_000,
}
# What a row is found by: where there is none of that number, nothing is there.
IDS = {"folio", "guest", "person", "reservation", "room", "usual", "vendor"}
NUMBERS = {"below zero", "nothing", "huge"}
_ASKED = re.compile(
    r'(?:(?:args|values)(?:\.get(?:list)?\(|\[)|word_asked\()"(\w+)"|"(\w+)" in request\.args'
)
EVERYWHERE = {"page", "after", "before", "day", "reservation"}


@cache
def asked_in(folder: Path) -> frozenset[str]:
    """The names that the views of a folder ask an address for."""
    text = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    return frozenset(one or other for one, other in _ASKED.findall(text))


def names(app: Flask, endpoint: str, page: str) -> set[str]:
    """What a page may be asked for: by its view, and by the forms on it that only look."""
    view = inspect.unwrap(app.view_functions[endpoint])
    file = Path(inspect.getsourcefile(view) or "")
    found = {*asked_in(file.parent), *EVERYWHERE}
    if page:
        for form in html.fromstring(page).iter("form"):
            if form.method == "GET":
                found |= set(form.fields)
        found |= set(re.findall(r'name="(\w+)"', page)) if 'hx-get="' in page else set()
    return found - {"csrf_token", None}


def refused(client: Any, address: str, asked: dict[str, str]) -> str | None:
    """What is wrong with a page's answer to such questions, if anything is."""
    try:
        at, _, said = address.partition("?")
        answer = client.get(at, query_string={**dict(parse_qsl(said)), **asked})
    except Exception as mistake:  # noqa: BLE001 - the app raises them as they are in a test
        return f"{type(mistake).__name__}: {str(mistake)[:200]}"
    return str(answer.status_code) if answer.status_code not in {200, 302, 304, 422} else None


@pytest.mark.timeout(600)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "role", [each for each in Role if each is not Role.HOUSE] if ALL else [Role.MANAGER]
)
def test_no_page_falls_over_rubbish_in_its_address(
    app: Flask, client: Any, session: Session, role: Role
) -> None:
    """Every role and more rubbish: PMS_SWEEP=all."""
    moulds.pour(session, make)
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/sign-in", data={"email": team.email(role), "password": PASSWORD})

    faults = []
    for endpoint, address in doors_of(app, client).items():
        plain = client.get(address)
        if plain.status_code >= HTTPStatus.BAD_REQUEST:
            continue  # not for this role
        page = plain.get_data(as_text=True) if plain.mimetype == "text/html" else ""
        for what, value in (RUBBISH | MORE if ALL else RUBBISH).items():
            asked = names(app, endpoint, page) - (IDS if what in NUMBERS else set())
            if refused(client, address, dict.fromkeys(asked, value)):
                alone = {n: said for n in asked if (said := refused(client, address, {n: value}))}
                faults.append(f"{endpoint}: {what} as {alone or asked}")

    listed(faults)
