"""Tips: what comes in on a code is shared among who worked, and paid out with their hours."""

from datetime import timedelta

from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import payroll, tips
from pms.hotel.people.exports import Target
from pms.hotel.people.pay import ExtraKind, generic_weekly
from pms.hotel.people.payroll import FINAL, PayExport, PayPeriod, PeriodState
from pms.hotel.people.tips import PoolKind, SharedBy, TipDeclaration, TipPool
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

    @deed(who=st.integers(0, 1), begins=st.integers(0, 5), hours=st.integers(1, 3))
    def work(self, who, begins, hours):
        def works(session, *, by):
            hour, on = 4 * begins, self.some_day(0)
            make_people.worked(
                session, self.workers[who], f"{on} {hour:02}:00", f"{on} {hour + hours:02}:00"
            )

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
        def declares():
            self.prepares(payroll.declare_tips, self.workers[0].employee, on=self.some_day(0),
                          amount=euros(700))  # fmt: skip

        todays = TipDeclaration.day == self.some_day(0)
        declared = self.some(TipDeclaration, place, fits=todays, otherwise=declares)
        self.does(payroll.take_back, declared, by=self.accountant)

    @deed()
    def replace_pool(self):
        """The pool ends tonight, and another of the same code and people begins tomorrow."""
        self.does(replace, self.some_pool(0))

    def some_pool(self, place):
        """A pool, mostly one that goes on: another is opened where none does."""

        def opens():
            pool = self.prepares(
                payroll.open_pool, self.house, name="Bar", kind=PoolKind.TIPS,
                shared_by=SharedBy.HOURS, charge_code=self.codes["TIP"],
                begins_on=self.some_day(1),
            )  # fmt: skip
            self.prepares(tips.put_position, pool, make_people.position(self.session, self.house))

        return self.some(TipPool, place, fits=TipPool.ends_on.is_(None), otherwise=opens)

    @deed(place=PLACES)
    def take_pool_back(self, place):
        self.does(payroll.take_pool_back, self.some_pool(place))

    @deed()
    def go_on_with_pay(self):
        self.goes_on_with_pay(self.does)

    def goes_on_with_pay(self, do):
        """The next step of the first period that isn't paid, or the period of the next day."""
        period = self.some(PayPeriod, 0, PayPeriod.state.not_in(FINAL))
        step, by = {
            PeriodState.OPEN: (payroll.review, self.accountant),
            PeriodState.REVIEWED: (payroll.approve, self.by),
            PeriodState.APPROVED: (payroll.lock_period, self.accountant),
        }.get(period and period.state, (None, None))
        if step is not None:
            do(step, period, by=by)
            return
        before = payroll.latest(self.session, self.house)
        day = before.last + timedelta(days=1) if before else make.DAY
        do(payroll.open_period, self.house, first=day, last=day, pays_on=day, frequency=None)

    def gets_pay(self, *states):
        """Let the first period go on until it is so far."""
        for _ in range(len(PeriodState)):
            if self.some(PayPeriod, 0, PayPeriod.state.in_(states)) is None:
                self.goes_on_with_pay(self.prepares)

    @deed(place=PLACES, company=st.sampled_from(["", "Lantern", "Hotel"]))
    def export_pay(self, place, company):
        """The file of a period that is paid, made anew where it is known otherwise, and taken."""
        self.does(payroll.set_settings, self.house, Target.GENERIC, company=company, codes={},
                  by=self.accountant)  # fmt: skip
        period = self.some(PayPeriod, place, fits=PayPeriod.state.in_(FINAL),
                           otherwise=lambda: self.gets_pay(*FINAL))  # fmt: skip
        self.does(payroll.export, period, Target.GENERIC, by=self.accountant)
        self.does(payroll.reprint, self.some(PayExport, place), by=self.accountant)

    @deed(cents=st.integers(0, 15))
    def change_pay_rules(self, cents):
        """From tomorrow on nobody is paid less."""
        self.does(payroll.set_rules, self.house, "DE", generic_weekly(minimum_wage=cents * 100),
                  valid_from=self.some_day(1))  # fmt: skip

    @deed(place=PLACES, out=st.booleans())
    def change_pool(self, place, out):
        """Whose position shares in a pool no longer does, or does again."""
        pool = self.some_pool(place)
        held = make_people.position(self.session, self.house)
        self.does(tips.take_out_position if out else tips.put_position, pool, held)

    @deed(place=PLACES)
    def reopen_pay(self, place):
        looked_at = (PeriodState.REVIEWED, PeriodState.APPROVED)
        period = self.some(PayPeriod, place, fits=PayPeriod.state.in_(looked_at),
                           otherwise=lambda: self.gets_pay(*looked_at))  # fmt: skip
        self.does(payroll.reopen, period, why="Look again")

    @deed()
    def take_period_back(self):
        """The newest, as long as nobody has looked at it; the next step opens it again."""
        self.does(payroll.take_period_back, payroll.latest(self.session, self.house),
                  by=self.accountant)  # fmt: skip
