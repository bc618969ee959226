"""Finding: a hotel's reservations by state, day, number or name, a page at a time, by its key.

A name that few bear leads to them by its own index. One that many bear isn't sorted out among all
of them for the first fifty: reservations are walked in their order until a page is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.hotel.guests.finding import given_named, named
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations.promise import Reservation, State

MOST_BEARERS = 2_000  # more than that, and their reservations are met soon by walking
FIRST_LOOK, FARTHER = 500, 4  # how many are walked first, and how many times more each time after

Key = tuple[date, int]  # arrival and number: the order of a list
Place = tuple[date, int, int]  # a key, and the reservation's id
Rows = sa.Select[Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which reservations are sought; what isn't said is left open."""

    states: tuple[State, ...]
    newest_first: bool = False
    arrives: date | None = None
    guest_id: int | None = None
    number: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list: so many rows from its start or beyond a key, upwards or downwards."""

    limit: int
    beyond: Key | None
    upwards: bool

    def of(self, rows: Rows, columns: Any) -> Rows:
        """Return the rows of this part, in order; `columns` has their arrival and number."""
        on, no = columns.arrival, columns.number
        if self.beyond is not None:  # the arrival alone is said too, as the index has it
            arrival, number = self.beyond
            if self.upwards:
                rows = rows.where(on >= arrival, sa.or_(on > arrival, no > number))
            else:
                rows = rows.where(on <= arrival, sa.or_(on < arrival, no < number))
        order = (on, no) if self.upwards else (on.desc(), no.desc())
        return rows.order_by(*order).limit(self.limit)


def found(
    session: Session,
    hotel: Hotel,
    sought: Sought,
    *,
    limit: int,
    beyond: Key | None = None,
    backwards: bool = False,
) -> list[Reservation]:
    """Return so many reservations in their order, the first ones or those beyond a key.

    `backwards` are the nearest before the key. The guests and room types come along.
    """
    stretch = Stretch(limit, beyond, upwards=sought.newest_first is backwards)
    bearers = _bearers(session, hotel, sought.name) if sought.name else None
    places = []
    if bearers is not None:
        places = _of_few(session, hotel, sought, bearers, stretch)
    else:
        for state in sought.states:  # each has its own part of the index
            places += _of_state(session, hotel, sought, state, stretch)
    places = sorted(places, reverse=not stretch.upwards)[:limit]
    return _read(session, hotel, [place[-1] for place in places][:: -1 if backwards else 1])


def _asked(sought: Sought, columns: Any) -> Rows:
    """Ask for reservations, or for rows of theirs that have these columns."""
    rows: Rows = sa.select(columns.arrival, columns.number, columns.id, columns.guest_id)
    if sought.arrives is not None:
        rows = rows.where(columns.arrival == sought.arrives)
    if sought.guest_id is not None:
        rows = rows.where(columns.guest_id == sought.guest_id)
    if sought.number is not None:
        numbers = (columns.number, columns.booking_number)
        rows = rows.where(sa.or_(*(each == sought.number for each in numbers)))
    return rows


def _of_state(
    session: Session, hotel: Hotel, sought: Sought, state: State, stretch: Stretch
) -> list[Place]:
    """Return the places of a state's reservations; of a name, those whose guests bear it."""
    rows = _asked(sought, Reservation).where(
        Reservation.hotel_id == hotel.id, Reservation.state == state
    )
    if sought.name:
        return _walked(session, hotel, rows, sought.name, stretch)
    return _places(session, stretch.of(rows, Reservation))


def _places(session: Session, rows: Rows) -> list[Place]:
    return [(row.arrival, row.number, row.id) for row in session.execute(rows)]


# --- by name --------------------------------------------------------------------------------------


def _ways(name: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return how a guest may bear a name: as a surname, or as a first name that begins so."""
    return named(name), given_named(name)


def _bearers(session: Session, hotel: Hotel, name: str) -> list[int] | None:
    """Return the ids of whose name begins so; None where they are too many.

    Each way is asked by itself, as it has an index of its own.
    """
    ways = [
        sa.select(Guest.id).where(Guest.chain_id == hotel.chain_id, bears) for bears in _ways(name)
    ]
    for way in ways:
        last = way.with_only_columns(sa.literal(1)).offset(MOST_BEARERS).limit(1)
        if session.scalar(last) is not None:
            return None
    return list(session.scalars(sa.union(*ways)))


def _of_few(
    session: Session, hotel: Hotel, sought: Sought, bearers: list[int], stretch: Stretch
) -> list[Place]:
    """Return the places of a few guests' reservations.

    All of theirs are read first, as either engine may else walk a whole state for them.
    """
    theirs = (
        sa.select(
            Reservation.arrival,
            Reservation.number,
            Reservation.booking_number,
            Reservation.id,
            Reservation.guest_id,
            Reservation.state,
        )
        .where(Reservation.hotel_id == hotel.id, Reservation.guest_id.in_(bearers))
        .cte("theirs")
        .prefix_with("MATERIALIZED")
    )
    rows = _asked(sought, theirs.c).where(theirs.c.state.in_(sought.states))
    return _places(session, stretch.of(rows, theirs.c))


def _walked(session: Session, hotel: Hotel, rows: Rows, name: str, stretch: Stretch) -> list[Place]:
    """Return the places of rows whose guests bear a name that many do.

    Each look goes a stretch of the index further, four times as far as the one before, until
    there are enough, or no more.
    """
    places: list[Place] = []
    start, look = 0, FIRST_LOOK
    in_order = stretch.of(rows, Reservation)
    while True:
        some = in_order.offset(start).limit(look).subquery("some")
        theirs = (
            sa.select(some)
            .join(Guest, sa.and_(Guest.chain_id == hotel.chain_id, Guest.id == some.c.guest_id))
            .where(sa.or_(*_ways(name)))
        )
        left = Stretch(stretch.limit - len(places), None, stretch.upwards)
        places += _places(session, left.of(theirs, some.c))
        start, look = start + look, look * FARTHER
        if len(places) == stretch.limit:
            return places
        if session.execute(in_order.offset(start).limit(1)).first() is None:
            return places


def _read(session: Session, hotel: Hotel, ids: Sequence[int]) -> list[Reservation]:
    """Return reservations by their ids, in that order."""
    rows = session.scalars(
        sa.select(Reservation)
        .where(Reservation.hotel_id == hotel.id, Reservation.id.in_(ids))
        .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
    )
    by_id = {each.id: each for each in rows}
    return [by_id[each] for each in ids]
