"""The cashier's desk: a shift by its forms, what is kept back before the count, who may what."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import cashiers, folios, payments
from pms.hotel.books.cashiers import (
    CashierShift,
    Counted,
    MoveKind,
    ShiftState,
    banking,
    drawers,
)
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff, by_email
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, balances, hire, post, queries, sign_in


@pytest.fixture
def cashier(app: Flask, house: int) -> Any:
    """Another browser, in which the front desk is signed in."""
    return sign_in(app.test_client(), Role.FRONT_DESK)


@pytest.fixture(autouse=True)
def _filled_safe(app: Flask, house: int) -> None:
    """What floats are taken out of."""
    with app.app_context(), transaction(db.session()) as session:
        make.filled_safe(session, session.get_one(Hotel, house))


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
    app: Flask, desk: Any, send: Send, cashier: Any, bill: int
) -> None:
    assert "Open my shift" in cashier.get("/cashier/shift").text
    assert "You have no shift open" in cashier.get(f"/folios/{bill}").text
    shift_id = opened(cashier)
    assert "You have no shift open" not in cashier.get(f"/folios/{bill}").text
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
    moved = desk.get(f"/cashier/shifts/{shift_id}").text
    assert "€120.00" in moved
    assert f'href="/folios/{bill}?window=1"' in moved

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
    assert "somebody else accepts it" in desk.get(f"/cashier/shifts/{shift_id}").text
    assert "You counted this drawer" in send(f"/cashier/shifts/{shift_id}/accept").text
    accountant = sign_in(app.test_client(), Role.ACCOUNTANT)
    assert post(accountant, f"/cashier/shifts/{shift_id}/accept").status_code == 302
    assert "Reviewed" in desk.get(f"/cashier/shifts/{shift_id}").text
    assert "cashier shift to review" not in desk.get("/").text


def test_a_page_that_refuses_prints_the_hotels_clock_too(app: Flask, house: int) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), tick=False):
        clerk = sign_in(app.test_client(), Role.FRONT_DESK)
        there, refused = clerk.get("/cashier"), clerk.get("/cashier/shifts")

    assert (there.status_code, refused.status_code) == (200, 403)
    for page in (there, refused):
        assert "Printed by Front desk, Fri 20 Nov 16:30." in page.text


def test_a_count_in_which_nothing_is_written_closes_no_drawer(cashier: Any) -> None:
    shift_id = opened(cashier)

    refused = closed(cashier, shift_id, eur_10000="", eur_500=" ")

    assert refused.status_code == 422
    assert "No EUR is counted. Is there none, write 0 here." in refused.text
    empty = post(cashier, f"/cashier/shifts/{shift_id}/count", eur_10000="0")
    assert empty.status_code == 302
    assert "€100.00 short" in cashier.get(f"/cashier/shifts/{shift_id}").text


def test_who_reviews_others_counts_their_own_drawer_blind(desk: Any, send: Send, bill: int) -> None:
    """What should be in it stands on no page of theirs, not even in a closed day's report."""
    shift_id = opened(desk)
    send(f"/folios/{bill}/pay", amount="40.00", way="cash", key="a")

    page = desk.get(f"/cashier/shifts/{shift_id}", follow_redirects=True).text
    assert "€140.00" not in page
    assert "Drop to the safe" in page
    assert "to be counted" in desk.get("/cashier").text
    for name in ("cashier", "payments"):
        paper = desk.get(f"/night-audit/2026-11-20/{name}.csv").text
        assert "Count the drawer, then read" in paper
    assert "40.00" not in desk.get("/reports?day=2026-11-20&name=cashier").text
    closed(desk, shift_id, eur_10000="1", eur_2000="2")
    assert "€140.00" in desk.get(f"/cashier/shifts/{shift_id}").text
    assert "to be counted" not in desk.get("/cashier").text


def test_a_drop_of_too_much_is_told_to_the_reviewer_only_and_taken_back(
    desk: Any, cashier: Any, house: int
) -> None:
    shift_id = opened(cashier)
    for _ in range(2):
        version = field_of(cashier.get("/cashier/shift").text, "version")
        dropped = post(cashier, "/cashier/shift/drop", amount="500.00", version=version)
        assert dropped.status_code == 302
    mine = cashier.get("/cashier/shift").text
    take_back = re.search(r"/cashier/drops/\d+/take-back", mine)
    assert take_back is not None
    assert "The drawer held" not in mine
    assert "Dropped more than it held" in desk.get("/cashier/shifts").text
    assert "The drawer held €100.00" in desk.get(f"/cashier/shifts/{shift_id}").text

    assert "Say why" in post(cashier, take_back[0], reason="").text
    assert post(cashier, take_back[0], reason="A zero too many").status_code == 302

    mine = re.sub(r"<[^>]+>|\s+", " ", cashier.get("/cashier/shift").text)
    assert "A zero too many" in mine
    assert re.search(r"Dropped +€1,000.00 +Taken back +−€500.00 +In the safe +€500.00", mine)
    page = desk.get(f"/cashier/shifts/{shift_id}").text
    assert page.count("The drawer held") == 1
    [other] = set(re.findall(r"/cashier/drops/\d+/take-back", page)) - {take_back[0]}
    assert post(desk, other, reason="Also wrong").headers["Location"].endswith(str(shift_id))
    assert "taken back already" in post(desk, other, reason="Again").text


def test_foreign_notes_go_from_the_safe_to_the_bank(
    app: Flask, desk: Any, send: Send, bill: int
) -> None:
    assert "No foreign notes lie in the safe" in desk.get("/cashier/foreign-notes").text
    send("/cashier/rates", currency="usd", rate="1.08")
    shift_id = opened(desk)
    gives = {"amount": "92.59", "way": "cash", "currency": "USD", "key": "once"}
    assert send(f"/folios/{bill}/pay", **gives, tendered="100").status_code == 302
    assert "In drawers" not in desk.get("/cashier/shifts").text
    closed(desk, shift_id, eur_10000="1", usd_10000="1")
    assert "In drawers" not in desk.get("/cashier/shifts").text
    slip = {"currency": "USD", "notes": "60", "rate": "1.10", "reference": "Slip 8", "key": "b"}
    slip |= {"fee": "2.50"}

    assert "There are US$100.00" in send("/cashier/foreign-notes", **slip | {"notes": "200"}).text
    assert "taken in notes" in send("/cashier/foreign-notes", **slip | {"notes": "0.50"}).text
    assert "is not an amount" in send("/cashier/foreign-notes", **slip | {"notes": "all"}).text
    assert "at most the €54.55" in send("/cashier/foreign-notes", **slip | {"fee": "54.56"}).text
    for _ in range(2):
        assert send("/cashier/foreign-notes", **slip).status_code == 302

    page = desk.get("/cashier/foreign-notes").text
    assert "which gives €52.05 for it" in page
    assert "€2.50" in page
    assert "€1.00 loss" in page
    assert "Slip 8" in page
    [undo] = set(re.findall(r"/cashier/foreign-notes/\d+/undo", page))
    assert send(undo, reason="Wrong bag").status_code == 302
    assert "Undone" in desk.get("/cashier/foreign-notes").text
    clerk = sign_in(app.test_client(), Role.FRONT_DESK)
    assert clerk.get("/cashier/foreign-notes").status_code == 403
    assert post(clerk, undo, reason="x").status_code == 403


def test_foreign_notes_are_taken_for_a_deposit_and_from_a_company(
    app: Flask, desk: Any, send: Send, reading: Session, house: int
) -> None:
    send("/cashier/rates", currency="usd", rate="1.08")
    opened(desk)
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        coming = reading.scalar(
            sa.select(Reservation.id).where(Reservation.state == State.BOOKED).limit(1)
        )
        firm = companies.enter(
            reading, hotel, code="ACME", name="Acme", direct_bill=True, by=make.by(reading, hotel)
        ).id
    gives = {"amount": "100.00", "way": "cash", "currency": "USD", "key": "once", "tendered": "110"}

    for place, take in (
        (f"/reservations/{coming}/deposit", f"/reservations/{coming}/deposit"),
        (f"/city-ledger/{firm}", f"/city-ledger/{firm}/pay"),
    ):
        assert 'name="tendered"' in desk.get(place).text
        assert "taken in notes" in send(take, **gives | {"tendered": "108.50"}).text
        taken = send(take, **gives)
        assert taken.status_code == 302
        assert "$110.00 at 1.08; give €1.85 change" in desk.get(taken.headers["Location"]).text
    assert "USD 110.00 at 1.08" in desk.get(f"/reservations/{coming}/deposit").text
    assert desk.get("/cashier").text.count("USD 110.00 at 1.08") == 2


def field_of(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_foreign_notes_are_offered_taken_and_given_change_for(
    app: Flask, desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    assert "takes no foreign money" in desk.get("/cashier/rates").text
    assert 'name="currency"' not in desk.get(f"/folios/{bill}").text
    assert send("/cashier/rates", currency="usd", rate="1.08").status_code == 302
    assert "six decimals" in send("/cashier/rates", currency="usd", rate="-2").text
    opened(desk)
    assert "USD: US$108.00 settles it" in desk.get(f"/folios/{bill}").text
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
    assert (
        "There are €1,010.00" in send("/cashier/safe", way="bank", amount="1010.01", key="d").text
    )


def test_what_is_left_of_a_currency_without_notes_is_cleared_on_the_page(
    app: Flask, desk: Any, send: Send, cashier: Any, house: int
) -> None:
    opened(cashier)
    page = "/cashier/foreign-notes"
    assert send(f"{page}/USD/clear", reason="Rounded").status_code == 404
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by, shift = make.by(session, hotel), session.scalars(sa.select(CashierShift)).one()
        for amount, booked in ((-1_000, -5), (1_000, 2)):
            part = drawers.Part(
                kind=MoveKind.HANDED_IN,
                currency="USD",
                amount=amount,
                booked=booked,
                rate=1_080_000,
            )
            drawers.carry(session, hotel, shift, part, day=hotel.business_date, by=by)

    assert "Clear what is left of USD" in desk.get(page).text
    assert cashier.get(f"{page}/USD/clear").status_code == 403
    assert send(f"{page}/USD/clear", reason="").status_code == 422
    assert send(f"{page}/USD/clear", reason="Rounded before").status_code == 302
    assert "Clear what is left" not in desk.get(page).text


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
            ten, eleven = Money(1_000, "EUR"), Money(1_100, "USD")
            for _ in range(n):
                cashiers.set_rate(session, hotel, currency="USD", rate=Decimal("1.1"), by=by)
                shift = cashiers.open_shift(session, hotel, opening_float=ten, by=by)
                payments.pay(session, folio, amount=ten, method=Method.CASH, tendered=eleven, by=by)
                payments.pay_out(session, folio, amount=ten, words="Taxi", by=by)
                cashiers.begin_count(session, shift, by=by)
                counts = [Counted("EUR", {}), Counted("USD", {1_000: 1, 100: 1})]
                cashiers.close(session, shift, counts=counts, by=by)
                banking.bank(session, hotel, notes=eleven, rate=Decimal("1.2"), by=by)

    places = ("/cashier", "/cashier/shifts?show=all", "/cashier/rates", "/cashier/shift", "/",
              "/cashier/foreign-notes")  # fmt: skip
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
