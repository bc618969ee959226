"""What the concierge sells: vendors, their activities, the times of these, and who goes."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff.charges import ChargeCode

WHOLE = 10_000  # a commission is in hundredths of a percent


class ActivityKind(enum.StrEnum):
    """What is booked for a guest."""

    TOUR = "tour"
    TABLE = "table"
    TRANSPORT = "transport"
    SPA = "spa"
    TICKET = "ticket"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.capitalize()


class Counts(enum.StrEnum):
    """What takes a place: each person, or each booking (a car, a treatment room)."""

    PERSONS = "persons"
    BOOKINGS = "bookings"


class Pays(enum.StrEnum):
    """Who takes the guest's money."""

    FOLIO = "folio"
    VENDOR = "vendor"
    HOUSE = "house"

    @property
    def words(self) -> str:
        """Who takes it, in words."""
        return {
            Pays.FOLIO: "On the room's bill",
            Pays.VENDOR: "The guest pays there",
            Pays.HOUSE: "On the house",
        }[self]


class BookingState(enum.StrEnum):
    """Where a booking stands; all but a cancelled one hold their places."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def words(self) -> str:
        """The state in words."""
        return self.value.replace("_", "-").capitalize()


LIVE = frozenset({BookingState.BOOKED, BookingState.CONFIRMED})


class Vendor(OfHotel, Base):
    """Who does it: how they are reached, until when one cancels free, and our commission.

    `commission_rate` is in hundredths of a percent, `fee_percent` what a late cancellation costs.
    """

    __tablename__ = "vendors"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "name"),
        sa.CheckConstraint("free_hours BETWEEN 0 AND 2160", name="free_hours_or_none"),
        sa.CheckConstraint("fee_percent BETWEEN 0 AND 100", name="fee_is_a_share"),
        sa.CheckConstraint(f"commission_rate BETWEEN 0 AND {WHOLE}", name="commission_is_a_share"),
    )

    name: Mapped[str]
    contact: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    free_hours: Mapped[int]
    fee_percent: Mapped[int]
    commission_rate: Mapped[int]
    notes: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Activity(OfHotel, Base):
    """Something a vendor does for guests; `price` is for each person or booking, as it counts.

    Without a price the guest settles it with the vendor. `capacity` is what a new time begins with.
    """

    __tablename__ = "activities"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "name"),
        within_hotel("vendor_id", "vendors"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.CheckConstraint("price IS NULL OR price >= 0", name="price_not_negative"),
        sa.CheckConstraint("capacity > 0", name="somebody_can_go"),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name="takes_time"),
        sa.Index(None, "hotel_id", "vendor_id"),
    )

    vendor_id: Mapped[int]
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind))
    name: Mapped[str]
    words: Mapped[str]
    meets: Mapped[str | None]
    minutes: Mapped[int | None]
    counts: Mapped[Counts] = mapped_column(choice(Counts), default=Counts.PERSONS)
    capacity: Mapped[int]
    price: Mapped[int | None]
    charge_code_id: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    vendor: Mapped[Vendor] = relationship(viewonly=True)
    charge_code: Mapped[ChargeCode | None] = relationship(viewonly=True)


class ActivityTime(OfHotel, Base):
    """One time of an activity: its places, and how many of them are taken.

    `taken` is counted by `places` alone, under the row's lock; the database keeps it within the
    capacity whatever Python says.
    """

    __tablename__ = "activity_times"
    __table_args__ = (
        within_hotel("activity_id", "activities"),
        sa.UniqueConstraint("hotel_id", "activity_id", "starts_at"),
        sa.CheckConstraint("taken <= capacity", name="never_overbooked"),
        sa.CheckConstraint("taken >= 0", name="not_negative"),
        sa.Index(None, "hotel_id", "starts_at"),
    )

    activity_id: Mapped[int]
    starts_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    closed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    activity: Mapped[Activity] = relationship(viewonly=True)

    @property
    def left(self) -> int:
        """How many places can still be booked."""
        return 0 if self.closed else self.capacity - self.taken


class ActivityBooking(OfHotel, Base):
    """Places of a time for a party, with the vendor's terms as they were when it was booked.

    `price` is all of it. `entry_id` is the charge on the folio, `fee_entry_id` that of a late
    cancellation; `turn` counts how often it was charged. `commission` is what the house earns.
    """

    __tablename__ = "activity_bookings"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.UniqueConstraint("hotel_id", "fee_entry_id"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("staff_id", "staff"),
        within_hotel("time_id", "activity_times"),
        within_hotel("reservation_id", "reservations"),
        within_hotel("folio_id", "folios"),
        within_hotel("entry_id", "entries"),
        within_hotel("fee_entry_id", "entries"),
        sa.CheckConstraint("persons > 0 AND places > 0", name="somebody_goes"),
        sa.CheckConstraint("price >= 0 AND commission >= 0", name="not_negative"),
        sa.CheckConstraint("fee BETWEEN 0 AND price", name="fee_within_the_price"),
        sa.CheckConstraint("fee = 0 OR state = 'cancelled'", name="fee_for_cancelling"),
        sa.CheckConstraint("fee_percent BETWEEN 0 AND 100", name="fee_is_a_share"),
        sa.CheckConstraint(f"commission_rate BETWEEN 0 AND {WHOLE}", name="commission_is_a_share"),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_because"
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_at_a_time"
        ),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (folio_id IS NULL)", name="charge_stands_on_a_folio"
        ),
        sa.CheckConstraint("fee_entry_id IS NULL OR fee > 0", name="fee_has_its_amount"),
        sa.Index(None, "hotel_id", "time_id"),
        sa.Index(None, "hotel_id", "reservation_id", "id"),
        sa.Index(None, "hotel_id", "state", "id"),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    time_id: Mapped[int]
    reservation_id: Mapped[int]
    persons: Mapped[int]
    places: Mapped[int]
    price: Mapped[int]
    pays: Mapped[Pays] = mapped_column(choice(Pays))
    state: Mapped[BookingState] = mapped_column(choice(BookingState), default=BookingState.BOOKED)
    vendor_ref: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    free_until: Mapped[datetime]
    fee_percent: Mapped[int]
    fee: Mapped[int] = mapped_column(default=0)
    commission_rate: Mapped[int]
    commission: Mapped[int]
    folio_id: Mapped[int | None]
    entry_id: Mapped[int | None]
    fee_entry_id: Mapped[int | None]
    turn: Mapped[int] = mapped_column(default=0)
    pickup_at: Mapped[datetime | None]
    pickup_place: Mapped[str | None]
    notes: Mapped[str | None]
    staff_id: Mapped[int]
    booked_on: Mapped[date]
    booked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    time: Mapped[ActivityTime] = relationship(viewonly=True)
    reservation: Mapped[Reservation] = relationship(viewonly=True)

    @property
    def is_live(self) -> bool:
        """Whether somebody still goes."""
        return self.state in LIVE


ink.guard(
    "activity_times_closed_are_closed",
    table="activity_times",
    when="UPDATE OF taken",
    refuse_if="NEW.closed AND NEW.taken > OLD.taken",
    message="that time is closed",
)
ink.guard(
    "activity_bookings_go_by_the_steps",
    table="activity_bookings",
    when="UPDATE",
    refuse_if=(
        "(OLD.state IN ('cancelled', 'no_show') AND NEW.state <> OLD.state)"
        " OR (NEW.version <> OLD.version + 1"
        " AND (NEW.state <> OLD.state OR NEW.time_id <> OLD.time_id))"
    ),
    message="somebody changed this booking first",
)
ink.guard(
    "activity_bookings_keep_their_size",
    table="activity_bookings",
    when="UPDATE OF persons, places, price, reservation_id",
    refuse_if=(
        "NEW.persons <> OLD.persons OR NEW.places <> OLD.places OR NEW.price <> OLD.price"
        " OR NEW.reservation_id <> OLD.reservation_id"
    ),
    message="a booking is cancelled and made anew, not rewritten",
)
ink.guard(
    "activity_bookings_stay",
    table="activity_bookings",
    when="DELETE",
    refuse_if="1 = 1",
    message="a booking is cancelled, not erased",
)
