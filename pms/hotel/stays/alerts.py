"""Alerts: what everybody must see of a guest or a stay, where it matters."""

import enum
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, clock
from pms.base.db import Base, OfHotel, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations import Reservation

LONGEST = 300


class Area(enum.StrEnum):
    """Where an alert pops up."""

    RESERVATION = "reservation"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    FOLIO = "folio"

    @property
    def words(self) -> str:
        """The place in words."""
        return self.value.replace("_", "-").capitalize()


class AlertLifted(Refusal):
    def __init__(self) -> None:
        super().__init__("That alert is lifted already.")


class Alert(OfHotel, Base):
    """One alert, on a guest in this hotel or on one stay; lifted once."""

    __tablename__ = "alerts"
    __table_args__ = (
        within_chain("guest_id", "guests"),
        within_hotel("reservation_id", "reservations"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint(
            "(guest_id IS NULL) <> (reservation_id IS NULL)", name="on_a_guest_or_a_stay"
        ),
        sa.CheckConstraint(
            "at_reservation OR at_check_in OR at_check_out OR at_folio", name="pops_up_somewhere"
        ),
        sa.Index(None, "hotel_id", "guest_id"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    chain_id: Mapped[int]
    guest_id: Mapped[int | None]
    reservation_id: Mapped[int | None]
    words: Mapped[str]
    at_reservation: Mapped[bool] = mapped_column(default=False)
    at_check_in: Mapped[bool] = mapped_column(default=False)
    at_check_out: Mapped[bool] = mapped_column(default=False)
    at_folio: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int]
    written_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def areas(self) -> list[Area]:
        """Where it pops up."""
        return [area for area in Area if getattr(self, f"at_{area.value}")]


def put(
    session: Session,
    hotel: Hotel,
    on: Guest | Reservation,
    *,
    words: str,
    areas: Collection[Area],
    by: Staff,
) -> Alert:
    """Let an alert pop up at these places for a guest's every stay here, or for one stay."""
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(f"Say what must be seen, in 1 to {LONGEST} characters.", field="words")
    if not areas:
        raise Invalid("Say where it pops up.", field="areas")
    card_numbers.refuse(words=words)
    if isinstance(on, Guest):
        guests.hold(session, on)
    alert = Alert(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        guest_id=on.id if isinstance(on, Guest) else None,
        reservation_id=on.id if isinstance(on, Reservation) else None,
        words=words,
        staff_id=by.id,
        written_at=clock.now(),
        **{f"at_{area.value}": True for area in areas},
    )
    session.add(alert)
    session.flush()
    logbook.record(
        session, "alerted", alert, by=by, day=day, at=[area.value for area in alert.areas]
    )
    return alert


def lift(session: Session, alert: Alert, *, by: Staff) -> None:
    """Let an alert pop up no more; refuses one lifted already."""
    require(by, Permission.RESERVE, alert.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, alert.hotel_id))
    lock(session, alert)
    if alert.lifted_at is not None:
        raise AlertLifted
    alert.lifted_at = clock.now()
    alert.version += 1
    session.flush()
    logbook.record(session, "lifted alert", alert, by=by, day=day)


def standing(
    session: Session, reservation: Reservation, area: Area | None = None, *, limit: int = 20
) -> list[Alert]:
    """Return what pops up for a party at a place (or anywhere): its own and its guest's."""
    wanted = (
        sa.select(Alert)
        .where(
            Alert.hotel_id == reservation.hotel_id,
            Alert.lifted_at.is_(None),
            sa.or_(Alert.reservation_id == reservation.id, Alert.guest_id == reservation.guest_id),
        )
        .order_by(Alert.id)
        .limit(limit)
    )
    if area is not None:
        wanted = wanted.where(getattr(Alert, f"at_{area.value}"))
    return list(session.scalars(wanted))
