"""A group with an allotment, for tests."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory, rates
from pms.hotel.rooms.inventory import TypeNight
from pms.hotel.stays import groups
from pms.hotel.stays.groups import Group, Status, Terms
from tests import make

IN_A_WEEK = make.DAY + timedelta(days=7)


def group(
    session: Session,
    house: Hotel,
    *,
    code: str = "WEDDING",
    arrival: date = IN_A_WEEK,
    nights: int = 2,
    status: Status = Status.DEFINITE,
    **details: object,
) -> Group:
    """A definite group of two nights in a week, without rooms."""
    by = make.by(session, house)
    plan = rates.by_code(session, house, "BAR") or make.plan(session, house)
    terms = Terms(
        arrival=arrival, departure=arrival + timedelta(days=nights), plan=plan,
        **details,  # type: ignore[arg-type]
    )  # fmt: skip
    made = groups.open_group(session, house, code=code, name="Åkesson wedding", terms=terms, by=by)
    groups.settle_status(session, made, status, by=by)
    return made


def allot(session: Session, house: Hotel, made: Group, rooms: int, **details: object) -> None:
    """So many rooms of the one type on each of the group's nights."""
    kind = make.room_type(session, house)
    terms = groups.terms_of(made)
    nights = [
        terms.arrival + timedelta(days=n) for n in range((terms.departure - terms.arrival).days)
    ]
    groups.allot(
        session, made, {(night, kind.id): rooms for night in nights}, by=make.by(session, house)
    )


def wedding(session: Session, house: Hotel, *, rooms: int = 3, **details: object) -> Group:
    """A group with rooms, one of them picked up."""
    made = group(session, house, **details)  # type: ignore[arg-type]
    allot(session, house, made, rooms)
    terms = groups.terms_of(made)
    make.reservation(
        session, house, arrival=terms.arrival,
        nights=(terms.departure - terms.arrival).days, surname="Åkesson", group=made,
    )  # fmt: skip
    return made


def counted(session: Session, house: Hotel, night: date = IN_A_WEEK) -> tuple[int, int]:
    """What is sold and held of the one type on a night."""
    kind = make.room_type(session, house)
    row = session.execute(
        sa.select(TypeNight.sold, TypeNight.held).where(
            TypeNight.hotel_id == house.id, TypeNight.night == night, TypeNight.type_id == kind.id
        )
    ).one()
    return row[0], row[1]


def row(session: Session, house: Hotel, made: Group, night: date = IN_A_WEEK) -> inventory.Allotted:
    """The allotment's row of a night."""
    return next(r for r in inventory.allotted(session, house, made.id) if r.night == night)
