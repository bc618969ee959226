"""Arrival details: what a guest tells of the coming: when, how, and what is wished for."""

import enum
from datetime import datetime, time

from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, clock
from pms.base.db import Base, choice, lock, upsert, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations import Reservation, State, WrongState

LONGEST_WORDS = 1_000


class Transport(enum.StrEnum):
    """How a party comes."""

    CAR = "car"
    TRAIN = "train"
    PLANE = "plane"
    BUS = "bus"
    TAXI = "taxi"
    OTHER = "other"


class ArrivalDetails(Base):
    """What the guest of a reservation told; it can be erased, so it is not written in ink."""

    __tablename__ = "arrival_details"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transport: Mapped[Transport | None] = mapped_column(choice(Transport))
    words: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime]


def of(session: Session, reservation: Reservation) -> ArrivalDetails | None:
    """Return what the guest told, if anything."""
    key = (reservation.hotel_id, reservation.id)
    return session.get(ArrivalDetails, key, populate_existing=True)


def tell(
    session: Session,
    reservation: Reservation,
    *,
    eta: time | None,
    transport: Transport | None,
    words: str = "",
    by: Staff,
) -> None:
    """Write down when and how a party comes, and its wishes, in place of what was told before.

    Refuses a party that isn't expected, endless words, and a card's number. The logbook says that
    something was told, not the words: these can be erased.
    """
    require(by, Permission.RESERVE, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "its arrival is over")
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"At most {LONGEST_WORDS:,} letters.", field="words")
    card_numbers.refuse(words=words)
    before = reservation.eta
    if before != eta:
        reservation.eta = eta
        reservation.version += 1
    row = {
        "hotel_id": hotel.id,
        "reservation_id": reservation.id,
        "transport": transport,
        "words": words,
        "told_at": clock.now(),
    }
    upsert(session, ArrivalDetails, [row], key=("hotel_id", "reservation_id"))
    session.flush()
    logbook.record(
        session, "told arrival", reservation, by=by, day=day,
        before={"eta": before}, eta=eta, transport=transport,
    )  # fmt: skip
