"""Traces of a day and of a party, and alerts that pop up on the pages they were told to."""

import re

import pytest

from pms.hotel.house.staff import Role
from tests import make
from tests.front_office.conftest import Clerk, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_alert_pops_up_on_each_page_it_was_told_to(clerk: Clerk, hotel: House) -> None:
    coming, here = hotel.party("Yamada"), hotel.party("Novák")
    traced = f"/reservations/{coming.id}/traces"
    refused = clerk.press(f"/reservations/{coming.id}/alerts", traced, words="Dog", on="stay")
    assert "Say where it pops up." in refused.text
    for party, areas in ((coming, ["reservation", "check_in"]), (here, ["check_out", "folio"])):
        page = clerk.press(
            f"/reservations/{party.id}/alerts", traced, words="Has a dog", on="guest", areas=areas
        ).text
        assert "It pops up from now on." in page

    seen = {
        address: 'class="pops-up"' in clerk.get(address).text
        for address in (
            f"/reservations/{coming.id}", f"/check-in/{coming.id}",
            f"/reservations/{here.id}", f"/check-out/{here.id}",
        )
    }  # fmt: skip
    assert list(seen.values()) == [True, True, False, True]
    folio = clerk.press(f"/reservations/{here.id}/folio", f"/reservations/{here.id}")
    assert 'class="pops-up"' in folio.text

    place = re.search(rf"/reservations/{coming.id}/alerts/\d+/lift", clerk.get(traced).text)
    assert place
    assert "it pops up no more" in clerk.press(place.group(0), traced).text
    assert 'class="pops-up"' not in clerk.get(f"/check-in/{coming.id}").text


def test_a_trace_is_written_done_and_taken_back(clerk: Clerk, hotel: House, as_role) -> None:
    party = hotel.party("Yamada")
    assert "Nothing is traced for that day." in clerk.get("/traces").text
    typed = {"department": "housekeeping", "due_on": make.DAY.isoformat()}
    traced = f"/reservations/{party.id}/traces"
    assert "Say what is to be done" in clerk.press(traced, traced, **typed, words=" ").text
    page = clerk.press(traced, traced, **typed, words="Cot in the room").text
    assert "Cot in the room" in page
    assert "Written down." in clerk.send("/traces", **typed, words="Lamp in the hall").text

    maid = as_role(Role.HOUSEKEEPER)
    day = maid.get("/traces?department=housekeeping").text
    assert "Yamada" in day
    assert "2 to do" in day
    done = re.findall(r"/traces/\d+/finish", day)
    page = maid.press(done[0], "/traces").text
    assert "1 to do" in page
    assert "Undo" in page
    assert "done already" in maid.press(done[0], "/traces").text
    assert "to do again" in maid.press(done[0].replace("finish", "reopen"), "/traces").text
    assert clerk.get("/traces?department=circus").status_code == 200
