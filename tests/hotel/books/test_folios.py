"""Folios: charged, adjusted, voided, moved, closed; nothing is lost on the way."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import card_numbers
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.cashiers import safe
from pms.hotel.books.folios import Folio, FolioKind, FolioState
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import TaxKind
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.days import roll

TWO = taxes.Slept(adults=2)


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.hotel(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def bar(session, house, by):
    return charges.add(
        session,
        house,
        code="BAR",
        name="Bar",
        department=Department.FOOD_AND_BEVERAGE,
        price=450,
        by=by,
    )


def verbs(session, thing):
    return [line.verb for line in reversed(logbook.history(session, thing))]


def stands(session, folio):
    return {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}


def test_a_folio_opens_with_one_window_and_a_number(session, house, by):
    first, second = make.folio(session, house), make.folio(session, house, windows=3)

    assert (first.number, second.number) == (10001, 10002)
    assert stands(session, second) == {1: 0, 2: 0, 3: 0}
    assert [window.no for window in second.windows] == [1, 2, 3]
    assert verbs(session, second) == ["opened", "opened window", "opened window"]
    assert folios.by_number(session, house, 10002) is second


@ONE_ENGINE
def test_odd_windows_are_refused(session, house, by):
    folio = make.folio(session, house)
    firm = companies.enter(session, house, code="ACME", name="Acme", by=by)

    with pytest.raises(folios.WindowOpen):
        folios.open_window(session, folio, no=1, by=by)
    with pytest.raises(Invalid, match="windows 1 to 8"):
        folios.open_window(session, folio, no=9, by=by)
    with pytest.raises(Invalid, match="one payee"):
        folios.open_folio(
            session,
            house,
            kind=FolioKind.COMPANY,
            name="Acme",
            payee_guest=make.guest(session, house),
            payee_company=firm,
            by=by,
        )
    with pytest.raises(NotAllowed):
        folios.open_window(session, folio, no=2, by=make.by(session, house, Role.RESERVATIONS))


def test_a_charge_keeps_each_tax_on_its_own_line(session, house, by):
    folio, lodging = make.folio(session, house), make.taxed_code(session, house)

    entry = folios.charge(session, folio, code=lodging, amount=euros(10000), slept=TWO, by=by)

    lines = ledger.lines_of(session, entry)
    assert [(line.amount, line.base) for line in lines] == [
        (9346, None),
        (-9346, None),
        (654, 9346),
        (-654, 9346),
        (400, 9346),
        (-400, 9346),
    ]
    assert stands(session, folio) == {1: 10400}
    assert ledger.open_balances(session, house, ledger.Ledger.TAX) == {
        "tax/CITY": -400,
        "tax/VAT7": -654,
    }
    assert verbs(session, folio) == ["opened", "charged"]


@ONE_ENGINE
def test_a_charge_takes_the_codes_price_for_each(session, house, by, bar):
    folio = make.folio(session, house)

    entry = folios.charge(session, folio, code=bar, quantity=3, reference="Table 4", by=by)

    assert stands(session, folio) == {1: 1350}
    assert (entry.text, entry.reference) == ("Bar", "Table 4")
    assert [line.quantity for line in ledger.lines_of(session, entry)] == [3, 3]


def test_a_charge_with_a_key_is_made_once(session, house, by, bar):
    folio = make.folio(session, house)

    first = folios.charge(session, folio, code=bar, key="till/1", by=by)
    again = folios.charge(session, folio, code=bar, key="till/1", by=by)

    assert first is again
    assert stands(session, folio) == {1: 450}
    assert verbs(session, folio) == ["opened", "charged"]
    with pytest.raises(ledger.KeyUsedForOther):
        folios.charge(session, folio, code=bar, quantity=2, key="till/1", by=by)


@ONE_ENGINE
def test_odd_charges_are_refused(session, house, by, bar):
    folio = make.folio(session, house)
    free = make.charge_code(session, house, "FREE")

    for refusal, words, details in (
        (folios.NoPriceForCode, "has no usual price", {"code": free}),
        (Invalid, "A quantity is 1", {"code": bar, "quantity": 0}),
        (Invalid, "counts in EUR", {"code": bar, "amount": Money(1, "USD")}),
        (folios.NoSuchWindow, "has no window 4", {"code": bar, "window": 4}),
        (
            card_numbers.LooksLikeACardNumber,
            "keeps none",
            {"code": bar, "reference": "4111111111111111"},
        ),
    ):
        with pytest.raises(refusal, match=words):
            folios.charge(session, folio, **details, by=by)
    with pytest.raises(NotAllowed):
        folios.charge(session, folio, code=bar, by=make.by(session, house, Role.HOUSEKEEPER))
    assert verbs(session, folio) == ["opened"]


@ONE_ENGINE
def test_plus_and_minus_in_two_windows_is_not_settled(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    folios.charge(session, folio, code=bar, by=by)
    payments.pay(session, folio, window=2, amount=euros(450), method=Method.CASH, by=by)

    assert stands(session, folio) == {1: 450, 2: -450}
    assert not folios.settled(session, folio)
    with pytest.raises(folios.NotSettled, match=r"Window 1 of folio 10001 stands at €4.50"):
        folios.close(session, folio, by=by)


def test_a_settled_folio_closes_and_opens_again(session, house, by, bar):
    folio = make.folio(session, house)

    folios.close(session, folio, by=by)

    assert folio.closed_on == make.DAY
    for deed in (
        lambda: folios.charge(session, folio, code=bar, by=by),
        lambda: folios.close(session, folio, by=by),
        lambda: payments.pay(session, folio, amount=euros(1), method=Method.CASH, by=by),
    ):
        with pytest.raises(folios.FolioClosed, match="Folio 10001 is closed"):
            deed()
    with pytest.raises(Invalid, match="Say why"):
        folios.reopen(session, folio, reason=" ", by=by)

    folios.reopen(session, folio, reason="late minibar", by=by)

    folios.charge(session, folio, code=bar, by=by)
    with pytest.raises(folios.FolioNotClosed):
        folios.reopen(session, folio, reason="again", by=by)
    assert verbs(session, folio) == ["opened", "closed", "reopened", "charged"]


def test_the_database_itself_refuses_to_close_an_unsettled_folio(session, house, by, bar):
    folio = make.folio(session, house)
    folios.charge(session, folio, code=bar, by=by)

    with pytest.raises(IntegrityError, match="each of its windows is settled"):
        session.execute(sa.update(Folio).values(state=FolioState.CLOSED, closed_on=make.DAY))


def test_the_database_itself_refuses_lines_on_a_closed_folio(session, house, by, bar):
    folio = make.folio(session, house)
    account = folios.window_account(session, folio, 1)
    folios.close(session, folio, by=by)
    zero = ledger.Draft(kind=ledger.Kind.CHARGE, text="Late", lines=(ledger.Side(account, 0),))

    with pytest.raises(IntegrityError, match="that folio is closed"):
        ledger.post(session, house, [zero], by=by)


# --- void and adjust ----------------------------------------------------------------------------


def test_a_void_counter_posts_with_a_reason(session, house, by, bar):
    folio = make.folio(session, house)
    entry = folios.charge(session, folio, code=bar, by=by)

    undone = folios.void(session, entry, reason="wrong room", by=by)

    assert stands(session, folio) == {1: 0}
    assert (undone.kind, undone.reverses_id, undone.reason) == (
        ledger.Kind.REVERSAL,
        entry.id,
        "wrong room",
    )
    with pytest.raises(ledger.ReversedAlready):
        folios.void(session, entry, reason="again", by=by)
    assert verbs(session, folio)[-1] == "voided"


@ONE_ENGINE
def test_who_may_post_voids_today_and_who_may_adjust_later(session, house, by, bar):
    folio, desk = make.folio(session, house), make.by(session, house, Role.FRONT_DESK)
    todays = folios.charge(session, folio, code=bar, by=desk)
    old = folios.charge(session, folio, code=bar, by=desk)
    folios.void(session, todays, reason="typed twice", by=desk)
    roll(session, house)

    with pytest.raises(NotAllowed, match="“adjust”"):
        folios.void(session, old, reason="typed twice", by=desk)
    folios.void(session, old, reason="typed twice", by=by)

    assert stands(session, folio) == {1: 0}


@ONE_ENGINE
def test_a_payment_is_not_voided_as_a_charge_is(session, house, by):
    folio = make.folio(session, house)
    payment = payments.pay(session, folio, amount=euros(100), method=Method.CASH, by=by)
    entry = session.get_one(ledger.Entry, (house.id, payment.entry_id))

    with pytest.raises(folios.NotVoidable, match="A payment is not voided here"):
        folios.void(session, entry, reason="x", by=by)


@ONE_ENGINE
def test_cash_on_its_way_to_the_safe_is_not_voided_as_a_bills_transfer_is(session, house, by):
    fetched = safe.move(session, house, safe.Way.FETCH, amount=euros(5_000), by=by)

    with pytest.raises(folios.NotOnAFolio):
        folios.void(session, fetched, reason="x", by=by)


def test_an_adjustment_takes_percentages_along_and_leaves_heads_alone(session, house, by):
    folio, lodging = make.folio(session, house), make.taxed_code(session, house)
    night = folios.charge(session, folio, code=lodging, amount=euros(10000), slept=TWO, by=by)

    folios.adjust(
        session,
        folio,
        code=lodging,
        amount=euros(-10000),
        reason="no water",
        concerns=night,
        by=by,
    )

    assert stands(session, folio) == {1: 400}
    assert ledger.open_balances(session, house, ledger.Ledger.TAX) == {"tax/CITY": -400}
    assert ledger.open_balances(session, house, ledger.Ledger.REVENUE) == {}


def test_no_more_is_taken_off_a_charge_than_is_left_of_it(session, house, by):
    folio, lodging = make.folio(session, house), make.taxed_code(session, house)
    elsewhere = make.folio(session, house)
    night = folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    what = {"code": lodging, "reason": "Cold", "by": by}
    folios.adjust(session, folio, amount=euros(-4_000), concerns=night, **what)
    moved = folios.transfer(session, night, to_folio=elsewhere, by=by)
    wrong = folios.adjust(session, elsewhere, amount=euros(-6_000), concerns=moved, **what)

    with pytest.raises(folios.MoreThanCharged, match=r"nothing of it is left.*void the charge"):
        folios.adjust(session, elsewhere, amount=euros(-100), concerns=moved, **what)
    folios.void(session, wrong, reason="Wrong", by=by)
    folios.adjust(session, elsewhere, amount=euros(-1_000), concerns=moved, **what)
    with pytest.raises(folios.MoreThanCharged):
        folios.adjust(session, folio, amount=euros(-100), concerns=night, **what)


def test_a_night_is_adjusted_down_to_its_city_tax_and_no_further(session, house, by):
    folio, lodging = make.folio(session, house), make.taxed_code(session, house)
    night = folios.charge(session, folio, code=lodging, amount=euros(9_600), by=by)
    what = {"code": lodging, "reason": "Noise", "concerns": night, "by": by}

    with pytest.raises(folios.MoreThanCharged, match=r"€96\.00 of it are left.*void the charge"):
        folios.adjust(session, folio, amount=euros(-9_800), **what)
    [line] = folios.adjustables(session, folio)
    folios.adjust(session, folio, amount=-line.amount, **what)

    assert line.amount == euros(9_600)
    assert ledger.open_balances(session, house, ledger.Ledger.REVENUE) == {}
    assert ledger.open_balances(session, house, ledger.Ledger.TAX) == {"tax/CITY": -200}
    assert folios.adjustables(session, folio) == []


def test_vat_on_a_city_tax_stays_with_it(session, house, by):
    city = taxes.add(
        session, house, code="STAY", name="Stay tax", kind=TaxKind.PER_PERSON_NIGHT, rate=1_000,
        inclusive=False, by=by,
    )  # fmt: skip
    vat = taxes.add(
        session, house, code="VAT10", name="VAT 10 %", kind=TaxKind.PERCENT,
        rate=10 * taxes.PERCENT, inclusive=False, on_top_of=[city], by=by,
    )  # fmt: skip
    taxed = taxes.add_class(session, house, code="TAXED", name="Taxed", taxes=[city, vat], by=by)
    room = charges.add(
        session, house, code="ROOM", name="Room", department=Department.ROOMS,
        tax_class_id=taxed.id, by=by,
    )  # fmt: skip
    folio = make.folio(session, house)
    folios.charge(session, folio, code=room, amount=euros(10_000), by=by)

    [line] = folios.adjustables(session, folio)

    assert stands(session, folio) == {1: 12_100}
    assert line.amount == euros(11_000)


def test_no_more_is_taken_off_a_window_than_it_bears_of_a_charge(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    drink = folios.charge(session, folio, code=bar, amount=euros(10_000), by=by)
    folios.split(session, drink, amount=euros(3_900), to_folio=folio, to_window=2, by=by)
    what = {"code": bar, "reason": "Corked", "concerns": drink, "by": by}

    [line] = folios.adjustables(session, folio)
    with pytest.raises(folios.MoreThanCharged, match=r"€39\.00 of it are left on this window"):
        folios.adjust(session, folio, amount=euros(-7_000), window=2, **what)
    folios.adjust(session, folio, amount=euros(-3_900), window=2, **what)
    folios.adjust(session, folio, amount=euros(-6_100), window=1, **what)

    assert line.windows == {1: euros(6_100), 2: euros(3_900)}
    assert stands(session, folio) == {1: 0, 2: 0}


def test_a_charge_that_was_adjusted_is_voided_after_its_adjustment(session, house, by, bar):
    folio = make.folio(session, house)
    drink = folios.charge(session, folio, code=bar, amount=euros(2_000), by=by)
    more, off = (
        folios.adjust(session, folio, code=bar, amount=euros(minor), reason="Cold", concerns=drink,
                      by=by)
        for minor in (500, -1_500)
    )  # fmt: skip

    with pytest.raises(folios.Adjusted, match=r"€10\.00 were taken off “Bar”"):
        folios.void(session, drink, reason="Never served", by=by)
    folios.void(session, off, reason="Never served", by=by)
    folios.void(session, drink, reason="Never served", by=by)
    folios.void(session, more, reason="Never served", by=by)

    assert folios.settled(session, folio)


@ONE_ENGINE
def test_what_was_added_is_voided_after_what_took_it_off_again(session, house, by, bar):
    folio = make.folio(session, house)
    drink = folios.charge(session, folio, code=bar, amount=euros(2_000), by=by)
    more, off, little = (
        folios.adjust(session, folio, code=bar, amount=euros(minor), reason="Cold", concerns=drink,
                      by=by)
        for minor in (500, -2_100, -100)
    )  # fmt: skip

    with pytest.raises(folios.TakenOffSince, match="More was taken off “Bar” than it was without"):
        folios.void(session, more, reason="Not so", by=by)
    assert folios.balance_of(session, folio)[1] == euros(300)
    folios.void(session, little, reason="Not so", by=by)
    with pytest.raises(folios.TakenOffSince):
        folios.void(session, more, reason="Not so", by=by)
    folios.void(session, off, reason="Not so", by=by)
    folios.void(session, more, reason="Not so", by=by)
    assert folios.balance_of(session, folio)[1] == euros(2_000)


@ONE_ENGINE
def test_odd_adjustments_are_refused(session, house, by, bar):
    folio = make.folio(session, house)

    with pytest.raises(Invalid, match="Say why"):
        folios.adjust(session, folio, code=bar, amount=euros(-1), reason="", by=by)
    with pytest.raises(Invalid, match="changes something"):
        folios.adjust(session, folio, code=bar, amount=euros(0), reason="x", by=by)
    with pytest.raises(NotAllowed):
        folios.adjust(
            session,
            folio,
            code=bar,
            amount=euros(-1),
            reason="x",
            by=make.by(session, house, Role.FRONT_DESK),
        )


# --- transfers ----------------------------------------------------------------------------------


def test_a_charge_moves_with_its_taxes_and_on(session, house, by):
    first, second = make.folio(session, house), make.folio(session, house, windows=2)
    entry = folios.charge(
        session, first, code=make.taxed_code(session, house), amount=euros(10000), by=by
    )

    moved = folios.transfer(session, entry, to_folio=second, by=by)
    on = folios.transfer(session, moved, to_folio=second, to_window=2, reason="firm pays", by=by)

    assert stands(session, first) == {1: 0}
    assert stands(session, second) == {1: 0, 2: 10200}
    arrived = ledger.lines_of(session, on)[3:]
    assert [(line.amount, line.base) for line in arrived] == [
        (9346, None),
        (654, 9346),
        (200, 9346),
    ]
    assert verbs(session, second)[-2:] == ["transferred", "transferred"]


@ONE_ENGINE
def test_what_moved_on_is_neither_moved_nor_voided_where_it_was(session, house, by, bar):
    first, second = make.folio(session, house), make.folio(session, house)
    entry = folios.charge(session, first, code=bar, by=by)
    moved = folios.transfer(session, entry, to_folio=second, by=by)

    with pytest.raises(folios.MovedOn, match="Void that transfer first"):
        folios.transfer(session, entry, to_folio=second, by=by)
    with pytest.raises(folios.MovedOn):
        folios.void(session, entry, reason="x", by=by)

    folios.void(session, moved, reason="wrong folio", by=by)
    folios.transfer(session, entry, to_folio=second, by=by)
    assert (stands(session, first), stands(session, second)) == ({1: 0}, {1: 450})


@ONE_ENGINE
def test_odd_transfers_are_refused(session, house, by, bar):
    folio, other = make.folio(session, house), make.folio(session, house)
    entry = folios.charge(session, folio, code=bar, by=by)
    undone = folios.charge(session, folio, code=bar, by=by)
    undoing = folios.void(session, undone, reason="x", by=by)

    with pytest.raises(folios.AlreadyThere):
        folios.transfer(session, entry, to_folio=folio, by=by)
    with pytest.raises(ledger.ReversedAlready):
        folios.transfer(session, undone, to_folio=other, by=by)
    with pytest.raises(folios.NotOnAFolio):
        folios.transfer(session, undoing, to_folio=other, by=by)
    with pytest.raises(NotAllowed):
        folios.transfer(
            session, entry, to_folio=other, by=make.by(session, house, Role.RESERVATIONS)
        )
    folios.close(session, other, by=by)
    with pytest.raises(folios.FolioClosed):
        folios.transfer(session, entry, to_folio=other, by=by)


def test_the_database_itself_refuses_to_move_one_entry_twice_at_once(session, house, by, bar):
    folio, other = make.folio(session, house), make.folio(session, house)
    entry = folios.charge(session, folio, code=bar, by=by)
    folios.transfer(session, entry, to_folio=other, by=by)
    account = folios.window_account(session, folio, 1)
    twin = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        text="Twin",
        concerns_id=entry.id,
        lines=(ledger.Side(account, 0),),
    )

    with pytest.raises(IntegrityError, match=r"concerns_id|moved_once"):
        ledger.post(session, house, [twin], by=by)


def test_a_balance_moves_whole_or_in_part(session, house, by, bar):
    folio, master = make.folio(session, house), make.folio(session, house)
    folios.charge(session, folio, code=bar, quantity=2, by=by)

    folios.transfer_balance(session, folio, to_folio=master, amount=euros(300), by=by)
    assert (stands(session, folio), stands(session, master)) == ({1: 600}, {1: 300})
    folios.transfer_balance(session, folio, to_folio=master, reason="group pays", by=by)

    assert (stands(session, folio), stands(session, master)) == ({1: 0}, {1: 900})
    with pytest.raises(Invalid, match="nothing to move"):
        folios.transfer_balance(session, folio, to_folio=master, by=by)
    for odd in (901, -100):
        with pytest.raises(folios.MoreThanStands, match=r"Window 1 stands at €9\.00\."):
            folios.transfer_balance(session, master, to_folio=folio, amount=euros(odd), by=by)
    with pytest.raises(folios.AlreadyThere):
        folios.transfer_balance(session, folio, to_folio=folio, by=by)
    assert verbs(session, folio)[-2:] == ["transferred balance"] * 2
