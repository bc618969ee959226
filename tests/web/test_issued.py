"""Issued papers as files: a PDF that is its data, and an e-invoice that passes the real checks."""

import io
import re
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import facturx
import pytest
import sqlalchemy as sa
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from pypdf import PdfReader, mult
from saxonche import PySaxonProcessor

from pms.base.money import MINUS, Money
from pms.gateways import einvoice
from pms.hotel.books import folios, papers, payments
from pms.hotel.books.papers import PaperKind
from pms.hotel.books.payments import Method
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.stays import night_charges, settlements, stays
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.web.letters import issued
from tests import make, papered, prepaid

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHELF = str(Path(__file__).parents[2] / "static")
RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"


@pytest.fixture(scope="module")
def schematron():
    """The rules of EN 16931, compiled: `facturx` itself says yes without looking."""
    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        [sheet] = RULES.glob("*EN16931.xsl*")
        yield saxon, compiler.compile_stylesheet(stylesheet_file=str(sheet))


def broken_rules(schematron, xml):
    """The rules an XML breaks, by their ids."""
    saxon, sheet = schematron
    node = saxon.parse_xml(xml_text=xml.decode())
    report = sheet.transform_to_string(xdm_node=node)
    return [part.split('id="')[1].split('"')[0] for part in report.split("<svrl:failed-assert")[1:]]


def busy_folio(session, house):
    """Nights with two taxes, drinks at another rate three at a time, a paid part."""
    folio, by = papered.charged(session, house, 10_700, 13_333), make.by(session, house)
    bar = charges.add(
        session, house, code="TIP", name="Gratuity", department=Department.OTHER, by=by
    )
    folios.charge(session, folio, code=bar, amount=Money(333, "EUR"), quantity=3, by=by)
    payments.pay(session, folio, amount=Money(5_000, "EUR"), method=Method.CASH, by=by)
    return folio


def overlaps(pdf):
    """Texts of a PDF that are printed over each other, in pairs.

    A text's box is taken a little small: half its size wide for each letter, and 0.7 high.
    """
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        boxes = []

        def note(text, at, within, _font, size, boxes=boxes):
            if text.strip():
                [x, y] = mult(within, at)[4:]
                wide, high = size * abs(at[0]) * len(text.strip()) / 2, size * abs(at[3]) * 0.7
                boxes.append((text.strip(), x, y, x + wide, y + high))

        page.extract_text(visitor_text=note)
        found += [
            (one[0], other[0])
            for one, other in combinations(boxes, 2)
            if one[2] != other[2]  # what shares a baseline was parted by the printer
            and one[1] < other[3] and other[1] < one[3]
            and one[2] < other[4] and other[2] < one[4]
        ]  # fmt: skip
    return found


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@ON_SQLITE
def test_invoice_and_credit_note_pass_schema_and_schematron(session, schematron):
    house = papered.hotel(session)
    paper = papered.invoice(session, busy_folio(session, house), to=papered.FIRM)
    note = papers.credit(session, paper, lines=[2], reason="Noise", by=make.by(session, house))

    for each in (paper, note):
        made = issued.made(each, SHELF)
        name, inside = get_facturx_xml_from_pdf(made.pdf)

        assert (name, inside) == ("factur-x.xml", made.xml)
        xml_check_xsd(inside, flavor="factur-x", level="en16931")
        assert broken_rules(schematron, inside) == []
        assert b"pdfaid" in made.pdf or b"pdfaid" in _metadata(made.pdf)


@ON_SQLITE
def test_deposit_invoices_and_what_takes_them_off_pass_and_show_the_vat(session, schematron):
    house = prepaid.house(session)
    by, booked = make.by(session, house), make.reservation(session, house)
    settled = [prepaid.deposit(session, booked, minor) for minor in (5_000, 2_505)]
    before = [prepaid.deposit_invoice(session, paid) for paid in settled]
    some = Money(1_111, "EUR")
    settlements.return_deposit(
        session, booked, amount=some, method=Method.CASH, reason="Shorter", by=by
    )
    [returned] = papers.notes_of(session, before[1])
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    night_charges.charge_nights(session, house, booked, [booked.arrival], by=by)
    final = papered.invoice(session, settlements.folio_of(session, booked, by=by), to=papered.FIRM)
    note = papers.credit(session, final, reason="To another firm", by=by)

    codes = {}
    for each in (*before, returned, final, note):
        made = issued.made(each, SHELF)
        assert made.xml is not None
        xml_check_xsd(made.xml, flavor="factur-x", level="en16931")
        assert broken_rules(schematron, made.xml) == []
        codes[each.label] = made.xml.decode()
    assert "<ram:TypeCode>386<" in codes[before[0].label]
    named = [each.label for each in before if f">{each.label}<" in codes[final.label]]
    assert named == [each.label for each in before]
    rest = final.tax - sum(off["tax"] for off in final.data["set_off"])
    assert f'currencyID="EUR">{rest / 100:.2f}<' in codes[final.label]
    assert before[0].tax + before[1].tax - returned.tax + rest == final.tax
    text = text_of(issued.made(final, SHELF).pdf)
    assert all(words in text for words in ("Abzüglich Anzahlungsrechnungen", before[1].label))
    assert f">{returned.label}<" in codes[final.label]  # 25.05 less the 11.11 that went back
    assert re.search(
        rf"{before[1].label} vom [\d.]+ {MINUS}25,05.*\n{returned.label} vom [\d.]+ 11,11", text
    )


@ON_SQLITE
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_paid_above_the_price_is_said_in_words_and_is_no_line(
    session, schematron, language
):
    house = prepaid.house(session)
    by, booked = make.by(session, house), make.reservation(session, house)  # 208.00
    to = replace(papered.FIRM, language=language)
    invoice = prepaid.deposit_invoice(session, prepaid.deposit(session, booked, 30_000), to=to)
    settlements.return_deposit(
        session, booked, amount=Money(9_300, "EUR"), method=Method.CASH, reason="Less", by=by
    )
    [note] = papers.notes_of(session, invoice)

    said = {}
    for each in (invoice, note):
        made = issued.made(each, SHELF)
        xml_check_xsd(made.xml, flavor="factur-x", level="en16931")
        assert broken_rules(schematron, made.xml) == []
        said[each.id] = made.xml.decode()
    assert "EUR 92.00 of what was paid is above the price" in said[invoice.id]
    assert "<ram:GrandTotalAmount>208.00<" in said[invoice.id]
    assert "<ram:TotalPrepaidAmount>300.00<" in said[invoice.id]
    assert "<ram:DuePayableAmount>-92.00<" in said[invoice.id]
    assert "above the price" not in said[note.id]
    assert (note.gross, note.tax) == (100, 6)
    text = " ".join(text_of(issued.made(invoice, SHELF).pdf).split())
    clerk = issued.Clerk(language, "EUR")
    words = clerk.say("above_price", amount=clerk.amount(9_200)).split()
    assert " ".join(words)[:40] in text


@ON_SQLITE
def test_what_a_deposit_left_of_one_invoice_is_on_the_next_in_words_and_in_xml(session, schematron):
    house = prepaid.house(session)
    by, booked = make.by(session, house), make.reservation(session, house)
    prepaid.deposit_invoice(session, prepaid.deposit(session, booked, 7_505))
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    folio, bar = (
        settlements.folio_of(session, booked, by=by),
        make.charge_code(session, house, "BAR"),
    )
    folios.charge(session, folio, code=bar, amount=Money(1_300, "EUR"), by=by)
    first = papered.invoice(session, folio, to=papered.FIRM)
    night_charges.charge_nights(session, house, booked, [booked.arrival], by=by)

    final = papered.invoice(session, folio, to=papered.FIRM)

    assert (first.due, final.gross, final.paid, final.due) == (-6_205, 10_400, 6_205, 4_195)
    assert final.data["set_off"] == []
    made = issued.made(final, SHELF)
    assert made.xml is not None
    xml_check_xsd(made.xml, flavor="factur-x", level="en16931")
    assert broken_rules(schematron, made.xml) == []
    assert b"<ram:DuePayableAmount>41.95</ram:DuePayableAmount>" in made.xml
    assert f"Zuvor bezahlt, Rest aus {first.label}" in text_of(made.pdf).replace("\n", " ")


@ON_SQLITE
def test_vat_given_back_to_a_long_stay_is_exempt_and_passes(session, schematron):
    house = papered.hotel(session)
    by, code = make.by(session, house), make.taxed_code(session, house)
    plain = charges.add(session, house, code="FREE", name="Third night", by=by,
                        department=Department.ROOMS)  # fmt: skip
    folio = make.folio(session, house)
    vat = session.scalars(sa.select(taxes.Tax).where(taxes.Tax.code == "VAT7")).one()
    nights = [
        folios.charge(session, folio, code=code, amount=Money(minor, "EUR"), by=by)
        for minor in (10_700, 13_333)
    ]
    papered.give_back(session, house, nights[0], vat)
    mixed = papered.invoice(session, folio, to=papered.FIRM)
    papered.give_back(session, house, nights[1], vat)
    with pytest.raises(papers.LessThanNothing, match="then issue it anew"):
        papered.invoice(session, folio, to=papered.FIRM)
    folios.charge(session, folio, code=plain, amount=Money(10_000, "EUR"), by=by)
    later = papered.invoice(session, folio, to=papered.FIRM)
    note = papers.credit(session, mixed, reason="To another firm", by=by)
    anew = papered.invoice(session, folio, to=papered.FIRM)

    rows = [(row["rate"], row["base"], row["amount"]) for row in mixed.data["taxes"][:2]]
    assert rows == [(70_000, 12_461, 872), (0, 10_000, 0)]
    assert mixed.data["totals"]["tax"] == 872
    for each in (mixed, later, note, anew):
        made = issued.made(each, SHELF)
        assert made.xml is not None
        xml_check_xsd(made.xml, flavor="factur-x", level="en16931")
        assert broken_rules(schematron, made.xml) == []
        assert b"Exempt from VAT as a long stay" in made.xml


@ON_SQLITE
def test_what_takes_a_receipt_back_is_no_e_invoice(session):
    house = papered.hotel(session)
    busy_folio(session, house)
    by = make.by(session, house)
    paid = session.scalars(sa.select(payments.Payment)).one()
    paper = papers.receipt(session, paid, to=papered.GUEST, by=by)
    papers.void_payment(session, paid, reason="Typed twice", by=by)
    [note] = papers.notes_of(session, paper)

    made = issued.made(note, SHELF)

    assert made.xml is None
    assert {paper.label, "Typed", "50.00"} <= set(text_of(made.pdf).replace("€", "").split())


def _metadata(pdf):
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()


@ON_SQLITE
def test_the_schematron_can_fail(session, schematron):
    house = papered.hotel(session)
    paper = papered.invoice(session, busy_folio(session, house), to=papered.FIRM)
    data = paper.data | {"totals": paper.data["totals"] | {"gross": 1}}

    wrong = einvoice.xml(data, kind="invoice", label=paper.label)

    assert "BR-CO-15" in " ".join(broken_rules(schematron, wrong))


@ON_SQLITE
def test_a_copy_says_so_and_is_otherwise_equal(session):
    house = papered.hotel(session)
    paper = papered.invoice(session, busy_folio(session, house))
    made = issued.made(paper, SHELF)

    copy = issued.copy(made.pdf, "en", SHELF)

    assert text_of(copy).replace("COPY", "").split() == text_of(made.pdf).split()
    assert "COPY" in text_of(copy)
    assert get_facturx_xml_from_pdf(copy)[1] == made.xml


def test_every_paper_speaks_every_language():
    for kind in PaperKind:
        titles = set()
        for language in LANGUAGES:
            page = issued.sheet(kind, "X-1", papered.data(language=language))

            assert f'lang="{language}"' in page.html
            titles.add(page.title)
        assert len(titles) >= 2, titles


def test_amounts_below_zero_bear_a_minus_and_an_iban_stands_in_fours():
    for language in LANGUAGES:
        clerk = issued.Clerk(language, "EUR")
        assert clerk.amount(-1_500).startswith("\N{MINUS SIGN}")
        assert "-" not in clerk.amount(-1_500)
    assert clerk.iban("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


def test_one_page_is_printed_fast_once_warm():
    paper = papered.unissued(papered.data(language="de"))
    issued.made(paper, SHELF)

    def cpu():
        begins = time.process_time()
        issued.made(paper, SHELF)
        return time.process_time() - begins

    assert min(cpu() for _ in range(3)) < 0.3


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_printed_over_anything_else(language):
    said = papered.data(language=language)
    said["seller"] |= {"closing_words": "Vielen Dank für Ihren Besuch. " * 8}
    said["about"] |= {"guest": "Maximiliane von Hohenstein", "departure": make.DAY.isoformat()}
    said["about"] |= {"arrival": make.DAY.isoformat()}
    said["buyer"] |= {"reference": "PO-77, cost centre 4711, Hamburg, to be named on each transfer"}
    credited = {"label": "INV-2026-00001", "issued_on": make.DAY.isoformat(), "kind": "invoice"}
    seven = {"rate": 70_000, "name": "VAT 7 %", "base": 9_346, "amount": 654}
    said["set_off"] = [credited | {"text": "Deposit", "net": 9_346, "tax": 654, "gross": 10_000,
                                   "taxes": [seven]}]  # fmt: skip

    for kind in PaperKind:
        data = said | {"credits": credited} if kind == PaperKind.CREDIT_NOTE else said

        assert overlaps(issued.made(papered.unissued(data, kind), SHELF).pdf) == [], kind


def test_a_second_page_bears_the_papers_name_and_more_than_its_last_sentence():
    said = papered.data(language="de")
    lines = said["lines"][:1] * 10  # as many as leave room for all but the sentence
    made = issued.made(papered.unissued(said | {"lines": lines}), SHELF)

    first, second = (each.extract_text() for each in PdfReader(io.BytesIO(made.pdf)).pages)

    assert "Bitte zahlen Sie" in second
    assert "Gesamtbetrag" in second
    assert re.search(r"Rechnung INV-2026-\d+\s+2 / 2", second)
    assert "1 / 2" not in first


def test_what_an_e_invoice_lacks_is_said():
    data = papered.data(language="en")
    data["buyer"]["country"] = data["seller"]["tax_number"] = ""

    assert einvoice.missing(data) == ["the hotel's VAT number", "the addressee's country"]
