"""A manager lets a plan follow another and sets its terms; a clerk reads them before booking."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ARRIVAL, UNTIL = make.DAY + timedelta(days=9), make.DAY + timedelta(days=11)


def test_a_plan_follows_is_agreed_and_explains_its_price(app: Any, house: int, page: Page) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        make.charge_code(session, hotel)
    come_in(page)
    page.goto("/rates/plans")
    page.get_by_label("Code").fill("NRF")
    page.get_by_label("Name").fill("Non-refundable")
    is_accessible(page)
    page.keyboard.press("Control+Enter")

    page.get_by_label("Difference").fill("-10")
    page.get_by_role("button", name="Follow this plan").click()
    expect(page.get_by_role("region", name="Price", exact=True)).to_contain_text("-10 %")
    is_accessible(page)

    page.get_by_role("link", name="Policies", exact=True).click()
    page.get_by_role("link", name="Add a policy").click()
    page.get_by_label("Code").fill("STRICT")
    page.get_by_label("Name").fill("Strict")
    page.get_by_label("Cancelled later").select_option("Percent of the stay")
    page.get_by_label("How much").nth(0).fill("100")
    is_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("always the whole stay")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Plans", exact=True).click()
    page.get_by_role("link", name="Non-refundable").click()
    page.get_by_role("combobox", name="Policy").select_option("Strict")
    page.get_by_role("button", name="Set the policy").click()

    page.goto(f"/book?arrival={ARRIVAL}&departure={UNTIL}&adults=2")
    page.get_by_label("Non-refundable, €180.00").check()
    price = page.get_by_role("region", name="Price", exact=True)
    expect(price).to_contain_text("never free: the whole stay, €180.00")
    price.get_by_text("How the price is made").click()
    expect(price).to_contain_text("Best available -10 %")
    is_accessible(page)


def test_a_plans_page_fits_a_phone(house: int, phone: Page) -> None:
    come_in(phone)
    phone.goto("/rates/plans")
    phone.get_by_role("link", name="Best available").click()

    expect(phone.get_by_role("heading", name="Best available")).to_be_visible()
    is_accessible(phone)
    phone.goto("/deposits")
    is_accessible(phone)
