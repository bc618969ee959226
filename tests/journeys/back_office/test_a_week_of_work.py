"""A week of work: rostered by keyboard, published, clocked on a phone, corrected and approved."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base import clock, dates
from pms.base.db import transaction
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import by_email
from pms.hotel.people.duty import Level
from pms.hotel.people.roster import templates
from pms.hotel.people.roster.fitting import monday_of
from pms.web.database import db
from tests import make
from tests.hotel.people import make_people
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def crew(app: Flask, house: int) -> None:
    """Ana at the front desk, with a usual shift."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        clerk = by_email(session, "front_desk@test.desk.example")
        held = make_people.employed(session, hotel, staff=clerk).employee
        position = make_people.position(session, hotel)
        assert held.department is Department.FRONT_OFFICE
        now = dates.local(clock.now(), hotel.time_zone)
        templates.add(
            session,
            hotel,
            position=position,
            code="E",
            begins=now.replace(hour=7, minute=0, second=0, microsecond=0, tzinfo=None).time(),
            ends=now.replace(hour=15, minute=0, second=0, microsecond=0, tzinfo=None).time(),
            break_minutes=30,
            level=Level.ATTENDS,
            by=make.by(session, hotel),
        )


def test_a_week_from_the_roster_to_approved_hours(
    page: Page, phone: Page, crew: None, house: int
) -> None:
    week = monday_of(dates.local(clock.now(), "Europe/Berlin").date()) + timedelta(days=7)
    come_in(page)
    page.goto(f"/roster?department=front_office&week={week.isoformat()}")
    is_accessible(page)
    page.get_by_role("link", name="Put a shift: Ana Reyes").first.press("Enter")
    page.get_by_role("link", name="E 07:00–15:00").press("Enter")
    is_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Ana Reyes, Mon")).to_contain_text("07:00–15:00")
    page.keyboard.press("p")
    expect(page.get_by_text("The week is published.")).to_be_visible()

    come_in(phone, "front_desk")
    phone.goto("/my-shifts")
    is_accessible(phone)
    phone.get_by_role("button", name="I have seen 1 change").click()
    phone.get_by_role("button", name="Clock in").click()
    expect(phone.get_by_text("At work since")).to_be_visible()

    page.goto("/hours")
    is_accessible(page)
    page.get_by_role("link", name="Open Ana Reyes").press("Enter")
    expect(page.get_by_text("Clock in", exact=True)).to_be_visible()
    is_accessible(page)
    page.get_by_label("Why").fill("Pressed by mistake")
    page.get_by_role("button", name="They were never worked").press("Enter")
    expect(page.get_by_text("“Pressed by mistake”")).to_be_visible()

    page.goto("/people")
    is_accessible(page)
    page.get_by_role("link", name="Ana Reyes", exact=True).click()
    expect(page.get_by_role("heading", name="Ana Reyes")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Pay", exact=True).click()
    expect(page.get_by_text("That you looked is written down.")).to_be_visible()
    is_accessible(page)
