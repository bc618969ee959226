"""Cashier shifts: drawers, foreign notes, counts and reviews; what races, and what SQL can't do."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import cashiers, folios, ledger, payments
from pms.hotel.books.cashiers import CashierShift, Counted, MoveKind, ShiftState, safe, setting
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Expense, Method, Payment
from pms.hotel.close import cash_report
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role, Staff
from tests import make
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def euros(minor):
    return Money(minor, "EUR")


def dollars(minor):
    return Money(minor, "USD")


@pytest.fixture
def house(session):
    return make.hotel(session)


@pytest.fixture
def desk(session, house):
    return make.by(session, house, Role.FRONT_DESK)


@pytest.fixture
def manager(session, house):
    return make.by(session, house)


@pytest.fixture
def folio(session, house):
    return make.folio(session, house, windows=2)


@pytest.fixture
def shift(session, house, desk):
    return cashiers.open_shift(session, house, opening_float=euros(10_000), by=desk)


def pays(session, folio, minor, by, **details):
    return payments.pay(session, folio, amount=euros(minor), method=Method.CASH, by=by, **details)


def takes_dollars(session, house, by):
    return cashiers.set_rate(session, house, currency="USD", rate=Decimal("1.08"), by=by)


def counted(minor, currency="EUR", house="EUR"):
    """An amount in as few pieces as there are."""
    pieces = {}
    for value in cashiers.counted_in(currency, is_foreign=currency != house):
        pieces[value], minor = divmod(minor, value)
    assert minor == 0
    return Counted(currency, pieces)


def closes(session, shift, *counts, by):
    cashiers.begin_count(session, shift, by=by)
    return cashiers.close(session, shift, counts=list(counts), by=by)


def cash_of(session, house):
    return ledger.open_balances(session, house, ledger.Ledger.CASH)


def over_short(session, house):
    return ledger.open_balances(session, house, ledger.Ledger.CLEARING).get("clearing/over-short")


# --- a shift --------------------------------------------------------------------------------------


def test_a_shift_goes_from_its_float_to_its_review(session, house, desk, manager, folio, shift):
    pays(session, folio, 9_200, desk)
    pays(session, folio, 700, manager)
    payments.pay(session, folio, amount=euros(300), method=Method.CARD, card=make.slip(), by=desk)
    cashiers.drop(session, shift, amount=euros(5_000), by=desk)
    payments.pay_out(session, folio, window=2, amount=euros(2_000), words="Taxi", by=desk)
    payments.spend(
        session, house, expense=Expense.POSTAGE, amount=euros(500), words="Stamps", by=desk
    )
    assert cash_of(session, house) == {"cash": 700, "cash/drawers": 11_700, "cash/safe": -5_000}

    closes(session, shift, counted(11_650), by=desk)

    [count] = cashiers.counts_of(session, shift)
    assert (count.expected, count.counted, count.difference) == (11_700, 11_650, -50)
    assert [(each.kind, each.count, each.amount) for each in cashiers.sums(session, shift)] == [
        (MoveKind.FLOAT, 1, 10_000),
        (MoveKind.TAKEN, 1, 9_200),
        (MoveKind.PAID_OUT, 2, -2_500),
        (MoveKind.DROP, 1, -5_000),
        (MoveKind.OVER_SHORT, 1, -50),
        (MoveKind.HANDED_IN, 1, -11_650),
    ]
    assert [(each.way, each.amount) for each in payments.beside_cash(session, shift)] == [
        ("Visa", 300)
    ]
    assert sum(each.value * each.pieces for each in count.pieces) == 11_650
    assert cash_of(session, house) == {"cash": 700, "cash/safe": 6_650}
    assert over_short(session, house) == 50
    assert folios.balance_of(session, folio)[2] == euros(2_000)
    assert cashiers.open_shift_of(session, house, desk) is None
    with pytest.raises(Invalid, match="over or short"):
        cashiers.accept(session, shift, reason=" ", by=manager)

    cashiers.accept(session, shift, reason="A coin fell behind the till", by=manager)

    assert shift.state is ShiftState.REVIEWED
    assert [line.verb for line in logbook.history(session, shift)] == [
        "accepted", "closed", "began count", "dropped", "opened",
    ]  # fmt: skip
    assert cashiers.not_reviewed(session, house) == []


def test_foreign_notes_keep_their_rate_and_are_counted_apart(
    session, house, desk, manager, folio, shift
):
    takes_dollars(session, house, manager)

    payment = pays(session, folio, 9_200, desk, tendered=dollars(10_000), key="once")

    entry = session.get_one(ledger.Entry, (house.id, payment.entry_id))
    notes, change = cashiers.drawers.moves_of(session, entry)
    assert (notes.currency, notes.amount, notes.booked, notes.rate) == (
        "USD", 10_000, 9_259, 1_080_000,
    )  # fmt: skip
    assert (change.kind, change.currency, change.amount) == (MoveKind.CHANGE, "EUR", -59)
    assert entry.text == "USD 100.00 at 1.08"
    assert pays(session, folio, 9_200, desk, tendered=dollars(10_000), key="once") is payment
    assert cashiers.currencies(session, house, shift) == ["EUR", "USD"]
    cashiers.set_rate(session, house, currency="USD", rate=Decimal("1.20"), by=manager)
    with pytest.raises(cashiers.NothingCounted, match="USD"), session.begin_nested():
        closes(session, shift, counted(9_941), by=desk)

    closes(session, shift, counted(9_941), counted(8_000, "USD"), by=desk)

    assert cash_of(session, house) == {"cash/safe": -59, "cash/safe/usd": 7_407}
    assert over_short(session, house) == 1_852  # 20 dollars at the rate they were taken at
    assert cashiers.over_short(session, house, [shift.id]) == {shift.id: -1_852}


def test_a_shift_spans_the_roll_and_is_reported_by_day(session, house, desk, folio, shift):
    first = house.business_date
    pays(session, folio, 1_000, desk)
    second = roll(session, house)
    pays(session, folio, 2_000, desk)
    other = make.by(session, house)
    pays(session, folio, 300, other)
    _stamps, twice = (
        payments.spend(
            session, house, expense=Expense.POSTAGE, amount=euros(100), words="Stamps", by=other
        )
        for _ in range(2)
    )
    payments.take_back(session, twice, reason="Not bought", by=other)
    closes(session, shift, counted(13_010), by=desk)

    def lines(day):
        rows = cash_report.of_day(session, house, day).rows
        return {row[2]: (row[4], row[5]) for row in rows}

    assert lines(first) == {
        "float": (1, "100.00"), "taken": (1, "10.00"), "carried_forward": (0, "110.00"),
    }  # fmt: skip
    assert lines(second) == {
        "brought_forward": (0, "110.00"),
        "taken": (1, "20.00"),
        "over_short": (1, "0.10"),
        "handed_in": (1, "-130.10"),
        "carried_forward": (0, "0.00"),
        "without_shift": (2, "2.00"),
    }
    with pytest.raises(Refusal, match="no figures"):
        cash_report.of_day(session, house, second + timedelta(days=1))


@SQLITE_ONLY
def test_nothing_goes_through_a_drawer_that_is_counted(session, house, desk, folio, shift):
    paid = pays(session, folio, 1_000, desk)
    cashiers.begin_count(session, shift, by=desk)

    for deed in (
        lambda: pays(session, folio, 500, desk),
        lambda: cashiers.drop(session, shift, amount=euros(1), by=desk),
        lambda: payments.void(session, paid, reason="wrong", by=make.by(session, house)),
    ):
        with pytest.raises(cashiers.BeingCounted):
            deed()

    cashiers.back_to_work(session, shift, by=desk)
    pays(session, folio, 500, desk)
    assert cashiers.expected(session, house, shift) == {"EUR": 11_500}


@SQLITE_ONLY
def test_a_void_returns_to_the_drawer_until_that_is_counted(
    session, house, desk, manager, folio, shift
):
    takes_dollars(session, house, manager)
    first, second = (pays(session, folio, 9_200, desk, tendered=dollars(10_000)) for _ in range(2))
    stamps = payments.spend(
        session, house, expense=Expense.POSTAGE, amount=euros(300), words="Stamps", by=desk
    )

    payments.void(session, first, reason="Paid by card after all", by=manager)
    payments.take_back(session, stamps, reason="Not bought", by=manager)
    with pytest.raises(ledger.ReversedAlready):
        payments.take_back(session, stamps, reason="Twice", by=manager)

    assert cashiers.expected(session, house, shift) == {"EUR": 9_941, "USD": 10_000}
    closes(session, shift, counted(9_941), counted(10_000, "USD"), by=desk)
    assert over_short(session, house) is None
    with pytest.raises(cashiers.CountedSince):
        payments.void(session, second, reason="Too late", by=manager)


@SQLITE_ONLY
def test_a_recount_posts_what_it_changes_and_keeps_the_first(session, house, desk, manager, shift):
    closes(session, shift, counted(9_000), by=desk)
    assert over_short(session, house) == 1_000

    cashiers.recount(session, shift, counts=[counted(9_990)], reason="A note stuck", by=manager)

    assert [(each.no, each.counted) for each in cashiers.counts_of(session, shift)] == [
        (1, 9_000), (2, 9_990),
    ]  # fmt: skip
    assert over_short(session, house) == 10
    assert cash_of(session, house) == {"cash/safe": -10}
    cashiers.accept(session, shift, reason="Ten cents", by=manager)
    with pytest.raises(cashiers.NotToReview):
        cashiers.recount(session, shift, counts=[counted(0)], reason="Again", by=manager)


@SQLITE_ONLY
def test_what_the_house_asks_of_cash(session, house, desk, manager, folio):
    pays(session, folio, 100, desk)
    setting.set_rules(session, house, asks_for_shift=True, usual_float=euros(20_000), by=manager)

    with pytest.raises(cashiers.NoShift, match="Open your shift"):
        pays(session, folio, 100, desk)
    payments.pay(session, folio, amount=euros(5), method=Method.CARD, card=make.slip(), by=desk)
    shift = cashiers.open_shift(session, house, opening_float=euros(0), by=desk)
    pays(session, folio, 100, desk)

    assert cashiers.expected(session, house, shift) == {"EUR": 100}
    assert setting.read(session, house).usual_float == euros(20_000)


@SQLITE_ONLY
def test_odd_money_is_refused(session, house, desk, manager, folio, shift):
    takes_dollars(session, house, manager)
    away = make.by(session, house, Role.NIGHT_AUDITOR)
    for refusal, deed in (
        (cashiers.ShiftOpenAlready,
         lambda: cashiers.open_shift(session, house, opening_float=euros(1), by=desk)),
        (Invalid, lambda: cashiers.open_shift(session, house, opening_float=euros(-1), by=away)),
        (Invalid, lambda: cashiers.drop(session, shift, amount=euros(0), by=desk)),
        (cashiers.NotYourShift, lambda: cashiers.drop(session, shift, amount=euros(1), by=away)),
        (cashiers.NotYourShift, lambda: cashiers.begin_count(session, shift, by=away)),
        (cashiers.NotBeingCounted, lambda: cashiers.close(session, shift, counts=[], by=desk)),
        (cashiers.NotToReview, lambda: cashiers.accept(session, shift, reason="", by=manager)),
        (NotAllowed, lambda: cashiers.accept(session, shift, reason="", by=away)),
        (cashiers.NotTaken, lambda: pays(session, folio, 1, desk, tendered=Money(100, "GBP"))),
        (cashiers.NotInNotes, lambda: pays(session, folio, 1, desk, tendered=dollars(50))),
        (cashiers.WorthLess, lambda: pays(session, folio, 94, desk, tendered=dollars(100))),
        (cashiers.ForeignWithoutShift,
         lambda: pays(session, folio, 1, away, tendered=dollars(100))),
        (payments.OnlyCashIsForeign,
         lambda: payments.pay(session, folio, amount=euros(1), method=Method.TRANSFER,
                              tendered=dollars(100), by=desk)),
        (Invalid, lambda: payments.pay_out(session, folio, amount=euros(1), words=" ", by=desk)),
        (payments.AmountNotPositive,
         lambda: payments.spend(session, house, expense=Expense.FOOD, amount=euros(0),
                                words="Milk", by=desk)),
        (NotAllowed,
         lambda: payments.pay_out(session, folio, amount=euros(1), words="Taxi",
                                  by=make.by(session, house, Role.CONCIERGE))),
    ):  # fmt: skip
        with pytest.raises(refusal), session.begin_nested():
            deed()
    cashiers.begin_count(session, shift, by=desk)
    with pytest.raises(Invalid, match="notes and coins of EUR"):
        cashiers.close(session, shift, counts=[Counted("EUR", {3: 1})], by=desk)


@SQLITE_ONLY
def test_nobody_reviews_their_own_drawer(session, house, manager):
    mine = cashiers.open_shift(session, house, opening_float=euros(0), by=manager)
    closes(session, mine, counted(0), by=manager)

    with pytest.raises(cashiers.YourOwnShift):
        cashiers.accept(session, mine, reason="Fine", by=manager)

    other = make.by(session, house, Role.ACCOUNTANT)
    assert cashiers.accept(session, mine, reason="", by=other).state is ShiftState.REVIEWED


@SQLITE_ONLY
def test_a_drawer_left_open_is_counted_by_who_keeps_the_cash(session, house, manager, shift):
    closes(session, shift, counted(10_000), by=manager)

    assert shift.state is ShiftState.CLOSED


# --- rates, notes, the safe -----------------------------------------------------------------------


@SQLITE_ONLY
def test_house_rates_are_dated_and_the_newest_of_a_day_holds(session, house, manager):
    today = house.business_date
    tomorrow = today + timedelta(days=1)
    takes_dollars(session, house, manager)
    cashiers.set_rate(session, house, currency="USD", rate=Decimal("1.1"), by=manager)
    cashiers.set_rate(session, house, currency="USD", rate=None, from_day=tomorrow, by=manager)

    in_force = cashiers.in_force(session, house, today)
    assert {code: str(each.decimal) for code, each in in_force.items()} == {"USD": "1.1"}
    assert cashiers.in_force(session, house, tomorrow) == {}
    for odd in (
        {"currency": "EUR"}, {"currency": "XYZ"}, {"rate": Decimal(0)},
        {"rate": Decimal("1.0000001")}, {"rate": Decimal("NaN")}, {"rate": Decimal("1e999999")},
        {"from_day": today - timedelta(days=1)},
    ):  # fmt: skip
        asked = {"currency": "CHF", "rate": Decimal("0.95"), **odd}
        with pytest.raises(Invalid):
            cashiers.set_rate(session, house, **asked, by=manager)


@pytest.mark.parametrize(
    ("currency", "rate", "owed", "asks"),
    [
        ("USD", 1_080_000, "92.00", "100.00"),
        ("USD", 1_080_000, "92.60", "101.00"),
        ("CHF", 950_000, "10.00", "10.00"),
        ("JPY", 162_350_000, "50.00", "9000"),
    ],
)
def test_what_settles_an_amount_is_worth_it(currency, rate, owed, asks):
    house_rate = cashiers.HouseRate(currency, rate, make.DAY)

    asked = house_rate.asked_for(Money.parse(owed, "EUR"))

    assert str(asked) == asks
    assert house_rate.worth(asked, "EUR") >= Money.parse(owed, "EUR")


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD", "CHF", "INR", "HUF"])
def test_every_currency_can_be_counted(currency):
    values = cashiers.counted_in(currency, is_foreign=False)

    assert list(values) == sorted(set(values), reverse=True)
    assert min(values) >= 1
    assert set(cashiers.counted_in(currency, is_foreign=True)) <= set(values)


@SQLITE_ONLY
def test_cash_goes_to_the_safe_and_to_the_bank(session, house, desk, manager, folio):
    pays(session, folio, 5_000, desk)

    safe.move(session, house, safe.Way.COLLECT, amount=euros(5_000), by=manager)
    entry = safe.move(
        session, house, safe.Way.BANK, amount=euros(4_000), reference="Bag 17", by=manager
    )

    assert cash_of(session, house) == {"cash/safe": 1_000}
    assert [line.verb for line in logbook.history(session, entry)] == ["moved cash"]
    with pytest.raises(safe.NotThere, match=r"10\.00 EUR"):
        safe.move(session, house, safe.Way.BANK, amount=euros(1_001), by=manager)
    with pytest.raises(NotAllowed):
        safe.move(session, house, safe.Way.FETCH, amount=euros(1), by=desk)


# --- at once --------------------------------------------------------------------------------------


def test_two_closings_at_once_count_the_drawer_once(session, engine, house, desk, shift):
    cashiers.begin_count(session, shift, by=desk)
    session.commit()

    def close(other):
        found = other.get_one(CashierShift, (house.id, shift.id))
        by = other.get_one(Staff, (house.chain_id, desk.id))
        return cashiers.close(other, found, counts=[counted(9_999)], by=by).number

    answers = at_once(engine, close)

    assert sorted(type(each).__name__ for each in answers) == ["ShiftOver", "int"]
    assert over_short(session, house) == 1
    assert cash_of(session, house) == {"cash/safe": -1}


def test_two_openings_at_once_open_one_shift(session, engine, house, desk):
    session.commit()

    def open_one(other):
        hotel = other.get_one(type(house), house.id)
        by = other.get_one(Staff, (house.chain_id, desk.id))
        return cashiers.open_shift(other, hotel, opening_float=euros(100), by=by).number

    answers = at_once(engine, open_one, times=3)

    refused = [each for each in answers if isinstance(each, cashiers.ShiftOpenAlready)]
    assert (len(refused), [each for each in answers if isinstance(each, int)]) == (2, [10_001])


def test_a_payment_during_the_closing_is_in_the_count_or_refused(
    session, engine, house, desk, folio, shift
):
    session.commit()
    deeds = iter(("count", "pay"))

    def either(other):
        by = other.get_one(Staff, (house.chain_id, desk.id))
        if next(deeds) == "pay":
            found = other.get_one(Folio, (house.id, folio.id))
            return pays(other, found, 1_000, by)
        mine = other.get_one(CashierShift, (house.id, shift.id))
        return closes(other, mine, counted(10_000), by=by)

    answers = at_once(engine, either)

    session.rollback()
    [count] = cashiers.counts_of(session, shift)
    taken = [each for each in answers if isinstance(each, Payment)]
    in_drawer = count.expected == 11_000
    assert len(answers) == 2
    assert over_short(session, house) == (1_000 if in_drawer else None)
    assert cash_of(session, house) == ({} if in_drawer or not taken else {"cash": 1_000})


# --- the database itself --------------------------------------------------------------------------

INTO_THE_DRAWER = """
    INSERT INTO drawer_moves (hotel_id, id, shift_id, entry_id, business_day, kind, currency,
        amount, booked)
    SELECT hotel_id, id + 1, shift_id, entry_id, business_day, 'taken', :currency, 500, 500
    FROM drawer_moves WHERE kind = 'float'
"""
ANOTHER_SHIFT = """
    INSERT INTO cashier_shifts (hotel_id, id, chain_id, number, staff_id, state, opening_float,
        opened_on, opened_at, version)
    SELECT hotel_id, id + 1, chain_id, 99, staff_id, 'counting', 0, opened_on, opened_at, 1
    FROM cashier_shifts
"""


def refused_by_the_database(session, sql, **values):
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.text(sql), values)


def test_the_database_itself_keeps_a_counted_drawer(session, desk, manager, shift):
    closes(session, shift, counted(9_000), by=desk)

    own_review = "state = 'reviewed', reviewed_by = staff_id, reviewed_at = closed_at"
    for sql in (
        "UPDATE cashier_shifts SET state = 'open', closed_at = NULL, closed_on = NULL",
        "UPDATE cashier_shifts SET opening_float = 0",
        f"UPDATE cashier_shifts SET {own_review}",
        "DELETE FROM cashier_shifts",
        "UPDATE drawer_moves SET amount = 1",
        "DELETE FROM drawer_counts",
        "UPDATE counted_pieces SET pieces = 9",
    ):
        refused_by_the_database(session, sql)
    refused_by_the_database(session, INTO_THE_DRAWER, currency="EUR")
    cashiers.accept(session, shift, reason="Ten euros", by=manager)
    refused_by_the_database(session, "UPDATE cashier_shifts SET review = 'Nothing'")


def test_the_database_itself_knows_one_open_shift_and_the_rate_of_foreign_money(session, shift):
    refused_by_the_database(session, ANOTHER_SHIFT)
    refused_by_the_database(session, INTO_THE_DRAWER, currency="USD")
