"""Sharing out: each party a room of its own, none counted twice, at the least price."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.guest_side.booking import sharing_out

KINDS = "ABC"
PARTIES = st.lists(st.dictionaries(st.sampled_from(KINDS), st.integers(0, 9)), max_size=4)
FREE = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 3))


@pytest.mark.parametrize(
    ("wanted", "free", "least"),
    [
        ([], {}, 0),
        ([{"A": 5}], {}, None),
        ([{"A": 5}, {"A": 5}], {"A": 1}, None),
        ([{"A": 1, "B": 9}, {"A": 1}], {"A": 1, "B": 1}, 10),
        ([{"A": 1, "B": 2}, {"A": 1, "B": 9}], {"A": 1, "B": 1}, 3),
    ],
)
def test_who_has_the_least_choice_is_not_left_without_a_room(wanted, free, least):
    assert sharing_out.least(wanted, free) == least


def test_a_house_takes_no_more_than_it_takes():
    assert sharing_out.least([{"A": 1}, {"A": 1}], {"A": 5}, house=1) is None
    assert sharing_out.least([{"A": 1}, {"A": 1}], {"A": 5}, house=2) == 2


@given(PARTIES, FREE)
def test_it_is_the_least_of_all_ways_there_are(wanted, free):
    ways = [
        sum(each[kind] for each, kind in zip(wanted, kinds, strict=True))
        for kinds in product(*wanted)
        if all(kinds.count(kind) <= free.get(kind, 0) for kind in kinds)
    ]

    assert sharing_out.least(wanted, free) == min(ways, default=None)
