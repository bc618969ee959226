"""A couple and its company share a bill by routing; the company is invoiced, and credited."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio
from pms.hotel.books.papers import issuers
from pms.hotel.books.routing import Takes
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from tests import make, papered
from tests.hotel.close import lived
from tests.journeys.back_office.conftest import come_in, is_accessible
from tests.journeys.back_office.test_an_invoice_credited import COLD

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def bill_of_two(app: Flask, house: int) -> int:
    """The open folio of the couple in house; its company may be billed."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        issuers.write(session, hotel, papered.ISSUER, by=by)
        companies.enter(session, hotel, code="ACME", name="Acme GmbH", direct_bill=True, by=by)
        couple = session.scalars(
            sa.select(Reservation).where(Reservation.state == "in_house")
        ).one()
        make.charge_code(session, hotel, "BAR").price = 4_000
        return settlements.folio_of(session, couple, by=by).id


def test_a_couple_and_a_company_split_a_bill(
    app: Flask, house: int, bill_of_two: int, page: Page
) -> None:
    come_in(page)
    page.goto(f"/folios/{bill_of_two}/windows")
    page.get_by_label("Company", exact=True).select_option("Acme GmbH")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Window 2 is open.").first).to_be_visible()

    page.get_by_role("link", name="Routing").click()
    page.get_by_label("Charges", exact=True).select_option("Room")
    page.get_by_label("Percent of each").fill("60")
    page.get_by_label("At most a night").fill("50")
    page.get_by_label("Paid by").select_option("Window 2, Acme GmbH")
    page.get_by_role("button", name="Try: who would pay what").click()
    bill = page.get_by_role("table", name="Who pays what")
    expect(bill.get_by_role("row", name="In all")).to_contain_text("€100.00")
    page.keyboard.press("Control+Enter")
    rule = "Window 2 (Acme GmbH) pays 60 % of Room, up to €50.00 a night"
    expect(page.get_by_text(rule, exact=True)).to_be_visible()
    is_accessible(page)

    with app.app_context():
        lived.close(db.session(), db.session().get_one(Hotel, house))
    page.goto(f"/folios/{bill_of_two}/post")
    page.get_by_label("What", exact=True).select_option("Bar, €40.00")
    page.keyboard.press("Control+Enter")
    first, second = (page.locator(f"#window-{no}") for no in (1, 2))
    expect(first.locator(".bal")).to_have_text("€90.00")
    expect(second.locator(".bal")).to_have_text("€50.00")

    page.get_by_label("Choose Bar, €40.00").check()
    first.get_by_role("button", name="Move elsewhere or split").click()
    is_accessible(page)
    page.get_by_label("To", exact=True).select_option("2")
    page.get_by_label("Only a part, percent").fill("25")
    page.keyboard.press("Control+Enter")
    expect(first.locator(".bal")).to_have_text("€80.00")
    expect(first).to_contain_text("Split, €30.00 stays")
    expect(second.locator(".bal")).to_have_text("€60.00")

    page.goto(f"/folios/{bill_of_two}?window=2")
    amount = page.get_by_label("Amount", exact=True)
    amount.fill("10")
    page.get_by_label("City ledger").check(force=True)
    expect(amount).to_have_value("60.00")
    expect(amount).not_to_be_editable()
    is_accessible(page)
    page.get_by_label("Cash").check(force=True)
    expect(amount).to_be_editable()

    page.goto(f"/folios/{bill_of_two}/invoice?window=2")
    heading = page.get_by_role("heading", level=1)
    page.keyboard.press("Control+Enter")
    expect(heading).to_contain_text("Invoice INV-", timeout=COLD)
    page.keyboard.press("v")
    page.get_by_label("Credit Bar, €10.00").check()
    page.get_by_label("Reason", exact=True).fill("Not with a client")
    page.keyboard.press("Control+Enter")
    expect(heading).to_contain_text("Credit note CN-", timeout=COLD)


def test_routing_on_a_telephone(app: Flask, house: int, bill_of_two: int, phone: Page) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel, folio = session.get_one(Hotel, house), session.get_one(Folio, (house, bill_of_two))
        by, bar = make.by(session, hotel), make.charge_code(session, hotel, "BAR")
        folios.charge(session, folio, code=bar, by=by)
        folios.open_window(session, folio, no=2, payee_name="Acme GmbH", by=by)
        routing.route(session, folio, to_window=2, takes=Takes(percent=2_500), by=by)
    come_in(phone)

    for place in (
        f"/folios/{bill_of_two}/routing",
        f"/folios/{bill_of_two}/balance",
        "/adjustment-limits",
        "/charge-sets",
        "/taxes/new",
        "/taxes/classes/new",
    ):
        phone.goto(place)
        is_accessible(phone)
    phone.goto(f"/folios/{bill_of_two}/routing")
    phone.get_by_role("link", name="Apply to what is posted").click()
    moves = phone.get_by_role("table", name="What would move")
    expect(moves.get_by_role("row", name="Bar")).to_contain_text("€10.00")
    is_accessible(phone)
    phone.get_by_role("button", name="Move 1 line").click()
    expect(phone.get_by_text("1 line moved by the rules.").first).to_be_visible()
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_text("1 line moved back.").first).to_be_visible()
