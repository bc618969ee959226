"""From the roster to a locked export: planned, worked, approved, paid, and on its way."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import pay
from pms.web.database import db
from tests.hotel.people import make_people, paying
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def worked(app: Flask, house: int) -> str:
    """A day on which Ana worked ten hours that nobody approved; she is on today's roster too."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        paying.hold(session, hotel, pay.california(minimum_wage=0))
        ana = make_people.employed(session, hotel)
        make_people.shift(session, hotel, hotel.business_date, who=ana.employee)
        day = hotel.business_date - timedelta(days=7)  # the same weekday, a week before
        since, until = f"{day} 08:00", f"{day} 18:00"
        make_people.worked(session, ana, since, until, approved=False)
        return day.isoformat()


def test_a_shift_is_planned_worked_approved_paid_and_exported(
    server: str, page: Page, phone: Page, worked: str
) -> None:
    come_in(page)
    planned = date.fromisoformat(worked) + timedelta(days=7)
    page.goto(f"/roster?week={planned - timedelta(days=planned.weekday())}")
    page.keyboard.press("p")
    page.get_by_text("The week is published.").first.wait_for()

    page.goto(f"/hours?first={worked}&last={worked}")
    page.keyboard.press("a")
    page.get_by_text("Approved: 1 entry.").first.wait_for()

    page.goto("/payroll")
    page.keyboard.press("b")
    page.get_by_role("heading", name="Open a pay period").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("The pay period is open.").first.wait_for()
    is_accessible(page)
    come_in(phone, "accountant")
    phone.goto(page.url)
    phone.get_by_role("button", name="Figures are reviewed").tap()
    phone.get_by_text("are reviewed.").first.wait_for()
    page.reload()
    for key, said in (("a", "is approved."), ("l", "is locked.")):
        page.keyboard.press(key)
        page.get_by_text(said).first.wait_for()

    page.get_by_role("link", name="Premiums of Ana Reyes: 15.00").click()
    expect(page.get_by_text("Regular rate 15.00 = 150.00 for hours over 10:00 h")).to_be_visible()
    is_accessible(page)
    page.go_back()
    page.get_by_label("For", exact=True).select_option("generic")
    page.keyboard.press("x")
    page.get_by_text("is ready.").first.wait_for()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="payroll-2026-11-06-2026-11-19.csv").click()
    assert "Reyes,Ana" in Path(fetched.value.path()).read_text()

    phone.goto(page.url)
    expect(phone.get_by_role("heading", name="Fri 6 Nov to Thu 19 Nov")).to_be_visible()
    is_accessible(phone)
    phone.get_by_role("link", name="Ana Reyes", exact=True).tap()
    expect(phone.get_by_role("heading", name="Ana Reyes")).to_be_visible()
    is_accessible(phone)
    for place in ("/payroll", "/payroll/rules", "/payroll/tips", "/payroll/settings/adp_run"):
        phone.goto(place)
        is_accessible(phone)
