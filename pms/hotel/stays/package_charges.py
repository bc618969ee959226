"""Package charges: what the packages of parties come to for their nights, said in SQL.

It says of many parties at once what `packaging.of_night` says of one; a test holds them together.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.hotel.books.ledger import Entry
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.packaging import Per, Rhythm
from pms.hotel.stays.reservations.package_tables import ReservationPackage
from pms.hotel.stays.reservations.promise import Purpose

PACKAGE = "package:"
_P = ReservationPackage
_ANY = sa.select(_P.no).where(_P.hotel_id == sa.bindparam("hotel")).limit(1)


def are_sold(session: Session, hotel: Hotel) -> bool:
    """Tell whether anybody has a package; where nobody has, they needn't be asked for."""
    return session.scalar(_ANY, {"hotel": hotel.id}) is not None


def shares(party: sa.CTE) -> sa.CTE:
    """Return what each package takes of a night or adds to it.

    What is included takes no more than the night costs, in the order of its numbers; what is given
    away has nothing to carve out. `party` has the parties with their hotel, what they pay for a
    night, the day after it (`tomorrow`) and the bit of its `weekday`.
    """
    worth = _P.quantity * sa.case(
        (_P.per == Per.PERSON, _P.price * party.c.adults + _P.children_price), else_=_P.price
    )
    falling = (
        sa.select(
            _P.reservation_id, party.c.night, _P.no, _P.charge_code_id, _P.included,
            worth.label("worth"),
            party.c.price.label("price"),
            _whole(
                sa.func.sum(worth).over(
                    partition_by=(_P.reservation_id, party.c.night, _P.included),
                    order_by=_P.no,
                    rows=(None, -1),
                )
            ).label("before"),
        )
        .join(
            party,
            sa.and_(
                _P.hotel_id == party.c.hotel_id, _P.reservation_id == party.c.reservation_id
            ),
        )
        .where(
            _falls_on(party),
            sa.or_(~_P.included, party.c.purpose == Purpose.PAYING),
        )
        .subquery()
    )  # fmt: skip
    left = falling.c.price - falling.c.before
    amount = sa.case(
        (~falling.c.included, falling.c.worth),
        (left <= 0, 0),
        (falling.c.worth > left, left),
        else_=falling.c.worth,
    )
    return sa.select(
        falling.c.reservation_id,
        falling.c.night,
        falling.c.no,
        falling.c.charge_code_id,
        falling.c.included,
        amount.label("amount"),
    ).cte("shares")


def _falls_on(party: sa.CTE) -> sa.ColumnElement[bool]:
    of_night = party.c.night
    is_first, is_last = party.c.arrival == of_night, party.c.departure == party.c.tomorrow
    return sa.and_(
        sa.or_(_P.plan_id.is_(None), _P.plan_id == party.c.plan_id),
        sa.or_(_P.per != Per.ROOM, party.c.shares_with_id.is_(None)),
        sa.or_(_P.first.is_(None), _P.first <= of_night),
        sa.or_(_P.taken_off_on.is_(None), _P.taken_off_on > of_night),
        sa.or_(
            _P.rhythm == Rhythm.EVERY_NIGHT,
            sa.and_(_P.rhythm == Rhythm.ARRIVAL_NIGHT, is_first),
            sa.and_(_P.rhythm == Rhythm.LAST_NIGHT, is_last),
            sa.and_(_P.rhythm == Rhythm.ALL_BUT_FIRST, ~is_first),
            sa.and_(_P.rhythm == Rhythm.ALL_BUT_LAST, ~is_last),
            sa.and_(_P.rhythm == Rhythm.WEEKDAYS, _P.weekdays.op("&")(party.c.weekday) != 0),
            sa.and_(
                _P.rhythm == Rhythm.ONCE,
                sa.func.coalesce(_P.first, party.c.arrival) == of_night,
            ),
        ),
    )


def _whole(summed: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Return a sum as a whole number: PostgreSQL makes another kind of number of it."""
    return sa.cast(sa.func.coalesce(summed, 0), sa.BigInteger)


def carved(of_night: sa.CTE) -> sa.Subquery:
    """Return what is carved out of each party's night: (reservation_id, night, amount)."""
    return (
        sa.select(
            of_night.c.reservation_id,
            of_night.c.night,
            _whole(sa.func.sum(of_night.c.amount)).label("amount"),
        )
        .where(of_night.c.included)
        .group_by(of_night.c.reservation_id, of_night.c.night)
        .subquery("carved")
    )


def due(party: sa.CTE, of_night: sa.CTE, *, room: str) -> sa.Select[*tuple[Any, ...]]:
    """Return the packages as charges to be; `room` is the rule by which rooms are charged.

    What is included goes with the room: where that is charged, whatever is missing was taken off
    the bill, or the night was paid by somebody who hadn't come.
    """
    undoing = aliased(Entry)
    undone = sa.exists().where(undoing.hotel_id == Entry.hotel_id, undoing.reverses_id == Entry.id)
    room_stands = sa.exists().where(
        Entry.hotel_id == party.c.hotel_id,
        Entry.subject_id == party.c.reservation_id,
        Entry.service_night == party.c.night,
        Entry.rule == room,
        ~undone.correlate(Entry),
    )
    return (
        sa.select(
            party.c.reservation_id,
            party.c.number,
            party.c.folio_id,
            party.c.night,
            sa.literal(PACKAGE).concat(sa.cast(of_night.c.no, sa.String)).label("rule"),
            of_night.c.charge_code_id,
            of_night.c.amount.label("price"),
            sa.literal(1, sa.BigInteger).label("quantity"),
            party.c.adults.label("persons"),
            party.c.arrival,
            sa.true().label("taxed"),
        )
        .join(
            of_night,
            sa.and_(
                of_night.c.reservation_id == party.c.reservation_id,
                of_night.c.night == party.c.night,
            ),
        )
        .where(
            of_night.c.amount > 0,
            sa.or_(~of_night.c.included, ~room_stands.correlate(party)),
        )
    )
