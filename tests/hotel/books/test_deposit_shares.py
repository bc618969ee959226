"""Shares of a deposit: worked out from the quote by rate, to the cent, and taken off again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.hotel.books.deposit_taxes import OUTSIDE, Under, shares
from pms.hotel.books.deposit_taxes.sharing import taken

SEVEN, NINETEEN = Under(1, 70_000), Under(2, 190_000)


@pytest.mark.parametrize(
    ("amount", "quoted", "said"),
    [
        (10_400, {SEVEN: 20_000, OUTSIDE: 800}, [(9_346, 654), (400, 0)]),
        (10_700, {SEVEN: 21_400}, [(10_000, 700)]),
        # half board: 160.50 lodging, 59.50 food; the dearer rate comes first
        (11_000, {SEVEN: 16_050, NINETEEN: 5_950}, [(2_500, 475), (7_500, 525)]),
        # 0.01 is for the larger part alone
        (1, {SEVEN: 16_050, NINETEEN: 5_950}, [(1, 0)]),
        # more than the stay costs: the rest is outside VAT
        (50_000, {SEVEN: 10_700, OUTSIDE: 0}, [(10_000, 700), (39_300, 0)]),
        (10_400, {OUTSIDE: 20_000}, [(10_400, 0)]),
        (10_400, {}, []),
    ],
)  # fmt: skip
def test_a_deposit_is_for_what_was_quoted(amount, quoted, said):
    assert [(share.net, share.tax) for share in shares(amount, quoted)] == said


@given(
    amount=st.integers(1, 10_000_000),
    quoted=st.dictionaries(
        st.sampled_from([OUTSIDE, SEVEN, NINETEEN, Under(3, 100_000)]),
        st.integers(1, 1_000_000),
        min_size=1,
    ),
    part=st.floats(0.0001, 1),
)
def test_shares_are_the_deposit_and_what_is_taken_leaves_the_rest(amount, quoted, part):
    whole = shares(amount, quoted)
    off = max(1, int(amount * part))

    some = taken(whole, off)

    assert sum(share.gross for share in whole) == amount
    assert sum(share.gross for share in some) == off
    of_no = {share.no: share for share in whole}
    assert all(0 <= each.net <= of_no[each.no].net for each in some)
    assert all(0 <= each.tax <= of_no[each.no].tax for each in some)
    assert taken(whole, amount) == whole
