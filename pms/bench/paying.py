"""The bench of payroll: a year of hours of 200 people, reckoned, reviewed, approved and locked."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base.db import new_id, transaction
from pms.base.money import Money
from pms.bench.filling import CODE, DAY
from pms.bench.ground import Answer, Asked, database, engine_words, machine, session_of
from pms.hotel.close.verify import payroll as recounting
from pms.hotel.house import hiring, hotels, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.people import employees, pay, payroll
from pms.hotel.people.employees import Employment, PayBasis, Person, positions
from pms.hotel.people.employees.pay import set_rate
from pms.hotel.people.exports import Frequency, Target
from pms.hotel.people.timeclock import TimeApproval, TimeEntry

TWO_WEEKS = timedelta(days=14)
SHIFT = timedelta(hours=8, minutes=40)  # some overtime each week, and each day in California
DAYS_A_WEEK = 5


def payroll_year(asked: Asked) -> Answer:
    """A year of 200 people's hours: every period reckoned, reviewed, approved, locked, exported."""
    people, periods = asked.of((4, 2), (40, 6), (200, 26))
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            hotel = _open(session)
            by, other = staff.the_house(session, hotel), _accountant(session, hotel)
            hired = [_hire(session, hotel, n, by=by) for n in range(people)]
            first = DAY - periods * TWO_WEEKS
            rules = pay.california(minimum_wage=1_000)
            payroll.set_rules(session, hotel, "US-CA", rules, valid_from=first, by=by)
        asked.say(f"{people} people work {periods} periods … ")
        entries = _work(session, hotel, hired, first, periods, by=by)
        used = time.process_time()
        times = [
            _pay(session, hotel, first + n * TWO_WEEKS, by=by, other=other) for n in range(periods)
        ]
        used = time.process_time() - used
        lines = session.scalar(sa.select(sa.func.count()).select_from(payroll.PaidLine)) or 0
        began = time.perf_counter()
        wrong = [check.name for check in recounting.checks(session, hotel) if not check.ok]
        recount = time.perf_counter() - began
        raw = _raw(engine)
        words = engine_words(engine)
    whole = sum(times)
    return {
        "bench": f"payroll: {people} people, {periods} periods of two weeks",
        **machine(),
        "engine": words,
        "data": f"{entries:,} entries of the clock, {lines:,} lines of pay",
        "seconds": round(whole, 2),
        "cpu_s": round(used, 2),
        "a_period_s": round(whole / periods, 2),
        "first_and_last_period_s": [round(times[0], 2), round(times[-1], 2)],
        "longest_period_s": round(max(times), 2),
        "entries_a_second": round(entries / whole),
        "recount_s": round(recount, 2),
        "raw": {"what": "the entries read, minutes by rate summed", "seconds": round(raw, 3)},
        "over_raw": round(whole / raw, 1) if raw else None,
        "wrong": wrong,
        "ok": not wrong,
    }


def _open(session: Session) -> Hotel:
    return hotels.open_hotel(
        session,
        hotels.open_chain(session, "Bench"),
        code=CODE,
        name="Bench House",
        time_zone="America/Los_Angeles",
        currency="USD",
        opens_on=DAY,
    )


def _hire(session: Session, hotel: Hotel, n: int, *, by: Staff) -> Employment:
    held = next(iter(positions.of_hotel(session, hotel)), None) or positions.add(
        session, hotel, code="AGENT", title="Agent", department=Department.FRONT_OFFICE, by=by
    )
    since = DAY - timedelta(days=800)
    person = Person(str(n + 1), "Ana", f"Bench {n}", Department.FRONT_OFFICE)
    employee = employees.hire(session, hotel, person, hired_on=since, by=by)
    employment = employees.begin_position(
        session, employee, held, begins_on=since, jurisdiction="US-CA", by=by
    )
    rate = Money(1_500 + n % 40 * 25, hotel.currency)
    set_rate(session, employment, amount=rate, basis=PayBasis.HOUR, valid_from=since, by=by)
    return employment


def _work(
    session: Session,
    hotel: Hotel,
    hired: list[Employment],
    first: date,
    periods: int,
    *,
    by: Staff,
) -> int:
    """Write everybody's hours down, five days a week by turns, and approve them."""
    written = 0
    for n in range(periods * 2):
        week = first + timedelta(days=7 * n)
        rows = [
            _entry(hotel, each, week + timedelta(days=(place + day) % 7))
            for place, each in enumerate(hired)
            for day in range(DAYS_A_WEEK)
        ]
        approvals = [_approval(row, by=by) for row in rows]
        ids = [row["id"] for row in rows]
        with transaction(session):
            session.execute(sa.insert(TimeEntry), rows)
            session.execute(sa.insert(TimeApproval), approvals)
            session.execute(
                sa.update(TimeEntry)
                .where(TimeEntry.hotel_id == hotel.id, TimeEntry.id.in_(ids))
                .values(approved_at=rows[0]["ended_at"], approved_by=by.id)
            )
        written += len(rows)
    return written


def _entry(hotel: Hotel, held: Employment, day: date) -> dict[str, Any]:
    starts = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return {
        "hotel_id": hotel.id,
        "id": new_id(),
        "chain_id": hotel.chain_id,
        "employee_id": held.employee_id,
        "employment_id": held.id,
        "service_day": day,
        "started_at": starts,
        "ended_at": starts + SHIFT,
        "by_hand": True,
        "version": 1,
    }


def _approval(row: dict[str, Any], *, by: Staff) -> dict[str, Any]:
    return {
        "hotel_id": row["hotel_id"],
        "id": new_id(),
        "entry_id": row["id"],
        "version": 1,
        "minutes_paid": SHIFT // timedelta(minutes=1),
        "minutes_unpaid": 0,
        "staff_id": by.id,
        "at": row["ended_at"],
    }


def _accountant(session: Session, hotel: Hotel) -> Staff:
    """Hire who reviews what the house approves."""
    chain = session.get_one(Chain, hotel.chain_id)
    return hiring.hire(
        session,
        chain,
        email="accountant@bench.example",
        name="Accountant",
        password=None,
        roles={hotel: Role.ACCOUNTANT},
    )


def _pay(session: Session, hotel: Hotel, first: date, *, by: Staff, other: Staff) -> float:
    """Take a period from open to exported; return the seconds."""
    began = time.perf_counter()
    last = first + TWO_WEEKS - timedelta(days=1)
    with transaction(session):
        period = payroll.open_period(
            session,
            hotel,
            first=first,
            last=last,
            pays_on=last + timedelta(days=5),
            frequency=Frequency.BIWEEKLY,
            by=by,
        )
    for step, who in ((payroll.review, other), (payroll.approve, by), (payroll.lock_period, by)):
        with transaction(session):
            step(session, period, by=who)
    with transaction(session):
        payroll.export(session, period, Target.GENERIC, by=by)
    return time.perf_counter() - began


_SUMS = """
SELECT e.employee_id, SUM((julianday(e.ended_at) - julianday(e.started_at)) * 24 * r.amount)
FROM time_entries e JOIN pay_rates r
    ON r.hotel_id = e.hotel_id AND r.employment_id = e.employment_id
WHERE e.approved_at IS NOT NULL GROUP BY e.employee_id
"""


def _raw(engine: Engine) -> float:
    """Sum everybody's pay in one bare question; nothing on another engine than SQLite."""
    if engine.dialect.name != "sqlite":
        return 0.0
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        began = time.perf_counter()
        connection.execute(_SUMS).fetchall()
        return time.perf_counter() - began
