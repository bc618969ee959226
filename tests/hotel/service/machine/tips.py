"""Tips: what comes in on a code is shared among who worked, and paid out with their hours."""

from datetime import timedelta

from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import payroll, tips
from pms.hotel.people.pay import ExtraKind, generic_weekly
from pms.hotel.people.payroll import FINAL, PayPeriod, PeriodState
from pms.hotel.people.tips import TipDeclaration, TipPool
from tests import make
from tests.hotel.people import make_people, paying
from tests.hotel.service.machine.house import AMOUNTS, PLACES, House, deed
from tests.hotel.service.paying import euros


def replace(session, pool, *, by):
    house = session.get_one(Hotel, pool.hotel_id)
    tips.close_pool(session, pool, ends_on=house.business_date, by=by)
    anew = payroll.open_pool(
        session, house, name="Bar", kind=pool.kind, shared_by=pool.shared_by,
        charge_code=pool.charge_code, begins_on=house.business_date + timedelta(days=1), by=by,
    )  # fmt: skip
    tips.put_position(session, anew, make_people.position(session, house), by=by)


class Tips(House):
    """Two people who share what comes in on TIP, and are paid day by day."""

    def furnish(self):
        """Both worked on the first day."""
        super().furnish()
        with transaction(self.session):
            paying.hold(self.session, self.house, generic_weekly())
            held = make_people.position(self.session, self.house)
            self.workers = [
                make_people.employed(self.session, self.house, name, held=held)
                for name in ("Ana Reyes", "Bo Ek")
            ]
            paying.pool(self.session, self.house, held, begins_on=make.DAY)
            for hours, who in enumerate(self.workers, start=2):
                paying.day(self.session, who, make.DAY, hours)

    @deed(who=st.integers(0, 1), hours=st.integers(1, 3))
    def work(self, who, hours):
        def works(session, *, by):
            paying.day(session, self.workers[who], self.some_day(0), hours)

        self.does(works)

    @deed(who=st.integers(0, 1), minor=AMOUNTS)
    def declare_tips(self, who, minor):
        self.does(payroll.declare_tips, self.workers[who].employee, on=self.some_day(0),
                  amount=euros(minor))  # fmt: skip

    @deed(who=st.integers(0, 1), minor=AMOUNTS)
    def give_bonus(self, who, minor):
        kind = ExtraKind.EARNED_BONUS
        self.does(payroll.give_bonus, self.workers[who].employee, on=self.some_day(0), kind=kind,
                  amount=euros(minor), words="Well done")  # fmt: skip

    @deed(place=PLACES)
    def take_back_declaration(self, place):
        self.does(payroll.take_back, self.some(TipDeclaration, place), by=self.accountant)

    @deed()
    def replace_pool(self):
        """The pool ends tonight, and another of the same code and people begins tomorrow."""
        pool = self.some(TipPool, 0, fits=TipPool.ends_on.is_(None))
        self.does(replace, pool)

    @deed(place=PLACES)
    def take_pool_back(self, place):
        self.does(payroll.take_pool_back, self.some(TipPool, place))

    @deed(place=PLACES)
    def go_on_with_pay(self, place):
        """The next step of the first period that isn't paid, or the period of the next day."""
        period = self.some(PayPeriod, 0, PayPeriod.state.not_in(FINAL))
        step, by = {
            PeriodState.OPEN: (payroll.review, self.accountant),
            PeriodState.REVIEWED: (payroll.approve, self.by),
            PeriodState.APPROVED: (payroll.lock_period, self.accountant),
        }.get(period and period.state, (None, None))
        if step is not None:
            self.does(step, period, by=by)
            return
        before = payroll.latest(self.session, self.house)
        day = before.last + timedelta(days=1) if before else make.DAY
        self.does(payroll.open_period, self.house, first=day, last=day, pays_on=day,
                  frequency=None)  # fmt: skip

    @deed(place=PLACES)
    def reopen_pay(self, place):
        looked_at = PayPeriod.state.in_([PeriodState.REVIEWED, PeriodState.APPROVED])
        self.does(payroll.reopen, self.some(PayPeriod, place, fits=looked_at), why="Look again")
