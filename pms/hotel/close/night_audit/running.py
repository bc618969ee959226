"""Running the audit: its steps in order, each turn with its own bookkeeping in one transaction."""

import contextlib
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates, planner
from pms.base.db import insert_new, transaction
from pms.base.refusal import Refusal
from pms.hotel.close.night_audit.alone import alone
from pms.hotel.close.night_audit.checks import Blocked, Weight, check
from pms.hotel.close.night_audit.choices import Decisions, Rules
from pms.hotel.close.night_audit.steps import STEPS, Night, Step
from pms.hotel.close.night_audit.tables import Audit, AuditState, AuditStep, StepState
from pms.hotel.house import business_day, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

Progress = Callable[[date, str, int], None]


class AlreadyClosed(Refusal):
    """The day was closed before."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%a %d %b %Y} is closed already. Reload the page.")


class NotYet(Refusal):
    """Earlier days are still open."""

    def __init__(self, today: date) -> None:
        super().__init__(f"{today:%a %d %b %Y} is the open day. Close the days in order.")


def audit(
    session: Session,
    hotel: Hotel,
    *,
    by: Staff,
    rules: Rules | None = None,
    closing: date | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Close the open day (or `closing`, which must be it) and return its audit.

    Call it outside a transaction: it has many of its own. An audit that was cut off is taken up
    where it stopped, the day before's first. Refuses while another audit runs, a day that is
    closed, and with `Blocked` what somebody must decide before anything is changed. `progress` is
    told the day, the step and its rows after each turn.
    """
    require(by, Permission.AUDIT, hotel.id)
    rules = rules or Rules()
    with alone(session, hotel):
        planner.recount(session)
        today = business_day.today(session, hotel)
        _finish_yesterday(session, hotel, today, by=by, rules=rules, progress=progress)
        if closing is not None and closing < today:
            raise AlreadyClosed(closing)
        if closing is not None and closing > today:
            raise NotYet(today)
        checks = check(session, hotel, rules)
        if any(each.state is Weight.BLOCK for each in checks):
            raise Blocked(checks)
        return _Run(session, hotel, today, by, rules, progress).from_where_it_stopped()


def audit_until(
    session: Session,
    hotel: Hotel,
    last: date,
    *,
    by: Staff,
    rules: Rules | None = None,
    progress: Progress | None = None,
) -> list[Audit]:
    """Close one day after the other, `last` included: for nights that were missed."""
    audits = []
    while (day := business_day.today(session, hotel)) <= last:
        audits.append(audit(session, hotel, by=by, rules=rules, closing=day, progress=progress))
    return audits


def _finish_yesterday(
    session: Session,
    hotel: Hotel,
    today: date,
    *,
    by: Staff,
    rules: Rules,
    progress: Progress | None,
) -> None:
    before = today - dates.ONE_DAY
    left = session.get(Audit, {"hotel_id": hotel.id, "day": before}, populate_existing=True)
    if left is not None and left.state is not AuditState.DONE:
        _Run(session, hotel, before, by, rules, progress).from_where_it_stopped()


class _Run:
    """One process's go at one day's audit."""

    def __init__(
        self,
        session: Session,
        hotel: Hotel,
        day: date,
        by: Staff,
        rules: Rules,
        progress: Progress | None,
    ) -> None:
        self.session = session
        self.hotel = hotel
        self.day = day
        self.by = by
        self.rules = rules
        self.progress = progress

    def from_where_it_stopped(self) -> Audit:
        """Do every step that isn't done."""
        done = self._begin()
        for no, step in enumerate(STEPS, start=1):
            if no in done:
                continue
            try:
                self._do(no, step)
            except Exception as problem:
                self._note_failure(no, problem)
                raise
        key = {"hotel_id": self.hotel.id, "day": self.day}
        return self.session.get_one(Audit, key, populate_existing=True)

    def _begin(self) -> set[int]:
        """Write the audit down, or find it, and return which steps are done."""
        session, key = self.session, {"hotel_id": self.hotel.id, "day": self.day}
        with transaction(session):
            house = staff.the_house(session, self.hotel)
            self.decisions = Decisions(self.hotel, self.day, self.rules, self.by, house)
            now = clock.now()
            fresh = key | {"started_at": now, "staff_id": self.by.id, "state": AuditState.RUNNING}
            insert_new(session, Audit, [fresh])
            insert_new(
                session,
                AuditStep,
                [
                    key | {"no": no, "name": step.name, "state": StepState.PENDING}
                    for no, step in enumerate(STEPS, start=1)
                ],
            )
            self._set_audit(state=AuditState.RUNNING)
            states = session.execute(
                sa.select(AuditStep.no, AuditStep.state).where(
                    AuditStep.hotel_id == self.hotel.id, AuditStep.day == self.day
                )
            )
            done = {no for no, state in states if state is StepState.DONE}
            self._start(min(set(range(1, len(STEPS) + 1)) - done))
        return done

    def _do(self, no: int, step: Step) -> None:
        night = Night(self.session, self.hotel, self.day, self.decisions)
        more = True
        while more:
            planner.recount(self.session)
            night.ready = step.prepare(night) if step.prepare else None
            with transaction(self.session):  # whoever waits has the turn after this one
                batch = step.work(night)
                self._count(no, batch.rows, finished=not batch.more)
                more = batch.more
            if self.progress is not None:
                self.progress(self.day, step.name, batch.rows)

    def _count(self, no: int, rows: int, *, finished: bool) -> None:
        """Note a turn in the transaction it happened in; the last step's ends the audit."""
        changed: dict[str, object] = {"rows": AuditStep.rows + rows, "error": None}
        if finished:
            changed |= {"state": StepState.DONE, "finished_at": clock.now()}
        self._set_step(no, **changed)
        if finished and no < len(STEPS):
            self._start(no + 1)
        elif finished:
            self._set_audit(state=AuditState.DONE, finished_at=clock.now())

    def _start(self, no: int) -> None:
        self._set_step(
            no,
            state=StepState.RUNNING,
            attempts=AuditStep.attempts + 1,
            started_at=clock.now(),
        )

    def _note_failure(self, no: int, problem: Exception) -> None:
        said = problem.sentence if isinstance(problem, Refusal) else repr(problem)
        with contextlib.suppress(sa.exc.SQLAlchemyError, Refusal), transaction(self.session):
            self._set_step(no, state=StepState.FAILED, error=said[:1000])
            self._set_audit(state=AuditState.FAILED)

    def _set_step(self, no: int, **values: object) -> None:
        self.session.execute(
            sa.update(AuditStep)
            .where(
                AuditStep.hotel_id == self.hotel.id,
                AuditStep.day == self.day,
                AuditStep.no == no,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    def _set_audit(self, **values: object) -> None:
        self.session.execute(
            sa.update(Audit)
            .where(Audit.hotel_id == self.hotel.id, Audit.day == self.day)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
