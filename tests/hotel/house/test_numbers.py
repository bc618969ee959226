"""Numbers: one after the other, without a gap, whoever fails or hurries."""

from multiprocessing import get_context

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.house import numbers
from pms.hotel.house.hotels import Hotel
from tests import founding


def test_numbers_begin_at_the_first_and_count_up_by_name_and_hotel(session: Session) -> None:
    hotel, neighbour = founding.hotel(session), founding.hotel(session)

    with transaction(session):
        given = [numbers.next_number(session, hotel, "folio") for _ in range(3)]
        other = numbers.next_number(session, hotel, "cancellation")
        theirs = numbers.next_number(session, neighbour, "folio")

    assert given == [numbers.FIRST, numbers.FIRST + 1, numbers.FIRST + 2]
    assert other == theirs == numbers.FIRST


def test_a_deed_that_fails_gives_its_number_back(session: Session) -> None:
    hotel = founding.hotel(session)
    for _ in range(2):
        with pytest.raises(Refusal), transaction(session):
            numbers.next_number(session, hotel, "folio")
            raise Refusal("No.")

    with transaction(session):
        assert numbers.next_number(session, hotel, "folio") == numbers.FIRST


def test_two_processes_leave_no_gap_and_take_none_twice(
    session: Session, engine: Engine, database_url: str
) -> None:
    hotel = founding.hotel(session)

    with get_context("spawn").Pool(2) as pool:
        taken = pool.starmap(take_some, [(database_url, hotel.code)] * 2)

    everyone = sorted(taken[0] + taken[1])
    assert everyone == list(range(numbers.FIRST, numbers.FIRST + 40))


def take_some(url: str, code: str) -> list[int]:
    """Take twenty numbers, and give back every second try."""
    engine = db.connect(url)
    taken = []
    with Session(engine) as own:
        hotel = own.scalars(sa.select(Hotel).where(Hotel.code == code)).one()
        for turn in range(40):
            try:
                with transaction(own):
                    number = numbers.next_number(own, hotel, "folio")
                    if turn % 2:
                        raise Refusal("No.")
                taken.append(number)
            except Refusal:
                pass
    engine.dispose()
    return taken
