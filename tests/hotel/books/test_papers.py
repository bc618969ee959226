"""Papers: numbered without a gap, frozen when issued, credited and issued anew, never changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.gateways import einvoice
from pms.hotel.books import folios, papers, payments, receivables
from pms.hotel.books.folios import Folio
from pms.hotel.books.papers import (
    Paper,
    PaperKind,
    PaperSeries,
    ReceiptPayment,
    crediting,
    issuers,
    numbering,
)
from pms.hotel.books.payments import Method
from pms.hotel.close.verify import papers as rules
from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house import files, logbook, references, translations
from pms.hotel.house.staff import NotAllowed, Role, Staff
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.taxes import Tax
from tests import make, papered
from tests.engines import ONE_ENGINE
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def euros(minor):
    return Money(minor, "EUR")


@pytest.mark.parametrize("between", ["\n", ", "])
def test_a_companys_address_is_taken_apart_by_lines_or_commas(between):
    firm = Company(name="Nordwind", address=f"Hafenstraße 12{between}20457 Hamburg")

    to = papers.of_company(firm, language="de")

    assert (to.street, to.postcode, to.city) == ("Hafenstraße 12", "20457", "Hamburg")


@ON_SQLITE
def test_an_invoice_says_the_houses_names_in_its_own_language_and_keeps_them(session):
    house = papered.hotel(session, closing_words="Come again.")
    by, folio = make.by(session, house), papered.charged(session, house, 10_700)
    french = {"Lodging": {"fr": "Nuitée"}, "Come again.": {"fr": "À bientôt."}}
    translations.write(session, house, french, by=by)

    paper = papered.invoice(session, folio, to=replace(papered.GUEST, language="fr"))
    translations.write(session, house, {"Lodging": {"fr": "Chambre"}}, by=by)
    note = papers.credit_amount(session, paper, line=1, amount=euros(1_000), reason="Bruit", by=by)

    [line] = paper.data["lines"]
    assert (line["text"], line["levies"][0]["name"]) == ("Nuitée", "Taxe de séjour")
    assert paper.data["seller"]["closing_words"] == "À bientôt."
    xml = einvoice.xml(paper.data, kind="invoice", label=paper.label).decode()
    assert "<ram:Name>Nuitée</ram:Name>" in xml
    assert "<ram:Name>Taxe de séjour</ram:Name>" in xml
    assert note.data["lines"][0]["text"] == "Nuitée"


@ON_SQLITE
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Goodwill, request 10002"),
        ("de", "Kulanz, Anliegen 10002"),
        ("fr", "Geste commercial, demande 10002"),
        ("es", "Cortesía, petición 10002"),
    ],
)
def test_an_invoice_says_why_something_came_off_in_its_own_language(session, language, said):
    house = papered.hotel(session)
    by, folio = make.by(session, house), papered.charged(session, house, 10_700)
    code = session.scalars(sa.select(charges.ChargeCode)).first()
    why = references.GOODWILL.format(number=10002)
    folios.adjust(session, folio, code=code, amount=euros(-1_000), reason=why, by=by)

    paper = papered.invoice(session, folio, to=replace(papered.GUEST, language=language))

    assert [line["reference"] for line in paper.data["lines"]] == ["", said]
    xml = einvoice.xml(paper.data, kind="invoice", label=paper.label).decode()
    assert f"<ram:Description>{said}</ram:Description>" in xml


def test_an_invoice_freezes_what_stands_and_what_was_paid(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700, 21_400)
    by = make.by(session, house)
    payments.pay(session, folio, amount=euros(5_000), method=Method.CASH, by=by)

    paper = papered.invoice(session, folio, to=papered.FIRM)
    session.expire_all()

    assert (paper.label, paper.number) == (f"INV-{make.DAY.year}-00001", 1)
    assert (paper.net, paper.tax, paper.gross) == (10_000 + 20_000 + 400, 2_100, 32_500)
    assert (paper.paid, paper.due) == (5_000, 27_500)
    assert [line["gross"] for line in paper.data["lines"]] == [10_900, 21_600]
    assert paper.data["taxes"] == [
        {"rate": 70_000, "name": "VAT 7 %", "base": 30_000, "amount": 2_100},
        {"rate": None, "name": "Übernachtungssteuer", "base": 0, "amount": 400},
    ]
    assert paper.data["buyer"]["tax_number"] == "DE136695976"
    assert paper.data["payments"][0]["amount"] == 5_000
    assert logbook.history(session, paper)[0].verb == "issued"


@ONE_ENGINE
def test_what_is_invoiced_is_neither_moved_nor_voided_nor_invoiced_twice(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700, windows=2)
    by = make.by(session, house)
    paid = payments.pay(session, folio, amount=euros(10_900), method=Method.CASH, by=by)
    entry = session.scalars(sa.select(folios.PaperEntry)).first()
    assert entry is None
    papered.invoice(session, folio)
    charge = session.get_one(papers.Paper, (house.id, session.scalar(sa.select(papers.Paper.id))))
    row = session.scalars(sa.select(folios.PaperEntry).where(folios.PaperEntry.line_no == 1)).one()
    charged = session.get_one(folios.charging.ledger.Entry, (house.id, row.entry_id))

    with pytest.raises(folios.OnPaper, match="credit note first"):
        folios.void(session, charged, reason="Wrong", by=by)
    with pytest.raises(folios.OnPaper):
        folios.transfer(session, charged, to_folio=folio, to_window=2, by=by)
    with pytest.raises(folios.OnPaper):
        payments.void(session, paid, reason="Wrong", by=by)
    with pytest.raises(papers.NothingToInvoice):
        papered.invoice(session, folio)
    assert charge.gross == 10_900


def test_what_pays_an_invoice_isnt_listed_on_the_next(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    by = make.by(session, house)
    first = papered.invoice(session, folio)
    payments.pay(session, folio, amount=euros(first.gross + 1_000), method=Method.CASH, by=by)
    code = session.scalars(sa.select(charges.ChargeCode)).first()
    folios.charge(session, folio, code=code, amount=euros(5_000), window=1, by=by)

    second = papered.invoice(session, folio)

    assert (first.due, second.paid) == (first.gross, 1_000)
    assert second.due == folios.balance_of(session, folio)[1].minor
    assert first.due + second.due == first.gross + second.gross - 1_000


def due_on_each(paper):
    """What was paid before, what else was settled, and what is due of an invoice."""
    carried = [(one["text"], one["amount"]) for one in paper.data["payments"] if is_carried(one)]
    return (
        carried,
        [one["amount"] for one in paper.data["payments"] if not is_carried(one)],
        paper.due,
    )


def is_carried(payment):
    return payment["kind"] == papers.CARRIED


def test_what_was_paid_too_much_is_carried_to_the_next_invoice(session):
    house = papered.hotel(session)
    folio = make.folio(session, house, windows=2)
    by, bar = make.by(session, house), make.charge_code(session, house, "BAR")

    def charge(minor):
        return folios.charge(session, folio, code=bar, amount=euros(minor), window=1, by=by)

    def owed():
        return folios.balance_of(session, folio)[1].minor

    payments.pay(session, folio, amount=euros(18_200), method=Method.CASH, by=by)
    charge(1_300)
    first = papered.invoice(session, folio)
    assert due_on_each(first) == ([], [18_200], 1_300 - 18_200)

    charge(4_100)
    foretold = papers.pro_forma(session, folio, to=papered.GUEST, by=by)
    second = papered.invoice(session, folio)
    assert due_on_each(second) == ([(first.label, 16_900)], [], -12_800)
    assert foretold.data["payments"] == second.data["payments"]
    xml = einvoice.xml(second.data, kind="invoice", label=second.label).decode()
    assert "<ram:TotalPrepaidAmount>169.00</ram:TotalPrepaidAmount>" in xml
    assert "<ram:DuePayableAmount>-128.00</ram:DuePayableAmount>" in xml

    some = euros(10_000)
    payments.refund(session, folio, amount=some, method=Method.CASH, reason="Asked", by=by)
    folios.transfer_balance(session, folio, to_folio=folio, to_window=2, amount=euros(-800), by=by)
    charge(6_000)
    third = papered.invoice(session, folio)
    assert due_on_each(third) == ([(second.label, 12_800)], [-10_000, -800], owed())
    assert owed() == 4_000

    papers.credit(session, third, reason="To the firm", by=by)
    papers.credit_amount(session, second, line=1, amount=euros(100), reason="Late", by=by)
    anew = papered.invoice(session, folio, to=papered.FIRM)
    assert due_on_each(anew) == ([(second.label, 12_900)], [-10_000, -800], owed())

    folios.charge(session, folio, code=bar, amount=euros(500), window=2, by=by)
    assert due_on_each(papered.invoice(session, folio, window=2)) == ([], [800], -300)
    assert [rule.name for rule in rules.RULES if not rule.check(session, house).ok] == []


@ON_SQLITE
def test_a_line_that_is_paid_credited_and_invoiced_anew_isnt_demanded_again(session):
    house = papered.hotel(session)
    folio, by = papered.charged(session, house, 10_700, 21_400), make.by(session, house)
    payments.pay(session, folio, amount=euros(32_500), method=Method.CASH, by=by)
    first = papered.invoice(session, folio)

    papers.credit(session, first, lines=[2], reason="The other name", by=by)

    anew = papered.invoice(session, folio, to=papered.FIRM)
    assert due_on_each(anew) == ([(first.label, 21_600)], [], 0)


def test_a_whole_credit_frees_the_folio_for_an_invoice_anew(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700, 21_400)
    by = make.by(session, house)
    first = papered.invoice(session, folio)

    note = papers.credit(session, first, reason="To the company instead", by=by)
    second = papered.invoice(session, folio, to=papered.FIRM)

    assert (note.kind, note.label) == (PaperKind.CREDIT_NOTE, f"CN-{make.DAY.year}-00001")
    assert (note.gross, note.net, note.tax) == (first.gross, first.net, first.tax)
    assert note.data["credits"]["label"] == first.label
    assert (second.number, second.gross) == (2, first.gross)
    with pytest.raises(papers.CreditedAlready):
        papers.credit(session, first, reason="Again", by=by)
    with pytest.raises(papers.NotAnInvoice):
        papers.credit(session, note, reason="Back", by=by)


def test_a_part_is_credited_by_line_or_by_amount(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700, 21_400)
    by = make.by(session, house)
    paper = papered.invoice(session, folio)

    by_amount = papers.credit_amount(
        session, paper, line=2, amount=euros(2_140), reason="Noise", by=by
    )
    by_line = papers.credit(session, paper, lines=[1], reason="Not slept", by=by)
    rest = papers.credit(session, paper, reason="All of it", by=by)

    assert (by_amount.gross, by_amount.tax) == (2_140, 140)
    assert by_line.gross == 10_900
    assert rest.gross == 21_600 - 2_140
    assert [line["gross"] for line in rest.data["lines"]] == [21_600, -2_140]
    assert sum(note.gross for note in papers.notes_of(session, paper)) == paper.gross
    assert papers.standing_lines(session, paper) == set()
    anew = papered.invoice(session, folio)
    assert anew.gross == 10_900 + 21_600 - 2_140


@ON_SQLITE
def test_no_more_than_the_line_is_credited(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    paper = papered.invoice(session, folio)

    with pytest.raises(papers.MoreThanTheLine, match=r"At most €107\.00"):
        papers.credit_amount(
            session, paper, line=1, amount=euros(11_000), reason="Noise",
            by=make.by(session, house),
        )  # fmt: skip


@ON_SQLITE
def test_no_more_than_the_invoice_is_credited(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    by, code = make.by(session, house), charges.by_code(session, house, "LODGING")
    folios.adjust(session, folio, code=code, amount=euros(-2_140), reason="Noise", by=by)
    paper = papered.invoice(session, folio)
    assert paper.gross == 10_900 - 2_140
    assert [line["reference"] for line in paper.data["lines"]] == ["", "Noise"]

    with pytest.raises(papers.MoreThanTheInvoice, match=r"Only €87\.60 of INV"):
        papers.credit(session, paper, lines=[1], reason="Not slept", by=by)
    session.rollback()


@ON_SQLITE
def test_an_amount_off_bears_the_rate_of_its_invoice(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    by, paper = make.by(session, house), papered.invoice(session, folio)
    vat = session.scalars(sa.select(Tax).where(Tax.code == "VAT7")).one()
    tomorrow = house.business_date + timedelta(days=1)
    taxes.set_rate(session, vat, rate=19 * taxes.PERCENT, from_day=tomorrow, by=by)
    roll(session, house)

    note = papers.credit_amount(session, paper, line=1, amount=euros(2_140), reason="Noise", by=by)

    assert [(row["rate"], row["amount"]) for row in note.data["taxes"]] == [(70_000, 140)]


COPIED = (
    "INSERT INTO papers (hotel_id, id, series_id, kind, number, label, addressee, currency,"
    " net, tax, gross, paid, data, issued_on, issued_at, staff_id, previous, digest)"
    " SELECT hotel_id, id + 1, series_id, kind, number + {more}, 'INV-9', addressee, currency,"
    " net, tax, gross, paid, data, issued_on, issued_at, staff_id, {previous}, digest FROM papers"
)
COVERED_TWICE = (
    "INSERT INTO paper_entries (hotel_id, paper_id, entry_id, account_id, covers, turn)"
    " SELECT hotel_id, (SELECT MAX(id) FROM papers), entry_id, account_id, 1, 5"
    " FROM paper_entries WHERE covers = 1 AND line_no = 1"
)
BREAKING = [
    "UPDATE papers SET gross = gross + 1, net = net + 1",
    "DELETE FROM papers",
    "UPDATE paper_series SET last = last + 2",
    "UPDATE paper_series SET pattern = 'X-YYYY-#'",
    "DELETE FROM paper_series",
    "DELETE FROM paper_entries",
    "UPDATE kept_files SET sha256 = sha256",
    COVERED_TWICE,
    COPIED.format(more=2, previous="digest"),
    COPIED.format(more=1, previous="previous"),
]


def test_the_database_itself_keeps_papers(session):
    house = papered.hotel(session)
    papered.invoice(session, papered.charged(session, house, 10_700))
    files.keep(session, house, name="a", media_type="b", content=b"x")

    for breaking in BREAKING:
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(breaking))


def test_the_database_itself_keeps_what_is_invoiced_from_being_reversed(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    papered.invoice(session, folio)
    row = session.scalars(sa.select(folios.PaperEntry)).one()
    entry = session.get_one(folios.charging.ledger.Entry, (house.id, row.entry_id))

    with pytest.raises(DBAPIError, match="credited before it changes"):
        folios.charging.ledger.reverse(
            session, house, entry, reason="By hand", by=make.by(session, house)
        )


@ON_SQLITE
def test_receipts_and_deposit_invoices_are_for_one_payment_each(session):
    house = papered.hotel(session)
    folio, by = papered.charged(session, house, 10_700), make.by(session, house)
    paid = payments.pay(session, folio, amount=euros(10_900), method=Method.CASH, by=by)

    paper = papers.receipt(session, paid, to=papered.GUEST, by=by)

    assert (paper.label, paper.gross, paper.due) == (f"RC-{make.DAY.year}-00001", 10_900, 0)
    with pytest.raises(papers.PaperedAlready, match=paper.label):
        papers.receipt(session, paid, to=papered.GUEST, by=by)
    with pytest.raises(papers.NotReceived, match="a deposit"):
        papers.deposit_invoice(session, paid, to=papered.GUEST, by=by)


def test_the_receipt_of_a_payment_that_is_voided_is_credited_with_it(session):
    house = papered.hotel(session)
    folio, by = papered.charged(session, house, 10_700), make.by(session, house)
    paid = payments.pay(session, folio, amount=euros(10_900), method=Method.CASH, by=by)
    paper = papers.receipt(session, paid, to=papered.GUEST, by=by)

    papers.void_payment(session, paid, reason="Typed twice", by=by)

    [note] = papers.notes_of(session, paper)
    assert (note.gross, note.data["reason"], note.data["credits"]["label"]) == (
        10_900, "Typed twice", paper.label,
    )  # fmt: skip
    with pytest.raises(papers.NotReceived):
        papers.receipt(session, paid, to=papered.GUEST, by=by)
    with pytest.raises(payments.VoidedAlready):
        papers.void_payment(session, paid, reason="Again", by=by)
    assert papers.wrong(session, house) == (2, [])


def paid_for_rooms(session, house, *amounts):
    """Payments of rooms, each with whose it was for."""
    by = make.by(session, house)
    return [
        papers.PaidFor(
            payments.pay(
                session, papered.charged(session, house, amount), amount=euros(amount),
                method=Method.CASH, by=by,
            ),
            f"{no} Ana Dvořák",
        )
        for no, amount in enumerate(amounts, start=100_001)
    ]  # fmt: skip


def test_one_receipt_is_for_several_payments_and_each_is_on_one(session):
    house = papered.hotel(session)
    by = make.by(session, house)
    first, second, third = paid_for_rooms(session, house, 5_000, 7_000, 9_000)
    issue = {"to": papered.GUEST, "by": by}

    paper = papers.receipt_together(session, [first, second], **issue)

    assert (paper.label, paper.gross, paper.due) == (f"RC-{make.DAY.year}-00001", 12_000, 0)
    assert [line["text"] for line in paper.data["lines"]] == [first.words, second.words]
    both = papers.of_payments(session, house, [first.payment.id, second.payment.id])
    assert set(both.values()) == {(paper.id, paper.label)}
    with pytest.raises(papers.PaperedAlready, match=paper.label):
        papers.receipt(session, second.payment, **issue)
    with pytest.raises(papers.PaperedAlready, match=paper.label):
        papers.receipt_together(session, [second, third], **issue)
    for several in ([third], [third, third], []):
        with pytest.raises(papers.NotSeveral):
            papers.receipt_together(session, several, **issue)
    alone = papers.receipt(session, third.payment, **issue)
    with pytest.raises(papers.PaperedAlready, match=alone.label):
        fourth = paid_for_rooms(session, house, 1_000)
        papers.receipt_together(session, [third, *fourth], **issue)
    [open_] = papers.without_receipt(
        session, house, [each.payment.id for each in (first, second, third, *fourth)]
    )
    assert open_ is fourth[0].payment
    assert papers.wrong(session, house) == (2, [])


def test_of_a_receipt_of_several_what_is_voided_is_credited(session):
    house = papered.hotel(session)
    by = make.by(session, house)
    several = paid_for_rooms(session, house, 5_000, 7_000)
    paper = papers.receipt_together(session, several, to=papered.GUEST, by=by)

    for each in reversed(several):
        papers.void_payment(session, each.payment, reason="Typed twice", by=by)

    notes = papers.notes_of(session, paper)
    assert [note.gross for note in notes] == [7_000, 5_000]
    assert [note.data["lines"][0]["text"] for note in notes] == [
        "100002 Ana Dvořák", "100001 Ana Dvořák",
    ]  # fmt: skip
    with pytest.raises(papers.NotReceived):
        papers.receipt_together(session, several, to=papered.GUEST, by=by)
    assert [rule.name for rule in rules.RULES if not rule.check(session, house).ok] == []


def test_the_database_itself_keeps_a_payment_on_one_receipt(session):
    house = papered.hotel(session)
    by = make.by(session, house)
    first, second, third = paid_for_rooms(session, house, 5_000, 7_000, 9_000)
    paper = papers.receipt_together(session, [first, second], to=papered.GUEST, by=by)
    alone = papers.receipt(session, third.payment, to=papered.GUEST, by=by)

    def row(payment, on, line=3):
        return ReceiptPayment(
            hotel_id=house.id, payment_id=payment.id, paper_id=on.id, line_no=line
        )

    def another_receipt():
        copied = {c.key: getattr(alone, c.key) for c in sa.inspect(Paper).column_attrs}
        series = session.get_one(PaperSeries, (house.id, alone.series_id))
        return Paper(**copied | {
            "id": new_id(), "number": series.last + 1, "label": "RC-X",
            "previous": series.last_digest, "payment_id": second.payment.id,
        })  # fmt: skip

    for wrong in (row(third.payment, paper), row(second.payment, alone), another_receipt()):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.add(wrong)
            session.flush()


@ON_SQLITE
def test_the_receipt_of_a_companys_payment_is_credited_when_it_is_voided(session):
    house = papered.hotel(session)
    by = make.by(session, house)
    firm = companies.enter(session, house, code="ACME", name="Acme", direct_bill=True, by=by)
    paid = receivables.pay_city(
        session, house, firm, amount=euros(5_000), method=Method.CASH, by=by
    )
    paper = papers.receipt(session, paid, to=papered.FIRM, by=by)

    item = receivables.of_entry(session, house, paid.entry_id)
    receivables.void_payment(session, item, reason="Wrong firm", by=by)

    assert [note.gross for note in papers.notes_of(session, paper)] == [5_000]
    assert [rule.name for rule in rules.RULES if not rule.check(session, house).ok] == []


@ON_SQLITE
def test_a_pro_forma_covers_nothing(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    by = make.by(session, house)

    first = papers.pro_forma(session, folio, to=papered.GUEST, by=by)
    invoice = papered.invoice(session, folio)

    assert (first.gross, invoice.gross) == (10_900, 10_900)
    assert first.label.startswith("PF-")


@ON_SQLITE
def test_a_countrys_duty_blocks_until_somebody_writes_how_it_is_met(session):
    house = papered.hotel(session, country="PT", tax_number="")
    folio = papered.charged(session, house, 10_700)

    with pytest.raises(papers.DutyStandsInTheWay, match="ATCUD"):
        papered.invoice(session, folio)
    met = replace(papered.ISSUER, country="PT", tax_number="", duty_met="Certified till beside it")
    issuers.write(session, house, met, by=make.by(session, house))

    assert papered.invoice(session, folio).number == 1


@ON_SQLITE
def test_who_may_issue_and_credit(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    desk = make.by(session, house, Role.FRONT_DESK)

    paper = papers.invoice(session, folio, to=papered.GUEST, by=desk)

    with pytest.raises(NotAllowed):
        papers.credit(session, paper, reason="No", by=desk)
    with pytest.raises(NotAllowed):
        issuers.write(session, house, papered.ISSUER, by=desk)
    with pytest.raises(NotAllowed):
        papers.invoice(
            session, folio, to=papered.GUEST, by=make.by(session, house, Role.HOUSEKEEPER)
        )


@ON_SQLITE
def test_without_an_issuer_nothing_is_issued(session):
    house = make.hotel(session)
    folio = papered.charged(session, house, 10_700)

    with pytest.raises(papers.NoIssuer, match="under Invoicing"):
        papered.invoice(session, folio)


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tax_number": "DE136695975"}, "tax_number"),
        ({"tax_number": "DE136695976", "country": ""}, "country"),
        ({"tax_number": "DE123", "country": "ZZ"}, "country"),
        ({"tax_number": "", "country": "XA"}, "country"),
        ({"email": "bad"}, "email"),
        ({"name": " "}, "name"),
        ({"language": "xx"}, "language"),
    ],
)
def test_odd_addressees_are_refused(session, changed, field):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)

    with pytest.raises(Invalid) as refused:
        papered.invoice(session, folio, to=replace(papered.FIRM, **changed))

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("pattern", "number", "label"),
    [
        ("INV-YYYY-#####", 7, "INV-2026-00007"),
        ("B/YY/###", 1234, "B/26/1234"),
        ("#-YYYY", 12, "12-2026"),
    ],
)
def test_patterns_write_numbers(pattern, number, label):
    assert issuers.label(pattern, 2026, number) == label


@pytest.mark.parametrize(
    ("day", "begins", "year"), [("2026-03-31", 4, 2025), ("2026-04-01", 4, 2026)]
)
def test_a_fiscal_year_is_named_by_where_it_begins(day, begins, year):
    issuer = replace(papered.ISSUER, year_begins=begins)

    assert issuer.fiscal_year(make.DAY.fromisoformat(day)) == year


@ON_SQLITE
def test_odd_issuers_are_refused(session):
    house, by = make.hotel(session), None
    by = make.by(session, house)
    for changed, field in (
        ({"iban": "DE00370400440532013000"}, "iban"),
        ({"patterns": {"invoice": "INV-#####"}}, "invoice"),
        ({"patterns": {"invoice": "CN-YYYY-#####"}}, "credit_note"),
        ({"street": ""}, "street"),
    ):
        with pytest.raises(Invalid) as refused:
            issuers.write(session, house, replace(papered.ISSUER, **changed), by=by)
        assert refused.value.field == field


def test_one_bill_invoiced_at_once_has_one_invoice(engine, session):
    house = papered.hotel(session)
    folio, by = papered.charged(session, house, 10_700), make.by(session, house)
    session.commit()

    def deed(other):
        there = other.get_one(Folio, (house.id, folio.id))
        clerk = other.get_one(Staff, (by.chain_id, by.id))
        return papers.invoice(other, there, to=papered.GUEST, by=clerk)

    answers = at_once(engine, deed, times=3)

    assert sorted(type(each).__name__ for each in answers) == [
        "NothingToInvoice",
        "NothingToInvoice",
        "Paper",
    ]
    assert numbering.wrong(session, house) == (1, [])


def test_a_rolled_back_issue_leaves_no_gap_and_the_chain_is_recounted(session):
    house = papered.hotel(session)
    folio = papered.charged(session, house, 10_700)
    savepoint = session.begin_nested()
    papered.invoice(session, folio)
    savepoint.rollback()

    paper = papered.invoice(session, folio)

    assert paper.number == 1
    assert numbering.wrong(session, house) == (1, [])
    assert crediting.notes_of(session, paper) == []
