"""Hotels: opened once under a code, in a zone and a currency that exist."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Hotel
from tests import founding
from tests.engines import ONE_ENGINE


def open_one(session: Session, **details: Any) -> Hotel:
    """Open a hotel with these details instead of the usual ones."""
    usual = {"code": "SEA", "name": "Sea", "time_zone": "Europe/Lisbon", "currency": "EUR"}
    with transaction(session):
        chain = hotels.open_chain(session, "Chain")
        return hotels.open_hotel(
            session,
            chain,
            **{**usual, **details},
            opens_on=founding.FIRST_DAY,  # type: ignore[arg-type]
        )


def test_a_hotel_opens_on_its_first_business_day(session: Session) -> None:
    hotel = open_one(session)

    assert hotels.by_code(session, "SEA") is hotel
    assert hotel.business_date == hotel.opened_on == founding.FIRST_DAY
    assert hotels.by_code(session, "HILL") is None


@ONE_ENGINE
@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "X" * 17}, "code"),
        ({"code": "../etc"}, "code"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"currency": "XYZ"}, "currency"),
    ],
)
def test_what_cant_be_a_hotel_is_refused(
    session: Session, details: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        open_one(session, **details)

    assert refused.value.field == field
    assert session.scalars(sa.select(Hotel)).all() == []


def test_a_code_in_use_is_refused(session: Session) -> None:
    open_one(session)

    with pytest.raises(hotels.HotelCodeTaken, match="a hotel SEA already"):
        open_one(session)


def test_the_database_itself_refuses_a_day_before_the_opening(session: Session) -> None:
    hotel = open_one(session)

    with pytest.raises(IntegrityError, match="not_before_opening"), transaction(session):
        session.execute(sa.update(Hotel).values(opened_on=hotel.opened_on + timedelta(days=1)))
