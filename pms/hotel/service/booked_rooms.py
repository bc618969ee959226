"""Booked rooms: the rooms of one booking side by side, and what is still to do for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.folios import FolioWindow
from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.checkout import OPEN_STATES, PaymentRequest, Purpose
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import deposits_due, parties, settlements
from pms.hotel.stays.arrival_details import ArrivalDetails
from pms.hotel.stays.parties import PartyGuest
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.registration import RegistrationCard
from pms.hotel.stays.reservations import Reservation, State

COMING = frozenset({State.BOOKED, State.IN_HOUSE})


@dataclass(frozen=True, slots=True)
class BookedRoom:
    """One room of a booking: how far its guests are with what the house asks of them.

    `number` is the room's, once the party was given its key. `held` is what was paid before the
    arrival; `owed` is what the guest's own windows owe together, below zero where the guest is
    owed; `asked` is what a party that is coming, or here, is asked for otherwise and can still do;
    `owes` is what of all that can be paid with what other rooms owe.
    """

    reservation: Reservation
    number: str | None
    is_told: bool
    documents: int
    is_signed: bool
    held: Money
    owed: Money
    asked: tuple[PaymentRequest, ...]
    owes: tuple[RoomOwes, ...]

    @property
    def heads(self) -> int:
        """Of how many the party is."""
        return parties.heads(self.reservation)

    @property
    def wants_arrival(self) -> bool:
        """Whether nobody has said yet when the party comes."""
        return self.reservation.state is State.BOOKED and not self.is_told

    @property
    def wants_documents(self) -> bool:
        """Whether somebody comes whose document wasn't shown yet."""
        return self.reservation.state in COMING and self.documents < self.heads

    @property
    def wants_signature(self) -> bool:
        """Whether the registration card is still to be signed."""
        return self.reservation.state in COMING and not self.is_signed

    @property
    def wants_money(self) -> bool:
        """Whether something is to be paid, held or left as a card."""
        return self.owed.minor > 0 or bool(self.asked)

    @property
    def wants_nothing(self) -> bool:
        """Whether nothing is left to do."""
        return not (
            self.wants_arrival or self.wants_documents or self.wants_signature or self.wants_money
        )


def of(session: Session, hotel: Hotel, rooms: Sequence[Reservation]) -> list[BookedRoom]:
    """Return how each of a booking's rooms stands: ten questions, however many rooms."""
    ids = [each.id for each in rooms]
    windows = _own_windows(session, hotel, rooms)
    numbers = _numbers(session, hotel, ids)
    told = _told(session, hotel, ids)
    documents = _documents(session, hotel, rooms)
    signed = _signed(session, hotel, ids)
    sums = ledger.balances(session, hotel, [window.account_id for window in windows])
    held = settlements.deposits_held(session, hotel, rooms)
    asked = _asked(session, hotel, ids)
    found = []
    for room in rooms:
        own = [each for each in windows if each.folio_id == room.folio_id]
        open_requests = [
            each for each in asked if each.reservation_id == room.id and room.state in COMING
        ]
        found.append(
            BookedRoom(
                reservation=room,
                number=numbers.get(room.id),
                is_told=room.eta is not None or room.id in told,
                documents=documents[room.id],
                is_signed=room.id in signed,
                held=held[room.id],
                owed=Money(sum(sums[each.account_id] for each in own), hotel.currency),
                asked=tuple(open_requests),
                owes=_owes(hotel, room, own, sums, open_requests),
            )
        )
    return found


def may_be_asked(session: Session, hotel: Hotel, rooms: Sequence[Reservation]) -> list[RoomOwes]:
    """Return what the desk may ask of each room: what it owes, and a deposit of who is to come.

    Of a deposit that isn't asked for yet the amount is what the terms still want, or zero.
    """
    due = deposits_due.of_rooms(session, hotel, rooms)
    nothing = Money.zero(hotel.currency)
    found: list[RoomOwes] = []
    for each in of(session, hotel, rooms):
        room = each.reservation
        if room.state is State.BOOKED and not any(owed.stands_for for owed in each.owes):
            amount = due[room.id].missing if room.id in due else nothing
            found.append(RoomOwes(reservation=room, amount=amount))
        found += each.owes
    return found


def _owes(
    hotel: Hotel,
    room: Reservation,
    own: Iterable[FolioWindow],
    sums: Mapping[int, int],
    asked: Iterable[PaymentRequest],
) -> tuple[RoomOwes, ...]:
    """Return the deposits a room is asked for, and what each of its guest's own windows owes."""
    deposits = [
        RoomOwes(reservation=room, amount=Money(each.amount, hotel.currency), stands_for=each)
        for each in asked
        if each.purpose is Purpose.DEPOSIT and room.state is State.BOOKED
    ]
    bills = [
        RoomOwes(
            reservation=room, amount=Money(sums[each.account_id], hotel.currency),
            folio_id=each.folio_id, window=each.no,
        )
        for each in own
        if sums[each.account_id] > 0
    ]  # fmt: skip
    return (*deposits, *bills)


def _own_windows(session: Session, hotel: Hotel, rooms: Sequence[Reservation]) -> list[FolioWindow]:
    """Return the windows that these rooms' own guests pay; what others pay is left out."""
    payees = {each.folio_id: each.guest_id for each in rooms if each.folio_id is not None}
    found = session.scalars(
        sa.select(FolioWindow).where(
            FolioWindow.hotel_id == hotel.id, FolioWindow.folio_id.in_(payees)
        )
    )
    return [each for each in found if each.payee_guest_id == payees[each.folio_id]]


def _numbers(session: Session, hotel: Hotel, ids: list[int]) -> dict[int, str]:
    """Return the room that each party is in, or was in last."""
    rows = session.execute(
        sa.select(Stay.reservation_id, Room.number)
        .join(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .where(
            Stay.hotel_id == hotel.id,
            Stay.reservation_id.in_(ids),
            Stay.state != Presence.UNDONE,
        )
    )
    return {row.reservation_id: row.number for row in rows}


def _told(session: Session, hotel: Hotel, ids: list[int]) -> set[int]:
    return set(
        session.scalars(
            sa.select(ArrivalDetails.reservation_id).where(
                ArrivalDetails.hotel_id == hotel.id, ArrivalDetails.reservation_id.in_(ids)
            )
        )
    )


def _signed(session: Session, hotel: Hotel, ids: list[int]) -> set[int]:
    return set(
        session.scalars(
            sa.select(RegistrationCard.reservation_id).where(
                RegistrationCard.hotel_id == hotel.id, RegistrationCard.reservation_id.in_(ids)
            )
        )
    )


def _documents(session: Session, hotel: Hotel, rooms: Sequence[Reservation]) -> dict[int, int]:
    """Return how many guests of each party have shown a document."""
    members = {room.id: {room.guest_id} for room in rooms}
    others = session.execute(
        sa.select(PartyGuest.reservation_id, PartyGuest.guest_id).where(
            PartyGuest.hotel_id == hotel.id, PartyGuest.reservation_id.in_(members)
        )
    )
    for reservation_id, guest_id in others:
        members[reservation_id].add(guest_id)
    everybody = set().union(*members.values())
    seen = set(
        session.scalars(
            sa.select(IdentityDocument.guest_id).where(
                IdentityDocument.chain_id == hotel.chain_id,
                IdentityDocument.guest_id.in_(everybody),
            )
        )
    )
    return {reservation_id: len(party & seen) for reservation_id, party in members.items()}


def _asked(session: Session, hotel: Hotel, ids: list[int]) -> list[PaymentRequest]:
    """Return deposits, holds and cards that are asked for and can be given; bills go by `owed`.

    What is asked for several rooms at once is none of one room.
    """
    return list(
        session.scalars(
            sa.select(PaymentRequest)
            .where(
                PaymentRequest.hotel_id == hotel.id,
                PaymentRequest.reservation_id.in_(ids),
                PaymentRequest.purpose.not_in((Purpose.BALANCE, Purpose.ROOMS)),
                PaymentRequest.state.in_(OPEN_STATES),
                PaymentRequest.expires_at > clock.now(),
            )
            .order_by(PaymentRequest.id)
        )
    )
