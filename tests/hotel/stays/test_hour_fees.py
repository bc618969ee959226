"""Hour fees: what coming early and leaving late cost by the hotel's clock, once."""

from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base import clock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import packages, rates
from pms.hotel.rooms.packaging import Per
from pms.hotel.stays import hour_fees, house_rules, settlements, stays
from pms.hotel.stays.fees import FeeChanged
from pms.hotel.stays.hour_fees import Hour, HourStep, StayFee, steps
from pms.hotel.stays.house_rules import Check
from pms.hotel.stays.reservations import ReasonNeeded
from pms.hotel.stays.reservations import packages as of_reservation
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax, TaxKind
from tests import make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HALF, WHOLE = Money(5_000, "EUR"), Money(10_000, "EUR")


def at(hour, minute=0, *, days=0):
    """An instant at which Berlin's clocks show an hour of the first day, or so many days on."""
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC) + timedelta(days=days, hours=-1)


def stepped(session):
    """A hotel that asks for a night before 10, for half before 14, and for half after 12."""
    house = make.furnished(session)
    by, code = make.by(session, house), make.charge_code(session, house, "HOURS")
    for hour, when, percent in (
        (Hour.EARLY, time(10), 100), (Hour.EARLY, time(14), 50), (Hour.LATE, time(12), 50),
    ):  # fmt: skip
        steps.add(session, house, hour, at=when, percent=percent, code=code, by=by)
    steps.add(session, house, Hour.LATE, at=time(18), amount=Money(8_000, "EUR"), code=code, by=by)
    return house


@pytest.mark.parametrize(
    ("hour", "moment", "falls_under"),
    [
        (Hour.EARLY, time(9, 59), time(10)),
        (Hour.EARLY, time(10), time(14)),
        (Hour.EARLY, time(14), None),
        (Hour.LATE, time(11, 59), None),
        (Hour.LATE, time(12), time(12)),
        (Hour.LATE, time(23), time(18)),
    ],
)
def test_a_moment_falls_under_one_step(hour, moment, falls_under):
    asked = [
        HourStep(hour=hour, at=time(each))
        for hour, each in ((Hour.EARLY, 14), (Hour.EARLY, 10), (Hour.LATE, 12), (Hour.LATE, 18))
    ]

    step = hour_fees.step_at(asked, hour, moment)

    assert (step.at if step else None) == falls_under


def test_who_comes_early_pays_once_and_an_undone_check_in_takes_it_back(session):
    house = stepped(session)
    by, room = make.by(session, house), make.room(session, house)
    party = make.reservation(session, house)
    with clock.set_to(at(9, 30)):
        assert hour_fees.of_coming(session, party).amount == WHOLE
        stay = stays.check_in(session, party, room=room, by=by)
        with pytest.raises(FeeChanged):
            hour_fees.settle(session, stay, Hour.EARLY, expected=HALF, by=by)
        fee = hour_fees.settle(session, stay, Hour.EARLY, expected=WHOLE, by=by)
        with pytest.raises(hour_fees.NothingDue):
            hour_fees.settle(session, stay, Hour.EARLY, by=by)
        with pytest.raises(DBAPIError), session.begin_nested():  # twice, past the verbs
            columns = {c.key: getattr(fee, c.key) for c in sa.inspect(StayFee).column_attrs}
            session.execute(sa.insert(StayFee).values({**columns, "id": fee.id + 1}))
        folio = settlements.folio_of(session, party, by=by)
        assert folios.balance_of(session, folio)[1] == WHOLE

        stays.undo_check_in(session, stay, reason="Wrong party", by=by)

    assert folios.balance_of(session, folio)[1] == Money(0, "EUR")
    with clock.set_to(at(11)):
        stay = stays.check_in(session, party, room=make.room(session, house, "102"), by=by)
    assert hour_fees.of_stay(session, stay, Hour.EARLY).amount == HALF


@SQLITE
def test_who_leaves_late_is_asked_for_it_by_the_hour_or_let_off_by_who_may(session):
    house = stepped(session)
    by, clerk = make.by(session, house), make.by(session, house, Role.FRONT_DESK)
    party = make.reservation(session, house, nights=0)
    party = make.reservation(session, house, nights=1)
    with clock.set_to(at(15)):
        stay = stays.check_in(session, party, room=make.room(session, house), by=by)
        assert hour_fees.of_stay(session, stay, Hour.EARLY) is None
    with clock.set_to(at(11, 59, days=1)):
        assert hour_fees.of_stay(session, stay, Hour.LATE) is None
    for moment, due in ((at(12, days=1), HALF), (at(1, days=2), Money(8_000, "EUR"))):
        with clock.set_to(moment):
            assert hour_fees.of_stay(session, stay, Hour.LATE).amount == due
    with clock.set_to(at(12, days=1)):
        facts = house_rules.Desk(
            session, stay.reservation, make.DAY + timedelta(days=1), stay=stay
        ).facts()
        assert Check.LATE_FEE in {fact.check for fact in facts}
        with pytest.raises(NotAllowed):
            hour_fees.settle(session, stay, Hour.LATE, waive="Friend", by=clerk)
        with pytest.raises(ReasonNeeded):
            hour_fees.settle(session, stay, Hour.LATE, waive=" ", by=by)
        fee = hour_fees.settle(session, stay, Hour.LATE, waive="Taxi came late", by=by)

        assert (fee.entry_id, fee.due, fee.waived_why) == (None, 5_000, "Taxi came late")
        assert hour_fees.of_stay(session, stay, Hour.LATE) is None


@SQLITE
def test_a_step_is_a_share_or_an_amount_and_each_hour_has_one(session):
    house = stepped(session)
    by, code = make.by(session, house), make.charge_code(session, house, "HOURS")

    for wrong in ({}, {"percent": 10, "amount": HALF}, {"percent": 101}, {"amount": -HALF}):
        with pytest.raises(Invalid):
            steps.add(session, house, Hour.EARLY, at=time(6), code=code, by=by, **wrong)
    with pytest.raises(steps.StepTaken):
        steps.add(session, house, Hour.LATE, at=time(12), percent=10, code=code, by=by)
    steps.remove(session, steps.of(session, house)[0], by=by)
    assert len(steps.of(session, house)) == 3


@SQLITE
def test_a_share_of_a_night_is_of_the_room_not_of_what_is_added_to_it(session):
    house = stepped(session)
    by, party = make.by(session, house), make.reservation(session, house)
    garage = packages.add(
        session, house, code="GARAGE", by=by,
        details=packages.Details(
            name="Garage", charge_code=make.charge_code(session, house, "GARAGE"),
            price=Money(2_000, "EUR"), per=Per.ROOM,
        ),
    )  # fmt: skip
    of_reservation.add(session, party, garage, by=by)

    with clock.set_to(at(11)):
        assert hour_fees.of_coming(session, party).amount == HALF


@SQLITE
def test_half_of_a_night_with_taxes_on_top_is_not_taxed_once_more(session):
    """20 % on top of 100.00 and 2.00 a head: half of 120.00 is asked for, by whichever code."""
    house = make.furnished(session)
    by, lodging = make.by(session, house), make.taxed_code(session, house)
    sales = taxes.add(
        session, house, code="SALES", name="Sales tax", kind=TaxKind.PERCENT,
        rate=20 * taxes.PERCENT, inclusive=False, by=by,
    )  # fmt: skip
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    of = taxes.add_class(session, house, code="S", name="Sales", taxes=[sales, city], by=by)
    lodging.tax_class_id = of.id
    rates.by_code(session, house, "BAR").charge_code_id = lodging.id
    steps.add(session, house, Hour.EARLY, at=time(14), percent=50, code=lodging, by=by)
    party = make.reservation(session, house)
    with clock.set_to(at(11)):
        due = hour_fees.of_coming(session, party)
        stay = stays.check_in(session, party, room=make.room(session, house), by=by)
        hour_fees.settle(session, stay, Hour.EARLY, expected=due.amount, by=by)

    assert (due.price, due.amount) == (Money(5_000, "EUR"), Money(6_000, "EUR"))
    folio = settlements.folio_of(session, party, by=by)
    assert folios.balance_of(session, folio)[1] == Money(6_000, "EUR")
