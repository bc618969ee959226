"""The steps of the audit: each does one batch at a time, and can be begun again anywhere.

Before the roll they work on the open day and leave nothing half done: what they posted is found
again by its key. After it they read only the closed day, which nobody can change.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import insert_new, is_postgresql
from pms.hotel.books import ledger
from pms.hotel.close import archive, lists, seals, statistics
from pms.hotel.close.night_audit.checks import Blocked, OutOfBalance, imbalances, parties
from pms.hotel.close.night_audit.choices import Decisions
from pms.hotel.close.night_audit.options import run_out
from pms.hotel.close.night_audit.tables import AuditStep
from pms.hotel.house import business_day, logbook
from pms.hotel.house.business_day import DayMoved
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import blocks, inventory, seasons
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays import groups, night_charges, reservations, settlements, waitlist
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation

NIGHTS_AT_ONCE = PARTIES_AT_ONCE = 100
HOLDS_AT_ONCE = 50
DAYS_AT_ONCE = 60
TURN_SECONDS = 0.06
PRICES_OF = timedelta(days=364)  # the same day of the week, a year before


@dataclass(frozen=True)
class Batch:
    """What one turn did: how many rows, and whether there is more to do."""

    rows: int
    more: bool = False


@dataclass
class Night:
    """What a step is given: the day that closes, who decides what, and what was made ready."""

    session: Session
    hotel: Hotel
    day: date
    decisions: Decisions
    ready: Any = field(default=None)

    def hold(self) -> None:
        """Keep the day open for this turn; refuses when somebody rolled it."""
        if business_day.hold(self.session, self.hotel) != self.day:
            raise DayMoved(self.day)


@dataclass(frozen=True)
class Step:
    """One step: `prepare` only reads, outside the write turn; `work` does a batch within it.

    What `prepare` returned is `ready`, also for the next one's `prepare`.
    """

    name: str
    work: Callable[[Night], Batch]
    prepare: Callable[[Night], Any] | None = None


def _within_a_turn(night: Night, each_does_one: Iterable[object]) -> Batch:
    """Let a generator of deeds run for as long as a write turn may last.

    On PostgreSQL one deed is one turn: two deeds in a transaction would lock nights in the order
    of the parties, and wait in a circle with a desk that locks them in the order of the nights.
    """
    until = time.monotonic() + (0 if is_postgresql(night.session) else TURN_SECONDS)
    rows = 0
    for _ in each_does_one:
        rows += 1
        if time.monotonic() >= until:
            return Batch(rows, more=True)
    return Batch(rows)


def _arrivals(night: Night) -> Batch:
    night.hold()
    return _within_a_turn(night, _come_or_not(night))


def _come_or_not(night: Night) -> Iterator[object]:
    """End the options that ran out, then do what is decided with who isn't in."""
    yield from run_out(night.session, night.hotel, night.day, by=night.decisions.house)
    yield from night.decisions.arrivals(night.session)


def _departures(night: Night) -> Batch:
    night.hold()
    return _within_a_turn(night, night.decisions.departures(night.session))


def _holds(night: Night) -> Batch:
    """Give back what nobody took in time: holds, options, allotments past their cut-off.

    VAT of deposits follows what their stays cost by now, be it less or more.
    One step, since the steps are numbered: an audit that stopped before an update goes on after it.
    """
    night.hold()
    session, hotel, house = night.session, night.hotel, night.decisions.house
    limit = 1 if is_postgresql(session) else HOLDS_AT_ONCE
    ended = inventory.release_due(session, hotel, by=house, limit=limit)
    if ended == limit:
        return Batch(ended, more=True)
    due = chain(
        reservations.expire_options(session, hotel, by=house),
        groups.cut_off_due(session, hotel, by=house),
        settlements.follow_prices(session, hotel, night.ready, day=night.day, by=house),
    )
    batch = _within_a_turn(night, due)
    waited = 0 if batch.more else waitlist.expire_due(session, hotel, by=house)
    return Batch(ended + batch.rows + waited, more=batch.more)


def _still_to_charge(night: Night) -> list[int]:
    """Read who is in house at the first turn; those after it go on with who is left.

    A turn that looked for the next to charge among everybody would look at those done again. Who
    comes in meanwhile is charged in the roll.
    """
    if night.ready is None:
        return night_charges.parties(night.session, night.hotel, night.day)
    left: list[int] = night.ready
    return left


def _repriced(night: Night) -> list[Reservation]:
    """Read once whose deposits are to follow; each turn takes those off the list that it did."""
    if night.ready is None:
        return settlements.repriced(night.session, night.hotel, night.day)
    left: list[Reservation] = night.ready
    return left


def _nights(night: Night) -> Batch:
    night.hold()
    session, hotel, left = night.session, night.hotel, night.ready
    some = left[:PARTIES_AT_ONCE]
    due = night_charges.due(session, hotel, night.day, reservation_ids=some)
    posted = night_charges.post(session, hotel, due[:NIGHTS_AT_ONCE], by=night.decisions.house)
    if len(due) <= NIGHTS_AT_ONCE:
        del left[:PARTIES_AT_ONCE]
    return Batch(posted, more=bool(left))


def _look_at_balance(night: Night) -> None:
    if wrong := imbalances(night.session, night.hotel, night.day):
        raise OutOfBalance(wrong)


def _balanced(night: Night) -> Batch:
    return Batch(0)


def _read_entries(night: Night) -> seals.Written:
    """Read what is to be sealed while everybody posts: the roll only looks at what came since."""
    written = seals.so_far(night.session, night.hotel, night.day)
    _look_at_balance(night)  # after it was read, so that nothing is sealed unseen
    return written


def _roll(night: Night) -> Batch:
    """Freeze the day and begin the next, with nobody posting: no entry falls between the two.

    What came up since the earlier steps (a night, a party at the desk) is done in this moment.
    """
    session, hotel, day = night.session, night.hotel, night.day
    if business_day.take_alone(session, hotel) != day:
        raise DayMoved(day)
    rows = sum(1 for _ in _come_or_not(night))
    rows += sum(1 for _ in night.decisions.departures(session))
    blocking = parties(session, hotel, night.decisions.rules)
    if any(each.state == "block" for each in blocking):
        raise Blocked(blocking)
    due = night_charges.due(session, hotel, day)
    rows += night_charges.post(session, hotel, due, by=night.decisions.house)
    fresh = seals.since(session, hotel, day, night.ready)
    if wrong := imbalances(session, hotel, day, among=fresh):
        raise OutOfBalance(wrong)
    ledger.seal_accounts(session, hotel, day)
    seal = seals.set_seal(session, hotel, day, night.ready, fresh)
    business_day.roll(session, hotel, closing=day)
    said = logbook.line(
        "closed the day",
        "hotels",
        hotel.id,
        hotel.id,
        by=night.decisions.by,
        day=day,
        before={"business_date": day},
        after={"business_date": day + dates.ONE_DAY, "seal": seal},
    )
    logbook.write(session, [said])
    return Batch(rows)


def _collect(night: Night) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    return (
        statistics.collect(night.session, night.hotel, night.day),
        statistics.collect_segments(night.session, night.hotel, night.day),
    )


def _statistics(night: Night) -> Batch:
    return Batch(statistics.write(night.session, night.hotel, night.day, *night.ready))


def _rooms(night: Night) -> Batch:
    """Rooms slept in are dirty, unless seen to since the roll; blocks that ended return."""
    session, hotel = night.session, night.hotel
    rolled_at = session.scalar(
        sa.select(AuditStep.finished_at).where(
            AuditStep.hotel_id == hotel.id, AuditStep.day == night.day, AuditStep.name == "roll"
        )
    )
    slept_in = sa.select(Stay.room_id).where(
        Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE, Stay.arrived_on <= night.day
    )
    dirtied = session.execute(
        sa.update(Room)
        .where(
            Room.hotel_id == hotel.id,
            Room.id.in_(slept_in),
            Room.condition != Condition.DIRTY,
            Room.condition_at <= rolled_at,
        )
        .values(condition=Condition.DIRTY, condition_at=clock.now(), version=Room.version + 1)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    ended = blocks.end_due(session, hotel, by=night.decisions.house)
    return Batch(int(dirtied) + ended)


def _horizon(night: Night) -> Batch:
    """Open nights up to 800 days ahead, priced by their season or as a year before."""
    session, hotel = night.session, night.hotel
    today = business_day.today(session, hotel)
    goal = today + timedelta(days=inventory.DAYS_AHEAD)
    last = inventory.last_night(session, hotel) or today - dates.ONE_DAY
    until = min(goal, last + timedelta(days=DAYS_AT_ONCE))
    opened = inventory.extend(session, hotel, until=until)
    if opened:
        seasons.of_new_nights(session, hotel, last + dates.ONE_DAY, until)
        _copy_prices(session, hotel, last + dates.ONE_DAY, until)
    return Batch(opened, more=until < goal)


def _copy_prices(session: Session, hotel: Hotel, first: date, last: date) -> None:
    rows = session.execute(
        sa.select(NightPrice.night, NightPrice.type_id, NightPrice.plan_id, NightPrice.price)
        .join(
            RatePlan,
            sa.and_(RatePlan.hotel_id == NightPrice.hotel_id, RatePlan.id == NightPrice.plan_id),
        )
        .where(
            NightPrice.hotel_id == hotel.id,
            NightPrice.night.between(first - PRICES_OF, last - PRICES_OF),
            RatePlan.active,
        )
    )
    insert_new(
        session,
        NightPrice,
        [
            {
                "hotel_id": hotel.id,
                "night": night + PRICES_OF,
                "type_id": type_id,
                "plan_id": plan_id,
                "price": price,
                "season_id": None,
            }
            for night, type_id, plan_id, price in rows
        ],
    )


def _print(night: Night) -> dict[tuple[str, str], bytes]:
    return lists.archived(night.session, night.hotel, night.day)


def _archive(night: Night) -> Batch:
    archive.keep(night.session, night.hotel, night.day, night.ready)
    return Batch(len(night.ready))


STEPS = (
    Step("arrivals", _arrivals),
    Step("departures", _departures),
    Step("holds", _holds, prepare=_repriced),
    Step("nights", _nights, prepare=_still_to_charge),
    Step("balance", _balanced, prepare=_look_at_balance),
    Step("roll", _roll, prepare=_read_entries),
    Step("statistics", _statistics, prepare=_collect),
    Step("rooms", _rooms),
    Step("horizon", _horizon),
    Step("archive", _archive, prepare=_print),
)
