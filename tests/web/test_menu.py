"""The menu: each desk by its own key."""

from collections import Counter

from pms.web.menu import MENU


def test_no_two_doors_have_one_key() -> None:
    keys = Counter(door.key for _, doors in MENU for door in doors if door.key)

    assert [key for key, count in keys.items() if count > 1] == []
