"""The board: every open request with its clock, and the history of a room or a guest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pms.base import clock
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.people.duty import Level
from pms.hotel.service.requests import OPEN, RUNNING, UNSEEN, Request, State
from pms.web import paging
from pms.web.database import session

SOON = timedelta(minutes=10)
SHOWS = ("open", "unseen", "overdue", "mine", "on_hold", "done", "follow_up", "all")
_SHARE = 100


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a request has, as of now: seconds left, below zero when it is late."""

    left: int
    whole: int
    stands: bool
    waits_to_be_seen: bool

    @property
    def tone(self) -> str:
        """How it looks: idle while it stands, else by how much is left."""
        if self.stands:
            return "idle"
        if self.left < 0:
            return "bad"
        return "warn" if self.left <= max(SOON.total_seconds(), self.whole / 4) else "ok"

    @property
    def icon(self) -> str:
        """Its drawing, since a colour alone says nothing."""
        return {"idle": "hourglass", "bad": "alert-triangle"}.get(self.tone, "clock")

    @property
    def words(self) -> str:
        """What it says: `12 min left`, `3 min late`, `stands at 12 min`."""
        length = spoken(abs(self.left))
        if self.stands:
            return f"stands, {length} {'late' if self.left < 0 else 'left'}"
        end = " to be seen" if self.waits_to_be_seen else ""
        return f"{length} late{end}" if self.left < 0 else f"{length} left{end}"

    @property
    def share(self) -> float:
        """How much of its time has gone, in percent, at most all."""
        gone = self.whole - self.left
        return min(_SHARE, max(0, _SHARE * gone / self.whole)) if self.whole > 0 else _SHARE


def spoken(seconds: int) -> str:
    """Write a length of time as one says it."""
    minutes = seconds // 60
    if minutes < 1:
        return "under 1 min"
    if minutes < 120:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def clock_of(request: Request, now: datetime | None = None) -> Clock | None:
    """Return the clock that runs for an open request: to be seen first, then to be done."""
    if not request.is_open:
        return None
    unseen = request.state in UNSEEN
    at = request.held_at or now or clock.now()
    ends = request.seen_by if unseen else request.due_at
    begins = request.clock_from
    return Clock(
        int((ends - at).total_seconds()),
        max(1, int((ends - begins).total_seconds())),
        request.state is State.ON_HOLD,
        unseen,
    )


def page(hotel: Hotel, *, show: str, by: Staff, asked: dict[str, Any]) -> paging.Page[Request]:
    """Return a page of the requests a view shows, what is due first, first."""
    query = sa.select(Request).where(Request.hotel_id == hotel.id, *_shown(hotel, show, by))
    if asked.get("department"):
        query = query.where(Request.department == Department(asked["department"]))
    for name in ("room", "guest", "reservation"):
        if asked.get(name):
            query = query.where(getattr(Request, f"{name}_id") == asked[name])
    query = query.options(
        joinedload(Request.category),
        joinedload(Request.room).lazyload("*"),
        joinedload(Request.guest),
        joinedload(Request.assignee).lazyload("*"),
    )
    if show == "all":
        return paging.page(query.order_by(Request.id.desc()))
    rests = Request.state == State.ON_HOLD
    return paging.page(query.order_by(rests, Request.due_at, Request.id))


def _shown(hotel: Hotel, show: str, by: Staff) -> list[sa.ColumnElement[bool]]:
    now = clock.now()
    wanted: dict[str, list[sa.ColumnElement[bool]]] = {
        "open": [Request.state.in_(OPEN)],
        "unseen": [Request.state.in_(UNSEEN)],
        "overdue": [Request.state.in_(RUNNING), Request.due_at < now],
        "mine": [Request.state.in_(OPEN), Request.assignee_id == by.id],
        "on_hold": [Request.state == State.ON_HOLD],
        "done": [Request.state == State.DONE],
        "follow_up": [
            Request.follow_up_on.is_not(None),
            Request.followed_up_at.is_(None),
            Request.follow_up_on <= hotel.business_date,
        ],
        "all": [],
    }
    return wanted[show]


def counts(hotel: Hotel, by: Staff) -> dict[str, int]:
    """Return how many requests each view has, in two questions."""
    now = clock.now()
    found = dict.fromkeys(SHOWS, 0)
    late = sa.func.count(sa.case((Request.due_at < now, 1)))
    mine = sa.func.count(sa.case((Request.assignee_id == by.id, 1)))
    rows = session().execute(
        sa.select(Request.state, sa.func.count(), late, mine)
        .where(Request.hotel_id == hotel.id, Request.state.in_({*OPEN, State.DONE}))
        .group_by(Request.state)
    )
    for state, count, of_late, of_mine in rows:
        if state is State.DONE:
            found["done"] = count
            continue
        found["open"] += count
        found["mine"] += of_mine
        found["unseen"] += count if state in UNSEEN else 0
        found["overdue"] += of_late if state in RUNNING else 0
        found["on_hold"] += count if state is State.ON_HOLD else 0
    found["follow_up"] = (
        session().scalar(
            sa.select(sa.func.count())
            .select_from(Request)
            .where(Request.hotel_id == hotel.id, *_shown(hotel, "follow_up", by))
        )
        or 0
    )
    return found


def asked_whom(request: Request) -> str:
    """Say who has a request, or who was asked."""
    if request.assignee is None:
        return "Nobody is on duty" if request.is_open else "—"
    name = request.assignee.name
    return name if request.taken_at is not None else f"asked: {name}"


def level_words(level: int) -> str:
    """Say whom a request has reached."""
    return {1: "", 2: "In charge told", 3: "Duty manager told"}[int(Level(level))]


def departments() -> Sequence[Department]:
    """Return the departments that do the work."""
    return [each for each in Department if each is not Department.MANAGEMENT]
