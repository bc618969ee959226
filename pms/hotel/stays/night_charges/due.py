"""Due: what parties in house, or one still to come, are to be charged for a night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import dates
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


def due(
    session: Session,
    hotel: Hotel,
    night: date,
    *,
    limit: int | None = None,
    reservation_ids: Sequence[int] | None = None,
) -> list[Due]:
    """Return what parties in house are still to be charged for a night, rooms and what recurs.

    Two queries, in the order of the reservations' numbers; of one night the packages come before
    the room, so that a batch never leaves the room charged without them. A complimentary or
    house-use night is due at nothing: that it was given is a fact of the books too.
    """
    party = _in_house(hotel, night)
    if reservation_ids is not None:
        party = party.where(Reservation.id.in_(reservation_ids))
    return _read(session, hotel, _all(session, hotel, party), limit)


def expected(
    session: Session, hotel: Hotel, reservation: Reservation, nights: Sequence[date]
) -> list[Due]:
    """Return what a party will be charged for nights that it wasn't yet, come or still to come.

    Two queries, however many nights; each night's charges in the order they are posted in.
    """
    if not nights:
        return []
    party = _of_nights(hotel, nights).where(Reservation.id == reservation.id)
    return _read(session, hotel, _all(session, hotel, party))


def _nights(hotel: Hotel, slot: Slot) -> Asked:
    return (
        sa.select(
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
        .where(Reservation.hotel_id == hotel.id, ReservationNight.slot == slot)
    )


def _of_nights(hotel: Hotel, nights: Sequence[date]) -> Asked:
    """Return parties by night, with what rhythms go by: the day after, and the weekday's bit."""
    live = _nights(hotel, Slot.NIGHT).where(ReservationNight.live)
    said = [(night, night + dates.ONE_DAY, 1 << night.weekday()) for night in nights]
    if len(nights) == 1:
        [(night, tomorrow, weekday)] = said
        return live.add_columns(
            sa.literal(tomorrow, sa.Date).label("tomorrow"),
            sa.literal(weekday, sa.Integer).label("weekday"),
        ).where(ReservationNight.night == night)
    columns = (
        sa.column("day", sa.Date),
        sa.column("tomorrow", sa.Date),
        sa.column("weekday", sa.Integer),
    )
    days = sa.values(*columns).data(said).cte("days")
    return live.add_columns(days.c.tomorrow, days.c.weekday).join(
        days, days.c.day == ReservationNight.night
    )


def _in_house(hotel: Hotel, night: date) -> Asked:
    return _of_nights(hotel, [night]).join(
        Stay,
        is_in_house(),
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


def _all(session: Session, hotel: Hotel, nights: Asked) -> sa.CompoundSelect[Any]:
    """Return rooms, packages and what recurs."""
    party = nights.cte("party")
    recurs = recurring.due(session, hotel, party)
    shares = package_charges.shares(session, hotel, party)
    if shares is None:
        return sa.union_all(_rooms(party, ROOM), recurs)
    rooms = _rooms(party, ROOM, package_charges.carved(shares))
    return sa.union_all(rooms, recurs, package_charges.due(hotel, party, shares, room=ROOM))


def _read(
    session: Session,
    hotel: Hotel,
    wanted: sa.CompoundSelect[Any] | Asked,
    limit: int | None = None,
) -> list[Due]:
    asked = wanted.subquery("asked")
    undoing = aliased(Entry)
    same = (
        Entry.hotel_id == hotel.id,
        Entry.subject_id == asked.c.reservation_id,
        Entry.service_night == asked.c.night,
        Entry.rule == asked.c.rule,
    )
    undone = sa.exists().where(undoing.hotel_id == hotel.id, undoing.reverses_id == Entry.id)
    turn = sa.select(sa.func.count()).where(*same).correlate(asked).scalar_subquery()
    rows = session.execute(
        sa.select(asked, turn.label("turn"))
        .where(~sa.exists().where(*same, ~undone.correlate(Entry)).correlate(asked))
        .order_by(asked.c.night, asked.c.number, asked.c.rule)
        .limit(limit)
    )
    return [Due(*row) for row in rows]


def due_for_the_day(session: Session, hotel: Hotel, reservation: Reservation) -> list[Due]:
    """Return the charge of a party that has its room for the day, if it wasn't charged yet."""
    party = _nights(hotel, Slot.DAY).where(Reservation.id == reservation.id, ReservationNight.live)
    return _read(session, hotel, _rooms(party.subquery("party"), DAY_USE))


def due_as_fees(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    nights: Mapping[date, Money],
    *,
    code: ChargeCode,
) -> list[Due]:
    """Return so much for each night of a party that didn't come, under the room's own rule."""
    party = _nights(hotel, Slot.NIGHT).where(
        Reservation.id == reservation.id, ReservationNight.night.in_(list(nights))
    )
    rows = _read(session, hotel, _rooms(party.subquery("party"), ROOM))
    return [
        replace(row, charge_code_id=code.id, price=nights[row.night].minor, taxed=True, is_fee=True)
        for row in rows
    ]
