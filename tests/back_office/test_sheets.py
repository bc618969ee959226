"""The sheets' desk and the phone: shared out, done by taps, inspected, differences, the minibar."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.back_office.my_rooms.sheet import FREE_AT_ONCE
from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books.ledger import Entry
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service.housekeeping import (
    Discrepancy,
    KeepingRules,
    MinibarItem,
    Sheet,
    Task,
    TaskState,
    minibar,
)
from pms.hotel.service.maintenance import WorkOrder
from pms.hotel.service.tickets import Ticket
from pms.web.database import db
from tests import make
from tests.back_office.conftest import hire, post, queries, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def reading(app: Flask) -> Iterator[Session]:
    """A session beside the requests: inside of a context all of them would share one person."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def dirty(app: Flask, house: int) -> int:
    """The hotel with four dirty rooms and something in the minibar; its id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        session.execute(
            sa.update(Room).values(
                condition=Condition.DIRTY, condition_at=clock.now() - timedelta(hours=1)
            )
        )
        code = make.charge_code(session, hotel, "MINIBAR")
        price = Money.parse("3.50", "EUR")
        minibar.add(
            session, hotel, name="Water", price=price, code=code, by=make.by(session, hotel)
        )
    return house


def person(session: Session, role: Role) -> int:
    """Who signs in with that role."""
    found = staff.by_email(session, f"{role.value}@test.desk.example")
    assert found is not None
    return found.id


def one(session: Session, model: Any, number: str = "101") -> Any:
    """The only row about the room with that number, read afresh."""
    session.rollback()
    session.expire_all()
    room = session.scalars(sa.select(Room).where(Room.number == number)).one()
    return session.scalars(sa.select(model).where(model.room_id == room.id)).one()


def shared(client: Any, session: Session) -> None:
    """Share out all rooms to the housekeeper."""
    maid = person(session, Role.HOUSEKEEPER)
    session.rollback()
    data = {"shown": "yes", "person": str(maid), f"minutes-{maid}": "400"}
    assert post(client, "/housekeeping/share", **data).status_code == 302


def test_the_phone_says_how_many_rooms_nobody_has_and_shows_them_all(
    app: Flask, client: Any, dirty: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, dirty)
        for number in range(301, 301 + FREE_AT_ONCE):
            make.room(session, hotel, str(number), condition=Condition.DIRTY)
    phone = sign_in(client, Role.HOUSEKEEPER)

    first, whole = phone.get("/my-rooms").text, phone.get("/my-rooms?free=all").text

    shown = [page.count('value="take"') for page in (first, whole)]
    assert shown == [FREE_AT_ONCE, FREE_AT_ONCE + 4]
    assert f"{FREE_AT_ONCE} of {FREE_AT_ONCE + 4} shown" in first
    assert f"sheet: {FREE_AT_ONCE + 4} rooms" in first
    assert "shown" not in whole


def test_rooms_are_shared_out_moved_by_hand_and_put_back(
    client: Any, dirty: int, reading: Session
) -> None:
    head = sign_in(client, Role.HOUSEKEEPING_MANAGER)
    maid = person(reading, Role.HOUSEKEEPER)
    before = head.get("/housekeeping/sheets").text
    preview = head.get("/housekeeping/share").text
    none = post(head, "/housekeeping/share", shown="yes")
    wrong = post(
        head, "/housekeeping/share", shown="yes", person=str(maid), **{f"minutes-{maid}": "x"}
    )
    shared(head, reading)
    board = head.get("/housekeeping/sheets").text

    assert "Share out 4 rooms" in before
    assert "All of floor 1." in preview
    assert "Nobody is there to clean." in none.text
    assert "is there for 1 to 720 minutes" in wrong.text
    assert "Housekeeper" in board
    assert "0 of 10" in board  # one who stays and three departures, in credits
    task = one(reading, Task)
    page = head.get(f"/housekeeping/tasks/{task.id}").text
    assert "All of floor 1." in page
    boss = person(reading, Role.HOUSEKEEPING_MANAGER)
    moved = post(head, f"/housekeeping/tasks/{task.id}/move", person=str(boss), version="1")
    assert moved.status_code == 302
    assert one(reading, Task).by_hand
    stale = post(head, f"/housekeeping/tasks/{task.id}/move", person=str(maid), version="1")
    assert "Someone changed this task meanwhile." in stale.text
    post(head, f"/housekeeping/tasks/{task.id}/off")
    room = reading.scalars(sa.select(Room).where(Room.number == "101")).one()
    assert "stay" in head.get(f"/housekeeping/rooms/{room.id}/put").text
    post(head, f"/housekeeping/rooms/{room.id}/put", person=str(maid))
    sheet = reading.scalars(sa.select(Sheet).where(Sheet.attendant_id == maid)).one()
    printed = head.get(f"/housekeeping/sheets/{sheet.id}").text
    assert "Put here by hand, by Housekeeping manager." in printed
    assert "2, VIP" not in printed


def test_a_phone_begins_finishes_and_hears_what_was_not_kept(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    shared(sign_in(client, Role.HOUSEKEEPING_MANAGER), reading)
    phone = sign_in(app.test_client(), Role.HOUSEKEEPER)
    task = one(reading, Task)
    tap = {"task": str(task.id), "act": "start", "version": "1", "key": "k1"}

    assert "Begin 101" in phone.get("/my-rooms").text
    begun = [post(phone, "/my-rooms/tap", **tap) for _ in range(2)]
    assert {answer.status_code for answer in begun} == {302}
    assert (one(reading, Task).state, one(reading, Task).version) == (TaskState.CLEANING, 2)
    other = post(phone, "/my-rooms/tap", **{**tap, "act": "decline"})
    assert other.status_code == 302
    assert "sent before with other words" in phone.get("/my-rooms").text

    token = phone.get("/my-rooms").text.split('data-token="')[1].split('"')[0]

    def sent(**more: str) -> Any:
        data = {**tap, "csrf_token": token, **more}
        return phone.post("/my-rooms/tap", data=data, headers={"X-Tap": "1"})

    done = sent(act="finish", version="2", key="k2", after="k1", age="60")
    late = sent(act="decline", version="2", key="k3")
    upon = sent(act="take_back", version="3", key="k4", after="k3")
    assert done.json == {"kept": True, "sentence": "Room 101 is clean."}
    assert late.status_code == upon.status_code == 409
    assert late.json["sentence"].startswith("Housekeeper finished room 101 at")
    assert "The tap before this one" in upon.json["sentence"]
    assert one(reading, Task).room.condition is Condition.CLEAN
    assert sent(act="eat", key="k5").status_code == 404
    assert sent(act="pause", key="k5", who="12").status_code == 403  # another's, left on the phone

    inspector = client
    post(inspector, f"/housekeeping/tasks/{task.id}/redo", why="", version="3")
    post(inspector, f"/housekeeping/tasks/{task.id}/redo", why="Hair", version="3")
    assert "Redo: Hair" in phone.get("/my-rooms").text
    post(phone, "/my-rooms/tap", task=str(task.id), act="finish", version="4", key="k6")
    assert post(phone, f"/housekeeping/tasks/{task.id}/inspect").status_code == 302
    assert one(reading, Task).state is TaskState.DONE  # who cleaned may not
    post(inspector, f"/housekeeping/tasks/{task.id}/inspect?back=sheets")
    assert one(reading, Task).state is TaskState.INSPECTED


def test_what_is_seen_found_broken_and_gone_is_one_tap_each(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    phone = sign_in(client, Role.HOUSEKEEPER)
    room = reading.scalars(sa.select(Room).where(Room.number == "101")).one()
    item = reading.scalars(sa.select(MinibarItem)).one()
    about = {"room": str(room.id)}

    for number in range(2):  # sent twice, done once
        for act, more in (
            ("take", {}),
            ("look", {"persons": "3"}),
            ("found", {"words": "Red scarf"}),
            ("broken", {"words": "Lamp", "urgent": "yes"}),
            ("minibar", {f"item-{item.id}": "2"}),
        ):
            answer = post(phone, "/my-rooms/tap", act=act, key=f"key {act}", **about, **more)
            assert answer.status_code == 302, (act, number)

    assert one(reading, Task).why == "Taken, since it was on nobody's sheet."
    assert one(reading, Discrepancy).seen_persons == 3
    assert one(reading, Ticket).found_in == "Room 101"
    assert one(reading, WorkOrder).priority.value == "urgent"
    charged = reading.scalars(sa.select(Entry).where(Entry.text == "Minibar")).all()
    assert [each.reference for each in charged] == ["Room 101: Water"]
    assert post(phone, "/my-rooms/tap", act="look", **about, persons="many").status_code == 302
    assert "0 to 20 persons" in phone.get("/my-rooms").text
    desk = sign_in(app.test_client(), Role.FRONT_DESK)
    assert desk.get("/my-rooms").status_code == 403
    found = one(reading, Discrepancy)
    assert "Room 101: person" in desk.get("/").text
    listed = desk.get("/housekeeping/differences").text
    assert "saw 3 persons" in listed
    assert "the desk has 2 persons" in listed
    not_so = post(
        desk, f"/housekeeping/differences/{found.id}", resolution="count_changed", version="1"
    )
    assert "Change the stay first." in not_so.text
    post(desk, f"/housekeeping/differences/{found.id}", resolution="looked_again", version="1")
    assert "Looked again" in desk.get("/housekeeping/differences?show=resolved").text
    assert post(phone, f"/housekeeping/differences/{found.id}").status_code == 403


def test_what_came_off_the_list_while_the_phone_was_away_is_not_dropped(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, dirty)
        code, by = make.charge_code(session, hotel, "MINIBAR"), make.by(session, hotel)
        price = Money.parse("5.00", "EUR")
        beer = minibar.add(session, hotel, name="Beer", price=price, code=code, by=by)
        minibar.price(session, beer, price=None, by=by)
    items = {each.name: each.id for each in reading.scalars(sa.select(MinibarItem))}
    room = reading.scalars(sa.select(Room).where(Room.number == "101")).one()
    phone = sign_in(client, Role.HOUSEKEEPER)

    def gone(key: str, **more: str) -> Any:
        typed = {f"item-{items['Water']}": "1", **more}
        return post(phone, "/my-rooms/tap", act="minibar", key=key, room=str(room.id), **typed)

    gone("k1", **{f"item-{items['Beer']}": "2"})
    assert "Beer is off the minibar&#39;s list" in phone.get("/my-rooms").text
    charged = sa.select(Entry.reference).where(Entry.text == "Minibar")
    assert reading.scalars(charged).all() == []
    gone("k2", **{f"item-{items['Beer']}": "0"})
    reading.rollback()
    assert reading.scalars(charged).all() == ["Room 101: Water"]


def test_standards_and_the_minibar_are_set(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    head = sign_in(client, Role.HOUSEKEEPING_MANAGER)
    page = head.get("/housekeeping/standards").text
    address = page.split('href="/housekeeping/standards/')[1].split('"')[0]
    rules = {"linen_every": "2", "shift_minutes": "300", "inspect_own": "y"}

    wrong = post(head, f"/housekeeping/standards/{address}", minutes="900", credits="1")
    post(head, f"/housekeeping/standards/{address}", minutes="50", credits="4")
    post(head, "/housekeeping/standards", **rules)
    code = head.get("/housekeeping/minibar").text.split("<option value=")[1].split('"')[1]
    again = post(head, "/housekeeping/minibar", name="Water", price="4.00", code=code)
    post(head, "/housekeeping/minibar", name="Nuts", price="4.00", code=code)
    item = reading.scalars(sa.select(MinibarItem).where(MinibarItem.name == "Nuts")).one()
    post(head, f"/housekeeping/minibar/{item.id}/off")

    assert wrong.status_code == again.status_code == 422
    page = head.get("/housekeeping/standards").text
    assert "50 min" in page
    assert "off the list" in page
    reading.rollback()
    kept = reading.scalars(sa.select(KeepingRules)).one()
    assert (kept.linen_every, kept.shift_minutes, kept.inspect_own) == (2, 300, True)
    maid = sign_in(app.test_client(), Role.HOUSEKEEPER)
    assert post(maid, "/housekeeping/standards").status_code == 403


def test_the_phone_page_can_be_installed(app: Flask, house: int) -> None:
    stranger = app.test_client()
    manifest = stranger.get("/my-rooms.webmanifest")
    worker = stranger.get("/my-rooms-worker.js")

    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json["scope"] == manifest.json["start_url"] == "/my-rooms"
    with stranger.get(manifest.json["icons"][0]["src"]) as mark:
        assert mark.mimetype == "image/svg+xml"
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Service-Worker-Allowed"] == "/my-rooms"
    assert worker.headers["Cache-Control"] == "no-store"
    assert stranger.get("/my-rooms").status_code == 302


def test_work_orders_show_whom_they_displace_first(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    desk = sign_in(client)
    day = reading.get_one(Hotel, dirty).business_date
    nowhere = post(desk, "/maintenance/new", words="Leak", room="999", priority="normal")
    post(desk, "/maintenance/new", words="Leak", room="102", priority="high")
    order = one(reading, WorkOrder, "102")
    address = f"/maintenance/{order.id}"
    nights = {
        "kind": "out_of_order", "first": day.isoformat(),
        "until": (day + timedelta(days=2)).isoformat(), "return_condition": "dirty",
    }  # fmt: skip

    asked = post(desk, f"{address}/out-of-order", step="look", version="1", **nights)
    unseen = post(desk, f"{address}/out-of-order", step="take", version="1", **nights)
    assert "There is no room 999." in nowhere.text
    assert "Ana Yamada" in asked.text
    assert "Take it from 1 party" in asked.text
    assert unseen.status_code == 422
    assert "Look at who would lose it, and confirm." in unseen.text
    ids = asked.text.split('name="confirmed" value="')[1].split('"')[0]
    taken = post(desk, f"{address}/out-of-order", step="take", confirmed=ids, version="1", **nights)
    assert taken.status_code == 302
    page = desk.get(address).text
    assert "Out of order" in page
    assert "Return the room" in page
    assert "Leak" in desk.get("/maintenance?show=out_of_order").text
    post(desk, f"{address}/start")
    post(desk, f"{address}/do/hold", reason="Waits", version="3")
    post(desk, f"{address}/do/finish", words="New pipe", parts="12.00", returns="y", version="4")
    done = one(reading, WorkOrder, "102")
    assert (done.state.value, done.parts_cost, done.block.ended) == ("done", 1200, True)
    assert "New pipe" in desk.get(address).text
    assert desk.get(f"{address}/do/dance").status_code == 404
    phone = sign_in(app.test_client(), Role.HOUSEKEEPER)
    assert phone.get(f"{address}/out-of-order").status_code == 403
    assert "Leak" in phone.get("/maintenance?show=all").text


def test_what_is_another_hotels_is_not_there(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    head = sign_in(client, Role.HOUSEKEEPING_MANAGER)
    shared(head, reading)
    post(head, "/maintenance/new", words="Leak", room="103", priority="normal")
    task, order = one(reading, Task), one(reading, WorkOrder, "103")
    task_id, order_id, sheet_id = task.id, order.id, task.sheet_id
    with app.app_context(), transaction(db.session()) as session:
        hire(session, make.hotel(session, "OTHER"), Role.MANAGER)
    stranger = sign_in(app.test_client(), code="other")

    for place in (
        f"/housekeeping/tasks/{task_id}", f"/housekeeping/sheets/{sheet_id}",
        f"/maintenance/{order_id}", f"/maintenance/{order_id}/out-of-order",
        f"/housekeeping/rooms/{task.room_id}/put", "/housekeeping/differences/1",
    ):  # fmt: skip
        assert stranger.get(place).status_code == 404, place
    tapped = post(stranger, "/my-rooms/tap", act="start", task=str(task_id), key="x")
    assert tapped.status_code == 404
    assert "No room wants cleaning today" in stranger.get("/housekeeping/sheets").text
    assert "Nobody is chosen" in stranger.get("/housekeeping/share?shown=yes").text
    assert "No work order is like that now." in stranger.get("/maintenance").text


def test_more_rooms_and_orders_ask_no_more_queries(
    app: Flask, client: Any, dirty: int, reading: Session
) -> None:
    head = sign_in(client, Role.HOUSEKEEPING_MANAGER)
    shared(head, reading)
    post(head, "/maintenance/new", words="Leak", room="103", priority="normal")
    places = ("/housekeeping/sheets", "/housekeeping", "/housekeeping/share?again=yes",
              "/maintenance", "/my-rooms")  # fmt: skip
    few = {place: queries(app, head, place) for place in places}
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, dirty)
        for n in range(20):
            make.room(session, hotel, f"3{n:02d}", condition=Condition.DIRTY)
    shared(head, reading)
    for n in range(8):
        post(head, "/maintenance/new", words="Leak", room=f"30{n}", priority="normal")

    assert {place: queries(app, head, place) for place in places} == few
    assert max(few.values()) <= 22, few
