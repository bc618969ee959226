"""Sharing and correcting: a shared room counts once, whoever stays; nothing is lost by an undo."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.hotel.house import business_day
from pms.hotel.rooms import blocks, inventory
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.inventory import TypeNight
from pms.hotel.rooms.rooms import by_number
from pms.hotel.stays import (
    choosing,
    facts,
    night_charges,
    releasing,
    reservations,
    settlements,
    stays,
)
from pms.hotel.stays.reservations import Guarantee, State
from tests import make
from tests.engines import ONE_ENGINE

DAY, NEXT, THIRD, FOURTH = (make.DAY + timedelta(days=n) for n in range(4))


@pytest.fixture
def house(session):
    """A hotel with one room, at noon of its first day."""
    with clock.set_to(make.NOON):
        yield make.furnished(session, rooms=1)


@pytest.fixture
def desk(session, house):
    """A manager at the desk."""
    return make.by(session, house)


def sold(session, house):
    rows = session.execute(
        sa.select(TypeNight.sold)
        .where(TypeNight.hotel_id == house.id, TypeNight.night < FOURTH)
        .order_by(TypeNight.night)
    )
    return [row[0] for row in rows]


def room(session, house, number="101"):
    return by_number(session, house, number)


def roll(session, house):
    business_day.roll(session, house, closing=house.business_date)


def rooms_of(reservation):
    return [night.room.number if night.room else None for night in reservation.nights if night.live]


@ONE_ENGINE
def test_a_guest_who_stays_on_for_days_keeps_the_room_every_night(session, house, desk):
    made = make.reservation(session, house, nights=1)
    stay = stays.check_in(session, made, room=room(session, house), by=desk)

    stays.extend(session, stay, departure=FOURTH, by=desk)

    session.expire(made)
    assert rooms_of(made) == ["101", "101", "101"]


@ONE_ENGINE
def test_a_sharer_who_stays_longer_than_the_host_counts_then(session, house, desk):
    host = make.reservation(session, house, nights=1)
    sharer = make.reservation(session, house, nights=1, shares_with=host, surname="Åkesson")
    stays.check_in(session, host, room=room(session, house), by=desk)
    stay = stays.check_in(session, sharer, room=room(session, house), by=desk)

    stays.extend(session, stay, departure=THIRD, by=desk)

    assert sold(session, house) == [1, 1, 0]


def test_each_night_is_kept_by_whichever_sharer_has_it(session, house, desk):
    host = make.reservation(session, house, nights=3)
    for nights in (1, 3):
        make.reservation(
            session, house, nights=nights, shares_with=host, surname=f"Sharer {nights}"
        )

    reservations.cancel(session, host, reason="ill", by=desk)

    assert sold(session, house) == [1, 1, 1]


@ONE_ENGINE
def test_a_sharer_reinstated_after_the_host_is_gone_counts(session, house, desk):
    host = make.reservation(session, house, nights=2)
    sharer = make.reservation(session, house, nights=2, shares_with=host, surname="Åkesson")
    reservations.cancel(session, sharer, reason="ill", by=desk)
    reservations.cancel(session, host, reason="ill", by=desk)

    reservations.reinstate(session, sharer, by=desk)

    assert sold(session, house) == [1, 1, 0]


@ONE_ENGINE
def test_a_host_who_only_comes_tomorrow_leaves_tonight_to_the_sharer(session, house, desk):
    host = make.reservation(session, house, nights=2)
    sharer = make.reservation(session, house, nights=2, shares_with=host, surname="Åkesson")
    stays.check_in(session, sharer, room=room(session, house), by=desk)

    reservations.no_show(session, host, keep_remaining=True, by=desk)

    assert sold(session, house) == [1, 1, 0]


def test_in_an_oversold_house_a_party_with_sharers_can_leave(session, house, desk):
    host = make.reservation(session, house, nights=2)
    make.reservation(session, house, nights=2, shares_with=host, surname="Åkesson")
    make.reservation(session, house, nights=2, force="channel sold it")

    reservations.no_show(session, host, by=desk)

    assert sold(session, house) == [2, 2, 0]


@ONE_ENGINE
def test_sharers_are_checked_into_one_room(session, house, desk):
    make.room(session, house, "102")
    host = make.reservation(session, house)
    sharer = make.reservation(session, house, shares_with=host, surname="Åkesson")
    stays.check_in(session, host, room=room(session, house), by=desk)

    with pytest.raises(stays.SharersElsewhere, match="shares room 101"):
        stays.check_in(session, sharer, room=room(session, house, "102"), by=desk)


def test_leaving_on_the_day_of_arrival_unpaid_is_undone_with_every_night(session, house, desk):
    made = make.reservation(session, house, nights=3)
    stay = stays.check_in(session, made, room=room(session, house), by=desk)
    stays.check_out(session, stay, charge_tonight=False, by=desk)

    stays.undo_check_out(session, stay, by=desk)

    session.expire(made)
    assert rooms_of(made) == ["101", "101", "101"]
    assert len(night_charges.due(session, house, DAY)) == 1
    assert sold(session, house) == [1, 1, 1]


@ONE_ENGINE
def test_a_higher_limit_takes_back_what_was_forced(session, house, desk):
    make.reservation(session, house, nights=1)
    make.reservation(session, house, nights=1, force="channel sold it")
    kind = make.room_type(session, house)
    for room_type in (None, kind):
        inventory.set_limit(
            session, house, first=DAY, last=DAY, allowance=1, room_type=room_type, by=desk
        )

    with pytest.raises(inventory.SoldOut):
        make.reservation(session, house, nights=1)


@ONE_ENGINE
def test_what_is_promised_after_the_release_hour_is_kept(session, house, desk):
    with clock.set_to(datetime(2026, 11, 20, 20, tzinfo=UTC)):
        late = make.reservation(session, house, guarantee=Guarantee.NONE)

        assert releasing.release_due(session, house, by=desk) == 0

    assert late.state is State.BOOKED


@ONE_ENGINE
def test_a_check_in_that_was_charged_a_night_is_not_undone(session, house, desk):
    made = make.reservation(session, house, nights=2)
    roll(session, house)
    stay = stays.check_in(session, made, room=room(session, house), by=desk)
    assert settlements.open_balances(session, made)

    with pytest.raises(stays.ChargedAlready, match="Reverse that charge first"):
        stays.undo_check_in(session, stay, reason="wrong party", by=desk)


@ONE_ENGINE
def test_a_room_out_of_order_is_not_given_for_the_day(session, house, desk):
    blocks.block(
        session,
        room(session, house),
        Block.OUT_OF_ORDER,
        first=DAY,
        until=NEXT,
        reason="leak",
        by=desk,
    )
    made = make.reservation(session, house, nights=0)

    with pytest.raises(stays.RoomOutOfOrder):
        stays.check_in(session, made, room=room(session, house), by=desk)


@ONE_ENGINE
def test_a_party_kept_from_yesterday_and_moved_to_today_drops_yesterday(session, house, desk):
    made = make.reservation(session, house, nights=3)
    roll(session, house)

    reservations.amend(session, made, reservations.Wanted(arrival=NEXT), by=desk)

    session.expire(made)
    assert [night.night for night in made.nights if night.live] == [NEXT, THIRD]


@ONE_ENGINE
def test_a_burst_pipe_in_a_room_somebody_has_is_a_fact(session, house, desk):
    made = make.reservation(session, house, nights=2)
    stays.check_in(session, made, room=room(session, house), by=desk)

    facts.put_out_of_order(
        session,
        room(session, house),
        first=DAY,
        until=NEXT,
        reason="burst pipe",
        force="burst pipe",
        by=desk,
    )

    session.expire(made)
    assert rooms_of(made) == [None, "101"]
    assert {each.over for each in inventory.oversold(session, house, DAY, DAY)} == {1}


@ONE_ENGINE
def test_a_guest_who_stays_on_whatever_we_say_takes_the_room_from_who_comes(session, house, desk):
    made = make.reservation(session, house, nights=1)
    stay = stays.check_in(session, made, room=room(session, house), by=desk)
    coming = make.reservation(session, house, nights=1, arrival=NEXT)
    stays.assign(session, coming, room=room(session, house), by=desk)
    with pytest.raises(inventory.SoldOut):
        stays.extend(session, stay, departure=THIRD, by=desk)

    stays.extend(session, stay, departure=THIRD, force="won't leave", by=desk)

    session.expire_all()
    assert (rooms_of(made), rooms_of(coming)) == (["101", "101"], [None])
    [walk] = [each for each in choosing.walk_list(session, house, NEXT, NEXT) if each.type_id]
    assert [party.id for party in walk.parties] == [coming.id]


def test_the_rate_of_a_shared_room_is_split_to_the_cent_among_who_is_there(session, house, desk):
    host = make.reservation(session, house, nights=3)
    late = make.reservation(
        session, house, arrival=NEXT, nights=2, surname="Late", adults=1, shares_with=host
    )
    third = make.reservation(
        session, house, arrival=THIRD, nights=1, surname="Third", adults=1, shares_with=host
    )

    def prices(*parties):
        return [[night.price for night in party.nights] for party in parties]

    parties = reservations.split_rate(session, host, reservations.Share.SPLIT, by=desk)
    assert prices(*parties) == [[10_000, 5_000, 3_334], [5_000, 3_333], [3_333]]
    reservations.split_rate(session, host, reservations.Share.FIRST, by=desk)
    assert prices(host, late, third) == [[10_000] * 3, [0, 0], [0]]
    roll(session, house)
    reservations.split_rate(session, host, reservations.Share.FULL, by=desk)
    assert prices(host, late, third) == [[10_000] * 3, [10_000] * 2, [10_000]]
    assert late.nights[0].manual_reason is None
    assert sold(session, house) == [1, 1, 1]
    with pytest.raises(reservations.SharesNot):
        reservations.split_rate(session, late, reservations.Share.SPLIT, by=desk)
