"""City ledger, cashier and reports: what companies owe, who took what, what was archived."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.back_office.reports.views import said
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import payments, receivables
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, hire, post, queries, sign_in

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def company(app: Flask, house: int, bill: int) -> int:
    """A company that was billed the 100.00 of a window; its id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        made = companies.enter(
            session, hotel, code="LTD", name="Whitcombe Ltd", direct_bill=True, by=by
        )
        receivables.direct_bill(session, session.get_one(Folio, (house, bill)), company=made, by=by)
        return made.id


def owes(session: Session, house: int, company: int) -> str:
    session.rollback()
    hotel = session.get_one(Hotel, house)
    found = session.get_one(Company, (hotel.chain_id, company))
    return str(receivables.balance_of(session, hotel, found))


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_company_pays_once_however_often_it_is_sent(
    desk: Any, send: Send, reading: Session, house: int, company: int
) -> None:
    assert "Whitcombe Ltd" in desk.get("/city-ledger").text
    pays = {"amount": "70.00", "way": "transfer", "key": "once"}

    send(f"/city-ledger/{company}/pay", **pays)
    send(f"/city-ledger/{company}/pay", **pays)

    assert owes(reading, house, company) == "30.00"
    assert "€70.00" in desk.get(f"/city-ledger/{company}").text


@SQLITE_ONLY
def test_a_company_pays_by_card_with_the_terminals_slip_and_gets_it_back_so(
    desk: Any, send: Send, reading: Session, house: int, company: int
) -> None:
    slip = {"brand": "Visa", "last_four": "4242", "authorisation": "A1", "terminal": "T1"}

    unslipped = send(f"/city-ledger/{company}/pay", amount="120.00", way="card", key="once")
    send(f"/city-ledger/{company}/pay", amount="120.00", way="card", key="once", batch="7", **slip)
    [paid] = reading.scalars(sa.select(payments.Payment).filter_by(method=Method.CARD))
    back = {"amount": "20.00", "way": "card", "batch": "7", "reason": "Too much", **slip}
    given = send(f"/city-ledger/items/{paid.entry_id}/refund", **back)

    assert unslipped.status_code == 422
    assert "Write the batch number from the slip." in unslipped.text
    assert (paid.terminal, paid.batch, given.status_code) == ("T1", "7", 302)
    assert "Terminal" in desk.get(f"/city-ledger/{company}").text
    reading.rollback()
    [batch] = payments.batches(reading, reading.get_one(Hotel, house), make.DAY)
    assert (batch.payments, batch.amount) == (2, 10_000)


def test_an_amount_that_is_none_is_refused_beside_it(send: Send, company: int) -> None:
    page = send(f"/city-ledger/{company}/pay", amount="seventy", way="cash")

    assert page.status_code == 422
    assert 'id="amount-refuses"' in page.text


def test_the_cashier_sees_money_by_way_and_person(
    app: Flask, desk: Any, house: int, bill: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        by = make.by(session, session.get_one(Hotel, house))
        folio = session.get_one(Folio, (house, bill))
        cash = payments.Method.CASH
        payments.pay(session, folio, amount=Money(4000, "EUR"), method=cash, by=by)

    page = desk.get("/cashier").text

    assert "€40.00" in page
    assert "By way and person" in page
    assert desk.get("/cashier?day=2026-01-01").status_code == 200
    lost = desk.get("/cashier?day=yesterday")
    assert lost.status_code == 422
    assert 'aria-describedby="day-refuses"' in lost.text
    assert "That is no day. Here is Fri 20 Nov 2026." in lost.text
    assert "€40.00" in lost.text


def test_a_reports_figures_are_written_as_pages_write_them():
    assert said("140150.78", counts=True) == "140,150.78"
    assert said("-1234.50", counts=False) == "\N{MINUS SIGN}1,234.50"
    assert said(1764, counts=True) == "1,764"
    assert said(10506, counts=False) == "10506"  # a folio's number


def closes_the_day(client: Any) -> None:
    """Close the day by its button, and wait for it."""
    asked = {"arrivals": "no_show", "due_outs": "extend", "at_any_hour": "y", "seen": "y"}
    post(client, "/night-audit/start", **asked)
    for thread in threading.enumerate():
        if thread.name == "night audit":
            thread.join(60)


@SQLITE_ONLY
def test_a_drawer_that_spans_the_roll_stays_blind_in_the_payments_of_the_closed_day(
    app: Flask, desk: Any, send: Send, bill: int
) -> None:
    auditor = sign_in(app.test_client(), Role.NIGHT_AUDITOR)
    post(auditor, "/cashier/shift/open", opening_float="0")
    post(auditor, f"/folios/{bill}/pay", amount="43.21", way="cash", key="a")
    send(f"/folios/{bill}/pay", amount="12.34", way="transfer", key="b")
    closes_the_day(desk)
    auditor.get("/cashier/shift")  # what was said there is read once

    for name in (Role.NIGHT_AUDITOR.words, "Married Since"):
        with app.app_context(), transaction(db.session()) as session:
            theirs = sa.select(Staff).where(Staff.email.startswith(Role.NIGHT_AUDITOR.value))
            session.scalars(theirs).one().name = name
        read = auditor.get("/reports?name=payments").text
        assert "43.21" not in read
        assert "to be counted" in read
        assert "12.34" in read
    assert "43.21" in desk.get("/reports?name=payments").text
    assert "Count the drawer" in auditor.get("/night-audit/2026-11-20/payments.csv").text


@SQLITE_ONLY
def test_reports_of_a_closed_day_are_read_from_the_archive(desk: Any) -> None:
    assert "No day is closed yet." in desk.get("/reports").text
    closes_the_day(desk)

    flash = desk.get("/reports").text
    for words in ("RevPAR", "No-shows", "Occupancy, paying rooms, %", "Month to date"):
        assert words in flash
    assert "Occupancy pct" not in flash
    assert "Debits" in desk.get("/reports?name=trial-balance").text
    flash = desk.get("/reports?name=secrets").text
    assert 'name=flash" aria-current="true"' in flash
    assert "Nothing was printed on Mon 01 Jan 2024." in desk.get("/reports?day=2024-01-01").text


@SQLITE_ONLY
def test_a_company_of_another_chain_is_not_there(app: Flask, client: Any, company: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hire(session, make.hotel(session, "OTHER"), Role.MANAGER)
    sign_in(client, code="other")

    assert client.get(f"/city-ledger/{company}").status_code == 404
    assert post(client, f"/city-ledger/{company}/pay").status_code == 404


@SQLITE_ONLY
def test_who_only_reserves_takes_no_money(client: Any, company: int) -> None:
    sign_in(client, Role.RESERVATIONS)

    assert post(client, f"/city-ledger/{company}/pay").status_code == 403
    assert client.get("/reports").status_code == 403


@SQLITE_ONLY
@pytest.mark.parametrize("address", ["/city-ledger", "/cashier"])
def test_more_rows_ask_no_more_queries(
    app: Flask, desk: Any, house: int, bill: int, company: int, address: str
) -> None:
    def add(n: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            by = make.by(session, hotel)
            folio = session.get_one(Folio, (house, bill))
            for each in range(n, n * 5):
                companies.enter(
                    session, hotel, code=f"C{each}", name=f"C{each}", direct_bill=True, by=by
                )
                cash = payments.Method.CASH
                payments.pay(session, folio, amount=Money(100, "EUR"), method=cash, by=by)

    add(1)
    few = queries(app, desk, address)
    add(5)

    assert queries(app, desk, address) <= few <= 20
