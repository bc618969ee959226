"""Sheets: the day's rooms shared out among those who clean, and again if need be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import MAY, Permission, Role, Staff, StaffRole, require
from pms.hotel.service.housekeeping import looking, sharing, standards
from pms.hotel.service.housekeeping.looking import RoomToday
from pms.hotel.service.housekeeping.refusals import (
    NobodyToClean,
    NotAnAttendant,
    NothingToShare,
    SheetIsOver,
)
from pms.hotel.service.housekeeping.sharing import Given, Hand, Piece
from pms.hotel.service.housekeeping.standards import Effort
from pms.hotel.service.housekeeping.tables import Sheet, Task, TaskState, Work

LONGEST_DAY = 720
_TASKS: Any = Task.__table__


@dataclass(frozen=True, slots=True)
class Wanted:
    """A room that is being shared out: what it wants, and its task if it has one already."""

    room: RoomToday
    work: Work
    effort: Effort
    task: Task | None


@dataclass(frozen=True, slots=True)
class Plan:
    """How rooms would be shared out: what goes to whom and why, and what each then has."""

    given: Sequence[Given]
    hands: Sequence[Hand]
    wanted: Mapping[int, Wanted]
    fair: Mapping[int, int]

    def minutes(self, hand: Hand) -> int:
        """Return how many minutes somebody would have in all."""
        return hand.has + sum(g.piece.minutes for g in self.given if g.hand.key == hand.key)

    def of(self, hand: Hand) -> list[Given]:
        """Return what somebody would be given, in door order."""
        return [each for each in self.given if each.hand.key == hand.key]


def plan(
    session: Session, hotel: Hotel, people: Mapping[Staff, int], *, again: bool = False
) -> Plan:
    """Say how the rooms that want cleaning would be shared out among people and their minutes.

    `again` shares out anew what nobody has begun and nobody put where it is by hand. Changes
    nothing, and may be empty.
    """
    rooms = looking.today(session, hotel)
    wanted = _wanted(session, hotel, rooms, again=again)
    hands = _hands(session, hotel, rooms, people, wanted)
    pieces = [
        Piece(each.room.room_id, each.room.number, each.room.floor, each.effort.minutes)
        for each in wanted.values()
    ]
    given = sharing.share(pieces, hands) if hands else []
    shares = sharing.fair(hands, sum(piece.minutes for piece in pieces)) if hands else {}
    return Plan(given, hands, wanted, {key: round(value) for key, value in shares.items()})


def share_out(
    session: Session, hotel: Hotel, people: Mapping[Staff, int], *, again: bool = False, by: Staff
) -> Plan:
    """Share out the rooms that want cleaning, and write the sheets.

    `people` says for how many minutes each is there. Refuses nobody, who doesn't clean here, and
    when there is nothing to share. What was put by hand, or begun, stays where it is.
    """
    require(by, Permission.SHARE_ROOMS, hotel.id)
    if not people:
        raise NobodyToClean
    for person, minutes in people.items():
        refuse_no_attendant(person, hotel, minutes)
    day = business_day.hold(session, hotel)
    standards.hold_rules(session, hotel)
    shared = plan(session, hotel, people, again=again)
    if not shared.given:
        raise NothingToShare
    for person, minutes in people.items():
        sheet_of(session, hotel, person, day=day, minutes=minutes)
    _write(session, hotel, shared, day=day)
    sheets = _sheets_by_attendant(session, hotel, day)
    logbook.write(
        session,
        [
            logbook.line(
                "shared out", Sheet.__tablename__, hotel.id, sheets[hand.key].id,
                by=by, day=day,
                after={
                    "to": hand.name,
                    "rooms": [each.piece.door for each in shared.of(hand)],
                    "minutes": shared.minutes(hand),
                },
            )
            for hand in shared.hands
        ],
    )  # fmt: skip
    return shared


def _wanted(
    session: Session, hotel: Hotel, rooms: Sequence[RoomToday], *, again: bool
) -> dict[int, Wanted]:
    known = standards.read(session, hotel)
    found: dict[int, Wanted] = {}
    for room in rooms:
        task, work = None, room.unshared
        if again and room.task is not None and room.task.is_untouched and not room.task.by_hand:
            task, work = room.task, room.wants or room.task.work
        if work is not None:
            effort = standards.effort(known, room.type_id, work)
            found[room.room_id] = Wanted(room, work, effort, task)
    return found


def _hands(
    session: Session,
    hotel: Hotel,
    rooms: Sequence[RoomToday],
    people: Mapping[Staff, int],
    wanted: Mapping[int, Wanted],
) -> list[Hand]:
    """Return who cleans, with what stays on their sheets: all but what is shared out now."""
    floors = {room.room_id: room.floor for room in rooms}
    moving = {each.task.id for each in wanted.values() if each.task is not None}
    has: dict[int, int] = {}
    on: dict[int, set[str]] = {}
    rows = session.execute(
        sa.select(Task.id, Task.room_id, Task.minutes, Sheet.attendant_id)
        .join(Sheet, sa.and_(Sheet.hotel_id == Task.hotel_id, Sheet.id == Task.sheet_id))
        .where(
            Task.hotel_id == hotel.id,
            Task.day == business_day.today(session, hotel),
            Task.state != TaskState.DECLINED,
        )
    )
    for row in rows:
        if row.id not in moving:
            has[row.attendant_id] = has.get(row.attendant_id, 0) + row.minutes
            on.setdefault(row.attendant_id, set()).add(floors[row.room_id])
    return [
        Hand(who.id, who.name, minutes, has.get(who.id, 0), frozenset(on.get(who.id, ())))
        for who, minutes in sorted(people.items(), key=lambda each: (each[0].name, each[0].id))
    ]


def _write(session: Session, hotel: Hotel, shared: Plan, *, day: date) -> None:
    """Write what was shared out: new tasks and moved ones, two statements in all."""
    sheets = _sheets_by_attendant(session, hotel, day)
    order = sorted(shared.given, key=lambda each: shared.wanted[each.piece.key].room.place)
    fresh, moved = [], []
    for place, each in enumerate(order, start=1):
        wanted = shared.wanted[each.piece.key]
        row = {
            "sheet_id": sheets[each.hand.key].id,
            "work": wanted.work,
            "minutes": wanted.effort.minutes,
            "credits": wanted.effort.credits,
            "rank": place,
            "why": each.why,
        }
        if wanted.task is None:
            fresh.append(row | new_task(sheets[each.hand.key], each.piece.key))
        else:
            moved.append(row | {"task": wanted.task.id, "seen": wanted.task.version})
    if fresh:
        session.execute(sa.insert(Task), fresh)
    if moved:
        _move_all(session, hotel, moved)


def new_task(sheet: Sheet, room_id: int) -> dict[str, Any]:
    """Return what every new task of a sheet begins with."""
    return {
        "hotel_id": sheet.hotel_id,
        "id": new_id(),
        "chain_id": sheet.chain_id,
        "day": sheet.day,
        "room_id": room_id,
        "state": TaskState.TO_DO,
        "by_hand": False,
        "tries": 0,
        "turn": 0,
        "version": 1,
    }


def _move_all(session: Session, hotel: Hotel, moved: Sequence[Mapping[str, Any]]) -> None:
    """Move tasks, unless somebody began them since they were read."""
    fields = ("sheet_id", "work", "minutes", "credits", "rank", "why")
    session.connection().execute(
        sa.update(_TASKS)
        .where(
            _TASKS.c.hotel_id == hotel.id,
            _TASKS.c.id == sa.bindparam("task"),
            _TASKS.c.version == sa.bindparam("seen"),
        )
        .values(
            version=_TASKS.c.version + 1,
            **{name: sa.bindparam(f"new_{name}") for name in fields},
        ),
        [
            {"task": row["task"], "seen": row["seen"]}
            | {f"new_{name}": row[name] for name in fields}
            for row in moved
        ],
    )
    session.expire_all()


# --- a sheet --------------------------------------------------------------------------------------


def sheet_of(
    session: Session, hotel: Hotel, person: Staff, *, day: date, minutes: int | None = None
) -> Sheet:
    """Return somebody's sheet of a day, begun if there is none; `minutes` is how long they stay."""
    found = session.scalar(
        sa.select(Sheet).where(
            Sheet.hotel_id == hotel.id, Sheet.day == day, Sheet.attendant_id == person.id
        )
    )
    if found is None:
        ways = standards.hold_rules(session, hotel)  # one at a time, or two take one number
        last = session.scalar(
            sa.select(sa.func.max(Sheet.number)).where(Sheet.hotel_id == hotel.id, Sheet.day == day)
        )
        found = Sheet(
            hotel_id=hotel.id,
            id=new_id(),
            chain_id=hotel.chain_id,
            day=day,
            number=(last or 0) + 1,
            attendant_id=person.id,
            minutes=minutes or ways.shift_minutes,
        )
        session.add(found)
    elif minutes is not None and found.minutes != minutes:
        found.minutes = minutes
        found.version += 1
    session.flush()
    return found


def refuse_over(task: Task, day: date) -> None:
    """Refuse a task of a day that is closed."""
    if task.day != day:
        raise SheetIsOver(task.day)


def attendants(session: Session, hotel: Hotel) -> list[Staff]:
    """Return who may clean rooms here, by name."""
    cleans = [role for role, may in MAY.items() if Permission.CLEAN_ROOMS in may]
    return list(
        session.scalars(
            sa.select(Staff)
            .join(
                StaffRole,
                sa.and_(StaffRole.chain_id == Staff.chain_id, StaffRole.staff_id == Staff.id),
            )
            .where(
                StaffRole.hotel_id == hotel.id,
                StaffRole.role.in_([role for role in cleans if role is not Role.HOUSE]),
                sa.not_(Staff.disabled),
            )
            .order_by(Staff.name, Staff.id)
            .limit(500)
        )
    )


def of_day(session: Session, hotel: Hotel, day: date) -> Sequence[Sheet]:
    """Return a day's sheets by number, with whose they are."""
    return session.scalars(
        sa.select(Sheet)
        .options(sa.orm.joinedload(Sheet.attendant))
        .where(Sheet.hotel_id == hotel.id, Sheet.day == day)
        .order_by(Sheet.number)
    ).all()


def _sheets_by_attendant(session: Session, hotel: Hotel, day: date) -> dict[int, Sheet]:
    return {sheet.attendant_id: sheet for sheet in of_day(session, hotel, day)}


def last_rank(session: Session, sheet: Sheet) -> int:
    """Return the rank of a sheet's last room."""
    last = session.scalar(
        sa.select(sa.func.max(Task.rank)).where(
            Task.hotel_id == sheet.hotel_id, Task.sheet_id == sheet.id
        )
    )
    return last or 0


def refuse_no_attendant(person: Staff, hotel: Hotel, minutes: int = 1) -> None:
    """Refuse who doesn't clean here, and a time nobody is there for."""
    if not person.may(Permission.CLEAN_ROOMS, hotel.id):
        raise NotAnAttendant(person.name)
    if not 1 <= minutes <= LONGEST_DAY:
        raise Invalid(f"Somebody is there for 1 to {LONGEST_DAY} minutes.", field="people")
