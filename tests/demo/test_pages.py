"""Every page of the lived-in house answers, on both engines: a desk has questions of its own."""

import re
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from pms.demo import team
from pms.hotel.house.staff import Role
from tests import moulds
from tests.demo.test_demo import PASSWORD, make

LEFT_OUT = {
    "static": "files",
    "api.hotels": "wants a token",
    "clock.tablet": "wants a paired tablet",
    "payment_requests.new": "wants to know what for",
    "sign_in.sign_out": "the last page of all",
    "tape_chart.find_party": "wants a name",
}
_LINK = re.compile(r'href="(/[^"#]*)"')


def test_every_page_of_the_demo_answers(app: Flask, client: Any, session: Session) -> None:
    moulds.pour(session, make)
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/sign-in", data={"email": team.email(Role.MANAGER), "password": PASSWORD})
    asked = {
        endpoint: client.get(address).status_code
        for endpoint, address in doors_of(app, client).items()
    }

    assert {each: said for each, said in asked.items() if said >= 400} == {}
    assert len(asked) > 200


def doors_of(app: Flask, client: Any) -> dict[str, str]:
    """An address of each view that whoever is signed in is led to, and of each without a number."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = {rule.endpoint: rule.rule for rule in rules if not rule.arguments}
    seen: set[str] = {*LEFT_OUT}
    while left := {each: at for each, at in found.items() if each not in seen}:
        for endpoint, address in left.items():
            answer = client.get(address)
            seen.add(endpoint)
            if answer.mimetype == "text/html":
                found = linked(app, answer.text) | found
    return {each: at for each, at in found.items() if each not in LEFT_OUT}


def linked(app: Flask, page: str) -> dict[str, str]:
    """The first address on a page behind each view."""
    doors: dict[str, str] = {}
    with app.test_request_context():
        views = app.url_map.bind("localhost")
        for address in map(unescape, _LINK.findall(page)):
            endpoint, _ = views.match(address.partition("?")[0], method="GET")
            doors.setdefault(endpoint, address)
    return doors
