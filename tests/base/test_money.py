"""Money: nothing is lost, and there is one way to round and one way to split."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.base import money
from pms.base.money import IsItAThousand, Money, NotAnAmount, round_half_up
from pms.base.refusal import Invalid

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "time_currency.json").read_text(encoding="utf-8")
)
MINOR = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(lambda w: sum(w) > 0)
CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD", "CLF"])


def euros(text: str) -> Money:
    """Shorthand."""
    return Money.parse(text, "EUR")


# --- the published cases ----------------------------------------------------------------------


@pytest.mark.parametrize(("currency", "digits"), CASES["minor_units"].items())
def test_a_currency_has_the_decimals_iso_gives_it(currency: str, digits: int) -> None:
    assert money.digits_of(currency) == digits


@pytest.mark.parametrize(("currency", "step"), CASES["cash_steps"].items())
def test_cash_is_rounded_to_the_smallest_coin(currency: str, step: str) -> None:
    coin = Money.parse(step, currency)

    assert coin.in_cash() == coin
    assert Money(coin.minor * 7 + coin.minor // 2, currency).in_cash().minor % coin.minor == 0
    assert Money(coin.minor // 2 + coin.minor % 2, currency).in_cash() == coin


@pytest.mark.parametrize("case", CASES["divided_by_the_full_rate"], ids=lambda case: case["id"])
def test_a_conversion_divides_by_the_full_rate(case: dict[str, str]) -> None:
    tolars = Money.parse(case["amount"], "SIT")

    assert tolars.convert("EUR", rate=Decimal(case["rate"])) == euros(case["eur"])


@pytest.mark.parametrize("case", CASES["rounded_half_up"], ids=lambda case: case["raw"])
def test_a_raw_amount_is_rounded_half_up(case: dict[str, str]) -> None:
    assert Money.rounded(Decimal(case["raw"]), "EUR") == euros(case["eur"])


# --- reading and writing ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12", "JPY", 12),
        ("12.34", "EUR", 1234),
        (" 12.3 ", "EUR", 1230),
        ("-0.05", "EUR", -5),
        ("\N{MINUS SIGN}0.05", "EUR", -5),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        (".5", "EUR", 50),
        ("1.500", "EUR", 150),
        ("12.50", "RSD", 1250),
        ("1.250", "IQD", 1250),
    ],
)
def test_a_plain_decimal_is_read(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", ".", "12,50", "1.234", "1e3", "1e999999", "1_000", "NaN", "sNaN", "Infinity",
        "1." + "0" * 30 + "1", "9" * 30, "١٢", "€5", "--1", "12.3.4", "0x10",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(money.NotAnAmount, match="is not an amount in EUR") as refused:
        euros(text)

    assert refused.value.field == "amount"


@pytest.mark.parametrize("code", ["", "EURO", "eur", "ZZZ"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(Invalid, match="not a currency code"):
        money.digits_of(code)


@given(MINOR, CURRENCIES)
def test_what_is_written_is_read_again(minor: int, currency: str) -> None:
    amount = Money(minor, currency)

    assert Money.parse(str(amount), currency) == amount


def test_no_decimals_are_written_for_yen_and_three_for_dinars() -> None:
    assert str(Money(-1234, "JPY")) == "-1234"
    assert str(Money(5, "KWD")) == "0.005"


# --- adding ---------------------------------------------------------------------------------------


def test_an_amount_is_said_for_people_and_written_plainly_for_machines() -> None:
    amounts = [Money(670_000, "EUR"), Money(-1, "EUR"), Money(-1_500, "JPY")]

    assert [each.said for each in amounts] == ["€6,700.00", "−€0.01", "−JP¥1,500"]
    assert [str(each) for each in amounts] == ["6700.00", "-0.01", "-1500"]


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(ValueError, match="EUR and USD"):
        assert Money(1, "EUR") < Money(1, "USD")


def test_amounts_add_up_compare_and_multiply() -> None:
    assert euros("1.10") + euros("2.20") - euros("0.30") == euros("3.00")
    assert -euros("1") == euros("1") * -1
    assert euros("1") < euros("2") <= euros("2")
    assert euros("2") > euros("1") >= euros("1")
    assert not Money.zero("EUR")
    assert money.total([euros("0.10")] * 3, "EUR") == euros("0.30")
    assert money.total([], "EUR") == Money.zero("EUR")


# --- rounding -------------------------------------------------------------------------------------


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_rounding_is_never_off_by_more_than_a_half(value: Fraction) -> None:
    rounded = round_half_up(value)

    assert abs(rounded - value) <= Fraction(1, 2)
    assert round_half_up(-value) == -rounded


@given(st.integers(-(10**9), 10**9))
def test_a_half_goes_away_from_zero(whole: int) -> None:
    half = Fraction(2 * abs(whole) + 1, 2)

    assert round_half_up(half) == abs(whole) + 1
    assert round_half_up(-half) == -abs(whole) - 1


def test_a_percentage_is_rounded_half_up() -> None:
    assert euros("1.50").percent(Decimal(5)) == euros("0.08")
    assert euros("-1.50").percent(Decimal(5)) == euros("-0.08")


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="above zero"):
        euros("1").convert("USD", rate=Decimal(0))


# --- splitting ------------------------------------------------------------------------------------


@given(MINOR, WEIGHTS)
def test_a_split_never_loses_a_unit(minor: int, weights: list[int]) -> None:
    amount = Money(minor, "EUR")

    shares = amount.split(weights)

    assert money.total(shares, "EUR") == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor - Fraction(minor * weight, sum(weights))) < 1


@given(MINOR, WEIGHTS)
def test_a_split_of_a_debt_mirrors_that_of_a_claim(minor: int, weights: list[int]) -> None:
    assert Money(-minor, "EUR").split(weights) == [-s for s in Money(minor, "EUR").split(weights)]


@given(st.integers(0, 10**6), st.integers(1, 30))
def test_equal_shares_differ_by_one_unit_at_most_and_the_first_are_the_larger(
    minor: int, parts: int
) -> None:
    shares = [share.minor for share in Money(minor, "EUR").split([1] * parts)]

    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1


def test_who_has_no_weight_gets_nothing() -> None:
    assert euros("0.02").split([0, 1, 0, 1, 1]) == [Money(m, "EUR") for m in (0, 1, 0, 1, 0)]


@pytest.mark.parametrize("weights", [[], [0], [1, -1], [3, -1]])
def test_a_split_by_nothing_is_a_mistake(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        euros("1").split(weights)


@pytest.mark.parametrize(
    ("amount", "parts", "shares"),
    [
        (6000, [8403, 1597], [5042, 958]),
        (1, [1, 1, 1], [1, 0, 0]),
        (2, [1, 1, 1], [1, 1, 0]),
        (-60, [-84, -16], [-50, -10]),
        (50, [110, -10], [55, -5]),
        (-1, [110, -10], [-1, 0]),
        (0, [3, 7], [0, 0]),
        (100, [84, 0, 16], [84, 0, 16]),
    ],
)
def test_parts_of_any_sign_share_an_amount_out(amount, parts, shares):
    assert money.apportion(amount, parts) == shares


def test_nothing_is_shared_out_over_parts_that_come_to_zero():
    with pytest.raises(ValueError, match="come to zero"):
        money.apportion(1, [5, -5])


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1234.50", 123450),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1 234,50", 123450),
        ("1\N{NARROW NO-BREAK SPACE}234,50", 123450),
        ("1'234.50", 123450),
        ("1\N{RIGHT SINGLE QUOTATION MARK}234.50", 123450),
        ("€1,234.50", 123450),
        ("1.234,50 €", 123450),
        ("eur 12", 1200),
        ("12 EUR", 1200),
        ("\N{MINUS SIGN}€7.50", -750),
        ("€-7.50", -750),
        ("-0,5", -50),
        (",5", 50),
        (".5", 50),
        ("12.", 1200),
        ("0.500", 50),
        ("1,234", 123400),
        ("1.234.567", 123456700),
        ("1,234,567.8", 123456780),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, minor: int) -> None:
    assert Money.typed(typed, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize(
    "typed",
    [
        *("12;50", "12:50", "12/50", "12'50", "12,,50", "12,5,0", "1,2345", "1.2345", "12.34.56"),
        *("50 USD", "$50", "¥50", "1e3", "0x10", "50%", "(5)", "5-", "1.23,456", "1,23,456"),
        *("twelve", ".", "-", "€", "\N{ARABIC-INDIC DIGIT THREE}", "\N{SUPERSCRIPT TWO}"),
    ],
)
def test_what_is_not_plainly_an_amount_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.typed(typed, "EUR")


@pytest.mark.parametrize(
    ("typed", "currency", "said"),
    [
        ("1.000", "EUR", "Write 1000 or 1.00."),
        ("2.500", "JPY", "Write 2500."),
        ("1,250", "KWD", "Write 1250 or 1.250."),
    ],
)
def test_a_thousand_that_is_one_to_others_is_asked_about(
    typed: str, currency: str, said: str
) -> None:
    with pytest.raises(IsItAThousand, match=re.escape(said)):
        Money.typed(typed, currency)


def test_each_currency_has_its_own_sign_and_decimals() -> None:
    assert Money.typed("$50", "USD") == Money.typed("US$50", "USD") == Money(5000, "USD")
    assert Money.typed("1.250", "KWD") == Money(1250, "KWD")
    assert Money.typed("1,250", "JPY") == Money(1250, "JPY")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF"]))
def test_what_is_said_is_read_again(minor: int, currency: str) -> None:
    """But for the thousand that three decimals make of a lone comma."""
    amount = Money(minor, currency)
    assert Money.typed(amount.said, currency) == amount
    assert Money.typed(str(amount), currency) == amount
