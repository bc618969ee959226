"""The month's commissions at the desk: approved, paid, told to the agent, taken back."""

import re

import pytest

from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Party
from pms.hotel.house.staff import Role
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.hotel.stays.test_agreements import YEAR, leaves

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONTH = "/commissions?month=2026-11"


def test_a_months_commission_is_approved_paid_and_taken_back(
    clerk: Clerk, hotel: House, as_role
) -> None:
    def earn(session, house) -> int:
        by = make.by(session, house)
        agent = companies.enter(session, house, code="SAKURA", name="Sakura", by=by)
        agreements.make(session, house, agent, party=Party.AGENT, commission=1_000, by=by, **YEAR)
        leaves(session, house, number="103", company=agent)
        return agent.id

    agent = hotel.does(earn)
    assert "Approve €10.00" in clerk.get(MONTH).text
    page = clerk.press(f"/commissions/approve/{agent}", MONTH, month="2026-11").text
    place = re.search(r"/commissions/\d+(?=/pay)", page)
    assert place
    address = place.group(0)
    assert "is approved" in page
    assert (
        "earned nothing"
        in clerk.press(f"/commissions/approve/{agent}", MONTH, month="2026-11").text
    )

    refused = clerk.press(f"{address}/pay", address, paid_on="2026-11-20", reference="").text
    paid = clerk.press(f"{address}/pay", address, paid_on="2026-11-20", reference="SEPA 7").text

    assert "Write the reference of the payment." in refused
    assert "SEPA 7" in paid
    csv = clerk.get(f"{address}.csv").text.splitlines()
    assert csv[0] == "booking,guest,arrival,departure,room_revenue,percent,commission"
    assert csv[1].endswith(",100.00,10,10.00")
    assert clerk.get(f"{address}.pdf").data.startswith(b"%PDF")
    assert "Paid, 10001" in clerk.get(MONTH).text
    desk = as_role(Role.NIGHT_AUDITOR)
    assert desk.press(f"{address}/reverse", MONTH, reason="x").status_code == 403
    boss = as_role(Role.MANAGER)
    assert "Taken back" in boss.press(f"{address}/reverse", address, reason="Wrong").text
