"""A hotel with people in it, and somebody at the desk."""

from typing import Any

import pytest

from pms.base.db import transaction
from pms.hotel.house import hiring, staff
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import stays
from pms.web.database import db
from tests import make, moulds

EMAIL, PASSWORD = "jana@test.example", "a long password"
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(app: Any) -> int:
    """A hotel of 4 rooms: one party in house, one arriving with a room, one without; its id."""
    with app.app_context():
        return moulds.pour(db.session(), with_parties).id


def with_parties(session: Any) -> None:
    """Build that hotel."""
    with transaction(session):
        hotel = make.furnished(session)
        hire(session, hotel)
        by = make.by(session, hotel)
        here = make.reservation(session, hotel, surname="Novák")
        stays.check_in(session, here, room=make.room(session, hotel, "101"), by=by)
        coming = make.reservation(session, hotel, surname="Yamada")
        stays.assign(session, coming, room=make.room(session, hotel, "102"), by=by)
        make.reservation(session, hotel, surname="Åkesson", nights=1)


def hire(session: Any, hotel: Hotel, email: str = EMAIL, role: Role = Role.MANAGER) -> staff.Staff:
    """Somebody who can sign in."""
    chain = session.get_one(Chain, hotel.chain_id)
    return hiring.hire(
        session, chain, email=email, name="Jana Kovač", password=PASSWORD, roles={hotel: role}
    )


def sign_in(client: Any, email: str = EMAIL, password: str = PASSWORD) -> Any:
    """Sign in through the door; the tests switch the CSRF check off, but not here."""
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    return client.post("/sign-in", data={"email": email, "password": password, "csrf_token": token})


@pytest.fixture
def desk(client: Any, house: int) -> Any:
    """A client with somebody signed in."""
    sign_in(client)
    return client
