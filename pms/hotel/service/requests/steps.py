"""Steps: seen, taken, given, begun, resting, done, closed, cancelled, reopened."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.duty import NotOfTheHouse
from pms.hotel.service.requests import asking
from pms.hotel.service.requests.categories import Priority
from pms.hotel.service.requests.entering import LONGEST_WORDS, said, wind
from pms.hotel.service.requests.refusals import CauseUnknown, TakenByAnother, WrongStep
from pms.hotel.service.requests.tables import (
    OPEN,
    RUNNING,
    UNSEEN,
    Request,
    RequestNote,
    State,
)

LONGEST_LABOUR = 10_000  # minutes


def _begin(session: Session, request: Request, *, by: Staff) -> date:
    """Hold the day and the request; return the day."""
    require(by, Permission.REQUEST, request.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, request.hotel_id))
    lock(session, request)
    session.refresh(request, ["assignee"])
    return day


def _end(
    session: Session,
    request: Request,
    verb: str,
    before: State,
    *,
    by: Staff,
    day: date,
    why: str | None = None,
    **after: object,
) -> Request:
    request.version += 1
    session.flush()
    session.refresh(request, ["assignee"])
    if before is not request.state:
        after = {"state": request.state.value, **after}
    was = {"state": before.value} if before is not request.state else None
    logbook.record(session, verb, request, by=by, day=day, before=was, why=why, **after)
    return request


def _seen(request: Request, now: datetime) -> None:
    if request.seen_at is None or request.state in UNSEEN:
        request.seen_at = now
        request.escalates_at = asking.run_on(request, now)


def _refuse_anothers(session: Session, request: Request, by: Staff) -> None:
    """Refuse what somebody else has; who directs may all the same."""
    if request.taken_at is None or request.assignee_id == by.id:
        return
    if request.assignee is None:
        return
    zone = session.get_one(Hotel, request.hotel_id).time_zone
    since = f"{dates.local(request.taken_at, zone):%H:%M}"
    raise TakenByAnother(request, request.assignee.name, since)


# --- seen, taken, given ---------------------------------------------------------------------------


def acknowledge(session: Session, request: Request, *, by: Staff) -> Request:
    """Say that the department has seen it; the first clock stops, the second runs on."""
    day = _begin(session, request, by=by)
    before = request.state
    if before not in UNSEEN:
        raise WrongStep(request, "somebody has seen it already")
    _seen(request, clock.now())
    request.state = State.ACKNOWLEDGED
    return _end(session, request, "acknowledged", before, by=by, day=day)


def take(session: Session, request: Request, *, by: Staff) -> Request:
    """Take a request oneself; who comes second is told who has it."""
    day = _begin(session, request, by=by)
    before, now = request.state, clock.now()
    _refuse_anothers(session, request, by)
    if before not in UNSEEN | {State.ACKNOWLEDGED}:
        raise WrongStep(request, "there is nothing to take")
    _seen(request, now)
    request.assignee_id, request.taken_at, request.state = by.id, now, State.ASSIGNED
    return _end(session, request, "took", before, by=by, day=day)


def assign(session: Session, request: Request, *, person: Staff, by: Staff) -> Request:
    """Give a request to somebody, from whoever has it; for who is in charge."""
    require(by, Permission.DIRECT_REQUESTS, request.hotel_id)
    day = _begin(session, request, by=by)
    before, now = request.state, clock.now()
    if before not in RUNNING:
        raise WrongStep(request, "only what is waited for is given to somebody")
    if person.disabled or not person.may(Permission.REQUEST, request.hotel_id):
        raise NotOfTheHouse(person)
    had = request.assignee.name if request.assignee else None
    _seen(request, now)
    request.assignee_id, request.taken_at, request.state = person.id, now, State.ASSIGNED
    return _end(session, request, "assigned", before, by=by, day=day, to=person.name, was_with=had)


def give_back(session: Session, request: Request, *, reason: str, by: Staff) -> Request:
    """Let go of what one has, so that somebody else can take it; the clocks run on."""
    reason = said(reason, field="reason")
    day = _begin(session, request, by=by)
    before = request.state
    if before not in {State.ASSIGNED, State.IN_PROGRESS}:
        raise WrongStep(request, "nobody has it")
    if not by.may(Permission.DIRECT_REQUESTS, request.hotel_id):
        _refuse_anothers(session, request, by)
    request.taken_at, request.state = None, State.ACKNOWLEDGED
    return _end(session, request, "gave back", before, by=by, day=day, why=reason)


# --- the work -------------------------------------------------------------------------------------


def start(session: Session, request: Request, *, by: Staff) -> Request:
    """Begin the work; who begins what nobody has, has it."""
    day = _begin(session, request, by=by)
    before, now = request.state, clock.now()
    if before not in RUNNING - {State.IN_PROGRESS}:
        raise WrongStep(request, "it can't be begun")
    _refuse_anothers(session, request, by)
    _have(request, by, now)
    request.started_at, request.state = now, State.IN_PROGRESS
    return _end(session, request, "started", before, by=by, day=day)


def _have(request: Request, by: Staff, now: datetime) -> None:
    _seen(request, now)
    if request.taken_at is None:
        request.assignee_id, request.taken_at = by.id, now


def hold(session: Session, request: Request, *, reason: str, by: Staff) -> Request:
    """Let it rest for a reason; its clocks stand still until it goes on."""
    reason = said(reason, field="reason")
    day = _begin(session, request, by=by)
    before, now = request.state, clock.now()
    if before not in RUNNING:
        raise WrongStep(request, "it isn't being waited for")
    told = request.escalates_at
    request.held_at, request.held_from, request.hold_reason = now, before.value, reason
    request.held_left = None if told is None else int((told - now).total_seconds())
    request.escalates_at, request.state = None, State.ON_HOLD
    return _end(session, request, "put on hold", before, by=by, day=day, why=reason)


def resume(session: Session, request: Request, *, by: Staff) -> Request:
    """Go on: the clocks have as much left as when it was put on hold."""
    day = _begin(session, request, by=by)
    if request.state is not State.ON_HOLD or request.held_at is None:
        raise WrongStep(request, "it isn't on hold")
    now = clock.now()
    rested = now - request.held_at
    request.paused += int(rested.total_seconds())
    request.seen_by += rested
    request.due_at += rested
    request.state = State(request.held_from or State.ACKNOWLEDGED.value)
    left = request.held_left
    request.escalates_at = None if left is None else now + timedelta(seconds=left)
    request.held_at = request.held_from = request.held_left = request.hold_reason = None
    minutes = int(rested.total_seconds()) // 60
    return _end(session, request, "resumed", State.ON_HOLD, by=by, day=day, rested_minutes=minutes)


def finish(
    session: Session,
    request: Request,
    *,
    words: str | None = None,
    labour_minutes: int = 0,
    parts: Money | None = None,
    by: Staff,
) -> Request:
    """Say that it is done, and what it cost the house; who directs may say it for somebody."""
    day = _begin(session, request, by=by)
    before, now = request.state, clock.now()
    if before not in RUNNING:
        raise WrongStep(request, "it can't be done now")
    if not by.may(Permission.DIRECT_REQUESTS, request.hotel_id):
        _refuse_anothers(session, request, by)
    if not 0 <= labour_minutes <= LONGEST_LABOUR:
        raise Invalid("Labour is 0 minutes or more.", field="labour_minutes")
    hotel = session.get_one(Hotel, request.hotel_id)
    if parts is not None and (parts.minor < 0 or parts.currency != hotel.currency):
        raise Invalid(f"Parts cost 0 or more, in {hotel.currency}.", field="parts")
    _have(request, by, now)
    request.done_words = said(words, field="words") if words and words.strip() else None
    request.labour_minutes += labour_minutes
    request.parts_cost += parts.minor if parts is not None else 0
    request.done_at, request.state, request.escalates_at = now, State.DONE, None
    late = max(0, int((now - request.due_at).total_seconds()) // 60)
    return _end(session, request, "done", before, by=by, day=day, minutes_late=late)


# --- the end, and the beginning again -------------------------------------------------------------


def close(session: Session, request: Request, *, cause: str | None = None, by: Staff) -> Request:
    """Close what is done once the guest is content; a complaint says what caused it."""
    day = _begin(session, request, by=by)
    if request.state is not State.DONE:
        raise WrongStep(request, "only what is done is closed")
    if cause and cause.strip():
        request.cause = said(cause, field="cause")
    if request.complaint and request.cause is None:
        raise CauseUnknown(request)
    request.state, request.closed_at = State.CLOSED, clock.now()
    return _end(session, request, "closed", State.DONE, by=by, day=day)


def cancel(session: Session, request: Request, *, reason: str, by: Staff) -> Request:
    """Drop a request that nobody wants any more."""
    reason = said(reason, field="reason")
    day = _begin(session, request, by=by)
    before = request.state
    if before not in OPEN:
        raise WrongStep(request, "there is nothing to cancel")
    request.held_at = request.held_from = request.held_left = request.hold_reason = None
    request.cancel_reason, request.escalates_at = reason, None
    request.state, request.closed_at = State.CANCELLED, clock.now()
    return _end(session, request, "cancelled", before, by=by, day=day, why=reason)


def reopen(session: Session, request: Request, *, reason: str, by: Staff) -> Request:
    """Begin again what wasn't well: new clocks, and who is on duty now is asked."""
    reason = said(reason, field="reason")
    day = _begin(session, request, by=by)
    before = request.state
    if before in OPEN:
        raise WrongStep(request, "it was never closed")
    hotel = session.get_one(Hotel, request.hotel_id)
    request.turn += 1
    request.level, request.state = 1, State.REOPENED
    request.clock_from, request.paused, request.wanted_at = clock.now(), 0, None
    request.taken_at = request.seen_at = request.started_at = None
    request.done_at = request.closed_at = None
    request.cancel_reason = request.done_words = None
    request.version += 1
    session.flush()
    wind(session, request)
    asking.ask(session, hotel, request, by=by, day=day)
    return _end(session, request, "reopened", before, by=by, day=day, why=reason)


# --- words and weight -----------------------------------------------------------------------------


def prioritise(session: Session, request: Request, *, priority: Priority, by: Staff) -> Request:
    """Weigh it anew; its clocks are those of the new priority, from when it was asked."""
    day = _begin(session, request, by=by)
    if request.state not in RUNNING:
        raise WrongStep(request, "its clocks don't run")
    if request.priority is priority:
        return request
    before, request.priority = request.priority, priority
    wind(session, request)
    if request.level < asking.TOP and request.assignee_id is not None:
        unseen = request.state in UNSEEN
        request.escalates_at = request.seen_by if unseen else request.due_at
    request.version += 1
    session.flush()
    was = {"priority": before.value}
    logbook.record(
        session, "prioritised", request, by=by, day=day, before=was, priority=priority.value
    )
    return request


def note(session: Session, request: Request, *, words: str, by: Staff) -> RequestNote:
    """Add words to a request; the logbook says that there are some, not what they say."""
    kept = said(words, field="words", longest=LONGEST_WORDS)
    day = _begin(session, request, by=by)
    made = RequestNote(
        hotel_id=request.hotel_id,
        id=new_id(),
        chain_id=request.chain_id,
        request_id=request.id,
        staff_id=by.id,
        at=clock.now(),
        notes=kept,
    )
    session.add(made)
    session.flush()
    logbook.record(session, "noted", request, by=by, day=day)
    return made
