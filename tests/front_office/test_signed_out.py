"""Signed out in the middle of a form: the text waits for whoever typed it, and for nobody else."""

import re
from html import unescape
from typing import Any

from pms.hotel.house import signins
from pms.hotel.house.staff import Role
from pms.web.database import db
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
