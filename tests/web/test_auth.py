"""Who may enter: said on every view, checked at the door, and a stranger's id is nothing."""

from typing import Any

import pytest
from flask import Flask

from pms.base.db import transaction
from pms.hotel.house.staff import Permission, Role
from pms.hotel.rooms import rooms
from pms.web.auth import EVERYONE, STAFF, who_may
from pms.web.database import db
from tests import make
from tests.web.conftest import SQLITE_ONLY, hire, sign_in


@SQLITE_ONLY
def test_every_view_says_who_may_enter(app: Flask) -> None:
    known = {EVERYONE, STAFF, *Permission}

    with app.app_context():
        unsaid = [r.endpoint for r in app.url_map.iter_rules() if who_may(r.endpoint) not in known]

    assert unsaid == []


@SQLITE_ONLY
def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(client: Any, house: int) -> None:
    answer = client.get("/rooms?condition=dirty")

    assert answer.location == "/sign-in?to=/rooms?condition%3Ddirty"


def test_a_right_password_opens_the_door(client: Any, house: int) -> None:
    answer = sign_in(client)

    assert answer.location == "/"
    assert "Today" in client.get("/").text


@SQLITE_ONLY
def test_a_wrong_password_is_refused_beside_the_field(client: Any, house: int) -> None:
    answer = sign_in(client, password="not the password")

    assert answer.status_code == 422
    assert "don&#39;t go together" in answer.text


@SQLITE_ONLY
@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_door_leads_only_into_the_house(desk: Any, to: str) -> None:
    assert desk.get(f"/sign-in?to={to}").location == "/"


@SQLITE_ONLY
def test_a_cookie_kept_after_signing_out_opens_nothing(desk: Any) -> None:
    kept = desk.get_cookie("duty").value
    desk.post("/sign-out", data={"csrf_token": _token(desk)})

    desk.set_cookie("duty", kept)

    assert desk.get("/").location.startswith("/sign-in")


@SQLITE_ONLY
def test_another_hotels_room_is_not_found(app: Flask, desk: Any) -> None:
    with app.app_context(), transaction(db.session()) as session:
        other = make.furnished(session, "OTHER")
        room_id = rooms.by_number(session, other, "101").id  # type: ignore[union-attr]

    assert desk.get(f"/rooms/{room_id}").status_code == 404


@SQLITE_ONLY
def test_a_housekeeper_may_not_look_at_reservations(app: Flask, client: Any, house: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(make.hotels.Hotel, house)
        hire(session, hotel, "amira@test.example", Role.HOUSEKEEPER)
    sign_in(client, "amira@test.example")

    answer = client.get("/reservations")

    assert answer.status_code == 403
    assert "Ask a manager" in answer.text


@SQLITE_ONLY
def test_a_post_without_its_token_is_refused(desk: Any) -> None:
    assert desk.post("/sign-out").status_code == 400


@SQLITE_ONLY
@pytest.mark.parametrize("address", ["/", "/sign-ins", "/nowhere", "/static/css/tokens.css"])
def test_every_answer_carries_the_headers(desk: Any, address: str) -> None:
    with desk.get(address) as answer:
        headers = answer.headers

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def _token(client: Any) -> str:
    return str(client.get("/sign-ins").text.split('name="csrf_token" value="')[1].split('"')[0])
