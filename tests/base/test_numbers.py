"""Numbers as people type them."""

from fractions import Fraction

import pytest

from pms.base.numbers import percentage, plain_amount


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5", Fraction(5)),
        ("-7.5", Fraction(-15, 2)),
        ("\N{MINUS SIGN}7,5 %", Fraction(-15, 2)),
        ("5.875%", Fraction(47, 8)),
        ("", None),
        ("much", None),
        ("inf", None),
        ("9e99999999", None),
        ("1_000", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
    ],
)
def test_a_percentage_is_read_as_typed_and_never_endless(typed: str, read: Fraction | None) -> None:
    assert percentage(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1234,5", "1234.5"),
        ("12,34", "12.34"),
        ("-0,5", "-0.5"),
        ("\N{MINUS SIGN}7.50", "-7.50"),
        ("1,234", "1234"),
        ("1,234,567", "1234567"),
        ("1.234", "1.234"),
    ],
)
def test_a_comma_before_two_last_digits_is_the_decimal_point(typed: str, read: str) -> None:
    assert plain_amount(typed) == read
