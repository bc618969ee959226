"""Deposits above the price of their stay: held outside VAT, taxed if it gets dearer, first back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.db import new_id
from pms.base.money import Money
from pms.hotel.books import deposit_taxes, ledger, papers
from pms.hotel.books.deposit_taxes import DepositTax, posting
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.payments import Method
from pms.hotel.close import night_audit
from pms.hotel.close.verify import deposits
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import packages
from pms.hotel.rooms.packages import Details, Per
from pms.hotel.service.checkout.disputed_credit import LOST
from pms.hotel.stays import fees, night_charges, prepaid_taxes, reservations, settlements, stays
from pms.hotel.stays.reservations import Wanted
from pms.hotel.stays.reservations import packages as of_reservation
from pms.hotel.stays.traces import Trace
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import TaxKind
from tests import make, papered, prepaid
from tests.engines import ONE_ENGINE
from tests.hotel.stays.test_fees import under

STAY, VAT = 20_800, 1_308  # two nights for two at 100.00, of which 7 % are in 200.00


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return prepaid.house(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def booked(session, house):
    return make.reservation(session, house, nights=2)


def nights(session, booked, count, by):
    """Let a stay be so many nights, as the desk changes it."""
    departure = booked.arrival + timedelta(days=count)
    reservations.amend(session, booked, Wanted(departure=departure), by=by)


def gives_back(session, booked, minor, by):
    return settlements.return_deposit(
        session, booked, amount=euros(minor), method=Method.CASH, reason="Too much", by=by
    )


def above(session, house, *some):
    return [deposit_taxes.above_price(session, house.id, paid.id) for paid in some]


def credited(session, paper):
    return [(note.gross, note.tax) for note in papers.notes_of(session, paper)]


def test_what_is_above_the_price_bears_no_vat_and_goes_back_first(session, house, by, booked):
    paid = prepaid.deposit(session, booked, STAY + 9_200)

    assert prepaid.open_tax(session, house) == prepaid.owed_tax(session, house) == VAT
    *_, surplus = deposit_taxes.received(session, house.id, paid.id)
    assert surplus.words("EUR") == "€92.00 above the price of the stay: held, and not taxed"
    invoice = prepaid.deposit_invoice(session, paid)
    assert (invoice.gross, invoice.tax, invoice.paid, invoice.due) == (STAY, VAT, 30_000, -9_200)
    assert invoice.data["above_price"] == 9_200
    gives_back(session, booked, 5_000, by)
    assert prepaid.open_tax(session, house) == VAT
    gives_back(session, booked, 14_600, by)  # the rest of it, and half of the stay

    assert prepaid.open_tax(session, house) == VAT // 2
    assert credited(session, invoice) == [(10_400, VAT // 2)]
    assert prepaid.wrong(session, house) == []


def test_a_longer_stay_taxes_it_and_a_shorter_one_credits_the_invoice(session, house, by, booked):
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    invoice = prepaid.deposit_invoice(session, paid)

    nights(session, booked, 3, by)
    assert settlements.price_changed(session, booked, by=by)
    dearer = 1_887  # 7 % in 207.69 + 80.77 + what of the city tax is outside: all 300.00 are held
    assert above(session, house, paid) == [0]
    assert VAT < prepaid.open_tax(session, house) <= dearer
    assert credited(session, invoice) == []
    assert not settlements.price_changed(session, booked, by=by)
    assert prepaid.wrong(session, house) == []

    nights(session, booked, 1, by)
    assert settlements.price_changed(session, booked, by=by)
    assert above(session, house, paid) == [STAY + 9_200 - 10_400]
    assert prepaid.open_tax(session, house) == VAT // 2 == prepaid.owed_tax(session, house)
    assert sum(gross for gross, _ in credited(session, invoice)) <= STAY
    gives_back(session, booked, 19_600, by)
    assert prepaid.open_tax(session, house) == VAT // 2
    assert prepaid.wrong(session, house) == []


def test_what_becomes_the_price_of_a_longer_stay_is_invoiced_and_taken_off(
    session, house, by, booked
):
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    first = prepaid.deposit_invoice(session, paid)
    nights(session, booked, 3, by)
    settlements.price_changed(session, booked, by=by)

    issued = sa.select(Paper).where(Paper.kind == PaperKind.DEPOSIT_INVOICE).order_by(Paper.number)
    one, more = session.scalars(issued).all()
    assert one.id == first.id
    assert (more.gross, more.paid, more.due) == (9_200, 9_200, 0)
    assert one.tax + more.tax == prepaid.open_tax(session, house)
    assert (more.data["buyer"], more.data["above_price"]) == (first.data["buyer"], 0)
    [trace] = session.scalars(sa.select(Trace)).all()
    assert trace.words.endswith(f"invoiced as {more.label}. Hand it to the guest")
    assert trace.reservation_id == booked.id
    assert not settlements.price_changed(session, booked, by=by)
    assert len(session.scalars(issued).all()) == 2
    assert prepaid.wrong(session, house) == []

    stays.check_in(session, booked, room=make.room(session, house), by=by)
    some = [booked.arrival + timedelta(days=no) for no in range(1)]
    night_charges.charge_nights(session, house, booked, some, by=by)
    final = papered.invoice(session, settlements.folio_of(session, booked, by=by))
    off = [(each["label"], each["gross"]) for each in final.data["set_off"]]
    assert off == [(one.label, STAY), (more.label, 9_200)]
    assert final.data["payments"] == []
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_deposit_without_an_invoice_gets_one_that_says_all_of_it(session, house, by, booked):
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    nights(session, booked, 3, by)
    settlements.price_changed(session, booked, by=by)
    assert session.scalars(sa.select(Paper)).all() == []

    invoice = prepaid.deposit_invoice(session, paid)

    assert (invoice.gross, invoice.tax) == (30_000, prepaid.open_tax(session, house))
    assert prepaid.wrong(session, house) == []


def test_what_went_back_of_a_twice_invoiced_deposit_is_credited_and_invoiced_once(
    session, house, by, booked
):
    """First, further, both credited by one refund; that is voided, and all is invoiced again."""
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    prepaid.deposit_invoice(session, paid)
    nights(session, booked, 3, by)
    settlements.price_changed(session, booked, by=by)
    owed = prepaid.open_tax(session, house)

    back = gives_back(session, booked, 25_000, by)
    some = session.scalars(sa.select(Paper).where(Paper.kind == PaperKind.DEPOSIT_INVOICE)).all()
    assert sum(gross for paper in some for gross, _ in credited(session, paper)) == 25_000
    assert prepaid.wrong(session, house) == []
    settlements.void_payment(session, back, reason="Not handed over", by=by)

    some = session.scalars(sa.select(Paper).where(Paper.kind == PaperKind.DEPOSIT_INVOICE)).all()
    stands = sum(paper.gross for paper in some)
    stands -= sum(gross for paper in some for gross, _ in credited(session, paper))
    assert (stands, prepaid.open_tax(session, house)) == (30_000, owed)
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_price_that_is_changed_beside_a_clock_that_lags_is_in_order(
    session, house, by, booked, monkeypatch
):
    """Two machines' clocks make ids: what came later may bear a smaller one."""
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    prepaid.deposit_invoice(session, paid)
    an_hour = 3_600_000 << 21
    monkeypatch.setattr(posting, "new_id", lambda: new_id() - an_hour)

    nights(session, booked, 3, by)
    settlements.price_changed(session, booked, by=by)
    gives_back(session, booked, 1_000, by)

    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_an_invoice_that_names_other_vat_than_was_owed_is_found(session, house, by, booked):
    """With the price as it was, to the cent; where it changed, no more than was owed."""
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    prepaid.deposit_invoice(session, paid)
    [b4] = [rule for rule in deposits.RULES if rule.name.startswith("B4")]
    for changed, off, ok in ((False, 1, False), (False, -1, False), (True, 1, False),
                             (True, 0, True)):  # fmt: skip
        with session.begin_nested() as nested:
            if changed:
                nights(session, booked, 3, by)
                settlements.price_changed(session, booked, by=by)
            session.execute(sa.text("DROP TRIGGER papers_no_update"))
            session.execute(
                sa.update(Paper)
                .where(Paper.kind == PaperKind.DEPOSIT_INVOICE)
                .values(tax=Paper.tax + off, net=Paper.net - off)
            )
            assert b4.check(session, house).ok is ok, (changed, off)
            nested.rollback()
        session.expire_all()


def test_the_audit_lets_vat_follow_prices_that_nobody_asked_about(session, house, by):
    booked = make.reservation(session, house, arrival=house.business_date + timedelta(days=9))
    nights(session, booked, 3, by)
    invoice = prepaid.deposit_invoice(session, prepaid.deposit(session, booked, 31_200))
    nights(session, booked, 2, by)
    session.commit()

    night_audit.audit(session, house, by=by)

    session.expire_all()
    assert prepaid.open_tax(session, house) == VAT
    assert [note.data["reason"] for note in papers.notes_of(session, invoice)] == [
        "The price of the stay changed"
    ]
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_several_deposits_are_for_one_price(session, house, by, booked):
    first, second = prepaid.deposit(session, booked), prepaid.deposit(session, booked, 20_000)
    third = prepaid.deposit(session, booked, 5_000)

    assert above(session, house, first, second, third) == [0, 9_600, 5_000]
    assert prepaid.open_tax(session, house) == VAT
    with pytest.raises(papers.AbovePrice, match="above its price"):
        prepaid.deposit_invoice(session, third)
    papers.void_payment(session, first, reason="Another guest's", by=by)
    assert prepaid.open_tax(session, house) == VAT // 2
    assert settlements.price_changed(session, booked, by=by)  # what was above it is the stay's now
    assert prepaid.open_tax(session, house) == VAT
    assert above(session, house, second, third) == [0, 4_200]
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_the_stays_invoice_takes_the_deposit_invoice_off_and_lists_the_rest_as_paid(
    session, house, by, booked
):
    before = prepaid.deposit_invoice(session, prepaid.deposit(session, booked, STAY + 9_200))
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    night_charges.charge_nights(session, house, booked, [booked.arrival], by=by)

    assert prepaid.open_tax(session, house) == 0
    final = papered.invoice(session, settlements.folio_of(session, booked, by=by))
    assert [(off["label"], off["gross"]) for off in final.data["set_off"]] == [(before.label, STAY)]
    assert [each["amount"] for each in final.data["payments"]] == [9_200]
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_promise_given_up_pays_its_fee_and_all_of_the_vat_goes_with_the_money(session, house, by):
    under(session, house)
    booked = make.reservation(session, house)
    invoice = prepaid.deposit_invoice(session, prepaid.deposit(session, booked, STAY + 9_200))

    fees.cancel(session, booked, reason="Ill", by=by)
    held = settlements.deposit_held(session, booked)
    assert prepaid.wrong(session, house) == []
    gives_back(session, booked, held.minor, by)

    assert prepaid.open_tax(session, house) == 0
    assert sum(gross for gross, _ in credited(session, invoice)) == STAY
    assert sum(tax for _, tax in credited(session, invoice)) == VAT
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_stay_of_two_rates_lets_each_follow_its_own(session, house, by, booked):
    breakfast = breakfasts(session, house, by)
    kept = of_reservation.add(session, booked, breakfast, by=by)  # 2 nights at 2 × 11.90
    paid = prepaid.deposit(session, booked, STAY + 4_760 + 1_000)
    invoice = prepaid.deposit_invoice(session, paid)
    assert [(line["net"], line["gross"]) for line in invoice.data["lines"]] == [
        (4_000, 4_760), (20_000 - VAT, 20_000), (800, 800),
    ]  # fmt: skip
    assert prepaid.owed_tax(session, house, "VAT19") == 760

    of_reservation.take_off(session, booked, kept, by=by)
    assert settlements.price_changed(session, booked, by=by)

    assert prepaid.owed_tax(session, house, "VAT19") == 0
    assert prepaid.owed_tax(session, house) == VAT
    assert credited(session, invoice) == [(4_760, 760)]
    assert above(session, house, paid) == [5_760]
    assert prepaid.wrong(session, house) == []


def breakfasts(session, house, by):
    """Breakfast at 11.90 a head, with 19 % inside."""
    vat = taxes.add(
        session, house, code="VAT19", name="VAT 19 %", kind=TaxKind.PERCENT,
        rate=19 * taxes.PERCENT, inclusive=True, by=by,
    )  # fmt: skip
    food = taxes.add_class(session, house, code="FOOD", name="Food", taxes=[vat], by=by)
    code = charges.add(
        session, house, code="BRK", name="Breakfast", by=by,
        department=Department.FOOD_AND_BEVERAGE, tax_class_id=food.id,
    )  # fmt: skip
    details = Details(name="Breakfast", charge_code=code, price=euros(1_190), per=Per.PERSON)
    return packages.add(session, house, code="BRK", details=details, by=by)


@ONE_ENGINE
def test_what_a_bank_takes_is_first_what_bore_no_vat(session, house, by, booked):
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    account = settlements.deposit_account(session, house, booked)
    lost = ledger.accounts(session, house, [LOST])[LOST.code]
    sides = (ledger.Side(account, 9_200), ledger.Side(lost, -9_200))
    draft = ledger.Draft(kind=ledger.Kind.TRANSFER, text="Taken by the bank", lines=sides)
    [posted] = ledger.post(session, house, [draft], day=house.business_date, by=by)

    prepaid_taxes.taken_by_bank(
        session, house, booked, amount=euros(9_200), account_id=account,
        entry_id=posted.entry_id, day=house.business_date, by=by,
    )  # fmt: skip

    assert above(session, house, paid) == [0]
    assert prepaid.open_tax(session, house) == VAT
    assert prepaid.wrong(session, house) == []


def test_a_voided_refund_owes_the_vat_again(session, house, by, booked):
    paid = prepaid.deposit(session, booked, STAY + 9_200)
    invoice = prepaid.deposit_invoice(session, paid)
    back = gives_back(session, booked, 19_600, by)
    assert (prepaid.open_tax(session, house), above(session, house, paid)) == (VAT // 2, [0])
    assert credited(session, invoice) == [(STAY // 2, VAT // 2)]

    papers.void_payment(session, back, reason="Not handed over", by=by)

    label = papers.of_payments(session, house, [paid.id])[paid.id][1]
    anew = papers.by_number(session, house, label)
    assert (anew.id == invoice.id, anew.gross, anew.tax) == (False, STAY // 2, VAT // 2)
    assert anew.data["above_price"] == 9_200

    assert prepaid.open_tax(session, house) == prepaid.owed_tax(session, house) == VAT
    assert above(session, house, paid) == [9_200]
    assert prepaid.wrong(session, house) == []


def test_the_database_itself_taxes_nothing_above_the_price(session, house, by, booked):
    prepaid.deposit(session, booked, STAY + 9_200)
    row = session.scalars(sa.select(DepositTax).where(DepositTax.no == 1)).one()
    kept = {column.key: getattr(row, column.key) for column in sa.inspect(DepositTax).columns}
    session.commit()

    for wrong in ({"quoted": 0}, {"quoted": -1}, {}):  # the last is more than was paid
        with pytest.raises(DBAPIError, match=r"above the price|than was paid"):
            session.execute(sa.insert(DepositTax).values(kept | {"id": 1, "no": 9} | wrong))
        session.rollback()
    assert session.get_one(Hotel, house.id)
