"""The cashier's desk: a shift by its forms, what is kept back before the count, who may what."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import cashiers, folios, payments
from pms.hotel.books.cashiers import CashierShift, ShiftState
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff, by_email
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, balances, hire, post, queries, sign_in


@pytest.fixture
def cashier(app: Flask, house: int) -> Any:
    """Another browser, in which the front desk is signed in."""
    return sign_in(app.test_client(), Role.FRONT_DESK)


def opened(client: Any, opening_float: str = "100.00") -> int:
    """Open a shift by its form; return the shift's id, read off its page."""
    assert post(client, "/cashier/shift/open", opening_float=opening_float).status_code == 302
    found = re.search(r"/cashier/shifts/(\d+)/begin-count", client.get("/cashier/shift").text)
    assert found is not None
    return int(found[1])


def closed(client: Any, shift_id: int, **pieces: str) -> Any:
    post(client, f"/cashier/shifts/{shift_id}/begin-count")
    return post(client, f"/cashier/shifts/{shift_id}/count", **pieces)


def test_a_drawer_is_counted_blind_and_reviewed_by_somebody_else(
    desk: Any, send: Send, cashier: Any, bill: int
) -> None:
    assert "Open my shift" in cashier.get("/cashier/shift").text
    shift_id = opened(cashier)
    post(cashier, "/cashier/shift/open", opening_float="1")
    assert "has a shift open already" in cashier.get("/cashier/shift").text
    post(cashier, f"/folios/{bill}/pay", amount="40.00", way="cash", key="a")
    dropped = post(cashier, "/cashier/shift/drop", amount="20.00", version="1")
    assert dropped.status_code == 302
    again = post(cashier, "/cashier/shift/drop", amount="20.00", version="1")
    assert again.status_code == 422
    mine = cashier.get("/cashier/shift").text
    assert "Taken" in mine
    assert "€120.00" not in mine
    assert "€40.00" not in mine
    assert "to be counted" in cashier.get("/cashier").text
    assert "to be counted" not in desk.get("/cashier").text
    assert "€120.00" in desk.get(f"/cashier/shifts/{shift_id}").text

    post(cashier, f"/cashier/shifts/{shift_id}/begin-count")
    page = cashier.get("/cashier/shift", follow_redirects=True).text
    assert "€120.00" not in page
    refused = post(cashier, f"/folios/{bill}/pay", amount="10.00", way="cash", key="b")
    assert "being counted" in refused.text
    counted = post(cashier, f"/cashier/shifts/{shift_id}/count", eur_10000="1", eur_500="3")

    assert counted.status_code == 302
    assert "€5.00 short" in cashier.get(f"/cashier/shifts/{shift_id}").text
    assert "1 cashier shift to review" in desk.get("/").text
    assert "1 cashier shift not reviewed" in desk.get("/night-audit").text
    assert "Review" in desk.get("/cashier/shifts").text
    needed = send(f"/cashier/shifts/{shift_id}/accept", reason="")
    assert "Say why it is accepted" in needed.text
    again = send(
        f"/cashier/shifts/{shift_id}/recount", eur_10000="1", eur_2000="1", reason="A note stuck"
    )
    assert again.status_code == 302
    assert send(f"/cashier/shifts/{shift_id}/accept").status_code == 302
    assert "Reviewed" in desk.get(f"/cashier/shifts/{shift_id}").text
    assert "cashier shift to review" not in desk.get("/").text


def test_who_reviews_others_counts_their_own_drawer_blind(desk: Any, send: Send, bill: int) -> None:
    """What should be in it stands on no page of theirs, not even in a closed day's report."""
    shift_id = opened(desk)
    send(f"/folios/{bill}/pay", amount="40.00", way="cash", key="a")

    page = desk.get(f"/cashier/shifts/{shift_id}", follow_redirects=True).text
    assert "€140.00" not in page
    assert "Drop to the safe" in page
    assert "to be counted" in desk.get("/cashier").text
    for place in ("/reports?day=2026-11-20&name=cashier", "/night-audit/2026-11-20/cashier.csv"):
        assert "Count the drawer, then read" in desk.get(place).text
    closed(desk, shift_id, eur_10000="1", eur_2000="2")
    assert "€140.00" in desk.get(f"/cashier/shifts/{shift_id}").text
    assert "to be counted" not in desk.get("/cashier").text


def test_foreign_notes_are_offered_taken_and_given_change_for(
    app: Flask, desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    assert "takes no foreign money" in desk.get("/cashier/rates").text
    assert 'name="tendered"' not in desk.get(f"/folios/{bill}").text
    assert send("/cashier/rates", currency="usd", rate="1.08").status_code == 302
    assert "six decimals" in send("/cashier/rates", currency="usd", rate="-2").text
    opened(desk)
    assert "USD: 108.00 settles it" in desk.get(f"/folios/{bill}").text
    gives = {"amount": "100.00", "way": "cash", "currency": "USD", "key": "once"}

    coins = send(f"/folios/{bill}/pay", **gives, tendered="108.50")
    assert "taken in notes" in coins.text
    assert 'id="tendered-refuses"' in send(f"/folios/{bill}/pay", **gives, tendered="many").text
    paid = send(f"/folios/{bill}/pay", **gives, tendered="110")

    assert paid.status_code == 302
    page = desk.get(paid.headers["Location"]).text
    assert "give €1.85 change" in page
    assert "USD 110.00 at 1.08" in page
    assert balances(reading, house, bill)[1] == "0.00"


def test_cash_is_paid_out_for_a_guest_and_for_the_house(
    desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    number = reading.get_one(Folio, (house, bill)).number
    taxi = {"amount": "25.00", "words": "Taxi", "window": "2", "key": "t"}

    neither = send("/cashier/paid-outs/new", **taxi)
    assert "one of them" in neither.text
    assert "no folio 9999" in send("/cashier/paid-outs/new", **taxi, folio="9999").text
    made = send("/cashier/paid-outs/new", **taxi, folio=str(number))
    assert made.status_code == 302
    stamps = {"amount": "5.00", "words": "Stamps", "expense": "postage", "key": "s"}
    assert send("/cashier/paid-outs/new", **stamps).status_code == 302

    assert balances(reading, house, bill)[2] == "25.00"
    assert "Paid-out: Taxi" in desk.get(f"/folios/{bill}").text
    page = desk.get("/cashier").text
    assert "Stamps" in page
    undo = re.search(r"/cashier/paid-outs/\d+/take-back", page)
    assert undo is not None
    assert desk.get(undo[0]).status_code == 200
    assert send(undo[0], reason="Not bought").status_code == 302
    assert "Undone" in desk.get("/cashier").text


def test_the_rules_of_the_house_and_the_safe(
    desk: Any, send: Send, cashier: Any, bill: int
) -> None:
    post(cashier, f"/folios/{bill}/pay", amount="10.00", way="cash", key="a")
    assert send("/cashier/rules", asks_for_shift="y", usual_float="250.00").status_code == 302

    refused = post(cashier, f"/folios/{bill}/pay", amount="10.00", way="cash", key="b")
    assert "Open your shift" in refused.text
    assert 'value="250.00"' in cashier.get("/cashier/shift").text
    collected = send("/cashier/safe", way="collect", amount="10.00", key="c")
    assert collected.status_code == 302
    assert "In the safe" in desk.get("/cashier/shifts").text
    assert "There are 10.00 EUR" in send("/cashier/safe", way="bank", amount="10.01", key="d").text


def test_a_drawer_is_its_cashiers_and_a_strangers_is_not_there(
    app: Flask, client: Any, cashier: Any, house: int
) -> None:
    shift_id = opened(cashier)
    auditor = sign_in(client, Role.NIGHT_AUDITOR)
    assert auditor.get(f"/cashier/shifts/{shift_id}").status_code == 403
    assert post(auditor, f"/cashier/shifts/{shift_id}/begin-count").status_code == 403
    assert auditor.get("/cashier/shifts").status_code == 403
    assert post(auditor, "/cashier/rates", currency="USD", rate="1").status_code == 403
    with app.app_context(), transaction(db.session()) as session:
        hire(session, make.hotel(session, "OTHER"), Role.MANAGER)
    stranger = sign_in(app.test_client(), code="other")

    assert stranger.get(f"/cashier/shifts/{shift_id}").status_code == 404
    assert post(stranger, f"/cashier/shifts/{shift_id}/accept").status_code == 404
    housekeeper = sign_in(app.test_client(), Role.HOUSEKEEPER)
    assert housekeeper.get("/cashier/shift").status_code == 403
    assert housekeeper.get("/cashier/paid-outs/new").status_code == 403


def test_more_rows_ask_no_more_queries(app: Flask, desk: Any, house: int, bill: int) -> None:
    def add(n: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            hotel = session.get_one(Hotel, house)
            by, folio = make.by(session, hotel), session.get_one(Folio, (house, bill))
            ten = Money(1_000, "EUR")
            for _ in range(n):
                shift = cashiers.open_shift(session, hotel, opening_float=ten, by=by)
                payments.pay(session, folio, amount=ten, method=Method.CASH, by=by)
                payments.pay_out(session, folio, amount=ten, words="Taxi", by=by)
                cashiers.begin_count(session, shift, by=by)
                counts = [cashiers.Counted("EUR", {1_000: 1})]
                cashiers.close(session, shift, counts=counts, by=by)
                cashiers.set_rate(session, hotel, currency="USD", rate=Decimal("1.1"), by=by)

    places = ("/cashier", "/cashier/shifts?show=all", "/cashier/rates", "/cashier/shift", "/")
    add(1)
    before = [queries(app, desk, place) for place in places]
    add(6)

    assert [queries(app, desk, place) for place in places] == before


def test_a_shift_of_many_payments_asks_no_more_queries(
    app: Flask, desk: Any, house: int, bill: int
) -> None:
    shift_id = opened(desk)

    def pays(n: int) -> None:
        with app.app_context(), transaction(db.session()) as session:
            folio = session.get_one(Folio, (house, bill))
            by = by_email(session, "manager@test.desk.example")
            assert isinstance(by, Staff)
            for _ in range(n):
                payments.pay(session, folio, amount=Money(100, "EUR"), method=Method.CASH, by=by)

    pays(1)
    closed(desk, shift_id, eur_100="1")
    place = f"/cashier/shifts/{shift_id}"
    before = queries(app, desk, place)
    second = opened(desk)
    pays(9)
    closed(desk, second, eur_100="9", eur_200="3", eur_500="1")

    assert queries(app, desk, f"/cashier/shifts/{second}") == before
    with app.app_context():
        found = db.session().get_one(CashierShift, (house, second))
        assert found.state is ShiftState.CLOSED
        assert folios.balance_of(db.session(), db.session().get_one(Folio, (house, bill)))
