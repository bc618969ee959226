"""Fifty clients, one room, real processes on both databases: one gets it, nobody else."""

import http.client
import threading
from collections import Counter

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import connect, transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import HouseNight, TypeNight
from pms.hotel.stays.reservations import Reservation, ReservationNight
from tests import make
from tests.api import calling
from tests.api.calling import booking
from tests.api.served import serving

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)

CLIENTS = 50


def race(address: tuple[str, int], token: str, code: str = "TEST") -> Counter[tuple[int, str]]:
    """Let fifty clients book in one moment; how often each was answered what."""
    start = threading.Barrier(CLIENTS)
    answers: list[tuple[int, str]] = []

    def book(n: int) -> None:
        guest = {"given_name": "Ana", "surname": f"Guest {n}", "email": f"g{n}@example.com"}
        link = http.client.HTTPConnection(*address, timeout=60)
        link.connect()
        start.wait()
        link.request(
            "POST",
            f"/api/v1/hotels/{code}/reservations",
            orjson.dumps(booking(guest=guest)),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        answer = link.getresponse()
        told = orjson.loads(answer.read())
        answers.append((answer.status, told.get("message_id", "booked")))
        link.close()

    threads = [threading.Thread(target=book, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def furnished(session: Session, code: str = "TEST", *, rooms: int = 1) -> str:
    """A hotel with so many rooms; a token for it."""
    with transaction(session):
        house = make.furnished(session, code, rooms=rooms)
        return calling.token(session, house)


def promised(session: Session) -> int:
    """How many reservations there are."""
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Reservation)) or 0


def test_one_of_fifty_gets_the_last_room_and_where_there_are_fifty_all_do(
    database_url: str, session: Session
) -> None:
    """A burst waits its turn and is not refused for being many, only for coming too late."""
    token, large = furnished(session), furnished(session, "LARGE", rooms=CLIENTS)

    with serving(database_url) as address:
        answers = race(address, token)
        assert race(address, large, "LARGE") == {(201, "booked"): CLIENTS}

    assert answers == {(201, "booked"): 1, (409, "sold_out"): CLIENTS - 1}
    assert promised(session) == 1 + CLIENTS
    house = session.scalars(sa.select(Hotel.id).where(Hotel.code == "TEST")).one()
    nights = session.scalars(
        sa.select(ReservationNight.night).where(
            ReservationNight.hotel_id == house, ReservationNight.counted_type_id.is_not(None)
        )
    ).all()
    for counters in (TypeNight, HouseNight):
        sold = sa.select(counters.night, counters.sold, counters.forced).where(
            counters.hotel_id == house, counters.sold > 0
        )
        assert [tuple(row) for row in session.execute(sold)] == [(night, 1, 0) for night in nights]


def test_without_the_guard_the_room_is_oversold(database_url: str) -> None:
    """The twin: it proves that the race above could have been lost."""
    engine = connect(database_url)  # one of its own: this database doesn't stand a recount
    with Session(engine) as session:
        token = furnished(session)

        with serving(database_url, unguarded=True) as address:
            answers = race(address, token)

        assert answers[201, "booked"] > 1
        assert promised(session) > 1
    engine.dispose()
