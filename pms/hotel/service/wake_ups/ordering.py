"""Ordering: a call written down for a party or several, its next morning, and taken back again."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, clock, dates
from pms.base.db import Base, insert_new, is_postgresql, lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.wake_ups.refusals import CalledThen, NobodyToCall, NotHereThen, SeenTo
from pms.hotel.service.wake_ups.tables import CallState, WakeUp, WakeUpCall
from pms.hotel.stays.groups import Group
from pms.hotel.stays.reservations import Reservation, State

AGAIN = 5  # minutes until it is tried again, unless said otherwise
LONGEST_AGAIN = 60
LONGEST_NOTES = 200
MOST_PARTIES = 200
EXPECTED = (State.BOOKED, State.IN_HOUSE)
Row = TypeVar("Row", bound=Base)


def ask(
    session: Session,
    hotel: Hotel,
    parties: Sequence[Reservation],
    *,
    at: time,
    first_on: date | None = None,
    daily: bool = False,
    again_minutes: int = AGAIN,
    notes: str | None = None,
    by: Staff,
) -> list[WakeUp]:
    """Write down a call for each party, at an hour of the hotel's clock; daily until it leaves.

    Without a day it is the next time the clock shows that hour. Refuses nobody, a day on which a
    party isn't here, an hour that is past, and a call that is there already.
    """
    require(by, Permission.CONCIERGE, hotel.id)
    notes = _checked(parties, again_minutes, notes)
    day = business_day.hold(session, hotel)
    first = first_on or next_day(hotel, at)
    if not dates.is_thinkable(first):
        raise Invalid("Choose a day near today.", field="first_on")
    if due_at(hotel, first, at) <= clock.now():
        raise Invalid("That hour is past. Choose a later one, or another day.", field="at")
    batch = new_id() if len(parties) > 1 else None
    made = []
    for party in sorted(parties, key=lambda each: each.id):
        lock(session, party)
        _refuse_absent(session, party, first, at)
        made.append(
            WakeUp(
                hotel_id=hotel.id,
                id=new_id(),
                chain_id=hotel.chain_id,
                reservation_id=party.id,
                batch_id=batch,
                at=at,
                first_on=first,
                daily=daily,
                again_minutes=again_minutes,
                notes=notes,
                staff_id=by.id,
                asked_at=clock.now(),
                version=1,
            )
        )
    session.add_all(made)
    session.flush()
    for each in made:
        _plan(session, hotel, each, first)
        logbook.record(
            session, "asked to be called", each, by=by, day=day, at=f"{at:%H:%M}", first_on=first,
            daily=daily,
        )  # fmt: skip
    return made


def _checked(parties: Sequence[Reservation], again_minutes: int, notes: str | None) -> str | None:
    if not parties:
        raise NobodyToCall
    if len(parties) > MOST_PARTIES:
        raise Invalid(f"At most {MOST_PARTIES} rooms at once.", field="rooms")
    if not 1 <= again_minutes <= LONGEST_AGAIN:
        raise Invalid(f"1 to {LONGEST_AGAIN} minutes.", field="again_minutes")
    kept = (notes or "").strip()
    if len(kept) > LONGEST_NOTES:
        raise Invalid(f"At most {LONGEST_NOTES} letters.", field="notes")
    card_numbers.refuse(notes=kept)
    return kept or None


def _refuse_absent(session: Session, party: Reservation, day: date, at: time) -> None:
    if party.state not in EXPECTED or not party.arrival <= day <= party.departure:
        raise NotHereThen(party, day)
    same = sa.select(WakeUp.id).where(
        WakeUp.hotel_id == party.hotel_id,
        WakeUp.reservation_id == party.id,
        WakeUp.at == at,
        WakeUp.ended_at.is_(None),
        sa.or_(
            sa.and_(WakeUp.daily, WakeUp.first_on <= day),
            WakeUp.first_on == day,
        ),
    )
    if session.scalar(same.limit(1)) is not None:
        raise CalledThen(party, at)


def _plan(session: Session, hotel: Hotel, wake_up: WakeUp, day: date) -> None:
    """Write down the call of a day, once, however many workers think of it."""
    due = due_at(hotel, day, wake_up.at)
    row = {
        "hotel_id": hotel.id,
        "id": new_id(),
        "chain_id": hotel.chain_id,
        "wake_up_id": wake_up.id,
        "day": day,
        "due_at": due,
        "next_at": due,
        "state": CallState.WAITING,
        "tries": 0,
        "version": 1,
    }
    insert_new(session, WakeUpCall, [row])


def due_at(hotel: Hotel, day: date, at: time) -> datetime:
    """Return the instant at which the hotel's clock shows an hour of a day.

    What comes twice in autumn is the first one; what spring leaves out comes an hour later.
    """
    return dates.instant(datetime.combine(day, at), hotel.time_zone)


def next_day(hotel: Hotel, at: time) -> date:
    """Return the next day on which the hotel's clock shows an hour that is still to come."""
    now = clock.now()
    today = dates.local(now, hotel.time_zone).date()
    return today if due_at(hotel, today, at) > now else today + dates.ONE_DAY


def plan_next(session: Session, hotel: Hotel, wake_up: WakeUp, *, after: date) -> bool:
    """Write down the next morning's call of a daily wake-up; False when the stay has none."""
    party = wake_up.reservation
    if not wake_up.daily or wake_up.ended_at is not None or party.state not in EXPECTED:
        return False
    day = max(after + dates.ONE_DAY, next_day(hotel, wake_up.at))
    if day > party.departure:
        return False
    _plan(session, hotel, wake_up, day)
    return True


def top_up(session: Session, hotel: Hotel) -> int:
    """Write down the next call of daily wake-ups that have none, such as of a stay extended.

    Each is locked first, so that nobody takes it back meanwhile; what another has in hand waits.
    """
    mine = sa.and_(WakeUpCall.hotel_id == WakeUp.hotel_id, WakeUpCall.wake_up_id == WakeUp.id)
    last = sa.select(sa.func.max(WakeUpCall.day)).where(mine).scalar_subquery()
    wanted = (
        sa.select(WakeUp, last)
        .join(WakeUp.reservation)
        .where(
            WakeUp.hotel_id == hotel.id,
            WakeUp.daily,
            WakeUp.ended_at.is_(None),
            Reservation.state.in_(EXPECTED),
            Reservation.departure > last,
            ~sa.exists().where(mine, WakeUpCall.next_at.is_not(None)),
        )
        .options(sa.orm.contains_eager(WakeUp.reservation))
        .order_by(WakeUp.id)
        .limit(500)
    )
    if is_postgresql(session):
        wanted = wanted.with_for_update(of=WakeUp, skip_locked=True)
    rows = session.execute(wanted.execution_options(populate_existing=True)).all()
    return sum(plan_next(session, hotel, wake_up, after=day) for wake_up, day in rows)


def of_group(session: Session, group: Group, day: date) -> list[Reservation]:
    """Return the parties of a group that are here on a day's morning, one for each shared room."""
    rows = session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == group.hotel_id,
            Reservation.group_id == group.id,
            Reservation.state.in_(EXPECTED),
            Reservation.arrival <= day,
            Reservation.departure >= day,
        )
        .order_by(Reservation.shares_with_id.is_not(None), Reservation.id)
        .limit(MOST_PARTIES + 1)
    )
    one_each: dict[int, Reservation] = {}
    for party in rows:
        one_each.setdefault(party.shares_with_id or party.id, party)
    return list(one_each.values())


# --- taken back -----------------------------------------------------------------------------------


def take_back(session: Session, wake_up: WakeUp, *, whole_batch: bool = False, by: Staff) -> int:
    """Take back what a party asked for, or all that was asked with it; return how many rooms.

    Refuses what was taken back before.
    """
    require(by, Permission.CONCIERGE, wake_up.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, wake_up.hotel_id))
    whole = whole_batch and wake_up.batch_id is not None
    mine = WakeUp.batch_id == wake_up.batch_id if whole else WakeUp.id == wake_up.id
    asked = sa.select(WakeUp.id).where(WakeUp.hotel_id == wake_up.hotel_id, mine)
    waiting_calls(session, wake_up.hotel_id, asked)  # first the calls, as who notes one
    batch = _held(
        session,
        sa.select(WakeUp).where(WakeUp.hotel_id == wake_up.hotel_id, mine).order_by(WakeUp.id),
    )
    if wake_up.ended_at is not None:
        raise Invalid("That wake-up was taken back before.")
    batch = [each for each in batch if each.ended_at is None]
    for each in batch:
        each.ended_at = clock.now()
        each.version += 1
        logbook.record(session, "took back", each, by=by, day=day, at=f"{each.at:%H:%M}")
    for call in waiting_calls(session, wake_up.hotel_id, asked):  # and the next, planned meanwhile
        end(call, CallState.CANCELLED, by=by)
    session.flush()
    return len(batch)


def waiting_calls(session: Session, hotel_id: int, asked: sa.Select[int]) -> list[WakeUpCall]:
    """Lock the calls of wake-ups that are still to be made."""
    return _held(
        session,
        sa.select(WakeUpCall)
        .where(
            WakeUpCall.hotel_id == hotel_id,
            WakeUpCall.wake_up_id.in_(asked),
            WakeUpCall.state == CallState.WAITING,
        )
        .order_by(WakeUpCall.id),
    )


def _held(session: Session, rows: sa.Select[Row]) -> list[Row]:
    """Lock rows in their order and read them afresh, like `lock` does one."""
    session.flush()
    if is_postgresql(session):
        rows = rows.with_for_update()
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def skip(session: Session, call: WakeUpCall, *, by: Staff) -> WakeUpCall:
    """Take one morning off; a daily wake-up goes on with the next."""
    require(by, Permission.CONCIERGE, call.hotel_id)
    hotel = session.get_one(Hotel, call.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, call)
    if call.state is not CallState.WAITING:
        raise SeenTo(call)
    end(call, CallState.CANCELLED, by=by)
    session.flush()
    logbook.record(session, "took off", call, by=by, day=day, on=call.day)
    plan_next(session, hotel, call.wake_up, after=call.day)
    return call


def end(call: WakeUpCall, state: CallState, *, by: Staff) -> None:
    """Write what came of a call."""
    call.state, call.next_at, call.ended_at = state, None, clock.now()
    call.staff_id = by.id
    call.version += 1
