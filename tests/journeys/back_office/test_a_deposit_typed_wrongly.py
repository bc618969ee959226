"""A deposit was typed on the wrong booking: it is voided on its own page, by keyboard."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from pms.hotel.stays.reservations import Reservation, State
from pms.web.database import db
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_it_is_voided_with_a_reason_and_nothing_is_held(app: Flask, house: int, page: Page) -> None:
    with app.app_context():
        coming = db.session().scalar(
            sa.select(Reservation.id).where(
                Reservation.hotel_id == house, Reservation.state == State.BOOKED
            )
        )
        db.session().rollback()
    come_in(page)
    page.goto(f"/reservations/{coming}/deposit")
    page.get_by_label("Amount").first.fill("50.00")
    page.get_by_text("Cash", exact=True).first.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("€50.00 is held")
    is_accessible(page)

    page.get_by_role("link", name="Void €50.00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Void €50.00")
    is_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reason-refuses, .refuses").first).to_be_visible()
    is_accessible(page)
    page.get_by_label("Reason").fill("Another guest's")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status").first).to_contain_text("The deposit of €50.00 is voided")
    expect(page.get_by_text("Nothing is held")).to_be_visible()
    expect(page.get_by_role("link", name="Void €50.00")).to_have_count(0)
    is_accessible(page)
