"""Tickets: lost property, luggage and parcels the house keeps for somebody, until handed over."""

import enum
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.requests.entering import said

MOST_PIECES = 999


class TicketKind(enum.StrEnum):
    """What is kept."""

    LOST_PROPERTY = "lost_property"
    LUGGAGE = "luggage"
    PARCEL = "parcel"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()


class TicketState(enum.StrEnum):
    """Whether the house has it still."""

    KEPT = "kept"
    HANDED_OVER = "handed_over"
    DISPOSED = "disposed"


class NotKept(Refusal):
    def __init__(self, ticket: "Ticket") -> None:
        gone = ticket.state.value.replace("_", " ")
        super().__init__(f"What ticket {ticket.number} was for is {gone} already.")


class Ticket(OfHotel, Base):
    """Something kept: what, where it came from, where it is, for whom, and who got it."""

    __tablename__ = "tickets"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("room_id", "rooms"),
        within_chain("guest_id", "guests"),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("pieces > 0", name="something_is_kept"),
        sa.CheckConstraint("(state = 'kept') = (gone_at IS NULL)", name="gone_at_a_time"),
        sa.CheckConstraint("(state = 'kept') = (gone_to IS NULL)", name="gone_to_somebody"),
        sa.Index(None, "hotel_id", "state", "remind_on"),
        sa.Index(None, "hotel_id", "guest_id", "id"),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    kind: Mapped[TicketKind] = mapped_column(choice(TicketKind))
    words: Mapped[str]
    pieces: Mapped[int]
    kept_in: Mapped[str]
    found_in: Mapped[str | None]
    room_id: Mapped[int | None]
    guest_id: Mapped[int | None]
    state: Mapped[TicketState] = mapped_column(choice(TicketState), default=TicketState.KEPT)
    staff_id: Mapped[int]
    taken_on: Mapped[date]
    taken_at: Mapped[datetime]
    remind_on: Mapped[date | None]
    gone_at: Mapped[datetime | None]
    gone_to: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    room: Mapped[Room | None] = relationship(viewonly=True)
    guest: Mapped[Guest | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Ticket.chain_id == Guest.chain_id, sa.orm.foreign(Ticket.guest_id) == Guest.id
        ),
    )


ink.guard(
    "tickets_gone_stay_gone",
    table="tickets",
    # not of guest_id: whose it was may still turn out, when profiles are merged
    when="UPDATE OF number, kind, words, pieces, kept_in, found_in, room_id, state, gone_at,"
    " gone_to",
    refuse_if="OLD.state <> 'kept'",
    message="what was handed over is not kept any more",
)


def keep(
    session: Session,
    hotel: Hotel,
    *,
    kind: TicketKind,
    words: str,
    kept_in: str,
    pieces: int = 1,
    found_in: str | None = None,
    room: Room | None = None,
    guest: Guest | None = None,
    remind_on: date | None = None,
    by: Staff,
) -> Ticket:
    """Take something into the house's keeping and give it a ticket.

    Refuses what isn't described, and a reminder on a day that is over.
    """
    require(by, Permission.REQUEST, hotel.id)
    words, kept_in = said(words, field="words"), said(kept_in, field="kept_in")
    found_in = said(found_in, field="found_in") if found_in and found_in.strip() else None
    if not 1 <= pieces <= MOST_PIECES:
        raise Invalid(f"1 to {MOST_PIECES} pieces.", field="pieces")
    day = business_day.hold(session, hotel)
    if remind_on is not None and remind_on < day:
        raise Invalid("A reminder is today or later.", field="remind_on")
    if guest is not None:
        guests.hold(session, guest)
    ticket = Ticket(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "ticket"),
        kind=kind,
        words=words,
        pieces=pieces,
        kept_in=kept_in,
        found_in=found_in,
        room_id=room.id if room else None,
        guest_id=guest.id if guest else None,
        staff_id=by.id,
        taken_on=day,
        taken_at=clock.now(),
        remind_on=remind_on,
    )
    session.add(ticket)
    session.flush()
    logbook.record(
        session, "took into keeping", ticket, by=by, day=day, number=ticket.number,
        kind=kind.value, pieces=pieces,
    )  # fmt: skip
    return ticket


def hand_over(session: Session, ticket: Ticket, *, to: str, by: Staff) -> Ticket:
    """Hand it over, and note to whom; refuses what is gone."""
    return _go(session, ticket, TicketState.HANDED_OVER, to, by=by)


def dispose(session: Session, ticket: Ticket, *, to: str, by: Staff) -> Ticket:
    """Give away or throw away what nobody asked for, for who is in charge; note where it went."""
    require(by, Permission.DIRECT_REQUESTS, ticket.hotel_id)
    return _go(session, ticket, TicketState.DISPOSED, to, by=by)


def _go(session: Session, ticket: Ticket, state: TicketState, to: str, *, by: Staff) -> Ticket:
    require(by, Permission.REQUEST, ticket.hotel_id)
    to = said(to, field="to")
    day = business_day.hold(session, session.get_one(Hotel, ticket.hotel_id))
    lock(session, ticket)
    if ticket.state is not TicketState.KEPT:
        raise NotKept(ticket)
    ticket.state, ticket.gone_to, ticket.gone_at = state, to, clock.now()
    ticket.version += 1
    session.flush()
    verb = state.value.replace("_", " ")
    logbook.record(session, verb, ticket, by=by, day=day, number=ticket.number)
    return ticket


def kept(session: Session, hotel: Hotel, *, gone: bool = False) -> Sequence[Ticket]:
    """Return what the house keeps, what wants a reminder first; or what has gone, newest first."""
    wanted = (
        sa.select(Ticket)
        .options(sa.orm.joinedload(Ticket.room).lazyload("*"), sa.orm.joinedload(Ticket.guest))
        .where(Ticket.hotel_id == hotel.id)
        .limit(200)
    )
    if gone:
        wanted = wanted.where(Ticket.state != TicketState.KEPT).order_by(Ticket.id.desc())
    else:
        wanted = wanted.where(Ticket.state == TicketState.KEPT).order_by(
            Ticket.remind_on.is_(None), Ticket.remind_on, Ticket.id
        )
    return session.scalars(wanted).all()
