"""Signed out in the middle of a form: the text waits for whoever typed it, and for nobody else."""

import re
from html import unescape
from typing import Any

from pms.hotel.house import hiring, letterheads, signins
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff, StaffRole
from pms.web import shown_again
from pms.web.database import db
from tests import forms_read, make
from tests.front_office.conftest import VALUE, Clerk, House
from tests.web.conftest import EMAIL, PASSWORD

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
NAME = re.compile(r'name="([^"]*)"')


def waiting(page: Any) -> list[tuple[str, str]]:
    """Return what a sign-in page carries unseen."""
    return [
        (NAME.search(each)[1], unescape(VALUE.search(each)[1]))  # type: ignore[index]
        for each in HIDDEN.findall(page.text)
    ]


def sign_in_there(
    clerk: Clerk, address: str, page: Any, email: str = EMAIL, password: str = PASSWORD
) -> Any:
    data = {**dict(waiting(page)), "duty-email": email, "duty-password": password}
    return clerk.client.post(address, data=data, follow_redirects=True)


def end_all(hotel: House) -> None:
    """Let every sign-in be over, as two quiet hours do."""

    def ended(session: Any, _house: Any) -> None:
        for each in session.query(signins.SignIn):
            each.seen_at -= signins.IDLE

    hotel.does(ended)


def typed_by(clerk: Clerk, address: str) -> dict[str, str]:
    return {**clerk.hidden(address), "surname": 'Ya"<mada', "notes": "Late.\r\nTwo cots."}


def test_who_was_signed_out_finds_the_form_as_it_was_typed(
    app: Any, clerk: Clerk, hotel: House
) -> None:
    guest = hotel.party("Yamada").guest_id
    address = f"/guests/{guest}"
    sent = typed_by(clerk, address)
    end_all(hotel)

    asked = clerk.client.post(address, data=sent)
    wrong = sign_in_there(clerk, address, asked, password="not the password")
    back = sign_in_there(clerk, address, wrong)

    assert asked.status_code == 401
    assert "You were signed out." in asked.text
    assert "don&#39;t go together" in wrong.text
    assert "nothing is done yet" in back.text
    assert "Two cots.</textarea>" in back.text
    assert hotel.party("Yamada").guest.surname == "Yamada"
    fresh = {name: value for name, value in waiting(back) if name in sent}
    done = clerk.client.post(address, data={**sent, **fresh}, follow_redirects=True)
    assert "is written down anew" in done.text
    with app.app_context():
        assert db.session().query(signins.SignInTry).count() == 1


def test_a_form_from_before_signing_in_anew_is_shown_not_sent(clerk: Clerk, hotel: House) -> None:
    address = f"/guests/{hotel.party('Yamada').guest_id}"
    sent = typed_by(clerk, address)
    clerk.press("/sign-out")
    page = clerk.get("/sign-in")
    token = dict(waiting(page))["csrf_token"]
    data = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    clerk.client.post("/sign-in", data=data)

    back = clerk.client.post(address, data=sent)

    assert "nothing is done yet" in back.text
    assert "Two cots." in back.text
    assert hotel.party("Yamada").guest.surname == "Yamada"


def test_nobody_else_gets_the_text(clerk: Clerk, as_role: Any, hotel: House) -> None:
    as_role(Role.FRONT_DESK)
    address = f"/guests/{hotel.party('Yamada').guest_id}"
    sent = typed_by(clerk, address)
    end_all(hotel)
    asked = clerk.client.post(address, data=sent)

    other = sign_in_there(clerk, address, asked, email="front_desk@front.example")

    assert "typed by somebody else" in other.text
    assert "Two cots." not in other.text


def test_a_page_of_elsewhere_brings_no_text(clerk: Clerk, hotel: House) -> None:
    address = f"/guests/{hotel.party('Yamada').guest_id}"
    clerk.press("/sign-out")

    for token in ("", "forged.signed.token"):
        answer = clerk.client.post(address, data={"csrf_token": token, "notes": "Two cots."})
        assert answer.status_code == 400
        assert "You were signed out." in answer.text
        assert "Two cots." not in answer.text
    long = {**dict(waiting(clerk.get("/sign-in"))), "notes": "x" * 70_000}
    assert "xxx" not in clerk.client.post(address, data=long).text


def a_second_hotel(hotel: House) -> int:
    """Let the clerk work in another hotel of the chain too; return its id."""

    def opened(session: Any, house: Any) -> int:
        other = make.furnished(session, "NEXT", chain=session.get_one(Chain, house.chain_id))
        person = session.query(Staff).filter_by(email=EMAIL).one()
        hiring.give_role(session, person, hotel=other, role=Role.MANAGER)
        return int(other.id)

    return int(hotel.does(opened))


def phone_of(clerk: Clerk, hotel_id: int) -> str:
    with clerk.app.app_context():
        return letterheads.of(db.session(), db.session().get_one(Hotel, hotel_id)).phone


def letterhead_typed(clerk: Clerk, phone: str) -> dict[str, Any]:
    page = clerk.get("/letterhead").text
    return {**forms_read.on(page, "/letterhead", "/letterhead"), "phone": phone}


def test_who_was_signed_out_comes_back_to_the_hotel_of_the_form(clerk: Clerk, hotel: House) -> None:
    other = a_second_hotel(hotel)
    clerk.press("/hotel", hotel=other)
    sent = letterhead_typed(clerk, "+49 2")
    clerk.press("/sign-out")

    asked = clerk.client.post("/letterhead", data=sent)
    back = sign_in_there(clerk, "/letterhead", asked)

    assert "Hotel Next" in asked.text
    assert "nothing is done yet" in back.text
    again = forms_read.on(back.text, "/letterhead", "/letterhead")
    assert again["phone"] == ["+49 2"]
    forms_read.send(clerk.client, "/letterhead", again)
    assert (phone_of(clerk, other), phone_of(clerk, hotel.hotel_id)) == ("+49 2", "")


def test_a_form_of_one_hotel_is_never_written_into_another(clerk: Clerk, hotel: House) -> None:
    other = a_second_hotel(hotel)
    sent = letterhead_typed(clerk, "+49 1")
    clerk.press("/hotel", hotel=other)

    back = clerk.client.post("/letterhead", data=sent)

    assert phone_of(clerk, other) == phone_of(clerk, hotel.hotel_id) == ""
    assert "You had gone to another hotel. This is of Hotel Test" in back.text
    again = forms_read.on(back.text, "/letterhead", "/letterhead")
    assert again["phone"] == ["+49 1"]
    forms_read.send(clerk.client, "/letterhead", again)
    assert (phone_of(clerk, other), phone_of(clerk, hotel.hotel_id)) == ("", "+49 1")


def test_a_fragment_of_one_hotel_writes_nothing_in_another(clerk: Clerk, hotel: House) -> None:
    other = a_second_hotel(hotel)
    sent = letterhead_typed(clerk, "+49 1")
    clerk.press("/hotel", hotel=other)

    answer = clerk.client.post("/letterhead", data=sent, headers={"HX-Request": "true"})

    assert 'id="elsewhere"' in answer.text
    assert phone_of(clerk, other) == phone_of(clerk, hotel.hotel_id) == ""


def test_who_comes_back_to_a_hotel_sends_its_open_forms(clerk: Clerk, hotel: House) -> None:
    other = a_second_hotel(hotel)
    sent = letterhead_typed(clerk, "+49 1")
    clerk.press("/hotel", hotel=other)
    clerk.press("/hotel", hotel=hotel.hotel_id)

    done = forms_read.send(clerk.client, "/letterhead", sent)

    assert "nothing is done yet" not in done.text
    assert (phone_of(clerk, other), phone_of(clerk, hotel.hotel_id)) == ("", "+49 1")


def test_an_old_form_is_not_valid_in_another_sign_in(clerk: Clerk, hotel: House) -> None:
    sent = letterhead_typed(clerk, "+49 1")
    clerk.press("/sign-out")
    token = dict(waiting(clerk.get("/sign-in")))["csrf_token"]
    data = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    clerk.client.post("/sign-in", data=data)

    back = clerk.client.post("/letterhead", data=sent)

    assert "nothing is done yet" in back.text
    assert phone_of(clerk, hotel.hotel_id) == ""


def test_a_page_of_another_hotel_signs_out_all_the_same(clerk: Clerk, hotel: House) -> None:
    other = a_second_hotel(hotel)
    old = letterhead_typed(clerk, "")["csrf_token"]
    clerk.press("/hotel", hotel=other)

    answer = clerk.client.post("/sign-out", data={"csrf_token": old})

    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert clerk.get("/letterhead").location.startswith("/sign-in")


def test_nobody_is_signed_out_by_a_page_of_somebody_else(
    clerk: Clerk, as_role: Any, hotel: House
) -> None:
    theirs = letterhead_typed(as_role(Role.MANAGER), "")["csrf_token"]

    for token in (theirs, "forged.signed.token", ""):
        assert clerk.client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert clerk.get("/letterhead").status_code == 200


def test_a_page_of_another_hotel_is_told_so_and_keeps_what_was_typed_in_it(
    clerk: Clerk, hotel: House
) -> None:
    other = a_second_hotel(hotel)
    [old] = letterhead_typed(clerk, "")["csrf_token"]
    clerk.press("/hotel", hotel=other)

    pressed = clerk.client.post("/sign-ins/end", data={"csrf_token": old})
    asks = {"HX-Request": "true", "X-CSRFToken": old}
    parts = [
        clerk.client.get("/letterhead", headers=asks),
        clerk.client.post("/letterhead", headers=asks, data={"csrf_token": old}),
    ]

    assert pressed.status_code == 400
    assert "This page is of another hotel. Load it again." in pressed.text
    assert "stood open too long" not in pressed.text
    assert 'id="elsewhere"' in clerk.get("/letterhead").text
    for part in parts:
        assert (part.status_code, part.headers["HX-Retarget"]) == (200, "#elsewhere")
        assert part.text.count("id=") == part.text.count('id="elsewhere"') == 1
        assert "You went to" in part.text
        assert "What you typed here stays: press the button" in part.text
        assert "HX-Refresh" not in part.headers


def test_a_form_of_a_hotel_where_one_has_no_role_any_more_is_refused(
    clerk: Clerk, hotel: House
) -> None:
    other = a_second_hotel(hotel)
    clerk.press("/hotel", hotel=other)
    sent = letterhead_typed(clerk, "+49 2")
    hotel.does(lambda session, _: session.query(StaffRole).filter_by(hotel_id=other).delete())

    back = clerk.client.post("/letterhead", data=sent, follow_redirects=True)

    assert "a hotel where you don&#39;t work any more" in back.text
    assert phone_of(clerk, other) == phone_of(clerk, hotel.hotel_id) == ""


def test_a_word_beside_a_button_is_shown_again_where_its_page_has_no_place_for_it(
    clerk: Clerk, hotel: House
) -> None:
    party = hotel.party("Yamada").id
    page, address = f"/reservations/{party}", f"/check-in/{party}/pin"
    sent = {**forms_read.on(clerk.get(page).text, address, page), "reason": 'Her "old" room'}
    end_all(hotel)

    back = sign_in_there(clerk, address, clerk.client.post(address, data=sent))

    assert back.status_code == 409
    assert "nothing is done yet" in back.text
    again = forms_read.on(back.text, address, address)
    assert again["reason"] == ['Her "old" room']
    assert hotel.party("Yamada").do_not_move is None
    done = forms_read.send(clerk.client, address, again)
    assert "is not to be moved" in done.text
    assert hotel.party("Yamada").do_not_move == 'Her "old" room'


def test_what_no_field_is_called_as_is_shown_too(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák")
    address = f"/check-in/{party.id}/keys"
    page = f"/reservations/{party.id}"
    token = forms_read.on(clerk.get(page).text, address, page)["csrf_token"]
    sent = {"csrf_token": token, "count": "2", "words": "For the driver,\r\nhe waits", "do": "x"}
    end_all(hotel)

    back = sign_in_there(clerk, address, clerk.client.post(address, data=sent))

    again = forms_read.on(back.text, address, address)
    assert (again["count"], again["do"]) == (["2"], ["x"])
    assert again["words"][0].split() == ["For", "the", "driver,", "he", "waits"]
    assert 'for="again-1">Words</label>' in back.text


def test_what_a_page_knows_by_itself_is_never_shown_as_words() -> None:
    moment = "2026-11-20 14:00:00.000000+00:00"
    carried = ("opened", "shown-opened", "key", "version", "seen", "party")

    assert not any(shown_again.Loose(name, moment).is_words for name in carried)
    assert shown_again.Loose("shown-words", moment).is_words
