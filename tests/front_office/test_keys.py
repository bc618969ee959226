"""Keys at the desk: made with the check-in, lost, made again."""

import re

import pytest

from tests.front_office.conftest import Clerk, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_keys_are_made_with_the_check_in_and_replaced(clerk: Clerk, hotel: House) -> None:
    party, room = hotel.party("Yamada"), hotel.room("102")
    clerk.send(f"/check-in/{party.id}", room=room.id, keys=2)
    address = f"/reservations/{party.id}"

    page = clerk.get(address).text
    assert page.count("<b>Key ") == 2
    lost = re.search(r"/check-in/keys/\d+/lost", page)
    assert lost
    assert "opens nothing any more" in clerk.press(lost.group(), page=address).text
    assert "Key 1 is lost" in clerk.press(lost.group(), page=address).text
    page = clerk.press(f"/check-in/{party.id}/keys", page=address, count=1).text
    assert "1 key to 102" in page
    assert page.count("<b>Key ") == 3


def test_a_manager_says_how_keys_are_made(clerk: Clerk, hotel: House) -> None:
    page = clerk.send("/lock-system", system="file_drop").text

    assert "Keys are made so from now on." in page
    assert 'value="file_drop" selected' in page or 'selected value="file_drop"' in page
