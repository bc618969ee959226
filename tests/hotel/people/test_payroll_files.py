"""From hours to files: what each system is told of two rates, premiums and corrections."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.close import verify
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.people import employees, payroll
from pms.hotel.people.employees import Employment, PayBasis, PayrollSystem, pay
from pms.hotel.people.exports import CODES, Target
from pms.hotel.people.pay import ExtraKind, PayKind
from pms.hotel.people.payroll import PayPeriod
from pms.hotel.people.payroll.refusals import WrongState
from pms.hotel.people.timeclock import TimeEntry, approving, editing
from pms.hotel.people.tips import PoolKind
from tests import make
from tests.hotel.people import make_people, paying
from tests.hotel.people.paying import FIRST, LAST

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT = (date(2026, 11, 15), date(2026, 11, 19))


def known(session: Session, ana: Employment) -> None:
    """Ana's number wherever she is known by one."""
    by = make.by(session, session.get_one(Hotel, ana.hotel_id))
    for system in PayrollSystem:
        employees.set_payroll_number(session, ana.employee, system=system, number="101", by=by)


def told(session: Session, period: PayPeriod, target: Target, **settings: object) -> list[str]:
    """The rows of a target's file of a period, by its codes and some settings."""
    by = make.by(session, session.get_one(Hotel, period.hotel_id))
    hotel = session.get_one(Hotel, period.hotel_id)
    wanted = {"company": "R1", "codes": CODES[target], **settings}
    payroll.set_settings(session, hotel, target, **wanted, by=by)
    file = payroll.export(session, period, target, by=by)
    return payroll.reprint(session, file, by=by).decode("cp1252").split("\r\n")[:-1]


def two_jobs(session: Session) -> tuple[Hotel, Employment, Employment]:
    """A house, and Ana: an agent at 10.00 and a server at 20.00, with a bonus of 50.00.

    32 h of the one and then 18 h of the other in a workweek: ten hours at the bar are overtime.
    """
    house = paying.hotel(session)
    agent = make_people.employed(session, house, rate="10.00")
    bar = make_people.position(session, house, "SERVER")
    server = make_people.holds(session, agent.employee, bar, rate="20.00")
    paying.days(session, agent, 8, 8, 8, 8)
    paying.days(session, server, 9, 9, since=date(2026, 11, 5))
    payroll.give_bonus(
        session, agent.employee, on=FIRST, kind=ExtraKind.EARNED_BONUS,
        amount=Money(5_000, "USD"), words="Season", by=make.by(session, house),
    )  # fmt: skip
    known(session, agent)
    return house, agent, server


def test_a_week_of_two_rates_with_a_bonus_leaves_for_every_system_as_it_is_owed(session):
    """On paper: 32 x 10 + 18 x 20 + 50 = 730.00; 730 / 50 is 14.60, half of it for 10 h is 73.00.

    Systems pay half of 20.00 for those ten hours by themselves, 100.00: 27.00 too much.
    """
    house, _, _ = two_jobs(session)
    period = paying.period(session, house, until="locked")
    jobs = {"jobs": {"SERVER": "BAR"}}

    assert paying.paid(paying.owed(session, period)) == "803.00"
    assert told(session, period, Target.ADP_RUN, **jobs)[2:] == [
        "R1,B,11/01/2026,11/14/2026,101,REG,32.00,,0,,BASE",
        "R1,B,11/01/2026,11/14/2026,101,REG,8.00,,0,,BAR",
        "R1,B,11/01/2026,11/14/2026,101,OVT,10.00,,0,,BAR",
        "R1,B,11/01/2026,11/14/2026,101,BON,,50.00,0,,BASE",
    ]
    assert told(session, period, Target.ADP_WORKFORCE_NOW, company="ABC")[1:] == [
        "ABC,261114,101,32.00,,,,,,10.00,BON,50.00,,",
        "ABC,261114,101,8.00,10.00,,,,,20.00,,,,",
    ]
    assert told(session, period, Target.PAYCHEX_FLEX)[1:] == [
        "R1,101,,,Hourly,10.00,,32.00,,,,,,,,",
        "R1,101,,,Hourly,20.00,,8.00,,,,,,,,",
        "R1,101,,,Overtime,20.00,,10.00,,,,,,,,",
        "R1,101,,,Bonus,,,,,,50.00,,,,,",
    ]
    assert told(session, period, Target.GUSTO) == [
        "first_name,last_name,title,Regular hours,Overtime hours,Bonus",
        "Ana,Reyes,Agent,32.00,,50.00",
        "Ana,Reyes,Server,8.00,10.00,",
    ]
    codes = {**CODES[Target.DATEV_LODAS], PayKind.BONUS: "1020"}
    assert told(session, period, Target.DATEV_LODAS, company="1", client="2", codes=codes)[-4:] == [
        "1;01.11.2026;101;1000;1;32,00;;10,00;",
        "1;01.11.2026;101;1000;1;8,00;;20,00;",
        "1;01.11.2026;101;1010;1;10,00;;20,00;",
        "1;01.11.2026;101;1020;2;50,00;;;",
    ]
    assert [[row.split("\t")[n] for n in (1, 6, 5)] for row in told(
        session, period, Target.QUICKBOOKS, **jobs)[3:]] == [
        *(["11/01/26", "8", "Hourly Wage"], ["11/02/26", "8", "Hourly Wage"]),
        *(["11/03/26", "8", "Hourly Wage"], ["11/04/26", "8", "Hourly Wage"]),
        ["11/05/26", "8", "Hourly Wage BAR"],
        ["11/05/26", "1", "Hourly Overtime BAR"],
        ["11/06/26", "9", "Hourly Overtime BAR"],
    ]  # fmt: skip
    left = {
        target: [(each.kind, each.amount) for each in payroll.left_out(session, period, target)]
        for target in (Target.ADP_RUN, Target.QUICKBOOKS)
    }
    assert left == {
        Target.ADP_RUN: [(PayKind.OVERTIME_PREMIUM, -2_700)],
        Target.QUICKBOOKS: [(PayKind.BONUS, 5_000), (PayKind.OVERTIME_PREMIUM, -2_700)],
    }


def test_an_approved_period_that_is_opened_again_wants_both_looks_anew(session):
    house, agent, _ = two_jobs(session)
    by, accountant = make.by(session, house), make.by(session, house, Role.ACCOUNTANT)
    period = paying.period(session, house, until="approved")
    with pytest.raises(WrongState):
        payroll.review(session, period, by=accountant)

    payroll.reopen(session, period, why="A shift was missing", by=accountant)
    assert (period.reviewed_by, period.approved_by, period.fingerprint) == (None, None, None)
    paying.day(session, agent, date(2026, 11, 9), 4)
    with pytest.raises(WrongState):
        payroll.approve(session, period, by=by)
    paying.go(session, house, period)

    assert paying.paid(paying.owed(session, period)) == "843.00"  # 4 h at 10.00 more


def test_a_service_charges_part_of_the_premium_leaves_and_quickbooks_names_whom_it_leaves(session):
    """460.00 and 46.00 over 46 h are 11.00, half of it for 6 h 33.00; half of 10.00 is 30.00."""
    house = paying.hotel(session, opens_on=date(2026, 11, 2))
    server = make_people.position(session, house, "SERVER")
    paying.pool(session, house, server, kind=PoolKind.SERVICE_CHARGE)
    ana = make_people.employed(session, house, held=server, rate="10.00")
    known(session, ana)
    paying.days(session, ana, 8, 8, 8, 8, 8, 6)
    paying.tip(session, house, "46.00")
    paying.roll(session, house, paying.AFTER)
    period = paying.period(session, house, until="locked")

    assert told(session, period, Target.ADP_RUN)[3:] == [
        "R1,B,11/01/2026,11/14/2026,101,OVT,6.00,,0,,BASE",
        "R1,B,11/01/2026,11/14/2026,101,OTP,,3.00,0,,BASE",
        "R1,B,11/01/2026,11/14/2026,101,SVC,,46.00,0,,BASE",
    ]
    assert payroll.left_out(session, period, Target.ADP_RUN) == []
    left = payroll.left_out(session, period, Target.QUICKBOOKS)
    assert [(each.person.name, each.kind, each.amount) for each in left] == [
        ("Ana Reyes", PayKind.OVERTIME_PREMIUM, 300),
        ("Ana Reyes", PayKind.SERVICE_CHARGE, 4_600),
    ]


def test_a_week_that_a_period_cuts_pays_no_premium_twice(session):
    """What the system paid by itself for the first part is counted when the week ends."""
    house = paying.hotel(session)
    ana = make_people.employed(session, house)
    known(session, ana)
    paying.days(session, ana, 14, 14, 14, 8, 8)
    first = paying.period(session, house, FIRST, date(2026, 11, 3), until="locked")
    second = paying.period(session, house, date(2026, 11, 4), date(2026, 11, 11), until="locked")

    assert [row.split(",")[5:8] for row in told(session, first, Target.ADP_RUN)[2:]] == [
        ["REG", "40.00", ""],
        ["OVT", "2.00", ""],
    ]
    assert [row.split(",")[5:8] for row in told(session, second, Target.ADP_RUN)[2:]] == [
        ["OVT", "16.00", ""]
    ]
    assert payroll.left_out(session, second, Target.ADP_RUN) == []


def correct(session: Session, entry: TimeEntry, since: str, until: str) -> None:
    """An entry's hours as they really were, approved by somebody else."""
    house = session.get_one(Hotel, entry.hotel_id)
    instants = (make_people.instant(house, wall) for wall in (since, until))
    times = editing.Times(entry.employment, *instants)
    editing.correct(session, entry, times, why="So it was", by=make_people.head(session, house))
    approving.approve(session, entry, by=make.by(session, house))


def test_a_correction_says_its_rate_and_what_a_new_rate_is_worth_beside_it(session):
    """Eight hours at 15.00 became seven, and the rate 16.00: an hour less at 16.00, 7 h at 1.00."""
    house = paying.hotel(session)
    ana = make_people.employed(session, house)
    known(session, ana)
    entry = make_people.worked(session, ana, "2026-11-11 08:00", "2026-11-11 16:00")
    paying.period(session, house, until="locked")
    raised = {"basis": PayBasis.HOUR, "valid_from": LAST.replace(day=9)}
    by = make.by(session, house)
    pay.set_rate(session, ana, amount=Money(1_600, "USD"), **raised, by=by)
    correct(session, entry, "2026-11-11 08:00", "2026-11-11 15:00")
    paying.days(session, ana, 8, 8, since=NEXT[0])
    period = paying.period(session, house, *NEXT, until="locked")

    carried = [each for each in paying.owed(session, period) if each.corrects_id is not None]
    assert [(each.minutes, each.rate, each.amount) for each in carried] == [
        (-60, 1_600, -1_600),
        (0, None, 800),
    ]
    assert [row.split(",")[8:11] for row in told(session, period, Target.GENERIC)[1:]] == [
        ["15.00", "16.00", "240.00"],  # two days of eight, less the hour
        ["", "", "8.00"],
    ]
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_corrected_hours_stand_on_their_day_of_the_week_and_quickbooks_takes_them_back(session):
    house = paying.hotel(session)
    ana = make_people.employed(session, house)
    known(session, ana)
    monday = make_people.worked(session, ana, "2026-11-02 08:00", "2026-11-02 16:00")
    friday = make_people.worked(session, ana, "2026-11-13 08:00", "2026-11-13 16:00")
    paying.period(session, house, until="locked")
    correct(session, monday, "2026-11-02 08:00", "2026-11-02 18:00")
    correct(session, friday, "2026-11-13 08:00", "2026-11-13 13:00")
    paying.days(session, ana, 8, 0, 6, since=NEXT[0])
    period = paying.period(session, house, *NEXT, until="locked")

    lines = told(session, period, Target.QUICKBOOKS)[3:]

    # Sunday 8 h, Monday's two more, Tuesday 6 h; Friday's three less are off the longest day
    assert [row.split("\t")[1:7:5] for row in lines] == [
        ["11/15/26", "5"],
        ["11/16/26", "2"],
        ["11/17/26", "6"],
    ]
