"""Inventory: what can't be promised is refused, what is a fact is forced, nothing is sold twice."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.hotel.rooms import blocks, inventory
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.inventory import HouseNight, RoomClaim, TypeNight
from pms.hotel.rooms.rooms import Condition, by_number
from tests import make
from tests.engines import ONE_ENGINE

DAY, NEXT, THIRD = make.DAY, make.DAY + timedelta(days=1), make.DAY + timedelta(days=2)


def left(session, house, arrival=DAY, departure=NEXT):
    return [each.rooms for each in inventory.availability(session, house, arrival, departure)]


def test_the_last_room_is_sold_once(session):
    house = make.furnished(session, rooms=2)
    make.reservation(session, house, nights=2)
    make.reservation(session, house, nights=1, arrival=NEXT)

    with pytest.raises(inventory.SoldOut, match="Dbl room is sold out on Sat 21 Nov 2026"):
        make.reservation(session, house, nights=2)

    assert left(session, house) == [1]
    assert left(session, house, NEXT, THIRD) == [0]
    assert left(session, house, DAY, THIRD) == [0]


def test_a_fact_is_forced_and_says_who_and_why(session):
    house = make.furnished(session, rooms=1)
    make.reservation(session, house, nights=1)

    second = make.reservation(session, house, nights=1, force="channel sold it")

    night = session.get_one(TypeNight, (house.id, DAY, second.type_id))
    assert (night.sold, night.forced) == (2, 1)
    why = session.scalars(sa.select(inventory.Forcing)).all()
    assert {(each.reason, each.subject_id) for each in why} == {("channel sold it", second.id)}
    over = inventory.oversold(session, house, DAY, THIRD)
    assert {(each.night, each.over) for each in over} == {(DAY, 1)}


@ONE_ENGINE
def test_forced_falls_again_when_rooms_are_given_back(session):
    house = make.furnished(session, rooms=1)
    first = make.reservation(session, house, nights=1)
    make.reservation(session, house, nights=1, force="channel sold it")

    make.reservations.cancel(session, first, reason="plans changed", by=make.by(session, house))

    assert inventory.oversold(session, house, DAY, THIRD) == []


@ONE_ENGINE
def test_the_house_has_a_limit_beside_the_types(session):
    house = make.furnished(session, rooms=2)
    inventory.set_limit(
        session, house, first=DAY, last=DAY, allowance=-1, by=make.by(session, house)
    )
    make.reservation(session, house, nights=1)

    with pytest.raises(inventory.HouseFull):
        make.reservation(session, house, nights=1)


def test_a_hold_keeps_rooms_off_sale_and_ends_by_itself(session):
    house = make.furnished(session, rooms=1)
    kind = make.room_type(session, house)
    manager = make.by(session, house)
    with clock.set_to(make.NOON):
        kept = inventory.hold(
            session, house, room_type=kind, arrival=DAY, departure=NEXT, by=manager
        )
        assert left(session, house) == [0]
    with clock.set_to(make.NOON + timedelta(hours=1)):
        assert inventory.release_due(session, house, by=manager) == 1

    assert left(session, house) == [1]
    with pytest.raises(inventory.HoldEnded):
        inventory.release(session, house, kept, by=manager)


def test_a_booking_uses_its_hold(session):
    house = make.furnished(session, rooms=1)
    kept = inventory.hold(
        session,
        house,
        room_type=make.room_type(session, house),
        arrival=DAY,
        departure=NEXT,
        by=make.by(session, house),
    )

    make.reservation(session, house, nights=1, hold=kept)

    night = session.get_one(HouseNight, (house.id, DAY))
    assert (night.sold, night.held) == (1, 0)


@ONE_ENGINE
def test_nights_beyond_the_horizon_are_not_open(session):
    house = make.furnished(session)

    with pytest.raises(inventory.BeyondHorizon):
        inventory.availability(session, house, DAY, DAY + timedelta(days=62))


def test_a_room_out_of_order_leaves_what_can_be_sold_and_comes_back(session):
    house = make.furnished(session, rooms=2)
    room, manager = by_number(session, house, "101"), make.by(session, house)
    kept = blocks.block(
        session, room, Block.OUT_OF_ORDER, first=DAY, until=THIRD, reason="leak", by=manager
    )
    assert left(session, house) == [1]

    blocks.return_to_sale(session, kept, by=manager)

    assert left(session, house) == [2]
    assert room.condition is Condition.DIRTY


@ONE_ENGINE
def test_out_of_service_does_not_leave_sale(session):
    house = make.furnished(session, rooms=2)

    blocks.block(
        session,
        by_number(session, house, "101"),
        Block.OUT_OF_SERVICE,
        first=DAY,
        until=THIRD,
        reason="scratched desk",
        by=make.by(session, house),
    )

    assert left(session, house) == [2]


def test_a_burst_pipe_in_a_sold_house_is_a_fact(session):
    house = make.furnished(session, rooms=1)
    make.reservation(session, house, nights=1)
    room, manager = by_number(session, house, "101"), make.by(session, house)
    details = {"first": DAY, "until": NEXT, "reason": "burst pipe", "by": manager}
    with pytest.raises(inventory.SoldOut):
        blocks.block(session, room, Block.OUT_OF_ORDER, **details)

    blocks.block(session, room, Block.OUT_OF_ORDER, force="burst pipe", **details)

    assert {each.over for each in inventory.oversold(session, house, DAY, DAY)} == {1}


def test_availability_asks_once_and_never_reads_reservations(session):
    house = make.furnished(session)
    asked: list[str] = []
    sa.event.listen(
        session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2])
    )

    inventory.availability(session, house, DAY, THIRD)

    selects = [each for each in asked if "type_nights" in each]
    assert len(selects) == 1
    assert "reservation" not in selects[0]


@pytest.mark.parametrize("table", ["house_nights", "type_nights"])
def test_the_database_itself_refuses_to_oversell(session, table):
    make.furnished(session, rooms=1)

    with pytest.raises(IntegrityError):
        session.execute(sa.text(f"UPDATE {table} SET sold = 2"))


def test_the_database_itself_refuses_two_parties_in_one_room(session):
    house = make.furnished(session)
    room = by_number(session, house, "101")
    inventory.claim(session, room, [DAY], claim_id=1)

    with pytest.raises(IntegrityError):
        session.execute(
            sa.insert(RoomClaim),
            [
                {
                    "hotel_id": house.id,
                    "room_id": room.id,
                    "night": DAY,
                    "slot": "night",
                    "claim_id": 2,
                    "claimant": "party",
                }
            ],
        )


@pytest.mark.parametrize("table", ["night_changes", "forcings"])
def test_the_database_itself_keeps_the_past_as_it_was(session, table):
    house = make.furnished(session, rooms=1)
    make.reservation(session, house, nights=1)
    make.reservation(session, house, nights=1, force="a fact")

    with pytest.raises(IntegrityError, match="written in ink"):
        session.execute(sa.text(f"DELETE FROM {table}"))
