"""The chart: rooms with their bars, ready to be drawn."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy.orm import Session

from pms.base import dates
from pms.front_office.tape_chart import reading
from pms.front_office.tape_chart.reading import Kept, Stand, Tape
from pms.front_office.tape_chart.window import BY_FLOOR, Window
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rooms import Condition, RoomType
from pms.hotel.stays.reservations import Guarantee, State

LANES_AT_MOST = 40
KEPT = 16_384  # bars laid out before: of a full house's month nearly all are as they were
CONDITIONS = {
    Condition.INSPECTED: "Inspected",
    Condition.CLEAN: "Clean",
    Condition.PICKUP: "Pick-up",
    Condition.DIRTY: "Dirty",
}
# what a bar's class says to the eye, and the word that says it to everyone
WORDS = {
    "in": "in house",
    "out": "departed",
    "dout": "due out today",
    "due": "due",
    "now": "due today",
    "ten": "due, not guaranteed",
    "late": "should have come",
    "ooo": "out of order",
    "oos": "out of service",
}


class Bar(NamedTuple):
    """One bar: its place in half days, its look, its words; `party` is nobody's for a block."""

    start: int
    length: int
    look: str
    name: str
    says: str
    party: int | None
    version: int
    since: str  # the night it begins, where the party has another room before


@dataclass(slots=True)
class Row:
    """A room and its bars."""

    room: Stand
    condition: str
    bars: list[Bar] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """The rooms of one type or floor; above them what is left, and who has no room."""

    key: str
    name: str
    rows: list[Row]
    left: list[int | None]
    lanes: list[list[Bar]]
    waiting: int
    unshown: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn."""

    window: Window
    parts: list[Part]
    mark: str
    rooms: int
    types: list[RoomType]
    floors: list[str]
    waiting: int


def chart(session: Session, hotel: Hotel, window: Window) -> Chart:
    """Read a window and lay it out."""
    mark = reading.mark(session, hotel)  # before the rest: what comes meanwhile is seen next time
    kinds = rooms.types(session, hotel)
    stands = reading.rooms(session, hotel, window)
    shown = {stand.id: Row(stand, CONDITIONS[stand.condition]) for stand in stands}
    tapes = reading.tapes(session, hotel, window)
    waiting = reading.roomless(session, hotel, window) if stands else []
    waiting, with_host = _apart(waiting, {tape.claim_id for tape in tapes if tape.claim_id})
    for tape, others in _by_claim(tapes, with_host):
        row = shown.get(tape.room_id or 0)
        if row is not None:
            row.bars.append(_bar(tape, others, window))
    for kept in reading.blocks(session, hotel, window):
        if kept.room_id in shown:
            shown[kept.room_id].bars.append(_block(kept, window))
    for row in shown.values():
        row.bars.sort()
    if window.type_id is not None:
        waiting = [tape for tape in waiting if tape.type_id == window.type_id]
    if window.by == BY_FLOOR:
        parts = _by_floor(shown.values(), waiting, kinds, window)
    else:
        free = reading.left(session, hotel, window)
        parts = _by_type(shown.values(), waiting, kinds, free, window)
    floors = reading.floors(session, hotel)
    return Chart(window, parts, mark, len(stands), kinds, floors, len(waiting))


def _by_type(
    rows: Iterable[Row],
    waiting: list[Tape],
    kinds: list[RoomType],
    free: dict[tuple[int, date], int],
    window: Window,
) -> list[Part]:
    of_kind: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        of_kind[row.room.type_id].append(row)
    wanting: dict[int, list[Tape]] = defaultdict(list)
    for tape in waiting:
        wanting[tape.type_id].append(tape)
    parts = []
    for kind in kinds:
        if not of_kind[kind.id] and not wanting[kind.id]:
            continue
        lanes, unshown = _stacked(wanting[kind.id], window)
        left = [free.get((kind.id, day)) for day in window.shown]
        many = len(wanting[kind.id])
        parts.append(Part(str(kind.id), kind.name, of_kind[kind.id], left, lanes, many, unshown))
    return parts


def _by_floor(
    rows: Iterable[Row], waiting: list[Tape], kinds: list[RoomType], window: Window
) -> list[Part]:
    names = {kind.id: kind.name for kind in kinds}
    lanes, unshown = _stacked(waiting, window, names)
    parts = []
    if waiting:
        parts.append(Part("none", "No room yet", [], [], lanes, len(waiting), unshown))
    on_floor: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        on_floor[row.room.floor].append(row)
    for floor, here in on_floor.items():
        parts.append(Part(floor, f"Floor {floor}", here, [], [], 0, 0))
    return parts


def _stacked(
    waiting: list[Tape], window: Window, names: dict[int, str] | None = None
) -> tuple[list[list[Bar]], int]:
    """Lay parties without a room into as few lanes as hold them; count those beyond the last."""
    lanes: list[list[Bar]] = []
    until: list[int] = []
    unshown = 0
    for tape, others in _by_claim(waiting):
        bar = _bar(tape, others, window, names.get(tape.type_id, "") if names else "")
        lane = next((n for n, end in enumerate(until) if end <= bar.start), None)
        if lane is not None:
            lanes[lane].append(bar)
            until[lane] = bar.start + bar.length
        elif len(lanes) < LANES_AT_MOST:
            lanes.append([bar])
            until.append(bar.start + bar.length)
        else:
            unshown += 1
    return lanes, unshown


def _apart(waiting: list[Tape], roomed: set[int]) -> tuple[list[Tape], dict[int, set[int]]]:
    """Tell who waits for a room from who shares one that a host has already, by its claim."""
    alone: list[Tape] = []
    with_host: dict[int, set[int]] = defaultdict(set)
    for tape in waiting:
        if tape.claim_id in roomed and tape.shares_with_id is not None:
            with_host[tape.claim_id].add(tape.reservation_id)
        else:
            alone.append(tape)
    return alone, with_host


def _by_claim(
    tapes: Iterable[Tape], with_host: dict[int, set[int]] | None = None
) -> list[tuple[Tape, int]]:
    """Put those who share a room into one bar: the host's, and how many are with it."""
    bars: list[tuple[Tape, int]] = []
    together: dict[tuple[int, int | None], list[Tape]] = defaultdict(list)
    for tape in tapes:
        if tape.claim_id is None or tape.slot == Slot.DAY:
            bars.append((tape, 0))
        else:
            together[tape.claim_id, tape.room_id].append(tape)
    for (claim_id, _), mates in together.items():
        more = len(with_host.get(claim_id, ())) if with_host else 0
        if len(mates) == 1 or len({mate.reservation_id for mate in mates}) == 1:  # there and back
            bars += [(mate, more) for mate in mates]
            continue
        host = min(mates, key=lambda m: (m.shares_with_id is not None, m.reservation_id))
        whole = host._replace(
            first=min(mate.first for mate in mates), last=max(mate.last for mate in mates)
        )
        bars.append((whole, len({mate.reservation_id for mate in mates}) - 1 + more))
    return bars


@lru_cache(maxsize=KEPT)
def _bar(tape: Tape, others: int, window: Window, of_type: str = "") -> Bar:
    kind = _kind(tape, window.today)
    first, end = tape.first, tape.last + dates.ONE_DAY
    start, stop = window.half(first), window.half(end)
    if tape.slot == Slot.DAY:
        start, stop, end = start - 1, stop - 1, first
    name = f"{tape.given_name} {tape.surname}".strip()
    if others:
        name = f"{name} +{others}"
    if tape.group:
        name = f"{tape.group} · {name}"
    if of_type:
        name = f"{name} · {of_type}"
    words = f"{name}{_when(first, end, kind)}"
    if tape.do_not_move:
        words = f"{words}, do not move: {tape.do_not_move}"
    since = ""
    if tape.room_id is not None and first > tape.arrival and first >= window.first:
        since = first.isoformat()
    begin, length, cut = _place(start, stop, 2 * window.days)
    look = f"{kind}{_marks(tape)}{cut}"
    return Bar(begin, length, look, name, words, tape.reservation_id, tape.version, since)


def _marks(tape: Tape) -> str:
    marks = ""
    if tape.group:
        marks = " grp"
    if tape.room_id is None:
        marks += " un over" if tape.forced else " un"
    if tape.slot == Slot.DAY:
        marks += " day"
    return f"{marks} pin" if tape.do_not_move else marks


def _kind(tape: Tape, today: date) -> str:
    if tape.state == State.IN_HOUSE:
        return "dout" if tape.departure <= today else "in"
    if tape.state == State.DEPARTED:
        return "out"
    if tape.arrival == today:
        return "now"
    if tape.arrival < today:
        return "late"
    return "ten" if tape.guarantee == Guarantee.NONE else "due"


def _block(kept: Kept, window: Window) -> Bar:
    kind = "ooo" if kept.kind is Block.OUT_OF_ORDER else "oos"
    start, stop = window.half(kept.first), window.half(kept.until)
    begin, length, cut = _place(start, stop, 2 * window.days)
    says = f"{kept.reason}{_when(kept.first, kept.until, kind)}"
    return Bar(begin, length, f"{kind}{cut}", kept.reason, says, None, 0, "")


@lru_cache(maxsize=4096)
def _place(start: int, stop: int, edge: int) -> tuple[int, int, str]:
    """Cut a bar at the edges of the window; say where it begins, how long it is, where it's cut."""
    begin, end = max(0, start), min(edge, stop)
    return begin, max(1, end - begin), " cutl" * (start < 0) + " cutr" * (stop > edge)


@lru_cache(maxsize=4096)
def _when(first: date, until: date, kind: str) -> str:
    return f", {_range(first, until)}, {WORDS[kind]}"


def _range(first: date, until: date) -> str:
    if first == until:
        return f"{first.day} {first:%b} for the day"
    if first.month == until.month:
        return f"{first.day} to {until.day} {until:%b}"
    return f"{first.day} {first:%b} to {until.day} {until:%b}"
