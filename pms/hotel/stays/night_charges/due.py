"""Due: what parties in house, or one still to come, are to be charged for a night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import dates
from pms.base.db import is_postgresql
from pms.base.money import Money
from pms.hotel.books.ledger import Entry
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays import package_charges, recurring
from pms.hotel.stays.presence import Stay, is_in_house
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode

Asked = sa.Select[*tuple[Any, ...]]

ROOM = "room"
DAY_USE = "day-use"
_HOTEL = sa.bindparam("hotel", type_=sa.BigInteger)
_SOME: sa.BindParameter[int] = sa.bindparam("reservations", expanding=True)


@dataclass(frozen=True, slots=True)
class Due:
    """A charge that is due for a night: what, for whom, and for the how-manieth time."""

    reservation_id: int
    number: int
    folio_id: int | None
    night: date
    rule: str
    charge_code_id: int
    price: int
    quantity: int
    persons: int
    arrival: date
    taxed: bool
    turn: int
    children: taxes.Children = ()
    is_fee: bool = False

    @property
    def night_no(self) -> int:
        """The how-manieth night of the stay it is."""
        return (self.night - self.arrival).days + 1

    @property
    def key(self) -> str:
        """The charge's name in the books."""
        return f"night/{self.number}/{self.night.isoformat()}/{self.rule}/{self.turn}"


def parties(session: Session, hotel: Hotel, night: date) -> list[int]:
    """Return who is in house for a night, charged or not, by reservation number.

    Who charges a full house in turns asks `due` for some of them at a time: it looks at no others.
    """
    asked = (
        _nights(Slot.NIGHT)
        .join(Stay, is_in_house())
        .where(ReservationNight.live, ReservationNight.night == night)
        .with_only_columns(Reservation.id)
        .order_by(Reservation.number)
    )
    return list(session.scalars(asked, {"hotel": hotel.id}))


def due(
    session: Session, hotel: Hotel, night: date, *, reservation_ids: Sequence[int] | None = None
) -> list[Due]:
    """Return what parties in house are still to be charged for a night, rooms and what recurs.

    Two queries, in the order of the reservations' numbers; of one night the packages come before
    the room, so that a batch never leaves the room charged without them. A complimentary or
    house-use night is due at nothing: that it was given is a fact of the books too.
    """
    return _due(session, hotel, [night], reservation_ids, in_house=True)


def expected(
    session: Session, hotel: Hotel, reservation: Reservation, nights: Sequence[date]
) -> list[Due]:
    """Return what a party will be charged for nights that it wasn't yet, come or still to come.

    Two queries, however many nights; each night's charges in the order they are posted in.
    """
    return _due(session, hotel, nights, [reservation.id], in_house=False) if nights else []


def _due(
    session: Session,
    hotel: Hotel,
    nights: Sequence[date],
    reservation_ids: Sequence[int] | None,
    *,
    in_house: bool,
) -> list[Due]:
    asked = _asked(
        len(nights),
        in_house=in_house,
        of_some=reservation_ids is not None,
        with_packages=package_charges.are_sold(session, hotel),
        for_postgresql=is_postgresql(session),
    )
    which: dict[str, Any] = {} if reservation_ids is None else {"reservations": reservation_ids}
    for no, night in enumerate(nights):
        which[f"night_{no}"] = night
        which[f"tomorrow_{no}"] = night + dates.ONE_DAY
        which[f"weekday_{no}"] = 1 << night.weekday()
    return _read(session, hotel, asked, which)


@lru_cache(maxsize=256)
def _asked(
    nights: int, *, in_house: bool, of_some: bool, with_packages: bool, for_postgresql: bool
) -> Asked:
    """Ask for what is due of so many nights: rooms, packages and what recurs.

    Said once for each shape: saying it anew takes several times as long as the answer.
    """
    party = _of_nights(nights)
    if in_house:
        party = party.join(Stay, is_in_house())
    if of_some:
        party = party.where(Reservation.id.in_(_SOME))
    each = party.cte("party")
    recurs = recurring.due(each, for_postgresql=for_postgresql)
    if not with_packages:
        return _still_due(sa.union_all(_rooms(each, ROOM), recurs))
    shares = package_charges.shares(each)
    rooms = _rooms(each, ROOM, package_charges.carved(shares))
    return _still_due(sa.union_all(rooms, recurs, package_charges.due(each, shares, room=ROOM)))


def _nights(slot: Slot) -> Asked:
    return (
        sa.select(
            Reservation.hotel_id,
            Reservation.id.label("reservation_id"),
            Reservation.number,
            Reservation.folio_id,
            Reservation.purpose,
            Reservation.shares_with_id,
            Reservation.arrival,
            Reservation.departure,
            ReservationNight.night,
            ReservationNight.price,
            ReservationNight.adults,
            ReservationNight.plan_id,
            RatePlan.charge_code_id,
        )
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
            ),
        )
        .join(
            RatePlan,
            sa.and_(
                RatePlan.hotel_id == ReservationNight.hotel_id,
                RatePlan.id == ReservationNight.plan_id,
            ),
        )
        .where(Reservation.hotel_id == _HOTEL, ReservationNight.slot == slot)
    )


def _of_nights(count: int) -> Asked:
    """Return parties by night, with what rhythms go by: the day after, and the weekday's bit."""
    live = _nights(Slot.NIGHT).where(ReservationNight.live)
    said = [
        (
            sa.bindparam(f"night_{no}", type_=sa.Date).label("day"),
            sa.bindparam(f"tomorrow_{no}", type_=sa.Date).label("tomorrow"),
            sa.bindparam(f"weekday_{no}", type_=sa.Integer).label("weekday"),
        )
        for no in range(count)
    ]
    if count == 1:
        [(night, tomorrow, weekday)] = said
        return live.add_columns(tomorrow, weekday).where(ReservationNight.night == night.element)
    days = sa.union_all(*(sa.select(*of_night) for of_night in said)).cte("days")
    return live.add_columns(days.c.tomorrow, days.c.weekday).join(
        days, days.c.day == ReservationNight.night
    )


def _rooms(party: sa.CTE | sa.Subquery, rule: str, carved: sa.Subquery | None = None) -> Asked:
    """Return the nights as charges to be, less what is carved out of them for packages."""
    given = party.c.purpose != Purpose.PAYING
    taken = 0 if carved is None else sa.func.coalesce(carved.c.amount, 0)
    rooms = sa.select(
        party.c.reservation_id,
        party.c.number,
        party.c.folio_id,
        party.c.night,
        sa.literal(rule).label("rule"),
        party.c.charge_code_id,
        sa.case((given, 0), else_=party.c.price - taken).label("price"),
        sa.literal(1, sa.BigInteger).label("quantity"),
        party.c.adults.label("persons"),
        party.c.arrival,
        (~given).label("taxed"),
    )
    if carved is None:
        return rooms
    whose = sa.and_(
        carved.c.reservation_id == party.c.reservation_id, carved.c.night == party.c.night
    )
    return rooms.select_from(party.outerjoin(carved, whose))


def _still_due(wanted: sa.CompoundSelect[Any] | Asked) -> Asked:
    """Return what is wanted and doesn't stand in the books, each with its turn, in order."""
    asked = wanted.subquery("asked")
    undoing = aliased(Entry)
    same = (
        Entry.hotel_id == _HOTEL,
        Entry.subject_id == asked.c.reservation_id,
        Entry.service_night == asked.c.night,
        Entry.rule == asked.c.rule,
    )
    undone = sa.exists().where(undoing.hotel_id == _HOTEL, undoing.reverses_id == Entry.id)
    turn = sa.select(sa.func.count()).where(*same).correlate(asked).scalar_subquery()
    return (
        sa.select(asked, turn.label("turn"))
        .where(~sa.exists().where(*same, ~undone.correlate(Entry)).correlate(asked))
        .order_by(asked.c.night, asked.c.number, asked.c.rule)
    )


def _read(
    session: Session, hotel: Hotel, asked: Asked, which: Mapping[str, Any] | None = None
) -> list[Due]:
    return [Due(*row) for row in session.execute(asked, {"hotel": hotel.id, **(which or {})})]


def due_for_the_day(session: Session, hotel: Hotel, reservation: Reservation) -> list[Due]:
    """Return the charge of a party that has its room for the day, if it wasn't charged yet."""
    party = _nights(Slot.DAY).where(Reservation.id == reservation.id, ReservationNight.live)
    return _read(session, hotel, _still_due(_rooms(party.subquery("party"), DAY_USE)))


def due_as_fees(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    nights: Mapping[date, Money],
    *,
    code: ChargeCode,
) -> list[Due]:
    """Return so much for each night of a party that didn't come, under the room's own rule."""
    party = _nights(Slot.NIGHT).where(
        Reservation.id == reservation.id, ReservationNight.night.in_(list(nights))
    )
    rows = _read(session, hotel, _still_due(_rooms(party.subquery("party"), ROOM)))
    return [
        replace(row, charge_code_id=code.id, price=nights[row.night].minor, taxed=True, is_fee=True)
        for row in rows
    ]
