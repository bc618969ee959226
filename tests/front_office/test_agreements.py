"""Agreements and credit on a company's page, and the month's commissions."""

import re

import pytest

from pms.hotel.guests import companies
from pms.hotel.house.staff import Role
from tests import make
from tests.front_office.conftest import Clerk, House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_company_is_added_and_found_by_its_name_or_code(clerk: Clerk, hotel: House) -> None:
    assert "No company is written down yet." in clerk.get("/companies").text
    assert (
        "Say by which code it is known."
        in clerk.press("/companies/new", name="Lufthavn", language="").text
    )
    page = clerk.press("/companies/new", name="Lufthavn", code="cph", language="de").text
    assert "Lufthavn is written down." in page
    refused = clerk.press("/companies/new", name="Other", code="CPH", language="").text
    assert "A company has the code CPH already." in refused
    for text in ("luft", "cph"):
        assert "Lufthavn" in clerk.get(f"/companies?q={text}").text
    assert "No company answers to" in clerk.get("/companies?q=other").text


def test_an_agreement_is_made_and_ended_and_credit_is_granted(
    clerk: Clerk, hotel: House, as_role
) -> None:
    firm = hotel.does(
        lambda s, h: companies.enter(s, h, code="SAKURA", name="Sakura", by=make.by(s, h)).id
    )
    place = f"/companies/{firm}"
    typed = {"party": "agent", "first": "2026-11-20", "until": "2027-11-20", "commission": "12.5"}
    page = clerk.press(f"{place}/agreements", place, **typed).text
    assert "Agreed with Sakura until Sat 20 Nov 2027." in page
    assert "12.5% commission" in page
    assert "has an agreement until" in clerk.press(f"{place}/agreements", place, **typed).text
    page = clerk.press(f"{place}/credit", place, direct_bill="y", credit_limit="500").text
    assert "Its credit is as you said." in page
    assert "Billed directly" in page
    assert "No agent earned anything" in clerk.get("/commissions?month=2026-11").text
    ends = re.search(rf"{place}/agreements/\d+/end", page)
    assert ends
    assert "It ends with today." in clerk.press(ends.group(0), place).text
    assert as_role(Role.FRONT_DESK).press(f"{place}/credit", place).status_code == 403
