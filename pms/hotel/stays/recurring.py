"""Recurring charges: what a stay is charged by itself, beside its room: parking, a cot."""

import enum
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, choice, lock, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books.folios import NoPriceForCode
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.tariff.charges import ChargeCode

RECURRING = "recurring:"
EVERY_DAY = 0b1111111  # Monday is the lowest bit


class Rhythm(enum.StrEnum):
    """On which nights of the stay it is charged."""

    EVERY_NIGHT = "every_night"
    ARRIVAL_NIGHT = "arrival_night"
    LAST_NIGHT = "last_night"
    EVERY_N_NIGHTS = "every_n_nights"
    WEEKDAYS = "weekdays"


class RecurringCharge(Base):
    """A recurring charge of a reservation; without an amount it is the code's price that night."""

    __tablename__ = "recurring_charges"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.CheckConstraint("quantity > 0", name="charges_something"),
        sa.CheckConstraint("every > 0", name="every_some_nights"),
        sa.CheckConstraint(f"weekdays BETWEEN 1 AND {EVERY_DAY}", name="some_weekday"),
        sa.CheckConstraint(
            "first IS NULL OR last IS NULL OR first <= last", name="from_first_to_last"
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    charge_code_id: Mapped[int]
    amount: Mapped[int | None]
    quantity: Mapped[int] = mapped_column(default=1)
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm), default=Rhythm.EVERY_NIGHT)
    every: Mapped[int] = mapped_column(default=1)
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    first: Mapped[date | None]
    last: Mapped[date | None]
    stopped: Mapped[bool] = mapped_column(default=False)


class StayIsOver(Refusal):
    """Nothing recurs in a stay that ended."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} is {reservation.state.value.replace('_', ' ')}. "
            "Charge the folio instead."
        )


def add(
    session: Session,
    reservation: Reservation,
    *,
    code: ChargeCode,
    amount: Money | None = None,
    quantity: int = 1,
    rhythm: Rhythm = Rhythm.EVERY_NIGHT,
    every: int = 1,
    weekdays: int = EVERY_DAY,
    first: date | None = None,
    last: date | None = None,
    by: Staff,
) -> RecurringCharge:
    """Let a reservation be charged by itself in a rhythm; `weekdays` has a bit each, Monday first.

    Refuses a stay that is over, a code without a price when none is said, and empty rhythms.
    """
    require(by, Permission.POST, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    _refuse_unchargeable(hotel, reservation, code, amount)
    if quantity < 1 or every < 1 or not 1 <= weekdays <= EVERY_DAY:
        raise Invalid("Charge at least one, on at least one day.", field="rhythm")
    if first is not None and last is not None and first > last:
        raise Invalid("The last night isn't before the first.", field="last")
    charge = RecurringCharge(
        hotel_id=hotel.id,
        reservation_id=reservation.id,
        no=_next_no(session, reservation),
        charge_code_id=code.id,
        amount=None if amount is None else amount.minor,
        quantity=quantity,
        rhythm=rhythm,
        every=every,
        weekdays=weekdays,
        first=first,
        last=last,
    )
    session.add(charge)
    session.flush()
    logbook.record(
        session, "added recurring charge", reservation, by=by, day=day, no=charge.no,
        code=code.code, rhythm=rhythm.value, quantity=quantity,
    )  # fmt: skip
    return charge


def _refuse_unchargeable(
    hotel: Hotel, reservation: Reservation, code: ChargeCode, amount: Money | None
) -> None:
    """Refuse a stay that is over, a code that nobody said a price for, and another currency."""
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise StayIsOver(reservation)
    if amount is None and code.price is None:
        raise NoPriceForCode(code)
    if amount is not None and amount.currency != hotel.currency:
        raise Invalid(f"{hotel.name} counts in {hotel.currency}.", field="amount")


def _next_no(session: Session, reservation: Reservation) -> int:
    """Return the number of a reservation's next recurring charge."""
    newest = session.scalar(
        sa.select(sa.func.max(RecurringCharge.no)).where(
            RecurringCharge.hotel_id == reservation.hotel_id,
            RecurringCharge.reservation_id == reservation.id,
        )
    )
    return (newest or 0) + 1


def stop(session: Session, reservation: Reservation, charge: RecurringCharge, *, by: Staff) -> None:
    """Charge it no more; what was charged stays."""
    require(by, Permission.POST, reservation.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    lock(session, reservation)
    charge.stopped = True
    session.flush()
    logbook.record(session, "stopped recurring charge", reservation, by=by, day=day, no=charge.no)


def of(session: Session, reservation: Reservation) -> list[RecurringCharge]:
    """Return a reservation's recurring charges."""
    return list(
        session.scalars(
            sa.select(RecurringCharge)
            .where(
                RecurringCharge.hotel_id == reservation.hotel_id,
                RecurringCharge.reservation_id == reservation.id,
            )
            .order_by(RecurringCharge.no)
        )
    )


def due(party: sa.CTE, *, for_postgresql: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return what recurs for parties on their nights as charges to be, said in SQL.

    `party` has its hotel, the day after each night (`tomorrow`) and the bit of its `weekday`.
    """
    charge, of_night = RecurringCharge, party.c.night
    return (
        sa.select(
            party.c.reservation_id,
            party.c.number,
            party.c.folio_id,
            party.c.night,
            sa.literal(RECURRING).concat(sa.cast(charge.no, sa.String)).label("rule"),
            charge.charge_code_id,
            sa.func.coalesce(charge.amount, ChargeCode.price, 0).label("price"),
            charge.quantity,
            party.c.adults.label("persons"),
            party.c.arrival,
            sa.true().label("taxed"),
        )
        .join(
            charge,
            sa.and_(
                charge.hotel_id == party.c.hotel_id,
                charge.reservation_id == party.c.reservation_id,
            ),
        )
        .join(
            ChargeCode,
            sa.and_(ChargeCode.hotel_id == charge.hotel_id, ChargeCode.id == charge.charge_code_id),
        )
        .where(
            ~charge.stopped,
            sa.or_(charge.first.is_(None), charge.first <= of_night),
            sa.or_(charge.last.is_(None), charge.last >= of_night),
            sa.or_(
                charge.rhythm == Rhythm.EVERY_NIGHT,
                sa.and_(charge.rhythm == Rhythm.ARRIVAL_NIGHT, party.c.arrival == of_night),
                sa.and_(charge.rhythm == Rhythm.LAST_NIGHT, party.c.departure == party.c.tomorrow),
                sa.and_(
                    charge.rhythm == Rhythm.WEEKDAYS,
                    charge.weekdays.op("&")(party.c.weekday) != 0,
                ),
                sa.and_(
                    charge.rhythm == Rhythm.EVERY_N_NIGHTS,
                    _nights_since(of_night, party.c.arrival, for_postgresql) % charge.every == 0,
                ),
            ),
        )
    )


def _nights_since(
    night: sa.ColumnElement[date], arrival: sa.ColumnElement[date], for_postgresql: bool
) -> sa.ColumnElement[int]:
    """Count nights in SQL, as each engine says it."""
    if for_postgresql:
        return sa.type_coerce(night - arrival, sa.BigInteger)
    return sa.cast(sa.func.julianday(night) - sa.func.julianday(arrival), sa.BigInteger)
