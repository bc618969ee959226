"""A company's account at the desk: taken, set against bills, disputed, written off, told."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html
from pypdf import PdfReader
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import receivables
from pms.hotel.books.folios import Folio
from pms.hotel.books.receivables import CityItem, ItemKind
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Role
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, post, queries, sign_in


@pytest.fixture
def company(app: Flask, house: int, bill: int) -> int:
    """A company that was billed the 100.00 of a window, and owed 55.50 from before; its id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        made = companies.enter(
            session, hotel, code="LTD", name="Whitcombe Ltd", email="ap@ltd.example",
            language="fr", direct_bill=True, by=by,
        )  # fmt: skip
        receivables.direct_bill(session, session.get_one(Folio, (house, bill)), company=made, by=by)
        receivables.bring_forward(
            session, hotel, made, amount=Money(5_550, "EUR"), reference="OLD 1",
            dated=make.DAY.replace(month=8), by=by,
        )  # fmt: skip
        return made.id


def item_of(app: Flask, kind: ItemKind, *, place: int = -1) -> CityItem:
    """An item of a kind as it stands, the newest unless said otherwise."""
    with app.app_context():  # of its own: who is signed in is kept with it
        found = db.session().query(CityItem).filter_by(kind=kind).order_by(CityItem.id)
        return found.all()[place]


def test_the_city_ledger_shows_each_accounts_ageing(desk: Any, company: int) -> None:
    page = desk.get("/city-ledger").text

    assert "Companies owe €155.50" in page
    assert "90–119 days €55.50" in page
    assert "90 days and more" in page
    csv = desk.get("/city-ledger/ageing.csv").text.splitlines()
    assert csv[1] == "LTD,Whitcombe Ltd,100.00,0.00,0.00,55.50,0.00,0.00,0.00,155.50"


def test_the_city_ledger_is_shown_of_no_day_that_wasnt_lived(desk: Any, company: int) -> None:
    before, after = ((make.DAY + timedelta(days=off)).isoformat() for off in (-1, 1))
    for asked, words in (
        (before, "has no figures"), (after, "has no figures"), ("abc", "That is no day"),
    ):  # fmt: skip
        page = desk.get(f"/city-ledger?day={asked}")
        assert (page.status_code, words in page.text) == (422, True)
        assert f"as of {make.DAY:%a} {make.DAY.day}" in page.text
        assert desk.get(f"/city-ledger/ageing.csv?day={asked}").status_code in {409, 422}
    assert f'max="{make.DAY.isoformat()}"' in desk.get("/city-ledger").text


def test_a_statement_of_15_bills_is_one_page_and_no_day_breaks(
    app: Flask, house: int, send: Send, desk: Any, company: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel, by = session.get_one(Hotel, house), make.by(session, session.get_one(Hotel, house))
        firm = session.get_one(Company, (hotel.chain_id, company))
        for no in range(13):
            receivables.bring_forward(
                session, hotel, firm, amount=Money(27_450, "EUR"), reference=f"R {no}",
                dated=make.DAY - timedelta(days=100 + no), by=by,
            )  # fmt: skip
    made = send(f"/city-ledger/{company}/statements", tells="statement").headers["Location"]

    pages = PdfReader(io.BytesIO(desk.get(f"{made}.pdf").data)).pages

    assert len(pages) == 1
    lines = pages[0].extract_text().splitlines()
    days = [line for line in lines if re.match(r"\d\d? \w+\.? 20\d\d", line)]
    assert len(days) >= 15


def test_a_payment_is_set_against_bills_by_hand_and_taken_back(
    app: Flask, desk: Any, send: Send, company: int
) -> None:
    taken = send(f"/city-ledger/{company}/pay", amount="120", way="transfer", reference="T 1")
    place = taken.headers["Location"]
    bill = item_of(app, ItemKind.BILL)
    assert "Of Folio" in desk.get(place).text

    nothing = send(f"{place}/allocate")
    much = send(f"{place}/allocate", **{f"item_{bill.id}": "100.01"})
    send(f"{place}/allocate", **{f"item_{bill.id}": "60"})
    send(f"{place}/oldest-first")

    assert nothing.status_code == much.status_code == 422
    assert "Write beside each bill" in nothing.text
    assert "Only €100.00 of that is open" in much.text
    assert item_of(app, ItemKind.BILL).open == 3_550
    assert item_of(app, ItemKind.PAYMENT).open == 0
    back = re.findall(r"/city-ledger/allocations/\d+/take-back", desk.get(place).text)
    assert len(back) == 3
    send(back[0], reason="Another bill")
    assert "Another bill" in desk.get(place).text
    assert item_of(app, ItemKind.PAYMENT).open == -6_000


def test_a_refused_limit_leaves_the_ways_through_the_list(
    app: Flask, desk: Any, send: Send, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        for n in range(51):
            companies.enter(
                session, hotel, code=f"C{n}", name=f"Company {n}", direct_bill=True, by=by
            )

    refused = send("/city-ledger/limit", limit="-1")

    page = html.fromstring(refused.text)
    assert refused.status_code == 422
    assert page.xpath("//form[.//input[@name='day']]/@action") == ["/city-ledger"]
    [further] = page.xpath("//a[@rel='next']/@href")
    assert further == "/city-ledger?page=2"
    assert "51 to 51" in desk.get(further).text


def test_a_bill_is_disputed_resolved_and_written_off_by_who_may(
    app: Flask, desk: Any, send: Send, company: int
) -> None:
    place = f"/city-ledger/items/{item_of(app, ItemKind.BILL).id}"

    assert send(f"{place}/dispute").status_code == 422
    send(f"{place}/dispute", reason="Never came")
    assert "Never came" in desk.get(place).text
    assert "In dispute" in desk.get(f"/city-ledger/{company}").text
    send(f"{place}/resolve", reason="They did")
    send("/city-ledger/limit", limit="10")
    client = sign_in(app.test_client(), Role.ACCOUNTANT)
    over = post(client, f"{place}/write-off", amount="20", reason="Bank")
    post(client, f"{place}/write-off", amount="9", reason="Bank")

    assert "You may write off €10.00 at most" in over.text
    nothing = [
        post(client, f"{place}/write-off", amount=typed, reason="x") for typed in ("0", "-5")
    ]
    assert ["above zero" in answer.text for answer in nothing] == [True, True]
    given_up = item_of(app, ItemKind.WRITE_OFF)
    assert (given_up.amount, item_of(app, ItemKind.BILL).open) == (-900, 9_100)
    post(client, f"/city-ledger/items/{given_up.id}/undo-write-off", reason="Paid")
    assert item_of(app, ItemKind.BILL).open == 10_000
    client = sign_in(app.test_client(), Role.FRONT_DESK)
    assert post(client, f"{place}/write-off", amount="9", reason="x").status_code == 403
    assert post(client, f"{place}/dispute", reason="x").status_code == 403


def test_a_statement_is_made_out_printed_and_mailed(
    desk: Any, send: Send, reading: Session, company: int
) -> None:
    made = send(f"/city-ledger/{company}/statements", tells="statement")
    place = made.headers["Location"]

    sent = send(f"{place}/mail", to="ap@ltd.example")

    assert "OLD 1" in desk.get(place).text
    assert desk.get(f"{place}.pdf").data.startswith(b"%PDF")
    assert sent.status_code == 302
    letter = reading.query(Letter).one()
    assert (letter.to, letter.subject[:17]) == ("ap@ltd.example", "Relevé de compte ")
    assert "on its way to ap@ltd.example" in desk.get(f"/city-ledger/{company}").text
    assert send(f"{place}/mail", to="nobody").status_code == 422
    reminded = send(f"/city-ledger/{company}/statements", tells="reminder").headers["Location"]
    assert "OLD 1" in desk.get(reminded).text


def test_a_companys_page_says_what_each_reminder_asked_for(
    desk: Any, send: Send, company: int
) -> None:
    for tells in ("statement", "reminder"):
        send(f"/city-ledger/{company}/statements", tells=tells)

    page = desk.get(f"/city-ledger/{company}").text.split('aria-label="Statements"')[1]

    reminder, statement = re.findall(r"<li>.*?<b>([\d.,]+)</b></li>", page, re.DOTALL)[:2]
    assert (reminder, statement) == ("55.50", "155.50")  # the other 100.00 isn't due yet


def test_what_is_on_account_is_given_back_or_voided(
    app: Flask, desk: Any, send: Send, company: int
) -> None:
    for _ in range(2):
        send(f"/city-ledger/{company}/pay", amount="30", way="cash")
    place = f"/city-ledger/items/{item_of(app, ItemKind.PAYMENT).id}"

    send(f"{place}/refund", amount="10", way="cash", reason="Twice")
    voided = send(f"{place}/void", reason="Wrong firm")

    assert item_of(app, ItemKind.REFUND).amount == 1_000
    assert "is set against bills" in voided.text
    first = item_of(app, ItemKind.PAYMENT, place=0)
    assert send(f"/city-ledger/items/{first.id}/void", reason="Twice").status_code == 302
    forward = {"reference": "OLD 1", "dated": "2026-01-02", "amount": "1"}
    again = send(f"/city-ledger/{company}/bring-forward", **forward)
    assert "OLD 1 is brought forward already" in again.text


def test_more_items_ask_no_more_queries(app: Flask, desk: Any, house: int, company: int) -> None:
    def add(n: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            found = companies.by_code(session, hotel, "LTD")
            assert found is not None
            for each in range(n, n * 5):
                receivables.bring_forward(
                    session, hotel, found, amount=Money(100, "EUR"), reference=f"Q{each}",
                    dated=make.DAY.replace(day=1), by=make.by(session, hotel),
                )  # fmt: skip

    add(1)
    few = queries(app, desk, f"/city-ledger/{company}")
    add(5)

    assert queries(app, desk, f"/city-ledger/{company}") <= few <= 24


def test_a_bill_moves_to_the_right_company_and_back(
    app: Flask, desk: Any, send: Send, house: int, company: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        right = companies.enter(
            session, hotel, code="BOLT", name="Bolt", direct_bill=True, by=make.by(session, hotel)
        ).id
    place = f"/city-ledger/items/{item_of(app, ItemKind.BILL).id}"

    nobody = send(f"{place}/move", reason="Bolt's guest")
    itself = send(f"{place}/move", to=company, reason="Bolt's guest")
    moved = send(f"{place}/move", to=right, reason="Bolt's guest").headers["Location"]

    assert "Say to whose account" in nobody.text
    assert "It is on the account of Whitcombe Ltd" in itself.text
    page = desk.get(moved).text
    assert "Moved from LTD" in page
    assert "€100.00 stands on the account of Bolt." in page
    assert "Bolt&#39;s guest" in desk.get(place).text
    send(f"{moved}/move-back", reason="Whitcombe's after all")
    assert item_of(app, ItemKind.BILL).open == 10_000
    assert "Look at it again" in send(f"{moved}/move-back", reason="Again").text
    client = sign_in(app.test_client(), Role.FRONT_DESK)
    assert post(client, f"{place}/move", to=right, reason="x").status_code == 403
