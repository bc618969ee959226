"""Reservations: promised, amended, cancelled, not shown up, taken back; counters always true."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.card_numbers import LooksLikeACardNumber
from pms.base.money import Money
from pms.hotel.guests import guests
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory, rates
from pms.hotel.rooms.inventory import HouseNight, NightChange, TypeNight
from pms.hotel.stays import releasing, reservations
from pms.hotel.stays.reservations import ManualRate, Origin, Purpose, State, Wanted, Wishes
from tests import make
from tests.engines import ONE_ENGINE

DAY, NEXT, THIRD = (make.DAY + timedelta(days=n) for n in range(3))


def sold(session, house, night=DAY):
    return session.scalar(
        sa.select(HouseNight.sold).where(HouseNight.hotel_id == house.id, HouseNight.night == night)
    )


def on_the_books(session, house):
    """Rooms and amount of all nights to come, as the night changes add up."""
    return tuple(
        session.execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(NightChange.rooms), 0),
                sa.func.coalesce(sa.func.sum(NightChange.amount), 0),
            ).where(NightChange.hotel_id == house.id)
        ).one()
    )


def test_a_booking_counts_its_nights_at_their_prices(session):
    house = make.furnished(session)

    made = make.reservation(session, house, nights=2)

    assert [(night.night, night.price) for night in made.nights] == [(DAY, 10000), (NEXT, 10000)]
    assert [sold(session, house, night) for night in (DAY, NEXT, THIRD)] == [1, 1, 0]
    assert on_the_books(session, house) == (2, 20000)


@ONE_ENGINE
def test_a_night_without_a_price_is_refused(session):
    house = make.furnished(session)
    suite = make.room_type(session, house, "STE")

    with pytest.raises(rates.NoPrice, match="has no price for Ste room"):
        make.reservation(session, house, kind=suite)


@ONE_ENGINE
def test_a_rate_by_hand_needs_permission_and_a_reason(session):
    house = make.furnished(session)
    prices = {DAY: Money(-638, "EUR")}
    for role, reason, refusal in (
        (Role.RESERVATIONS, "published so", NotAllowed),
        (Role.MANAGER, " ", reservations.ReasonNeeded),
    ):
        with pytest.raises(refusal):
            book(session, house, role, ManualRate(prices, reason))
        session.rollback()
        house = make.furnished(session, f"TEST{role.value[:3].upper()}")

    made = book(session, house, Role.MANAGER, ManualRate(prices, "published so"))

    assert made.nights[0].price == -638


def book(session, house, role, rate):
    return reservations.book(
        session,
        house,
        guest=make.guest(session, house),
        room_type=make.room_type(session, house),
        plan=rates.by_code(session, house, "BAR"),
        arrival=DAY,
        departure=NEXT,
        adults=1,
        rate=rate,
        by=make.by(session, house, role),
    )


@ONE_ENGINE
@pytest.mark.parametrize("purpose", [Purpose.COMPLIMENTARY, Purpose.HOUSE_USE])
def test_what_is_given_costs_nothing_and_still_takes_a_room(session, purpose):
    house = make.furnished(session)

    make.reservation(session, house, nights=1, purpose=purpose)

    assert on_the_books(session, house) == (1, 0)


@ONE_ENGINE
def test_day_use_takes_no_night(session):
    house = make.furnished(session)

    made = make.reservation(session, house, nights=0)

    assert made.is_day_use
    assert sold(session, house) == 0
    assert [night.price for night in made.nights] == [10000]


def test_a_channel_sends_the_same_booking_twice(session):
    house = make.furnished(session)
    origin = Origin(channel="booking.com", channel_ref="4711")
    make.reservation(session, house, origin=origin)

    with pytest.raises(reservations.ChannelRefTaken, match="4711 is entered already"):
        make.reservation(session, house, origin=origin)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"arrival": DAY - timedelta(days=1)}, reservations.InThePast),
        ({"adults": 0}, reservations.NobodyComes),
        ({"adults": 4}, reservations.TooManyForTheRoom),
        ({"nights": 401}, inventory.BadDates),
        ({"booked_on": DAY + timedelta(days=1)}, reservations.HotelIsOpen),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(session, details, refusal):
    house = make.furnished(session)

    with pytest.raises(refusal):
        make.reservation(session, house, **details)

    assert sold(session, house) == 0


def test_a_cancellation_has_a_number_and_gives_the_nights_back(session):
    house = make.furnished(session)
    made = make.reservation(session, house)

    number = reservations.cancel(session, made, reason="ill", by=make.by(session, house))

    assert (made.state, made.cancel_number) == (State.CANCELLED, number)
    assert sold(session, house) == 0
    assert on_the_books(session, house) == (0, 0)
    with pytest.raises(reservations.WrongState, match="is cancelled"):
        reservations.cancel(session, made, reason="ill", by=make.by(session, house))


@ONE_ENGINE
def test_a_cards_number_is_kept_out_of_notes_and_reasons(session):
    house = make.furnished(session)
    made, by = make.reservation(session, house), make.by(session, house)
    session.commit()
    pan = "guaranteed by 4111 1111 1111 1111"

    for deed in (
        lambda: make.reservation(session, house, wishes=Wishes(notes=pan)),
        lambda: reservations.cancel(session, made, reason=pan, by=by),
        lambda: guests.amend(
            session, made.guest, guests.Profile(surname="Silva", notes=pan), hotel=house, by=by
        ),
    ):
        with pytest.raises(LooksLikeACardNumber, match="the house keeps none"):
            deed()
        session.rollback()

    assert made.state is State.BOOKED
    assert sold(session, house) == 1


def test_reinstating_promises_the_same_nights_at_the_same_prices(session):
    house = make.furnished(session, rooms=1)
    manager = make.by(session, house)
    made = make.reservation(session, house)
    reservations.cancel(session, made, reason="ill", by=manager)

    reservations.reinstate(session, made, by=manager)

    assert made.state is State.BOOKED
    assert on_the_books(session, house) == (2, 20000)
    reservations.cancel(session, made, reason="ill again", by=manager)
    make.reservation(session, house, nights=1)
    with pytest.raises(inventory.SoldOut):
        reservations.reinstate(session, made, by=manager)


def test_a_no_show_rolls_to_tomorrow_or_ends(session):
    house = make.furnished(session)
    rolled, gone = make.reservation(session, house), make.reservation(session, house)
    later = make.reservation(session, house, arrival=NEXT)
    manager = make.by(session, house)

    reservations.no_show(session, rolled, keep_remaining=True, by=manager)
    reservations.no_show(session, gone, by=manager)

    assert (rolled.state, rolled.arrival, gone.state) == (State.BOOKED, NEXT, State.NO_SHOW)
    assert [sold(session, house, night) for night in (DAY, NEXT)] == [0, 2]
    with pytest.raises(reservations.NotDueYet):
        reservations.no_show(session, later, by=manager)


def test_longer_and_shorter_keep_prices_and_price_new_nights(session):
    house = make.furnished(session)
    made = make.reservation(session, house, nights=2)
    dear = {night: Money(15000, "EUR") for night in (DAY, NEXT, THIRD)}
    plan, kind = rates.by_code(session, house, "BAR"), make.room_type(session, house)
    manager = make.by(session, house)
    rates.set_prices(session, plan, kind, dear, by=manager)

    reservations.amend(session, made, Wanted(departure=DAY + timedelta(days=3)), by=manager)
    assert [night.price for night in made.nights] == [10000, 10000, 15000]
    reservations.amend(session, made, Wanted(departure=NEXT), reprice=True, by=manager)

    assert [night.price for night in made.nights] == [15000]
    assert [sold(session, house, night) for night in (DAY, NEXT, THIRD)] == [1, 0, 0]
    assert on_the_books(session, house) == (1, 15000)


@ONE_ENGINE
def test_another_type_asks_whether_to_reprice(session):
    house = make.furnished(session)
    suite = make.room_type(session, house, "STE")
    make.room(session, house, "501", kind=suite)
    make.plan(session, house, suite, price="300.00")
    made, manager = make.reservation(session, house, nights=1), make.by(session, house)
    with pytest.raises(reservations.SayWhetherToReprice):
        reservations.amend(session, made, Wanted(room_type=suite), by=manager)

    reservations.amend(session, made, Wanted(room_type=suite), reprice=False, by=manager)

    night = made.nights[0]
    assert (night.price, night.booked_type_id, night.counted_type_id) == (10000, suite.id, suite.id)
    double = make.room_type(session, house)
    assert session.get_one(TypeNight, (house.id, DAY, double.id)).sold == 0


def test_sharers_take_one_room_and_the_last_one_keeps_it(session):
    house = make.furnished(session, rooms=1)
    host, manager = make.reservation(session, house, nights=2), make.by(session, house)
    sharer = make.reservation(session, house, nights=2, shares_with=host, surname="Åkesson")
    assert sold(session, house) == 1

    reservations.cancel(session, host, reason="ill", by=manager)

    assert sharer.shares_with_id is None
    assert sold(session, house) == 1
    with pytest.raises(inventory.SoldOut):
        make.reservation(session, house, nights=1)


@ONE_ENGINE
def test_a_sharer_stays_within_the_hosts_nights(session):
    house = make.furnished(session)
    host = make.reservation(session, house, nights=1)

    with pytest.raises(reservations.SharesNot):
        make.reservation(session, house, nights=2, shares_with=host)


@ONE_ENGINE
def test_bookings_with_their_own_date_are_entered_on_the_first_day(session):
    house = make.furnished(session)
    manager = make.by(session, house)

    made = make.reservation(session, house, booked_on=DAY - timedelta(days=90))
    reservations.cancel(session, made, reason="long ago", on=DAY - timedelta(days=30), by=manager)

    days = session.scalars(sa.select(NightChange.business_day).distinct()).all()
    assert sorted(days) == [DAY - timedelta(days=90), DAY - timedelta(days=30)]


def test_the_database_itself_refuses_a_promise_that_cannot_be(session):
    house = make.furnished(session)
    make.reservation(session, house)

    for damage in (
        "UPDATE reservations SET departure = '2020-01-01'",
        "UPDATE reservations SET state = 'cancelled'",
        "UPDATE reservations SET state = 'vanished'",
        "UPDATE reservations SET adults = -1",
        "UPDATE reservation_nights SET live = (1 = 0)",
        "UPDATE reservation_nights SET price = -1",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.text(damage))


def test_the_release_hour_strikes_by_the_hotels_clock(session):
    house = make.furnished(session)
    with clock.set_to(make.NOON):
        unsure = make.reservation(session, house)
        sure = make.reservation(session, house, guarantee=reservations.Guarantee.CARD)
    manager = make.by(session, house)
    with clock.set_to(datetime(2026, 11, 20, 16, 59, tzinfo=UTC)):  # 17:59 in Berlin
        assert releasing.release_due(session, house, by=manager) == 0

    with clock.set_to(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)):
        assert releasing.release_due(session, house, by=manager) == 1

    assert (unsure.state, unsure.cancel_reason) == (
        State.CANCELLED,
        "Not guaranteed, released at 18:00",
    )
    assert sure.state is State.BOOKED
