"""The sheet as the phone shows it: each room with what it wants, what is asked, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pms.hotel.house.departments import Department
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import FINISHED, RoomToday, Sheet, Task, TaskState
from pms.hotel.service.requests import OPEN, Request
from pms.web.auth import here, on_duty
from pms.web.database import session

_FIRST = {TaskState.CLEANING: 0, TaskState.TO_DO: 1, TaskState.DO_NOT_DISTURB: 2}
FREE_AT_ONCE = 30  # the phone shows so many rooms that nobody has, until asked for all


@dataclass(frozen=True, slots=True)
class Card:
    """One room of the sheet."""

    task: Task
    room: RoomToday
    asks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mine:
    """The whole sheet: what is to do, what rests, and what nobody has."""

    sheet: Sheet | None
    cards: Sequence[Card]
    rest: Sequence[Card]
    free: Sequence[RoomToday]
    free_count: int

    @property
    def whole(self) -> int:
        """The credits of the day, but for rooms whose guests want no service."""
        every = [*self.cards, *self.rest]
        return sum(e.task.credits for e in every if e.task.state is not TaskState.DECLINED)

    @property
    def done(self) -> int:
        """The credits that are done."""
        return sum(each.task.credits for each in self.rest if each.task.state in FINISHED)

    @property
    def minutes_left(self) -> int:
        """The minutes that what is to do should take."""
        return sum(each.task.minutes for each in self.cards)


def mine(*, all_free: bool = False) -> Mine:
    """Return the sheet of who is on duty: what they are in first, then by its order.

    Of the rooms that nobody has it shows the first, or all.
    """
    rooms = housekeeping.today(session(), here())
    sheet = session().scalar(
        sa.select(Sheet).where(
            Sheet.hotel_id == here().id,
            Sheet.day == here().business_date,
            Sheet.attendant_id == on_duty().id,
        )
    )
    ours = [(e, e.task) for e in rooms if e.task and sheet and e.task.sheet_id == sheet.id]
    asks = _asks([room.room_id for room, _ in ours])
    cards = [Card(task, room, asks.get(room.room_id, ())) for room, task in ours]
    cards.sort(key=lambda card: (_FIRST.get(card.task.state, 3), card.room.rush, card.task.rank))
    free = sorted((e for e in rooms if e.unshared is not None), key=lambda each: each.place)
    return Mine(
        sheet,
        [card for card in cards if card.task.is_open],
        [card for card in cards if not card.task.is_open],
        free if all_free else free[:FREE_AT_ONCE],
        len(free),
    )


def _asks(room_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return what guests of these rooms ask of housekeeping, in their words."""
    rows = session().execute(
        sa.select(Request.room_id, Request.words)
        .where(
            Request.hotel_id == here().id,
            Request.room_id.in_(room_ids),
            Request.department == Department.HOUSEKEEPING,
            Request.state.in_(OPEN),
        )
        .order_by(Request.id)
        .limit(200)
    )
    found: dict[int, list[str]] = {}
    for room_id, words in rows:
        found.setdefault(int(room_id or 0), []).append(words)
    return found
