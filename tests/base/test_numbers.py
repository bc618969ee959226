"""Numbers as people type them."""

from fractions import Fraction

import pytest

from pms.base.numbers import percentage


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
