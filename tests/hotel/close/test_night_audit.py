"""The night audit: what blocks it, what is decided, what it does, and that it does it once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Entry
from pms.hotel.close import archive, night_audit, seals, verify
from pms.hotel.close.night_audit import (
    AlreadyClosed,
    AuditState,
    AuditStep,
    Blocked,
    Choice,
    Rules,
    StepState,
    Weight,
)
from pms.hotel.close.statistics import DayStatistics, SegmentStatistics
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.inventory import Hold, HoldState
from pms.hotel.rooms.rates import NightPrice
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.reservations import State
from tests import make, moulds
from tests.engines import ONE_ENGINE
from tests.hotel.close import lived
from tests.hotel.close.lived import FIRST, SECOND, party

DAY = timedelta(days=1)


@pytest.fixture
def house(session):
    return moulds.pour(session, lived.busy)


def everything_holds(session, hotel):
    wrong = [check for check in verify.checks(session, hotel) if not check.ok]
    assert wrong == []


def night_entries(session, hotel, night):
    return session.execute(
        sa.select(Entry.rule, sa.func.count())
        .where(Entry.hotel_id == hotel.id, Entry.service_night == night, ledger.standing())
        .group_by(Entry.rule)
        .order_by(Entry.rule)
    ).all()


def checks_by_name(session, hotel, rules=None):
    return {check.name: check for check in night_audit.check(session, hotel, rules)}


# --- before ---------------------------------------------------------------------------------------


@ONE_ENGINE
def test_what_is_in_the_way_is_named_with_its_cure_and_nothing_is_changed(session, house):
    with lived.night_of(SECOND):
        looks = checks_by_name(session, house)

        with pytest.raises(Blocked, match="1 departure still in house") as refused:
            night_audit.audit(session, house, by=make.by(session, house))

    assert looks["departures"].state is Weight.BLOCK
    assert looks["departures"].links == (("reservations", party(session, "Stayson").id),)
    assert "Extend" in looks["departures"].cure
    assert [check.name for check in refused.value.checks] == ["departures"]
    assert session.get(night_audit.Audit, (house.id, SECOND)) is None


@ONE_ENGINE
def test_arrivals_block_where_each_must_be_decided(session, house):
    with lived.night_of(SECOND):
        looks = checks_by_name(session, house, Rules(arrivals=None))

    assert looks["arrivals"].state is Weight.BLOCK
    assert len(looks["arrivals"].links) == 2


@ONE_ENGINE
def test_a_day_does_not_close_before_its_hour(session, house):
    with clock.set_to(lived.at(SECOND, hour=0, minute=59)), pytest.raises(Blocked, match="02:00"):
        night_audit.audit(session, house, by=make.by(session, house), rules=lived.RULES)

    with clock.set_to(lived.at(SECOND, hour=1)):
        looks = checks_by_name(session, house, lived.RULES)
    assert looks["hour"].state is Weight.PASS


@ONE_ENGINE
def test_it_closes_at_any_hour_when_told(session, house):
    rules = Rules(due_outs=Choice.EXTEND, at_any_hour=True)

    with clock.set_to(make.NOON + DAY):
        audit = night_audit.audit(session, house, by=make.by(session, house), rules=rules)

    assert audit.state is AuditState.DONE


@ONE_ENGINE
def test_a_batch_that_is_not_counted_and_a_guest_over_the_limit_are_only_named(session, house):
    house.credit_limit = 1
    session.commit()

    with lived.night_of(SECOND):
        looks = checks_by_name(session, house, lived.RULES)

    assert looks["batches"].state is Weight.WARN
    assert looks["limits"].state is Weight.WARN
    assert looks["books"].state is Weight.PASS


@ONE_ENGINE
def test_only_who_may_audits(session, house):
    with lived.night_of(SECOND), pytest.raises(NotAllowed):
        night_audit.audit(session, house, by=make.by(session, house, Role.HOUSEKEEPER))


def test_a_dry_run_says_what_would_be_posted_and_changes_nothing(session, house):
    before = session.scalar(sa.select(sa.func.count()).select_from(Entry))
    by = make.by(session, house)

    with lived.night_of(SECOND):
        preview = night_audit.dry_run(session, house, by=by, rules=lived.RULES)
        unchanged = session.scalar(sa.select(sa.func.count()).select_from(Entry))
        night_audit.audit(session, house, by=by, rules=lived.RULES)

    posted = session.scalar(
        sa.select(sa.func.count()).where(
            Entry.hotel_id == house.id, Entry.business_day == SECOND, Entry.service_night == SECOND
        )
    )
    assert unchanged == before
    assert len(preview.postings) == posted
    kept = session.get(DayStatistics, (house.id, SECOND))
    assert preview.net.minor == kept.room_revenue + 11_500  # a car, and a no-show's fee
    assert preview.taxes.minor == kept.taxes
    everything_holds(session, house)


# --- decisions ------------------------------------------------------------------------------------


def test_each_party_becomes_what_was_decided(session, house):
    lived.close(session, house)

    states = {each.guest.surname: each.state for each in lived.all_parties(session, house)}
    assert states == {
        "Paying": State.IN_HOUSE,
        "Sharing": State.IN_HOUSE,
        "Given": State.IN_HOUSE,
        "House": State.IN_HOUSE,
        "Stayson": State.IN_HOUSE,
        "Settled": State.DEPARTED,
        "Skipper": State.DEPARTED,
        "Deposit": State.BOOKED,
        "Nobody": State.NO_SHOW,
        "Guaranteed": State.NO_SHOW,
        "Kept": State.BOOKED,
        "Rolled": State.BOOKED,
        "Late": State.IN_HOUSE,
    }
    assert party(session, "Stayson").departure == SECOND + DAY
    assert party(session, "Rolled").arrival == SECOND + DAY
    assert party(session, "Kept").arrival == SECOND
    everything_holds(session, house)


@ONE_ENGINE
def test_only_a_guaranteed_no_show_pays_and_never_twice(session, house):
    lived.close(session, house)
    guaranteed = party(session, "Guaranteed")
    charged = settlements.open_balances(session, guaranteed)

    assert charged[1].minor == 10_000  # the night's price as a fee: nobody slept, no city tax
    assert settlements.open_balances(session, party(session, "Nobody")) == {}

    by = make.by(session, house)
    with clock.set_to(lived.at(SECOND, hour=4)), transaction(session):
        from pms.hotel.stays import reservations

        reservations.reinstate(session, guaranteed, by=by)
        room = rooms.by_number(session, house, "112")
        stays.check_in(session, guaranteed, room=room, by=by)
    lived.close(session, house)

    nights = session.scalars(
        sa.select(Entry.service_night).where(
            Entry.subject_id == guaranteed.id, Entry.rule == "room"
        )
    ).all()
    assert sorted(nights) == [SECOND, SECOND + DAY]
    everything_holds(session, house)


@ONE_ENGINE
def test_who_comes_after_the_roll_pays_last_night_too(session, house):
    lived.close(session, house)
    kept = party(session, "Kept")

    with clock.set_to(lived.at(SECOND, hour=3, minute=30)), transaction(session):
        room = rooms.by_number(session, house, "111")
        stays.check_in(session, kept, room=room, by=make.by(session, house))

    [(night, day)] = session.execute(
        sa.select(Entry.service_night, Entry.business_day).where(Entry.subject_id == kept.id)
    ).all()
    assert (night, day) == (SECOND, SECOND + DAY)
    everything_holds(session, house)


@ONE_ENGINE
def test_a_decision_must_fit_the_party(session, house):
    by = make.by(session, house)

    with transaction(session):
        with pytest.raises(night_audit.WrongChoice):
            night_audit.decide(session, house, party(session, "Nobody"), Choice.EXTEND, by=by)
        with pytest.raises(night_audit.WrongChoice, match="assign a room"):
            night_audit.decide(session, house, party(session, "Nobody"), Choice.CHECK_IN, by=by)
        with pytest.raises(night_audit.NothingToDecide):
            night_audit.decide(session, house, party(session, "Given"), Choice.EXTEND, by=by)


# --- what it does ---------------------------------------------------------------------------------


@ONE_ENGINE
def test_every_night_in_house_is_charged_once_as_its_rate_says(session, house):
    lived.close(session, house)

    assert night_entries(session, house, FIRST) == [("recurring:1", 1), ("room", 7)]
    # Paying, Sharing, Given, House, Stayson, Late and the no-show who was guaranteed
    assert night_entries(session, house, SECOND) == [("recurring:1", 1), ("room", 7)]
    given = session.scalar(
        sa.select(sa.func.sum(ledger.Line.amount))
        .join(Entry, Entry.id == ledger.Line.entry_id)
        .where(Entry.subject_id == party(session, "Given").id, ledger.Line.amount > 0)
    )
    assert given is None


@ONE_ENGINE
def test_the_day_rolls_by_one_and_is_sealed_onto_the_day_before(session, house):
    audit = lived.close(session, house)

    first, second = (seals.of_day(session, house, day) for day in (FIRST, SECOND))
    assert audit.day == SECOND
    assert house.business_date == SECOND + DAY
    assert first.previous == seals.NO_DAY_BEFORE
    assert second.previous == first.digest
    assert second.digest in archive.reprint(session, house, SECOND, "seal", "csv").decode()


@ONE_ENGINE
def test_rooms_slept_in_are_dirty_and_a_block_that_ended_returns(session, house):
    lived.close(session, house)

    conditions = {room.number: room.condition for room in rooms.all_rooms(session, house)}
    assert conditions["101"] is Condition.DIRTY
    assert conditions["110"] is Condition.DIRTY
    assert conditions["112"] is Condition.INSPECTED
    assert conditions["116"] is Condition.DIRTY
    assert session.scalar(sa.select(Hold.state)) is HoldState.RELEASED


@ONE_ENGINE
def test_the_horizon_moves_on_at_the_prices_of_a_year_before(session, house):
    lived.close(session, house)

    last = inventory.last_night(session, house)
    assert last == house.business_date + timedelta(days=inventory.DAYS_AHEAD)


def test_prices_are_those_of_the_same_weekday_a_year_before(session):
    with clock.set_to(make.NOON), transaction(session):
        house = make.furnished(session)
    lived.close(session, house)

    night = FIRST + timedelta(days=364 + 7)
    assert session.scalar(sa.select(NightPrice.price).where(NightPrice.night == night)) == 10_000
    assert night.weekday() == (FIRST + timedelta(days=7)).weekday()


def test_statistics_are_kept_and_add_up_by_market(session, house):
    lived.close(session, house)

    kept = session.get(DayStatistics, (house.id, SECOND))
    assert kept.occupied == 5  # 101 (shared), 102, 103, 104, 110
    assert (kept.complimentary, kept.house_use) == (1, 1)
    assert (kept.arrivals, kept.departures, kept.no_shows) == (1, 2, 3)
    assert kept.rooms == 16
    assert kept.out_of_order == 1
    rooms_by_market = session.scalars(
        sa.select(SegmentStatistics.rooms).where(SegmentStatistics.day == SECOND)
    ).all()
    assert sum(rooms_by_market) == kept.occupied


def test_what_was_printed_is_printed_again_byte_for_byte(session, house):
    lived.close(session, house)
    printed = archive.reprint(session, house, FIRST, "trial-balance", "csv")

    lived.close(session, house)

    assert archive.reprint(session, house, FIRST, "trial-balance", "csv") == printed
    names = {name for name, _, _ in archive.contents(session, house, SECOND)}
    assert names == {
        "journal",
        "trial-balance",
        "flash",
        "ageing",
        "credit-limits",
        "voids-and-adjustments",
        "rate-differences",
        "payments",
        "cashier",
        "seal",
    }


@ONE_ENGINE
def test_voids_name_who_and_why(session, house):
    lived.close(session, house)

    voids = archive.reprint(session, house, SECOND, "voids-and-adjustments", "csv").decode()
    assert "wrong room" in voids
    assert "Manager" in voids
    assert "Dvořák" not in voids


# --- again ----------------------------------------------------------------------------------------


@ONE_ENGINE
def test_a_closed_day_is_not_closed_again(session, house):
    lived.close(session, house)

    with pytest.raises(AlreadyClosed):
        lived.close(session, house, closing=SECOND)


@ONE_ENGINE
def test_days_close_in_order(session, house):
    with pytest.raises(night_audit.NotYet):
        lived.close(session, house, closing=SECOND + DAY)


def test_an_audit_that_failed_says_why_and_goes_on_from_there(session, house, monkeypatch):
    from pms.hotel.close.night_audit import steps

    def broken(*_):
        raise RuntimeError("the printer is on fire")

    monkeypatch.setattr(steps.lists, "archived", broken)
    with pytest.raises(RuntimeError):
        lived.close(session, house)
    archiving = session.scalar(
        sa.select(AuditStep)
        .where(AuditStep.day == SECOND, AuditStep.name == "archive")
        .execution_options(populate_existing=True)
    )
    assert archiving.state is StepState.FAILED
    assert "on fire" in archiving.error
    assert house.business_date == SECOND + DAY

    monkeypatch.undo()
    lived.close(session, house, rules=Rules(due_outs=Choice.CHECK_OUT_WITH_BALANCE))
    states = session.scalars(
        sa.select(night_audit.Audit.state).execution_options(populate_existing=True)
    ).all()
    assert states == [AuditState.DONE] * 3
    everything_holds(session, house)


def test_three_missed_days_are_closed_one_by_one(session):
    house = lived.plain(session)
    last = FIRST + timedelta(days=2)

    with lived.night_of(last):
        audits = night_audit.audit_until(session, house, last, by=make.by(session, house))

    assert [audit.day for audit in audits] == [FIRST, FIRST + DAY, last]
    assert house.business_date == last + DAY
    assert all(night_entries(session, house, FIRST + n * DAY) == [("room", 2)] for n in range(3))
    everything_holds(session, house)
