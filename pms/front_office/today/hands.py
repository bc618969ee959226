"""Needs a hand: facts that somebody must answer today, each with its cure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import Base
from pms.front_office.today.board import Counts
from pms.hotel.books import cashiers, payments
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import Hold, HoldState
from pms.hotel.rooms.rooms import Room, RoomType
from pms.hotel.service import wake_ups
from pms.hotel.service.housekeeping import Discrepancy
from pms.hotel.service.requests import RUNNING, Request
from pms.hotel.stays import express, queueing
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.stays.traces import Trace
from pms.web.auth import may
from pms.web.filters import at_time, plural
from pms.web.filters import day as written
from pms.web.menu import exists

LOOKS_AHEAD = timedelta(days=13)
AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Todo:
    """A fact, its reason, and one verb."""

    tone: str
    icon: str
    fact: str
    reason: str
    verb: str
    address: str


def todos(session: Session, hotel: Hotel, day: date, counted: Counts) -> list[Todo]:
    """Return what needs a hand, the worst first."""
    waits = _waits(session, hotel, day)
    found = [
        *_calls_due(waits.calls),
        *_queued(session, hotel, day),
        *_late_requests(waits.requests),
        *_differences(session, hotel),
        *_overdue(counted),
        *_express(waits.express),
        *_oversold(session, hotel, day),
        *_without_room(counted),
        *_uncounted(session, hotel, day),
        *_drawers(session, hotel),
        *_lapsing(waits.held, waits.lapses_at),
        *_options(waits.options),
        *_traced(waits.traces),
    ]
    return found[:AT_MOST]


def _waits(session: Session, hotel: Hotel, day: date) -> Any:
    """Count what waits for somebody, all of it in one question."""
    now = clock.now()
    late = _count(Request).where(
        Request.hotel_id == hotel.id, Request.state.in_(RUNNING), Request.due_at < now
    )
    options = _count(Reservation).where(
        Reservation.hotel_id == hotel.id,
        Reservation.state == State.BOOKED,
        Reservation.option_date <= day,
    )
    traced = _count(Trace).where(
        Trace.hotel_id == hotel.id, Trace.done_at.is_(None), Trace.due_on <= day
    )
    lapses_at, held = (
        sa.select(of_holds).where(
            Hold.hotel_id == hotel.id,
            Hold.state == HoldState.OPEN,
            Hold.expires_at.between(now, now + timedelta(hours=12)),
        )
        for of_holds in (sa.func.min(Hold.expires_at), sa.func.sum(Hold.rooms))
    )
    return session.execute(
        sa.select(
            wake_ups.due_now(hotel).label("calls"),
            late.scalar_subquery().label("requests"),
            express.due(hotel, day).label("express"),
            options.scalar_subquery().label("options"),
            traced.scalar_subquery().label("traces"),
            held.scalar_subquery().label("held"),
            lapses_at.scalar_subquery().label("lapses_at"),
        )
    ).one()


def _count(of: type[Base]) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(of)


def _late_requests(late: int) -> list[Todo]:
    if not late or not exists("requests.requests"):
        return []
    fact = f"{plural(late, 'request')} should be done by now"
    address = url_for("requests.requests", show="overdue")
    return [Todo("bad", "message", fact, "A guest is waiting", "See them", address)]


def _queued(session: Session, hotel: Hotel, day: date) -> list[Todo]:
    """Say who waits for a room: first those whose room is ready, then the longest wait."""
    waiting = queueing.waiting(session, hotel, day)
    if not waiting:
        return []
    address = url_for("checkin.queue")
    ready = [each for each in waiting if each.is_ready]
    if ready:
        names = ", ".join(each.queued.reservation.guest.name for each in ready[:3])
        return [Todo("ok", "checks", f"Ready for {names}", "They wait here", "Check in", address)]
    fact = f"{plural(len(waiting), 'party')} here, no room ready"
    longest = waiting[0].queued
    tone = "bad" if any(each.queued.is_late for each in waiting) else "warn"
    reason = f"The longest waits {plural(longest.minutes, 'minute')}"
    return [Todo(tone, "hourglass", fact, reason, "See the queue", address)]


def _express(waiting: int) -> list[Todo]:
    """Say how many asked for the express check-out and leave today."""
    if not waiting or not exists("check_out.morning"):
        return []
    fact = f"{plural(waiting, 'party')} {'leaves' if waiting == 1 else 'leave'} by the express way"
    address = url_for("check_out.morning")
    return [Todo("info", "logout", fact, "Let go who owes nothing", "See them", address)]


def _calls_due(due: int) -> list[Todo]:
    if not due or not exists("concierge.wake_up_list"):
        return []
    fact = f"{plural(due, 'wake-up call')} to make now"
    address = url_for("concierge.wake_up_list")
    return [Todo("bad", "alarm", fact, "A guest waits to be woken", "Call", address)]


def _differences(session: Session, hotel: Hotel) -> list[Todo]:
    """Say which rooms an attendant saw otherwise than the desk has them, to who may resolve it."""
    if not (may(Permission.CHECK_IN) or may(Permission.SHARE_ROOMS)):
        return []
    rows = session.execute(
        sa.select(Room.number, Discrepancy.kind, Discrepancy.id)
        .join(Room, sa.and_(Room.hotel_id == Discrepancy.hotel_id, Room.id == Discrepancy.room_id))
        .where(Discrepancy.hotel_id == hotel.id, Discrepancy.resolution.is_(None))
        .order_by(Discrepancy.id)
        .limit(AT_MOST)
    )
    return [
        Todo(
            "bad",
            "zzz",
            f"Room {number}: {kind.words.lower()}",
            "Housekeeping saw it otherwise than the desk",
            "Resolve",
            url_for("housekeeping.resolve", found_id=found_id),
        )
        for number, kind, found_id in rows
    ]


def _overdue(counted: Counts) -> list[Todo]:
    if not counted.overdue:
        return []
    fact = f"{plural(counted.overdue, 'party')} should have left"
    address = url_for("today.parties", show="departures")
    return [Todo("bad", "clock", fact, "Extend the stay or check out", "See them", address)]


def _oversold(session: Session, hotel: Hotel, day: date) -> list[Todo]:
    nights = inventory.oversold(session, hotel, day, day + LOOKS_AHEAD)
    if not nights:
        return []
    names = {
        row.id: row.name
        for row in session.execute(
            sa.select(RoomType.id, RoomType.name).where(RoomType.hotel_id == hotel.id)
        )
    }
    oversold = {each: names.get(each.type_id or 0, "House") for each in nights}
    return [
        Todo(
            "warn",
            "alert-triangle",
            f"{name} oversold by {each.over}, {written(each.night)}",
            "Move a party up a type, or walk one",
            "See arrivals",
            url_for("reservations.reservations", arrives=each.night.isoformat()),
        )
        for each, name in oversold.items()
    ]


def _without_room(counted: Counts) -> list[Todo]:
    if not counted.without_room or not exists("checkin.auto_assign"):
        return []
    fact = f"{plural(counted.without_room, 'arrival')} without a room"
    address = url_for("checkin.auto_assign")
    return [Todo("warn", "door-enter", fact, "Assign before they stand here", "Assign", address)]


def _uncounted(session: Session, hotel: Hotel, day: date) -> list[Todo]:
    """Say that a terminal's batch of a day before was never counted."""
    left = payments.uncounted(session, hotel, day)
    if not left or not exists("night_audit.night_audit"):
        return []
    batch = left[0]
    when = written(batch.day)
    fact = f"Batch {batch.batch} of terminal {batch.terminal}, {when}, wasn't counted"
    more = f", and {len(left) - 1} more" if len(left) > 1 else ""
    address = url_for("night_audit.night_audit", _anchor="batches")
    reason = f"Tie it out with the terminal{more}"
    return [Todo("warn", "credit-card", fact, reason, "Count it", address)]


def _drawers(session: Session, hotel: Hotel) -> list[Todo]:
    """Say to who may review them which cashier shifts are closed and wait for it."""
    if not exists("cashier.shifts"):
        return []
    closed = [
        each
        for each in cashiers.not_reviewed(session, hotel)
        if each.state is cashiers.ShiftState.CLOSED
    ]
    if not closed:
        return []
    fact = f"{plural(len(closed), 'cashier shift')} to review"
    address = url_for("cashier.shifts")
    return [Todo("warn", "cash", fact, "Counted and closed", "Review", address)]


def _lapsing(rooms: int | None, first: datetime) -> list[Todo]:
    if not rooms:
        return []
    fact = f"{plural(int(rooms), 'held room')} lapse at {at_time(first)}"
    address = url_for("reservations.reservations")
    return [Todo("warn", "hourglass", fact, "Book or let go", "Review", address)]


def _options(ending: int) -> list[Todo]:
    if not ending:
        return []
    fact = f"{plural(ending, 'option')} {'runs' if ending == 1 else 'run'} out tonight"
    address = url_for("waiting.who_waits")
    return [Todo("warn", "hourglass", fact, "Confirm, or the audit cancels", "See them", address)]


def _traced(to_do: int) -> list[Todo]:
    if not to_do or not exists("traces.day"):
        return []
    fact = f"{plural(to_do, 'trace')} to do today"
    return [Todo("info", "bell", fact, "Written down before", "See them", url_for("traces.day"))]
