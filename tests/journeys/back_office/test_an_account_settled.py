"""A company pays; its clerk sets the money against the bills by keyboard and tells it the rest."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import receivables
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_payment_is_set_against_bills_by_keyboard_and_the_rest_is_told(
    app: Flask, house: int, page: Page
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        firm = companies.enter(
            session, hotel, code="LTD", name="Whitcombe Ltd", email="ap@ltd.example",
            direct_bill=True, by=by,
        )  # fmt: skip
        long = "Nordwind Energie und Wasserwerke Brandenburg Verwaltungs-GmbH & Co. KG"
        companies.enter(session, hotel, code="LONG", name=long, direct_bill=True, by=by)
        companies.enter(session, hotel, code="BOLT", name="Bolt", direct_bill=True, by=by)
        for days, owed in ((20, 4_000), (50, 8_000), (130, 2_500)):
            receivables.bring_forward(
                session, hotel, firm, amount=Money(owed, "EUR"), reference=f"OLD {days}",
                dated=hotel.business_date - timedelta(days=days), by=by,
            )  # fmt: skip
    come_in(page, "accountant")
    page.goto("/city-ledger")
    is_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    table = page.get_by_role("table", name="Companies")
    assert table.evaluate("each => each.scrollWidth - each.parentElement.clientWidth") <= 0
    page.get_by_role("link", name="Open Whitcombe Ltd").press("Enter")
    is_accessible(page)

    amount = page.get_by_label("Amount", exact=True).first
    amount.fill("100")
    page.get_by_label("Set it against the oldest bills").uncheck()
    amount.press("Control+Enter")
    expect(page.get_by_role("heading", name="Set it against")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Of Brought forward, 80.00 open").fill("75")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It is set against one item.")).to_be_visible()
    page.keyboard.press("o")
    expect(page.get_by_text("It is set against one item, the oldest first.")).to_be_visible()
    is_accessible(page)

    page.get_by_role("link", name="Back to the account").click()
    account = page.url
    page.get_by_role("link", name="Brought forward").last.click()
    page.get_by_text("To another company’s account").press("Enter")
    page.get_by_label("To", exact=True).select_option("Bolt")
    page.get_by_label("Reason").last.fill("Bolt's guest")
    is_accessible(page)
    page.get_by_label("Reason").last.press("Enter")
    expect(page.get_by_text("stands on the account of Bolt.")).to_be_visible()
    is_accessible(page)
    page.goto(account)
    page.get_by_role("button", name="Make it out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Statement 1")
    is_accessible(page)
    page.get_by_role("button", name="Mail it").click()
    expect(page.get_by_text("It is on its way to ap@ltd.example.")).to_be_visible(timeout=40_000)
