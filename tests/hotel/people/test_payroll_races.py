"""Pay and the clock at once: what is written while a period locks is paid here, or in the next."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.house.staff import Role
from pms.hotel.people import payroll
from pms.hotel.people.employees import PayBasis, pay
from pms.hotel.people.payroll import PayPeriod
from pms.hotel.people.payroll.refusals import FiguresChanged
from pms.hotel.people.timeclock import TimeEntry, approving
from tests import make
from tests.hotel.books.races import at_once, wait_for_one_who_waits
from tests.hotel.people import make_people, paying
from tests.hotel.people.paying import FIRST


def approves(session, house):
    """Approve the hours that wait for it."""
    waiting = session.scalars(sa.select(TimeEntry).where(TimeEntry.approved_at.is_(None))).one()
    approving.approve(session, waiting, by=make.by(session, house))


def raises(session, house):
    """Write down a rate from the period's first day on."""
    waiting = session.scalars(sa.select(TimeEntry).where(TimeEntry.approved_at.is_(None))).one()
    pay.set_rate(
        session,
        waiting.employment,
        amount=Money.parse("20.00", "USD"),
        basis=PayBasis.HOUR,
        valid_from=FIRST,
        by=make.by(session, house),
    )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("deed", "paid"), [(approves, "240.00"), (raises, "160.00")])
def test_what_is_written_while_a_period_locks_is_not_lost(session, engine, deed, paid):
    with transaction(session):
        house = paying.hotel(session)
        ana = make_people.employed(session, house)
        paying.day(session, ana, FIRST, 8)
        paying.day(session, ana, FIRST.replace(day=3), 8, approved=False)
        period = paying.period(session, house, until="approved")
        accountant = make.by(session, house, Role.ACCOUNTANT)

    def locks(other):
        there = other.get_one(PayPeriod, (house.id, period.id))
        return payroll.lock_period(other, there, by=other.merge(accountant))

    with ThreadPoolExecutor(1) as worker:
        with transaction(session):
            deed(session, house)
            locking = worker.submit(at_once, engine, locks, times=1)
            wait_for_one_who_waits(engine)
        answer = locking.result(60)

    assert [type(each) for each in answer] == [FiguresChanged]
    with transaction(session):
        session.expire_all()
        payroll.reopen(session, period, why="Hours came in", by=accountant)
        paying.go(session, house, period)
        assert paying.paid(paying.owed(session, period)) == paid
