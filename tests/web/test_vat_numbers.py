"""VAT numbers in an e-invoice: with their country's letters in front, however they were typed."""

from dataclasses import replace

import pytest

from pms.base import countries
from pms.base.refusal import Invalid
from pms.gateways import einvoice
from pms.hotel.books.papers import issuers
from pms.web.letters import issued
from tests import papered
from tests.web.test_issued import ON_SQLITE, SHELF, broken_rules, schematron

__all__ = ["schematron"]

BUYERS = (
    ("GB", "GB980780684", "GB980780684"),
    ("NO", "NO 995 525 828 MVA", "NO995525828MVA"),
    ("US", "12-3456789", "US12-3456789"),
    ("GR", "EL 094259216", "EL094259216"),
    ("FR", "40303265045", "FR40303265045"),
    ("GB", "XI 980780684", "XI980780684"),
    ("MC", "FR 53000004605", "FR53000004605"),
    ("MC", "53000004605", "FR53000004605"),
)


@ON_SQLITE
def test_a_buyers_number_passes_whatever_its_country(session, schematron):
    house = papered.hotel(session)
    for country, typed, written in BUYERS:
        to = replace(papered.FIRM, country=country, tax_number=typed)
        paper = papered.invoice(session, papered.charged(session, house, 10_700), to=to)

        xml = issued.made(paper, SHELF).xml

        assert f'<ram:ID schemeID="VA">{written}</ram:ID>'.encode() in xml
        assert broken_rules(schematron, xml) == [], country


@ON_SQLITE
def test_a_country_that_is_taken_passes_also_where_iso_has_no_letters(session, schematron):
    house = papered.hotel(session)
    paper = papered.invoice(session, papered.charged(session, house, 10_700))
    for code in ("XK", "TW", "PS", "SS", "BQ"):
        assert countries.is_country(code)
        said = paper.data | {"buyer": paper.data["buyer"] | {"country": code}}
        xml = einvoice.xml(said, kind="invoice", label=paper.label)
        assert broken_rules(schematron, xml) == [], code


@ON_SQLITE
@pytest.mark.parametrize("typed", ["136695976", "de 136 695 976"])
def test_the_houses_own_number_passes_as_it_was_typed(session, schematron, typed):
    house = papered.hotel(session, tax_number=typed)
    paper = papered.invoice(session, papered.charged(session, house, 10_700), to=papered.FIRM)

    xml = issued.made(paper, SHELF).xml

    assert b'<ram:ID schemeID="VA">DE136695976</ram:ID>' in xml
    assert broken_rules(schematron, xml) == []


def test_a_british_number_keeps_its_letters_on_paper():
    assert issuers.tax_number("GB 980 7806 84", "GB") == "GB980780684"
    assert issuers.tax_number("980780684", "GB") == "980780684"
    assert issuers.tax_number("XI 980 7806 84", "GB") == "XI980780684"  # Northern Ireland's


def test_what_is_no_country_of_an_invoice_is_refused():
    for code in ("IC", "AC", "CP", "CQ", "DG", "EA", "TA", "ZZ"):
        assert not countries.is_country(code), code
        with pytest.raises(Invalid, match="two letters"):
            issuers.country_code(code)
    assert all(map(countries.is_country, ("DE", "GB", "US", "PT", "TW")))
