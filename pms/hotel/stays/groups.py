"""Groups: parties that belong together, and the master folio they may be billed to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from pms.base.db import Base, OfHotel, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import FolioKind
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import clean_name
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class GroupCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a group {code} already. Choose another code.", field="code")


class Group(OfHotel, Base):
    """A group and its master folio."""

    __tablename__ = "groups"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        within_hotel("folio_id", "folios"),
    )

    code: Mapped[str]
    name: Mapped[str]
    folio_id: Mapped[int | None]


def open_group(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    payee: Company | None = None,
    by: Staff,
) -> Group:
    """Open a group with its master folio, which a company may pay; refuses a code in use.

    Which charges go to the master, and for which nights, is said by each party's routing.
    """
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    code = code.strip().upper()
    if not code or len(code) > 24:
        raise Invalid("A group's code has 1 to 24 characters.", field="code")
    if by_code(session, hotel, code) is not None:
        raise GroupCodeTaken(code)
    name = clean_name(name, field="name", needed=True)
    master = folios.open_folio(
        session, hotel, kind=FolioKind.GROUP, name=name, payee_company=payee, by=by
    )
    group = Group(hotel_id=hotel.id, id=new_id(), code=code, name=name, folio_id=master.id)
    session.add(group)
    session.flush()
    logbook.record(session, "opened group", group, by=by, day=day, code=code, master=master.number)
    return group


def by_code(session: Session, hotel: Hotel, code: str) -> Group | None:
    """Return the hotel's group of that code."""
    return session.scalar(
        sa.select(Group).where(Group.hotel_id == hotel.id, Group.code == code.strip().upper())
    )
