"""Papers at the desk: issued from a folio, handed out, mailed, credited, and set up."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, papers, payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.papers import Paper, issuers
from pms.hotel.books.payments import Method, Payment
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Role
from pms.hotel.stays import settlements
from pms.hotel.stays.presence import Stay
from pms.hotel.tariff import charges
from pms.hotel.tariff.taxes import TaxClass
from pms.web.database import db
from tests import make, papered
from tests.back_office.conftest import post, queries, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TO = {
    "kind": "invoice", "whom": "other", "name": "Muster & Co. KG", "street": "Hafenstraße 1",
    "postcode": "20457", "city": "Hamburg", "country": "DE", "tax_number": "DE136695976",
    "reference": "PO-77", "language": "de",
}  # fmt: skip


@pytest.fixture
def issuing(app, house):
    """The hotel issues papers."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        issuers.write(session, hotel, papered.ISSUER, by=make.by(session, hotel))


def only_paper(reading):
    reading.rollback()
    return reading.scalars(sa.select(Paper).order_by(Paper.id.desc())).first()


def text_of(answer):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_an_invoice_is_issued_printed_once_as_the_original_and_mailed(
    desk, send, bill, issuing, reading
):
    assert b"Issue invoice" in desk.get(f"/folios/{bill}").data

    answer = send(f"/folios/{bill}/invoice?window=1", **TO)
    paper = only_paper(reading)

    assert answer.location == f"/papers/{paper.id}"
    assert desk.get(f"/search?q={paper.label.lower()}").location == answer.location
    page = desk.get(answer.location).text
    assert "Muster &amp; Co. KG" in page
    assert "Print the original" in page
    original, copy = (send(f"/papers/{paper.id}/print") for _ in range(2))
    assert original.mimetype == copy.mimetype == "application/pdf"
    assert "KOPIE" not in text_of(original)
    assert "KOPIE" in text_of(copy)
    kept = papers.kept_of(reading, paper)
    assert papers.pdf_of(reading, kept).content == original.data
    assert desk.get(f"/papers/{paper.id}.xml").data == papers.xml_of(reading, kept).content
    send(f"/papers/{paper.id}/mail", to="ap@muster.example")
    reading.rollback()
    letter = reading.scalars(sa.select(Letter)).one()
    assert letter.subject.startswith(f"Rechnung {paper.label}")
    assert letter.document_ids == [str(kept.pdf_id)]
    assert paper.label in desk.get(f"/folios/{bill}").text


def test_a_paper_says_for_want_of_what_no_xml_goes_along(desk, send, bill, issuing, reading):
    answer = send(f"/folios/{bill}/invoice?window=1", **{**TO, "country": "", "tax_number": ""})

    page = desk.get(answer.location).text
    assert "Without EN 16931 XML: the addressee&#39;s country isn&#39;t on it." in page


def test_the_list_and_the_page_say_what_is_open_of_an_invoice_today(
    desk, send, bill, issuing, reading
):
    send(f"/folios/{bill}/invoice?window=1", **TO)
    paper = only_paper(reading)
    send(f"/folios/{bill}/pay?window=1", amount="60.00", way="transfer")

    listed, page = desk.get("/papers").text, desk.get(f"/papers/{paper.id}").text

    assert 'data-label="Open today">€40.00</td>' in listed
    assert re.search(r"Due when issued</dt>\s*<dd>€100.00", page)
    assert re.search(r"Open today</dt>\s*<dd>€40.00", page)


def test_a_deposits_invoice_takes_the_address_given_before_and_is_then_seen(
    app, desk, send, house, issuing, reading
):
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        arrival = hotel.business_date + timedelta(days=5)
        booked = make.reservation(session, hotel, arrival=arrival, surname="Ahead").id
    for _ in range(2):
        send(f"/reservations/{booked}/deposit", amount="50", way="cash")
    first, second = reading.scalars(sa.select(Payment.id).order_by(Payment.id.desc()).limit(2))
    send(f"/payments/{first}/paper", **TO)
    label = only_paper(reading).label

    page = desk.get(f"/reservations/{booked}/deposit").text
    form = desk.get(f"/payments/{second}/paper").text

    assert f"See {label}</a>" in page
    assert page.count(">Invoice</a>") == 1
    assert 'value="Hafenstraße 1"' in form
    assert 'value="Muster &amp; Co. KG"' in form
    assert desk.get(f"/payments/{first}/paper").location == f"/papers/{only_paper(reading).id}"


def test_a_paper_for_another_name_goes_to_no_address_of_the_first(
    app, desk, send, house, bill, issuing, reading
):
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        first = companies.enter(
            session, hotel, code="FIRST", name="First AG", email="ap@first.example",
            by=make.by(session, hotel),
        )  # fmt: skip
        session.get_one(Folio, (house, bill)).windows[0].payee_company_id = first.id
    page = desk.get(f"/folios/{bill}/invoice").text
    whom = re.search(r'name="whom" value="([^"]+)"', page)[1]

    send(f"/folios/{bill}/invoice", **TO | {"whom": whom}, email="ap@first.example")

    assert 'value="ap@first.example"' in page
    assert only_paper(reading).data["buyer"]["email"] == ""


def test_lines_are_credited_at_the_desk(desk, send, bill, issuing, reading):
    send(f"/folios/{bill}/invoice", **TO)
    paper = only_paper(reading)
    assert "Lines that stand" in desk.get(f"/papers/{paper.id}/credit").text

    refused = send(f"/papers/{paper.id}/credit", lines=["1", "2"], amount="5", reason="Late")
    send(f"/papers/{paper.id}/credit", lines=["1"], reason="Not drunk")
    note = only_paper(reading)

    assert refused.status_code == 422
    assert (note.kind, note.gross, note.credits_id) == ("credit_note", 4000, paper.id)
    page = desk.get(f"/papers/{paper.id}").text
    assert "Credited in part" in page
    assert note.label in page


def test_after_the_departure_lines_are_credited_and_the_way_to_an_amount_is_said(
    app, desk, send, bill, house, issuing, reading
):
    send(f"/folios/{bill}/invoice", **TO)
    paper = only_paper(reading)
    with app.app_context(), transaction(db.session()) as session:
        hotel, folio = session.get_one(Hotel, house), session.get_one(Folio, (house, bill))
        by = make.by(session, hotel)
        payments.pay(session, folio, amount=Money(10_000, "EUR"), method=Method.TRANSFER, by=by)
        folios.close(session, folio, by=by)
    credit = f"/papers/{paper.id}/credit"

    refused = send(credit, lines=["1"], amount="5", reason="Noise")
    send(credit, lines=["2"], reason="Noise")
    note = only_paper(reading)

    assert refused.status_code == 422
    assert "is closed. Reopen it first." in refused.text
    assert f'href="/folios/{bill}/reopen"' in refused.text
    assert (note.kind, note.gross) == ("credit_note", 6000)
    send(f"/folios/{bill}/reopen", reason="Noise")
    send(credit, lines=["1"], amount="5", reason="Noise")
    assert only_paper(reading).gross == 500


def test_refusals_stand_beside_their_fields(desk, send, bill, house, issuing, reading):
    answer = send(f"/folios/{bill}/invoice", **TO | {"tax_number": "DE136695975"})

    assert answer.status_code == 422
    assert "is no VAT number of DE" in answer.text
    assert only_paper(reading) is None
    refused = send("/invoicing", name="X", street="", city="Y", country="DE")
    assert refused.status_code == 422
    assert "The law wants this on an invoice" in refused.text


def test_who_issues_is_written_under_invoicing(desk, send, bill, reading, house):
    assert "Nobody has written who issues" in desk.get("/papers").text
    assert "Nobody has written" in send(f"/folios/{bill}/invoice", **TO).text
    fields = {
        "name": "Lanterna Lda", "street": "Rua 1", "city": "Porto", "country": "pt",
        "due_days": "30", "year_begins": "1",
        **{kind.value: pattern for kind, pattern in issuers.PATTERNS.items()},
    }  # fmt: skip

    refused = send("/invoicing", **fields, closing_words="Pay to 4242 4242 4242 4242")
    assert 'id="closing_words-refuses"' in refused.text
    send("/invoicing", **fields)

    assert "Portugal wants invoices from certified software" in desk.get("/invoicing").text
    assert "ATCUD" in send(f"/folios/{bill}/invoice", **TO).text
    send("/invoicing", **fields, duty_met="Certified program beside it")
    assert send(f"/folios/{bill}/invoice", **TO).status_code == 302


def test_tax_on_deposits_is_set_under_invoicing_and_shown_where_they_are_held(
    app, desk, send, house, issuing, reading
):
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by, room = make.by(session, hotel), make.charge_code(session, hotel)
        lodging = session.get_one(TaxClass, (house, make.taxed_code(session, hotel).tax_class_id))
        charges.tax_as(session, room, lodging, by=by)
        arrival = hotel.business_date + timedelta(days=5)
        booked = make.reservation(session, hotel, arrival=arrival, surname="Ahead").id
        today = hotel.business_date
    assert "DE usually wants it when the deposit is received" in desk.get("/invoicing").text
    send(f"/reservations/{booked}/deposit", amount="104", way="cash")

    page = desk.get(f"/reservations/{booked}/deposit").text
    assert "VAT 7 %: 7 % in €100.00, as €200.00 were quoted so, is €6.54" in page
    paid = reading.scalars(sa.select(Payment.id).order_by(Payment.id.desc())).first()
    send(f"/payments/{paid}/paper", **TO)
    paper = desk.get(f"/papers/{only_paper(reading).id}").text
    assert "What it says" in paper
    assert "6.54" in paper
    late = {"deposit-due": "on_invoice", "deposit-from_day": (today - timedelta(1)).isoformat()}
    refused = send("/invoicing/deposits", **late)
    assert refused.status_code == 422
    assert 'id="deposit-from_day-refuses"' in refused.text
    send("/invoicing/deposits", **late | {"deposit-from_day": today.isoformat()})
    assert "when the stay is invoiced</li>" in desk.get("/invoicing").text


def test_a_pro_forma_knows_the_stay_and_its_nights_to_come(desk, send, issuing, reading):
    party = reading.scalars(sa.select(Stay)).one().reservation
    reading.rollback()
    folio = send(f"/reservations/{party.id}/folio").location
    assert "Novák" in desk.get(f"{folio}/invoice").text

    send(f"{folio}/invoice", **TO | {"kind": "pro_forma"})
    paper = only_paper(reading)

    assert paper.kind == "pro_forma"
    assert paper.data["about"]["room"] == "101"
    assert len(paper.data["lines"]) == (party.departure - party.arrival).days


def test_the_front_desk_issues_but_does_not_credit(app, client, bill, issuing):
    front = sign_in(client, Role.FRONT_DESK)

    answer = post(front, f"/folios/{bill}/invoice", **TO)

    assert answer.status_code == 302
    assert front.get(answer.location).status_code == 200
    assert front.get(f"{answer.location}/credit").status_code == 403
    assert front.get("/invoicing").status_code == 403
    assert front.get("/papers/77").status_code == 404
    assert front.get("/papers?show=nonsense").status_code == 200


def test_housekeeping_sees_a_bill_but_none_of_its_papers(app, client, bill, issuing):
    issued = post(sign_in(client, Role.FRONT_DESK), f"/folios/{bill}/invoice", **TO).location
    linen = sign_in(app.test_client(), Role.HOUSEKEEPING_MANAGER)

    assert [linen.get(page).status_code for page in ("/papers", issued)] == [403, 403]
    assert post(linen, f"{issued}/print").status_code == 403
    assert issued not in linen.get(f"/folios/{bill}").text
    assert issued in client.get(f"/folios/{bill}").text


def test_the_list_asks_as_much_for_one_paper_as_for_many(app, desk, send, bill, issuing):
    send(f"/folios/{bill}/invoice", **TO | {"kind": "pro_forma"})
    few = queries(app, desk, "/papers")
    for _ in range(3):
        send(f"/folios/{bill}/invoice", **TO | {"kind": "pro_forma"})

    assert queries(app, desk, "/papers") == few
    assert "PF-" in desk.get("/papers?q=muster").text


def test_the_journal_is_read_mapped_and_fetched(desk, send, bill):
    page = desk.get("/journal").text
    assert "The day is open" in page
    assert "Guest ledger" in page

    send("/journal/chart", account="guest", number="", name="")

    assert "Not mapped: guest/" in desk.get("/journal").text
    assert "Placed by the house" in desk.get("/journal/chart").text
    send("/journal/chart/take-off/guest")
    assert "Not mapped: guest/" not in desk.get("/journal").text
    assert "Placed by the house" not in desk.get("/journal/chart").text
    nonsense = send("/journal/chart", account="revenue/nonsense", number="1", name="x")
    assert "There is: revenue/" in nonsense.text
    assert send("/journal/chart", account="guest", number="!", name="x").status_code == 422
    assert desk.get("/journal/2020-01-01.csv").status_code == 404
    assert "That is no day. Here is" in desk.get("/journal?day=nonsense").text
    assert "has no figures. Choose a closed day" in desk.get("/journal?day=2020-01-01").text


def test_the_file_that_quickbooks_couldnt_spell_that_night_is_made_when_the_names_are_mended(
    desk, send, reading, house, bill
):
    with transaction(reading):
        hotel = reading.get_one(Hotel, house)
        closed, hotel.business_date = hotel.business_date, hotel.business_date + timedelta(days=1)
    address = f"/journal/{closed.isoformat()}.iif"
    send("/journal/chart", account="guest", number="1210", name="Účty hostů")

    refused = desk.get(address, follow_redirects=True)
    send("/journal/chart/take-off/guest")
    made = desk.get(address)

    assert "QuickBooks Desktop can&#39;t spell: 1210 Účty hostů" in refused.text
    assert b"1210 Guest ledger" in made.data
    assert desk.get(f"/journal/{closed.isoformat()}.csv").status_code == 404


def test_who_pays_for_several_rooms_gets_one_receipt(app, desk, send, house, issuing, reading):
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        later = hotel.business_date + timedelta(days=9)
        first = make.reservation(session, hotel, surname="Palme", arrival=later)
        second = make.reservation(
            session, hotel, surname="Palme", arrival=later, with_booking=first
        )
        for party in (first, second):
            settlements.take_deposit(
                session, party, amount=Money(5_000, "EUR"), method=Method.CASH, by=by
            )
        where = f"/reservations/{second.id}"

    assert f"{where}/rooms/receipt" in desk.get(where).text
    page = desk.get(f"{where}/rooms/receipt").text
    ids = re.findall(r'name="payments"[^>]*value="(\d+)" [^>]*checked', page)
    choose = re.findall(r'name="for" value="([^"]+)"', page)
    other = send(f"{where}/rooms/receipt", **TO, payments=ids[:1], **{"for": choose[0]})
    somebody = send(f"{where}/rooms/receipt", **TO, payments=ids[1:], **{"for": "other"})
    one = send(f"{where}/rooms/receipt", **TO, payments=ids[:1])
    done = send(f"{where}/rooms/receipt", **TO, payments=ids)
    paper = only_paper(reading)

    assert len(ids) == 2
    assert choose[-1] == "other"
    for asked, ticked in ((other, ids[:1]), (somebody, ids[1:])):
        assert asked.status_code == 200
        assert re.findall(r'name="payments"[^>]*value="(\d+)" [^>]*checked', asked.text) == ticked
        assert 'value="PO-77"' in asked.text
    assert 'value="Ana Palme"' in other.text
    assert 'value="Hafenstraße 1"' not in other.text
    assert 'value="Hafenstraße 1"' in somebody.text
    assert (one.status_code, "A single one has a receipt of its own" in one.text) == (422, True)
    assert one.text.count('aria-invalid="true" aria-describedby="payments-refuses"') == len(ids)
    assert one.text.count('id="payments-refuses"') == 1
    assert done.location == f"/papers/{paper.id}"
    assert (paper.gross, paper.kind.value) == (10_000, "receipt")
    printed = text_of(send(f"/papers/{paper.id}/print"))
    assert printed.count("Ana Palme") >= 2
    assert "100,00" in printed
    assert "no receipt yet" in desk.get(f"{where}/rooms/receipt").text
