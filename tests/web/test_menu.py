"""The menu: each desk by its own key."""

from collections import Counter

from pms.web.menu import MENU, SETTINGS


def test_no_two_doors_have_one_key() -> None:
    keys = Counter(door.key for _, doors in MENU for door in doors if door.key)

    assert [key for key, count in keys.items() if count > 1] == []


def test_a_desk_of_settings_has_one_door() -> None:
    doors = Counter(door.endpoint for _, doors in SETTINGS for door in doors)

    assert [endpoint for endpoint, count in doors.items() if count > 1] == []


def test_what_is_set_has_a_sentence_and_no_door_in_the_menu_itself() -> None:
    menu = {door.endpoint for _, doors in MENU for door in doors}

    for _, doors in SETTINGS:
        for door in doors:
            assert door.says, door.endpoint
            assert door.endpoint not in menu
