"""Reading a chart: a few set-based questions, however many rooms and parties there are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.front_office.tape_chart.window import Window
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.inventory import TypeNight
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays.groups import Group
from pms.hotel.stays.reservations import Reservation, ReservationNight, State

MARKED = ("reservations", "rooms", "room_blocks", "room_types", "hotels", "groups")
REMEMBERED = 20  # lines of the logbook that make a mark
NO_ROOM_AT_MOST = 6_000

_NIGHTS: Any = ReservationNight.__table__
_PARTIES: Any = Reservation.__table__
_GUESTS: Any = Guest.__table__
_GROUPS: Any = Group.__table__
_ROOMS: Any = Room.__table__
_BLOCKS: Any = RoomBlock.__table__
_COUNTS: Any = TypeNight.__table__
_LINES: Any = Line.__table__


class Tape(NamedTuple):
    """Nights of one party in one room (or in none) one after the other, and whose they are.

    Choices come as their plain words: 5,000 rows are read three times as fast.
    """

    reservation_id: int
    room_id: int | None
    slot: str
    first: date
    last: date
    nights: int
    state: str
    version: int
    arrival: date
    departure: date
    claim_id: int | None
    shares_with_id: int | None
    guarantee: str
    do_not_move: str | None
    forced: str | None
    type_id: int
    given_name: str
    surname: str
    group: str | None


class Stand(NamedTuple):
    """A room, as its row begins."""

    id: int
    number: str
    floor: str
    type_id: int
    condition: Condition


class Kept(NamedTuple):
    """A room kept from guests."""

    room_id: int
    kind: Block
    first: date
    until: date
    reason: str


def _spans(has_room: bool) -> Any:
    """Say the nights of the window by party and room: with a room, the index alone answers.

    Without one each night is sought on its own: those are few among all nights of a window.
    """
    n = _NIGHTS.c
    which = (
        (n.night.between(sa.bindparam("first"), sa.bindparam("last")), n.room_id.is_not(None))
        if has_room
        else (n.night.in_(sa.bindparam("nights", expanding=True)), n.room_id.is_(None), n.live)
    )
    return (
        sa.select(
            n.reservation_id,
            n.room_id,
            sa.type_coerce(n.slot, sa.String).label("slot"),
            sa.func.min(n.night).label("first"),
            sa.func.max(n.night).label("last"),
            sa.func.count().label("nights"),
        )
        .where(
            n.hotel_id == sa.bindparam("hotel"),
            *which,
        )
        .group_by(n.reservation_id, n.room_id, n.slot)
        .subquery()
    )


def _whose(spans: Any) -> Any:
    r, g, plain = _PARTIES.c, _GUESTS.c, partial(sa.type_coerce, type_=sa.String)
    return (
        sa.select(
            *spans.c, plain(r.state), r.version, r.arrival, r.departure, r.claim_id,
            r.shares_with_id, plain(r.guarantee), r.do_not_move, r.forced_reason, r.type_id,
            g.given_name, g.surname,
            _GROUPS.c.name,
        )
        .select_from(spans)
        .join(
            _PARTIES,
            sa.and_(r.hotel_id == sa.bindparam("hotel"), r.id == spans.c.reservation_id),
        )
        .join(_GUESTS, sa.and_(g.chain_id == r.chain_id, g.id == r.guest_id))
        .outerjoin(
            _GROUPS, sa.and_(_GROUPS.c.hotel_id == r.hotel_id, _GROUPS.c.id == r.group_id)
        )
    )  # fmt: skip


_WITH_ROOM = _whose(_spans(has_room=True))
_NO_ROOM = (
    _whose(_spans(has_room=False))
    .where(_PARTIES.c.state.in_([State.BOOKED, State.IN_HOUSE]))
    .order_by(sa.text("first"), _PARTIES.c.number)
    .limit(NO_ROOM_AT_MOST)
)


def tapes(session: Session, hotel: Hotel, window: Window) -> list[Tape]:
    """Return the nights given to rooms that the window shows, the half day before it included."""
    asked = {"hotel": hotel.id, "first": window.first - dates.ONE_DAY, "last": window.last}
    rows = session.connection().execute(_WITH_ROOM, asked).all()
    found = list(map(Tape._make, rows))
    torn = [each for each in found if each.nights != (each.last - each.first).days + 1]
    if not torn:
        return found
    whole = [each for each in found if each.nights == (each.last - each.first).days + 1]
    return whole + _piece_by_piece(session, hotel, window, torn)


def roomless(session: Session, hotel: Hotel, window: Window) -> list[Tape]:
    """Return the parties that have no room yet for nights of the window, soonest first."""
    nights = list(dates.days(window.first - dates.ONE_DAY, window.last))
    rows = session.connection().execute(_NO_ROOM, {"hotel": hotel.id, "nights": nights})
    return list(map(Tape._make, rows))


def _piece_by_piece(session: Session, hotel: Hotel, window: Window, torn: list[Tape]) -> list[Tape]:
    """Cut the nights of those who left a room and come back to it."""
    n = _NIGHTS.c
    rows = session.connection().execute(
        sa.select(n.reservation_id, n.room_id, n.night)
        .where(
            n.hotel_id == hotel.id,
            n.reservation_id.in_({each.reservation_id for each in torn}),
            n.night.between(window.first - dates.ONE_DAY, window.last),
            n.room_id.is_not(None),
        )
        .order_by(n.night)
    )
    nights: dict[tuple[int, int], list[date]] = defaultdict(list)
    for reservation_id, room_id, night in rows:
        nights[reservation_id, room_id].append(night)
    return [
        each._replace(first=run[0], last=run[-1], nights=len(run))
        for each in torn
        for run in _runs(nights[each.reservation_id, cast(int, each.room_id)])
    ]


def _runs(nights: Iterable[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for night in nights:
        if runs and night == runs[-1][-1] + dates.ONE_DAY:
            runs[-1].append(night)
        else:
            runs.append([night])
    return runs


def rooms(session: Session, hotel: Hotel, window: Window) -> list[Stand]:
    """Return the rooms of the window, by floor and number."""
    c = _ROOMS.c
    wanted = sa.select(c.id, c.number, c.floor, c.type_id, c.condition).where(
        c.hotel_id == hotel.id
    )
    if window.type_id is not None:
        wanted = wanted.where(c.type_id == window.type_id)
    if window.floor is not None:
        wanted = wanted.where(c.floor == window.floor)
    rows = session.connection().execute(
        wanted.order_by(sa.func.length(c.floor), c.floor, sa.func.length(c.number), c.number)
    )
    return [Stand(*row) for row in rows]


def floors(session: Session, hotel: Hotel) -> list[str]:
    """Return the floors, from the lowest."""
    c = _ROOMS.c
    rows = session.connection().execute(
        sa.select(c.floor).where(c.hotel_id == hotel.id).group_by(c.floor)
    )
    return sorted((row[0] for row in rows), key=lambda floor: (len(floor), floor))


def blocks(session: Session, hotel: Hotel, window: Window) -> list[Kept]:
    """Return what keeps rooms from guests in the window."""
    c = _BLOCKS.c
    rows = session.connection().execute(
        sa.select(c.room_id, c.kind, c.first, c.until, c.reason).where(
            c.hotel_id == hotel.id,
            c.until > window.first - dates.ONE_DAY,
            c.first <= window.last,
            sa.or_(sa.not_(c.ended), c.first < window.today),  # else it was taken back unused
        )
    )
    return [Kept(*row) for row in rows]


def left(session: Session, hotel: Hotel, window: Window) -> dict[tuple[int, date], int]:
    """Return what can still be sold by type and night; below zero, what is over."""
    c = _COUNTS.c
    rows = session.connection().execute(
        sa.select(
            c.type_id, c.night, c.rooms - c.out_of_order + c.allowance - c.sold - c.held
        ).where(c.hotel_id == hotel.id, c.night.between(window.first, window.last))
    )
    return {(kind, night): free for kind, night, free in rows}


_MARK = (
    sa.select(_LINES.c.id)
    .where(
        _LINES.c.hotel_id == sa.bindparam("hotel"),
        # hidden from the planner, who would rather sort a million lines of one noun
        sa.func.coalesce(_LINES.c.noun, "").in_(MARKED),
    )
    .order_by(_LINES.c.id.desc())
    .limit(REMEMBERED)
)


def mark(session: Session, hotel: Hotel) -> str:
    """Return a word that changes whenever somebody changed what a chart shows.

    The last lines of the logbook, read back from its end: each deed writes one in its own
    transaction. Several, since one that committed later may bear an earlier id.
    """
    ids = session.connection().execute(_MARK, {"hotel": hotel.id}).scalars()
    day = hotel.business_date
    return f"{day:%y%m%d}-{sum(each * (n + 1) for n, each in enumerate(ids)) & (2**60 - 1):x}"
