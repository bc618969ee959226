"""A deposit is for its stay: before that begins it pays what the bill owes, and no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, papers, payments
from pms.hotel.books.payments import Method
from pms.hotel.stays import fees, reservations, settlements, stays
from pms.hotel.stays.reservations import Guarantee, Reservation
from pms.hotel.stays.settlements import NothingOnTheBill
from tests import make, prepaid
from tests.hotel.books.races import at_once, wait_for_one_who_waits
from tests.hotel.stays.test_fees import under


def paid_ahead(session, minor=10_400):
    """Somebody who comes in forty days, has paid half and has the invoice of that."""
    house = prepaid.house(session)
    arrival = house.business_date + timedelta(days=40)
    booked = make.reservation(session, house, arrival=arrival)
    return house, booked, prepaid.deposit_invoice(session, prepaid.deposit(session, booked, minor))


def test_a_deposit_waits_with_its_vat_for_a_stay_whose_bill_owes_nothing(session):
    house, booked, invoice = paid_ahead(session)

    with pytest.raises(NothingOnTheBill, match="owes nothing yet"):
        settlements.put_on_bill(session, booked, by=make.by(session, house))

    assert settlements.deposit_held(session, booked) == Money(10_400, "EUR")
    assert (
        prepaid.owed_tax(session, house) == prepaid.open_tax(session, house) == invoice.tax == 654
    )


def test_before_arrival_it_pays_what_the_bill_owes_and_is_credited_by_that(session):
    house, booked, invoice = paid_ahead(session)
    by = make.by(session, house)
    folio = settlements.folio_of(session, booked, by=by)
    bar = make.charge_code(session, house, "BAR")
    folios.charge(session, folio, code=bar, amount=Money(2_000, "EUR"), by=by)

    assert settlements.put_on_bill(session, booked, by=by) == Money(2_000, "EUR")

    assert folios.balance_of(session, folio)[1] == Money(0, "EUR")
    assert settlements.deposit_held(session, booked) == Money(8_400, "EUR")
    [note] = papers.notes_of(session, invoice)
    assert note.gross == 2_000
    assert prepaid.owed_tax(session, house) == prepaid.open_tax(session, house)
    assert prepaid.open_tax(session, house) == invoice.tax - note.tax
    assert prepaid.wrong(session, house) == []


def spent(session, house, booked, minor):
    """So much is charged in the spa before the stay; the folio."""
    by = make.by(session, house)
    folio = settlements.folio_of(session, booked, by=by)
    spa = make.charge_code(session, house, "SPA")
    folios.charge(session, folio, code=spa, amount=Money(minor, "EUR"), by=by)
    return folio


def test_what_is_all_spent_before_the_stay_guarantees_it_no_more(session):
    house, booked, _ = paid_ahead(session)
    assert booked.guarantee is Guarantee.DEPOSIT
    spent(session, house, booked, 10_400)

    settlements.put_on_bill(session, booked, by=make.by(session, house))

    assert settlements.deposit_held(session, booked) == Money(0, "EUR")
    assert booked.guarantee is Guarantee.NONE
    assert prepaid.wrong(session, house) == []


def test_what_is_above_the_price_pays_before_the_stay_first(session):
    house, booked, invoice = paid_ahead(session, 20_800 + 5_000)
    spent(session, house, booked, 4_000)

    settlements.put_on_bill(session, booked, by=make.by(session, house))

    assert papers.notes_of(session, invoice) == []
    assert prepaid.open_tax(session, house) == prepaid.owed_tax(session, house) == 1_308
    assert booked.guarantee is Guarantee.DEPOSIT
    assert prepaid.wrong(session, house) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_a_colleague_takes_meanwhile_is_left_held(session, engine):
    with transaction(session):
        house, booked, _ = paid_ahead(session)
        by = make.by(session, house)
        folio = spent(session, house, booked, 8_000)

    def puts(other):
        found = other.get_one(Reservation, (house.id, booked.id))
        return settlements.put_on_bill(other, found, by=other.merge(by))

    with ThreadPoolExecutor(1) as worker, transaction(session):
        five = Money(5_000, "EUR")
        payments.pay(session, folio, amount=five, method=Method.CASH, by=by)
        put = worker.submit(at_once, engine, puts, times=1)
        wait_for_one_who_waits(engine)
    assert put.result(timeout=30) == [Money(3_000, "EUR")]
    assert folios.balance_of(session, folio)[1] == Money(0, "EUR")


def comes(session, house, booked):
    by = make.by(session, house)
    stay = stays.check_in(session, booked, room=make.room(session, house), by=by)
    stays.undo_check_in(session, stay, reason="Wrong party", by=by)


def is_reinstated(session, house, booked):
    by = make.by(session, house)
    fees.cancel(session, booked, reason="Ill", by=by)
    assert settlements.deposit_held(session, booked) < Money(8_400, "EUR")
    fees.reinstate(session, booked, by=by)


@pytest.mark.parametrize("ends", [comes, is_reinstated])
def test_what_it_paid_before_stays_paid_when_that_is_undone(session, ends):
    house = prepaid.house(session)
    under(session, house)
    booked = make.reservation(session, house)
    prepaid.deposit(session, booked, 10_400)
    folio = spent(session, house, booked, 2_000)
    settlements.put_on_bill(session, booked, by=make.by(session, house))

    ends(session, house, booked)

    assert folios.balance_of(session, folio)[1] == Money(0, "EUR")
    assert settlements.deposit_held(session, booked) == Money(8_400, "EUR")
    assert prepaid.wrong(session, house) == []


def test_of_who_wont_come_all_of_it_goes_there_and_its_invoice_is_credited(session):
    house, booked, invoice = paid_ahead(session)
    by = make.by(session, house)
    reservations.cancel(session, booked, reason="Ill", by=by)

    assert settlements.put_on_bill(session, booked, by=by) == Money(10_400, "EUR")

    folio = settlements.folio_of(session, booked, by=by)
    all_of_it = Money(10_400, "EUR")
    payments.refund(session, folio, amount=all_of_it, method=Method.CASH, reason="Ill", by=by)
    assert [note.gross for note in papers.notes_of(session, invoice)] == [10_400]
    assert prepaid.owed_tax(session, house) == prepaid.open_tax(session, house) == 0
    assert prepaid.wrong(session, house) == []
