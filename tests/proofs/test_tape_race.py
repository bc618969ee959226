"""Two agents drag two parties into one room, each at a desk of its own process: one does."""

import multiprocessing
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.app import create_app
from pms.base import db
from pms.base.db import transaction
from pms.hotel.close import verify
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rooms
from pms.hotel.rooms.inventory import RoomClaim
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.proofs import deeds
from tests.sweeping import children
from tests.web.conftest import hire, sign_in

CONTEXT = multiprocessing.get_context("fork")
PART = {"HX-Request": "true"}
PARTIES = ("First", "Second")
ROUNDS = 4  # the same race again and again, into another room each time


@pytest.fixture
def hotel(engine: Engine) -> Engine:
    """Two parties of two nights, each in a room, and rooms that both would rather have."""
    with deeds.session_at_noon(engine) as session, transaction(session):
        house = make.furnished(session, rooms=2 + ROUNDS)
        hire(session, house)
        for number, surname in zip(("101", "102"), PARTIES, strict=True):
            party = make.reservation(
                session, house, surname=surname, arrival=make.DAY + timedelta(days=2)
            )
            room = make.room(session, house, number)
            stays.assign(session, party, room=room, by=make.by(session, house))
    engine.dispose()
    return engine


def agent(url: str, surname: str, barrier: Any, said: Any) -> Callable[[], None]:
    """Somebody who drags a party to room after room, at the same moments as the other."""

    def run() -> None:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "of a race", "TESTING": True})
        client = app.test_client()
        sign_in(client)
        for turn in range(ROUNDS):
            party, room_id, version = _seen(app, surname, f"{103 + turn}")
            address = f"/tape-chart/{party}"
            part = client.get(f"{address}?v={version}&room={room_id}", headers=PART).text
            typed = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', part))
            barrier.wait(timeout=30)
            answer = client.post(address, data={**typed, "price": "keep"}, headers=PART)
            said.put((turn, surname, answer.status_code, answer.text))
            barrier.wait(timeout=30)
        said.close()
        said.join_thread()

    return run


def _seen(app: Any, surname: str, number: str) -> tuple[int, int, int]:
    """Return what the agent's chart shows: the party, the room, the party's version."""
    with app.app_context(), Session(_engine(app)) as session:
        house = session.scalars(sa.select(Hotel)).one()
        party = next(
            each
            for each in session.scalars(sa.select(Reservation))
            if each.guest.surname == surname
        )
        room = rooms.by_number(session, house, number)
        assert room is not None
        return party.id, room.id, party.version


def _engine(app: Any) -> Engine:
    return db.connect(app.config["SQLALCHEMY_DATABASE_URI"])


def test_two_agents_drag_two_parties_into_one_room(hotel: Engine, database_url: str) -> None:
    barrier, said = CONTEXT.Barrier(2), CONTEXT.Queue()

    with children(*(agent(database_url, surname, barrier, said) for surname in PARTIES)):
        told = [said.get(timeout=60) for _ in range(2 * ROUNDS)]

    for turn in range(ROUNDS):
        won, lost = sorted((each for each in told if each[0] == turn), key=lambda each: each[2])
        assert (won[2], lost[2]) == (200, 409), (won, lost)
        assert f"is in {103 + turn}." in won[3]
        assert f"Room {103 + turn} is taken on Sun 22 Nov 2026. Choose another room." in lost[3]
        assert f"Ana {won[1]}</a>, 22 Nov to 24 Nov" in lost[3]
    with Session(hotel) as session:
        house = session.scalars(sa.select(Hotel)).one()
        holders = session.execute(
            sa.select(RoomClaim.room_id, RoomClaim.night, sa.func.count()).group_by(
                RoomClaim.room_id, RoomClaim.night
            )
        ).all()
        assert sorted(each[2] for each in holders) == [1, 1, 1, 1]
        assert [check for check in verify.checks(session, house) if not check.ok] == []
