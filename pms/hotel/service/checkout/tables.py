"""What hosted checkout is written in: what guests are asked for, and what gateways are asked for.

A `PaymentRequest` is the link a guest opens. An `Intent` is one thing asked of the gateway: it is
committed, with the key it goes under, before the call leaves; whatever is heard of it ends it once.
"""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.base.gateway import Mode
from pms.hotel.guests.guests import Guest
from pms.hotel.stays.reservations import Reservation, State


class Purpose(enum.StrEnum):
    """What a guest is asked for."""

    DEPOSIT = "deposit"
    BALANCE = "balance"
    HOLD = "hold"
    CARD = "card"
    ROOMS = "rooms"


class RequestState(enum.StrEnum):
    """Where a request stands; what was done by it (paid, held, kept) is `paid`."""

    ASKED = "asked"
    OPENED = "opened"
    PAID = "paid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (RequestState.ASKED, RequestState.OPENED)
BOOKING_OVER = (State.CANCELLED, State.NO_SHOW, State.DEPARTED)


class Deed(enum.StrEnum):
    """What is asked of a gateway."""

    CHECKOUT = "checkout"
    CHARGE = "charge"
    RENEW = "renew"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"


class IntentState(enum.StrEnum):
    """Where an intent stands: committed, known to the gateway, booked, or come to nothing."""

    INTENDED = "intended"
    CALLED = "called"
    SETTLED = "settled"
    FAILED = "failed"


class HoldState(enum.StrEnum):
    """What became of money held on a card."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"
    LAPSED = "lapsed"


class PaymentRequest(OfHotel, Base):
    """What a guest is asked for by a link: an amount, and why; or a card to be kept."""

    __tablename__ = "payment_requests"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("folio_id", "folios"),
        sa.UniqueConstraint("hotel_id", "number"),
        sa.CheckConstraint("(purpose = 'card') = (amount = 0)", name="amount_or_card"),
        sa.CheckConstraint("amount >= 0", name="amount_not_below_zero"),
        sa.CheckConstraint(
            "(purpose = 'balance') = (folio_id IS NOT NULL)", name="balance_of_a_folio"
        ),
        sa.CheckConstraint(
            "purpose = 'balance' OR reservation_id IS NOT NULL", name="of_a_reservation"
        ),
        sa.CheckConstraint(
            "(state IN ('asked', 'opened')) = (ended_at IS NULL)", name="ended_at_a_moment"
        ),
        sa.Index(None, "hotel_id", "reservation_id"),
        sa.Index(None, "hotel_id", "folio_id"),
        sa.Index(None, "hotel_id", "state", "expires_at"),
    )

    number: Mapped[int]
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    reservation_id: Mapped[int | None]
    folio_id: Mapped[int | None]
    window: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    amount: Mapped[int]
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    language: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.ASKED)
    refused: Mapped[str | None] = mapped_column(sa.String(80))
    mailed_to: Mapped[str | None]
    mails: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int]
    opened_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation | None] = relationship(viewonly=True)
    parts: Mapped[list["PaymentPart"]] = relationship(
        viewonly=True, foreign_keys="[PaymentPart.hotel_id, PaymentPart.request_id]"
    )

    @property
    def is_open(self) -> bool:
        """Whether a guest may still do it."""
        return self.state in OPEN_STATES and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether a booking it asks for is over, or was since: it asks for nothing then, for good.

        Who is reinstated is asked anew.
        """
        since = (room.reinstated_at for room in self._asks_of)
        return self.is_off or any(at is not None and self.asked_at < at for at in since)

    @property
    def is_off(self) -> bool:
        """Whether a booking it asks for is cancelled by now, wasn't used, or has left.

        Who left has paid the bill: a deposit or a card for that stay is asked for no more.
        """
        return any(room.state in BOOKING_OVER for room in self._asks_of)

    @property
    def _asks_of(self) -> list[Reservation]:
        """The bookings whose deposit, hold or card it asks for."""
        shared = self.parts if self.purpose is Purpose.ROOMS else []
        asks: list[PaymentPart | PaymentRequest] = [*shared] if shared else [self]
        return [each.reservation for each in asks if each.reservation and each.folio_id is None]


class PaymentPart(OfHotel, Base):
    """What one account of a room gets of a payment for several: its deposit, or a folio's window.

    Fixed with their request, whose sum they are. `stands_for_id` asks for that deposit alone.
    """

    __tablename__ = "payment_parts"
    __table_args__ = (
        within_hotel("request_id", "payment_requests"),
        within_hotel("reservation_id", "reservations"),
        within_hotel("folio_id", "folios"),
        within_hotel("stands_for_id", "payment_requests"),
        sa.UniqueConstraint("hotel_id", "request_id", "no"),
        sa.CheckConstraint("amount > 0", name="pays_something"),
        sa.CheckConstraint("no > 0", name="counted_from_one"),
        sa.CheckConstraint(
            "stands_for_id IS NULL OR folio_id IS NULL", name="stands_for_a_deposit"
        ),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    request_id: Mapped[int]
    no: Mapped[int] = mapped_column(sa.SmallInteger)
    reservation_id: Mapped[int]
    folio_id: Mapped[int | None]
    window: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    amount: Mapped[int]
    stands_for_id: Mapped[int | None]

    reservation: Mapped[Reservation] = relationship(viewonly=True)


ink.append_only("payment_parts")
ink.guard(
    "payment_parts_are_fixed_before_the_gateway_is_asked",
    table="payment_parts",
    when="INSERT",
    refuse_if=(
        "NOT EXISTS (SELECT 1 FROM payment_requests r WHERE r.hotel_id = NEW.hotel_id"
        " AND r.id = NEW.request_id AND r.purpose = 'rooms')"
        " OR EXISTS (SELECT 1 FROM gateway_intents i WHERE i.hotel_id = NEW.hotel_id"
        " AND i.request_id = NEW.request_id)"
    ),
    message="the parts of a payment are fixed before the gateway is asked",
)


class CardConsent(OfHotel, Base):
    """That a guest agreed to a card being kept: the words, when, in which language, from where."""

    __tablename__ = "card_consents"
    __table_args__ = (within_hotel("request_id", "payment_requests"),)

    request_id: Mapped[int]
    words: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    given_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(sa.String(64))


ink.append_only("card_consents")


class KeptCard(OfHotel, Base):
    """A card that the gateway keeps for a reservation, by its names for it; never a number."""

    __tablename__ = "kept_cards"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("consent_id", "card_consents"),
        within_chain("guest_id", "guests"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.UniqueConstraint("hotel_id", "method"),
        sa.CheckConstraint("length(last_four) = 4", name="four_digits_at_most"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    guest_id: Mapped[int]
    consent_id: Mapped[int]
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    customer: Mapped[str] = mapped_column(sa.String(255))
    method: Mapped[str] = mapped_column(sa.String(255))
    brand: Mapped[str] = mapped_column(sa.String(24))
    last_four: Mapped[str] = mapped_column(sa.String(4))
    expires: Mapped[str | None] = mapped_column(sa.String(7))
    kept_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    guest: Mapped[Guest] = relationship(viewonly=True)

    @property
    def words(self) -> str:
        """How it is called at the desk."""
        return f"{self.brand.capitalize()} {self.last_four}"


class CardHold(OfHotel, Base):
    """Money held on a card, not taken: until `capture_before` it may be taken in part or whole."""

    __tablename__ = "card_holds"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("card_id", "kept_cards"),
        within_hotel("renews_id", "card_holds"),
        sa.UniqueConstraint("hotel_id", "payment"),
        sa.UniqueConstraint("hotel_id", "renews_id"),
        sa.CheckConstraint("amount > 0", name="holds_something"),
        sa.CheckConstraint(
            "captured BETWEEN 0 AND amount AND (state = 'captured') = (captured > 0)",
            name="captured_at_most_what_is_held",
        ),
        sa.CheckConstraint("(state = 'held') = (ended_at IS NULL)", name="ends_once"),
        sa.Index(None, "hotel_id", "reservation_id"),
        sa.Index(None, "hotel_id", "state", "capture_before"),
    )

    reservation_id: Mapped[int]
    card_id: Mapped[int | None]
    renews_id: Mapped[int | None]
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    payment: Mapped[str] = mapped_column(sa.String(255))
    words: Mapped[str]
    amount: Mapped[int]
    captured: Mapped[int] = mapped_column(default=0)
    state: Mapped[HoldState] = mapped_column(choice(HoldState), default=HoldState.HELD)
    capture_before: Mapped[datetime]
    held_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation] = relationship(viewonly=True)


ink.guard(
    "card_holds_end_once",
    table="card_holds",
    when="UPDATE",
    refuse_if=(
        "OLD.state <> 'held' AND (NEW.state <> OLD.state OR NEW.captured <> OLD.captured)"
        " AND NOT (OLD.state = 'lapsed' AND NEW.state = 'captured')"  # it was taken over there
        " OR NEW.amount <> OLD.amount OR NEW.payment <> OLD.payment"
    ),
    message="a hold ends once",
)


class Intent(OfHotel, Base):
    """One thing asked of a gateway, kept with its key before the call leaves."""

    __tablename__ = "gateway_intents"
    __table_args__ = (
        within_hotel("request_id", "payment_requests"),
        within_hotel("reservation_id", "reservations"),
        within_hotel("folio_id", "folios"),
        within_hotel("hold_id", "card_holds"),
        within_hotel("card_id", "kept_cards"),
        within_hotel("of_id", "gateway_payments"),
        within_hotel("gateway_payment_id", "gateway_payments"),
        within_hotel("consent_id", "card_consents"),
        sa.UniqueConstraint("hotel_id", "key"),
        sa.UniqueConstraint("hotel_id", "object_id"),
        sa.UniqueConstraint("hotel_id", "gateway_payment_id"),
        sa.CheckConstraint("amount >= 0", name="amount_not_below_zero"),
        sa.CheckConstraint(
            "(state IN ('settled', 'failed')) = (ended_at IS NOT NULL)", name="ends_once"
        ),
        sa.CheckConstraint(
            "(deed = 'checkout') = (request_id IS NOT NULL)", name="checkout_is_of_a_request"
        ),
        sa.CheckConstraint(
            "(deed IN ('capture', 'release', 'renew')) = (hold_id IS NOT NULL)",
            name="hold_is_named",
        ),
        sa.CheckConstraint(
            "(deed = 'refund') = (of_id IS NOT NULL)", name="refund_is_of_a_payment"
        ),
        sa.Index(
            "ix_gateway_intents_to_look_at",
            "hotel_id",
            "look_at",
            sqlite_where=sa.text("look_at IS NOT NULL"),
            postgresql_where=sa.text("look_at IS NOT NULL"),
        ),
        sa.Index(
            "uq_gateway_intents_one_end_of_a_hold",
            "hotel_id",
            "hold_id",
            unique=True,
            sqlite_where=sa.text("hold_id IS NOT NULL AND deed <> 'renew' AND state <> 'failed'"),
            postgresql_where=sa.text(
                "hold_id IS NOT NULL AND deed <> 'renew' AND state <> 'failed'"
            ),
        ),
        sa.Index(None, "hotel_id", "request_id"),
        sa.Index(None, "hotel_id", "payment"),
        sa.Index(None, "hotel_id", "of_id"),
    )

    deed: Mapped[Deed] = mapped_column(choice(Deed))
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    key: Mapped[str] = mapped_column(sa.String(64))
    amount: Mapped[int]
    words: Mapped[str]
    request_id: Mapped[int | None]
    reservation_id: Mapped[int | None]
    folio_id: Mapped[int | None]
    window: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    hold_id: Mapped[int | None]
    card_id: Mapped[int | None]
    of_id: Mapped[int | None]
    consent_id: Mapped[int | None]
    reason: Mapped[str | None]
    state: Mapped[IntentState] = mapped_column(choice(IntentState), default=IntentState.INTENDED)
    object_id: Mapped[str | None] = mapped_column(sa.String(255))
    payment: Mapped[str | None] = mapped_column(sa.String(255))
    url: Mapped[str | None]
    refused: Mapped[str | None] = mapped_column(sa.String(300))
    gateway_payment_id: Mapped[int | None]
    staff_id: Mapped[int]
    intended_at: Mapped[datetime]
    look_at: Mapped[datetime | None]
    looks: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    ended_at: Mapped[datetime | None]


ink.guard(
    "gateway_intents_end_once",
    table="gateway_intents",
    when="UPDATE",
    refuse_if=(
        "OLD.state = 'settled' AND NEW.state <> 'settled' OR NEW.key <> OLD.key"
        " OR NEW.mode <> OLD.mode OR NEW.amount <> OLD.amount"
    ),
    message="an intent is settled once",
)
ink.guard(
    "gateway_intents_ask_for_the_sum_of_their_parts",
    table="gateway_intents",
    when="INSERT",
    refuse_if=(
        "NEW.deed = 'checkout' AND EXISTS (SELECT 1 FROM payment_requests r"
        " WHERE r.hotel_id = NEW.hotel_id AND r.id = NEW.request_id AND r.purpose = 'rooms')"
        " AND NEW.amount <> (SELECT COALESCE(SUM(p.amount), 0) FROM payment_parts p"
        " WHERE p.hotel_id = NEW.hotel_id AND p.request_id = NEW.request_id)"
    ),
    message="a payment is the sum of its parts",
)
