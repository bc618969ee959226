"""Filters: money, dates and counts are written one way everywhere."""

from datetime import date, timedelta

import pytest

from pms.base.money import Money
from pms.hotel.house import letterheads
from pms.web import filters
from pms.web.letters.writing import Tongue


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


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("en", "KWD", "KWD\N{NO-BREAK SPACE}20.005"),
        ("de", "KWD", "20,005\N{NO-BREAK SPACE}KWD"),
        ("en", "GBP", "£200.05"),
    ],
)
def test_guests_read_a_currency_in_letters_apart_from_the_figure(
    language: str, currency: str, written: str
) -> None:
    assert Tongue(language).money(Money(20_005, currency)) == written


def test_a_place_in_a_row_is_written_with_its_ending() -> None:
    said = [filters.ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]

    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]


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


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.02, "under a second"), (1.2, "1 s"), (59, "59 s"), (100, "1 min 40 s")],
)
def test_how_long_something_took_is_said(seconds: float, written: str) -> None:
    assert filters.lasted(timedelta(seconds=seconds)) == written


def test_a_name_is_said_once_whatever_its_order() -> None:
    assert filters.own_script("Nguyễn Thị Minh Châu", "Thị Minh Châu Nguyễn") == ""
    assert filters.own_script("김지우", "Ji-woo Kim") == "김지우"
    assert filters.own_script(None, "Ji-woo Kim") == ""


@pytest.mark.parametrize(
    ("code", "written"), [("KOR", "South Korea"), ("de", "Germany"), ("UTO", "UTO"), (None, "")]
)
def test_a_country_is_named(code: str | None, written: str) -> None:
    assert filters.country(code) == written


@pytest.mark.parametrize(
    ("language", "country", "written"),
    [
        ("de-AT", "KOR", "de"), ("ko", "KOR", "en"), (None, "KOR", "en"), (None, "AUT", "de"),
        (None, "FRA", "fr"), ("", "CH", "de"), (None, None, "de"), (None, "Mars", "de"),
    ],
)  # fmt: skip
def test_a_guest_is_written_to_in_a_language_they_read(
    language: str | None, country: str | None, written: str
) -> None:
    assert letterheads.of_guest(language, country, otherwise="de") == written


def test_a_house_is_marked_by_its_own_name() -> None:
    assert filters.house_letter("Hotel Lindenhof") == "L"


def test_a_device_is_named_in_words() -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"
    assert filters.device(agent) == "Firefox on Windows"
