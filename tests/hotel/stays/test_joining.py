"""Joining: parties in and out of groups, groups on other days, rooms nobody should get unasked."""

from datetime import timedelta

import pytest

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import routing
from pms.hotel.books.routing import Takes
from pms.hotel.close import verify
from pms.hotel.rooms import blocks, inventory
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import groups, joining, keys, settlements, stays, together
from pms.hotel.stays.groups import Billing
from pms.hotel.stays.reservations import BeyondTheGroup, State
from tests import make
from tests.hotel.stays import allotted

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WEEK = allotted.IN_A_WEEK


def kept(session, house, group):
    """How many rooms the group still keeps, night by night."""
    rows = inventory.allotted(session, house, group.id)
    return [row.kept for row in sorted(rows, key=lambda row: row.night) if row.agreed]


def in_order(session, house):
    return [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_a_party_joins_a_group_and_leaves_it_and_the_allotment_follows(session):
    house = make.furnished(session, rooms=6)
    by = make.by(session, house)
    group = allotted.group(session, house, billing=Billing.ALL)
    allotted.allot(session, house, group, 2)
    groups.set_price(session, group, make.room_type(session, house), Money(7_000, "EUR"), by=by)
    party = make.reservation(session, house, arrival=WEEK, surname="Late")
    settlements.folio_of(session, party, by=by)

    joining.join(session, party, group, at_its_price=True, by=by)

    assert kept(session, house, group) == [1, 1]
    assert [night.price for night in party.nights] == [7_000, 7_000]
    with pytest.raises(joining.InAGroup):
        joining.join(session, party, group, by=by)
    assert in_order(session, house)
    joining.leave(session, party, by=by)
    assert (party.group_id, kept(session, house, group)) == (None, [2, 2])
    with pytest.raises(joining.InNoGroup):
        joining.leave(session, party, by=by)
    assert in_order(session, house)


def test_a_group_moves_with_its_allotment_its_parties_and_their_rooms(session):
    house = make.furnished(session, rooms=4)
    by = make.by(session, house)
    allotted.wedding(session, house, rooms=2)
    group = groups.by_code(session, house, "WEDDING")
    [party] = [each.reservation for each in together.parties(session, group)]
    stays.assign(session, party, room=make.room(session, house, "102"), by=by)
    before = group.terms.arrival
    folio, firm = settlements.folio_of(session, party, by=by), make.folio(session, house)
    takes = Takes(first_night=before, last_night=before)
    rule = routing.route(session, folio, to_folio=firm, to_window=1, takes=takes, by=by)

    moved = joining.shift(session, group, days=1, by=by)

    assert (moved.first, moved.parties, moved.without_room) == (
        before + timedelta(days=1), 1, (),
    )  # fmt: skip
    assert party.arrival == before + timedelta(days=1)
    live = [night for night in party.nights if night.live]
    assert [(night.night, night.room.number) for night in live] == [
        (before + timedelta(days=1), "102"), (before + timedelta(days=2), "102"),
    ]  # fmt: skip
    assert kept(session, house, group) == [1, 1]
    assert rule.first_night == rule.last_night == party.arrival
    assert in_order(session, house)


@SQLITE
def test_what_stands_in_the_way_of_a_group_is_said_and_nothing_is_changed(session):
    house = make.furnished(session, rooms=1)
    by = make.by(session, house)
    allotted.wedding(session, house, rooms=1)
    group = groups.by_code(session, house, "WEDDING")
    there = group.terms.arrival + timedelta(days=4)
    make.reservation(session, house, arrival=there, surname="Before")

    with pytest.raises(Invalid, match="past"):
        joining.shift(session, group, days=-30, by=by)
    with pytest.raises(inventory.SoldOut), session.begin_nested():
        joining.shift(session, group, days=4, by=by)
    session.expire_all()
    assert group.terms.arrival == there - timedelta(days=4)
    assert in_order(session, house)


@SQLITE
def test_a_group_gets_its_keys_and_no_room_that_is_out_of_service_unasked(session):
    house = make.furnished(session, rooms=2)
    by = make.by(session, house)
    group = allotted.group(session, house, arrival=make.DAY)
    made = [make.reservation(session, house, surname=name, group=group) for name in ("One", "Two")]
    poor, good = (make.room(session, house, number) for number in ("101", "102"))
    blocks.block(
        session, poor, Block.OUT_OF_SERVICE, first=make.DAY, until=make.DAY + timedelta(days=1),
        reason="Lamp is broken.", return_condition=Condition.DIRTY, by=by,
    )  # fmt: skip

    stay = together.take_in(session, made[0], by=by)
    assert (stay.room_id, len(keys.of_stay(session, stay))) == (good.id, 2)
    with pytest.raises(together.NoRoomReady):
        together.take_in(session, made[1], by=by)
    stays.assign(session, made[1], room=poor, by=by)
    session.expire(made[1], ["nights"])
    with pytest.raises(together.RoomOutOfService, match="Lamp is broken"):
        together.take_in(session, made[1], by=by)
    assert made[1].state is State.BOOKED


@SQLITE
def test_nights_beyond_the_group_without_a_price_get_a_sentence(session):
    house = make.furnished(session, rooms=2)
    late = make.DAY + timedelta(days=40)
    plan = make.plan(session, house, code="GRP", nights=41)
    group = allotted.group(session, house, arrival=late, nights=2)
    group.terms.plan_id = plan.id
    by, kind = make.by(session, house), make.room_type(session, house)
    groups.set_price(session, group, kind, Money(7_000, "EUR"), by=by)
    session.expire(group, ["terms"])

    with pytest.raises(BeyondTheGroup, match="beyond those of the group"):
        together.pick_up(
            session, group, [(kind, 1)], guest=make.guest(session, house), arrival=late,
            departure=late + timedelta(days=4), adults=1, by=by,
        )  # fmt: skip
