"""VAT on deposits: owed when they come in, taken off the stay's invoice, back when they go back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.money import Money
from pms.hotel.books import deposit_taxes, folios, papers
from pms.hotel.books.deposit_taxes import DepositTax
from pms.hotel.books.folios.prepaid import TaxedDeposit
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import DepositUsed, tax_due
from pms.hotel.books.papers.reading import postings
from pms.hotel.books.papers.tax_due import TaxDue
from pms.hotel.books.payments import Method
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import fees, night_charges, reservations, settlements, stays
from pms.hotel.stays.reservations import Purpose
from pms.hotel.stays.traces import Trace
from tests import make, papered, prepaid
from tests.engines import ONE_ENGINE
from tests.hotel.stays.test_fees import under


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


def arrives(session, booked, by):
    """Check a party in, charge its first night, and return its folio."""
    house = session.get_one(Hotel, booked.hotel_id)
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    night_charges.charge_nights(session, house, booked, [booked.arrival], by=by)
    return settlements.folio_of(session, booked, by=by)


def test_a_deposits_vat_is_owed_at_once_and_the_stays_invoice_takes_it_off(
    session, house, by, booked
):
    paid = prepaid.deposit(session, booked)

    assert (prepaid.owed_tax(session, house), prepaid.open_tax(session, house)) == (654, 654)
    [under_vat, outside] = deposit_taxes.received(session, house.id, paid.id)
    assert under_vat.words("EUR") == "VAT 7 %: 7 % in €100.00, as €200.00 were quoted so, is €6.54"
    assert outside.words("EUR") == "€4.00 outside VAT, as €8.00 were quoted so"
    before = prepaid.deposit_invoice(session, paid)
    assert (before.net, before.tax, before.gross, before.paid) == (9_746, 654, 10_400, 10_400)
    assert prepaid.wrong(session, house) == []

    folio = arrives(session, booked, by)
    assert prepaid.open_tax(session, house) == 0
    assert prepaid.owed_tax(session, house) == 654  # of the first night, that of the deposit is off
    final = papered.invoice(session, folio, to=papered.FIRM)

    [off] = final.data["set_off"]
    assert (off["label"], off["net"], off["tax"], off["gross"]) == (
        before.label, 9_746, 654, 10_400,
    )  # fmt: skip
    assert final.data["payments"] == []
    assert (final.gross, final.paid, final.due) == (10_400, 10_400, 0)
    verbs = [line.verb for line in logbook.history(session, booked)]
    assert {"owed deposit tax", "set off deposit tax"} <= set(verbs)
    assert prepaid.wrong(session, house) == []

    note = papers.credit(session, final, reason="To another firm", by=by)
    anew = papered.invoice(session, folio, to=papered.GUEST)
    assert note.data["set_off"] == final.data["set_off"]
    assert [each["label"] for each in anew.data["set_off"]] == [before.label]
    assert prepaid.wrong(session, house) == []


def test_what_goes_back_takes_its_vat_along_and_credits_the_deposit_invoice(
    session, house, by, booked
):
    first, second = prepaid.deposit(session, booked), prepaid.deposit(session, booked, 5_200)
    papers_ = [prepaid.deposit_invoice(session, paid) for paid in (first, second)]
    assert prepaid.open_tax(session, house) == 654 + 327

    settlements.return_deposit(
        session, booked, amount=euros(7_800), method=Method.CASH, reason="A shorter stay", by=by
    )  # the second whole, a quarter of the first

    assert prepaid.open_tax(session, house) == prepaid.owed_tax(session, house) == 490
    notes = [papers.notes_of(session, paper) for paper in papers_]
    assert [[(note.gross, note.tax) for note in some] for some in notes] == [
        [(2_600, 164)], [(5_200, 327)],
    ]  # fmt: skip
    folio = arrives(session, booked, by)
    final = papered.invoice(session, folio)
    assert [(off["label"], off["tax"]) for off in final.data["set_off"]] == [
        (papers_[0].label, 490)
    ]
    assert prepaid.wrong(session, house) == []


def test_the_database_itself_keeps_tax_on_deposits(session, house, by, booked):
    paid = prepaid.deposit(session, booked)
    row = session.scalars(sa.select(DepositTax).where(DepositTax.no == 1)).one()
    kept = {column.key: getattr(row, column.key) for column in sa.inspect(DepositTax).columns}
    session.commit()

    for deed in (
        sa.update(DepositTax).values(tax=0),
        sa.delete(DepositTax),
        sa.insert(DepositTax).values(kept | {"id": 1, "moved_id": kept["entry_id"], "no": 1}),
        sa.insert(DepositTax).values(kept | {"id": 1, "no": 9, "tax": 700}),
        sa.insert(DepositTax).values(kept | {"id": 1, "no": 9, "net": -1, "tax": 0}),
        sa.insert(tax_due.DepositTaxRule).values(
            hotel_id=house.id, from_day=house.business_date - timedelta(days=1),
            due=TaxDue.ON_INVOICE,
        ),
    ):  # fmt: skip
        with pytest.raises(DBAPIError):
            session.execute(deed)
        session.rollback()
    assert paid.amount == 10_400


@ONE_ENGINE
def test_a_voided_deposit_takes_back_tax_and_invoice_whatever_went_back_before(
    session, house, by, booked
):
    first, second = prepaid.deposit(session, booked), prepaid.deposit(session, booked, 5_200)
    invoices = [prepaid.deposit_invoice(session, paid) for paid in (first, second)]
    settlements.return_deposit(
        session, booked, amount=euros(5_200), method=Method.CASH, reason="Less", by=by
    )

    papers.void_payment(session, second, reason="Another guest's", by=by)

    assert prepaid.open_tax(session, house) == 327  # half of the first is all that is held
    credited = [sum(note.gross for note in papers.notes_of(session, one)) for one in invoices]
    assert credited == [5_200, 5_200]
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_deposit_that_pays_a_fee_has_its_invoice_credited_and_a_reinstated_one_is_invoiced_anew(
    session, house, by
):
    under(session, house)
    late, booked = (make.reservation(session, house, surname=name) for name in ("Late", "Later"))
    invoice = prepaid.deposit_invoice(session, prepaid.deposit(session, late))

    fees.cancel(session, late, reason="Ill", by=by)

    fee = -prepaid.open_tax(session, house) + 654
    assert fee > 0
    [note] = papers.notes_of(session, invoice)
    assert (note.tax, note.data["reason"]) == (fee, "The deposit pays a fee")
    assert prepaid.wrong(session, house) == []
    fees.reinstate(session, late, by=by)
    assert prepaid.open_tax(session, house) == 654
    label = papers.of_payments(session, house, [invoice.payment_id])[invoice.payment_id][1]
    anew = papers.by_number(session, house, label)
    assert (anew.gross, anew.tax, anew.data["buyer"]) == (note.gross, fee, invoice.data["buyer"])
    told = session.scalars(sa.select(Trace.words).where(Trace.reservation_id == late.id)).all()
    assert f"The deposit is invoiced anew, as {label}: hand it to the guest" in told
    assert prepaid.wrong(session, house) == []
    settlements.return_deposit(session, late, method=Method.CASH, reason="Ill again", by=by)
    assert prepaid.open_tax(session, house) == 0
    for paper in (invoice, anew):
        assert sum(each.gross for each in papers.notes_of(session, paper)) == paper.gross
    prepaid.deposit_invoice(session, prepaid.deposit(session, booked))
    fees.cancel(session, booked, reason="Ill too", by=by)
    of_fee = papered.invoice(session, settlements.folio_of(session, booked, by=by))
    assert (of_fee.tax, of_fee.data["set_off"]) == (0, [])
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_an_undone_check_in_owes_the_tax_again_and_a_used_deposit_has_no_invoice(
    session, house, by, booked
):
    paid = prepaid.deposit(session, booked)
    stay = stays.check_in(session, booked, room=make.room(session, house), by=by)
    with pytest.raises(DepositUsed, match="is on the bill"):
        prepaid.deposit_invoice(session, paid)

    stays.undo_check_in(session, stay, reason="Wrong party", by=by)

    assert prepaid.open_tax(session, house) == prepaid.owed_tax(session, house) == 654
    assert prepaid.deposit_invoice(session, paid).tax == 654
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_deposit_without_an_invoice_is_listed_as_a_payment(session, house, by, booked):
    prepaid.deposit(session, booked)

    final = papered.invoice(session, arrives(session, booked, by))

    assert final.data["set_off"] == []
    assert [each["amount"] for each in final.data["payments"]] == [10_400]
    assert final.tax == 654


@ONE_ENGINE
def test_a_taxed_deposit_moves_whole_and_its_invoice_goes_with_it(session, house, by, booked):
    before = prepaid.deposit_invoice(session, prepaid.deposit(session, booked))
    folio = arrives(session, booked, by)
    window = folios.open_window(session, folio, no=2, by=by)
    applied, night = _standing(session, house, folio)

    with pytest.raises(TaxedDeposit, match="all of it"):
        folios.split(session, applied, amount=euros(-100), to_folio=folio, to_window=2, by=by)
    with pytest.raises(TaxedDeposit):
        folios.transfer_balance(
            session, folio, window=1, amount=euros(-100), to_folio=folio, to_window=2, by=by
        )
    for entry in (applied, night):
        folios.transfer(session, entry, to_folio=folio, to_window=2, by=by)

    final = papered.invoice(session, folio, window=window.no)
    assert [off["label"] for off in final.data["set_off"]] == [before.label]
    assert final.due == 0


def _standing(session, house, folio):
    """What put the deposit on the first window, and the night."""
    account = folios.window_account(session, folio, 1)
    found = {each.kind: each.entry_id for each in postings(session, house, account)}
    return [
        session.get_one(Entry, (house.id, found[kind]))
        for kind in (Kind.DEPOSIT_APPLIED, Kind.CHARGE)
    ]


@ONE_ENGINE
def test_when_tax_is_due_is_the_countrys_or_the_houses_from_a_day_on(session, house, by, booked):
    assert [tax_due.usual(country) for country in ("FR", "GB", "US")] == [
        TaxDue.ON_RECEIPT, TaxDue.ON_RECEIPT, TaxDue.ON_INVOICE,
    ]  # fmt: skip
    today = house.business_date
    prepaid.deposit(session, booked)
    with pytest.raises(NotAllowed):
        tax_due.set_from(
            session, house, TaxDue.ON_INVOICE, from_day=today,
            by=make.by(session, house, Role.FRONT_DESK),
        )  # fmt: skip
    with pytest.raises(tax_due.DayIsPast, match="or later"):
        tax_due.set_from(
            session, house, TaxDue.ON_INVOICE, from_day=today - timedelta(days=1), by=by
        )

    tax_due.set_from(session, house, TaxDue.ON_INVOICE, from_day=today, by=by)
    untaxed = prepaid.deposit(session, booked)

    assert prepaid.open_tax(session, house) == 654  # the first keeps what it had
    paper = prepaid.deposit_invoice(session, untaxed)
    assert (paper.tax, paper.data["taxes"]) == (0, [])
    settlements.return_deposit(
        session, booked, amount=euros(10_400), method=Method.CASH, reason="Less", by=by
    )
    assert prepaid.open_tax(session, house) == 0
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_what_is_for_no_taxed_stay_is_not_taxed(session, house, by, booked):
    given = make.reservation(session, house, purpose=Purpose.COMPLIMENTARY)
    prepaid.deposit(session, given)
    prepaid.deposit(session, booked)
    settlements.return_deposit(session, booked, method=Method.CASH, reason="Ill", by=by)
    reservations.cancel(session, booked, reason="Ill", by=by)

    assert prepaid.open_tax(session, house) == 0
    assert prepaid.wrong(session, house) == []
