"""The tape chart: what it shows, what it asks before it changes anything, what others do, undo."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from pms.base.db import transaction
from pms.hotel.close import verify
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import blocks, inventory, rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import reservations, stays
from pms.hotel.stays.reservations import State
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.make import DAY

# The verbs and the race for a room are tried on both engines; here is the page.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PART = {"HX-Request": "true"}
BAR = re.compile(
    r'class="b ([^"]*)"[^>]*href="/reservations/(\d+)" data-v="(\d+)"[^>]*aria-label="([^"]*)"'
)
CHART = "/tape-chart"


def bar(page: str, name: str) -> tuple[str, str, int, str]:
    """Return a party's first bar: its look, its reservation, its version, its words."""
    found = [each for each in BAR.findall(page) if name in html.unescape(each[3])]
    assert found, name
    look, party, version, words = found[0]
    return look, party, int(version), html.unescape(words)


def asked(clerk: Clerk, party: object, **wish: object) -> Any:
    """Ask what a change would mean, as the script does."""
    said = "&".join(f"{name}={value}" for name, value in wish.items())
    return clerk.client.get(f"{CHART}/{party}?{said}", headers=PART)


def hidden(part: str) -> dict[str, str]:
    """What the asked form would send."""
    return dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', part))


def does(clerk: Clerk, party: object, part: str, **typed: object) -> Any:
    """Do what was asked."""
    data = {**hidden(part), "price": "keep", **typed}
    return clerk.client.post(f"{CHART}/{party}", data=data, headers=PART)


def undone(clerk: Clerk, done: str) -> Any:
    """Press the undo that was offered."""
    address = html.unescape(re.search(r'action="([^"]+)"', done)[1])  # type: ignore[index]
    return clerk.client.post(address, data=hidden(done), headers=PART)


def room_of(hotel: House, surname: str) -> str | None:
    """Return the number of a party's room."""
    with hotel.app.app_context():
        party = db.session().merge(hotel.party(surname), load=False)
        night = next(each for each in party.nights if each.live)
        return night.room.number if night.room else None


@pytest.fixture(autouse=True)
def _the_books_hold(hotel: House) -> Any:
    yield
    hotel.does(
        lambda session, house: [c for c in verify.checks(session, house) if not c.ok] == [] or 1 / 0
    )


# --- what it shows -------------------------------------------------------------------------------


def test_bars_begin_and_end_at_midday_and_say_what_they_are(clerk: Clerk) -> None:
    page = clerk.get(CHART).text

    look, _, _, words = bar(page, "Ana Novák")
    assert {"in", "s3", "l4"} <= set(look.split())  # the chart begins with yesterday
    assert words == "Ana Novák, 20 to 22 Nov, in house"
    assert "now" in bar(page, "Ana Yamada")[0].split()


def test_a_party_without_a_room_waits_in_its_types_lane(clerk: Clerk) -> None:
    page = clerk.get(CHART).text

    lane = page[page.index('id="none-') :]
    assert "Ana Åkesson" in lane[: lane.index("</a>")]
    assert "un" in bar(page, "Ana Åkesson")[0].split()


def test_blocks_marks_and_sharers_are_told_in_words(clerk: Clerk, hotel: House) -> None:
    def deed(session: Any, house: Hotel) -> None:
        by = make.by(session, house)
        room = make.room(session, house, "103")
        blocks.block(session, room, Block.OUT_OF_ORDER, first=DAY,
                     until=DAY + timedelta(days=1), reason="Burst pipe", by=by)  # fmt: skip
        later = DAY + timedelta(days=3)
        host = make.reservation(session, house, surname="Host", arrival=later)
        stays.assign(session, host, room=make.room(session, house, "104"), by=by)
        stays.pin(session, host, reason="honeymoon", by=by)
        mate = make.reservation(session, house, surname="Mate", arrival=later, shares_with=host)
        assert mate.claim_id == host.claim_id

    hotel.does(deed)
    page = clerk.get(CHART).text

    assert "Burst pipe, 20 to 21 Nov, out of order" in page
    words = bar(page, "Host")[3]
    assert "Ana Host +1" in words
    assert words.endswith("do not move: honeymoon")
    assert "Mate" not in page


def test_a_party_with_two_rooms_has_two_bars(clerk: Clerk, hotel: House) -> None:
    def deed(session: Any, house: Hotel) -> None:
        by = make.by(session, house)
        party = make.reservation(session, house, surname="Moves", nights=4)
        for n, number in enumerate(("103", "104", "103")):
            first = DAY + timedelta(days=n)
            stays.assign(session, party, room=make.room(session, house, number), first=first, by=by)

    hotel.does(deed)
    page = clerk.get(CHART).text

    found = [each[0] for each in BAR.findall(page) if "Moves" in each[3]]
    assert sorted(re.search(r"s\d+ l\d+", each)[0] for each in found) == [  # type: ignore[index]
        "s3 l2", "s5 l2", "s7 l4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("days=7", 'data-days="7"', "nothing"),
        ("days=500", 'data-days="62"', "nothing"),
        ("days=x&first=never", 'data-days="14"', "nothing"),
        ("by=floor", "Floor 1", "left</span>"),
        ("floor=9", "No room is like that.", 'role="grid"'),
        ("first=2026-12-01", 'data-first="2026-12-01"', "Novák"),
    ],
)
def test_the_window_is_kept_in_the_address(clerk: Clerk, query: str, there: str, gone: str) -> None:
    page = clerk.get(f"{CHART}?{query}").text

    assert there in page
    assert gone not in page


def test_a_chart_asks_no_more_queries_for_more_rows(clerk: Clerk, hotel: House) -> None:
    def queries() -> int:
        said: list[str] = []
        with clerk.app.app_context():
            engine = db.engine

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert clerk.get(f"{CHART}?days=31").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(said)

    def more(session: Any, house: Hotel) -> None:
        by = make.by(session, house)
        for n in range(20):
            make.room(session, house, f"3{n:02d}")
            room = make.room(session, house, f"2{n:02d}")
            party = make.reservation(session, house, surname=f"More{n}")
            stays.assign(session, party, room=room, by=by)
            make.reservation(session, house, surname=f"Roomless{n}", nights=1)

    few = queries()
    hotel.does(more)

    assert queries() <= few


# --- who may -------------------------------------------------------------------------------------


def test_who_only_looks_can_not_change(as_role: Any) -> None:
    owner = as_role(Role.OWNER)

    page = owner.get(CHART).text

    assert "data-may-change" not in page
    assert owner.get(f"{CHART}/{bar(page, 'Novák')[1]}").status_code == 403
    assert as_role(Role.HOUSEKEEPER).get(CHART).status_code == 403


def test_a_strangers_id_is_not_there(clerk: Clerk) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")

    assert clerk.get(f"{CHART}/1").status_code == 404
    assert asked(clerk, party, v=version, room=1).status_code == 404
    lost = clerk.client.get(f"{CHART}/find?number=999999999", follow_redirects=True)
    assert "No booking has that number." in lost.text


# --- asking and doing ----------------------------------------------------------------------------


def test_asking_says_the_difference_and_changes_nothing(clerk: Clerk, hotel: House) -> None:
    page = clerk.get(CHART).text
    _, party, version, _ = bar(page, "Yamada")
    before = hotel.party("Yamada")

    part = asked(clerk, party, v=version, longer=2).text

    assert "Extend to 24 Nov for +€200.00" in part
    assert "€400.00" in part
    after = hotel.party("Yamada")
    assert (after.departure, after.version) == (before.departure, before.version)
    assert clerk.get(CHART).text.count("Yamada") == page.count("Yamada")


def test_a_stay_is_extended_and_back_again(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Novák")

    done = does(clerk, party, asked(clerk, party, v=version, longer=1).text)

    assert "Ana Novák stays 20 Nov to 23 Nov and pays €100.00 more." in done.text
    assert hotel.party("Novák").departure == DAY + timedelta(days=3)
    back = undone(clerk, done.text)
    assert "Ana Novák is where it was." in back.text
    assert hotel.party("Novák").departure == DAY + timedelta(days=2)


def test_a_booked_party_moves_to_another_room_and_other_days_at_once(
    clerk: Clerk, hotel: House
) -> None:
    """Its own old room is taken on the new days, and the new room on the old days."""

    def deed(session: Any, house: Hotel) -> None:
        by = make.by(session, house)
        for number, on in (("102", 2), ("103", 0)):
            other = make.reservation(
                session, house, surname=f"In{number}", arrival=DAY + timedelta(days=on)
            )
            stays.assign(session, other, room=make.room(session, house, number), by=by)

    hotel.does(deed)
    room = hotel.room("103")
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")

    part = asked(clerk, party, v=version, room=room.id, on=2)
    done = does(clerk, party, part.text)

    assert "Ana Yamada is in 103 and stays 22 Nov to 24 Nov." in done.text
    assert room_of(hotel, "Yamada") == "103"
    undone(clerk, done.text)
    assert (room_of(hotel, "Yamada"), hotel.party("Yamada").arrival) == ("102", DAY)


def test_a_party_gets_a_room_and_loses_it_again(clerk: Clerk, hotel: House) -> None:
    room = hotel.room("103")
    _, party, version, _ = bar(clerk.get(CHART).text, "Åkesson")

    done = does(clerk, party, asked(clerk, party, v=version, room=room.id).text)
    assert room_of(hotel, "Åkesson") == "103"
    undone(clerk, done.text)

    assert room_of(hotel, "Åkesson") is None


def test_a_better_type_is_kept_at_its_price_or_charged(clerk: Clerk, hotel: House) -> None:
    def deed(session: Any, house: Hotel) -> None:
        suite = make.room_type(session, house, "STE", rank=1)
        make.room(session, house, "201", kind=suite)
        inventory.extend(session, house, until=DAY + timedelta(days=60))
        make.plan(session, house, suite, price="180.00")

    hotel.does(deed)
    room = hotel.room("201")
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")

    part = asked(clerk, party, v=version, room=room.id).text
    assert "Keep €200.00" in part
    assert "Charge +€160.00" in part
    done = does(clerk, party, part, price="charge")

    assert "pays €160.00 more" in done.text
    assert sum(night.price for night in hotel.party("Yamada").nights) == 36_000
    assert "is where it was." in undone(clerk, done.text).text
    assert sum(night.price for night in hotel.party("Yamada").nights) == 20_000
    assert room_of(hotel, "Yamada") == "102"


def test_a_party_in_house_moves_with_its_reason_and_back(clerk: Clerk, hotel: House) -> None:
    room = hotel.room("104")
    _, party, version, _ = bar(clerk.get(CHART).text, "Novák")
    part = asked(clerk, party, v=version, room=room.id).text

    refused = does(clerk, party, part, reason="")
    assert refused.status_code == 409
    assert "Say why" in refused.text
    done = does(clerk, party, part, reason="noise")
    assert hotel.room("101").condition is Condition.DIRTY
    undone(clerk, done.text)

    assert room_of(hotel, "Novák") == "101"
    assert hotel.room("101").condition is Condition.INSPECTED
    assert hotel.room("104").condition is Condition.INSPECTED


def test_what_stands_in_the_way_is_named_with_the_way_out(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Åkesson")

    part = asked(clerk, party, v=version, room=hotel.room("102").id).text

    assert "Room 102 is taken on Fri 20 Nov 2026." in part
    assert "Ana Yamada</a>, 20 Nov to 22 Nov" in part
    assert ">103</a>" in part
    assert "<form" not in part


def test_who_has_a_room_is_said_before_that_it_is_dirty(clerk: Clerk, hotel: House) -> None:
    def soil(session: Any, house: Hotel) -> None:
        room = make.room(session, house, "102")
        rooms.turn(session, room, Condition.DIRTY, by=make.by(session, house))

    hotel.does(soil)
    _, party, version, _ = bar(clerk.get(CHART).text, "Novák")

    part = asked(clerk, party, v=version, room=hotel.room("102").id).text

    assert part.index("102 is taken.") < part.index("Room 102 is dirty")


def test_a_party_marked_do_not_move_stays(clerk: Clerk, hotel: House) -> None:
    def deed(session: Any, house: Hotel) -> None:
        party = next(
            each
            for each in session.query(reservations.Reservation)
            if each.guest.surname == "Yamada"
        )
        stays.pin(session, party, reason="honeymoon", by=make.by(session, house))

    hotel.does(deed)
    look, party, version, _ = bar(clerk.get(CHART).text, "Yamada")

    part = asked(clerk, party, v=version, room=hotel.room("103").id).text

    assert "pin" in look.split()
    assert "is marked do not move: honeymoon" in part


# --- others --------------------------------------------------------------------------------------


def test_a_stale_drag_is_refused_kindly_with_the_new_values(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")
    does(clerk, party, asked(clerk, party, v=version, longer=1).text)

    part = asked(clerk, party, v=version, longer=3).text

    assert "Someone changed this stay meanwhile." in part
    assert "Jana Kovač," in part
    assert "Fri 20 Nov to Mon 23 Nov" in part
    assert "Ask again with the new values" in part
    assert "<form" not in part


def test_a_form_sent_late_is_refused_and_asks_anew(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")
    late = asked(clerk, party, v=version, longer=3).text
    does(clerk, party, asked(clerk, party, v=version, longer=1).text)

    refused = does(clerk, party, late)

    assert refused.status_code == 409
    assert "Someone changed this reservation meanwhile." in refused.text
    assert hotel.party("Yamada").departure == DAY + timedelta(days=3)
    assert "stays 20 Nov to 25 Nov" in does(clerk, party, refused.text).text


def test_undo_is_refused_when_somebody_changed_it_since(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")
    done = does(clerk, party, asked(clerk, party, v=version, longer=1).text).text
    does(clerk, party, asked(clerk, party, longer=1).text)

    back = undone(clerk, done)

    assert back.status_code == 409
    assert "Someone changed this reservation meanwhile." in back.text
    assert hotel.party("Yamada").departure == DAY + timedelta(days=4)


def test_the_grid_is_sent_again_only_when_somebody_changed_something(
    clerk: Clerk, hotel: House
) -> None:
    first = clerk.get(f"{CHART}/grid")
    mark = {"If-None-Match": first.headers["ETag"]}
    address = f"{CHART}/grid"

    assert clerk.client.get(address, headers=mark).status_code == 304
    hotel.does(lambda session, house: make.reservation(session, house, surname="Fresh", nights=1))
    second = clerk.client.get(address, headers=mark)

    assert second.status_code == 200
    assert "Fresh" in second.text
    hotel.turn("104", Condition.DIRTY)


def test_asking_whether_anything_changed_is_two_questions_of_the_logbook(
    clerk: Clerk, hotel: House
) -> None:
    mark = {"If-None-Match": clerk.get(f"{CHART}/grid").headers["ETag"]}
    said: list[str] = []
    with clerk.app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    clerk.client.get(f"{CHART}/grid", headers=mark)
    event.remove(engine, "before_cursor_execute", note)

    assert len([each for each in said if "logbook" in each]) == 1
    assert not [each for each in said if "reservation_nights" in each]


# --- without script ------------------------------------------------------------------------------


def test_a_form_moves_and_stretches_without_script(clerk: Clerk, hotel: House) -> None:
    number = hotel.party("Yamada").number
    page = clerk.client.get(f"{CHART}/find?number={number}", follow_redirects=True)
    assert "Move or stretch Ana Yamada" in page.text
    room = hotel.room("103")
    asks = (
        f"{CHART}/{hotel.party('Yamada').id}?room={room.id}&arrival=2026-11-20&departure=2026-11-23"
    )

    page = clerk.get(asks)
    work = page.text[page.text.index('id="ask"') :]
    assert "Move to 103 for +€100.00" in work
    done = clerk.client.post(
        f"{CHART}/{hotel.party('Yamada').id}",
        data={**hidden(work), "price": "keep"},
        follow_redirects=True,
    )

    assert "Ana Yamada is in 103 and stays 20 Nov to 23 Nov and pays €100.00 more." in done.text
    assert hotel.state("Yamada") is State.BOOKED
    assert hotel.party("Yamada").departure == date(2026, 11, 23)


def test_nonsense_is_no_change(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")

    assert "It is there already." in asked(clerk, party, v=version).text
    assert "before the arrival" in asked(clerk, party, v=version, longer=-9).text
    assert "is past" in asked(clerk, party, v=version, on=-9).text
    assert clerk.press(f"{CHART}/{party}/back?v={version}").status_code == 409
    with clerk.app.app_context(), transaction(db.session()):
        pass
    assert hotel.party("Yamada").version == version


def test_undo_says_when_nights_come_back_at_another_price(clerk: Clerk, hotel: House) -> None:
    def dearer(session: Any, house: Hotel) -> None:
        make.plan(session, house, price="130.00")

    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")
    done = does(clerk, party, asked(clerk, party, v=version, longer=-1).text)
    assert "pays €100.00 less" in done.text
    hotel.does(dearer)

    back = undone(clerk, done.text)

    assert "is where it was, and pays €30.00 more than before" in back.text


def test_a_room_left_for_no_room_is_free_again(clerk: Clerk, hotel: House) -> None:
    _, party, version, _ = bar(clerk.get(CHART).text, "Yamada")

    part = asked(clerk, party, v=version, room="").text
    assert "Move Ana Yamada to no room?" in part
    does(clerk, party, part)

    assert room_of(hotel, "Yamada") is None
    assert "un" in bar(clerk.get(CHART).text, "Yamada")[0].split()


def test_names_are_escaped(clerk: Clerk, hotel: House) -> None:
    def deed(session: Any, house: Hotel) -> None:
        party = make.reservation(session, house, surname='<b>"Bobby', nights=1)
        room = make.room(session, house, "103")
        stays.assign(session, party, room=room, by=make.by(session, house))

    hotel.does(deed)
    page = clerk.get(CHART).text

    assert "Ana &lt;b&gt;&quot;Bobby" in page
    assert '<b>"Bobby' not in page


def test_a_day_guests_bar_lies_within_its_day(clerk: Clerk, hotel: House) -> None:
    def deed(session: Any, house: Hotel) -> None:
        party = make.reservation(session, house, surname="Dayly", nights=0)
        room = make.room(session, house, "103")
        stays.assign(session, party, room=room, by=make.by(session, house))

    hotel.does(deed)

    look, _, _, words = bar(clerk.get(CHART).text, "Dayly")
    assert {"day", "s2"} <= set(look.split())
    assert "20 Nov for the day" in words


def test_who_books_may_stretch_but_not_give_rooms(as_role: Any, hotel: House) -> None:
    books = as_role(Role.RESERVATIONS)
    _, party, version, _ = bar(books.get(CHART).text, "Yamada")

    assert "Extend to 23 Nov" in asked(books, party, v=version, longer=1).text
    part = asked(books, party, v=version, room=hotel.room("103").id).text

    assert "Your role doesn't include “check in”. Ask a manager." in html.unescape(part)


def test_a_move_out_of_a_dirty_room_is_not_undone(clerk: Clerk, hotel: House) -> None:
    hotel.turn("101", Condition.DIRTY)
    _, party, version, _ = bar(clerk.get(CHART).text, "Novák")

    part = asked(clerk, party, v=version, room=hotel.room("104").id).text
    done = does(clerk, party, part, reason="noise")

    assert "Ana Novák is in 104." in done.text
    assert "<form" not in done.text


def test_a_night_over_what_can_be_sold_is_taken_by_who_may_with_a_reason(
    clerk: Clerk, hotel: House, as_role: Any
) -> None:
    day, night = hotel.party("Yamada").departure, timedelta(days=1)

    def sell_out(session: Any, house: Hotel) -> None:
        free = inventory.availability(session, house, day, day + night)
        for n in range(sum(each.rooms for each in free)):
            make.reservation(session, house, arrival=day, nights=1, surname=f"Full{n}")

    hotel.does(sell_out)
    party = hotel.party("Yamada")
    asks = asked(clerk, party.id, longer=1).text
    assert "is sold out on" in asks
    assert "Overbook for +" in asks
    assert "Overbook" not in asked(as_role(Role.FRONT_DESK), party.id, longer=1).text

    done = does(clerk, party.id, asks, force="Her flight was cancelled")

    assert done.status_code == 200
    assert hotel.party("Yamada").departure == day + night
    assert hotel.party("Yamada").forced_reason == "Her flight was cancelled"


HUGE = "9" * 40
ODD = [
    f"type={HUGE}", "type=²", f"first={HUGE}", "first=9999-12-31", "days=-3", f"days={HUGE}",
    "floor=%F0%9F%9B%8F", "by=moon",
]  # fmt: skip
ODD_WISHES = [
    f"room={HUGE}", "room=²", f"v={HUGE}", f"on={HUGE}", "arrival=9999-12-31",
    "departure=9999-12-31", "since=9999-12-31&longer=1", "since=0001-01-01&longer=1",
    "arrival=never", f"reason={'x' * 500}&longer=1",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD)
def test_odd_addresses_show_a_chart(clerk: Clerk, query: str) -> None:
    assert clerk.get(f"{CHART}?{query}").status_code == 200
    assert clerk.get(f"{CHART}/grid?{query}").status_code == 200


@pytest.mark.parametrize("query", ODD_WISHES)
def test_odd_wishes_are_answered(clerk: Clerk, hotel: House, query: str) -> None:
    party = hotel.party("Yamada").id

    assert clerk.client.get(f"{CHART}/{party}?{query}", headers=PART).status_code in {200, 404}
    assert clerk.press(f"{CHART}/{party}/back?{query}").status_code == 409
    assert clerk.get(f"{CHART}/find?number={HUGE}").location == CHART
