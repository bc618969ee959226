"""The menu: each desk by its own key."""

import re
from collections import Counter
from typing import Any

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.web.database import db
from pms.web.doors import ICONS, MENU, SETTINGS
from tests.web.conftest import SQLITE_ONLY, hire, sign_in


def test_no_two_doors_have_one_key() -> None:
    keys = Counter(door.key for doors in MENU.values() for door in doors if door.key)

    assert [key for key, count in keys.items() if count > 1] == []


def test_no_desk_has_two_doors() -> None:
    for sections in (MENU, SETTINGS):
        doors = Counter(door.endpoint for doors in sections.values() for door in doors)

        assert [endpoint for endpoint, count in doors.items() if count > 1] == []


def test_what_is_set_has_a_sentence_and_no_door_in_the_menu_itself() -> None:
    menu = {door.endpoint for doors in MENU.values() for door in doors}

    for doors in SETTINGS.values():
        for door in doors:
            assert door.says, door.endpoint
            assert door.endpoint not in menu


def test_each_section_that_folds_has_its_icon() -> None:
    assert [title for title in MENU if title] == list(ICONS)


@SQLITE_ONLY
def test_many_doors_are_folded_but_those_of_this_page_and_few_are_not(
    app: Any, client: Any, desk: Any, house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        maid = hire(session, session.get_one(Hotel, house), "maid@desk.example", Role.HOUSEKEEPER)
        email = maid.email

    page = desk.get("/papers").text
    assert page.count("<details open><summary") == 1
    opened = page.split("<details open><summary")[1].split("</details>")[0]
    assert 'title="Money"' in opened
    assert 'aria-current="page"' in opened
    few = app.test_client()
    sign_in(few, email)
    rail = few.get("/my-rooms").text.split('id="menu"')[1].split("</nav>")[0]
    assert "<details" not in rail
    assert few.get("/").headers["Location"].endswith("/my-rooms") or "/my-rooms" in rail


@SQLITE_ONLY
def test_the_search_finds_pages_by_their_names(desk: Any) -> None:
    alone = desk.get("/search?q=chart of acc")
    some = desk.get("/search?q=pa").text

    assert alone.status_code == 302
    assert alone.headers["Location"] == "/journal/chart"
    pages = some.split("Pages</h2>")[1]
    assert re.findall(r'class="strong"><a href="([^"]+)"', pages)[:1] == ["/papers"]
    assert desk.get("/search?q=city tax").headers["Location"] == "/taxes"
