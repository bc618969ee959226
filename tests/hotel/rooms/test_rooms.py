"""Rooms: turned, connected, and added by those who may."""

import pytest

from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.rooms import Condition, by_number
from tests import make
from tests.engines import ONE_ENGINE


def test_a_room_is_turned_with_a_line_in_the_logbook(session):
    house = make.furnished(session)
    room, maid = by_number(session, house, "101"), make.by(session, house, Role.HOUSEKEEPER)
    rooms.turn(session, room, Condition.DIRTY, by=maid)

    rooms.turn(session, room, Condition.CLEAN, by=maid)

    assert room.is_ready
    line = logbook.history(session, room)[0]
    assert (line.verb, line.before, line.after) == (
        "turned",
        {"condition": "dirty"},
        {"condition": "clean"},
    )


@ONE_ENGINE
def test_who_only_looks_turns_no_room(session):
    house = make.furnished(session)
    owner = make.by(session, house, Role.OWNER)

    with pytest.raises(NotAllowed):
        rooms.turn(session, by_number(session, house, "101"), Condition.DIRTY, by=owner)


def test_a_door_between_two_rooms_opens_from_both_sides(session):
    house = make.furnished(session)
    manager = make.by(session, house)
    one, two, three = (by_number(session, house, number) for number in ("101", "102", "103"))

    rooms.connect(session, one, two, by=manager)

    assert (one.connects_to_id, two.connects_to_id) == (two.id, one.id)
    with pytest.raises(rooms.ConnectsNot, match="Room 102 connects to another room already"):
        rooms.connect(session, three, two, by=manager)
    with pytest.raises(rooms.ConnectsNot):
        rooms.connect(session, one, one, by=manager)


def test_a_number_stands_on_one_door(session):
    house = make.furnished(session)

    with pytest.raises(rooms.RoomNumberTaken):
        inventory.add_room(
            session,
            house,
            number="101",
            room_type=make.room_type(session, house),
            by=make.by(session, house),
        )
