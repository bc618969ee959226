"""The pay page: opened by its link, paid on the hosted page, refused kindly, told by events."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import stripe
from markupsafe import escape

from pms.base import clock
from pms.base.money import Money
from pms.gateways.stripe_fake import PREFIX, Practice
from pms.hotel.books import folios, payments
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.service.checkout import CardConsent, PaymentRequest, Purpose, RequestState
from pms.hotel.service.checkout.news import GatewayEvent
from pms.hotel.stays import reservations, settlements
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from pms.web.letters.paying import PAYING
from tests import make
from tests.front_office.conftest import House
from tests.guest_side.conftest import Guest
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


def test_a_guest_opens_pays_and_comes_back(guest: Guest, hotel: House) -> None:
    address = guest.asked()
    page = guest.client.get(address)
    assert "120.00" in page.text
    assert "Hotel Test" in page.text
    assert "practising" in page.text
    assert guest.request().state is RequestState.OPENED

    hosted = guest.presses(address)
    assert hosted.status_code == 303
    assert hosted.location.startswith(f"{PREFIX}/pay/cs_test_")
    again = guest.presses(address)
    assert again.location == hosted.location
    shown = guest.client.get(hosted.location)
    assert "Practice page: no money moves here" in shown.text
    assert "style-src 'sha256-" in shown.headers["Content-Security-Policy"]
    refused = guest.chooses(hosted.location, "declined")
    assert "declined: generic decline" in refused.text
    turned = guest.returns(guest.chooses(hosted.location, "declined", do="back"))
    assert "Your card was declined, and nothing was taken" in turned
    assert "Try again</button>" in turned
    asks = guest.chooses(hosted.location, "secure")
    assert "Your bank asks" in asks.text
    back = guest.chooses(hosted.location, "secure", do="sure")

    assert "Paid. Thank you!" in guest.returns(back)
    assert guest.request().state is RequestState.PAID
    held = hotel.does(
        lambda session, _house: settlements.deposit_held(session, yamada(session)).minor
    )
    assert held == 12_000
    assert "?lang=de" in guest.client.get(address).text


def yamada(session: Any) -> Reservation:
    return next(each for each in session.query(Reservation) if each.guest.surname == "Yamada")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_four_languages(guest: Guest, language: str) -> None:
    page = guest.client.get(f"{guest.asked()}?lang={language}").text

    assert f'<html lang="{language}">' in page
    assert PAYING[language]["deposit"] in page
    assert set(PAYING[language]) == set(PAYING["en"])


def test_guest_and_desk_read_the_same_last_day(guest: Guest, hotel: House, clerk: Any) -> None:
    address = guest.asked()
    ends = {  # Berlin is an hour ahead in winter
        datetime(2026, 11, 25, 23, tzinfo=UTC): ("bis Mittwoch, 25. November 2026.", "Wed 25 Nov,"),
        datetime(2026, 11, 26, 9, tzinfo=UTC): ("26. November 2026, 10:00 Uhr", "26 Nov 10:00"),
    }
    for end, (on_page, at_desk) in ends.items():
        hotel.does(
            lambda session, _house, end=end: session.execute(
                sa.update(PaymentRequest).values(expires_at=end)
            )
        )
        with clock.set_to(datetime(2026, 11, 20, 12, tzinfo=UTC)):
            page = guest.client.get(f"{address}?lang=de").text
            desk = clerk.get(f"/payment-requests/{guest.request().id}").text
        assert on_page in page
        assert at_desk.rstrip(",") in desk


def test_the_link_of_a_cancelled_booking_says_that_nothing_is_asked(
    guest: Guest, hotel: House
) -> None:
    address = guest.asked()
    hosted = guest.presses(address)
    hotel.does(
        lambda session, _house: reservations.cancel(
            session, yamada(session), reason="Ill", by=make.by(session, _house)
        )
    )

    page = guest.client.get(f"{address}?lang=de").text

    assert "Es wird nichts mehr verlangt." in page
    assert "120" not in page
    assert "<button>" not in page
    assert hosted.location.startswith(f"{PREFIX}/pay/")


def test_a_card_is_kept_only_of_who_agrees(guest: Guest) -> None:
    address = guest.asked(Purpose.CARD)

    refused = guest.presses(address, lang="fr")
    assert refused.status_code == 422
    assert "cochez la case" in refused.text
    hosted = guest.presses(address, agree="yes", lang="fr")
    done = guest.returns(guest.chooses(hosted.location, "visa"))

    assert "Votre carte est enregistrée" in done
    with guest.app.app_context():
        [consent] = db.session().query(CardConsent)
        assert (consent.language, consent.address) == ("fr", "127.0.0.1")
        assert "Stripe conserve ma carte" in consent.words


def _other(token: str) -> str:
    return ("y" if token[0] == "x" else "x") + token[1:]


def test_no_link_can_be_guessed_or_counted_through(guest: Guest, practising: int) -> None:
    address = guest.asked()
    token = address.removeprefix("/pay/")
    assert len(token.split("~")[1]) >= 43  # 256 bits

    said, signature = token.split("~")
    forged = f"{said}~{_other(signature)}"  # of its last letter not every bit is read
    for changed in (forged, _other(token), token.replace("~", ""), "é" * 9, "x" * 500):
        assert guest.client.get(f"/pay/{changed}").status_code == 404
    answers = {guest.client.get(f"/pay/{n}").status_code for n in range(20)}

    assert answers == {404, 429}
    assert guest.client.get(address).status_code == 200
    assert guest.client.post(address).status_code == 400  # without the page's own token


def test_a_link_that_is_over_and_a_gateway_that_is_away_say_so(
    guest: Guest, practice: Practice, clerk: Any
) -> None:
    address = guest.asked()
    practice.lose_replies = 1
    away = guest.presses(address)
    assert (away.status_code, "try again in a minute" in away.text) == (503, True)
    clerk.press(
        f"/payment-requests/{guest.request().id}/withdraw", "/payment-requests", reason="Wrong sum"
    )

    page = guest.client.get(address).text

    assert "no longer valid" in page
    assert "<button>" not in page
    assert guest.client.get(f"{PREFIX}/pay/cs_unknown").status_code == 404


def test_a_bank_that_answers_later_is_waited_for(guest: Guest, practice: Practice) -> None:
    address = guest.asked()
    hosted = guest.presses(address)

    page = guest.returns(guest.chooses(hosted.location, "debit"))

    assert "confirmed it yet" in page
    assert "<button>" not in page


# --- events ---------------------------------------------------------------------------------------


def test_events_are_kept_once_and_only_signed_ones(guest: Guest, practice: Practice) -> None:
    hosted = guest.presses(guest.asked())
    guest.chooses(hosted.location, "visa")  # the practice pages tell the house by themselves
    with guest.app.app_context():
        told = {each.kind for each in db.session().query(GatewayEvent)}
    assert {"checkout.session.completed", "payment_intent.succeeded"} <= told

    body, header = practice.signed("TEST", practice.store.events("TEST")[0][1])

    def send(body: bytes, header: str, code: str = "TEST") -> int:
        answer = guest.client.post(
            f"/stripe/{code}", data=body, headers={"Stripe-Signature": header}
        )
        return int(answer.status_code)

    assert [send(body, header), send(body, header)] == [200, 200]
    assert send(body + b" ", header) == 400
    assert send(body, "") == 400
    assert send(body, header, code="NOWHERE") == 404
    strange = json.dumps(
        {"id": "evt_s", "object": "event", "type": "invoice.paid", "livemode": False,
         "data": {"object": {"id": "in_1", "object": "invoice"}}}
    )  # fmt: skip
    secret = practice.account("TEST").webhook_secret
    signed = stripe.WebhookSignature.generate_signature_header(strange, secret)
    assert send(strange.encode(), signed) == 200
    with guest.app.app_context():
        assert db.session().query(GatewayEvent).count() == len(practice.happened("TEST")) + 1


def test_the_link_of_a_bill_paid_at_the_desk_asks_for_nothing(guest: Guest, hotel: House) -> None:
    owed = Money(7_000, "EUR")

    def charged(session: Any, house: Any) -> int:
        party, by = yamada(session), make.by(session, house)
        folio = settlements.folio_of(session, party, by=by)
        bar = make.charge_code(session, house, "BAR9")
        folios.charge(session, folio, code=bar, amount=owed, by=by)
        return folio.id

    folio_id = hotel.does(charged)
    address = guest.asked(Purpose.BALANCE, owed.minor)
    assert "€70.00" in guest.client.get(f"{address}?lang=en").text
    hotel.does(
        lambda session, house: payments.pay(
            session, session.get_one(folios.Folio, (house.id, folio_id)),
            amount=owed, method=payments.Method.CASH, by=make.by(session, house),
        )
    )  # fmt: skip

    for language, words in PAYING.items():
        page = guest.client.get(f"{address}?lang={language}").text
        assert escape(words["bill_paid"]) in page
        assert "<button>" not in page
        assert "70" not in page.partition("<main")[2]
