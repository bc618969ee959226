"""Payroll: periods that lock with their evidence, corrections in the next, tips to the cent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.close import verify
from pms.hotel.house import logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.people import away, employees, payroll, tips
from pms.hotel.people.absences import AbsenceKind, AbsentDay
from pms.hotel.people.employees import PayBasis, PayrollSystem, Position, pay
from pms.hotel.people.exports import Frequency, Target
from pms.hotel.people.pay import HOURS, ExtraKind, PayKind, california, us_federal
from pms.hotel.people.payroll import (
    PayExport,
    PeriodState,
    corrections,
    evidence,
    exporting,
    figures,
)
from pms.hotel.people.payroll.locking import DayIsLocked, LockedUntil
from pms.hotel.people.payroll.refusals import (
    AnotherFollows,
    FiguresChanged,
    LockInOrder,
    NobodyToPay,
    NotLocked,
    NotOver,
    OwnReview,
    PeriodsMeet,
    SomethingMissing,
    WrongState,
)
from pms.hotel.people.payroll.rule_sets import LawIsLocked, WeekIsFixed
from pms.hotel.people.payroll.tables import PaidLine, PayPeriod
from pms.hotel.people.timeclock import TimeEntry, approving, editing
from pms.hotel.people.tips import PoolKind, SharedBy, TipPool
from pms.hotel.people.tips.pools import ManagersShareNothing, PoolOpenAlready
from tests import make
from tests.hotel.people import make_people, paying
from tests.hotel.people.paying import FIRST, LAST

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def house_with_ana(session: Session, *hours: int):
    """A hotel, and Ana who worked some hours of some days at 15.00."""
    house = paying.hotel(session)
    ana = make_people.employed(session, house)
    paying.days(session, ana, *(hours or (8, 8, 8, 8, 8, 6, 0, 8, 8, 8)))
    return house, ana


# --- a period -------------------------------------------------------------------------------------


def test_a_period_goes_from_hours_to_a_locked_file(session):
    house, ana = house_with_ana(session)
    by, boss = make.by(session, house, Role.ACCOUNTANT), make.by(session, house)
    period = payroll.open_period(
        session,
        house,
        first=FIRST,
        last=LAST,
        pays_on=date(2026, 11, 20),
        frequency=Frequency.BIWEEKLY,
        by=by,
    )

    payroll.review(session, period, by=by)
    payroll.approve(session, period, by=boss)
    payroll.lock_period(session, period, by=by)
    employees.set_payroll_number(
        session, ana.employee, system=PayrollSystem.ADP_RUN, number="000101", by=boss
    )
    payroll.set_settings(session, house, Target.ADP_RUN, company="R1ABC", codes={}, by=by)
    file = payroll.export(session, period, Target.ADP_RUN, by=by)

    assert period.state is PeriodState.EXPORTED
    lines = paying.owed(session, period)
    assert sum(each.minutes for each in lines if each.kind in HOURS) == 70 * 60
    otherwise = [each._replace(because="Said otherwise") for each in lines]
    dearer = [each._replace(amount=each.amount + 1) for each in lines]
    assert figures.worth(otherwise) == figures.worth(lines) != figures.worth(dearer)
    assert paying.paid(lines) == "1095.00"  # 70 h at 15.00, and half of it for 6 h
    content = payroll.reprint(session, file, by=by)
    assert content.decode().split("\r\n")[2:4] == [
        "R1ABC,B,11/01/2026,11/14/2026,000101,REG,64.00,,0,,BASE",
        "R1ABC,B,11/01/2026,11/14/2026,000101,OVT,6.00,,0,,BASE",
    ]
    again = payroll.export(session, period, Target.ADP_RUN, by=by)
    assert again.id == file.id
    assert [each.verb for each in logbook.history(session, period)] == [
        *("exported", "exported", "locked", "approved", "reviewed", "opened"),
    ]


def refused_by_the_database(session: Session, sql: str, **values: object) -> bool:
    """Tell whether the database refuses a statement that goes round the verbs."""
    try:
        with session.begin_nested():
            session.execute(sa.text(sql), values)
    except IntegrityError:
        return True
    return False


LOCKED = """
UPDATE pay_lines SET amount = amount + 1;
DELETE FROM pay_lines;
DELETE FROM pay_pieces;
UPDATE pay_extras SET amount = 1;
DELETE FROM pay_period_rules;
UPDATE pay_exports SET name = 'x';
UPDATE pay_rules SET valid_from = '2027-01-01';
DELETE FROM pay_bonuses;
UPDATE pay_bonuses SET amount = 1;
UPDATE pay_periods SET state = 'open', fingerprint = NULL;
UPDATE pay_periods SET state = 'approved';
UPDATE pay_periods SET pays_on = '2027-01-01';
UPDATE pay_periods SET reviewed_by = NULL;
UPDATE pay_periods SET approved_by = NULL;
UPDATE pay_periods SET locked_at = NULL;
UPDATE pay_periods SET approved_at = '2027-01-01 00:00:00+00:00';
UPDATE pay_periods SET frequency = NULL;
DELETE FROM pay_periods;
INSERT INTO pay_lines (hotel_id, id, period_id, employee_id, day, kind, minutes, amount,
because, source) SELECT hotel_id, 1, period_id, employee_id, day, kind, minutes, amount,
because, source FROM pay_lines LIMIT 1;
INSERT INTO pay_periods (hotel_id, id, first, last, pays_on, state, version) SELECT hotel_id, 2,
last, last, pays_on, 'open', 1 FROM pay_periods;
INSERT INTO pay_periods (hotel_id, id, first, last, pays_on, state, fingerprint, version) SELECT
hotel_id, 3, '2027-01-01', '2027-01-02', '2027-01-03', 'locked', fingerprint, 1 FROM pay_periods;
INSERT INTO pay_rules (hotel_id, id, jurisdiction, valid_from, data, staff_id, made_at) SELECT
hotel_id, 4, jurisdiction, valid_from, data, staff_id, made_at FROM pay_rules;
INSERT INTO pay_bonuses (hotel_id, id, employee_id, day, kind, amount, words, staff_id, made_at)
SELECT hotel_id, 5, employee_id, day, kind, amount, words, staff_id, made_at FROM pay_bonuses
"""


def test_the_database_itself_keeps_a_locked_period(session):
    house, ana = house_with_ana(session)
    by = make.by(session, house)
    payroll.give_bonus(
        session,
        ana.employee,
        on=FIRST,
        kind=ExtraKind.EARNED_BONUS,
        amount=Money(5_000, "USD"),
        words="For the season",
        by=by,
    )
    period = paying.period(session, house, until="locked")
    payroll.export(session, period, Target.GENERIC, by=by)

    assert [sql for sql in LOCKED.split(";") if not refused_by_the_database(session, sql)] == []


def test_what_changes_after_the_lock_is_paid_once_in_the_next_period(session):
    house, ana = house_with_ana(session)
    ben = make_people.employed(session, house, "Ben Okafor")
    paying.days(session, ben, 8, 8)
    first = paying.period(session, house, until="locked")
    before = payroll.standing(session, first)[1]
    found = make_people.worked(session, ana, "2026-11-11 08:00", "2026-11-11 16:00", approved=False)
    approving.approve(session, found, by=make.by(session, house))
    paying.days(session, ana, 8, since=date(2026, 11, 15))
    second = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 19))

    lines = paying.owed(session, second)

    carried = [each for each in lines if each.corrects_id == first.id]
    assert [(each.employee_id, each.minutes, each.amount) for each in carried] == [
        (ana.employee_id, 480, 12_000)
    ]
    assert "0:00 h became 8:00 h" in carried[0].because
    assert payroll.standing(session, first)[1] == before
    payroll.review(session, second, by=make.by(session, house, Role.ACCOUNTANT))
    for step in (payroll.approve, payroll.lock_period):
        step(session, second, by=make.by(session, house))
    third = paying.period(session, house, date(2026, 11, 20), date(2026, 11, 28))
    assert corrections.differences(session, house, third) == ([], [])


@ON_SQLITE
def test_what_is_found_out_thirty_periods_later_is_still_paid(session):
    house = paying.hotel(session)
    ana = make_people.employed(session, house)
    days = [FIRST - timedelta(days=n) for n in range(30, 0, -1)]
    for each in days:
        paying.day(session, ana, each, 1)
    entries = session.scalars(sa.select(TimeEntry).order_by(TimeEntry.service_day)).all()
    for each in days:
        paying.period(session, house, each, each, until="locked")
    by = make.by(session, house, Role.ACCOUNTANT)
    since = make_people.instant(house, f"{days[0]} 08:00")
    times = editing.Times(ana, since, since + timedelta(hours=3))
    editing.correct(session, entries[0], times, why="Two hours more", by=by)
    approving.approve(session, entries[0], by=make.by(session, house))

    running = paying.period(session, house)
    (line,) = paying.owed(session, running)
    assert (line.day, line.minutes, line.amount) == (days[0], 120, 3000)


@ON_SQLITE
def test_hours_of_a_locked_period_that_nobody_approves_are_named_until_somebody_does(session):
    house, ana = house_with_ana(session)
    ben = make_people.employed(session, house, "Ben Okafor")
    paying.day(session, ben, FIRST, 8, approved=False)
    paying.period(session, house, until="locked")
    running = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 28))

    def named() -> list[str]:
        gaps = payroll.standing(session, running)[2]
        return [gap.words for gap in gaps if "locked period" in gap.sentence]

    assert named() == ["Hours of a locked period wait for approval: Ben Okafor."]
    by = make.by(session, house)
    hers = session.scalars(sa.select(TimeEntry).filter_by(employee_id=ana.employee_id)).first()
    approving.take_back(session, hers, why="Wrong day", by=by)
    assert named() == ["Hours of a locked period wait for approval: Ana Reyes, Ben Okafor."]
    approving.approve_days(session, house, first=FIRST, last=LAST, by=by)
    assert named() == []
    assert paying.paid(paying.owed(session, running)) == "120.00"


@ON_SQLITE
def test_an_hour_taken_back_is_taken_off_and_waits_until_it_is_approved(session):
    house, ana = house_with_ana(session, 8)
    entry = make_people.worked(session, ana, "2026-11-03 08:00", "2026-11-03 16:00")
    first = paying.period(session, house, until="locked")
    by = make.by(session, house)
    shorter = editing.Times(
        ana,
        make_people.instant(house, "2026-11-03 08:00"),
        make_people.instant(house, "2026-11-03 15:00"),
        [],
    )
    head = make_people.head(session, house)
    editing.correct(session, entry, shorter, why="Left early", by=head)
    second = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 19))

    lines, gaps = corrections.differences(session, house, second)
    assert lines == []
    assert [gap.words for gap in gaps] == ["Hours of a locked period wait for approval: Ana Reyes."]

    approving.approve(session, entry, by=by)
    lines, gaps = corrections.differences(session, house, second)
    assert [(each.minutes, each.amount) for each in lines] == [(-60, -1500)]
    assert gaps == []
    assert first.state is PeriodState.LOCKED


@ON_SQLITE
def test_a_period_that_cuts_a_week_pays_its_overtime_when_the_week_ends(session):
    house, _ = house_with_ana(session, 10, 10, 10, 10, 10)
    first = paying.period(session, house, FIRST, date(2026, 11, 4), until="locked")
    second = paying.period(session, house, date(2026, 11, 5), date(2026, 11, 11))

    cut, rest = paying.owed(session, first), paying.owed(session, second)

    assert paying.paid(cut) == "600.00"
    assert paying.paid(rest, PayKind.OVERTIME) == "150.00"
    assert paying.paid(rest, PayKind.OVERTIME_PREMIUM) == "75.00"
    warned = figures.gaps(
        session, house, first, evidence.gather(session, house, first.first, first.last)
    )
    assert [(gap.stops, gap.words) for gap in warned] == [
        (False, "The period cuts a workweek: its overtime is paid when it ends, on 07 Nov 2026.")
    ]


@ON_SQLITE
def test_each_step_is_refused_out_of_turn(session):
    house, ana = house_with_ana(session)
    by, accountant = make.by(session, house), make.by(session, house, Role.ACCOUNTANT)
    period = paying.period(session, house)

    with pytest.raises(WrongState, match="This pay period is open"):
        payroll.approve(session, period, by=by)
    with pytest.raises(NotLocked):
        payroll.export(session, period, Target.GENERIC, by=by)
    with pytest.raises(PeriodsMeet, match="ends on 14 Nov 2026"):
        paying.period(session, house, date(2026, 11, 16), date(2026, 11, 20))

    payroll.review(session, period, by=accountant)
    paying.day(session, ana, date(2026, 11, 12), 4)
    with pytest.raises(FiguresChanged):
        payroll.approve(session, period, by=by)
    payroll.reopen(session, period, why="A shift was missing", by=by)
    payroll.review(session, period, by=by)
    with pytest.raises(OwnReview):
        payroll.approve(session, period, by=by)
    payroll.reopen(session, period, why="Two people look", by=by)
    payroll.review(session, period, by=accountant)
    payroll.approve(session, period, by=by)

    running = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 28))
    paying.days(session, ana, 8, since=date(2026, 11, 15))
    payroll.review(session, running, by=accountant)
    payroll.approve(session, running, by=by)
    with pytest.raises(NotOver, match="28 Nov 2026"):
        payroll.lock_period(session, running, by=by)
    paying.roll(session, house, date(2026, 11, 29))
    with pytest.raises(LockInOrder, match="until 14 Nov 2026"):
        payroll.lock_period(session, running, by=by)
    payroll.lock_period(session, period, by=by)
    with pytest.raises(WrongState):
        payroll.reopen(session, period, why="Too late", by=by)
    with pytest.raises(DayIsLocked):
        payroll.declare_tips(session, ana.employee, on=FIRST, amount=Money(100, "USD"), by=by)
    with pytest.raises(LawIsLocked, match=r"under DE is locked until 14 Nov 2026.*15 Nov 2026 on"):
        payroll.set_rules(session, house, "DE", us_federal(), valid_from=LAST, by=by)


@ON_SQLITE
def test_a_period_opened_with_the_wrong_days_is_taken_back(session):
    house, _ = house_with_ana(session)
    boss = make.by(session, house)
    first = paying.period(session, house)
    wrong = paying.period(session, house, date(2026, 11, 15), date(2026, 12, 14))

    with pytest.raises(AnotherFollows, match="until 14 Dec 2026 comes after"):
        payroll.take_period_back(session, first, by=boss)
    with pytest.raises(NotAllowed):
        payroll.take_period_back(session, wrong, by=make.by(session, house, Role.FRONT_DESK))
    payroll.take_period_back(session, wrong, by=boss)
    right = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 28))
    assert payroll.latest(session, house).id == right.id
    payroll.take_period_back(session, right, by=boss)
    paying.go(session, house, first, until="reviewed")
    with pytest.raises(WrongState):
        payroll.take_period_back(session, first, by=boss)


@ON_SQLITE
def test_what_is_missing_stops_a_period_with_the_names(session):
    house = paying.hotel(session)
    by = make.by(session, house)
    period = paying.period(session, house)
    with pytest.raises(NobodyToPay):
        payroll.review(session, period, by=by)

    nameless = make_people.employed(session, house, "Cy Ito", rate=None)
    paying.day(session, nameless, FIRST, 8)
    waits = make_people.employed(session, house, "Ben Okafor")
    paying.day(session, waits, FIRST, 8, approved=False)

    with pytest.raises(SomethingMissing, match="Nobody wrote down what they are paid: Cy Ito"):
        payroll.review(session, period, by=by)
    gaps = payroll.standing(session, period)[2]
    assert [(gap.stops, gap.names) for gap in gaps] == [
        (True, ("Cy Ito",)),
        (False, ("Ben Okafor",)),
    ]


@ON_SQLITE
def test_rules_hold_from_a_day_and_a_workweek_begins_on_one_day_for_good(session):
    house, _ = house_with_ana(session, 10)
    by = make.by(session, house)
    period = paying.period(session, house)
    assert paying.paid(paying.owed(session, period)) == "150.00"

    payroll.set_rules(session, house, "DE", california(), valid_from=date(2026, 11, 7), by=by)
    # 16.90 an hour, half of it for two hours
    assert paying.paid(paying.owed(session, period)) == "185.90"

    with pytest.raises(WeekIsFixed):
        payroll.set_rules(
            session, house, "DE", replace(us_federal(), week_starts=0), valid_from=LAST, by=by
        )
    assert [each.data["name"] for each in payroll.history(session, house)] == [
        "United States, federal",
        "California",
    ]


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.HOUSEKEEPING_MANAGER, Role.ACCOUNTANT])
def test_each_step_wants_its_permission(session, role):
    house, ana = house_with_ana(session)
    period = paying.period(session, house, until="approved")
    somebody = make.by(session, house, role)
    reviewed = PayPeriod(hotel_id=house.id, state=PeriodState.REVIEWED)

    with pytest.raises(NotAllowed):
        payroll.approve(session, reviewed, by=somebody)
    with pytest.raises(NotAllowed):
        payroll.set_rules(session, house, "US", us_federal(), valid_from=LAST, by=somebody)
    if role is Role.ACCOUNTANT:
        payroll.lock_period(session, period, by=somebody)
        return
    for verb, thing, details in (
        (payroll.lock_period, period, {}),
        (payroll.review, period, {}),
        (payroll.export, period, {"target": Target.GENERIC}),
        (payroll.declare_tips, ana.employee, {"on": FIRST, "amount": Money(100, "USD")}),
    ):
        with pytest.raises(NotAllowed):
            verb(session, thing, **details, by=somebody)


def test_rules_are_locked_by_what_went_by_them_and_no_others(session):
    """One was paid under DE, one in California by the country's rules, nobody in Texas."""
    house, _ = house_with_ana(session, 8)
    by = make.by(session, house)
    since = date(2026, 1, 1)
    payroll.set_rules(session, house, "US", us_federal(), valid_from=since, by=by)
    ben = make_people.employed(session, house, "Ben Okafor")
    ben.jurisdiction = "US-CA"
    session.flush()
    paying.day(session, ben, FIRST, 8)
    paying.period(session, house, until="locked")

    for locked in ("DE", "US", "US-CA"):
        with pytest.raises(LawIsLocked, match=f"under {locked} is locked until 14 Nov 2026"):
            payroll.set_rules(session, house, locked, us_federal(), valid_from=FIRST, by=by)
    for free in ("US-TX", "FR"):
        payroll.set_rules(session, house, free, us_federal(), valid_from=since, by=by)
    after = LAST + timedelta(days=1)
    payroll.set_rules(session, house, "US-CA", california(), valid_from=after, by=by)
    past = "UPDATE pay_rules SET jurisdiction = 'US' WHERE jurisdiction = 'FR'"
    assert refused_by_the_database(session, past)
    copied = (
        "INSERT INTO pay_rules (hotel_id, id, jurisdiction, valid_from, data, staff_id, made_at)"
        " SELECT hotel_id, 1, 'US', valid_from, data, staff_id, made_at FROM pay_rules"
        " WHERE jurisdiction = 'FR'"
    )
    assert refused_by_the_database(session, copied)
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


# --- tips -----------------------------------------------------------------------------------------


def test_a_pool_is_shared_to_the_cent_and_not_with_managers(session):
    house = paying.hotel(session, opens_on=date(2026, 11, 2))
    server = make_people.position(session, house, "SERVER", tipped=True)
    runner = make_people.position(session, house, "RUNNER")
    boss = make_people.position(session, house, "BOSS", department=Department.MANAGEMENT)
    by = make.by(session, house)
    pool = paying.pool(session, house, runner, server, shared_by=SharedBy.POINTS)
    for name, held in (("Ana Reyes", server), ("Ben Okafor", runner), ("Cy Ito", runner)):
        paying.day(
            session, make_people.employed(session, house, name, held=held), date(2026, 11, 2), 6
        )
    chief = make_people.employed(session, house, "Di Chief", held=server)
    chief.employee.is_manager = True
    paying.day(session, chief, date(2026, 11, 2), 8)
    paying.tip(session, house, "100.01")
    paying.roll(session, house, date(2026, 11, 20))

    period = paying.period(session, house, until="locked")

    shares = {
        each.employee_id: each.amount
        for each in paying.owed(session, period)
        if each.kind is PayKind.TIPS
    }
    assert sorted(shares.values()) == [2500, 2500, 5001]
    assert chief.employee_id not in shares
    with pytest.raises(ManagersShareNothing):
        tips.put_position(session, pool, boss, by=by)
    with pytest.raises(PoolOpenAlready):
        paying.pool(session, house)
    assert refused_by_the_database(
        session,
        "INSERT INTO tip_pool_positions (hotel_id, pool_id, position_id, points)"
        " VALUES (:hotel, :pool, :position, 1)",
        hotel=house.id,
        pool=pool.id,
        position=boss.id,
    )


@ON_SQLITE
def test_money_of_a_day_without_anybody_waits_for_the_next_and_stops_the_lock_if_none_comes(
    session,
):
    house = paying.hotel(session, opens_on=date(2026, 11, 2))
    server = make_people.position(session, house, "SERVER")
    paying.pool(session, house, server)
    paying.tip(session, house, "9.00")
    agent = make_people.employed(session, house, "Cy Ito")
    paying.day(session, agent, date(2026, 11, 2), 8)
    period = paying.period(session, house)

    with pytest.raises(
        SomethingMissing, match=r"the tips of “Restaurant” worked, and US\$9.00 of tips"
    ):
        payroll.review(session, period, by=make.by(session, house))

    ana = make_people.employed(session, house, held=server)
    paying.day(session, ana, date(2026, 11, 5), 8)
    [line] = [each for each in paying.owed(session, period) if each.kind is PayKind.TIPS]
    assert (line.day, line.amount, line.employee_id) == (date(2026, 11, 5), 900, ana.employee_id)
    assert line.because == "Restaurant: 480 of 480 min"


@ON_SQLITE
def test_a_service_charge_is_wages_and_a_declared_tip_is_not(session):
    house = paying.hotel(session, opens_on=date(2026, 11, 2))
    server = make_people.position(session, house, "SERVER")
    paying.pool(session, house, server, kind=PoolKind.SERVICE_CHARGE)
    ana = make_people.employed(session, house, held=server, rate="10.00")
    paying.days(session, ana, 8, 8, 8, 8, 8, 6)
    paying.tip(session, house, "46.00")
    payroll.declare_tips(
        session,
        ana.employee,
        on=date(2026, 11, 2),
        amount=Money(9_900, "USD"),
        by=make.by(session, house),
    )

    lines = paying.owed(session, paying.period(session, house))

    # 460.00 and 46.00 over 46 h are 11.00, half of it for 6 h
    assert paying.paid(lines, PayKind.OVERTIME_PREMIUM) == "33.00"
    assert paying.paid(lines, PayKind.SERVICE_CHARGE) == "46.00"
    assert paying.paid(lines, PayKind.CASH_TIPS) == "99.00"


# --- files ----------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_file_names_who_has_no_number_and_stays_as_it_was_made(session):
    house, _ = house_with_ana(session)
    by = make.by(session, house)
    period = paying.period(session, house, until="locked")
    payroll.set_settings(session, house, Target.ADP_RUN, company="R1", codes={}, by=by)

    with pytest.raises(Refusal, match="ADP RUN needs an employee ID for: Ana Reyes"):
        payroll.export(session, period, Target.ADP_RUN, by=by)
    assert period.state is PeriodState.LOCKED

    file = payroll.export(session, period, Target.GENERIC, by=by)
    renamed = {PayKind.REGULAR: "NORMAL"}
    payroll.set_settings(session, house, Target.GENERIC, company="", codes=renamed, by=by)
    other = payroll.export(session, period, Target.GENERIC, by=by)
    assert other.id != file.id
    assert b",regular," in payroll.reprint(session, file, by=by)
    assert b",NORMAL," in payroll.reprint(session, other, by=by)
    assert len(payroll.files(session, period)) == 2
    assert session.get(Hotel, house.id) is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(PayExport)) == 2
    assert session.scalar(sa.select(sa.func.count()).select_from(PaidLine)) > 0


# --- reached around -------------------------------------------------------------------------------


@ON_SQLITE
def test_hours_moved_out_of_a_locked_period_are_taken_off_it(session):
    house, ana = house_with_ana(session, 8)
    entry = make_people.worked(session, ana, "2026-11-13 08:00", "2026-11-13 16:00")
    first = paying.period(session, house, until="locked")
    by = make.by(session, house)
    since, until = (
        make_people.instant(house, wall) for wall in ("2026-11-16 08:00", "2026-11-16 16:00")
    )
    moved = editing.Times(ana, since, until)
    editing.correct(session, entry, moved, why="It was Monday", by=make_people.head(session, house))
    approving.approve(session, entry, by=by)
    second = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 19))

    lines = paying.owed(session, second)

    assert [(each.day, each.amount, each.corrects_id) for each in lines] == [
        (date(2026, 11, 16), 12_000, None),
        (date(2026, 11, 13), -12_000, first.id),
    ]


@ON_SQLITE
def test_who_shared_in_a_pool_and_manages_since_is_paid_on(session):
    house = paying.hotel(session, opens_on=date(2026, 11, 12))
    server = make_people.position(session, house, "SERVER")
    paying.pool(session, house, server, kind=PoolKind.SERVICE_CHARGE)
    ana = make_people.employed(session, house, held=server)
    paying.day(session, ana, date(2026, 11, 12), 8)
    paying.tip(session, house, "46.00")
    paying.roll(session, house, date(2026, 11, 20))
    paying.period(session, house, until="locked")
    ana.employee.is_manager = True
    paying.day(session, ana, date(2026, 11, 16), 8)

    second = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 19), until="locked")

    assert paying.paid(paying.owed(session, second)) == "120.00"


@ON_SQLITE
def test_a_salary_with_overtime_that_is_not_exempt_is_warned_of_by_name(session):
    house = paying.hotel(session)
    for name, exempt in (("Ana Reyes", False), ("Ben Okafor", True)):
        held = make_people.employed(session, house, name, rate=None)
        held.exempt = exempt
        pay.set_rate(
            session,
            held,
            amount=Money.parse("800.00", "USD"),
            basis=PayBasis.WEEK,
            valid_from=held.begins_on,
            by=make.by(session, house),
        )
        paying.days(session, held, 10, 10, 10, 10, 10)

    _, _, gaps = payroll.standing(session, paying.period(session, house))

    assert [(gap.stops, gap.names) for gap in gaps] == [(False, ("Ana Reyes",))]
    assert gaps[0].words.startswith("Paid by salary, worked overtime and isn't exempt")


@ON_SQLITE
def test_a_salary_for_forty_hours_pays_its_overtime_and_stays_so_when_locked(session):
    house = paying.hotel(session)
    ana = make_people.employed(session, house, rate=None)
    by = make.by(session, house)
    salary = {"basis": PayBasis.MONTH, "valid_from": ana.begins_on, "by": by}
    for minutes, basis in ((60, PayBasis.HOUR), (-1, PayBasis.MONTH), (10_081, PayBasis.MONTH)):
        with pytest.raises(Invalid):
            wrong = {**salary, "basis": basis, "week_minutes": minutes}
            pay.set_rate(session, ana, amount=Money.parse("1.00", "USD"), **wrong)
    amount = Money.parse("5200.00", "USD")  # 1,200.00 a week, 30.00 an hour
    pay.set_rate(session, ana, amount=amount, week_minutes=2400, **salary)
    paying.days(session, ana, 10, 10, 10, 10, 4)
    made = paying.period(session, house)
    _, lines, gaps = payroll.standing(session, made)

    assert paying.paid(lines) == "180.00"
    assert gaps == []
    paying.go(session, house, made)
    assert paying.paid(paying.owed(session, made)) == "180.00"
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []
    told = payroll.export(session, made, Target.GENERIC, by=by)
    content = payroll.reprint(session, told, by=by).decode()
    assert "180.00" in content or "60.00" in content


def test_no_pool_begins_and_no_paid_day_comes_or_goes_inside_what_is_locked(session):
    house, ana = house_with_ana(session, 8)
    by, server = make.by(session, house), make_people.position(session, house, "SERVER")
    early = paying.pool(session, house, server)
    sick = {"kind": AbsenceKind.SICK, "minutes_a_day": 480, "paid_on": {5}, "by": by}
    away.be_absent(session, ana.employee, first=LAST, last=LAST, **sick)
    paying.period(session, house, until="locked")
    details = {"name": "Bar", "kind": PoolKind.TIPS, "shared_by": SharedBy.HOURS, "by": by}

    with pytest.raises(LockedUntil, match=r"until 14 Nov 2026. Choose 15 Nov 2026 or later"):
        code = make.charge_code(session, house, "BAR")
        payroll.open_pool(session, house, charge_code=code, begins_on=LAST, **details)
    after = LAST + timedelta(days=1)
    mistaken = payroll.open_pool(session, house, charge_code=code, begins_on=after, **details)
    payroll.take_pool_back(session, mistaken, by=by)
    with pytest.raises(LockedUntil):
        payroll.take_pool_back(session, early, by=by)
    assert [pool for pool, _ in tips.pools(session, house, after, after)] == [early]
    for table, change in (
        (AbsentDay, {"minutes_paid": 0}),
        (TipPool, {"begins_on": FIRST + timedelta(days=1)}),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():  # past the verbs
            session.execute(sa.update(table).values(**change))
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.delete(AbsentDay))
    assert early.begins_on == FIRST


@ON_SQLITE
def test_an_absence_that_was_paid_stays_and_none_comes_into_a_locked_period(session):
    house, ana = house_with_ana(session, 8)
    by = make.by(session, house)
    sick = {"kind": AbsenceKind.SICK, "minutes_a_day": 480, "by": by}
    paid = away.be_absent(session, ana.employee, first=LAST, last=LAST, paid_on={5}, **sick)
    paying.period(session, house, until="locked")

    with pytest.raises(DayIsLocked):
        away.take_out(session, paid, by=by)
    late = date(2026, 11, 12)
    with pytest.raises(DayIsLocked):
        away.be_absent(session, ana.employee, first=late, last=date(2026, 11, 13), **sick)
    unpaid = {**sick, "minutes_a_day": 0}
    away.take_out(
        session, away.be_absent(session, ana.employee, first=late, last=late, **unpaid), by=by
    )


@ON_SQLITE
def test_hours_found_later_under_a_law_nobody_worked_by_are_paid(session):
    house, _ = house_with_ana(session, 8)
    by = make.by(session, house)
    since = date(2026, 1, 1)
    payroll.set_rules(session, house, "US-CA", california(minimum_wage=0), valid_from=since, by=by)
    first = paying.period(session, house, until="locked")
    ben = make_people.employed(session, house, "Ben Okafor")
    ben.jurisdiction = "US-CA"
    session.flush()
    found = make_people.worked(session, ben, "2026-11-11 08:00", "2026-11-11 18:00", approved=False)
    approving.approve(session, found, by=by)
    second = paying.period(session, house, date(2026, 11, 15), date(2026, 11, 19))

    lines = paying.owed(session, second)

    assert {each.corrects_id for each in lines} == {first.id}
    assert paying.paid(lines) == "165.00"  # ten hours at 15.00, and half of it for two of them
    paying.go(session, house, second)
    # QuickBooks is told two hours of overtime, and pays that half by itself
    assert payroll.left_out(session, second, Target.QUICKBOOKS) == []


def moves(session, house, ana, since):
    """Ana goes on in her position, under California's law from a day on."""
    by = make.by(session, house)
    held = session.get_one(Position, (house.id, ana.position_id))
    employees.end_position(session, ana, ends_on=since - timedelta(days=1), by=by)
    again = employees.begin_position(
        session, ana.employee, held, begins_on=since, jurisdiction="US-CA", by=by
    )
    pay.set_rate(
        session,
        again,
        amount=Money(1500, "USD"),
        basis=PayBasis.HOUR,
        valid_from=since,
        by=by,
    )
    return again


def test_each_workweek_goes_by_the_law_it_was_worked_under(session):
    house = paying.hotel(session)
    by = make.by(session, house)
    rules = california(minimum_wage=0)
    payroll.set_rules(session, house, "US-CA", rules, valid_from=date(2026, 1, 1), by=by)
    ana = make_people.employed(session, house)
    paying.days(session, ana, 0, 10)
    again = moves(session, house, ana, date(2026, 11, 8))
    paying.day(session, again, date(2026, 11, 9), 10)
    payroll.give_bonus(
        session,
        ana.employee,
        on=date(2026, 11, 12),
        kind=ExtraKind.EARNED_BONUS,
        amount=Money(1000, "USD"),
        words="Upsells",
        by=by,
    )

    period = paying.period(session, house, until="locked")
    lines = payroll.standing(session, period)[1]
    # 10 h, then 10 h of which 2 are beyond 8 in a day: half of (150 + 10) / 10 for each
    assert paying.paid(lines) == "326.00"
    assert paying.paid(lines, PayKind.OVERTIME_PREMIUM) == "16.00"
    assert paying.paid(lines, PayKind.BONUS) == "10.00"
    told = exporting.earnings(session, period, Target.GUSTO)
    (premium,) = [each for each in told if each.kind is PayKind.OVERTIME_PREMIUM]
    assert premium.by_itself == 1500  # Gusto pays half of 15.00 more for two hours
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@ON_SQLITE
def test_the_week_before_stops_nobody_who_works_under_another_law_since(session):
    house = paying.hotel(session)
    by = make.by(session, house)
    rules = california(minimum_wage=0)
    payroll.set_rules(session, house, "US-CA", rules, valid_from=date(2026, 1, 1), by=by)
    ana = make_people.employed(session, house)
    paying.days(session, ana, 10)
    paying.period(session, house, FIRST, date(2026, 11, 7), until="locked")
    again = moves(session, house, ana, date(2026, 11, 8))
    paying.day(session, again, date(2026, 11, 9), 10)
    second = paying.period(session, house, date(2026, 11, 8), LAST, until="reviewed")
    assert paying.paid(paying.owed(session, second)) == "165.00"

    ben = make_people.employed(session, house, "Ben Okafor")
    paying.days(session, ben, 0, 0, 8, since=date(2026, 11, 8))
    again = moves(session, house, ben, date(2026, 11, 12))
    paying.day(session, again, date(2026, 11, 13), 8)
    payroll.reopen(session, second, why="Ben", by=by)
    with pytest.raises(SomethingMissing, match="two laws in one workweek: Ben Okafor"):
        payroll.review(session, second, by=by)


@ON_SQLITE
@pytest.mark.parametrize(
    ("first", "second", "stopped"),
    [
        ((1, 3), 8, False),  # a week from the 1st, and one from the 4th without the other's hours
        ((1, 5), 8, True),  # the 5th is in the week from the 4th
        ((1, 3), 6, True),  # the 6th is in the week from the 1st
    ],
)
def test_weeks_that_begin_on_different_days_are_mixed_by_hours_and_not_by_their_beginning(
    session, first, second, stopped
):
    house = paying.hotel(session)
    by = make.by(session, house)
    rules = replace(california(minimum_wage=0), week_starts=2)  # Wednesday
    payroll.set_rules(session, house, "US-CA", rules, valid_from=date(2026, 1, 1), by=by)
    ana = make_people.employed(session, house)
    for day in first:
        paying.day(session, ana, date(2026, 11, day), 8)
    again = moves(session, house, ana, date(2026, 11, second))
    paying.day(session, again, date(2026, 11, second), 8)
    period = paying.period(session, house)

    gaps = [gap.sentence for gap in payroll.standing(session, period)[2] if gap.stops]
    assert gaps == (["Works under two laws in one workweek"] if stopped else [])


@ON_SQLITE
def test_a_day_away_of_who_has_no_rate_stops_the_period_by_name(session):
    house, _ = house_with_ana(session)
    by = make.by(session, house)
    ben = make_people.employed(session, house, "Ben Okafor", rate=None).employee
    monday = date(2026, 11, 2)
    away.be_absent(
        session,
        ben,
        kind=AbsenceKind.SICK,
        first=monday,
        last=monday,
        minutes_a_day=480,
        by=by,
    )
    period = paying.period(session, house)
    with pytest.raises(SomethingMissing, match="wrote down what they are paid: Ben Okafor"):
        payroll.review(session, period, by=by)


@ON_SQLITE
@pytest.mark.parametrize(("until", "warned"), [("12:20", True), ("12:21", False)])
def test_a_short_break_that_is_not_paid_is_warned_of_in_the_united_states(session, until, warned):
    house = paying.hotel(session)
    by = make.by(session, house)
    rules = california(minimum_wage=0)
    payroll.set_rules(session, house, "US-CA", rules, valid_from=date(2026, 1, 1), by=by)
    ana = moves(session, house, make_people.employed(session, house), FIRST)
    ben = make_people.employed(session, house, "Ben Okafor")
    cy = moves(session, house, make_people.employed(session, house, "Cy Ito"), FIRST)
    cy.exempt = True
    for each in (ana, ben, cy):
        rest = ("2026-11-03 12:00", f"2026-11-03 {until}")
        make_people.worked(session, each, "2026-11-03 08:00", "2026-11-03 15:00", rest=rest)
    gaps = payroll.standing(session, paying.period(session, house))[2]
    named = [gap.names for gap in gaps if "785.18" in gap.sentence]
    assert named == ([("Ana Reyes",)] if warned else [])
    assert not any(gap.stops for gap in gaps)


@ON_SQLITE
def test_a_day_away_without_a_position_is_not_paid_and_stops_nothing(session):
    house, ana = house_with_ana(session, 8)
    by = make.by(session, house)
    sick = {"kind": AbsenceKind.SICK, "minutes_a_day": 480, "by": by}
    away.be_absent(session, ana.employee, first=date(2026, 11, 9), last=date(2026, 11, 11), **sick)
    away.end_position(session, ana, ends_on=date(2026, 11, 10), by=by)
    period = paying.period(session, house, until="locked")

    assert paying.paid(paying.owed(session, period), PayKind.SICK) == "240.00"  # two of three days


def test_days_away_after_a_last_day_are_taken_out_unless_they_were_paid(session):
    house, ana = house_with_ana(session, 8)
    by = make.by(session, house)
    sick = {"kind": AbsenceKind.SICK, "minutes_a_day": 480, "by": by}
    paid = away.be_absent(
        session, ana.employee, first=date(2026, 11, 12), last=date(2026, 11, 17), **sick
    )
    away.be_absent(session, ana.employee, first=date(2026, 11, 24), last=date(2026, 11, 25), **sick)
    paying.period(session, house, until="locked")

    away.leave(session, ana.employee, left_on=date(2026, 11, 9), why="Moves away", by=by)

    assert away.of(session, ana.employee) == [paid]
    # the 13th is the last day that the locked period paid: the 14th is a Saturday
    assert (paid.first_day, paid.last_day) == (date(2026, 11, 12), date(2026, 11, 13))
    days = sa.select(AbsentDay.day).order_by(AbsentDay.day)
    assert session.scalars(days).all() == [date(2026, 11, 12), date(2026, 11, 13)]
    verbs = [line.verb for line in logbook.history(session, ana.employee, limit=2)]
    assert verbs == ["took out absence", "cut absence short"]
    paying.period(session, house, date(2026, 11, 15), date(2026, 11, 19))
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []
