"""Corrections beside their slow twin: everybody's hours of every locked period reckoned again."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from pms.base.money import Money
from pms.hotel.house.staff import Role
from pms.hotel.people import hours
from pms.hotel.people.employees import Employment, PayBasis, pay
from pms.hotel.people.payroll import corrections, evidence, figures, rule_sets
from pms.hotel.people.payroll.tables import PaidLine, PayPeriod
from pms.hotel.people.timeclock import TimeEntry, approving, editing
from tests import make
from tests.asking import asked
from tests.hotel.people import make_people, paying
from tests.hotel.people.paying import AFTER

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FIRST = date(2026, 9, 20)  # a Sunday
WEEK = timedelta(days=7)


def house_of(session, *names):
    """A hotel, and somebody of each name in a first and a second position."""
    house = paying.hotel(session)
    bar = make_people.position(session, house, "BAR")
    jobs = []
    for name in names:
        first = make_people.employed(session, house, name)
        jobs += [first, make_people.holds(session, first.employee, bar, rate="17.00")]
    return house, jobs


def locked(session, house, times, *, length=WEEK, since=FIRST):
    """So many periods in a row, all locked; then the one that runs."""
    for n in range(times):
        first = since + n * length
        paying.period(session, house, first, first + length - timedelta(days=1), until="locked")
    first = since + times * length
    return paying.period(session, house, first, first + timedelta(days=13))


def by_place(lines):
    """Minutes and money by whose, when and what, without what comes to nothing."""
    minutes, money = Counter(), Counter()
    for each in lines:
        if each.kind not in corrections._STAY:
            where = (each.employee_id, each.day, each.kind, each.position_id)
            minutes[where] += each.minutes
            money[where] += each.amount
    found = {where: (minutes[where], money[where]) for where in minutes.keys() | money.keys()}
    return {where: what for where, what in found.items() if any(what)}


def slowly(session, house, running):
    """What locked periods owe: everybody reckoned again, but whose hours wait."""
    found = {}
    for period in session.scalars(
        sa.select(PayPeriod).where(PayPeriod.last < running.first).order_by(PayPeriod.first)
    ):
        again = evidence.frozen(session, period)
        since = period.first - WEEK
        worked = hours.approved_hours(session, house, since, period.last)
        again.clocked = evidence.clocked(worked)
        again.rules = rule_sets.frozen_books(
            session, [period], otherwise=rule_sets.book(session, house)
        )[period.id]
        place = figures.place_of(house)
        now = by_place(figures.reckoned(again, place, period.first, period.last))
        told = by_place(
            session.scalars(
                sa.select(PaidLine).where(
                    sa.func.coalesce(PaidLine.corrects_id, PaidLine.period_id) == period.id
                )
            )
        )
        unsure = hours.unapproved(session, house, since, period.last)
        wait = {each.employee.id for each in unsure}
        for where in now.keys() | told.keys():
            new, old = now.get(where, (0, 0)), told.get(where, (0, 0))
            if new != old and where[0] not in wait:
                found[period.id, *where] = (new[0] - old[0], new[1] - old[1])
    return found


def quickly(session, house, running):
    """What locked periods owe, as the house says it."""
    lines, _ = corrections.differences(session, house, running)
    found = {}
    for each in lines:
        where = (each.corrects_id, each.employee_id, each.day, each.kind, each.position_id)
        minutes, money = found.get(where, (0, 0))
        found[where] = (minutes + each.minutes, money + each.amount)
    return {where: what for where, what in found.items() if any(what)}


def meddle(session, house, jobs, chance):
    """Do something late to somebody's hours, or to what they are paid."""
    manager, writer = make.by(session, house), make.by(session, house, Role.ACCOUNTANT)
    entries = session.scalars(sa.select(TimeEntry).filter_by(struck=False).order_by(TimeEntry.id))
    entry = chance.choice(entries.all())
    job, day = chance.choice(jobs), FIRST + timedelta(days=chance.randrange(35))
    deed = chance.choice(["longer", "strike", "take back", "write down", "move", "raise", "raise"])
    if deed == "raise":
        cents = Money(chance.randrange(1000, 3000), "USD")
        pay.set_rate(session, job, amount=cents, basis=PayBasis.HOUR, valid_from=day, by=manager)
    elif deed == "strike":
        editing.strike(session, entry, why="Never worked", by=writer)
    elif deed == "take back":
        if entry.approved_at is not None:
            approving.take_back(session, entry, why="Not sure", by=manager)
    elif deed == "write down":
        at = make_people.instant(house, f"{day} 20:00")
        times = editing.Times(job, at, at + timedelta(minutes=chance.choice([15, 90])))
        free = sa.select(TimeEntry.id).where(
            TimeEntry.employee_id == job.employee_id,
            TimeEntry.started_at < times.ended_at,
            TimeEntry.ended_at > at,
            sa.not_(TimeEntry.struck),
        )
        if session.scalar(free.limit(1)) is None:
            _sign(session, chance, editing.write_down(session, job.employee, times, why="New",
                                                      by=writer), manager)  # fmt: skip
    else:
        away = timedelta(minutes=20 if deed == "longer" else -300)
        since = entry.started_at + min(away, timedelta())
        times = editing.Times(entry.employment, since, entry.ended_at + away)
        _sign(session, chance, editing.correct(session, entry, times, why="So", by=writer), manager)


def _sign(session, chance, entry, by):
    if chance.random() < 0.8:
        approving.approve(session, entry, by=by)


@ON_SQLITE
@pytest.mark.parametrize("seed", range(6))
def test_whoever_was_touched_is_paid_as_if_everybody_were_reckoned_again(session, seed):
    chance = random.Random(seed)  # noqa: S311 - hours, no secret
    house, jobs = house_of(session, "Ana Reyes", "Ben Okafor", "Cleo Marsh")
    for n in range(35):
        for job in chance.sample(jobs, 2):
            since = "08" if job in jobs[::2] else "15"
            day = FIRST + timedelta(days=n)
            until = int(since) + chance.choice([4, 5])
            make_people.worked(session, job, f"{day} {since}:00", f"{day} {until:02}:00")
    running = locked(session, house, 5)
    assert quickly(session, house, running) == slowly(session, house, running) == {}

    seen = 0
    for _ in range(3):
        for _ in range(4):
            meddle(session, house, jobs, chance)
        owed = slowly(session, house, running)
        assert quickly(session, house, running) == owed
        seen += len(owed)
        if owed and running.last < AFTER:
            paying.go(session, house, running)
            assert slowly(session, house, paying.period(session, house, *after(running))) == {}
            running = session.scalar(sa.select(PayPeriod).order_by(PayPeriod.first.desc()))
    assert seen


def after(period):
    """The days of the two weeks after a period."""
    return period.last + timedelta(days=1), period.last + timedelta(days=14)


def test_a_raise_typed_for_years_ago_asks_as_much_as_one_of_last_week(session):
    house, jobs = house_of(session, "Ana Reyes", "Ben Okafor")
    ana, ben = jobs[0], jobs[2]
    day = timedelta(days=1)
    paying.days(session, ana, *[1] * 40, since=FIRST)
    paying.day(session, ben, FIRST, 1)
    running = locked(session, house, 40, length=day)
    by = make.by(session, house)

    def asks():
        session.expire_all()
        return asked(session, lambda: corrections.differences(session, house, running))

    def raised(job, since):
        amount = Money.parse("16.00", "USD")
        pay.set_rate(session, job, amount=amount, basis=PayBasis.HOUR, valid_from=since, by=by)

    quiet = asks()
    raised(ana, FIRST + 39 * day)
    one = asks()
    assert [each.amount for each in corrections.differences(session, house, running)[0]] == [100]
    raised(ana, FIRST)
    assert asks() == one
    assert quiet < one < 25
    assert len(corrections.differences(session, house, running)[0]) == 40


def test_a_raise_touches_nobody_else_and_no_day_that_a_later_rate_pays(session):
    house, jobs = house_of(session, "Ana Reyes", "Ben Okafor")
    ana, ben = jobs[0], jobs[2]
    by, amount = make.by(session, house), Money.parse("16.00", "USD")
    pay.set_rate(
        session, ana, amount=amount, basis=PayBasis.HOUR, valid_from=FIRST + 2 * WEEK, by=by
    )
    for job in (ana, ben):
        paying.day(session, job, FIRST, 8)
        paying.day(session, job, FIRST + WEEK, 8)
        paying.day(session, job, FIRST + 2 * WEEK, 8)
        paying.days(session, job, *[9] * 5, since=FIRST + 3 * WEEK)  # five hours of overtime
    running = locked(session, house, 4)
    ana.exempt = ben.exempt = True  # which would take their overtime off
    session.flush()

    pay.set_rate(session, ana, amount=amount, basis=PayBasis.HOUR, valid_from=FIRST, by=by)

    lines, _ = corrections.differences(session, house, running)
    assert [(each.employee_id, each.day, each.amount) for each in lines] == [
        (ana.employee_id, FIRST, 800),
        (ana.employee_id, FIRST + WEEK, 800),
    ]


@ON_SQLITE
def test_late_hours_and_those_nobody_approved_are_found_by_an_index(session):
    house, _ = house_of(session, "Ana Reyes")
    ana = session.scalars(sa.select(Employment)).first()
    paying.day(session, ana, FIRST, 8)
    running = locked(session, house, 1)
    questions = []
    engine = session.get_bind()

    def note(_connection, _cursor, statement, parameters, *_more):
        questions.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    corrections.differences(session, house, running)
    event.remove(engine, "before_cursor_execute", note)

    plans = ""
    for statement, parameters in questions:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans += "\n".join(row[3] for row in rows) + "\n"
    assert "ix_time_entries_unapproved (hotel_id=? AND service_day>? AND service_day<?)" in plans
    assert "ix_time_entries_hotel_id_approved_at (hotel_id=? AND approved_at>?)" in plans
    assert "ix_time_edits_hotel_id_at (hotel_id=? AND at>?)" in plans
