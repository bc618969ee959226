"""F18: pressed twice, sent again, or pressed on an old page: one effect, and the fresh values."""

import re
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.hotel.books.payments import Payment
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import settlements
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from tests import make
from tests.proofs import deeds
from tests.web.conftest import hire, sign_in


@pytest.fixture
def desks(app: Any) -> list[Any]:
    """Two browsers of one person, in a house with a party due and its bill."""
    with app.app_context(), transaction(db.session()) as session:
        house = make.furnished(session)
        hire(session, house)
        party = make.reservation(session, house, surname="Coming")
        settlements.folio_of(session, party, by=make.by(session, house))
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        sign_in(client)
    return clients


def ids(app: Any) -> tuple[int, int, int]:
    """The party, its bill, and room 103."""
    with app.app_context():
        session = db.session()
        party = deeds.of(session, deeds.the_hotel(session), "Coming")
        room = deeds.room(session, deeds.the_hotel(session), "103")
        assert party.folio_id is not None
        return party.id, party.folio_id, room.id


def form_of(page: Any, **typed: Any) -> dict[str, Any]:
    """The hidden fields of a page's form, and what is typed into it."""
    inputs = re.findall(r"<input[^>]*>", page.text)
    hidden = {
        re.search(r'name="([^"]*)"', each)[1]: re.search(r'value="([^"]*)"', each)[1]  # type: ignore[index]
        for each in inputs
        if 'type="hidden"' in each and "value=" in each and "name=" in each
    }
    return {**hidden, **{name: str(value) for name, value in typed.items()}}


def at_once(*works: Any) -> list[Any]:
    """Do all at once, in threads; return what each answered."""
    answers: list[Any] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(n: int) -> None:
        barrier.wait()
        answers[n] = works[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def count(app: Any, table: Any, *conditions: Any) -> int:
    with app.app_context():
        found = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return int(db.session().scalar(found) or 0)


def test_a_check_in_pressed_twice_is_one_stay(app: Any, desks: list[Any]) -> None:
    party, _, room = ids(app)
    address = f"/check-in/{party}"
    typed = form_of(desks[0].get(address), room=room)
    other = form_of(desks[1].get(address), room=room)

    answers = at_once(
        lambda: desks[0].post(address, data=typed), lambda: desks[1].post(address, data=other)
    )
    again = desks[0].post(address, data=typed)

    assert {answer.status_code for answer in answers} <= {200, 302, 409, 422}
    assert 302 in {answer.status_code for answer in answers}
    assert again.status_code == 302
    assert count(app, Stay, Stay.state == Presence.IN_HOUSE) == 1


def test_a_payment_sent_again_is_one_payment(app: Any, desks: list[Any]) -> None:
    """The page's own key tells a second press, and F5, from a second payment."""
    _, folio, _ = ids(app)
    address = f"/folios/{folio}/pay?window=1"
    typed = form_of(desks[0].get(address), amount="30.00", way="cash")
    key = [typed["key"]]

    pressed = at_once(*[lambda: desks[0].post(address, data=typed)] * 2)
    pressed.append(desks[0].post(address, data=typed))

    assert [answer.status_code for answer in pressed] == [302] * 3, (key, pressed[0].text)
    assert count(app, Payment) == 1


def test_a_key_sent_with_another_amount_is_refused(app: Any, desks: list[Any]) -> None:
    _, folio, _ = ids(app)
    address = f"/folios/{folio}/pay?window=1"
    typed = form_of(desks[0].get(address), amount="30.00", way="cash")
    assert desks[0].post(address, data=typed).status_code == 302

    answer = desks[0].post(address, data={**typed, "amount": "31.00"})

    assert answer.status_code == 422
    assert count(app, Payment) == 1


def test_an_old_page_is_refused_once_with_the_fresh_values(app: Any, desks: list[Any]) -> None:
    party, _, room = ids(app)
    address = f"/check-in/{party}/room"
    old = form_of(desks[0].get(address), room=room)
    with app.app_context():
        session = db.session()
        first_room = deeds.room(session, deeds.the_hotel(session), "104").id
    fresh = form_of(desks[1].get(address), room=first_room)
    assert desks[1].post(address, data=fresh).status_code == 302

    refused = desks[0].post(address, data=old)

    assert "Someone changed this reservation meanwhile" in refused.text
    with app.app_context():
        rooms = db.session().scalars(sa.select(Room.number).join(
            Reservation, sa.true()).where(Room.number == "104")).all()  # fmt: skip
        assert rooms
    again = form_of(refused, room=room)
    assert desks[0].post(address, data=again).status_code == 302
