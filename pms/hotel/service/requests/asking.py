"""Asking: who on duty is asked for a request, and the levels it goes up when a clock runs out."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import is_postgresql, lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import duty
from pms.hotel.people.duty import Level
from pms.hotel.service.requests import categories, telling
from pms.hotel.service.requests.categories import RequestClock
from pms.hotel.service.requests.refusals import WrongStep
from pms.hotel.service.requests.tables import (
    OPEN,
    RUNNING,
    UNSEEN,
    Escalation,
    Request,
    Why,
)

TOP = Level.DUTY_MANAGER


@dataclass(frozen=True)
class _Reached:
    """A level, and who is there; nobody at the top means nobody at all."""

    level: Level
    staff_id: int | None


def clock_of(session: Session, request: Request) -> RequestClock:
    """Return the minutes a request has."""
    return categories.clock_of(session, request.category, request.priority, vip=request.vip)


def ask(session: Session, hotel: Hotel, request: Request, *, by: Staff, day: date) -> None:
    """Ask who is on duty; where nobody is, the next level is asked at once, and it says so.

    The request keeps its level at the first somebody was found, and its clocks run from there.
    """
    at = clock.now()
    step = clock_of(session, request).step
    reached = _find(session, hotel, request, Level.ATTENDS, at)
    _write_steps(session, hotel, request, reached, why=Why.NOBODY_ON_DUTY, by=by, day=day, at=at)
    request.level, request.assignee_id = int(reached.level), reached.staff_id
    request.taken_at = None
    if reached.staff_id is None:
        request.escalates_at = at + step
    elif reached.level is TOP:
        request.escalates_at = None
    else:
        request.escalates_at = request.seen_by
    request.version += 1
    session.flush()


def _find(session: Session, hotel: Hotel, request: Request, start: Level, at: datetime) -> _Reached:
    for level in Level:
        if level < start:
            continue
        person = _least_busy(session, hotel, request, level, at)
        if person is not None:
            return _Reached(level, person)
    return _Reached(TOP, None)


def _least_busy(
    session: Session, hotel: Hotel, request: Request, level: Level, at: datetime
) -> int | None:
    """Return who of those on duty has the fewest open requests."""
    has = (
        sa.select(sa.func.count())
        .select_from(Request)
        .where(Request.hotel_id == hotel.id, Request.state.in_(OPEN))
    )
    on_duty = duty.there(hotel, request.department, level, at)
    mine = has.where(Request.assignee_id == duty.Duty.staff_id).scalar_subquery()
    return session.scalar(on_duty.order_by(mine, duty.Duty.id).limit(1))


def _write_steps(
    session: Session,
    hotel: Hotel,
    request: Request,
    reached: _Reached,
    *,
    why: Why,
    by: Staff,
    day: date,
    at: datetime,
) -> None:
    """Write each level that a request goes up, and why; the first one for the cause given."""
    first = request.level + 1
    for level in range(first, int(reached.level) + 1):
        reason = why if level == first else Why.NOBODY_ON_DUTY
        told = reached.staff_id if level == reached.level else None
        session.add(
            Escalation(
                hotel_id=hotel.id,
                request_id=request.id,
                turn=request.turn,
                level=level,
                chain_id=hotel.chain_id,
                why=reason,
                staff_id=told,
                at=at,
            )
        )
        session.flush()
        logbook.record(
            session,
            "escalated",
            request,
            by=by,
            day=day,
            why=reason.words,
            level=Level(level).words,
            told=_name(session, hotel, told),
        )
        if told is not None:
            telling.tell(session, hotel, request, Level(level), why=reason, at=at)


def _name(session: Session, hotel: Hotel, staff_id: int | None) -> str:
    if staff_id is None:
        return "nobody is on duty"
    return session.get_one(Staff, {"chain_id": hotel.chain_id, "id": staff_id}).name


# --- the clocks run out ---------------------------------------------------------------------------


def escalate_due(session: Session, hotel: Hotel, *, by: Staff, limit: int = 50) -> int:
    """Tell the next level of requests whose clock ran out; return how many were looked after.

    Whoever runs it, each level is told once: the row is locked, and what another worker has in
    hand is passed over.
    """
    day = business_day.hold(session, hotel)
    now = clock.now()
    due = (
        sa.select(Request)
        .where(Request.hotel_id == hotel.id, Request.escalates_at <= now)
        .order_by(Request.escalates_at)
        .limit(limit)
    )
    if is_postgresql(session):
        due = due.with_for_update(skip_locked=True)
    found = session.scalars(due.execution_options(populate_existing=True)).all()
    for request in found:
        if request.assignee_id is None:
            _ask_again(session, hotel, request, by=by, day=day, now=now)
        else:
            why = Why.UNSEEN if request.state in UNSEEN else Why.OVERDUE
            _go_up(session, hotel, request, why=why, by=by, day=day, now=now)
    session.flush()
    return len(found)


def send_up(session: Session, request: Request, *, reason: str, by: Staff) -> Request:
    """Tell the next level by hand, before a clock does; refuses where nobody is above."""
    require(by, Permission.REQUEST, request.hotel_id)
    hotel = session.get_one(Hotel, request.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, request)
    if request.state not in RUNNING:
        raise WrongStep(request, "only what is waited for goes up")
    if request.level >= TOP:
        raise WrongStep(request, "nobody is above the duty manager")
    _go_up(session, hotel, request, why=Why.BY_HAND, by=by, day=day, now=clock.now())
    logbook.record(session, "sent up", request, by=by, day=day, why=reason)
    return request


def _go_up(
    session: Session,
    hotel: Hotel,
    request: Request,
    *,
    why: Why,
    by: Staff,
    day: date,
    now: datetime,
) -> None:
    """Reach the next level that has somebody; who has it keeps it, who was only asked doesn't."""
    if request.level >= TOP:
        request.escalates_at = None
        return
    reached = _find(session, hotel, request, Level(request.level + 1), now)
    _write_steps(session, hotel, request, reached, why=why, by=by, day=day, at=now)
    step = clock_of(session, request).step
    request.level = int(reached.level)
    if request.taken_at is None and reached.staff_id is not None:
        request.assignee_id = reached.staff_id
    request.escalates_at = now + step if reached.level < TOP else None
    request.version += 1
    session.flush()


def _ask_again(
    session: Session, hotel: Hotel, request: Request, *, by: Staff, day: date, now: datetime
) -> None:
    """Ask whoever came on duty since; until somebody does, look again after a step."""
    reached = _find(session, hotel, request, Level.ATTENDS, now)
    request.escalates_at = now + clock_of(session, request).step
    if reached.staff_id is not None:
        request.assignee_id = reached.staff_id
        request.escalates_at = None  # it is at the top: everybody there knows
        request.version += 1
        logbook.record(
            session,
            "asked",
            request,
            by=by,
            day=day,
            person=_name(session, hotel, reached.staff_id),
        )
    session.flush()


def run_on(request: Request, now: datetime) -> datetime | None:
    """Return when the next level is told of a request that somebody has seen."""
    if request.level >= TOP:
        return None
    return request.due_at if request.due_at > now else request.escalates_at
