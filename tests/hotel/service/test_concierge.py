"""The concierge's bookings: places, the vendor's rule, the bill, what is earned."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.service import concierge
from pms.hotel.service.concierge import (
    ActivityTime,
    BookingState,
    Counts,
    Pays,
    catalogue,
    commissions,
    vendors,
)
from pms.hotel.service.concierge.catalogue import Details
from pms.hotel.service.concierge.vendors import Terms
from pms.hotel.stays import settlements, stays
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.service import outing
from tests.hotel.service.outing import NOON, STARTS, booked
from tests.web.conftest import SQLITE_ONLY


@pytest.fixture
def there(session: Session) -> Any:
    with clock.set_to(NOON):
        yield outing.house(session)


def on_the_bill(session: Session, there: outing.House) -> int:
    """What the party in 101 owes for the walk and its fees."""
    folio = settlements.folio_of(session, there.here, by=there.by)
    return sum(each.minor for each in folios.balance_of(session, folio).values())


def verbs(session: Session, thing: Any) -> list[str]:
    return [line.verb for line in reversed(logbook.history(session, thing))]


def test_a_booking_takes_its_places_goes_on_the_bill_and_is_confirmed(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True, pickup_place="Lobby")
    concierge.confirm(session, made, vendor_ref="BW-77", by=there.clerk)

    assert (made.number, made.price, made.commission) == (10_001, 4_000, 500)
    assert (there.time.taken, there.time.left) == (2, 2)
    assert on_the_bill(session, there) == 4_000
    assert made.state is BookingState.CONFIRMED
    assert concierge.stands(session, made)
    assert verbs(session, made) == ["booked", "charged", "confirmed"]
    with pytest.raises(concierge.NotChargeable, match="stands on the bill already"):
        concierge.charge(session, made, by=there.clerk)


@ONE_ENGINE
def test_cancelled_in_time_it_costs_nothing_and_comes_off_the_bill(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True)

    concierge.cancel(session, made, reason="Rain", by=there.clerk)

    assert (made.fee, made.commission, there.time.taken) == (0, 0, 0)
    assert on_the_bill(session, there) == 0
    with pytest.raises(concierge.WrongStep, match="nothing to cancel"):
        concierge.cancel(session, made, reason="Rain", by=there.clerk)


def test_cancelled_late_the_charge_comes_off_and_the_fee_goes_on(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True)

    with clock.set_to(STARTS - timedelta(hours=20)):
        assert not concierge.rule_now(made, "EUR").is_free
        concierge.cancel(session, made, reason="Overslept", by=there.clerk)

    assert (made.fee, made.commission) == (2_000, 250)
    assert on_the_bill(session, there) == 2_000
    assert made.fee_entry_id is not None


@SQLITE_ONLY
def test_cancelled_late_by_a_party_that_left_owing_the_fee_stays_on_its_bill(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True)
    stay = stays.of(session, there.here)
    stays.check_out(session, stay, leave_owing="Invoice", charge_tonight=False, by=there.by)

    with clock.set_to(STARTS - timedelta(hours=2)):
        concierge.cancel(session, made, reason="Left", by=there.clerk)

    assert made.fee_entry_id is not None
    assert (made.fee, on_the_bill(session, there)) == (2_000, 2_000)


@SQLITE_ONLY
def test_cancelled_late_the_fee_is_noted_where_the_activity_has_lost_its_code(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True)
    free = Details(kind=there.walk.kind, name="City walk", capacity=4)
    catalogue.change(session, there.walk, free, by=there.by)

    with clock.set_to(STARTS - timedelta(hours=2)):
        concierge.cancel(session, made, reason="Ill", by=there.clerk)

    assert (made.state, made.fee, made.fee_entry_id) == (BookingState.CANCELLED, 2_000, None)
    assert on_the_bill(session, there) == 0


@SQLITE_ONLY
def test_the_rule_takes_off_what_a_clerk_charged_the_day_before(
    session: Session, there: outing.House
) -> None:
    """Voiding an older entry wants a manager; what the vendor's rule gives back doesn't."""
    late = outing.open_time(
        session, there.hotel, there.walk, STARTS + timedelta(days=2), by=there.by
    )
    made = booked(session, there, time=late, charge=True, by=there.clerk)
    for party in (there.beside, there.coming):
        party.departure = party.arrival + timedelta(days=3)
    session.execute(
        sa.text("UPDATE hotels SET business_date = :day"), {"day": make.DAY + timedelta(days=1)}
    )
    session.expire(there.hotel)

    concierge.cancel(session, made, reason="Rain", by=there.clerk)

    assert on_the_bill(session, there) == 0
    line = logbook.history(session, made)[0]
    assert (line.verb, line.staff_id) == ("cancelled", there.clerk.id)


@SQLITE_ONLY
def test_who_may_waives_the_fee_and_nobody_else(session: Session, there: outing.House) -> None:
    made = booked(session, there, charge=True)

    with clock.set_to(STARTS - timedelta(hours=1)):
        with pytest.raises(NotAllowed):
            concierge.cancel(session, made, reason="Ill", waive=True, by=there.clerk)
        concierge.cancel(session, made, reason="Ill", waive=True, by=there.by)

    assert (made.fee, on_the_bill(session, there)) == (0, 0)


@SQLITE_ONLY
def test_who_doesnt_show_up_pays_and_keeps_the_places(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True)

    with pytest.raises(concierge.WrongStep, match="hasn't begun"):
        concierge.no_show(session, made, by=there.clerk)
    with clock.set_to(STARTS + timedelta(minutes=5)):
        concierge.no_show(session, made, by=there.clerk)

    assert (there.time.taken, on_the_bill(session, there)) == (2, 4_000)


def test_a_move_takes_there_before_it_gives_back_here(
    session: Session, there: outing.House
) -> None:
    later = outing.open_time(
        session, there.hotel, there.walk, STARTS + timedelta(hours=3), by=there.by
    )
    made = booked(session, there, pickup_at=STARTS - timedelta(minutes=20), pickup_place="Lobby")
    concierge.confirm(session, made, by=there.by)

    concierge.move(session, made, time=later, by=there.clerk)

    assert (there.time.taken, later.taken) == (0, 2)
    assert made.state is BookingState.BOOKED
    assert made.pickup_at == STARTS + timedelta(hours=2, minutes=40)
    assert made.free_until == STARTS - timedelta(hours=17)
    with pytest.raises(Invalid, match="another time"):
        concierge.move(session, made, time=later, by=there.clerk)
    booked(session, there, there.beside, persons=4)
    with pytest.raises(concierge.Full):
        concierge.move(session, made, time=there.time, by=there.clerk)
    assert (there.time.taken, later.taken) == (4, 2)
    with clock.set_to(made.free_until), pytest.raises(concierge.TooLateToMove):
        concierge.move(session, made, time=there.time, by=there.clerk)


@SQLITE_ONLY
def test_what_is_refused(session: Session, there: outing.House) -> None:
    booked(session, there, persons=3)

    with pytest.raises(concierge.Full, match="has 1 left at that time, not 2") as full:
        booked(session, there, there.beside)
    assert full.value.field == "persons"
    with pytest.raises(Invalid, match="1 to 999 persons"):
        booked(session, there, persons=0)
    with pytest.raises(Invalid, match="before it begins"):
        booked(session, there, persons=1, pickup_at=STARTS + timedelta(minutes=1))
    with pytest.raises(concierge.NotChargeable, match="yet"), session.begin_nested():
        booked(session, there, there.coming, persons=1, charge=True)
    with pytest.raises(NotAllowed):
        booked(session, there, persons=1, by=make.by(session, there.hotel, Role.HOUSEKEEPER))
    stays.check_out(session, stays.of(session, there.beside), leave_owing="Tests", by=there.by)
    with pytest.raises(concierge.NoGuestOfOurs, match="is departed"):
        booked(session, there, there.beside, persons=1)
    with pytest.raises(concierge.BookingsThere, match="3 places are taken"):
        catalogue.set_places(session, there.time, capacity=2, by=there.clerk)
    catalogue.set_places(session, there.time, capacity=5, closed=True, by=there.clerk)
    with pytest.raises(concierge.TimeClosed):
        booked(session, there, persons=1)
    with clock.set_to(STARTS), pytest.raises(concierge.TimePast):
        booked(session, there, persons=1)


@SQLITE_ONLY
def test_a_car_counts_bookings_and_what_is_paid_there_is_not_charged(
    session: Session, there: outing.House
) -> None:
    car = catalogue.add(
        session,
        there.vendor,
        Details(kind=concierge.ActivityKind.TRANSPORT, name="Airport car", capacity=1,
                counts=Counts.BOOKINGS, price=Money(6_000, "EUR"),
                charge_code=there.walk.charge_code),
        by=there.by,
    )  # fmt: skip
    time_ = outing.open_time(session, there.hotel, car, STARTS, by=there.by)

    made = booked(session, there, time=time_, persons=3, pays=Pays.VENDOR)

    assert (made.places, made.price, time_.left) == (1, 6_000, 0)
    with pytest.raises(concierge.NotChargeable, match="the guest pays there"):
        concierge.charge(session, made, by=there.clerk)


@SQLITE_ONLY
def test_times_are_the_hotels_clock_also_when_it_changes(
    session: Session, there: outing.House
) -> None:
    spring = date(2027, 3, 28)  # 02:00 to 03:00 doesn't come in Berlin

    with clock.set_to(NOON):
        opened = catalogue.open_times(
            session, there.walk, first=spring, last=spring + timedelta(days=1),
            hours=[time(2, 30), time(9)], by=there.by,
        )  # fmt: skip
        again = catalogue.open_times(
            session, there.walk, first=spring, last=spring, hours=[time(9)], by=there.by
        )
        weekend = catalogue.open_times(
            session, there.walk, first=make.DAY, last=make.DAY + timedelta(days=13),
            hours=[time(20)], weekdays={5, 6}, by=there.by,
        )  # fmt: skip

    assert (opened, again, weekend) == (3, 0, 4)
    nine = session.scalars(
        sa.select(ActivityTime.starts_at).order_by(ActivityTime.starts_at.desc()).limit(3)
    ).all()
    assert [f"{each:%d %H:%M}" for each in reversed(nine)] == ["28 07:00", "29 00:30", "29 07:00"]
    for wrong in ({"first": make.DAY - timedelta(days=1), "last": make.DAY},
                  {"first": make.DAY, "last": make.DAY + timedelta(days=1_000)}):  # fmt: skip
        with pytest.raises(Invalid):
            catalogue.open_times(session, there.walk, hours=[time(9)], by=there.by, **wrong)


def test_a_month_says_who_owes_whom(session: Session, there: outing.House) -> None:
    booked(session, there, charge=True)  # 40.00, 5.00 of it ours
    booked(session, there, there.beside, persons=1, pays=Pays.VENDOR)  # 20.00, 2.50
    off = booked(session, there, there.coming, persons=1)
    concierge.cancel(session, off, reason="Rain", by=there.by)

    [earned] = commissions.month(session, there.hotel, make.DAY)

    assert (earned.bookings, earned.persons) == (2, 3)
    figures = (earned.turnover, earned.commission, earned.we_owe, earned.they_owe)
    assert [each.minor for each in figures] == [6_000, 750, 3_500, 250]
    assert len(commissions.bookings(session, there.hotel, make.DAY, vendor=there.vendor)) == 2
    assert commissions.month(session, there.hotel, make.DAY + timedelta(days=31)) == []


@SQLITE_ONLY
def test_terms_change_for_what_is_booked_later(session: Session, there: outing.House) -> None:
    before = booked(session, there)
    stricter = Terms(name="Berlin Walks", free_hours=48, fee_percent=100, commission_rate=2_000)

    vendors.change(session, there.vendor, stricter, by=there.by)
    after = booked(session, there, there.beside)

    assert (before.fee_percent, before.commission) == (50, 500)
    assert (after.fee_percent, after.commission) == (100, 800)
    assert after.free_until == STARTS - timedelta(hours=48)
    with pytest.raises(concierge.NameTaken):
        vendors.add(session, there.hotel, stricter, by=there.by)
    with pytest.raises(Invalid, match="0 to 100 percent"):
        vendors.add(session, there.hotel, Terms(name="X", commission_rate=10_001), by=there.by)
    with pytest.raises(Invalid, match="counted otherwise"):
        catalogue.change(
            session, there.walk,
            Details(kind=there.walk.kind, name="City walk", capacity=3, counts=Counts.BOOKINGS),
            by=there.by,
        )  # fmt: skip


@ONE_ENGINE
def test_what_was_voided_on_the_folio_can_be_charged_again(
    session: Session, there: outing.House
) -> None:
    made = booked(session, there, charge=True)
    entry = concierge.charging.entry_of(session, made)
    folios.void(session, entry, reason="Wrong room", by=there.by)

    assert not concierge.stands(session, made)
    concierge.charge(session, made, by=there.by)

    assert (made.turn, on_the_bill(session, there)) == (2, 4_000)
