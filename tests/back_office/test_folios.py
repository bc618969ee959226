"""The folio desk: charging, paying, moving, reversing, windows, deposits, paper."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio, FolioKind, FolioState
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.payments import Payment, PaymentKind, online
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import rates
from pms.hotel.stays import groups, night_charges, reservations, settlements, stays
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, balances, hire, post, queries, sign_in, token_on

SLIP = {
    "way": "card", "brand": "Visa", "last_four": "1111", "authorisation": "A1B2", "terminal": "T1",
    "batch": "7",
}  # fmt: skip
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def code_id(session: Session, house: int) -> int:
    return make.charge_code(session, session.get_one(Hotel, house), "BAR").id


def lines(session: Session, bill: int) -> list[int]:
    folio = session.scalars(sa.select(Folio).where(Folio.id == bill)).one()
    return list(
        session.scalars(sa.select(Entry.id).where(Entry.hotel_id == folio.hotel_id).order_by("id"))
    )


def test_nights_by_hand_are_foreseen_and_posted_with_the_taxes_of_who_sleeps_there(
    app: Flask, desk: Any, send: Send, house: int, reading: Session
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel, novak = session.get_one(Hotel, house), sa.select(Reservation)
        by, code = make.by(session, hotel), make.taxed_code(session, hotel).id
        party = session.scalars(novak.where(Reservation.state == State.IN_HOUSE)).one()
        folio = settlements.folio_of(session, party, by=by).id
    typed = {"code": code, "amount": "100.00", "quantity": "1", "key": "hand"}

    page = desk.get(f"/folios/{folio}/post").text
    foreseen = send(f"/folios/{folio}/post/foreseen", **typed)
    part = desk.post(
        f"/folios/{folio}/post/foreseen",
        data={**typed, "persons": "1", "csrf_token": token_on(page)},
        headers={"HX-Request": "true"},
    )

    assert "Persons" in page
    assert "2 adults, as they sleep here" in page
    several = send(f"/folios/{folio}/post/foreseen", **{**typed, "quantity": "3"})
    assert "one night at a time" in several.text
    assert "€104.00" in foreseen.text
    assert "2 times, is" in foreseen.text
    assert part.text.lstrip().startswith('<div id="comes-to"')
    assert "€102.00" in part.text
    assert balances(reading, house, folio) == {1: "0.00"}

    send(f"/folios/{folio}/post", **typed)

    assert balances(reading, house, folio) == {1: "104.00"}
    assert "2 times, is" in desk.get(f"/folios/{folio}").text


@SQLITE_ONLY
def test_who_posts_tonights_room_is_told_that_the_audit_charges_it(
    app: Flask, desk: Any, send: Send, house: int, reading: Session
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel, novak = session.get_one(Hotel, house), sa.select(Reservation)
        by = make.by(session, hotel)
        party = session.scalars(novak.where(Reservation.state == State.IN_HOUSE)).one()
        folio = settlements.folio_of(session, party, by=by).id
        code = party.plan.charge_code_id
    typed = {"code": code, "amount": "100.00", "quantity": "1"}

    page = desk.get(f"/folios/{folio}/post").text
    foreseen = send(f"/folios/{folio}/post/foreseen", **typed)
    refused = send(f"/folios/{folio}/post", **typed, key="a")

    assert "The audit charges this too" in page
    assert "The night audit charges this too" in foreseen.text
    assert 'id="tonight-refuses"' in refused.text
    assert balances(reading, house, folio) == {1: "0.00"}

    send(f"/folios/{folio}/post", code=code, quantity="1", tonight="its_night", key="b")

    assert balances(reading, house, folio) == {1: "100.00"}
    assert "The audit charges this too" not in desk.get(f"/folios/{folio}/post").text


@SQLITE_ONLY
def test_a_bill_says_what_its_nights_will_cost_with_their_taxes(
    app: Flask, desk: Any, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        manager = make.by(session, hotel)
        taxed = rates.add_plan(
            session, hotel, code="TAXED", name="Taxed", market="transient",
            charge_code=make.taxed_code(session, hotel), by=manager,
        )  # fmt: skip
        make.plan(session, hotel, code=taxed.code)
        kind, day = make.room_type(session, hotel), hotel.business_date + timedelta(days=9)
        party = reservations.book(
            session, hotel, room_type=kind, plan=taxed, arrival=day,
            departure=day + timedelta(days=2), adults=2,
            guest=make.guest(session, hotel, "Palme"), by=manager,
        )  # fmt: skip
        bill = settlements.folio_of(session, party, by=manager).id

    page = desk.get(f"/folios/{bill}").text

    assert re.search(r"Still to post, 2 nights</dt>\s*<dd>€208.00", page)  # twice 2.00 a head


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_charge_is_posted_once_however_often_it_is_sent(
    send: Send, desk: Any, reading: Session, house: int, bill: int
) -> None:
    charge = {"code": code_id(reading, house), "quantity": "2", "amount": "5.00", "key": "once"}

    first = send(f"/folios/{bill}/post", **charge)
    again = send(f"/folios/{bill}/post", **charge)

    assert first.status_code == again.status_code == 302
    assert balances(reading, house, bill) == {1: "110.00", 2: "0.00"}
    assert "2 × " in desk.get(f"/folios/{bill}").text


def test_a_charge_without_an_amount_says_so_beside_the_amount(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    page = send(f"/folios/{bill}/post", code=code_id(reading, house), quantity="1", amount="")

    assert page.status_code == 422
    assert 'id="amount-refuses"' in page.text
    assert balances(reading, house, bill)[1] == "100.00"


def test_card_money_is_taken_with_its_slip_and_the_next_begins_with_its_terminal(
    desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    def terminal() -> str:
        [field] = re.findall(r'<input[^>]*name="terminal"[^>]*>', desk.get(f"/folios/{bill}").text)
        return re.findall(r'value="([^"]*)"', field)[0]

    assert terminal() == ""
    answer = send(f"/folios/{bill}/pay?window=1", amount="70.00", **SLIP)
    assert terminal() == "T1"

    assert answer.status_code == 302
    assert balances(reading, house, bill)[1] == "30.00"
    payment = reading.scalars(sa.select(Payment)).one()
    assert (payment.brand, payment.last_four, payment.batch) == ("Visa", "1111", "7")


def test_a_card_without_its_digits_is_refused_beside_the_field_and_typing_stays(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    page = send(f"/folios/{bill}/pay?window=1", amount="70.00", **{**SLIP, "last_four": "1"})

    assert page.status_code == 422
    assert 'id="last_four-refuses"' in page.text
    assert 'value="70.00"' in page.text
    assert balances(reading, house, bill)[1] == "100.00"


def test_what_is_in_credit_and_no_more_is_given_back(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    send(f"/folios/{bill}/pay?window=1", amount="120.00", way="cash")

    much = send(f"/folios/{bill}/refund?window=1", amount="30.00", way="cash", reason="paid twice")
    right = send(f"/folios/{bill}/refund?window=1", amount="20.00", way="cash", reason="paid twice")

    assert much.status_code == 422
    assert right.status_code == 302
    assert balances(reading, house, bill)[1] == "0.00"


@SQLITE_ONLY
def test_what_is_given_in_cash_says_what_goes_back(
    desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    cash = {"amount": "70.00", "way": "cash"}

    less = send(f"/folios/{bill}/pay?window=1", **cash, tendered="50")
    assert "€50.00 is less than €70.00." in less.text
    assert balances(reading, house, bill)[1] == "100.00"
    assert send(f"/folios/{bill}/pay?window=1", **cash, tendered="100").status_code == 302
    assert "€70.00 is taken in window 1. Give back €30.00." in desk.get(f"/folios/{bill}").text
    assert 'data-given="EUR"' in desk.get(f"/folios/{bill}").text


@SQLITE_ONLY
def test_who_is_in_credit_may_pay_what_is_still_to_come(
    desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    send(f"/folios/{bill}/pay?window=1", amount="120.00", way="cash")

    assert f"/folios/{bill}/pay?window=1#pay" in desk.get(f"/folios/{bill}").text
    asked = desk.get(f"/folios/{bill}/pay?window=1").text
    wrong = send(f"/folios/{bill}/pay?window=1", amount="80.00", way="card")
    send(f"/folios/{bill}/pay?window=1", amount="80.00", way="cash")

    assert "Pay window 1" in asked
    assert "In the guest&#39;s favour" in asked or "In the guest's favour" in asked
    assert wrong.status_code == 422
    assert 'value="80.00"' in wrong.text
    assert balances(reading, house, bill)[1] == "-100.00"


def test_a_window_goes_to_its_company_whole(
    app: Flask, desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        by = make.by(reading, hotel)
        company = companies.enter(
            reading, hotel, code="LTD", name="Whitcombe Ltd", direct_bill=True, by=by
        )

    asked = desk.get(f"/folios/{bill}").text
    part = send(f"/folios/{bill}/pay?window=1", amount="10.00", way="city", company=company.id)
    whole = send(f"/folios/{bill}/pay?window=1", amount="100.00", way="city", company=company.id)

    assert part.status_code == 422
    assert 'data-whole="100.00"' in asked
    assert "The whole €100.00 goes to the company" in asked
    assert "The whole" in part.text
    assert whole.status_code == 302
    assert balances(reading, house, bill)[1] == "0.00"


def test_chosen_lines_move_together_and_the_undo_moves_them_back(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    chosen = lines(reading, bill)

    send(f"/folios/{bill}/move", line=chosen, to="2")
    moved = balances(reading, house, bill)
    transfers = [each for each in lines(reading, bill) if each not in chosen]
    send(f"/folios/{bill}/move/back", line=transfers)

    assert moved == {1: "0.00", 2: "100.00"}
    assert balances(reading, house, bill) == {1: "100.00", 2: "0.00"}


def test_lines_are_not_offered_the_window_that_they_are_in(
    send: Send, reading: Session, bill: int
) -> None:
    chosen = {"line": lines(reading, bill), "ask": "where"}

    first, second = (send(f"/folios/{bill}/move", **chosen, **{"from": no}).text for no in "12")

    assert ('value="1"' in options(first), 'value="2"' in options(first)) == (False, True)
    assert ('value="1"' in options(second), 'value="2"' in options(second)) == (True, False)


def options(page: str) -> str:
    """The choices of where something goes."""
    found = re.search(r'<select[^>]*name="to".*?</select>', page, re.DOTALL)
    return found[0] if found else ""


def test_lines_move_to_another_folio_by_its_number(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    with transaction(reading):
        other = make.folio(reading, reading.get_one(Hotel, house), name="Master")

    wrong = send(f"/folios/{bill}/move", line=lines(reading, bill), to="", folio="999999")
    right = send(f"/folios/{bill}/move", line=lines(reading, bill), to="", folio=other.number)

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert balances(reading, house, other.id) == {1: "100.00"}


def test_a_part_of_a_line_moves_and_the_rest_stays(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    [forty, sixty] = lines(reading, bill)
    part = {"from": "1", "to": "2"}

    asked = send(f"/folios/{bill}/move", line=[forty, sixty], ask="where", **part)
    both = send(f"/folios/{bill}/move", line=[forty, sixty], amount="10.00", **part)
    much = send(f"/folios/{bill}/move", line=forty, amount="40.00", **part)
    send(f"/folios/{bill}/move", line=[forty, sixty], percent="50", **part)
    send(f"/folios/{bill}/move", line=forty, amount="5.00", **part)

    assert "Move or split 2 lines" in asked.text
    assert 'id="amount-refuses"' in both.text
    assert 'id="amount-refuses"' in much.text
    assert balances(reading, house, bill) == {1: "45.00", 2: "55.00"}


def test_what_a_window_owes_moves_to_another_folio(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    with transaction(reading):
        other = make.folio(reading, reading.get_one(Hotel, house), name="House account")
    moved = {"window": "1", "folio": other.number, "reason": "The owner pays"}

    nowhere = send(f"/folios/{bill}/balance", **(moved | {"folio": "99999"}))
    send(f"/folios/{bill}/balance", amount="25.00", **moved)

    assert 'id="folio-refuses"' in nowhere.text
    assert balances(reading, house, bill)[1] == "75.00"
    assert balances(reading, house, other.id) == {1: "25.00"}


def test_a_line_is_reversed_with_a_reason_and_not_without(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    [first, _] = lines(reading, bill)

    asked = send(f"/folios/{bill}/reverse", line=first, ask="why")
    silent = send(f"/folios/{bill}/reverse", line=first, reason="")
    said = send(f"/folios/{bill}/reverse", line=first, reason="wrong room")

    assert asked.status_code == 200
    assert "Reverse 1 line" in asked.text
    assert silent.status_code == 422
    assert said.status_code == 302
    assert balances(reading, house, bill)[1] == "60.00"


@SQLITE_ONLY
def test_a_night_reversed_that_had_given_a_tax_back_charges_it_again(
    send: Send, reading: Session, house: int
) -> None:
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        by, day = make.by(reading, hotel), hotel.business_date
        make.plan(reading, hotel).charge_code_id = make.taxed_code(reading, hotel).id
        city = reading.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
        long = taxes.Limits(exempt_from=3, refunds=True)
        taxes.set_rate(reading, city, rate=200, limits=long, from_day=day, by=by)
        booked = make.reservation(reading, hotel, nights=3)
        stays.check_in(reading, booked, room=make.room(reading, hotel, "104"), by=by)
        nights = [day + timedelta(days=n) for n in range(3)]
        night_charges.charge_nights(reading, hotel, booked, nights, by=by)
        bill = settlements.folio_of(reading, booked, by=by).id
    last = sa.select(Entry.id).where(Entry.service_night == nights[-1], Entry.kind == Kind.CHARGE)
    exempt = balances(reading, house, bill)

    send(f"/folios/{bill}/reverse", line=reading.scalar(last), reason="They leave")

    assert (exempt, balances(reading, house, bill)) == ({1: "300.00"}, {1: "208.00"})


def test_todays_payment_is_reversed_like_a_line(
    desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    send(f"/folios/{bill}/pay?window=1", amount="70.00", way="cash")
    paid = lines(reading, bill)[-1]

    answer = send(f"/folios/{bill}/reverse", line=paid, reason="counted wrongly")

    assert answer.status_code == 302
    assert balances(reading, house, bill)[1] == "100.00"
    whole = said_of(desk.get(f"/folios/{bill}").text)
    assert (whole["Posted"], whole["Paid"]) == ("€100.00", "€0.00")


def said_of(page: str) -> dict[str, str]:
    """The facts of a page, by their names."""
    return dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd[^>]*>([^<]+)</dd>", page))


def test_who_takes_what_another_desk_took_meanwhile_is_told_once(
    app: Flask, desk: Any, send: Send, reading: Session, house: int, bill: int
) -> None:
    field = re.search(r'name="stood"[^>]*value="(-?\d+)"', desk.get(f"/folios/{bill}").text)
    assert field is not None
    older = {"amount": "100.00", "way": "cash", "stood": field[1]}
    send(f"/folios/{bill}/pay", **older, key="one")

    again = send(f"/folios/{bill}/pay", **older, key="one")
    rubbish = {"stood": "9" * 5_000, "amount": "0.00"}
    assert send(f"/folios/{bill}/pay", **older | rubbish).status_code == 422
    refused = send(f"/folios/{bill}/pay", **older, key="two")

    assert again.status_code == 302  # the same press, sent twice
    assert refused.status_code == 422
    assert "Somebody settled this meanwhile: nothing is owed here now." in refused.text
    assert 'id="amount-refuses"' in refused.text
    assert balances(reading, house, bill)[1] == "0.00"
    seen = re.search(r'name="stood"[^>]*value="(-?\d+)"', refused.text)
    assert seen is not None
    send(f"/folios/{bill}/pay", **{**older, "stood": seen[1]}, key="two")  # they pay ahead
    assert balances(reading, house, bill)[1] == "-100.00"


def test_nothing_chosen_is_said_and_changes_nothing(send: Send, bill: int) -> None:
    assert send(f"/folios/{bill}/move").status_code == 302
    assert send(f"/folios/{bill}/reverse").status_code == 302


def test_an_adjustment_takes_off_the_bill(
    send: Send, desk: Any, reading: Session, house: int, bill: int
) -> None:
    send(
        f"/folios/{bill}/adjust", code=code_id(reading, house), amount="-15.00", window="1",
        reason="cold soup",
    )  # fmt: skip

    assert balances(reading, house, bill)[1] == "85.00"
    [charged] = lines(reading, bill)[:1]
    assert f'<option value="{charged}">' in desk.get(f"/folios/{bill}/adjust").text
    of_it = {"window": "1", "reason": "Noise", "amount": "-5.00"}
    refused = send(f"/folios/{bill}/adjust", **of_it)
    assert "Choose what is adjusted: a line of the bill" in refused.text
    send(f"/folios/{bill}/adjust", line=charged, **of_it)
    assert balances(reading, house, bill)[1] == "80.00"
    adjusted = reading.get_one(Entry, (house, lines(reading, bill)[-1]))
    assert adjusted.concerns_id == charged
    why = {"reason": "never served"}
    alone = send(f"/folios/{bill}/reverse", line=charged, **why)
    assert "Void that adjustment first" in alone.text
    send(f"/folios/{bill}/reverse", line=[charged, adjusted.id], **why)
    assert balances(reading, house, bill)[1] == "45.00"


def test_a_window_is_opened_for_a_payee(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    answer = send(f"/folios/{bill}/windows", no="3", payee="Whitcombe Ltd", address="12 Cornhill")

    assert answer.status_code == 302
    folio = reading.get_one(Folio, (house, bill))
    assert [window.payee_name for window in folio.windows][-1] == "Whitcombe Ltd"


def test_a_stale_page_is_refused_and_shows_what_is_new(
    send: Send, reading: Session, house: int, bill: int
) -> None:
    folio = reading.get_one(Folio, (house, bill))
    with transaction(reading):
        folio.version += 1

    page = send(
        f"/folios/{bill}/post", code=code_id(reading, house), quantity="1", amount="5.00",
        version=str(folio.version - 1),
    )  # fmt: skip

    assert page.status_code == 422
    assert "Someone changed this folio meanwhile." in page.text
    assert balances(reading, house, bill)[1] == "100.00"


def test_a_passer_by_has_a_bill_that_closes_when_settled(
    send: Send, desk: Any, reading: Session, house: int
) -> None:
    send("/folios/new", kind="passer_by", name="Lunch guest")
    folio = reading.scalars(sa.select(Folio).where(Folio.name == "Lunch guest")).one()

    send(f"/folios/{folio.id}/close")
    reading.refresh(folio)
    closed = folio.state
    sought = desk.get(f"/folios?q={folio.number}").text
    send(f"/folios/{folio.id}/reopen", reason="late coffee")
    reading.refresh(folio)

    assert closed is FolioState.CLOSED
    assert f"No open folio answers to “{folio.number}”. This one does:" in sought
    assert f"/folios/{folio.id}" in sought
    assert folio.state is FolioState.OPEN


def test_a_deposit_is_taken_given_back_as_it_came_and_put_on_the_bill(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    coming = reading.scalars(sa.select(Reservation).where(Reservation.state == "booked")).first()
    assert coming is not None
    address = f"/reservations/{coming.id}/deposit"

    send(address, amount="50.00", way="cash")
    page = desk.get(address).text
    assert re.search(r'name="back-way"[^>]*checked[^>]*value="cash"|'
                     r'checked[^>]*name="back-way"[^>]*value="cash"', page)  # fmt: skip
    assert "Deposit held €50.00." in desk.get(f"/reservations/{coming.id}").text
    send(
        f"{address}/return",
        **{"back-amount": "20.00", "back-way": "cash", "back-reason": "too much"},
    )
    send(f"{address}/apply")
    assert "owes nothing yet" in desk.get(address).text
    with transaction(reading):
        hotel, by = reading.get_one(Hotel, house), make.by(reading, reading.get_one(Hotel, house))
        bill = settlements.folio_of(reading, coming, by=by)
        code = make.charge_code(reading, hotel, "PARKING")
        folios.charge(reading, bill, code=code, amount=Money(1000, "EUR"), by=by)
    send(f"{address}/apply")

    reading.rollback()
    assert settlements.deposit_held(reading, coming) == Money(2000, "EUR")
    assert settlements.open_balances(reading, coming) == {}


def test_a_deposit_that_was_typed_wrongly_is_voided_once(
    desk: Any, send: Send, reading: Session, house: int
) -> None:
    coming = reading.scalars(sa.select(Reservation).where(Reservation.state == "booked")).first()
    assert coming is not None
    address = f"/reservations/{coming.id}/deposit"
    send(address, amount="50.00", way="cash")
    [paid] = reading.scalars(sa.select(Payment).where(Payment.kind == PaymentKind.DEPOSIT))
    void = f"{address}/{paid.id}/void"
    assert f'href="{void}"' in desk.get(address).text
    bills = reading.scalars(sa.select(Payment.id).where(Payment.kind == PaymentKind.PAYMENT)).all()

    refused = send(void, reason="")
    send(void, reason="Another guest's")
    page = desk.get(address).text
    again = send(void, reason="Twice")

    assert refused.status_code == 422
    reading.rollback()
    assert not settlements.deposit_held(reading, coming)
    assert "The deposit of €50.00 is voided." in page
    assert f'href="{void}"' not in page
    assert (again.status_code, "voided already" in again.text) == (422, True)
    for other in (*bills, paid.id + 1):
        assert desk.get(f"{address}/{other}/void").status_code == 404


def test_a_bill_is_printed_on_paper(app: Flask, desk: Any, house: int, bill: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel, folio = session.get_one(Hotel, house), session.get_one(Folio, (house, bill))
        folios.charge(
            session, folio, code=make.taxed_code(session, hotel), amount=Money(9_346, "EUR"),
            slept=taxes.Slept(adults=2), window=1, by=make.by(session, hotel),
        )  # fmt: skip
        online.take(
            session, hotel, folio, account_id=folios.window_account(session, folio, 1),
            kind=PaymentKind.PAYMENT, amount=Money(100, "EUR"),
            through=online.Through(object_id="pi_3Zz", mode=Mode.TEST), subject_id=None,
            day=hotel.business_date, by=make.by(session, hotel),
        )  # fmt: skip
    page = desk.get(f"/folios/{bill}/print")
    paper = desk.get(f"/folios/{bill}/print.pdf")

    assert "Information folio" in page.text
    assert "€196.46" in page.text
    assert "€2.00 a person and night, 2 times" in page.text
    assert "pi_3Zz" not in page.text
    assert paper.data.startswith(b"%PDF-")


PLACES = ["", "/pay", "/post", "/adjust", "/balance", "/windows", "/routing", "/print", "/reopen"]


@SQLITE_ONLY
def test_a_bill_of_another_hotel_is_not_there(app: Flask, client: Any, bill: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hire(session, make.hotel(session, "OTHER"), Role.MANAGER)
    sign_in(client, code="other")

    assert {client.get(f"/folios/{bill}{place}").status_code for place in PLACES} == {404}
    for deed in ("pay", "post", "refund", "close", "adjust", "windows", "routing"):
        assert post(client, f"/folios/{bill}/{deed}").status_code == 404


@SQLITE_ONLY
def test_who_may_only_look_changes_nothing(client: Any, bill: int) -> None:
    sign_in(client, Role.OWNER)

    page = client.get(f"/folios/{bill}")

    assert page.status_code == 200
    assert "Take" not in page.text
    assert 'type="checkbox"' not in page.text
    for deed in (
        "pay",
        "post",
        "refund",
        "close",
        "adjust",
        "balance",
        "windows",
        "routing",
        "reverse",
    ):
        assert post(client, f"/folios/{bill}/{deed}").status_code == 403


@SQLITE_ONLY
def test_a_longer_bill_asks_no_more_queries(app: Flask, desk: Any, house: int, bill: int) -> None:
    few = queries(app, desk, f"/folios/{bill}")
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        code, by = make.charge_code(session, hotel, "BAR"), make.by(session, hotel)
        folio = session.get_one(Folio, (house, bill))
        for _ in range(30):
            folios.charge(session, folio, code=code, amount=Money(500, "EUR"), by=by)

    assert queries(app, desk, f"/folios/{bill}") <= few <= 22


def test_lines_move_between_stays_a_groups_master_and_a_house_account(
    app: Flask, desk: Any, send: Send, reading: Session, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        make.room(session, hotel, "105")  # so that the type isn't sold out
        group = groups.open_group(session, hotel, code="ODA", name="Oda wedding", by=by)
        bills = []
        for room, name in (("103", "Huang"), ("104", "Hughes")):
            party = make.reservation(session, hotel, surname=name, group=group)
            stays.check_in(session, party, room=make.room(session, hotel, room), by=by)
            bills.append(settlements.folio_of(session, party, by=by))
        account = folios.open_folio(session, hotel, kind=FolioKind.HOUSE, name="Staff bar", by=by)
        line = folios.charge(
            session, bills[0], code=make.charge_code(session, hotel, "BAR"), window=1,
            amount=Money(1_000, "EUR"), by=by,
        ).id  # fmt: skip
        huang, hughes, master, staff = bills[0].id, bills[1].id, group.folio_id, account.id

    page = send(f"/folios/{huang}/move", line=line, ask="where").text
    near = ["Hughes, room 104", "Oda wedding, group master", "Staff bar, house account"]
    assert all(name in page for name in near)
    two = send(f"/folios/{huang}/move", line=line, folio="Hu")
    nobody = send(f"/folios/{huang}/move", line=line, folio="Nobody")
    assert "Choose one of them above" in two.text
    assert "No open bill is called “Nobody”" in nobody.text

    at, here = line, huang
    for place, wanted in (
        ({"folio": "104"}, hughes),  # a stay's, by its room
        ({"to": f"folio-{master}"}, master),
        ({"to": f"folio-{staff}"}, staff),
        ({"folio": "Huang"}, huang),  # and back, by its name
    ):
        assert send(f"/folios/{here}/move", line=at, **place).status_code == 302
        assert balances(reading, house, wanted) == {1: "10.00"}
        at = reading.scalars(sa.select(sa.func.max(Entry.id))).one()
        here = wanted
    page = desk.get(f"/folios/{huang}").text
    assert re.search(r"to folio \d+, \w+ Hughes", page)
    assert re.search(r"from folio \d+, Staff bar", page)


def test_what_a_skipper_owes_is_written_off_and_owed_again(
    app: Flask, desk: Any, send: Send, house: int, bill: int
) -> None:
    def left() -> str:
        with app.app_context():
            return balances(db.session(), house, bill)[1]

    assert f"/folios/{bill}/write-off" in desk.get(f"/folios/{bill}").text
    assert send(f"/folios/{bill}/write-off", window="2", reason="x").status_code == 422
    client = sign_in(app.test_client(), Role.ACCOUNTANT)
    much = post(client, f"/folios/{bill}/write-off", window="1", reason="Skipped")
    client = sign_in(app.test_client(), Role.FRONT_DESK)
    assert client.get(f"/folios/{bill}/write-off").status_code == 403

    send(f"/folios/{bill}/write-off", window="1", reason="Skipped")

    assert "A manager decides on more" in much.text
    assert left() == "0.00"
    assert "No window owes anything" in desk.get(f"/folios/{bill}/write-off").text
    with app.app_context():
        lost = db.session().scalars(sa.select(Entry.id).where(Entry.kind == Kind.WRITE_OFF)).one()
    send(f"/folios/{bill}/reverse", line=lost, reason="Came back")
    assert left() == "100.00"
