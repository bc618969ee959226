"""A deposit is for its stay: before that begins it pays what the bill owes, and no more."""

from datetime import timedelta

import pytest

from pms.base.money import Money
from pms.hotel.books import folios, papers, payments
from pms.hotel.books.payments import Method
from pms.hotel.stays import reservations, settlements
from pms.hotel.stays.settlements import NothingOnTheBill
from tests import make, prepaid


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
