"""A night at 2 a.m.: from the first check to the sealed day, with nobody signed out."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.back_office.conftest import come_in, is_accessible


def test_the_night_auditor_closes_the_day(house: int, bill: int, page: Page) -> None:
    come_in(page, "night_auditor")
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_text("The day cannot close yet.")).to_be_visible()
    is_accessible(page)

    page.get_by_label("Close now, whatever the hour").check()
    page.get_by_role("combobox", name="Arrivals not in").select_option(label="Decided one by one")
    with page.expect_navigation():
        page.get_by_role("button", name="Check again").press("Enter")
    row = page.get_by_role("row").filter(has_text="Yamada")
    row.get_by_role("combobox").select_option(label="Keep for tomorrow")
    with page.expect_navigation():
        row.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("1 of 2 decided")).to_be_visible()
    decides_two_by_the_keyboard(page)
    expect(page.get_by_text("The day cannot close yet.")).to_be_hidden()
    expect(page.get_by_text("2 of 2 decided")).to_be_visible()

    with page.expect_navigation():
        page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("row").filter(has_text="Total")).to_contain_text("€100.00")
    is_accessible(page)

    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.get_by_text("No-show: 2")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Sealed", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("The house is on Sat 21 Nov now.")).to_be_visible()
    is_accessible(page)

    page.get_by_role("link", name="Open the audit pack").click()
    expect(page.get_by_role("heading", name="Fri 20 Nov 2026")).to_be_visible()
    is_accessible(page)
    page.goto("/reports")
    is_accessible(page)
    page.goto("/night-audit")
    expect(page.get_by_role("heading", name="Close Sat 21 Nov 2026")).to_be_visible()


def decides_two_by_the_keyboard(page: Page) -> None:
    """Both arrivals are ticked with X, and decided in one press."""
    arrivals = page.get_by_role("region", name="Arrivals not in")
    page.get_by_role("heading", name="Arrivals not in").click()
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(arrivals.get_by_text("2 parties")).to_be_visible()
    page.keyboard.press("m")
    expect(arrivals.get_by_label("Decision for the chosen arrivals")).to_be_focused()
    arrivals.get_by_label("Decision for the chosen arrivals").select_option(label="No-show")
    with page.expect_navigation():
        arrivals.get_by_role("button", name="Decide for the chosen").click()


def test_who_is_refused_among_many_stays_ticked(house: int, page: Page) -> None:
    come_in(page, "night_auditor")
    page.goto("/night-audit")
    arrivals = page.get_by_role("region", name="Arrivals not in")
    arrivals.get_by_label("All").check()
    many = arrivals.get_by_label("Decision for the chosen arrivals")
    many.select_option(label="Check in")

    with page.expect_navigation():
        arrivals.get_by_role("button", name="Decide for the chosen").click()

    expect(arrivals.get_by_text("1 party", exact=True)).to_be_visible()
    expect(arrivals.get_by_text("assign a room")).to_be_visible()
    expect(many).to_have_value("check_in")
    for control in ("Choose Ana Åkesson", "Decision for Ana Åkesson"):
        told = arrivals.get_by_label(control)
        expect(told).to_have_accessible_description(re.compile("assign a room"))
    is_accessible(page)


def test_the_night_on_a_telephone(house: int, bill: int, phone: Page) -> None:
    come_in(phone, "night_auditor")

    phone.goto("/night-audit?arrivals=no_show&due_outs=extend&at_any_hour=y")
    is_accessible(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Close the day").tap()
    is_accessible(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Close Fri 20 Nov").tap()
    expect(phone.get_by_text("Sealed", exact=True)).to_be_visible(timeout=30_000)
    is_accessible(phone)
