"""Maintenance: work orders by their steps, and rooms taken from guests with open eyes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import maintenance
from pms.hotel.service.maintenance import OrderState
from pms.hotel.service.requests import Priority
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import nights as of_nights
from tests import make
from tests.hotel.service import kept
from tests.hotel.service.kept import NINE

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def at_nine():
    with clock.set_to(NINE):
        yield


@pytest.fixture
def there(session):
    return kept.house(session, per_floor=2, floors=1, condition=Condition.INSPECTED)


def leak(session, there, number="101", by=None):
    return maintenance.report(
        session, there.hotel, words="Bathroom leak", room=kept.room(session, there, number),
        by=by or there.hands[0],
    )  # fmt: skip


def week(there):
    return {
        "first": there.hotel.business_date,
        "until": there.hotel.business_date + timedelta(days=7),
    }


def test_a_work_order_goes_from_the_report_to_its_cost(session, there):
    by = make.by(session, there.hotel)
    order = leak(session, there)

    maintenance.change(
        session, order, priority=Priority.HIGH, due_on=there.hotel.business_date, by=there.head
    )
    maintenance.assign(session, order, person=there.head, by=by)
    maintenance.start(session, order, by=there.head)
    maintenance.hold(session, order, reason="Waits for a seal", by=there.head)
    maintenance.start(session, order, by=there.head)
    cost = Money.parse("12.50", "EUR")
    maintenance.finish(
        session, order, words="New seal", labour_minutes=35, parts=cost, by=there.head
    )

    assert (order.number, order.state) == (10_001, OrderState.DONE)
    assert (order.labour_minutes, order.parts_cost, order.assignee_id) == (35, 1250, there.head.id)
    said = [line.verb for line in logbook.history(session, order)][::-1]
    assert said == ["reported", "weighed", "assigned", "began", "put on hold", "began", "done"]
    with pytest.raises(maintenance.WrongOrderStep, match="there is nothing to finish"):
        maintenance.finish(session, order, by=there.head)
    maintenance.reopen(session, order, reason="Leaks again", by=there.head)
    maintenance.cancel(session, order, reason="Bath is replaced", by=there.head)
    session.commit()
    for sql in (
        "UPDATE work_orders SET state = 'open', cancel_reason = NULL, version = version + 1",
        "UPDATE work_orders SET assignee_id = NULL",
        "UPDATE work_orders SET room_id = NULL",
        "UPDATE work_orders SET parts_cost = -1",
    ):
        with pytest.raises(IntegrityError):
            session.execute(sa.text(sql))
        session.rollback()


@SQLITE_ONLY
def test_what_cannot_be_ordered_is_refused(session, there):
    maid = there.hands[0]
    for details, why in (
        ({"words": " "}, "in a few words"),
        ({"words": "Lamp"}, "which room"),
        ({"words": "Lamp", "place": "Lobby", "due_on": make.DAY - timedelta(days=1)}, "or later"),
    ):
        with pytest.raises(Invalid, match=why):
            maintenance.report(session, there.hotel, by=maid, **details)
    order = maintenance.report(session, there.hotel, words="Lamp", place="Lobby", by=maid)
    maintenance.assign(session, order, person=maid, by=maid)
    with pytest.raises(NotAllowed):
        maintenance.assign(session, order, person=there.hands[1], by=there.hands[1])
    with pytest.raises(NotAllowed):
        maintenance.cancel(session, order, reason="No", by=maid)
    with pytest.raises(maintenance.NotARoom, match="Lobby is no room"):
        maintenance.keep_from_guests(
            session, order, Block.OUT_OF_ORDER, by=there.head, **week(there)
        )
    with pytest.raises(maintenance.WrongOrderStep):
        maintenance.return_room(session, order, by=there.head)


def test_nobody_loses_a_room_unseen_and_the_room_comes_back_when_it_is_mended(session, there):
    by = make.by(session, there.hotel)
    coming = make.reservation(
        session, there.hotel, arrival=make.DAY + timedelta(days=2), surname="Yamada"
    )
    stays.assign(session, coming, room=kept.room(session, there, "101"), by=by)
    order = leak(session, there)

    [losing] = maintenance.displaced(session, order.room, **week(there))
    assert (losing.reservation.id, losing.nights, losing.is_inside) == (coming.id, 2, False)
    with pytest.raises(maintenance.WouldDisplace, match=r"those nights to Ana Yamada\."):
        maintenance.keep_from_guests(session, order, Block.OUT_OF_ORDER, by=by, **week(there))
    with pytest.raises(maintenance.WouldDisplace, match="nobody any more"):
        tomorrow = make.DAY + timedelta(days=1)
        maintenance.keep_from_guests(
            session, order, Block.OUT_OF_ORDER, first=make.DAY, until=tomorrow,
            confirmed={coming.id}, by=by,
        )  # fmt: skip
    maintenance.keep_from_guests(
        session, order, Block.OUT_OF_ORDER, confirmed={coming.id}, by=by, **week(there)
    )

    assert [night.room_id for night in of_nights.read(session, coming)] == [None, None]
    left = inventory.availability(session, there.hotel, make.DAY, make.DAY + timedelta(days=1))
    assert [each.rooms for each in left] == [1]
    with pytest.raises(maintenance.KeptAlready):
        maintenance.keep_from_guests(session, order, Block.OUT_OF_ORDER, by=by, **week(there))
    maintenance.finish(session, order, returns=True, by=by)
    assert order.block.ended
    assert order.room.condition is Condition.DIRTY


@SQLITE_ONLY
def test_who_is_inside_stays_unless_it_is_a_fact(session, there):
    by = make.by(session, there.hotel)
    inside = kept.party(session, there, "101", nights=3)
    order = leak(session, there)

    with pytest.raises(maintenance.PartyIsInside, match="Move the party first"):
        maintenance.keep_from_guests(
            session, order, Block.OUT_OF_ORDER, confirmed={inside.id}, by=by, **week(there)
        )
    maintenance.keep_from_guests(
        session, order, Block.OUT_OF_ORDER, confirmed={inside.id}, force="Burst pipe", by=by,
        **week(there),
    )  # fmt: skip

    assert {night.room_id for night in of_nights.read(session, inside)} == {None}


@SQLITE_ONLY
def test_a_flaw_takes_the_room_from_nobody(session, there):
    desk = make.by(session, there.hotel, Role.FRONT_DESK)
    kept.party(session, there, "101", nights=3)
    order = leak(session, there)

    with pytest.raises(NotAllowed):
        maintenance.keep_from_guests(session, order, Block.OUT_OF_SERVICE, by=desk, **week(there))
    made = maintenance.keep_from_guests(
        session, order, Block.OUT_OF_SERVICE, by=there.head, **week(there)
    )
    assert (made.kind, made.reason) == (Block.OUT_OF_SERVICE, "Bathroom leak")
    maintenance.return_room(session, order, by=there.head)
    assert order.is_standing
    assert maintenance.of_room(session, order.room) == [order]
