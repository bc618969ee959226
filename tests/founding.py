"""Founding: hotels and their people, committed, for tests that need nothing of `make`.

Each opens a transaction of its own unless the test has one open.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house import hiring, hotels
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff

PASSWORD = "a long night at the desk"
FIRST_DAY = date(2026, 3, 2)

_count = itertools.count(1)


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Join the transaction that is open, or have one for the block."""
    if session.info.get("writing"):
        yield session
    else:
        with transaction(session):
            yield session


def chain(session: Session, name: str = "Quiet Rooms") -> Chain:
    """A chain."""
    with writing(session):
        return hotels.open_chain(session, name)


def hotel(
    session: Session,
    *,
    of: Chain | None = None,
    code: str | None = None,
    opens_on: date = FIRST_DAY,
    currency: str = "EUR",
    time_zone: str = "Europe/Lisbon",
) -> Hotel:
    """A hotel that opens on the first day, in a chain of its own unless told."""
    code = code or f"H{next(_count)}"
    with writing(session):
        return hotels.open_hotel(
            session,
            of or chain(session),
            code=code,
            name=f"Hotel {code}",
            time_zone=time_zone,
            currency=currency,
            opens_on=opens_on,
        )


def staff(
    session: Session,
    hotel: Hotel,
    role: Role = Role.MANAGER,
    *,
    email: str | None = None,
    name: str = "Ana Reis",
    password: str | None = None,
) -> Staff:
    """Someone who works in the hotel; without a password nobody can sign in as them."""
    with writing(session):
        return hiring.hire(
            session,
            session.get_one(Chain, hotel.chain_id),
            email=email or f"staff{next(_count)}@example.com",
            name=name,
            password=password,
            roles={hotel: role},
        )
