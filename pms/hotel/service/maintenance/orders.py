"""Work orders: reported, given to somebody, begun, held, done with what they cost, or dropped."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.duty import NotOfTheHouse
from pms.hotel.rooms import blocks
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.maintenance.refusals import WrongOrderStep
from pms.hotel.service.maintenance.tables import STANDING, OrderState, WorkOrder
from pms.hotel.service.requests.categories import Priority
from pms.hotel.service.requests.entering import said

LONGEST_WORDS = 1_000
LONGEST_LABOUR = 10_000  # minutes


def report(
    session: Session,
    hotel: Hotel,
    *,
    words: str,
    room: Room | None = None,
    place: str | None = None,
    priority: Priority = Priority.NORMAL,
    due_on: date | None = None,
    by: Staff,
) -> WorkOrder:
    """Report something to be mended, in a room or at a place.

    Refuses what says nothing, what is nowhere, and a day that is over.
    """
    require(by, Permission.REQUEST, hotel.id)
    words = said(words, field="words", longest=LONGEST_WORDS)
    there = said(place, field="place", longest=80) if place and place.strip() else None
    if room is None and there is None:
        raise Invalid("Say which room, or where.", field="room")
    day = business_day.hold(session, hotel)
    if due_on is not None and due_on < day:
        raise Invalid("It is due today or later.", field="due_on")
    order = WorkOrder(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "work order"),
        room_id=room.id if room else None,
        place=there,
        words=words,
        priority=priority,
        state=OrderState.OPEN,
        staff_id=by.id,
        reported_on=day,
        reported_at=clock.now(),
        due_on=due_on,
    )
    session.add(order)
    session.flush()
    logbook.record(
        session, "reported", order, by=by, day=day, number=order.number, where=order.where,
        priority=priority.value,
    )  # fmt: skip
    return order


def assign(session: Session, order: WorkOrder, *, person: Staff, by: Staff) -> WorkOrder:
    """Give a work order to somebody; anybody may take one nobody has."""
    if person.id != by.id or order.assignee_id is not None:
        require(by, Permission.DIRECT_REQUESTS, order.hotel_id)
    day = _begin(session, order, by=by)
    if person.disabled or not person.may(Permission.REQUEST, order.hotel_id):
        raise NotOfTheHouse(person)
    if not order.is_standing:
        raise WrongOrderStep(order, "there is nothing to do")
    before, order.assignee_id = order.assignee_id, person.id
    return _end(session, order, "assigned", by=by, day=day, before={"to": before}, to=person.name)


def change(
    session: Session,
    order: WorkOrder,
    *,
    priority: Priority,
    due_on: date | None = None,
    by: Staff,
) -> WorkOrder:
    """Weigh a work order anew, and say by when it is wanted."""
    require(by, Permission.DIRECT_REQUESTS, order.hotel_id)
    day = _begin(session, order, by=by)
    if not order.is_standing:
        raise WrongOrderStep(order, "it presses no more")
    if due_on is not None and due_on < day and due_on != order.due_on:
        raise Invalid("It is due today or later.", field="due_on")
    before = {"priority": order.priority.value, "due_on": order.due_on}
    order.priority, order.due_on = priority, due_on
    return _end(
        session, order, "weighed", by=by, day=day, before=before,
        priority=priority.value, due_on=due_on,
    )  # fmt: skip


def start(session: Session, order: WorkOrder, *, by: Staff) -> WorkOrder:
    """Begin, or go on with what was on hold; who begins what nobody has, has it."""
    day = _begin(session, order, by=by)
    if order.state not in {OrderState.OPEN, OrderState.ON_HOLD}:
        raise WrongOrderStep(order, "there is nothing to begin")
    before = {"state": order.state.value}
    order.state, order.hold_reason = OrderState.IN_PROGRESS, None
    order.started_at = order.started_at or clock.now()
    order.assignee_id = order.assignee_id or by.id
    return _end(session, order, "began", by=by, day=day, before=before)


def hold(session: Session, order: WorkOrder, *, reason: str, by: Staff) -> WorkOrder:
    """Let it rest until a part comes, or a guest leaves."""
    reason = said(reason, field="reason")
    day = _begin(session, order, by=by)
    if order.state not in {OrderState.OPEN, OrderState.IN_PROGRESS}:
        raise WrongOrderStep(order, "it can't be put on hold")
    before = {"state": order.state.value}
    order.state, order.hold_reason = OrderState.ON_HOLD, reason
    return _end(session, order, "put on hold", by=by, day=day, before=before, why=reason)


def finish(
    session: Session,
    order: WorkOrder,
    *,
    words: str | None = None,
    labour_minutes: int = 0,
    parts: Money | None = None,
    returns: bool = False,
    by: Staff,
) -> WorkOrder:
    """Say that it is mended, and what that cost; `returns` gives the room back to guests with it.

    Refuses `returns` to who may not keep rooms from guests.
    """
    day = _begin(session, order, by=by)
    if not order.is_standing:
        raise WrongOrderStep(order, "there is nothing to finish")
    if not 0 <= labour_minutes <= LONGEST_LABOUR:
        raise Invalid("Labour is 0 minutes or more.", field="labour_minutes")
    hotel = session.get_one(Hotel, order.hotel_id)
    if parts is not None and (parts.minor < 0 or parts.currency != hotel.currency):
        raise Invalid(f"Parts cost 0 or more, in {hotel.currency}.", field="parts")
    before, now = {"state": order.state.value}, clock.now()
    order.state, order.done_at, order.hold_reason = OrderState.DONE, now, None
    order.started_at = order.started_at or now
    order.assignee_id = order.assignee_id or by.id
    order.done_words = said(words, field="words") if words and words.strip() else None
    order.labour_minutes += labour_minutes
    order.parts_cost += parts.minor if parts is not None else 0
    made = _end(session, order, "done", by=by, day=day, before=before)
    if returns:
        _return(session, order, by=by)
    return made


def cancel(
    session: Session, order: WorkOrder, *, reason: str, returns: bool = False, by: Staff
) -> WorkOrder:
    """Drop a work order that isn't wanted any more."""
    require(by, Permission.DIRECT_REQUESTS, order.hotel_id)
    reason = said(reason, field="reason")
    day = _begin(session, order, by=by)
    if not order.is_standing:
        raise WrongOrderStep(order, "there is nothing to cancel")
    before = {"state": order.state.value}
    order.state, order.hold_reason, order.cancel_reason = OrderState.CANCELLED, None, reason
    made = _end(session, order, "cancelled", by=by, day=day, before=before, why=reason)
    if returns:
        _return(session, order, by=by)
    return made


def reopen(session: Session, order: WorkOrder, *, reason: str, by: Staff) -> WorkOrder:
    """Begin again what wasn't mended after all."""
    reason = said(reason, field="reason")
    day = _begin(session, order, by=by)
    if order.state is not OrderState.DONE:
        raise WrongOrderStep(order, "only what is done is reopened")
    order.state, order.done_at, order.done_words = OrderState.OPEN, None, None
    return _end(session, order, "reopened", by=by, day=day, before={"state": "done"}, why=reason)


def return_room(session: Session, order: WorkOrder, *, by: Staff) -> WorkOrder:
    """Give the room back to guests today, whatever is still to be done in it."""
    require(by, Permission.BLOCK_ROOMS, order.hotel_id)
    _begin(session, order, by=by)
    if order.block is None or order.block.ended:
        raise WrongOrderStep(order, "no room is kept from guests for it")
    _return(session, order, by=by)
    return order


def _return(session: Session, order: WorkOrder, *, by: Staff) -> None:
    if order.block is not None and not order.block.ended:
        blocks.return_to_sale(session, order.block, by=by)


def of_room(session: Session, room: Room) -> Sequence[WorkOrder]:
    """Return what is to be mended in a room, the newest first."""
    return session.scalars(
        sa.select(WorkOrder)
        .where(
            WorkOrder.hotel_id == room.hotel_id,
            WorkOrder.room_id == room.id,
            WorkOrder.state.in_(STANDING),
        )
        .order_by(WorkOrder.id.desc())
        .limit(20)
    ).all()


def _begin(session: Session, order: WorkOrder, *, by: Staff) -> date:
    require(by, Permission.REQUEST, order.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, order.hotel_id))
    lock(session, order)
    return day


def _end(
    session: Session,
    order: WorkOrder,
    verb: str,
    *,
    by: Staff,
    day: date,
    before: Mapping[str, object] | None = None,
    why: str | None = None,
    **after: object,
) -> WorkOrder:
    order.version += 1
    session.flush()
    session.expire(order, ["assignee"])
    logbook.record(
        session, verb, order, by=by, day=day, before=before, why=why,
        **{"state": order.state.value} | after,
    )  # fmt: skip
    return order
