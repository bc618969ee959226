"""My stay: nobody else's, opened by two secrets, filled in by its guest, and seen by the desk."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pms.base import dates
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.papers import issuers
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.rooms import policies
from pms.hotel.rooms.policies import Amount, By
from pms.hotel.service.checkout import PaymentRequest, modes
from pms.hotel.service.requests import Request, Source, categories
from pms.hotel.stays import guest_links, night_charges, settlements, stays
from pms.hotel.stays.guest_links import OPEN_AFTER_DEPARTURE, Door
from pms.hotel.stays.registration import RegistrationCard
from pms.hotel.stays.reservations import Reservation, State
from pms.web.guest_pages import framing
from tests import make, papered
from tests.front_office.conftest import Clerk, House
from tests.guest_side.own_pages.conftest import ARRIVAL, Phone
from tests.web.conftest import SQLITE_ONLY, hire, sign_in

pytestmark = SQLITE_ONLY
PAGES = ("", "/arrival", "/guests", "/card", "/requests", "/plans", "/bill", "/change", "/cancel",
         "/booked", "/stay.ics")  # fmt: skip
LINES = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""
PNG = "data:image/png;base64," + base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
    + b"\0" * 60
).decode()  # fmt: skip


@pytest.fixture
def party(hotel: House) -> Reservation:
    """Two who come in a week, of whom nobody has booked on the web; and a stranger beside them."""
    for surname in ("Dvořák", "Stranger"):
        hotel.does(
            lambda session, house, name=surname: make.reservation(
                session, house, surname=name, arrival=ARRIVAL
            )
        )
    return hotel.party("Dvořák")


@pytest.fixture
def inside(phone: Phone, party: Reservation, link: Callable[..., str]) -> Phone:
    """The phone of a guest who opened their stay."""
    phone.get(link("Dvořák"))
    assert phone.send(booking=party.number, who="dvorak").request.path == "/my-stay"
    return phone


@pytest.fixture
def clerk(app: Any, hotel: House) -> Clerk:
    """A manager at the desk."""
    hotel.does(hire)
    client = app.test_client()
    sign_in(client)
    return Clerk(client, app)


def furnish(session: Any, house: Hotel) -> None:
    """Let things be asked for."""
    categories.furnish(session, house, by=make.by(session, house))


@pytest.mark.parametrize(
    "address", ["/stay/abc", "/stay/", "/pay/abc", "/pay/a/b", "/my-stay/nowhere", "/h/NONE"]
)
def test_a_wrong_address_is_said_to_a_guest_in_their_language(app: Any, address: str) -> None:
    page = Phone(app, "fr").get(address)

    assert page.status_code == 404
    assert "Rouvrez le lien de notre lettre" in page.text
    assert "Today" not in page.text


def test_every_page_of_guests_begins_as_a_guests_address_does(app: Flask) -> None:
    of_guests = {"web_booking", "my_stay", "pay"}
    for rule in app.url_map.iter_rules():
        assert framing.is_guests(rule.rule) == (rule.endpoint.split(".")[0] in of_guests), rule


# --- nobody else's --------------------------------------------------------------------------------


def test_only_link_and_second_secret_together_open_a_stay_and_few_tries_are_answered(
    app: Any, phone: Phone, hotel: House, party: Reservation, link: Callable[..., str]
) -> None:
    address = link("Dvořák")
    other = hotel.party("Stranger")

    asked = phone.get(address)
    assert "Dvořák" not in asked.text
    assert asked.headers["Cache-Control"] == "no-store"
    wrong = [(party.number, "Stranger"), (other.number, "Stranger"), (other.number, "Dvořák")]
    answers = [phone.send(address, booking=number, who=who) for number, who in wrong]
    assert {each.status_code for each in answers} == {422}
    assert len({each.text.split("</form>")[-1] for each in answers}) == 1
    for _ in range(Door.STAY.most - len(wrong)):
        phone.send(address, booking=1, who="x")
    late = phone.send(address, booking=party.number, who="Dvořák")
    assert (late.status_code, late.headers["Retry-After"]) == (429, "900")
    assert phone.get("/my-stay").request.path == "/my-stay/ended"


def unlike(letter: str) -> str:
    """Another letter: the last of a signature may be one of several that mean the same."""
    return "A" if letter != "A" else "B"


def test_forged_changed_foreign_withdrawn_and_ended_links_are_nothing(
    app: Any, phone: Phone, hotel: House, party: Reservation, link: Callable[..., str]
) -> None:
    address = link("Dvořák")
    token = address.rsplit("/", 1)[1]
    named, signature = token.split("~")
    forged = [
        "1", "x" * 5_000, named, f"{named}~", f"{named}~{unlike(signature[0])}{signature[1:]}",
        f"{unlike(named[0])}{named[1:]}~{signature}", f"~{signature}", token.swapcase(),
    ]  # fmt: skip

    assert {phone.get(f"/stay/{each}").status_code for each in forged} == {404}
    hotel.does(
        lambda session, house: setattr(
            house, "business_date", party.departure + OPEN_AFTER_DEPARTURE + timedelta(days=1)
        )
    )
    assert phone.get(address).status_code == 404
    many = [phone.get(f"/stay/{named}~{n}").status_code for n in range(30)]
    assert many[-1] == 429


def test_a_visit_shows_its_own_stay_and_ends_with_the_link(
    app: Any, inside: Phone, hotel: House, party: Reservation
) -> None:
    said = {page: inside.get(f"/my-stay{page}") for page in PAGES}
    assert {page: each.status_code for page, each in said.items()} == dict.fromkeys(PAGES, 200)
    for page, each in said.items():
        assert "Stranger" not in each.text, page
        assert each.headers["Cache-Control"] == "no-store"
    cookie = inside.client.get_cookie("stay")
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    stolen = Phone(app)
    stolen.client.set_cookie("stay", cookie.value[:-1] + "x")
    assert stolen.get("/my-stay").request.path == "/my-stay/ended"

    hotel.does(
        lambda session, house: guest_links.withdraw(
            session, session.get_one(Reservation, (house.id, party.id)), by=make.by(session, house)
        )
    )
    for page in PAGES:
        assert inside.get(f"/my-stay{page}").request.path == "/my-stay/ended", page


def test_every_phrase_of_every_page_is_there_in_every_language(inside: Phone, hotel: House) -> None:
    hotel.does(
        lambda session, house: categories.furnish(session, house, by=make.by(session, house))
    )
    for language in LANGUAGES:
        for page in PAGES[:-1]:
            answer = inside.get(f"/my-stay{page}?lang={language}")
            assert f'<html lang="{language}">' in answer.text


# --- filled in by its guest -----------------------------------------------------------------------


def test_the_arrival_a_guest_tells_is_seen_at_the_desk(
    inside: Phone, hotel: House, party: Reservation, clerk: Clerk
) -> None:
    inside.get("/my-stay/arrival")
    refused = inside.send(words="4111 1111 1111 1111")
    assert refused.status_code == 422
    assert "card" in refused.text
    told = inside.send(eta="21:15", transport="plane", words="A quiet room")
    assert "The reception knows" in told.text

    seen = clerk.get(f"/reservations/{party.id}").text
    for words in ("21:15", "plane", "A quiet room"):
        assert words in seen


def test_a_guest_asks_for_something_once_and_sees_what_becomes_of_it(
    inside: Phone, hotel: House
) -> None:
    hotel.does(
        lambda session, house: categories.furnish(session, house, by=make.by(session, house))
    )
    page = inside.get("/my-stay/requests")
    inside.send(request_words="Two towels")
    inside.page = page
    answer = inside.send(request_words="Two towels")

    assert "Received" in answer.text
    wanted = sa.select(Request.source, Request.words)
    assert hotel.does(lambda session, _: session.execute(wanted).all()) == [
        (Source.GUEST, "Two towels")
    ]
    for n in range(8):
        inside.get("/my-stay/requests")
        last = inside.send(request_words=f"More {n}")
    assert "Much is being done" in last.text
    assert "Zimmer herrichten" in inside.get("/my-stay/requests?lang=de").text


def test_documents_are_read_kept_for_the_own_party_only_and_shown_masked(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    inside.get("/my-stay/guests")
    read = inside.send(lines=LINES, do="read", birth_date="", expires_on="")
    assert 'value="Eriksson"' in read.text
    assert 'value="1974-08-12"' in read.text
    assert 'value="2012-04-15"' in read.text
    stranger = inside.send(guest=hotel.party("Stranger").guest_id, do="keep")
    assert stranger.status_code == 422
    kept = inside.send(guest="another", do="keep", expires_on="2030-01-01")

    assert "Anna Maria Eriksson is written down" in kept.text
    assert "L898902C3" not in kept.text
    wanted = sa.select(IdentityDocument.number, IdentityDocument.surname)
    assert hotel.does(lambda session, _: session.execute(wanted).all()) == [
        ("L898902C3", "Eriksson")
    ]
    assert "1 of 2 with a document" in inside.get("/my-stay").text


def test_the_card_is_signed_once(inside: Phone, hotel: House) -> None:
    inside.get("/my-stay/card")
    assert inside.send(signature="nothing").status_code == 422
    page = inside.page
    signed = inside.send(signature=PNG)
    inside.page = page
    again = inside.send(signature=PNG)

    assert "The card is signed" in signed.text
    assert "signed already" in again.text
    count = sa.select(sa.func.count()).select_from(RegistrationCard)
    assert hotel.does(lambda session, _: session.scalar(count)) == 1


def test_a_guest_changes_and_cancels_at_what_they_were_shown(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    def pay_before(session: Any, house: Hotel) -> None:
        stay, paid = session.get_one(Reservation, (house.id, party.id)), Money(1_800, "EUR")
        by = make.by(session, house)
        settlements.take_deposit(session, stay, amount=paid, method=Method.CASH, by=by)

    hotel.does(pay_before)
    inside.get("/my-stay/change")
    shown = inside.send(departure=ARRIVAL + timedelta(days=3), do="ask")
    assert "€300.00" in shown.text
    hotel.does(lambda session, house: make.plan(session, house, price="150.00"))
    dearer = inside.send(do="change")
    assert "another by now" in dearer.text
    done = inside.send(do="change")
    assert "Your stay is changed" in done.text
    assert hotel.party("Dvořák").departure == ARRIVAL + timedelta(days=3)

    inside.get("/my-stay/cancel")
    ended = inside.send()
    assert "Your stay is cancelled. The cancellation number is" in ended.text
    assert "Cancellation number" in inside.get("/my-stay").text
    assert hotel.state("Dvořák") is State.CANCELLED
    home = inside.get("/my-stay").text
    assert "The whole stay" not in home
    assert "€18.00 is held for you" in home
    assert inside.get("/my-stay/change").status_code == 200


def test_who_cancels_late_is_told_before_what_more_falls_due_and_of_what_it_is_reckoned(
    phone: Phone, hotel: House, link: Callable[..., str]
) -> None:
    def book(session: Any, house: Hotel) -> None:
        by, half = make.by(session, house), Amount(By.PERCENT, 5_000)
        policy = make.policy(session, house, cancel=half)
        policies.attach(session, make.plan(session, house), policy, by=by)
        stay = make.reservation(session, house, surname="Late", arrival=ARRIVAL)
        paid = Money(4_500, "EUR")
        settlements.take_deposit(session, stay, amount=paid, method=Method.CASH, by=by)

    hotel.does(book)
    phone.get(link("Late"))
    home = phone.send(booking=hotel.party("Late").number, who="late").text
    asked = phone.get("/my-stay/cancel").text

    assert "Still to pay" in home
    assert "€155.00" in home
    assert "You pay 50 % of the stay. Its nights come to €200.00, without city tax." in asked
    assert "Cancel, with €55.00 still to pay</button>" in asked
    phone.send()
    assert hotel.state("Late") is State.CANCELLED
    assert "€55.00" in phone.get("/my-stay").text


def test_the_own_window_is_shown_and_paid_to_the_cent(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    def charge(session: Any, house: Hotel) -> None:
        by, stay = make.by(session, house), session.get_one(Reservation, (house.id, party.id))
        folio = settlements.folio_of(session, stay, by=by)
        firm = companies.enter(session, house, code="X", name="X Ltd", by=by)
        folios.open_window(session, folio, no=2, payee_company=firm, by=by)
        code = make.charge_code(session, house)
        for window, minor in ((1, 1_250), (2, 99_900)):
            amount = Money(minor, house.currency)
            folios.charge(session, folio, code=code, amount=amount, window=window, by=by)
        modes.set_mode(session, house, Mode.PRACTICE, by=by)

    hotel.does(charge)
    bill = inside.get("/my-stay/bill")
    assert "€12.50" in bill.text
    assert "999.00" not in bill.text
    inside.send()
    inside.get("/my-stay/bill")
    paying = inside.send()

    assert "Pay €12.50" in paying.text
    wanted = sa.select(PaymentRequest.amount, PaymentRequest.window)
    assert hotel.does(lambda session, _: session.execute(wanted).all()) == [(1_250, 1)]


def test_who_is_in_the_house_sees_what_the_nights_to_come_will_cost(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    def sleep(session: Any, house: Hotel) -> None:
        by, stay = make.by(session, house), session.get_one(Reservation, (house.id, party.id))
        first = dates.nights(stay.arrival, stay.departure)[0]
        house.business_date = stay.arrival
        stays.check_in(session, stay, room=make.room(session, house, "150"), by=by)
        night_charges.charge_nights(session, house, stay, [first], by=by)
        folio = settlements.folio_of(session, stay, by=by)
        paid = folios.balance_of(session, folio)[1]
        payments.pay(session, folio, amount=paid, method=Method.CASH, by=by)

    hotel.does(sleep)
    home, bill = inside.get("/my-stay").text, inside.get("/my-stay/bill").text

    assert "Nothing is to be paid yet." in home
    said = dict(re.findall(r"<(?:span|b)>([^<]+)</(?:span|b)><(?:span|b)>€([\d.]+)<", home))
    assert said["Paid in advance"] == said["Nights to come, taxes included"]
    assert float(said["The whole stay, taxes included"]) == 2 * float(said["Paid in advance"])
    assert "of it VAT" not in bill
    assert "<b>Nights to come" not in home  # one row of two isn't the louder


# --- at the desk ----------------------------------------------------------------------------------


def test_the_desk_makes_sends_and_withdraws_the_link(
    clerk: Clerk, hotel: House, party: Reservation
) -> None:
    page = f"/reservations/{party.id}"
    assert "/stay/" not in clerk.get(page).text
    made = clerk.press(f"{page}/link", page)
    assert "/stay/" in made.text
    assert "data:image/svg+xml" in made.text
    assert "no e-mail address" in clerk.press(f"{page}/link/send", page).text
    hotel.does(
        lambda session, house: setattr(
            session.get_one(Reservation, (house.id, party.id)).guest, "email", "ana@mail.example"
        )
    )
    assert "The link goes to the guest" in clerk.press(f"{page}/link/send", page).text
    assert "/stay/" not in clerk.press(f"{page}/link/withdraw", page).text
    foreign = hotel.does(
        lambda session, house: make.reservation(session, make.furnished(session, "OTHER")).id
    )
    assert clerk.press(f"/reservations/{foreign}/link", page).status_code == 404


def test_the_desk_opens_and_closes_the_page_on_the_web(clerk: Clerk, phone: Phone) -> None:
    assert "Best available" in clerk.get("/web-sales").text
    refused = clerk.send("/web-sales", is_open="y", colour="#112233")
    assert refused.status_code == 422
    assert "Choose at least one plan" in refused.text
    kept = clerk.send("/web-sales", colour="#ffee00", greeting="Good\nday")
    assert "The page on the web is closed" in kept.text
    assert 'name="de:Good day"' in clerk.get("/names").text
    assert phone.get("/h/TEST").status_code == 409
    assert "--accent: #ffee00" not in phone.get("/h/TEST/colours.css").text


def test_a_guest_has_their_own_papers_the_original_once_and_nobody_elses(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    stranger = hotel.party("Stranger")

    def issue(session: Any, house: Hotel) -> list[int]:
        by = make.by(session, house)
        issuers.write(session, house, papered.ISSUER, by=by)
        made = []
        for each in (party, stranger):
            found = session.get_one(Reservation, (house.id, each.id))
            folio = settlements.folio_of(session, found, by=by)
            bar = make.charge_code(session, house, "BAR")
            folios.charge(session, folio, code=bar, amount=Money(900, "EUR"), window=1, by=by)
            made.append(papered.invoice(session, folio).id)
        return made

    mine, theirs = hotel.does(issue)
    assert "and your invoices" in inside.get("/my-stay").text
    bill = inside.get("/my-stay/bill")
    first = inside.send(f"/my-stay/papers/{mine}")
    inside.get("/my-stay/bill")
    copy = inside.send(f"/my-stay/papers/{mine}")
    inside.get("/my-stay/bill")
    foreign = inside.send(f"/my-stay/papers/{theirs}")

    assert bill.text.count("Download") == 1
    assert first.data.startswith(b"%PDF")
    assert "attachment" in first.headers["Content-Disposition"]
    assert copy.data.startswith(b"%PDF")
    assert copy.data != first.data
    assert foreign.status_code == 404
