"""Jobs: work put off until after the commit, done at least once and by one worker at a time.

A job knows a name and a payload; the roof (`pms.worker`) hands in who does what. It is written
in the business transaction, claimed for a while (the lease), done with no transaction open, and
settled; a worker that dies leaves a lease that runs out, and another worker does the job again.
So whatever a handler does must bear being done twice.
"""

import enum
import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import (
    Base,
    OfHotel,
    choice,
    insert_new,
    is_postgresql,
    lock,
    new_id,
    transaction,
)
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

_log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any handler takes
MOST_ATTEMPTS = 8  # the last one about two hours after the first
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
KEPT = timedelta(days=30)


class JobState(enum.StrEnum):
    """A job waits, runs under a lease, and is done, or has failed for good."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class NotFailed(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"The job “{name}” has not failed; there is nothing to try again.")


class Job(OfHotel, Base):
    """One piece of work; with `every` (seconds) it comes back after it is done."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "key"),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="leased"),
        sa.CheckConstraint("every IS NULL OR every > 0", name="comes_back_later"),
        sa.Index(None, "state", "run_at"),
    )

    name: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.WAITING)
    run_at: Mapped[datetime]
    every: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Claim:
    """A job in a worker's hands; `attempt` tells this claim from a later one of the same job."""

    hotel_id: int
    id: int
    name: str
    payload: dict[str, Any]
    attempt: int


Handler = Callable[[Session, Claim], None]
Sessions = Callable[[], Session]


# --- written by the house -------------------------------------------------------------------------


def enqueue(
    session: Session,
    hotel: Hotel,
    name: str,
    payload: Mapping[str, Any] | None = None,
    *,
    key: str,
    run_at: datetime | None = None,
) -> None:
    """Put work off until after this transaction; a key that is known is not put off twice.

    The same key with other work in it is a mistake of ours (ValueError).
    """
    work = dict(payload or {})
    row = _row(hotel, name, work, key=key, run_at=run_at or clock.now())
    insert_new(session, Job, [row])
    kept = session.execute(
        sa.select(Job.name, Job.payload).where(Job.hotel_id == hotel.id, Job.key == key)
    ).one()
    if (kept.name, _canonical(kept.payload)) != (name, _canonical(work)):
        raise ValueError(f"The key {key} was used for other work.")


def plan(session: Session, hotel: Hotel, name: str, *, every: timedelta) -> None:
    """Have work done again and again; said twice, the later rhythm counts."""
    row = _row(hotel, name, {}, key=f"every/{name}", run_at=clock.now())
    seconds = int(every.total_seconds())
    insert_new(session, Job, [{**row, "every": seconds}])
    session.execute(
        sa.update(Job)
        .where(Job.hotel_id == hotel.id, Job.key == row["key"], Job.every != seconds)
        .values(every=seconds)
        .execution_options(synchronize_session=False)
    )


def try_again(session: Session, job: Job, *, by: Staff) -> Job:
    """Let a job that has failed for good begin anew."""
    require(by, Permission.SET_UP, job.hotel_id)
    lock(session, job)
    if job.state is not JobState.FAILED:
        raise NotFailed(job.name)
    job.state, job.attempts, job.run_at = JobState.WAITING, 0, clock.now()
    session.flush()
    day = business_day.today(session, session.get_one(Hotel, job.hotel_id))
    before = {"state": "failed", "error": job.error}
    logbook.record(session, "tried again", job, by=by, day=day, before=before, state="waiting")
    return job


def failed(session: Session, hotel: Hotel, *, limit: int = 50) -> list[Job]:
    """Return the jobs that failed for good, the newest first."""
    return list(
        session.scalars(
            sa.select(Job)
            .where(Job.hotel_id == hotel.id, Job.state == JobState.FAILED)
            .order_by(Job.id.desc())
            .limit(limit)
        )
    )


def _row(
    hotel: Hotel, name: str, payload: dict[str, Any], *, key: str, run_at: datetime
) -> dict[str, Any]:
    return {
        "hotel_id": hotel.id,
        "id": new_id(),
        "name": name,
        "key": key,
        "payload": payload,
        "state": JobState.WAITING,
        "run_at": run_at,
        "every": None,
        "attempts": 0,
    }


def _canonical(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, sort_keys=True)


# --- done by a worker -----------------------------------------------------------------------------


def run_due(
    sessions: Sessions,
    handlers: Mapping[str, Handler],
    *,
    lease: timedelta = LEASE,
    at_most: int = 100,
) -> int:
    """Do what is due, one job after the other, and return how many were taken in hand.

    Only jobs that somebody handles are touched. What a handler raises is kept with the job and
    never leaves here.
    """
    taken = 0
    while taken < at_most:
        with sessions() as session:
            claim = take(session, handlers, lease=lease)
            if claim is None:
                break
            taken += 1
            settle(session, claim, error=_do(session, handlers[claim.name], claim))
    return taken


def take(session: Session, names: Collection[str], *, lease: timedelta = LEASE) -> Claim | None:
    """Claim the job that has been due longest, in a short transaction of its own."""
    now = clock.now()
    if session.scalar(_due(now, names)) is None:
        session.rollback()
        return None
    with transaction(session):
        _bury(session, now, names)
        wanted = _due(now, names)
        if is_postgresql(session):
            wanted = wanted.with_for_update(skip_locked=True)
        row = session.execute(wanted).one_or_none()
        if row is None:
            return None
        claimed = session.execute(
            sa.update(Job)
            .where(Job.hotel_id == row.hotel_id, Job.id == row.id)
            .values(state=JobState.RUNNING, lease_until=now + lease, attempts=Job.attempts + 1)
            .returning(Job.hotel_id, Job.id, Job.name, Job.payload, Job.attempts)
            .execution_options(synchronize_session=False)
        ).one()
        return Claim(*claimed)


def settle(session: Session, claim: Claim, *, error: str | None = None) -> bool:
    """Say how it went; False when the lease ran out and the job is in other hands by now.

    After an error it waits twice as long each time, up to an hour, and fails for good after
    eight tries. What comes again and again never fails for good: it waits for its next time.
    """
    now = clock.now()
    done: dict[str, Any] = {"state": JobState.DONE, "finished_at": now, "error": None}
    if error is not None:
        dead = claim.attempt >= MOST_ATTEMPTS
        done = {
            "state": JobState.FAILED if dead else JobState.WAITING,
            "finished_at": now if dead else None,
            "run_at": now + delay(claim.attempt),
            "error": error[:2000],
        }
    with transaction(session):
        mine = sa.and_(
            Job.hotel_id == claim.hotel_id,
            Job.id == claim.id,
            Job.state == JobState.RUNNING,
            Job.attempts == claim.attempt,
        )
        every = session.scalar(sa.select(Job.every).where(mine))
        if every is not None:
            done = {
                "state": JobState.WAITING,
                "run_at": now + timedelta(seconds=every),
                "error": error[:2000] if error else None,
                "finished_at": now,
            }
        settled = session.execute(
            sa.update(Job)
            .where(mine)
            .values(lease_until=None, **done)
            .execution_options(synchronize_session=False)
        )
        return bool(settled.rowcount)  # type: ignore[attr-defined]


def delay(attempt: int) -> timedelta:
    """Return how long to wait after the nth failure: half a minute, doubled, an hour at most."""
    return min(FIRST_DELAY * int(2 ** (attempt - 1)), LONGEST_DELAY)


def sweep(session: Session) -> int:
    """Forget what was done more than a month ago, a handful at a time; return how many."""
    old = (
        sa.select(Job.hotel_id, Job.id)
        .where(Job.state == JobState.DONE, Job.finished_at < clock.now() - KEPT)
        .limit(500)
    )
    gone = session.execute(
        sa.delete(Job)
        .where(sa.tuple_(Job.hotel_id, Job.id).in_(old))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _do(session: Session, handler: Handler, claim: Claim) -> str | None:
    try:
        handler(session, claim)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is kept with the job
        _log.warning("%s failed, attempt %s", claim.name, claim.attempt, exc_info=problem)
        return f"{type(problem).__name__}: {problem}"
    return None


def _due(now: datetime, names: Collection[str]) -> sa.Select[int, int]:
    waiting = sa.and_(Job.state == JobState.WAITING, Job.run_at <= now)
    left_behind = sa.and_(Job.state == JobState.RUNNING, Job.lease_until <= now)
    return (
        sa.select(Job.hotel_id, Job.id)
        .where(sa.or_(waiting, left_behind), Job.name.in_(names))
        .order_by(Job.run_at, Job.id)
        .limit(1)
    )


def _bury(session: Session, now: datetime, names: Collection[str]) -> None:
    """Give up what killed its worker every time."""
    session.execute(
        sa.update(Job)
        .where(
            Job.state == JobState.RUNNING,
            Job.lease_until <= now,
            Job.attempts >= MOST_ATTEMPTS,
            Job.every.is_(None),
            Job.name.in_(names),
        )
        .values(
            state=JobState.FAILED,
            lease_until=None,
            finished_at=now,
            error="Every worker that took it in hand was gone before it was done.",
        )
        .execution_options(synchronize_session=False)
    )
