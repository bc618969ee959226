"""Groups at the desk: opened, allotted, filled from a list, arriving and leaving together."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import event

from pms.hotel.house.staff import Role
from pms.hotel.stays import groups, together
from pms.hotel.stays.groups import Status
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.hotel.stays import allotted
from tests.hotel.stays.allotted import IN_A_WEEK

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def opened(hotel: House, *, rooms: int = 2, **details: Any) -> int:
    """A group with an allotment; its id."""

    def does(session: Any, house: Any) -> int:
        made = allotted.group(session, house, **details)
        if rooms:
            allotted.allot(session, house, made, rooms)
        return made.id

    return int(hotel.does(does))


def test_a_group_is_opened_allotted_and_made_sure(clerk: Clerk, hotel: House) -> None:
    assert "No group is coming." in clerk.get("/groups").text
    plan, kind = hotel.does(lambda s, h: (make.plan(s, h).id, make.room_type(s, h).id))
    typed = {
        "code": "fair", "name": "Book fair", "arrival": IN_A_WEEK.isoformat(),
        "departure": (IN_A_WEEK + timedelta(days=2)).isoformat(), "plan": plan,
        "billing": "rooms", "cut_off": "2026-11-25",
    }  # fmt: skip
    refused = clerk.send("/groups/new", **{**typed, "company": "NOBODY", "departure": ""})
    assert "This is not a day." in refused.text

    page = clerk.send("/groups/new", **typed).text
    assert "Book fair is opened, tentative." in page
    address = re.search(r'action="(/groups/\d+)/allot', page)
    assert address
    place = address.group(1)
    night = f"n-{IN_A_WEEK.isoformat()}-{kind}"
    assert "is no number of rooms" in clerk.press(f"{place}/allot", place, **{night: "many"}).text
    page = clerk.press(f"{place}/allot", place, **{f"every-{kind}": "3"}).text
    assert "2 nights agreed anew." in page
    assert "6 agreed, 0 picked up, 6 kept" in page
    page = clerk.press(f"{place}/allot", place, **{night: "9"}).text
    assert "sold out on Fri 27 Nov 2026" in page
    assert 'value="9"' in page

    stale = clerk.press(f"{place}/allot", place, version="1", **{night: "1"}).text
    assert "Someone changed this group meanwhile." in stale
    assert "You wrote 1</small>" in stale
    assert (
        'value="1"' not in stale[stale.index('class="allot"') : stale.index("Agree on these rooms")]
    )

    page = clerk.press(f"{place}/status", place, status="lost").text
    assert "Say why the group is lost." in page
    assert (
        "Book fair is definite now."
        in clerk.press(f"{place}/status", place, status="definite").text
    )
    assert "6 room nights back on sale." in clerk.press(f"{place}/cut-off", place).text
    page = clerk.send(f"{place}/terms", **{**typed, "name": "Book fair 2026"}).text
    assert "Book fair 2026" in page
    assert "6 given back" in page
    assert "Book fair 2026" in clerk.get("/groups?q=fair").text


def test_a_list_is_looked_at_before_it_lands(clerk: Clerk, hotel: House) -> None:
    place = f"/groups/{opened(hotel)}"
    sheet = "Surname\tGiven name\tAdults\nLindqvist\tÅsa\t2\nMäkelä\tPäivi\t1\nSato\tYui\t1\n"

    page = clerk.send(f"{place}/list", sheet=sheet, do="look").text
    assert "2 good" in page
    assert "The allotment has no Dbl room left on Fri 27 Nov." in page
    assert hotel.count("Lindqvist") == 0

    book = Workbook()
    for line in sheet.splitlines():
        book.active.append(line.split("\t"))
    saved = BytesIO()
    book.save(saved)
    saved.seek(0)
    page = clerk.send(f"{place}/list", file=(saved, "list.xlsx"), do="look").text
    assert "2 good" in page
    assert "Lindqvist\tÅsa\t2" in page

    page = clerk.send(f"{place}/list", sheet=sheet, do="book").text
    assert "2 rows booked, 1 not." in page
    assert hotel.count("Lindqvist") == hotel.count("Mäkelä") == 1
    assert hotel.count("Sato") == 0
    page = clerk.send(f"{place}/list", sheet=sheet, do="book").text
    assert "0 rows booked, 3 not." in page
    assert "Entered already, booking" in page
    assert "The list is empty." in clerk.send(f"{place}/list", sheet="", do="look").text
    assert "names the columns" in clerk.send(f"{place}/list", sheet="a,b\n1,2", do="look").text


def test_a_card_number_in_a_list_stops_its_row_alone(clerk: Clerk, hotel: House) -> None:
    place = f"/groups/{opened(hotel)}"
    sheet = "Surname\tE-mail\nLindqvist\t\n4242 4242 4242 4242\t\nSato\t4242424242424242@x.jp\n"

    looked = clerk.send(f"{place}/list", sheet=sheet, do="look").text
    booked = clerk.send(f"{place}/list", sheet=sheet, do="book").text

    assert looked.count("That looks like a card number") == 2
    assert "1 row booked, 2 not." in booked
    assert hotel.count("Lindqvist") == 1
    assert hotel.count("Sato") == 0


def test_several_rooms_are_booked_in_one_name_or_none(clerk: Clerk, hotel: House) -> None:
    place = f"/groups/{opened(hotel)}"
    kind = hotel.does(lambda s, h: make.room_type(s, h).id)
    stay = {
        "surname": "Lindqvist", "arrival": IN_A_WEEK.isoformat(),
        "departure": (IN_A_WEEK + timedelta(days=2)).isoformat(), "adults": "2",
    }  # fmt: skip
    assert "Say how many rooms" in clerk.send(f"{place}/rooms", **stay).text
    assert (
        "has no room of that type left"
        in clerk.send(f"{place}/rooms", **stay, **{f"rooms-{kind}": "3"}).text
    )
    assert hotel.count("Lindqvist") == 0

    assert "2 rooms booked" in clerk.send(f"{place}/rooms", **stay, **{f"rooms-{kind}": "2"}).text

    assert hotel.count("Lindqvist") == 2


def test_a_group_arrives_and_leaves_together(clerk: Clerk, hotel: House) -> None:
    def two(session: Any, house: Any) -> tuple[int, list[int]]:
        made = allotted.group(session, house, arrival=house.business_date, nights=1)
        parties = [
            make.reservation(session, house, nights=1, group=made, surname=name)
            for name in ("Sato",)
        ]
        return made.id, [each.id for each in parties]

    group, parties = hotel.does(two)
    place = f"/groups/{group}"
    assert "Check in 1" in clerk.get(place).text

    page = clerk.press(f"{place}/check-in", f"{place}/check-in", party=parties).text
    assert "1 party checked in." in page
    assert "In room 103" in page
    page = clerk.press(f"{place}/check-out", f"{place}/check-out", party=parties).text
    assert "0 parties checked out." in page
    assert "The folio isn&#39;t settled" in page
    assert "Nobody of the group is due today." in clerk.get(f"{place}/check-in").text


def test_a_group_is_moved_by_days_as_it_was_shown_and_moved_back(
    clerk: Clerk, hotel: House
) -> None:
    place = f"/groups/{opened(hotel)}"
    assert "A group is moved by 1 to 400 days." in clerk.get(f"{place}/shift?days=0").text
    shown = clerk.get(f"{place}/shift?days=2").text
    assert "and the allotment move with it" in shown
    moved = clerk.send(f"{place}/shift", clerk.hidden(f"{place}/shift?days=2"), days="2").text
    assert "comes on Sun 29 Nov now." in moved
    back = re.search(rf"{place}/shift/back\?days=-2", moved)
    assert back
    assert "comes on the days it came from." in clerk.press(back.group()).text
    assert "now Fri 27 Nov" in clerk.get(f"{place}/shift").text


def test_the_page_asks_as_often_for_many_parties_as_for_few(
    clerk: Clerk, hotel: House, app: Any
) -> None:
    place = f"/groups/{opened(hotel, rooms=0)}"

    def asks() -> int:
        asked: list[str] = []
        with app.app_context():
            engine = db.engine
        listen = lambda *call: asked.append(call[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        assert clerk.get(place).status_code == 200
        event.remove(engine, "before_cursor_execute", listen)
        return len(asked)

    def add(count: int) -> None:
        def does(session: Any, house: Any) -> None:
            made = groups.by_code(session, house, "WEDDING")
            for n in range(count):
                make.reservation(
                    session, house, arrival=IN_A_WEEK, nights=1, group=made, surname=f"Guest{n}"
                )

        hotel.does(does)

    add(1)
    few = asks()
    add(3)
    assert asks() == few


def test_who_may_only_look_changes_nothing(clerk: Clerk, hotel: House, as_role: Any) -> None:
    group = opened(hotel)
    accountant = as_role(Role.ACCOUNTANT)
    page = accountant.get(f"/groups/{group}").text
    assert "Åkesson wedding" in page
    assert "Agree on these rooms" not in page
    assert accountant.press(f"/groups/{group}/cut-off").status_code == 403
    assert clerk.get("/groups/1").status_code == 404
    assert hotel.does(lambda s, h: groups.by_code(s, h, "WEDDING").terms.status) is Status.DEFINITE
    assert hotel.does(lambda s, h: together.parties(s, groups.by_code(s, h, "WEDDING"))) == []
