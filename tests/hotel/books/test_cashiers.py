"""Cashier shifts: drawers, foreign notes, counts and reviews; what races, and what SQL can't do."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import cashiers, folios, ledger, papers, payments, receivables
from pms.hotel.books.cashiers import (
    CashierShift,
    Counted,
    DrawerMove,
    MoveKind,
    ShiftState,
    banking,
    clearing,
    drawers,
    dropping,
    safe,
    setting,
)
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Expense, Method, Payment, slips
from pms.hotel.close import cash_report, journal, verify
from pms.hotel.guests import companies
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role, Staff
from tests import make, papered
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


SAFE = 50_000  # what lies there before


def euros(minor):
    return Money(minor, "EUR")


def dollars(minor):
    return Money(minor, "USD")


@pytest.fixture
def house(session):
    return make.filled_safe(session, make.hotel(session), SAFE)


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
    """What lies where, in the safe beside what was in it before."""
    found = ledger.open_balances(session, house, ledger.Ledger.CASH)
    in_safe = found.pop("cash/safe", 0) - SAFE
    return found | ({"cash/safe": in_safe} if in_safe else {})


def over_short(session, house):
    return ledger.open_balances(session, house, ledger.Ledger.CLEARING).get("clearing/over-short")


# --- paid-outs ---------------------------------------------------------------------------------


@SQLITE_ONLY
def test_a_role_pays_out_up_to_its_limit_in_a_day(session, house, desk, manager, folio):
    def spend(minor, who=desk, **details):
        return payments.spend(session, house, expense=Expense.TRAVEL, amount=euros(minor),
                              words="Taxi", by=who, **details)  # fmt: skip

    folios.set_limits(session, house, {Role.FRONT_DESK: euros(5_000)}, by=manager)
    with (
        pytest.raises(payments.OverPaidOutLimit, match=r"front desk\) pays out €50\.00 a day\."),
        session.begin_nested(),
    ):
        payments.pay_out(session, folio, amount=euros(9_999_900), words="Taxi", by=desk)
    payments.pay_out(session, folio, amount=euros(3_000), words="Taxi", by=desk)
    taxi = spend(2_000, key="once")
    assert spend(2_000, key="once") is taxi
    with (
        pytest.raises(payments.OverPaidOutLimit, match=r"handed out €50\.00 today\. Ask a man"),
        session.begin_nested(),
    ):
        spend(1)
    spend(9_999_900, manager)
    payments.take_back(session, taxi, reason="Not driven", by=manager)
    spend(2_000)
    roll(session, house)
    spend(5_000)


def test_two_paid_outs_at_once_keep_to_the_limit(session, engine, house, desk, manager):
    folios.set_limits(session, house, {Role.FRONT_DESK: euros(5_000)}, by=manager)
    session.commit()

    def spend(other):
        return payments.spend(
            other, other.get_one(type(house), house.id), expense=Expense.TRAVEL,
            amount=euros(3_000), words="Taxi", by=other.get_one(Staff, (house.chain_id, desk.id)),
        ).number  # fmt: skip

    answers = at_once(engine, spend)

    assert sorted(type(each).__name__ for each in answers) == ["OverPaidOutLimit", "int"]


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


@SQLITE_ONLY
def test_foreign_notes_that_are_missing_take_their_share_of_what_they_stood_for(
    session, house, desk, manager, folio, shift
):
    for rate in ("1.08", "0.90"):
        cashiers.set_rate(session, house, currency="USD", rate=Decimal(rate), by=manager)
        pays(session, folio, 9_000, desk, tendered=dollars(10_000))
    change = counted(7_630)  # 92.59 and 111.11 less 90.00 each, out of the float
    closes(session, shift, change, counted(1_000, "USD"), by=desk)
    assert cash_of(session, house)["cash/safe/usd"] == 1_018  # 10 of 200 that stood for 203.70

    for minor, stands_for in ((0, None), (20_000, 20_370), (21_000, 21_481), (0, None)):
        cashiers.recount(
            session, shift, counts=[change, counted(minor, "USD")], reason="Again", by=manager
        )
        assert cash_of(session, house).get("cash/safe/usd") == stands_for
    assert over_short(session, house) == 20_370
    assert cashiers.in_the_safe(session, house) == {}
    assert [check.name for check in verify.checks(session, house) if not check.ok] == []


@SQLITE_ONLY
def test_a_recount_after_banking_leaves_no_less_than_nothing_and_no_cents_for_no_notes(
    session, house, desk, manager, folio, shift
):
    takes_dollars(session, house, manager)
    pays(session, folio, 9_259, desk, tendered=dollars(10_000))
    closes(session, shift, counted(10_000), counted(10_000, "USD"), by=desk)
    banks(session, house, manager, 3_000)
    banked = banks(session, house, manager, 3_000)

    def recounts(minor):
        count = [counted(10_000), counted(minor, "USD")]
        cashiers.recount(session, shift, counts=count, reason="Again", by=manager)

    with pytest.raises(cashiers.BankedSince, match=r"10\.00 of that.*Undo"), session.begin_nested():
        recounts(5_000)
    recounts(6_000)
    before = exchange_differences(session, house)
    assert cashiers.in_the_safe(session, house) == {}
    assert cash_of(session, house).get("cash/safe/usd") is None
    assert (over_short(session, house), before) == (3_704, 2 * 51 - 1)
    banking.undo(session, banked, reason="Wrong bag", by=manager)
    recounts(3_000)

    assert cash_of(session, house).get("cash/safe/usd") is None
    assert [check.name for check in verify.checks(session, house) if not check.ok] == []


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
    with pytest.raises(cashiers.CountedByYou, match="Somebody else accepts it"):
        cashiers.accept(session, shift, reason="Ten cents", by=manager)
    accountant = make.by(session, house, Role.ACCOUNTANT)
    cashiers.accept(session, shift, reason="Ten cents", by=accountant)
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


def test_a_drawer_left_open_is_counted_by_who_keeps_the_cash_and_accepted_by_another(
    session, house, manager, shift
):
    closes(session, shift, counted(10_000), by=manager)

    with pytest.raises(cashiers.CountedByYou):
        cashiers.accept(session, shift, reason="", by=manager)
    refused_by_the_database(
        session,
        "UPDATE cashier_shifts SET state = 'reviewed', reviewed_by = :by, reviewed_at = closed_at",
        by=manager.id,
    )
    accountant = make.by(session, house, Role.ACCOUNTANT)
    assert cashiers.accept(session, shift, reason="", by=accountant).state is ShiftState.REVIEWED


# --- drops ----------------------------------------------------------------------------------------


def dropped(session, shift):
    [newest, *_] = cashiers.drops(session, shift)
    return newest.move


def test_a_drop_that_was_a_mistake_is_taken_back_while_the_shift_is_open(
    session, house, desk, manager, shift
):
    cashiers.drop(session, shift, amount=euros(50_000), by=desk)  # 50.00 were meant
    move = dropped(session, shift)
    held = [(each.move_id, each.dropped, each.held)
            for each in cashiers.excesses(session, house, [shift.id])]  # fmt: skip
    assert held == [(move.id, 50_000, 10_000)]

    dropping.take_back(session, move, reason="A zero too many", by=desk)
    cashiers.drop(session, shift, amount=euros(5_000), by=desk)

    assert cashiers.excesses(session, house, [shift.id]) == []
    assert cash_of(session, house) == {"cash/drawers": 5_000, "cash/safe": -5_000}
    with pytest.raises(cashiers.DropTakenBack):
        dropping.take_back(session, move, reason="Again", by=manager)
    dropping.take_back(session, dropped(session, shift), reason="For change", by=manager)
    assert [each.is_taken_back for each in cashiers.drops(session, shift)] == [True, True]
    assert [line.verb for line in logbook.history(session, shift)] == [
        "took back drop", "dropped", "took back drop", "dropped", "opened",
    ]  # fmt: skip
    closes(session, shift, counted(10_000), by=desk)
    assert over_short(session, house) is None


@SQLITE_ONLY
def test_a_drop_stays_where_it_may_not_be_taken_back(session, house, desk, manager, folio, shift):
    cashiers.drop(session, shift, amount=euros(1_000), by=desk)
    move = dropped(session, shift)
    paid = pays(session, folio, 100, desk)
    [taken] = cashiers.drawers.moves_of(session, session.get_one(Entry, (house.id, paid.entry_id)))

    for refusal, deed in (
        (Invalid, lambda: dropping.take_back(session, move, reason=" ", by=desk)),
        (cashiers.NotYourShift,
         lambda: dropping.take_back(session, move, reason="x",
                                    by=make.by(session, house, Role.NIGHT_AUDITOR))),
        (ValueError, lambda: dropping.take_back(session, taken, reason="x", by=desk)),
    ):  # fmt: skip
        with pytest.raises(refusal):
            deed()
    cashiers.begin_count(session, shift, by=desk)
    with pytest.raises(cashiers.BeingCounted):
        dropping.take_back(session, move, reason="x", by=manager)
    cashiers.close(session, shift, counts=[counted(9_100)], by=desk)
    with pytest.raises(cashiers.ShiftOver):
        dropping.take_back(session, move, reason="x", by=manager)


def test_two_who_take_one_drop_back_take_it_back_once(session, engine, house, desk, shift):
    cashiers.drop(session, shift, amount=euros(1_000), by=desk)
    move_id = dropped(session, shift).id
    session.commit()

    def take_back(other):
        move = other.get_one(DrawerMove, (house.id, move_id))
        by = other.get_one(Staff, (house.chain_id, desk.id))
        return dropping.take_back(other, move, reason="Twice", by=by).id

    answers = at_once(engine, take_back)

    assert sorted(type(each).__name__ for each in answers) == ["DropTakenBack", "int"]
    session.rollback()
    assert cashiers.expected(session, house, shift) == {"EUR": 10_000}


# --- foreign notes --------------------------------------------------------------------------------


@pytest.fixture
def notes(session, house, desk, manager, folio, shift):
    """100 dollars that were taken at 1.08 and lie in the safe, booked at 92.59."""
    takes_dollars(session, house, manager)
    pays(session, folio, 9_259, desk, tendered=dollars(10_000))
    closes(session, shift, counted(10_000), counted(10_000, "USD"), by=desk)


def banks(session, house, by, minor=6_000, rate="1.10", **details):
    return banking.bank(session, house, notes=dollars(minor), rate=Decimal(rate), by=by, **details)


def exchange_differences(session, house):
    clearing = ledger.open_balances(session, house, ledger.Ledger.CLEARING)
    return clearing.get("clearing/exchange-differences", 0)


def test_foreign_notes_go_to_the_bank_at_its_rate_and_the_difference_is_posted(
    session, house, manager, notes
):
    banked = banks(session, house, manager, key="slip", reference="Slip 8")
    again = banks(session, house, manager, key="slip", reference="Slip 8")

    assert again is banked
    assert (banked.booked, banked.credited, banked.difference) == (5_555, 5_455, -100)
    assert exchange_differences(session, house) == 100
    left = cashiers.in_the_safe(session, house)["USD"]
    assert (left.notes, left.booked) == (dollars(4_000), euros(3_704))
    rest = banks(
        session, house, manager, 4_000, "1.05"
    )  # what is left goes with all it's booked at
    assert (rest.booked, rest.credited) == (3_704, 3_810)
    banking.undo(session, rest, reason="Wrong bag", by=manager)

    assert cashiers.in_the_safe(session, house)["USD"] == left
    assert exchange_differences(session, house) == 100
    day = journal.of_day(session, house, house.business_date)
    assert day.unmapped == []
    assert sum(line.debits - line.credits for line in day.lines) == 0
    [lost] = [line for line in day.lines if line.number == "4910"]
    assert lost.debits - lost.credits == 100
    assert [line.verb for line in logbook.history(session, rest)] == [
        "undid banking", "banked notes",
    ]  # fmt: skip


@SQLITE_ONLY
def test_what_the_bank_keeps_as_its_fee_stands_apart_from_the_difference(
    session, house, manager, notes
):
    banked = banks(session, house, manager, key="slip", fee=euros(250))

    assert (banked.credited, banked.fee, banked.difference) == (5_455, 250, -100)
    stands = ledger.open_balances(session, house, ledger.Ledger.CLEARING)
    assert (stands["clearing/bank-fees"], exchange_differences(session, house)) == (250, 100)
    assert stands["clearing/transfer"] == 5_205 - SAFE
    assert journal.of_day(session, house, house.business_date).unmapped == []
    assert [check.name for check in verify.checks(session, house) if not check.ok] == []
    for refusal, fee in ((Invalid, euros(-1)), (Invalid, dollars(1)), (Invalid, euros(5_456))):
        with pytest.raises(refusal), session.begin_nested():
            banks(session, house, manager, fee=fee)
    with pytest.raises(ledger.KeyUsedForOther), session.begin_nested():
        banks(session, house, manager, key="slip")


def test_two_who_bank_the_same_notes_bank_them_once(session, engine, house, manager, notes):
    session.commit()

    def bank(other):
        hotel = other.get_one(type(house), house.id)
        by = other.get_one(Staff, (house.chain_id, manager.id))
        return banks(other, hotel, by, 10_000).booked

    answers = at_once(engine, bank)

    assert sorted(type(each).__name__ for each in answers) == ["NotThere", "int"]
    session.rollback()
    assert cashiers.in_the_safe(session, house) == {}


@SQLITE_ONLY
def test_notes_that_cant_be_banked_or_brought_back(session, house, desk, manager, notes):
    banked = banks(session, house, manager, key="slip")
    for refusal, deed in (
        (cashiers.NotThere, lambda: banks(session, house, manager, 4_100)),
        (cashiers.NotThere,
         lambda: banking.bank(session, house, notes=Money(500, "GBP"), rate=Decimal(1),
                              by=manager)),
        (cashiers.NotInNotes, lambda: banks(session, house, manager, 50)),
        (Invalid, lambda: banks(session, house, manager, rate="0")),
        (Invalid, lambda: banking.bank(session, house, notes=euros(500), rate=Decimal(1),
                                       by=manager)),
        (ledger.KeyUsedForOther, lambda: banks(session, house, manager, 5_000, key="slip")),
        (NotAllowed, lambda: banks(session, house, desk)),
        (Invalid, lambda: banking.undo(session, banked, reason="", by=manager)),
    ):  # fmt: skip
        with pytest.raises(refusal), session.begin_nested():
            deed()
    banking.undo(session, banked, reason="Wrong bag", by=manager)
    with pytest.raises(cashiers.BankingUndone):
        banking.undo(session, banked, reason="Twice", by=manager)
    old = banks(session, house, manager)
    roll(session, house)
    with pytest.raises(cashiers.BankedAnotherDay):
        banking.undo(session, old, reason="Late", by=manager)


@SQLITE_ONLY
def test_a_company_pays_in_foreign_notes_at_the_kept_rate(session):
    house = papered.hotel(session)
    manager = make.by(session, house)
    takes_dollars(session, house, manager)
    shift = cashiers.open_shift(session, house, opening_float=euros(0), by=manager)
    firm = companies.enter(session, house, code="ACME", name="Acme", direct_bill=True, by=manager)
    cash = {"amount": euros(9_200), "method": Method.CASH, "tendered": dollars(10_000)}

    city = receivables.pay_city(session, house, firm, **cash, by=manager)

    assert cashiers.expected(session, house, shift) == {"EUR": -59, "USD": 10_000}
    receipt = papers.receipt(session, city, to=papered.FIRM, by=manager)
    assert receipt.data["payments"][0]["text"] == "USD 100.00 at 1.08"
    item = receivables.of_entry(session, house, city.entry_id)
    receivables.void_payment(session, item, reason="Wrong firm", by=manager)
    assert cashiers.expected(session, house, shift) == {"EUR": 0, "USD": 0}


# --- card brands ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mastercard", "Mastercard"), (" MASTER  card ", "Mastercard"), ("VISA", "Visa"),
        ("amex", "American Express"), ("Girocard", "girocard"), ("jcb", "JCB"),
        ("carte BANCAIRE", "Carte bancaire"), ("", ""),
    ],
)  # fmt: skip
def test_a_card_brand_has_one_name(written, kept):
    assert slips.brand(written) == kept


def test_brands_written_differently_are_one_also_by_the_database(session, desk, folio, shift):
    for brand in ("Mastercard", "mastercard "):
        payments.pay(
            session, folio, amount=euros(300), method=Method.CARD, card=make.slip(brand=brand),
            by=desk,
        )  # fmt: skip

    [taken] = payments.beside_cash(session, shift)
    assert (taken.way, taken.count, taken.amount) == ("Mastercard", 2, 600)
    refused_by_the_database(
        session,
        """
        INSERT INTO payments (hotel_id, id, entry_id, account_id, business_day, kind, method,
            amount, brand, staff_id)
        SELECT p.hotel_id, p.id + 1, l.entry_id, p.account_id, p.business_day, p.kind, p.method,
            p.amount, 'MASTERCARD', p.staff_id
        FROM payments p JOIN lines l ON l.hotel_id = p.hotel_id
        WHERE l.entry_id NOT IN (SELECT entry_id FROM payments) LIMIT 1
        """,
    )


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
    with pytest.raises(cashiers.NotThere, match=r"€510\.00"):
        safe.move(session, house, safe.Way.BANK, amount=euros(SAFE + 1_001), by=manager)
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


def test_two_floats_at_once_leave_no_debt_in_the_safe(session, engine, house, desk, manager):
    """The safe holds 500.00: two of 300.00 are more, whoever asks first."""
    session.commit()
    people = iter((desk, manager))

    def open_one(other):
        hotel = other.get_one(type(house), house.id)
        by = other.get_one(Staff, (house.chain_id, next(people).id))
        return cashiers.open_shift(other, hotel, opening_float=euros(30_000), by=by).opening_float

    answers = at_once(engine, open_one)

    session.rollback()
    assert sorted(type(each).__name__ for each in answers) == ["SafeTooEmpty", "int"]
    assert cash_of(session, house) == {"cash/drawers": 30_000, "cash/safe": -30_000}


@SQLITE_ONLY
def test_whatever_takes_out_of_the_safe_takes_what_lies_there(session, house, desk, manager, shift):
    def leave(minor):
        """Bring the rest to the bank."""
        there = ledger.open_balances(session, house, ledger.Ledger.CASH)["cash/safe"]
        amount = euros(there - minor)
        safe.move(session, house, safe.Way.BANK, amount=amount, by=manager)

    cashiers.drop(session, shift, amount=euros(9_000), by=desk)
    leave(8_999)
    with pytest.raises(cashiers.SafeTooEmpty, match=r"doesn't hold €90\.00 by the books"):
        dropping.take_back(session, dropped(session, shift), reason="Mistyped", by=desk)
    with pytest.raises(cashiers.SafeTooEmpty) as refused:
        cashiers.open_shift(session, house, opening_float=euros(9_000), by=manager)
    assert refused.value.field == "opening_float"
    closes(session, shift, counted(1_000), by=desk)
    leave(0)
    with pytest.raises(cashiers.SafeTooEmpty) as refused, session.begin_nested():
        cashiers.recount(session, shift, counts=[counted(900)], reason="Again", by=manager)
    assert refused.value.field == "eur"
    safe.move(session, house, safe.Way.FETCH, amount=euros(100), by=manager)
    cashiers.recount(session, shift, counts=[counted(900)], reason="Again", by=manager)
    assert cash_of(session, house) == {"cash/safe": -SAFE}


def stranded(session, house, shift, by):
    """Three cents in the books of dollars that all went, as the house once left them."""
    for amount, booked in ((-1_000, -5), (1_000, 2)):
        part = drawers.Part(kind=MoveKind.HANDED_IN, currency="USD", amount=amount, booked=booked,
                            rate=1_080_000)  # fmt: skip
        drawers.carry(session, house, shift, part, day=house.business_date, by=by)


def test_what_is_left_in_the_books_without_notes_is_cleared_with_a_reason(
    session, house, desk, manager, shift
):
    stranded(session, house, shift, desk)
    assert cashiers.in_the_safe(session, house) == {}
    assert banking.left_over(session, house) == {"USD": euros(3)}
    for by, reason, why in ((desk, "Rounded", NotAllowed), (manager, " ", Invalid)):
        with pytest.raises(why):
            clearing.clear(session, house, "USD", reason=reason, by=by)

    cleared = clearing.clear(session, house, "USD", reason="Rounded before", by=manager)

    assert banking.left_over(session, house) == {}
    stands = ledger.open_balances(session, house, ledger.Ledger.CLEARING)
    assert (stands["clearing/exchange-differences"], cash_of(session, house).get("usd")) == (
        3,
        None,
    )
    entry = session.get_one(Entry, (house.id, cleared.entry_id))
    assert (entry.reason, entry.business_day) == ("Rounded before", house.business_date)
    with pytest.raises(cashiers.NothingLeftOver):
        clearing.clear(session, house, "USD", reason="Again", by=manager)
    found = {check.name.split()[0]: check.ok for check in verify.checks(session, house)}
    assert found["K11"]
    assert found["K14"]


def test_the_database_itself_clears_what_is_left_and_no_more(session, house, desk, manager, shift):
    stranded(session, house, shift, desk)
    again = """
        INSERT INTO safe_clearings
            (hotel_id, id, entry_id, business_day, currency, booked, staff_id)
        SELECT hotel_id, 1, entry_id, business_day, currency, :booked, 1 FROM drawer_moves
        WHERE kind = 'handed_in' AND amount > 0
    """
    for booked in (2, 3):  # more is left; that entry took 2 out
        refused_by_the_database(session, again, booked=booked)
    clearing.clear(session, house, "USD", reason="Rounded before", by=manager)
    refused_by_the_database(session, "UPDATE safe_clearings SET booked = 1")
    refused_by_the_database(session, "DELETE FROM safe_clearings")


def test_the_database_itself_leaves_no_debt_in_the_safe(session, house, manager):
    accounts = ledger.accounts(session, house, [safe.BANK, drawers.in_safe(house, "EUR")])
    vault, bank = accounts["cash/safe"], accounts[safe.BANK.code]

    def moved(minor):
        """A transfer that no verb of the safe has looked at."""
        sides = (ledger.Side(bank, minor), ledger.Side(vault, -minor))
        draft = ledger.Draft(kind=ledger.Kind.TRANSFER, text="Round the verbs", lines=sides)
        with session.begin_nested():
            ledger.post(session, house, [draft], day=house.business_date, by=manager)

    with pytest.raises(IntegrityError, match="than lies there"):
        moved(SAFE + 1)
    moved(SAFE)


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


def test_the_database_itself_voids_whole_moves_and_banks_what_lies_in_the_safe(
    session, house, desk, manager, shift, notes
):
    mine = cashiers.open_shift(session, house, opening_float=euros(5_000), by=desk)
    cashiers.drop(session, mine, amount=euros(1_000), by=desk)
    entry = session.get_one(Entry, (house.id, dropped(session, mine).entry_id))
    undone = ledger.reverse(session, house, entry, reason="x", by=desk)
    into = """
        INSERT INTO drawer_moves (hotel_id, id, shift_id, entry_id, business_day, kind, currency,
            amount, booked)
        SELECT hotel_id, id + 1, shift_id, :entry, business_day, 'voided', 'EUR', :amount, :amount
        FROM drawer_moves WHERE kind = 'drop'
    """
    refused_by_the_database(session, into, entry=undone.entry_id, amount=999)
    refused_by_the_database(session, into, entry=entry.id, amount=1_000)
    session.execute(sa.text(into), {"entry": undone.entry_id, "amount": 1_000})

    banks(session, house, manager)
    twin = """
        INSERT INTO notes_banked (hotel_id, id, entry_id, business_day, currency, amount, rate,
            booked, credited, staff_id, fee)
        SELECT hotel_id, id + 1, :entry, business_day, currency, :amount, rate, booked, credited,
            staff_id, :fee FROM notes_banked
    """
    refused_by_the_database(session, twin, entry=entry.id, amount=100, fee=0)
    refused_by_the_database(session, "UPDATE notes_banked SET rate = 1")
    reverted = banks(session, house, manager, 4_000)
    refused_by_the_database(session, twin, entry=reverted.entry_id, amount=5_000, fee=0)
    banking.undo(session, reverted, reason="Wrong bag", by=manager)
    costs = {"entry": reverted.entry_id, "amount": 4_000, "fee": 1}
    with pytest.raises(IntegrityError, match="what the bank keeps"), session.begin_nested():
        session.execute(sa.text(f"{twin} WHERE entry_id = :entry"), costs)
