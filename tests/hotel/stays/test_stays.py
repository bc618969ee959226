"""Stays: the key handed over, other rooms and dates, the key handed back, and every undo."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import Method
from pms.hotel.house import business_day
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import blocks, inventory, rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.inventory import HouseNight, RoomClaim
from pms.hotel.rooms.rooms import Condition, by_number
from pms.hotel.stays import choosing, reservations, settlements, stays
from pms.hotel.stays.actions import actions
from pms.hotel.stays.reservations import State
from tests import make
from tests.engines import ONE_ENGINE

DAY, NEXT, THIRD = (make.DAY + timedelta(days=n) for n in range(3))


@pytest.fixture
def house(session):
    """A hotel of four double rooms on its first day, at noon."""
    with clock.set_to(make.NOON):
        yield make.furnished(session)


@pytest.fixture
def desk(session, house):
    """A manager at the desk."""
    return make.by(session, house)


def room(session, house, number="101"):
    return by_number(session, house, number)


def arrived(session, house, number="101", **details):
    made = make.reservation(session, house, **details)
    return stays.check_in(
        session, made, room=room(session, house, number), by=make.by(session, house)
    )


def claimed(session, house):
    rows = session.execute(
        sa.select(RoomClaim.night, RoomClaim.room_id).where(RoomClaim.hotel_id == house.id)
    )
    return sorted((night, session.get(rooms.Room, (house.id, each)).number) for night, each in rows)


def sold(session, house, night=DAY):
    return session.scalar(sa.select(HouseNight.sold).where(HouseNight.night == night))


def pay_all(session, reservation, by):
    folio = settlements.folio_of(session, reservation, by=by)
    for window, owed in settlements.open_balances(session, reservation).items():
        payments.pay(session, folio, window=window, amount=owed, method=Method.CASH, by=by)


def roll(session, house):
    business_day.roll(session, house, closing=house.business_date)


def test_a_party_due_today_gets_its_room_for_all_nights(session, house):
    stay = arrived(session, house)

    assert stay.reservation.state is State.IN_HOUSE
    assert claimed(session, house) == [(DAY, "101"), (NEXT, "101")]
    assert stays.in_room(session, room(session, house)) is stay


@ONE_ENGINE
@pytest.mark.parametrize("condition", [Condition.DIRTY, Condition.PICKUP])
def test_a_room_that_is_not_ready_is_refused(session, house, desk, condition):
    made = make.reservation(session, house)
    unready = make.room(session, house, "101", condition=condition)

    with pytest.raises(stays.RoomNotReady, match=f"Room 101 is {condition.value}"):
        stays.check_in(session, made, room=unready, by=desk)

    assert stays.in_room(session, unready) is None


@ONE_ENGINE
def test_a_party_due_tomorrow_is_refused_today(session, house, desk):
    made = make.reservation(session, house, arrival=NEXT)

    with pytest.raises(stays.NotDueToday, match="due on Sat 21 Nov 2026"):
        stays.check_in(session, made, room=room(session, house), by=desk)


@ONE_ENGINE
def test_one_room_takes_one_party(session, house, desk):
    arrived(session, house)
    second = make.reservation(session, house)

    with pytest.raises(stays.RoomOccupied):
        stays.check_in(session, second, room=room(session, house), by=desk)


@ONE_ENGINE
def test_a_room_promised_to_another_is_refused(session, house, desk):
    first, second = make.reservation(session, house), make.reservation(session, house)
    stays.assign(session, first, room=room(session, house), by=desk)

    with pytest.raises(inventory.RoomTaken, match="Room 101 is taken on Fri 20 Nov"):
        stays.check_in(session, second, room=room(session, house), by=desk)


def test_sharers_have_one_room_and_a_folio_each(session, house, desk):
    host = make.reservation(session, house)
    sharer = make.reservation(session, house, shares_with=host, surname="Åkesson")

    for party in (host, sharer):
        stays.check_in(session, party, room=room(session, house), by=desk)

    assert sold(session, house) == 1
    assert claimed(session, house) == [(DAY, "101"), (NEXT, "101")]
    folio_ids = {settlements.folio_of(session, party, by=desk).id for party in (host, sharer)}
    assert len(folio_ids) == 2


def test_the_nights_count_against_the_type_that_is_given(session, house, desk):
    suite = make.room_type(session, house, "STE")
    better = make.room(session, house, "501", kind=suite)
    made = make.reservation(session, house)

    stays.check_in(session, made, room=better, by=desk)

    night = made.nights[0]
    assert night.counted_type_id == suite.id
    assert night.booked_type_id == night.charged_type_id != suite.id


def test_a_room_move_leaves_the_old_room_dirty(session, house, desk):
    stay = arrived(session, house)

    stays.move(session, stay, room=room(session, house, "102"), reason="noise", by=desk)

    assert stay.room.number == "102"
    assert room(session, house).condition is Condition.DIRTY
    assert claimed(session, house) == [(DAY, "102"), (NEXT, "102")]


@ONE_ENGINE
def test_a_planned_move_waits_for_its_night(session, house, desk):
    stay = arrived(session, house)

    stays.move(
        session, stay, room=room(session, house, "102"), reason="wedding", first=NEXT, by=desk
    )

    assert claimed(session, house) == [(DAY, "101"), (NEXT, "102")]
    assert [(s.id, r.number) for s, r in stays.planned_moves(session, house, NEXT)] == [
        (stay.id, "102")
    ]


@ONE_ENGINE
def test_who_must_not_be_moved_is_not(session, house, desk):
    stay = arrived(session, house)
    stays.pin(session, stay.reservation, reason="honeymoon in 101", by=desk)

    with pytest.raises(stays.DoNotMove, match="honeymoon in 101"):
        stays.move(session, stay, room=room(session, house, "102"), reason="noise", by=desk)


@ONE_ENGINE
def test_staying_on_keeps_the_room_unless_it_is_promised(session, house, desk):
    stay = arrived(session, house, nights=1)
    stays.extend(session, stay, departure=THIRD, by=desk)
    assert claimed(session, house) == [(DAY, "101"), (NEXT, "101")]
    other = make.reservation(session, house, arrival=THIRD)
    stays.assign(session, other, room=room(session, house), by=desk)

    with pytest.raises(inventory.RoomTaken):
        stays.extend(session, stay, departure=THIRD + timedelta(days=1), by=desk)


def test_leaving_sooner_gives_the_nights_back(session, house, desk):
    stay = arrived(session, house, nights=3)

    stays.shorten(session, stay, departure=NEXT, by=desk)

    assert claimed(session, house) == [(DAY, "101")]
    assert sold(session, house, NEXT) == 0


@ONE_ENGINE
def test_a_night_in_house_cannot_become_day_use(session, house, desk):
    stay = arrived(session, house, nights=2)

    with pytest.raises(reservations.NoDayUseAfterNights, match="Check it out instead"):
        stays.shorten(session, stay, departure=DAY, by=desk)


@ONE_ENGINE
def test_who_leaves_before_the_audit_pays_the_night(session, house, desk):
    stay = arrived(session, house, nights=2)

    with pytest.raises(stays.BalanceOpen, match=r"window 1: €100\.00"):
        stays.check_out(session, stay, by=desk)
    session.rollback()


@ONE_ENGINE
def test_who_leaves_in_the_morning_of_a_later_day_does_not_pay_tonight(session, house, desk):
    stay = arrived(session, house, nights=3)
    roll(session, house)

    with clock.set_to(datetime(2026, 11, 21, 9, tzinfo=UTC)):
        stays.check_out(session, stay, by=desk)

    assert stay.reservation.state is State.DEPARTED
    assert stay.reservation.departure == NEXT
    assert [sold(session, house, night) for night in (NEXT, THIRD)] == [0, 0]
    assert room(session, house).condition is Condition.DIRTY


@ONE_ENGINE
def test_who_leaves_after_midnight_of_an_unrolled_day_pays_that_night(session, house, desk):
    stay = arrived(session, house, nights=3)
    roll(session, house)

    with clock.set_to(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        with pytest.raises(stays.BalanceOpen):
            stays.check_out(session, stay, by=desk)
        pay_all(session, stay.reservation, desk)
        stays.check_out(session, stay, by=desk)

    assert stay.reservation.departure == THIRD


@ONE_ENGINE
def test_who_comes_after_the_roll_pays_last_night_now_and_once(session, house, desk):
    made = make.reservation(session, house, nights=2)
    roll(session, house)

    with clock.set_to(datetime(2026, 11, 21, 2, 30, tzinfo=UTC)):
        stays.check_in(session, made, room=room(session, house), by=desk)

    assert settlements.open_balances(session, made) == {1: Money(10000, "EUR")}


@ONE_ENGINE
def test_day_use_pays_at_the_door(session, house, desk):
    stay = arrived(session, house, nights=0)
    with pytest.raises(stays.BalanceOpen):
        stays.check_out(session, stay, by=desk)
    pay_all(session, stay.reservation, desk)

    stays.check_out(session, stay, by=desk)

    assert stay.reservation.state is State.DEPARTED


@ONE_ENGINE
def test_plus_and_minus_in_two_windows_are_not_settled(session, house, desk):
    stay = arrived(session, house, nights=1)
    roll(session, house)
    folio = settlements.folio_of(session, stay.reservation, by=desk)
    folios.open_window(session, folio, no=2, payee_name="Her firm", by=desk)
    code = make.charge_code(session, house, "BAR")
    hundred = Money(10000, "EUR")
    folios.charge(session, folio, code=code, amount=hundred, window=1, by=desk)
    payments.pay(session, folio, window=2, amount=hundred, method=Method.CASH, by=desk)

    with pytest.raises(
        stays.BalanceOpen, match=r"window 1: €100\.00, window 2: €100\.00 to give back"
    ):
        stays.check_out(session, stay, by=desk)


@ONE_ENGINE
def test_a_skipper_is_checked_out_owing_and_can_still_be_charged(session, house, desk):
    stay = arrived(session, house, nights=1)
    roll(session, house)
    folio = settlements.folio_of(session, stay.reservation, by=desk)
    code = make.charge_code(session, house, "BAR")
    folios.charge(session, folio, code=code, amount=Money(2500, "EUR"), by=desk)

    stays.check_out(session, stay, leave_owing="left without paying", by=desk)

    assert stay.left_owing == "left without paying"
    folios.charge(session, folio, code=code, amount=Money(900, "EUR"), by=desk)
    assert settlements.open_balances(session, stay.reservation) == {1: Money(3400, "EUR")}


def test_a_check_in_is_undone_on_its_day_only(session, house, desk):
    stay = arrived(session, house)
    stays.undo_check_in(session, stay, reason="wrong party", by=desk)
    assert stay.reservation.state is State.BOOKED
    assert room(session, house).condition is Condition.PICKUP
    make.room(session, house, "101")
    again = stays.check_in(session, stay.reservation, room=room(session, house), by=desk)
    roll(session, house)

    with pytest.raises(stays.NotToday):
        stays.undo_check_in(session, again, reason="too late", by=desk)


def test_a_check_out_is_undone_with_the_nights_it_cut_short(session, house, desk):
    stay = arrived(session, house, nights=3)
    roll(session, house)
    stays.check_out(session, stay, charge_tonight=False, by=desk)

    stays.undo_check_out(session, stay, by=desk)

    assert stay.reservation.state is State.IN_HOUSE
    assert stay.reservation.departure == DAY + timedelta(days=3)
    assert sold(session, house, NEXT) == 1
    assert (NEXT, "101") in claimed(session, house)


@ONE_ENGINE
def test_a_deposit_matures_on_arrival_and_goes_back_with_the_undo(session, house, desk):
    made = make.reservation(session, house)
    settlements.take_deposit(session, made, amount=Money(5000, "EUR"), method=Method.CASH, by=desk)

    stay = stays.check_in(session, made, room=room(session, house), by=desk)
    assert settlements.open_balances(session, made) == {1: Money(-5000, "EUR")}
    stays.undo_check_in(session, stay, reason="wrong party", by=desk)

    assert settlements.deposit_held(session, made) == Money(5000, "EUR")


def test_auto_assignment_takes_ready_rooms_first_and_says_why(session, house, desk):
    make.room(session, house, "101", condition=Condition.DIRTY)
    wish = reservations.Wishes(features=("sea view",))
    room(session, house, "104").features = ["sea view"]
    session.flush()
    plain, choosy = make.reservation(session, house), make.reservation(session, house, wishes=wish)

    done = {
        each.reservation.id: each for each in choosing.auto_assign(session, house, DAY, by=desk)
    }

    assert done[choosy.id].room.number == "104"
    assert "has sea view" in done[choosy.id].why
    assert done[plain.id].room.number == "102"


def test_the_walk_list_shows_the_least_sure_party_first(session, house, desk):
    sure = make.reservation(
        session, house, nights=1, guarantee=reservations.Guarantee.CARD, surname="Sure"
    )
    for _ in range(3):
        make.reservation(session, house, nights=2)
    unsure = make.reservation(session, house, nights=1, force="channel sold it")

    listed = choosing.walk_list(session, house, DAY, DAY)

    parties = listed[-1].parties
    assert parties[0] is unsure
    assert parties[-1] is sure


@ONE_ENGINE
def test_a_room_that_somebody_has_is_not_blocked_without_saying_that_it_is_a_fact(
    session, house, desk
):
    arrived(session, house)

    with pytest.raises(inventory.RoomTaken):
        blocks.block(
            session,
            room(session, house),
            Block.OUT_OF_ORDER,
            first=DAY,
            until=NEXT,
            reason="burst pipe",
            by=desk,
        )


def test_the_server_says_what_may_be_done_and_why_not(session, house, desk):
    made = make.reservation(session, house)
    before = {each.name: each.why_not for each in actions(session, made, by=desk)}
    assert before["check_in"] == "It has no room yet. Assign one."
    assert before["check_out"] == "The party isn't in house."
    stays.assign(session, made, room=room(session, house), by=desk)
    session.expire(made)
    after = {each.name: each.why_not for each in actions(session, made, by=desk)}
    assert after["check_in"] is None
    clerk = make.by(session, house, Role.RESERVATIONS)

    refused = {each.name: each.why_not for each in actions(session, made, by=clerk)}

    assert refused["check_in"] == "Your role doesn't include it."
    with pytest.raises(NotAllowed):
        stays.check_in(session, made, room=room(session, house), by=clerk)


def test_the_database_itself_refuses_two_stays_of_one_reservation(session, house):
    stay = arrived(session, house)

    with pytest.raises(IntegrityError):
        session.execute(
            sa.insert(stays.Stay),
            [
                {
                    "hotel_id": house.id,
                    "id": 1,
                    "reservation_id": stay.reservation_id,
                    "room_id": stay.room_id,
                    "state": "in_house",
                    "arrived_on": DAY,
                    "arrived_at": make.NOON,
                    "version": 1,
                }
            ],
        )


def test_a_walk_in_is_booked_and_in_house_in_one_deed(session, house, desk):
    stay = stays.walk_in(
        session,
        house,
        guest=make.guest(session, house, "Nguyễn"),
        room=room(session, house, "103"),
        plan=make.plan(session, house),
        departure=NEXT,
        adults=1,
        by=desk,
    )

    assert stay.reservation.walk_in
    assert stay.reservation.state is State.IN_HOUSE
    assert claimed(session, house) == [(DAY, "103")]
