"""Options that run out, waiting that is answered, and turnaways with their reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.close import night_audit, verify
from pms.hotel.close.night_audit import Choice, Weight
from pms.hotel.rooms import inventory, policies, rates
from pms.hotel.rooms.rooms import by_number
from pms.hotel.stays import reservations, stays, turnaways, waitlist
from pms.hotel.stays.reservations import State
from pms.hotel.stays.turnaways import TurnawayKind, Why
from pms.hotel.stays.waitlist import Waiting
from tests import make
from tests.hotel.close import lived

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT, THIRD = make.DAY + timedelta(days=1), make.DAY + timedelta(days=2)


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON):
        yield make.furnished(session, rooms=2)


def waits(session, house, surname="Sato", **details):
    return waitlist.put(
        session, house, guest=make.guest(session, house, surname),
        room_type=make.room_type(session, house), plan=rates.by_code(session, house, "BAR"),
        by=make.by(session, house),
        **{"arrival": NEXT, "departure": THIRD, "adults": 2} | details,
    )  # fmt: skip


def test_the_audit_cancels_an_option_nobody_confirmed(session):
    house = lived.plain(session, parties=0)
    by = make.by(session, house)
    with clock.set_to(make.NOON), transaction(session):
        lost, firm, later = (
            make.reservation(session, house, arrival=THIRD, surname=name)
            for name in ("Lost", "Firm", "Later")
        )
        for party, until in ((lost, make.DAY), (firm, make.DAY), (later, NEXT)):
            reservations.keep_until(session, party, until=until, by=by)
        reservations.confirm(session, firm, by=by)
        waits(session, house, until=make.DAY)
    with pytest.raises(reservations.NoOption):
        reservations.confirm(session, firm, by=by)
    session.rollback()
    lived.close(session, house)

    assert [each.state for each in (lost, firm, later)] == [
        State.CANCELLED, State.BOOKED, State.BOOKED,
    ]  # fmt: skip
    assert lost.cancel_reason == "Option ran out on 2026-11-20"
    assert reservations.running_out(session, house, THIRD) == [later]
    entry = session.scalars(sa.select(waitlist.WaitlistEntry)).one()
    assert entry.state is Waiting.EXPIRED
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_an_option_confirmed_while_others_run_out_stands(session, house):
    by = make.by(session, house)
    lost, firm = (make.reservation(session, house, arrival=NEXT, surname=n) for n in "ab")
    for party in (lost, firm):
        reservations.keep_until(session, party, until=make.DAY, by=by)

    ends = reservations.expire_options(session, house, by=by)
    assert next(ends) == lost.number
    reservations.confirm(session, firm, by=by)

    assert list(ends) == []
    assert firm.state is State.BOOKED


@SQLITE
def test_an_option_that_ends_on_its_arrivals_day_is_no_no_show(session):
    house = lived.plain(session, parties=0)
    by = make.by(session, house)
    with clock.set_to(make.NOON), transaction(session):
        policies.attach(
            session, rates.by_code(session, house, "BAR"), make.policy(session, house), by=by
        )
        card = {"guarantee": reservations.Guarantee.CARD}
        lost, late = (make.reservation(session, house, surname=n, **card) for n in ("a", "b"))
        for party in (lost, late):
            reservations.keep_until(session, party, until=make.DAY, by=by)
        stays.assign(session, late, room=by_number(session, house, "101"), by=by)
        night_audit.decide(session, house, late, Choice.CHECK_IN, by=by)
    with lived.night_of(make.DAY):
        one_by_one = night_audit.check(session, house, night_audit.Rules(arrivals=None))
        preview = night_audit.dry_run(session, house, by=by, rules=lived.RULES)
    assert {each.name: each.state for each in one_by_one}["arrivals"] is not Weight.BLOCK
    assert preview.arrivals == (late.number,)

    lived.close(session, house)

    assert (lost.state, lost.folio_id) == (State.CANCELLED, None)
    assert late.state is State.IN_HOUSE


@SQLITE
def test_who_comes_has_confirmed_and_an_option_ends_before_the_arrival(session, house):
    by = make.by(session, house)
    party = make.reservation(session, house)
    for until in (make.DAY - timedelta(days=1), NEXT):
        with pytest.raises(reservations.OptionAfterArrival):
            reservations.keep_until(session, party, until=until, by=by)
    reservations.keep_until(session, party, until=make.DAY, by=by)

    stays.check_in(session, party, room=by_number(session, house, "101"), by=by)

    assert party.option_date is None
    with pytest.raises(IntegrityError):
        session.execute(sa.text("UPDATE reservations SET option_date = '2026-11-20'"))


@SQLITE
def test_who_waits_can_be_booked_when_a_room_comes_free(session, house):
    by = make.by(session, house)
    taken = [make.reservation(session, house, arrival=NEXT, nights=1) for _ in range(2)]
    entry = waits(session, house)
    first = waits(session, house, "Urgent", priority=1)
    assert [each.entry for each in waitlist.places(session, house)] == [first, entry]
    assert {each.full_on for each in waitlist.places(session, house)} == {NEXT}
    with pytest.raises(inventory.SoldOut), session.begin_nested():
        waitlist.accept(session, entry, by=by)

    reservations.cancel(session, taken[0], reason="ill", by=by)

    assert all(each.can_be_booked for each in waitlist.places(session, house))
    waitlist.offer(session, first, by=by)
    made = waitlist.accept(session, first, by=by)
    assert (made.guest.surname, first.state, first.reservation_id) == (
        "Urgent", Waiting.BOOKED, made.id,
    )  # fmt: skip
    waitlist.withdraw(session, entry, by=by)
    assert waitlist.places(session, house) == []
    with pytest.raises(waitlist.WaitsNoMore):
        waitlist.accept(session, entry, by=by)
    with pytest.raises(Invalid, match="until they would come"):
        waits(session, house, until=THIRD)


def test_turnaways_add_up_by_reason_and_stay_as_they_were_written(session, house):
    by = make.by(session, house)
    stay = {"arrival": NEXT, "departure": NEXT + timedelta(days=3), "by": by}
    turnaways.note(session, house, why=Why.SOLD_OUT, rooms=2, **stay)
    turnaways.note(session, house, why=Why.PRICE, words="Neighbour is 20 cheaper", **stay)
    turnaways.note(session, house, why=Why.SOLD_OUT, **stay)

    lost = turnaways.by_reason(session, house, make.DAY, make.DAY)

    assert [(each.why, each.times, each.room_nights) for each in lost] == [
        (Why.SOLD_OUT, 2, 9),
        (Why.PRICE, 1, 3),
    ]
    noted = turnaways.of_days(session, house, make.DAY, make.DAY)
    assert {each.kind for each in noted} == {TurnawayKind.DENIAL, TurnawayKind.REGRET}
    assert turnaways.by_day(noted) == {make.DAY: (2, 1)}
    with pytest.raises(IntegrityError):
        session.execute(sa.text("UPDATE turnaways SET why = 'other'"))
