"""Filters: money, dates and counts are written one way everywhere."""

from datetime import date

import pytest

from pms.base.money import Money
from pms.web import filters


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (109600, "EUR", "€1,096.00"),
        (-4200, "EUR", "−€42.00"),
        (0, "EUR", "€0.00"),
        (12345, "JPY", "JP¥12,345"),
        (1234567, "KWD", "KWD\N{NO-BREAK SPACE}1,234.567"),
    ],
)
def test_money_is_written_with_its_currency_in_front(
    minor: int, currency: str, written: str
) -> None:
    assert filters.money(Money(minor, currency)) == written


def test_an_unknown_amount_is_a_dash() -> None:
    assert filters.money(None) == "—"


def test_a_chart_leaves_the_cents_out() -> None:
    assert filters.money(Money(13840, "EUR"), cents=False) == "€138"


def test_a_day_names_its_weekday_and_year() -> None:
    assert filters.day(date(2026, 11, 21)) == "Sat 21 Nov 2026"
    assert filters.day(date(2026, 11, 21), year=False) == "Sat 21 Nov"


@pytest.mark.parametrize(
    ("count", "noun", "written"),
    [
        (1, "party", "1 party"),
        (2, "party", "2 parties"),
        (3, "day", "3 days"),
        (0, "room", "0 rooms"),
    ],
)
def test_a_count_carries_its_noun(count: int, noun: str, written: str) -> None:
    assert filters.plural(count, noun) == written


def test_a_house_is_marked_by_its_own_name() -> None:
    assert filters.house_letter("Hotel Lindenhof") == "L"


def test_a_device_is_named_in_words() -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"
    assert filters.device(agent) == "Firefox on Windows"
