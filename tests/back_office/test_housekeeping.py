"""The housekeeping desk: the board, one tap and its undo, rooms kept from guests."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import rooms
from pms.hotel.rooms.blocks import RoomBlock
from pms.hotel.rooms.rooms import Condition, Room
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, hire, post, queries, sign_in

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def room(session: Session, house: int, number: str = "103") -> Room:
    session.rollback()
    found = rooms.by_number(session, session.get_one(Hotel, house), number)
    assert found is not None
    session.refresh(found)
    return found


def test_the_board_says_who_is_in_and_for_whom_somebody_waits(desk: Any) -> None:
    board = desk.get("/housekeeping").text
    waiting = desk.get("/housekeeping?show=waiting").text

    assert 'id="room-101"' in board
    assert "Stay, DBL" in board
    assert 'id="room-102"' in waiting
    assert 'id="room-103"' not in waiting


def test_one_tap_turns_a_room_and_the_undo_turns_it_back(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    there = room(reading, house)
    address = f"/housekeeping/rooms/{there.id}"

    send(f"{address}/turn?show=inspected", to="dirty", version=str(there.version))
    page = desk.get("/housekeeping").text
    turned = room(reading, house).condition
    undo = page.split('class="toast-undo"')[1].split('action="')[1].split('"')[0]
    send(undo.replace("&amp;", "&"))

    assert turned is Condition.DIRTY
    assert room(reading, house).condition is Condition.INSPECTED


def test_a_tap_on_a_stale_board_is_refused(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    there = room(reading, house)
    with transaction(reading):
        there.version += 1

    send(f"/housekeeping/rooms/{there.id}/turn", to="dirty", version=str(there.version - 1))

    assert "Someone changed this room meanwhile." in desk.get("/housekeeping").text
    assert room(reading, house).condition is Condition.INSPECTED


def test_a_room_is_put_out_of_order_and_returned_to_sale(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    there = room(reading, house)
    first = reading.get_one(Hotel, house).business_date
    data = {
        "kind": "out_of_order",
        "first": first.isoformat(),
        "until": (first + timedelta(days=2)).isoformat(),
        "reason": "Bathroom leak",
        "return_condition": "dirty",
    }

    silent = send(f"/housekeeping/rooms/{there.id}/block", **{**data, "reason": ""})
    said = send(f"/housekeeping/rooms/{there.id}/block", **data)
    kept = reading.scalars(sa.select(RoomBlock)).one()
    listed = desk.get("/housekeeping/blocks").text
    send(f"/housekeeping/blocks/{kept.id}/return")

    assert (silent.status_code, said.status_code) == (422, 302)
    assert "Bathroom leak" in listed
    reading.refresh(kept)
    assert kept.ended
    assert room(reading, house).condition is Condition.DIRTY


def test_a_room_somebody_has_is_not_put_out_of_order(
    send: Send, reading: Session, house: int
) -> None:
    there = room(reading, house, "101")
    first = reading.get_one(Hotel, house).business_date

    page = send(
        f"/housekeeping/rooms/{there.id}/block", kind="out_of_order", first=first.isoformat(),
        until=(first + timedelta(days=1)).isoformat(), reason="Leak", return_condition="dirty",
    )  # fmt: skip

    assert page.status_code == 422
    assert 'role="alert"' in page.text


@SQLITE_ONLY
def test_an_attendant_lands_on_their_rooms_and_goes_no_farther(client: Any, house: int) -> None:
    token = client.get("/sign-in").text.split('name="csrf_token"')[1].split('value="')[1]
    data = {"email": "housekeeper@test.desk.example", "password": "a long password"}
    answer = client.post("/sign-in", data={**data, "csrf_token": token.split('"')[0]})

    assert answer.location == client.get("/").location == "/my-rooms"
    assert "No room is on your sheet yet." in client.get("/my-rooms").text
    board = client.get("/housekeeping")
    assert board.status_code == 200
    assert "Nothing is left to do here." in board.text  # every room of the test is inspected
    assert 'id="room-103"' in client.get("/housekeeping?show=all").text
    assert client.get("/folios").status_code == 403
    assert post(client, "/housekeeping/rooms/1/block").status_code == 403


@SQLITE_ONLY
def test_a_room_of_another_hotel_is_not_there(app: Flask, client: Any, house: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        there = session.scalars(sa.select(Room.id)).first()
        hire(session, make.hotel(session, "OTHER"), Role.MANAGER)
    sign_in(client, code="other")

    assert post(client, f"/housekeeping/rooms/{there}/turn", to="dirty").status_code == 404
    assert client.get(f"/housekeeping/rooms/{there}/block").status_code == 404


@SQLITE_ONLY
def test_more_rooms_ask_no_more_queries(app: Flask, desk: Any, house: int) -> None:
    few = queries(app, desk, "/housekeeping")
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        for n in range(20):
            make.room(session, hotel, f"3{n:02d}")

    assert queries(app, desk, "/housekeeping") <= few <= 20
