"""Registration: the card that a party signs when it comes, on screen or on paper."""

import enum
import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, documents, logbook
from pms.hotel.house.documents import Kind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import parties
from pms.hotel.stays.reservations.promise import Reservation, State

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_SIGNATURE = 200_000


class NothingToSign(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        state = reservation.state.value.replace("_", " ")
        super().__init__(f"Booking {reservation.number} is {state}: no card is signed for it.")


class NotSigned(Invalid):
    def __init__(self) -> None:
        super().__init__("Nothing was signed. Sign in the field, or on paper.", field="signature")


class Signed(enum.StrEnum):
    """How the card was signed."""

    SCREEN = "screen"
    PAPER = "paper"


class RegistrationCard(OfHotel, Base):
    """One signing of a party's card; signed on screen, the paper is among the documents."""

    __tablename__ = "registration_cards"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "document_id"),
        within_hotel("reservation_id", "reservations"),
        within_hotel("document_id", "documents"),
        sa.CheckConstraint("(way = 'screen') = (document_id IS NOT NULL)", name="screen_is_kept"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    reservation_id: Mapped[int]
    document_id: Mapped[int | None]
    way: Mapped[Signed] = mapped_column(choice(Signed))
    staff_id: Mapped[int]
    signed_at: Mapped[datetime]


ink.append_only("registration_cards")


def signature(picture: bytes) -> bytes:
    """Return a signature's picture; refuses what isn't a PNG of a sensible size."""
    if not picture.startswith(PNG) or not 100 < len(picture) <= LARGEST_SIGNATURE:
        raise NotSigned
    return picture


def sign(
    session: Session, reservation: Reservation, *, paper: bytes, picture: bytes, by: Staff
) -> RegistrationCard:
    """Keep a card that was signed on screen: `paper` is the PDF with the signature on it.

    It becomes a document with its number and digest. Refuses a booking that isn't expected or in
    house, and a card without a signature.
    """
    hotel = _begin(session, reservation, by=by)
    picture = signature(picture)
    issued = documents.issue(
        session,
        hotel,
        kind=Kind.REGISTRATION_CARD,
        title=f"Registration card, booking {reservation.number}",
        content=paper,
        media_type="application/pdf",
        data={
            "reservation": reservation.number,
            "guests": [str(each.guest.id) for each in parties.members(session, reservation)],
            "signature": hashlib.sha256(picture).hexdigest(),
        },
        by=by,
    )
    return _keep(session, hotel, reservation, Signed.SCREEN, issued.id, by=by)


def sign_on_paper(session: Session, reservation: Reservation, *, by: Staff) -> RegistrationCard:
    """Note that the printed card was signed by hand; the paper is kept in the house's drawer."""
    hotel = _begin(session, reservation, by=by)
    return _keep(session, hotel, reservation, Signed.PAPER, None, by=by)


def note_printed(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Note that a card was printed: it shows the numbers of documents."""
    require(by, Permission.SEE_IDENTITY, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    logbook.record(session, "printed registration card", reservation, by=by, day=day)


def of(session: Session, reservation: Reservation) -> RegistrationCard | None:
    """Return the newest card that a party signed."""
    return session.scalar(
        sa.select(RegistrationCard)
        .where(
            RegistrationCard.hotel_id == reservation.hotel_id,
            RegistrationCard.reservation_id == reservation.id,
        )
        .order_by(RegistrationCard.id.desc())
        .limit(1)
    )


def _begin(session: Session, reservation: Reservation, *, by: Staff) -> Hotel:
    require(by, Permission.CHECK_IN, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise NothingToSign(reservation)
    return hotel


def _keep(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    way: Signed,
    document_id: int | None,
    *,
    by: Staff,
) -> RegistrationCard:
    card = RegistrationCard(
        hotel_id=hotel.id,
        id=new_id(),
        reservation_id=reservation.id,
        document_id=document_id,
        way=way,
        staff_id=by.id,
        signed_at=clock.now(),
    )
    session.add(card)
    session.flush()
    day = business_day.today(session, hotel)
    logbook.record(session, "signed registration card", reservation, by=by, day=day, way=way)
    return card
