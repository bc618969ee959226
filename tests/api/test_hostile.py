"""Hostile input (F26): whatever comes is refused in a sentence or kept whole; never a 500."""

import base64
from typing import Any

import orjson
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from tests import make
from tests.api.calling import GUEST, V1, Machine, booking, day
from tests.api.test_door import problem


def raw(machine: Machine, body: bytes, path: str = "reservations") -> Any:
    """Post bytes that no library of ours has made."""
    return machine.client.post(
        f"{V1}/{path}", data=body, content_type="application/json", headers=machine.headers
    )


def test_a_note_of_ten_megabytes_is_refused(machine: Machine) -> None:
    problem(machine.book(notes="x" * 10_000_000), 413, "request_entity_too_large")
    assert problem(machine.book(notes="x" * 4001), 422, "wrong_input")["field"] == "notes"


NAMES = [
    "\u202eגבאי",
    "zero\u200bwidth",
    "👩‍👩‍👧 Smith",
    "=cmd|' /C calc'!A0",
    "Robert'); DROP TABLE guests;--",
    "<script>alert(1)</script>",
    "ﬁ" * 60,
    "é" * 120,
]


def test_names_of_all_kinds_are_kept_or_cleaned(machine: Machine) -> None:
    for n, name in enumerate(NAMES):
        stay = {"arrival": day(n), "departure": day(n + 1)}
        answer = machine.book(guest={"given_name": "", "surname": name}, **stay)
        assert answer.status_code == 201, answer.data
        kept = answer.json["guest"]["surname"]
        assert kept == "".join(letter for letter in name if letter.isprintable())
        assert machine.get(f"{V1}/guests", name=name[:20]).status_code == 200


def test_the_null_character_is_refused(machine: Machine) -> None:
    for field in ("room_type", "rate_plan", "channel", "channel_ref", "notes"):
        told = problem(machine.book(**{field: "a\x00b"}), 422, "wrong_input")
        assert told["field"] == field


def test_the_null_character_is_refused_in_names_addresses_and_searches(machine: Machine) -> None:
    for part in ("given_name", "surname", "email", "phone"):
        wrong = {**GUEST, part: "a@\x00b"}
        assert problem(machine.book(guest=wrong), 422, "wrong_input")["field"] == f"guest.{part}"
    assert machine.get(f"{V1}/guests", name="\x00").status_code == 422
    assert machine.get(f"{V1}/reservations", channel_ref="\x00").status_code == 422
    assert machine.get(f"{V1}/rooms/%00").status_code == 404
    assert machine.get("/api/v1/hotels/%00").status_code == 404
    assert machine.get(f"{V1}/rooms/%ff%fe").status_code == 404


def test_half_a_letter_is_refused(machine: Machine) -> None:
    body = b'{"room_type":"DBL","rate_plan":"BAR","adults":1,"guest":{"surname":"\\ud800"}}'

    problem(raw(machine, body), 422, "wrong_input")


def test_numbers_that_are_no_party_are_refused(machine: Machine) -> None:
    for number in (b"1e400", b"-1", b"99999999999999999999", b"1.5", b"true", b"NaN"):
        body = orjson.dumps(booking()).replace(b'"adults":2', b'"adults":' + number)
        assert problem(raw(machine, body), 422, "wrong_input")["field"] == "adults"


def test_depth_without_end_is_refused(machine: Machine) -> None:
    problem(raw(machine, b"[" * 30_000), 422, "wrong_input")
    problem(raw(machine, b'{"guest":' * 5_000), 422, "wrong_input")


def test_dates_at_the_end_of_time_are_refused(machine: Machine) -> None:
    for arrival, departure in (
        ("9999-12-31", "9999-12-31"),
        ("9999-12-30", "9999-12-31"),
        ("0001-01-01", "0001-01-02"),
        (day(0), "9999-12-31"),
        (day(0), day(401)),
        ("10000-01-01", day(1)),
        ("2026-11-20T00:00:00", day(1)),
    ):
        answer = machine.book(arrival=arrival, departure=departure)
        assert answer.status_code == 422, answer.data
        assert answer.json["field"] in {"arrival", "departure", "rate_plan"}


WRONG_IDS = ["0", "-1", "9223372036854775808", "1" * 400, "1e3", "abc", "١٢", "1%00", "%00"]


def test_ids_that_can_not_be_are_not_found(machine: Machine) -> None:
    pay = {"amount": {"amount": "1", "currency": "EUR"}, "method": "cash"}
    for wrong in WRONG_IDS:
        for noun in ("reservations", "folios", "guests"):
            problem(machine.get(f"{V1}/{noun}/{wrong}"), 404, "not_here")
        problem(machine.patch(f"{V1}/reservations/{wrong}", {"adults": 1}), 404, "not_here")
        problem(machine.post(f"{V1}/folios/{wrong}/payments", pay), 404, "not_here")


def test_cursors_made_up_are_refused(machine: Machine, inside: Session, house: Hotel) -> None:
    with transaction(inside):
        make.reservation(inside, house)
    for parts in (
        b'["2026-11-20", 99999999999999999999]',
        b'["2026-11-20", "1"]',
        b'["x", 1]',
        b"[1, 1]",
        b"{}",
        b"[]",
        b'["2026-11-20", true]',
        b"\xff\xfe",
    ):
        cursor = base64.urlsafe_b64encode(parts).decode()
        problem(machine.get(f"{V1}/reservations", cursor=cursor), 422, "bad_cursor")
    for cursor in ("%%%", "ä", "x" * 401):
        assert machine.get(f"{V1}/reservations", cursor=cursor).status_code == 422


def test_many_headers_and_odd_tokens_open_nothing(machine: Machine) -> None:
    for secret in ("x" * 5000, "é", "' OR 1=1 --", " "):
        answer = machine.client.get("/api/v1/hotels", headers={"Authorization": f"Bearer {secret}"})
        problem(answer, 401, "token_needed")
