"""A hotel with somebody at its desk, and a bar whose drinks go on bills."""

import pytest

from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department
from tests import make


@pytest.fixture
def house(session):
    """An empty hotel."""
    return make.hotel(session)


@pytest.fixture
def by(session, house):
    """Its manager."""
    return make.by(session, house)


@pytest.fixture
def bar(session, house, by):
    """What a drink is charged under: 4.50, no taxes."""
    return charges.add(
        session, house, code="BAR", name="Bar",
        department=Department.FOOD_AND_BEVERAGE, price=450, by=by,
    )  # fmt: skip
