"""A city tax for families: set on a telephone, seen first, taken back; each page can be read."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_tax_is_seen_on_a_family_before_it_holds(app: Flask, house: int, phone: Page) -> None:
    with app.app_context(), transaction(db.session()) as session:
        make.taxed_code(session, session.get_one(Hotel, house))
    come_in(phone)
    phone.goto("/taxes")
    is_accessible(phone)
    phone.get_by_label("Open City tax").click()
    phone.get_by_label("Child up to age").first.fill("12")
    phone.get_by_label("Bears").first.fill("1")
    phone.get_by_label("Children's ages").fill("9")
    phone.get_by_role("button", name="Show what changes").click()
    expect(phone.get_by_text("2 x €2.00, 1 child up to 12 x €1.00 is €5.00")).to_be_visible()
    is_accessible(phone)

    phone.keyboard.press("Control+Enter")
    expect(phone.get_by_text("to come").first).to_be_visible()
    day = make.DAY + timedelta(days=1)
    expect(phone.get_by_text(f"City tax is another from {day:%a} {day.day}")).to_be_visible()
    phone.get_by_role("button", name="Take back").click()
    expect(phone.get_by_text("City tax stays as it was")).to_be_visible()
    is_accessible(phone)
