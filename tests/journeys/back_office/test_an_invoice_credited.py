"""An invoice is issued to a firm, read, and credited, by keyboard; every page by anybody."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.books.papers import issuers
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make, papered
from tests.journeys.back_office.conftest import come_in, is_accessible

COLD = 40_000  # ms: the first paper of a process reads the fonts, and a test machine is busy
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_invoice_is_issued_and_credited_by_keyboard(
    app: Flask, house: int, bill: int, page: Page
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        issuers.write(session, hotel, papered.ISSUER, by=make.by(session, hotel))
    come_in(page)
    page.goto(f"/folios/{bill}")
    page.keyboard.press("u")
    expect(page.get_by_label("Name")).to_be_focused()
    is_accessible(page)

    page.get_by_label("Name").fill("Muster & Co. KG")
    page.get_by_label("Country").fill("DE")
    page.get_by_label("VAT number").fill("DE136695975")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").last).to_contain_text("is no VAT number of DE")
    page.get_by_label("VAT number").fill("DE136695976")
    page.keyboard.press("Control+Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Invoice INV-", timeout=COLD)
    is_accessible(page)

    page.keyboard.press("v")
    is_accessible(page)
    page.get_by_label("Credit Bar, €40.00").check()
    page.get_by_label("Reason").fill("Not drunk")
    page.keyboard.press("Control+Enter")
    expect(heading).to_contain_text("Credit note CN-", timeout=COLD)

    settings = ("/invoicing", "/journal/chart", "/identity-papers")
    for place in ("/papers", "/journal", f"/folios/{bill}/write-off", *settings):
        page.goto(place)
        is_accessible(page)
