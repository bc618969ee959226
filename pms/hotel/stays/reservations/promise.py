"""What a reservation is: the promise of nights to a party."""

import enum
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Room, RoomType


class State(enum.StrEnum):
    """Where a reservation stands; due in and due out follow from the business day."""

    BOOKED = "booked"
    IN_HOUSE = "in_house"
    DEPARTED = "departed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def holds_nights(self) -> bool:
        """Whether its nights count against what can be sold."""
        return self in {State.BOOKED, State.IN_HOUSE, State.DEPARTED}


class Guarantee(enum.StrEnum):
    """What makes the hotel sure of the party; `none` is kept until the release hour."""

    NONE = "none"
    CARD = "card"
    DEPOSIT = "deposit"
    COMPANY = "company"

    @property
    def words(self) -> str:
        """How the desk says it."""
        return "Not guaranteed" if self is Guarantee.NONE else f"By {self.value}"


class Purpose(enum.StrEnum):
    """Whether the nights are paid, given, or used by the house itself."""

    PAYING = "paying"
    COMPLIMENTARY = "complimentary"
    HOUSE_USE = "house_use"

    @property
    def words(self) -> str:
        """How the desk says it."""
        return "To be paid" if self is Purpose.PAYING else self.value.replace("_", " ").capitalize()


class Collects(enum.StrEnum):
    """Who takes the guest's money."""

    HOTEL = "hotel"
    CHANNEL = "channel"


class Reservation(OfHotel, Base):
    """One party, one room: dates, type, rate, guarantee, and where it came from.

    `booking_number` is the number of the booking's first room; `separated_from` that of the booking
    it was taken out of, while it could be put back. What was asked for
    before it was `reinstated_at` ended with its ending.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "channel", "channel_ref"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("guest_id", "guests"),
        within_chain("company_id", "companies"),
        within_hotel("type_id", "room_types"),
        within_hotel("plan_id", "rate_plans"),
        within_hotel("folio_id", "folios"),
        within_hotel("group_id", "groups"),
        within_hotel("shares_with_id", "reservations"),
        sa.CheckConstraint("departure >= arrival", name="leaves_after_arriving"),
        sa.CheckConstraint("adults >= 0 AND children >= 0", name="party_not_negative"),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_number IS NOT NULL)", name="cancelled_with_number"
        ),
        sa.CheckConstraint(
            "option_date IS NULL OR state NOT IN ('in_house', 'departed')", name="option_is_no_stay"
        ),
        sa.CheckConstraint(
            "separated_from IS NULL OR booking_number = number", name="separated_stands_alone"
        ),
        sa.Index(None, "hotel_id", "state", "arrival", "number"),
        sa.Index(None, "hotel_id", "state", "departure"),
        sa.Index(None, "hotel_id", "guest_id"),
        sa.Index(None, "hotel_id", "booking_number"),
        sa.Index(None, "hotel_id", "arrival"),
        sa.Index(None, "hotel_id", "booked_on"),
        *(
            sa.Index(
                None,
                "hotel_id",
                column,
                sqlite_where=sa.text(f"{column} IS NOT NULL"),
                postgresql_where=sa.text(f"{column} IS NOT NULL"),
            )
            for column in ("folio_id", "claim_id", "cancelled_on", "no_show_on", "option_date")
        ),
        sa.Index(
            "ix_reservations_sharers",
            "hotel_id",
            "shares_with_id",
            sqlite_where=sa.text("shares_with_id IS NOT NULL"),
            postgresql_where=sa.text("shares_with_id IS NOT NULL"),
        ),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    booking_number: Mapped[int]
    separated_from: Mapped[int | None]
    guest_id: Mapped[int]
    company_id: Mapped[int | None]
    group_id: Mapped[int | None]
    folio_id: Mapped[int | None]
    state: Mapped[State] = mapped_column(choice(State), default=State.BOOKED)
    arrival: Mapped[date]
    departure: Mapped[date]
    adults: Mapped[int]
    children: Mapped[int] = mapped_column(default=0)
    type_id: Mapped[int]
    plan_id: Mapped[int]
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose), default=Purpose.PAYING)
    guarantee: Mapped[Guarantee] = mapped_column(choice(Guarantee), default=Guarantee.NONE)
    collects: Mapped[Collects] = mapped_column(choice(Collects), default=Collects.HOTEL)
    market: Mapped[str]
    source: Mapped[str]
    channel: Mapped[str]
    channel_ref: Mapped[str | None]
    claim_id: Mapped[int | None]
    shares_with_id: Mapped[int | None]
    do_not_move: Mapped[str | None]
    wishes: Mapped[list[str]] = mapped_column(default=list)
    eta: Mapped[time | None]
    notes: Mapped[str | None]
    walk_in: Mapped[bool] = mapped_column(default=False)
    forced_reason: Mapped[str | None]
    booked_on: Mapped[date]
    booked_at: Mapped[datetime]
    promised_at: Mapped[datetime] = mapped_column(default=clock.now)
    reinstated_at: Mapped[datetime | None]
    cancelled_on: Mapped[date | None]
    cancel_number: Mapped[int | None]
    cancel_reason: Mapped[str | None]
    no_show_on: Mapped[date | None]
    credit_limit: Mapped[int | None]
    option_date: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    guest: Mapped[Guest] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Reservation.chain_id == Guest.chain_id,
            sa.orm.foreign(Reservation.guest_id) == Guest.id,
        ),
    )
    company: Mapped[Company | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Reservation.chain_id == Company.chain_id,
            sa.orm.foreign(Reservation.company_id) == Company.id,
        ),
    )
    room_type: Mapped[RoomType] = relationship(viewonly=True)
    plan: Mapped[RatePlan] = relationship(viewonly=True)
    nights: Mapped[list["ReservationNight"]] = relationship(
        viewonly=True, order_by="ReservationNight.night"
    )

    @property
    def is_day_use(self) -> bool:
        """Whether the party comes and goes on one day, without a night."""
        return self.arrival == self.departure

    def is_due(self, day: date) -> bool:
        """Whether the party is expected on that business day, or was and may still come."""
        return (
            self.state is State.BOOKED
            and self.arrival <= day
            and (day < self.departure or self.is_day_use or self.departure == day)
        )


ink.guard(
    "reservations_go_by_the_number_of_their_first_room",
    table="reservations",
    when="UPDATE OF booking_number",
    refuse_if=(
        "NEW.booking_number <> NEW.number AND (EXISTS (SELECT 1 FROM reservations r"
        " WHERE r.hotel_id = NEW.hotel_id AND r.booking_number = NEW.number AND r.id <> NEW.id)"
        " OR NOT EXISTS (SELECT 1 FROM reservations r WHERE r.hotel_id = NEW.hotel_id"
        " AND r.number = NEW.booking_number AND r.booking_number = r.number))"
    ),
    message="a booking has the number of its first room",
)


class ReservationNight(Base):
    """One night (or one day's use): which type was booked, priced and given, and at what rate.

    `live` says that the promise stands. `counted_type_id` is the type whose counter the night
    stands in, or nothing: sharers, day use, and nights given back don't count.
    """

    __tablename__ = "reservation_nights"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("booked_type_id", "room_types"),
        within_hotel("charged_type_id", "room_types"),
        within_hotel("counted_type_id", "room_types"),
        within_hotel("room_id", "rooms"),
        within_hotel("plan_id", "rate_plans"),
        sa.CheckConstraint(
            "manual_reason IS NOT NULL OR price >= 0", name="negative_rate_needs_a_reason"
        ),
        sa.CheckConstraint("live OR counted_type_id IS NULL", name="counted_only_while_live"),
        sa.CheckConstraint("live OR room_id IS NULL", name="room_only_while_live"),
        sa.Index(None, "hotel_id", "night", "room_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[Slot] = mapped_column(choice(Slot), primary_key=True)
    booked_type_id: Mapped[int]
    charged_type_id: Mapped[int]
    counted_type_id: Mapped[int | None]
    room_id: Mapped[int | None]
    plan_id: Mapped[int]
    price: Mapped[int]
    manual_reason: Mapped[str | None]
    adults: Mapped[int]
    children: Mapped[int]
    live: Mapped[bool] = mapped_column(default=True)

    room: Mapped[Room | None] = relationship(viewonly=True)
