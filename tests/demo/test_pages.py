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
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = {rule.endpoint: rule.rule for rule in rules if not rule.arguments}

    asked: dict[str, int] = {}
    while left := {each: at for each, at in found.items() if each not in {*asked, *LEFT_OUT}}:
        for endpoint, address in left.items():
            answer = client.get(address)
            asked[endpoint] = answer.status_code
            if answer.mimetype == "text/html":
                found = _linked(app, answer.text) | found

    assert {each: said for each, said in asked.items() if said >= 400} == {}
    assert len(asked) > 200


def _linked(app: Flask, page: str) -> dict[str, str]:
    """The first address on a page behind each view."""
    doors: dict[str, str] = {}
    with app.test_request_context():
        views = app.url_map.bind("localhost")
        for address in map(unescape, _LINK.findall(page)):
            endpoint, _ = views.match(address.partition("?")[0], method="GET")
            doors.setdefault(endpoint, address)
    return doors
