"""Guests: the people the hotel's chain knows, read by machines."""

import sqlalchemy as sa
from typing_extensions import TypedDict

from pms.api.calls import look
from pms.api.cursors import AnyRow, Paged, after, behind, page
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import Email, Line, id_of
from pms.hotel.guests.finding import named
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.web.database import session


class GuestsAsked(Paged):
    """Whose name begins so (surname first), or who has this address."""

    name: Line | None = None
    email: Email | None = None


class GuestRead(TypedDict):
    """A guest, as they write themselves."""

    id: str
    given_name: str
    surname: str
    email: str | None
    phone: str | None
    country: str | None
    language: str | None
    vip: bool


class Guests(TypedDict):
    """A page of guests; `next_cursor` asks for the next one."""

    guests: list[GuestRead]
    next_cursor: str | None


_COLUMNS = (
    Guest.id,
    Guest.given_name,
    Guest.surname,
    Guest.email,
    Guest.phone,
    Guest.country,
    Guest.language,
    Guest.vip,
    Guest.folded_name,
)


@look("/hotels/<code>/guests", asks=GuestsAsked, answers=Guests)
@opens(Scope.GUESTS)
def guest_list(hotel: Hotel, asked: GuestsAsked) -> Guests:
    """List the guests of the hotel's chain by name."""
    key = (Guest.folded_name, Guest.id)
    query = (
        sa.select(*_COLUMNS)
        .where(Guest.chain_id == hotel.chain_id)
        .order_by(*key)
        .limit(asked.limit + 1)
    )
    if asked.name is not None:
        query = query.where(named(asked.name))
    if asked.email is not None:
        query = query.where(Guest.email == asked.email.lower())
    reached = after(asked.cursor, str, int)
    if reached is not None:
        query = query.where(behind(key, reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "folded_name", "id")
    return {"guests": [_guest(row) for row in rows], "next_cursor": cursor}


@look("/hotels/<code>/guests/<guest_id>", answers=GuestRead)
@opens(Scope.GUESTS)
def guest(hotel: Hotel, guest_id: str) -> GuestRead:
    """Read a guest."""
    row = (
        session()
        .execute(
            sa.select(*_COLUMNS).where(
                Guest.chain_id == hotel.chain_id, Guest.id == (id_of(guest_id) or 0)
            )
        )
        .first()
    )
    if row is None:
        raise NotHere("guest")
    return _guest(row)


def _guest(row: AnyRow) -> GuestRead:
    return {
        "id": str(row.id),
        "given_name": row.given_name,
        "surname": row.surname,
        "email": row.email,
        "phone": row.phone,
        "country": row.country,
        "language": row.language,
        "vip": row.vip,
    }
