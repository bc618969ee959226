"""Waiting, options and turnaways at the desk."""

import re
from datetime import timedelta

import pytest

from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import State
from tests import forms_read, make
from tests.front_office.conftest import Clerk, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT, THIRD = make.DAY + timedelta(days=1), make.DAY + timedelta(days=2)
STAY = {"arrival": NEXT.isoformat(), "departure": THIRD.isoformat(), "adults": "2"}


def test_somebody_waits_and_is_booked_in_one_press(clerk: Clerk, hotel: House) -> None:
    kind, plan = hotel.does(lambda s, h: (make.room_type(s, h).id, make.plan(s, h).id))
    hotel.does(lambda s, h: [make.reservation(s, h, arrival=NEXT, nights=1, surname=f"Full{n}")
                             for n in range(2)])  # fmt: skip
    assert "Nobody waits." in clerk.get("/waitlist").text
    typed = {**STAY, "room_type": kind, "plan": plan, "priority": "1", "surname": "Sato"}
    assert (
        "until they would come"
        in clerk.send("/waitlist", **{**typed, "until": THIRD.isoformat()}).text
    )

    page = clerk.send("/waitlist", **typed).text
    assert "Full on 21 Nov" in page
    place = re.search(r"/waitlist/\d+", page)
    assert place
    full = clerk.press(f"{place.group(0)}/book", "/waitlist").text
    assert "sold out on Sat 21 Nov 2026" in full

    hotel.does(lambda s, h: reservations.cancel(
        s, s.merge(hotel.party("Full0")), reason="ill", by=make.by(s, h)))  # fmt: skip
    assert "1 can be booked now" in clerk.get("/waitlist").text
    assert "Sato was told." in clerk.press(f"{place.group(0)}/offer", "/waitlist").text
    assert "Booked for Sato." in clerk.press(f"{place.group(0)}/book", "/waitlist").text
    assert "waits no more" in clerk.press(f"{place.group(0)}/withdraw", "/waitlist").text


def test_an_option_is_made_confirmed_and_seen(clerk: Clerk, hotel: House) -> None:
    party = hotel.does(lambda s, h: make.reservation(s, h, arrival=THIRD, surname="Sato").id)
    place = f"/reservations/{party}"

    late = clerk.press(f"{place}/option", place, option="2026-12-24").text
    assert "An option runs out between" in late
    again = forms_read.on(late, f"{place}/option", place)
    assert again["option"] == ["2026-12-24"]
    assert 'id="option-refuses"' in late
    page = forms_read.send(clerk.client, f"{place}/option", again, option=NEXT.isoformat()).text
    assert "Option until Sat 21 Nov" in page
    assert "Sato" in clerk.get("/waitlist").text
    page = clerk.press(f"{place}/confirm", place).text
    assert "Confirmed: it runs out no more." in page
    assert "is confirmed already" in clerk.press(f"{place}/confirm", place).text
    assert hotel.party("Sato").state is State.BOOKED


def test_a_turnaway_is_noted_with_its_reason(clerk: Clerk, hotel: House) -> None:
    assert "Let them wait" in clerk.get("/book").text
    assert "Nobody was turned away." in clerk.get("/turnaways").text

    page = clerk.send(
        "/turnaways", **STAY, why="price", rooms="3", words="Twenty cheaper next door"
    ).text

    assert "Noted: too dear, a regret." in page
    assert "Twenty cheaper next door" in page
    assert "isn&#39;t" not in page
    assert (
        "nights to come"
        in clerk.send(
            "/turnaways",
            why="price",
            rooms="1",
            adults="1",
            arrival="2026-11-01",
            departure="2026-11-02",
        ).text
    )


def test_who_shares_a_room_shares_its_rate(clerk: Clerk, hotel: House) -> None:
    def two(session, house) -> int:
        host = make.reservation(session, house, arrival=NEXT, surname="Host")
        make.reservation(session, house, arrival=NEXT, surname="Mate", adults=1, shares_with=host)
        return host.id

    place = f"/reservations/{hotel.does(two)}"
    assert "Who pays the shared room" in clerk.get(place).text

    page = clerk.press(f"{place}/share-rate", place, way="split").text

    assert "split among them: Ana Host, Ana Mate." in page
    assert "€50.00" in page
    assert clerk.press(f"{place}/share-rate", place, way="dice").status_code == 404
