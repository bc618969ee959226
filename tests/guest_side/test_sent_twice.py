"""What a desk asks of the gateway, sent twice: a card is charged once, money goes back once."""

import re
from typing import Any

import sqlalchemy as sa

from pms.base.money import Money
from pms.gateways.stripe_fake import Practice
from pms.hotel.books import folios
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.service.checkout import CardHold, KeptCard, PaymentRequest, Purpose
from pms.hotel.stays import settlements
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.guest_side.conftest import Guest
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


def key_in(page: str, name: str, action: str) -> str:
    """The key that a page's form carries."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}[?"].*?</form>', page, re.DOTALL)
    assert form, action
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', form[0])
    assert found, form[0]
    return found[1]


def moved(guest: Guest) -> list[int]:
    """What went through the gateway, in minor units."""
    with guest.app.app_context():
        return list(db.session().scalars(sa.select(GatewayPayment.amount).order_by("id")))


def owes(hotel: House, surname: str, minor: int) -> None:
    """Let a party owe something on its folio."""
    party = hotel.party(surname).id

    def owe(session: Any, there: Any) -> None:
        found = session.get(type(hotel.party(surname)), (there.id, party))
        by, code = make.by(session, there), make.charge_code(session, there, "BAR")
        folio = settlements.folio_of(session, found, by=by)
        folios.charge(session, folio, code=code, amount=Money(minor, "EUR"), window=1, by=by)

    hotel.does(owe)


def test_a_kept_card_is_charged_once_by_a_page_that_is_sent_twice(
    clerk: Clerk, hotel: House, guest: Guest
) -> None:
    hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
    guest.returns(guest.chooses(hosted.location, "visa"))
    owes(hotel, "Novák", 10_000)
    with guest.app.app_context():
        card = db.session().query(KeptCard).one().id
    cards = f"/reservations/{hotel.party('Novák').id}/cards"
    address = f"/payment-requests/cards/{card}/charge"
    typed = {"amount": "30.00", "reason": "Minibar"}
    typed["key"] = key_in(clerk.get(cards).text, "key", address)

    said = [clerk.press(address, cards, **typed).text for _ in range(2)]

    assert all("€30.00 is charged to Visa 4242" in each for each in said)
    assert moved(guest) == [3_000]
    other = clerk.press(address, cards, **typed | {"amount": "40.00"})
    assert (other.status_code, "sent before with other words" in other.text) == (422, True)
    another = typed | {"key": key_in(clerk.get(cards).text, "key", address)}
    clerk.press(address, cards, **another)
    assert moved(guest) == [3_000, 3_000]


def test_a_page_whose_answer_got_lost_is_pressed_again_and_charges_once(
    clerk: Clerk, hotel: House, guest: Guest, practice: Practice
) -> None:
    hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
    guest.returns(guest.chooses(hosted.location, "visa"))
    owes(hotel, "Novák", 10_000)
    with guest.app.app_context():
        card = db.session().query(KeptCard).one().id
    cards = f"/reservations/{hotel.party('Novák').id}/cards"
    address = f"/payment-requests/cards/{card}/charge"
    typed = {"amount": "30.00", "reason": "Minibar"}
    typed["key"] = key_in(clerk.get(cards).text, "key", address)
    practice.lose_replies = 1

    lost = clerk.press(address, cards, **typed)
    typed["key"] = key_in(lost.text, "key", address)  # the page stands there, to be pressed again
    again = clerk.press(address, cards, **typed)

    assert lost.status_code in {422, 503}
    assert "€30.00 is charged to Visa 4242" in again.text
    assert moved(guest) == [3_000]


def test_of_two_kept_cards_the_older_is_charged_too(
    clerk: Clerk, hotel: House, guest: Guest
) -> None:
    for name in ("mastercard", "later"):  # the newer one is declined when it is charged
        hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
        guest.returns(guest.chooses(hosted.location, name))
    owes(hotel, "Novák", 3_000)
    cards = f"/reservations/{hotel.party('Novák').id}/cards"
    with guest.app.app_context():
        older, newer = db.session().scalars(sa.select(KeptCard.id).order_by(KeptCard.id))
    page = clerk.get(cards).text
    assert f"/payment-requests/cards/{newer}/charge" in page
    assert f'href="{cards}?card={older}"' in page

    chosen = clerk.get(f"{cards}?card={older}").text
    address = f"/payment-requests/cards/{older}/charge"
    typed = {"amount": "30.00", "reason": "Minibar", "key": key_in(chosen, "key", address)}

    assert "is charged to Mastercard 4444" in clerk.press(address, cards, **typed).text
    assert moved(guest) == [3_000]


def test_of_two_holds_the_older_is_taken_too(clerk: Clerk, hotel: House, guest: Guest) -> None:
    for minor in (20_000, 10_000):
        hosted = guest.presses(guest.asked(Purpose.HOLD, minor), agree="yes")
        guest.returns(guest.chooses(hosted.location, "visa"))
    cards = f"/reservations/{hotel.party('Yamada').id}/cards"
    with guest.app.app_context():
        older, newer = db.session().scalars(sa.select(CardHold.id).order_by(CardHold.id))
    assert f"/payment-requests/holds/{newer}/capture" in clerk.get(cards).text

    page = clerk.get(f"{cards}?hold={older}").text

    assert f"/payment-requests/holds/{older}/capture" in page
    said = re.search(r"At most ([^ ]+) of the hold", page)
    assert said
    assert "200.00" in said[1]


def test_a_deposit_goes_back_once_by_a_page_that_is_sent_twice(
    clerk: Clerk, hotel: House, guest: Guest
) -> None:
    hosted = guest.presses(guest.asked())
    guest.returns(guest.chooses(hosted.location, "visa"))
    address = f"/reservations/{hotel.party('Yamada').id}/deposit"
    page = clerk.get(address).text
    of = re.search(r'name="back-of".*?value="(\d+)"', page, re.DOTALL)
    assert of
    typed = {"back-way": "online", "back-of": of[1], "back-amount": "20.00", "back-reason": "Less"}
    typed["back-key"] = key_in(page, "back-key", f"{address}/return")

    said = [clerk.press(f"{address}/return", address, **typed).text for _ in range(2)]

    assert all("goes back the way it came" in each for each in said)
    assert moved(guest) == [12_000, -2_000]


def test_a_guest_is_asked_once_by_a_page_that_is_sent_twice(
    clerk: Clerk, hotel: House, guest: Guest
) -> None:
    place = f"/payment-requests/new?reservation={hotel.party('Yamada').id}"
    typed = {"purpose": "deposit", "amount": "80.00", "language": "de"}
    page = clerk.get(place).text
    for name in ("csrf_token", "key", "until"):
        found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
        assert found, name
        typed[name] = found[1]

    said = [clerk.client.post(place, data=typed, follow_redirects=True).text for _ in range(2)]

    assert all("Show the code, or send the link." in each for each in said)
    with guest.app.app_context():
        assert db.session().query(PaymentRequest).count() == 1
