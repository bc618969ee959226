"""Reception's desk: a message from the telephone to the guest, calls, visitors, and privacy."""

import re
from collections.abc import Callable
from typing import Any

from pms.hotel.house.staff import Role
from pms.hotel.service import reception
from pms.hotel.service.reception import Direction, Outcome
from pms.hotel.service.requests import categories
from pms.hotel.stays import stays
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.web.conftest import SQLITE_ONLY
from tests.web.test_query_counts import queries

pytestmark = SQLITE_ONLY


def take(clerk: Clerk, **typed: str) -> Any:
    """Fill in the small form for room 101."""
    typed = {"room": "101", "sender": "Dr Abel", "words": "Ring me tonight", **typed}
    return clerk.send("/reception/messages/new", **typed)


def test_a_message_pops_up_with_the_guest_until_they_have_it(clerk: Clerk, hotel: House) -> None:
    said = take(clerk, urgent="y", phone="0151 2").text
    assert "Message 10001 waits for Ana Novák." in said
    stay = f"/reservations/{hotel.party('Novák').id}"
    assert "Urgent message from Dr Abel waits" in clerk.get(stay).text
    [page] = set(re.findall(r"/reception/messages/[0-9]+(?=/slip)", said))
    paper = clerk.get(f"{page}/slip.pdf")
    assert paper.mimetype == "application/pdf"
    assert clerk.press(f"{page}/withdraw", page, reason=" ").status_code == 422

    assert (
        "Ana Novák has message 10001." in clerk.press(f"{page}/deliver", page, how="in_person").text
    )

    assert "waits" not in clerk.get(stay).text
    assert "Delivered" in clerk.get("/reception/messages").text
    again = clerk.press(f"{page}/deliver", page, how="in_person")
    assert again.status_code == 422
    assert "delivered already" in again.text


def test_errors_stand_beside_their_fields(clerk: Clerk) -> None:
    nowhere, empty = take(clerk, room="999"), take(clerk, room="102")
    assert "There is no room 999" in nowhere.text
    assert "Nobody is in room 102" in empty.text
    lost = clerk.send("/reception/visitors", name="X")
    assert "Say whom they visit" in lost.text
    log = {"direction": "incoming", "with_whom": "B", "matter": "C", "outcome": "dealt_with"}
    assert "Ask for the number" in clerk.send("/reception/calls", **log, back_by="09:00").text


def test_a_call_becomes_a_request_in_one_press(clerk: Clerk, hotel: House) -> None:
    hotel.does(lambda s, house: categories.furnish(s, house, by=make.by(s, house)))
    towels = hotel.does(lambda s, house: categories.by_code(s, house, "TOWELS").id)
    said = clerk.send(
        "/reception/calls", direction="incoming", with_whom="Ana", room="101", phone="101",
        matter="Two towels", outcome="dealt_with", back_by="09:00",
    ).text  # fmt: skip
    [page] = set(re.findall(r"/reception/calls/[0-9]+(?=/request)", said))
    assert "Two towels" in clerk.get("/reception").text

    assert "Ana was called back." in clerk.press(f"{page}/call-back", page).text
    asked = clerk.press(f"{page}/request", page, category=towels).text

    assert "Call 10001 is request 10001 now." in asked
    assert "It is a request now" in clerk.get(page).text
    assert "is a request already" in clerk.press(f"{page}/message", page).text


def test_a_private_guest_is_neither_shown_nor_visited(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák").id
    assert "Nobody in the house" in clerk.get("/reception?q=Zzz").text
    clerk.send(f"/reception/privacy/{party}", no_information="y")

    found = clerk.get("/reception?q=nov").text
    assert "say neither that they are here" in found
    assert "not shown" in found
    assert "no information to anybody" in clerk.get("/search?q=nov").text
    assert "say neither that they are here" in clerk.get(f"/reservations/{party}").text
    refused = clerk.send("/reception/visitors", name="X", room="101")
    assert refused.status_code == 422
    assert "This party sees no visitors" in refused.text
    assert "Ana Novák" in clerk.get("/reception/evacuation").text


def test_who_checks_a_private_guest_in_is_told(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada").id
    clerk.send(f"/reception/privacy/{party}", no_information="y")

    assert "say neither that they are here" in clerk.get(f"/check-in/{party}").text


def test_a_forgotten_visitor_is_named_at_the_hand_over(clerk: Clerk) -> None:
    come = clerk.send("/reception/visitors", name="Ines Roy", room="101", badge="7", vehicle="B 1")
    assert "Ines Roy is in the house, badge 7." in come.text
    assert "Ines Roy" in clerk.get("/reception/evacuation").text

    sheet = clerk.send("/requests/handover", department="front_office", words="Quiet").text
    assert "Ines Roy, badge 7, in since" in sheet
    assert "see them out" in sheet
    [leave] = re.findall(r"/reception/visitors/[0-9]+/leave", come.text)
    assert "Ines Roy has left." in clerk.press(leave, "/reception/visitors").text
    assert "Ines Roy" in clerk.get("/reception/visitors?show=gone").text
    assert "left since" in clerk.get("/requests/handover").text


def test_doors(clerk: Clerk, hotel: House, as_role: Callable[[Role], Clerk]) -> None:
    take(clerk)
    maid = as_role(Role.HOUSEKEEPER)
    pages = ("", "/messages", "/calls", "/visitors", "/evacuation", "/messages/new")

    assert {maid.get(f"/reception{each}").status_code for each in pages} == {403}
    assert clerk.get("/reception/messages/7").status_code == 404
    assert clerk.get("/reception/calls/7").status_code == 404
    assert clerk.press("/reception/visitors/7/leave").status_code == 404


def test_questions_do_not_grow_with_the_rows(app: Any, clerk: Clerk, hotel: House) -> None:
    def live(session: Any, house: Any, times: int = 1) -> None:
        by = make.by(session, house)
        party = stays.in_room(session, make.room(session, house, "101")).reservation
        for n in range(times):
            reception.take(session, party, sender=f"A{n}", words="B", by=by)
            reception.arrive(session, house, name=f"V{n}", visits=party, by=by)
            reception.log(
                session, house, direction=Direction.OUTGOING, with_whom="C", matter="D",
                outcome=Outcome.NOT_REACHED, about=reception.phone_calls.About(party), by=by,
            )  # fmt: skip

    hotel.does(live)
    addresses = [
        "/reception?q=nov", "/reception/messages", "/reception/calls", "/reception/visitors",
        "/reception/evacuation", f"/reservations/{hotel.party('Novák').id}",
    ]  # fmt: skip
    few = {address: queries(app, clerk.client, address) for address in addresses}
    hotel.does(lambda s, house: live(s, house, 20))
    many = {address: queries(app, clerk.client, address) for address in addresses}

    assert all(many[each] <= few[each] for each in addresses), (few, many)
    assert max(many[each] for each in addresses[:-1]) <= 14, many
