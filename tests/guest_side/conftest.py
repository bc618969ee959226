"""A hotel that practises taking money online, a guest with a link, and somebody at the desk."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.gateways.stripe import Accounts
from pms.gateways.stripe_fake import Practice
from pms.hotel.books.folios import Folio
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import checkout
from pms.hotel.service.checkout import PaymentRequest, Purpose
from pms.hotel.stays.reservations import Reservation
from pms.web import checkout as checkout_of
from pms.web import links, misses
from pms.web.database import db
from tests import make
from tests.front_office.conftest import as_role, clerk, hotel  # noqa: F401  fixtures
from tests.web.conftest import desk, house  # noqa: F401  fixtures


@pytest.fixture
def practice() -> Iterator[Practice]:
    """The practice gateway."""
    practice = Practice()
    yield practice
    practice.store.close()


@pytest.fixture
def app(app: Any, practice: Practice, tmp_path: Path) -> Iterator[Any]:
    """The real app, whose gateway practises in memory; nobody has missed a link yet."""
    usual = checkout_of.of_app(app)
    checkout_of.install(app, Accounts(tmp_path, {}, practice))
    misses.install(app)
    yield app
    checkout_of.install(app, usual)


@pytest.fixture
def practising(app: Any, house: int) -> int:  # noqa: F811
    """The hotel, in practice mode; its id."""
    with app.app_context(), transaction(db.session()) as session:
        there = session.get_one(Hotel, house)
        checkout.set_mode(session, there, Mode.PRACTICE, by=make.by(session, there))
    return house


class Guest:
    """Somebody with a phone and a link."""

    def __init__(self, app: Any, hotel_id: int) -> None:
        self.app, self.hotel_id = app, hotel_id
        self.client = app.test_client()

    def asked(
        self, purpose: Purpose = Purpose.DEPOSIT, minor: int = 12_000, surname: str = "Yamada"
    ) -> str:
        """Ask a party for something, and return the address of its pay page."""
        with self.app.test_request_context(), transaction(db.session()) as session:
            there = session.get_one(Hotel, self.hotel_id)
            party = next(
                each for each in session.query(Reservation) if each.guest.surname == surname
            )
            whose: dict[str, Any] = {"reservation": party}
            if purpose is Purpose.BALANCE:
                whose = {"folio": session.get_one(Folio, (there.id, party.folio_id))}
            made = checkout.ask(
                session, there, purpose=purpose, **whose,
                amount=None if purpose is Purpose.CARD else Money(minor, there.currency),
                expires_at=clock.now() + timedelta(days=3), by=make.by(session, there),
            )  # fmt: skip
            return f"/pay/{links.token('pay', there.id, made.id)}"

    def presses(self, address: str, **typed: str) -> Any:
        """Press the page's button."""
        page = self.client.get(address).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token, page
        return self.client.post(address, data={"csrf_token": token[1], **typed})

    def chooses(self, page: str, card: str, do: str = "pay") -> Any:
        """Choose a card on the hosted page."""
        return self.client.post(page, data={"card": card, "do": do})

    def returns(self, answer: Any) -> str:
        """Follow the gateway's way back, and return what the page says."""
        text: str = self.client.get(answer.location, follow_redirects=True).text
        return text

    def request(self) -> PaymentRequest:
        """The newest request, read afresh."""
        with self.app.app_context():
            return db.session().query(PaymentRequest).order_by(PaymentRequest.id.desc()).first()


@pytest.fixture
def guest(app: Any, practising: int) -> Guest:
    """A guest of the practising hotel."""
    return Guest(app, practising)
