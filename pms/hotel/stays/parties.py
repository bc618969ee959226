"""Parties: every guest of a reservation, who booked first, and whose documents were seen."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from pms.base import ink
from pms.base.db import Base, OfHotel, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.guests import guests, identity
from pms.hotel.guests.guests import Guest, Profile
from pms.hotel.guests.identity import IdentityDocument, Seen
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.promise import Reservation, State


class PartyIsFull(Refusal):
    def __init__(self, heads: int) -> None:
        super().__init__(
            f"The party is of {heads}, and all are written down. Change the stay to more guests "
            "first.",
            field="guest",
        )


class InTheParty(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is in the party already.", field="guest")


class NotInTheParty(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} isn't with that party.")


class PartyIsOver(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        state = reservation.state.value.replace("_", " ")
        super().__init__(f"Booking {reservation.number} is {state}: its party stays as it was.")


class PartyGuest(OfHotel, Base):
    """A guest who comes with the one who booked."""

    __tablename__ = "party_guests"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "reservation_id", "guest_id"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("reservation_id", "reservations"),
        within_chain("guest_id", "guests"),
        sa.Index(None, "chain_id", "guest_id"),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    guest_id: Mapped[int]


ink.guard(
    "party_guests_come_with_another",
    table="party_guests",
    when="INSERT",
    refuse_if="EXISTS (SELECT 1 FROM reservations WHERE hotel_id = NEW.hotel_id"
    " AND id = NEW.reservation_id AND guest_id = NEW.guest_id)",
    message="who booked is in the party already",
)


@dataclass(frozen=True)
class Member:
    """A guest of the party with the document seen last, if one was."""

    guest: Guest
    document: IdentityDocument | None
    booked: bool


def members(session: Session, reservation: Reservation) -> list[Member]:
    """Return a party's guests, who booked first: two questions, however many they are."""
    party = [
        reservation.guest,
        *session.scalars(
            sa.select(Guest)
            .join(
                PartyGuest,
                sa.and_(PartyGuest.chain_id == Guest.chain_id, PartyGuest.guest_id == Guest.id),
            )
            .where(
                PartyGuest.hotel_id == reservation.hotel_id,
                PartyGuest.reservation_id == reservation.id,
            )
            .order_by(PartyGuest.id)
        ),
    ]
    documents = identity.newest(session, reservation.chain_id, [guest.id for guest in party])
    return [
        Member(guest, documents.get(guest.id), guest.id == reservation.guest_id) for guest in party
    ]


def heads(reservation: Reservation) -> int:
    """Return of how many the party is."""
    return reservation.adults + reservation.children


def add(session: Session, reservation: Reservation, guest: Guest, *, by: Staff) -> None:
    """Write a guest into a party; refuses one more than the party is of, and one that is in it."""
    there = _begin(session, reservation, by=by)
    if guest.id in there:
        raise InTheParty(guest.name)
    if len(there) >= heads(reservation):
        raise PartyIsFull(heads(reservation))
    guests.hold(session, guest)
    session.add(
        PartyGuest(
            hotel_id=reservation.hotel_id,
            id=new_id(),
            chain_id=reservation.chain_id,
            reservation_id=reservation.id,
            guest_id=guest.id,
        )
    )
    session.flush()
    _note(session, "added guest", reservation, guest, by=by)


def show(
    session: Session,
    reservation: Reservation,
    guest: Guest | None,
    seen: Seen,
    *,
    knowing: str | None = None,
    by: Staff,
) -> Guest:
    """Write down the document of a guest of the party; without a guest, of one who joins it.

    A profile without a country takes the nationality. Refuses a guest of another party, one who
    joins with the document of one who is in it, what `add` refuses, and what `identity.keep`
    refuses of whoever knows what it says there.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    if guest is None:
        _refuse_twice(session, reservation, seen, _begin(session, reservation, by=by))
        guest = guests.welcome(
            session, hotel, surname=seen.surname, given_name=seen.given_name, by=by
        )
        add(session, reservation, guest, by=by)
    elif guest.id not in _begin(session, reservation, by=by):
        raise NotInTheParty(guest.name)
    identity.keep(session, guest, seen, hotel=hotel, knowing=knowing, by=by)
    if not guest.country:
        profile = Profile(**{name: getattr(guest, name) for name in Profile.__dataclass_fields__})
        filled = replace(profile, country=seen.nationality.strip().upper())
        guests.amend(session, guest, filled, hotel=hotel, by=by)
    return guest


def _refuse_twice(
    session: Session, reservation: Reservation, seen: Seen, there: Collection[int]
) -> None:
    """Refuse to let somebody join who was written down meanwhile."""
    found = identity.of_number(session, reservation.chain_id, there, seen)
    if found is not None:
        raise InTheParty(session.get_one(Guest, (reservation.chain_id, found.guest_id)).name)


def remove(session: Session, reservation: Reservation, guest: Guest, *, by: Staff) -> None:
    """Take a guest out of a party; who booked stays in it."""
    there = _begin(session, reservation, by=by)
    if guest.id not in there or guest.id == reservation.guest_id:
        raise NotInTheParty(guest.name)
    session.execute(
        sa.delete(PartyGuest).where(
            PartyGuest.hotel_id == reservation.hotel_id,
            PartyGuest.reservation_id == reservation.id,
            PartyGuest.guest_id == guest.id,
        )
    )
    _note(session, "took out guest", reservation, guest, by=by)


def _begin(session: Session, reservation: Reservation, *, by: Staff) -> set[int]:
    """Refuse a party that is over, and return the ids of who is in it."""
    require(by, Permission.CHECK_IN, reservation.hotel_id)
    business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    lock(session, reservation)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise PartyIsOver(reservation)
    ids = session.scalars(
        sa.select(PartyGuest.guest_id).where(
            PartyGuest.hotel_id == reservation.hotel_id,
            PartyGuest.reservation_id == reservation.id,
        )
    )
    return {reservation.guest_id, *ids}


def _note(
    session: Session, verb: str, reservation: Reservation, guest: Guest, *, by: Staff
) -> None:
    """Note the deed; the guest by id, since a name can be erased and the logbook can't."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.today(session, hotel)
    logbook.record(session, verb, reservation, by=by, day=day, guest=guest.id)
