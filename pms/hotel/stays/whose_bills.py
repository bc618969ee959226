"""Whose bills: open folios as the desk calls them, by who they are near or by what is typed."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.numbers import whole
from pms.hotel.books.folios import Folio, FolioKind, FolioState
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import billing
from pms.hotel.stays.groups import Group
from pms.hotel.stays.presence import Stay, is_in_house
from pms.hotel.stays.reservations.promise import Reservation

MOST = 12
_KINDS = {
    FolioKind.GROUP: "group master",
    FolioKind.HOUSE: "house account",
    FolioKind.COMPANY: "company master",
    FolioKind.PASSER_BY: "passer-by",
}


@dataclass(frozen=True, slots=True)
class Bill:
    """An open folio, and the room of the party in house that it is of."""

    folio: Folio
    room: str | None

    @property
    def id(self) -> str:
        """What tells it apart in a form."""
        return f"folio-{self.folio.id}"

    def __str__(self) -> str:
        """Return whose it is, in words."""
        what = f"room {self.room}" if self.room else _KINDS.get(self.folio.kind, "not in house")
        return f"{self.folio.name}, {what}, folio {self.folio.number}"


def near(session: Session, folio: Folio) -> list[Bill]:
    """Return the bills that a line of this one likely goes to, house accounts last.

    Who shares the room, the group's master and its parties in house; then accounts of the house
    and of companies.
    """
    party = billing.party_of(session, folio)
    around: list[sa.ColumnElement[bool]] = [
        sa.and_(Group.folio_id == folio.id, Stay.id.is_not(None)),
        Folio.kind.in_((FolioKind.HOUSE, FolioKind.COMPANY)),
    ]
    if party is not None:
        shared = party.shares_with_id or party.id
        around.append(sa.or_(Reservation.shares_with_id == shared, Reservation.id == shared))
        if party.group_id is not None:
            of_group = sa.select(Group.folio_id).where(
                Group.hotel_id == folio.hotel_id, Group.id == party.group_id
            )
            in_group = sa.and_(Reservation.group_id == party.group_id, Stay.id.is_not(None))
            around += [Folio.id.in_(of_group), in_group]
    others = _open(folio.hotel_id).where(Folio.id != folio.id, sa.or_(*around))
    by_kind = sa.case(
        (Folio.kind == FolioKind.GUEST, 1), (Folio.kind == FolioKind.GROUP, 0), else_=2
    )
    return _bills(session, others.order_by(by_kind, Room.number, Folio.name, Folio.number))


def called(session: Session, hotel: Hotel, words: str) -> list[Bill]:
    """Return the open bills that answer to a folio's number, a room's, or a part of a name.

    A folio's number is meant before a room's, a room's before a name.
    """
    words = words.strip()
    number = whole(words)
    asked: list[sa.ColumnElement[bool]] = [Room.number == words]
    if number is not None:
        asked.insert(0, Folio.number == number)
    if words:
        asked.append(Folio.name.icontains(words, autoescape=True))
    for wanted in asked:
        found = _bills(session, _open(hotel.id).where(wanted).order_by(Folio.name, Folio.number))
        if found:
            return found
    return []


def _open(hotel_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Ask for open folios with the party in house and the group that they are of."""
    return (
        sa.select(Folio, Room.number)
        .outerjoin(
            Reservation,
            sa.and_(Reservation.hotel_id == Folio.hotel_id, Reservation.folio_id == Folio.id),
        )
        .outerjoin(
            Stay,
            is_in_house(),
        )
        .outerjoin(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .outerjoin(
            Group, sa.and_(Group.hotel_id == Reservation.hotel_id, Group.id == Reservation.group_id)
        )
        .where(Folio.hotel_id == hotel_id, Folio.state == FolioState.OPEN)
        .limit(MOST)
    )


def _bills(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[Bill]:
    rows = session.execute(query).all()
    by_folio = {folio.id: Bill(folio, room) for folio, room in rows}  # some parties share one
    return list(by_folio.values())
