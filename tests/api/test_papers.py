"""Papers as machines read them."""

import base64
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.books import papers
from pms.hotel.books.papers import Made, issuers
from pms.hotel.house.hotels import Hotel
from tests import make, papered
from tests.api.calling import V1, Machine

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def issued(inside: Session, house: Hotel) -> Any:
    """An invoice with its files, and a pro forma without."""
    with transaction(inside):
        by = make.by(inside, house)
        issuers.write(inside, house, papered.ISSUER, by=by)
        folio = papered.charged(inside, house, 10_700)
        papers.pro_forma(inside, folio, to=papered.GUEST, by=by)
        paper = papered.invoice(inside, folio)
        papers.keep(inside, paper, Made(b"%PDF-1.7", b"<xml/>"), by=by)
        return paper


def test_papers_are_listed_read_and_fetched(machine: Machine, issued: Any) -> None:
    listed = machine.get(f"{V1}/papers", kind="invoice").json["papers"]
    read = machine.get(f"{V1}/papers/{issued.id}").json
    xml = machine.get(f"{V1}/papers/{issued.id}/file", form="xml").json

    assert [each["number"] for each in listed] == [issued.label]
    assert listed[0]["gross"] == {"amount": "109.00", "currency": "EUR"}
    assert read["data"]["lines"][0]["gross"] == 10_900
    assert read["digest"] == issued.digest
    assert base64.b64decode(xml["content"]) == b"<xml/>"
    assert len(machine.get(f"{V1}/papers").json["papers"]) == 2


def test_what_isnt_here_is_said(machine: Machine, issued: Any) -> None:
    first = machine.get(f"{V1}/papers", kind="pro_forma").json["papers"][0]["id"]

    for path in (f"{V1}/papers/{first}/file", f"{V1}/papers/12345"):
        assert machine.get(path).status_code == 404
