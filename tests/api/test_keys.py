"""Idempotency keys: asking twice does it once, also when both ask in the same moment."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.guests.guests import Guest
from pms.hotel.house import answers
from pms.hotel.house.answers import Answer
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations import Reservation
from tests.api import calling
from tests.api.calling import V1, Machine, day
from tests.api.test_door import problem


def booked(session: Session) -> int:
    """How many reservations there are."""
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Reservation)) or 0


def test_the_same_key_answers_the_first_answer(machine: Machine, inside: Session) -> None:
    first = machine.book(key="k-1")
    again = machine.book(key="k-1")

    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert booked(inside) == 1


def test_the_same_key_for_another_request_is_refused(machine: Machine, inside: Session) -> None:
    made = machine.book(key="k-1").json

    told = problem(machine.book(key="k-1", adults=1), 422, "key_used_for_other")
    other = machine.post(f"{V1}/reservations/{made['id']}/cancel", {"reason": "x"}, key="k-1")

    assert told["field"] == "Idempotency-Key"
    problem(other, 422, "key_used_for_other")
    assert booked(inside) == 1


def test_what_was_refused_may_be_asked_again_with_its_key(
    machine: Machine, inside: Session
) -> None:
    taken = [machine.book().json["id"] for _ in range(2)]
    problem(machine.book(key="k-1"), 409, "sold_out")
    machine.post(f"{V1}/reservations/{taken[0]}/cancel", {"reason": "plans changed"})

    assert machine.book(key="k-1").status_code == 201

    assert inside.scalars(sa.select(Answer.status)).all() == [201]


def test_a_key_belongs_to_its_token(
    client: Any, machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        other = Machine(client, calling.token(inside, house))

    assert machine.book(key="k-1").status_code == 201
    assert other.book(key="k-1", arrival=day(4), departure=day(5)).status_code == 201

    assert booked(inside) == 2


def test_a_key_is_short_and_visible(machine: Machine) -> None:
    for key in ("k" * 256, "a\tb", "schlüssel"):
        problem(machine.book(key=key), 422, "no_good_key")


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_the_same_key_in_the_same_moment_has_one_effect(
    app: Any, machine: Machine, inside: Session
) -> None:
    start = threading.Barrier(8)
    seen: list[tuple[int, bytes]] = []

    def ask() -> None:
        mine = Machine(app.test_client(), None)
        mine.headers = machine.headers
        start.wait()
        answer = mine.book(key="k-1")
        seen.append((answer.status_code, answer.data))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert seen[0][0] == 201
    assert booked(inside) == 1
    assert inside.scalar(sa.select(sa.func.count()).select_from(Guest)) == 1


def test_answers_are_forgotten_after_a_week(machine: Machine, inside: Session) -> None:
    machine.book(key="old")
    machine.book(key="new")
    old = answers.clock.now() - answers.KEPT_FOR * 2
    with transaction(inside):
        inside.execute(sa.update(Answer).where(Answer.key == "old").values(made_at=old))
        row = inside.execute(sa.select(Answer.hotel_id, Answer.token_id).limit(1)).one()
        answers.forget_old(inside, *row)

    assert inside.scalars(sa.select(Answer.key)).all() == ["new"]
