"""Payments asked for at the desk: asked, mailed, withdrawn; holds, cards, refunds, modes."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from pms.base import clock
from pms.base.money import Money
from pms.gateways.stripe_fake import Practice
from pms.hotel.books import folios
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Role
from pms.hotel.service.checkout import (
    CardHold,
    Intent,
    KeptCard,
    PaymentRequest,
    Purpose,
    RequestState,
    putting_aside,
)
from pms.hotel.stays import express, settlements
from pms.hotel.stays.reservations import Reservation, State
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.guest_side.conftest import Guest
from tests.web.conftest import SQLITE_ONLY
from tests.web.test_query_counts import queries

pytestmark = SQLITE_ONLY


def ask(clerk: Clerk, party: int, **typed: str) -> Any:
    address = f"/payment-requests/new?reservation={party}"
    return clerk.send(address, **{"until": "2099-01-01", "language": "de", **typed})


@pytest.fixture
def until() -> str:
    return str((clock.now() + timedelta(days=5)).date())


def test_a_deposit_is_asked_for_mailed_printed_and_withdrawn(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
    until: str,
) -> None:
    party = hotel.party("Yamada").id

    page = ask(clerk, party, purpose="deposit", amount="80.00", to="k@mail.example", mail="y",
               until=until).text  # fmt: skip

    link = re.search(r'readonly value="http://localhost(/pay/[^"]+)"', page)
    assert link
    assert 'src="data:image/svg+xml' in page
    assert "mailed to k@mail.example" in page
    with guest.app.app_context():
        [letter] = db.session().query(Letter)
        assert letter.subject == "Anzahlung, Hotel Test"
        assert link[1] in letter.text
        assert link[1] in letter.html
    made = guest.request()
    mine = f"/payment-requests/{made.id}"
    guest.app.config["PUBLIC_URL"] = "https://bookings.the-old-town-hotel-of-berlin-mitte.example"
    [sheet] = PdfReader(io.BytesIO(clerk.get(f"{mine}.pdf").data)).pages
    lines = [line.strip() for line in sheet.extract_text().splitlines()]
    assert {"https://bookings.the-old-town-hotel-of-berlin-mitte.example/pay/",
            link[1].rpartition("/")[2]} <= set(lines)  # fmt: skip
    fonts = {str(font.get_object()["/BaseFont"]) for font in sheet["/Resources"]["/Font"].values()}
    assert all("Inter" in font for font in fonts), fonts
    clerk.press(f"{mine}/mail", mine, to="other@mail.example")
    assert guest.request().mails == 2
    assert "Asked" in clerk.get(f"{mine}/state").text
    assert "80.00" in clerk.get("/payment-requests").text
    assert "is withdrawn" in clerk.press(f"{mine}/withdraw", mine, reason="Wrong sum").text
    assert "80.00" in clerk.get("/payment-requests?show=over").text
    assert clerk.press(f"{mine}/withdraw", mine, reason="Again").status_code == 422


def test_a_link_is_offered_for_a_week_from_now_though_the_day_was_not_closed(
    as_role: Any, hotel: House, guest: Guest
) -> None:
    party = hotel.party("Yamada").id

    with clock.set_to(make.NOON + timedelta(days=30)):
        page = as_role(Role.MANAGER).get(f"/payment-requests/new?reservation={party}").text

    [field] = re.findall(r"<input[^>]*name=\"until\"[^>]*>", page)
    assert 'value="2026-12-27"' in field


def test_a_request_for_a_bill_is_told_in_words_and_offers_the_guests_address(
    clerk: Clerk, hotel: House, guest: Guest, until: str
) -> None:
    def owes(session: Any, there: Any) -> int:
        by, code = make.by(session, there), make.charge_code(session, there, "BAR")
        party = session.merge(hotel.party("Yamada"))
        party.guest.email = "k@mail.example"
        folio = settlements.folio_of(session, party, by=by)
        folios.charge(session, folio, code=code, amount=Money(5_000, "EUR"), window=1, by=by)
        return int(folio.id)

    place = f"/payment-requests/new?folio={hotel.does(owes)}"
    page = clerk.send(place, purpose="balance", amount="50", until=until, language="de").text

    assert "Payment of €50.00</h1>" in page
    assert "Deutsch" in page
    assert "Practice: no money moves" in page
    assert 'value="k@mail.example"' in page


def test_what_is_refused_stands_beside_its_field(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
    until: str,
) -> None:
    party = hotel.party("Yamada").id

    for typed, words in (
        ({"purpose": "deposit", "amount": "", "until": until}, "how much the guest is asked"),
        ({"purpose": "deposit", "amount": "1"}, "at most 90 days off"),
        ({"purpose": "card", "mail": "y", "to": "", "until": until}, "There is no e-mail address"),
    ):
        answer = ask(clerk, party, **typed)
        assert (answer.status_code, words in answer.text) == (422, True), answer.text
    lost = clerk.client.get("/payment-requests/new", follow_redirects=True)
    assert "Say who is to pay" in lost.text
    assert clerk.get("/payment-requests?show=x").status_code == 200
    assert clerk.get("/payment-requests/1").status_code == 404


def test_a_hold_by_link_is_the_guarantee_and_is_taken_at_the_desk(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
) -> None:
    party = hotel.party("Yamada").id
    assert "Ask for a card hold" in clerk.get(f"/check-in/{party}").text
    hosted = guest.presses(guest.asked(Purpose.HOLD, 20_000), agree="yes")
    guest.returns(guest.chooses(hosted.location, "visa"))

    assert "200.00 held on a card until" in clerk.get(f"/check-in/{party}").text
    page = clerk.get(f"/reservations/{party}/cards").text
    assert "covers" in page
    assert "Yamada" in clerk.get("/payment-requests/holds").text
    with guest.app.app_context():
        hold = db.session().query(CardHold).one().id
    cards = f"/reservations/{party}/cards"
    assert (
        clerk.press(f"/payment-requests/holds/{hold}/capture", cards, amount="200.01").status_code
        == 422
    )
    for nothing in ("0", "-5"):
        none = clerk.press(f"/payment-requests/holds/{hold}/capture", cards, amount=nothing)
        assert (none.status_code, "above zero" in none.text) == (422, True)
    taken = clerk.press(f"/payment-requests/holds/{hold}/capture", cards, amount="50.00").text

    assert "of the hold is taken" in taken
    assert clerk.press(f"/payment-requests/holds/{hold}/release", cards).text.count("captured") >= 1


def test_a_kept_card_is_charged_by_who_may(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
    as_role: Any,
) -> None:
    hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
    guest.returns(guest.chooses(hosted.location, "visa"))
    party = hotel.party("Novák").id

    def owe(session: Any, there: Any) -> int:
        found = session.get(type(hotel.party("Novák")), (there.id, party))
        by, code = make.by(session, there), make.charge_code(session, there, "BAR")
        folio = settlements.folio_of(session, found, by=by)
        folios.charge(session, folio, code=code, amount=Money(3_000, "EUR"), window=1, by=by)
        return int(folio.id)

    folio = hotel.does(owe)
    with guest.app.app_context():
        card = db.session().query(KeptCard).one().id
    cards = f"/reservations/{party}/cards"
    address = f"/payment-requests/cards/{card}/charge"

    assert as_role(Role.FRONT_DESK).press(address, cards, amount="1").status_code == 403
    for said in ("x", "", "-1", "9" * 30):  # which room that is nobody knows
        lost = clerk.press(f"{address}?reservation={said}", cards, amount="30.00", reason="x")
        assert lost.status_code == 404, said
    assert "agreed to what is owed" in clerk.press(address, cards, amount="31", reason="x").text
    assert (
        "is charged to Visa 4242"
        in clerk.press(address, cards, amount="30.00", reason="Minibar after check-out").text
    )
    assert "Visa 4242" in clerk.get(f"/folios/{folio}").text
    settled = clerk.get(cards).text
    assert ("there is nothing to charge" in settled, address in settled) == (True, False)
    assert "agreed to what is owed" in clerk.press(address, cards, amount="1", reason="x").text
    forget = f"/payment-requests/cards/{card}/forget"
    assert "is forgotten" in clerk.press(forget, cards, reason="Asked for it").text
    assert "kept any more" in clerk.press(forget, cards, reason="Again").text


def test_a_card_whose_bank_asks_for_its_guest_leads_to_a_link(
    clerk: Clerk, hotel: House, guest: Guest
) -> None:
    hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
    guest.returns(guest.chooses(hosted.location, "secure", do="sure"))
    party = hotel.party("Novák").id

    def owe(session: Any, there: Any) -> None:
        found = session.get(type(hotel.party("Novák")), (there.id, party))
        by, code = make.by(session, there), make.charge_code(session, there, "BAR")
        folio = settlements.folio_of(session, found, by=by)
        folios.charge(session, folio, code=code, amount=Money(3_000, "EUR"), window=1, by=by)

    hotel.does(owe)
    with guest.app.app_context():
        card = db.session().query(KeptCard).one().id

    page = clerk.press(
        f"/payment-requests/cards/{card}/charge", f"/reservations/{party}/cards",
        amount="30.00", reason="Minibar",
    ).text  # fmt: skip

    assert "The bank of Visa 3220 wants its guest to agree. Send them this link." in page
    assert 'value="30.00"' in page
    assert 'value="balance"' in page


def test_a_deposit_paid_online_goes_back_the_way_it_came(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
) -> None:
    hosted = guest.presses(guest.asked())
    guest.returns(guest.chooses(hosted.location, "visa"))
    address = f"/reservations/{hotel.party('Yamada').id}/deposit"
    page = clerk.get(address).text
    of = re.search(r'name="back-of".*?value="(\d+)"', page, re.DOTALL)
    assert of

    said = clerk.press(
        f"{address}/return", address,
        **{"back-way": "online", "back-of": of[1], "back-amount": "20.00",
           "back-reason": "Shorter stay"},
    ).text  # fmt: skip

    assert "goes back the way it came" in said
    assert "100.00" in said
    refused = clerk.press(
        f"{address}/return", address,
        **{"back-way": "online", "back-of": of[1], "back-amount": "100.01", "back-reason": "x"},
    )  # fmt: skip
    assert (refused.status_code, "At most" in refused.text) == (422, True)


def test_a_manager_sets_the_mode_and_no_page_shows_a_key(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
    as_role: Any,
) -> None:
    page = clerk.get("/online-payment").text
    assert "No keys are here." in page
    assert "/stripe/TEST" in page

    assert "is in test mode" in clerk.send("/online-payment", mode="test").text
    assert "is off" in clerk.send("/online-payment", mode="off").text
    party = hotel.party("Yamada").id
    assert "Online payment is off" in clerk.get(f"/payment-requests/new?reservation={party}").text
    assert as_role(Role.FRONT_DESK).get("/online-payment").status_code == 403


def test_what_is_put_aside_is_seen_and_ended_by_who_may(
    clerk: Clerk, hotel: House, guest: Guest, as_role: Any
) -> None:
    guest.presses(guest.asked())
    assert "Nothing is put aside" in clerk.get("/payment-requests/put-aside").text

    def odd(session: Any, there: Any) -> int:
        intent = session.query(Intent).one()
        putting_aside.put_aside(session, there, intent, "It is of another mode")
        return int(intent.id)

    one = f"/payment-requests/put-aside/{hotel.does(odd)}"
    page = clerk.get("/payment-requests/put-aside").text
    assert "It is of another mode" in page
    assert one in page
    assert one not in as_role(Role.FRONT_DESK).get("/payment-requests/put-aside").text
    assert as_role(Role.RESERVATIONS).get(one).status_code == 403
    assert clerk.send(one, reason="").status_code == 422
    assert clerk.get("/payment-requests/put-aside/1").status_code == 404
    assert "nothing waits for it any more" in clerk.send(one, reason="Not in its pages").text


def test_the_live_page_begins_anew_when_the_guest_has_paid(clerk: Clerk, guest: Guest) -> None:
    hosted = guest.presses(guest.asked())
    mine = f"/payment-requests/{guest.request().id}"
    assert "HX-Refresh" not in clerk.get(f"{mine}/state").headers
    guest.returns(guest.chooses(hosted.location, "visa"))

    assert clerk.get(f"{mine}/state").headers["HX-Refresh"] == "true"
    page = clerk.get(mine).text
    assert not [each for each in ("pay-code", "Mail the link", "Take it back") if each in page]


def leaves_owing(hotel: House) -> str:
    """Let Ana Novák owe 30.00, ask for the express check-out, and be due to leave."""
    party = hotel.party("Novák").id

    def leaves(session: Any, there: Any) -> str:
        found = session.get(Reservation, (there.id, party))
        by, code = make.by(session, there), make.charge_code(session, there, "BAR")
        folio = settlements.folio_of(session, found, by=by)
        folios.charge(session, folio, code=code, amount=Money(3_000, "EUR"), window=1, by=by)
        asked = express.ask(session, found, email="ana@example.org", by=by)
        there.business_date = found.departure
        return str(asked.id)

    return str(hotel.does(leaves))


def test_an_express_check_out_is_paid_by_the_card_where_the_house_allows_it(
    clerk: Clerk, hotel: House, guest: Guest, as_role: Any
) -> None:
    hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
    guest.returns(guest.chooses(hosted.location, "visa"))
    asked = leaves_owing(hotel)
    assert "Needs the guest" in clerk.get("/check-out/express").text
    clerk.press("/online-payment/express", "/online-payment", allowed="y")
    assert "Visa 4242 pays" in clerk.get("/check-out/express").text
    assert "Needs the guest" in as_role(Role.FRONT_DESK).get("/check-out/express").text

    done = clerk.press("/check-out/express", "/check-out/express", party=asked).text

    assert "1 party checked out" in done
    assert hotel.state("Novák") is State.DEPARTED


def test_an_express_guest_whose_card_is_declined_stays(
    clerk: Clerk, hotel: House, guest: Guest
) -> None:
    hosted = guest.presses(guest.asked(Purpose.CARD, surname="Novák"), agree="yes")
    guest.returns(guest.chooses(hosted.location, "later"))
    asked = leaves_owing(hotel)
    clerk.press("/online-payment/express", "/online-payment", allowed="y")

    done = clerk.press("/check-out/express", "/check-out/express", party=asked).text

    assert "didn&#39;t pay €30.00" in done
    assert hotel.state("Novák") is State.IN_HOUSE


def test_lists_ask_no_more_questions_when_they_grow(
    clerk: Clerk,
    hotel: House,
    guest: Guest,
    practice: Practice,
) -> None:
    def seen() -> list[int]:
        pages = ("/payment-requests", "/payment-requests/holds", "/payment-requests/payouts",
                 "/payment-requests/disputes")  # fmt: skip
        return [queries(guest.app, clerk.client, page) for page in pages]

    guest.asked()
    few = seen()
    for _ in range(3):
        guest.asked(surname="Åkesson")

    assert seen() == few
    with guest.app.app_context():
        states = {each.state for each in db.session().query(PaymentRequest)}
    assert states == {RequestState.ASKED}


def test_several_rooms_are_asked_for_one_payment_or_pay_it_at_the_desk(
    clerk: Clerk, hotel: House, guest: Guest, until: str
) -> None:
    party = hotel.party("Yamada").id

    def book_two_more(session: Any, house: Any) -> list[int]:
        first = session.get_one(Reservation, (house.id, party))
        made = [
            make.reservation(session, house, surname=name, with_booking=first, force="Theirs")
            for name in ("Second", "Third")
        ]
        return [first.number, *(each.number for each in made)]

    assert "One payment for all rooms" not in clerk.get(f"/reservations/{party}").text
    numbers = hotel.does(book_two_more)
    asks, takes = (f"/reservations/{party}/rooms/{what}" for what in ("ask", "pay"))
    assert takes in clerk.get(f"/reservations/{party}").text
    page = clerk.get(asks).text
    first, second, third = re.findall(r'name="(room_[^"]+)"', page)
    assert all(f"Deposit: {number}" in page for number in numbers)

    common = {"until": until, "language": "fr", "to": "k@mail.example", "mail": "y"}
    assert "once for each room" in clerk.send(asks, **common).text
    page = clerk.send(asks, **common, **{first: "80.00", second: "20.00"}).text
    assert "Payment for several rooms of €100.00" in page
    assert ">Third<" not in page
    with guest.app.app_context():
        [letter] = db.session().query(Letter)
        assert letter.subject == "Vos chambres, Hotel Test"
        assert "Second, " in letter.text
    made = guest.request()
    link = re.search(r'readonly value="http://localhost(/pay/[^"]+)"', page)
    assert link
    guest.returns(guest.chooses(guest.presses(link[1]).location, "visa"))
    one = f"/payment-requests/{made.id}"
    assert "Give back €100.00" in clerk.get(one).text
    assert "goes back the way it came" in clerk.press(f"{one}/refund", one, reason="Snow").text

    slip = {"way": "card", "brand": "Visa", "last_four": "4242", "terminal": "1", "batch": "7"}
    gone = clerk.send(takes, **slip, **{"room_1_2_1_0": "5.00", third: "5.00"})
    assert "changed meanwhile" in gone.text
    clerk.send(takes, **slip, **{first: "10.00", third: "5.00"})
    held = hotel.does(
        lambda session, house: [
            settlements.deposit_held(session, each).minor
            for each in session.query(Reservation).filter(Reservation.number.in_(numbers))
        ]
    )
    assert sorted(held) == [0, 500, 1_000]
    assert clerk.get("/reservations/1/rooms/ask").status_code == 404
