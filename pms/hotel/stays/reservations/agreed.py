"""Agreed: the terms a party booked under and the ages of its children, kept with the promise."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, upsert, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Policy
from pms.hotel.rooms.pricing import OLDEST_CHILD, Party
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight
from pms.hotel.tariff.taxes import Children, Heads


class ReservationTerms(Base):
    """The policy a reservation was made under; who has none and no children's ages has no row."""

    __tablename__ = "reservation_terms"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("policy_id", "policies"),
        sa.Index(None, "hotel_id", "policy_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    policy_id: Mapped[int | None]
    child_ages: Mapped[list[int]] = mapped_column(sa.JSON)


def check_ages(children: int, ages: Sequence[int]) -> tuple[int, ...]:
    """Return the ages in order; refuses more of them than children, and ages no child has."""
    if len(ages) > children:
        raise Invalid("There are more ages than children. Check both.", field="child_ages")
    if any(not 0 <= age <= OLDEST_CHILD for age in ages):
        raise Invalid(f"A child's age is 0 to {OLDEST_CHILD}.", field="child_ages")
    return tuple(sorted(ages))


def keep(
    session: Session, reservation: Reservation, *, policy_id: int | None, ages: tuple[int, ...]
) -> None:
    """Keep what was agreed, in place of what was agreed before; nothing is kept of nothing."""
    if policy_id is None and not ages:
        which = {"hotel_id": reservation.hotel_id, "reservation_id": reservation.id}
        if reservation.version > 1:
            session.execute(sa.delete(ReservationTerms).filter_by(**which))
        return
    row = {
        "hotel_id": reservation.hotel_id,
        "reservation_id": reservation.id,
        "policy_id": policy_id,
        "child_ages": list(ages),
    }
    upsert(session, ReservationTerms, [row], key=("hotel_id", "reservation_id"))


def read(session: Session, reservation: Reservation) -> tuple[int | None, tuple[int, ...]]:
    """Return the id of the policy a party booked under, and the ages of its children."""
    row = session.execute(
        sa.select(ReservationTerms.policy_id, ReservationTerms.child_ages).where(
            ReservationTerms.hotel_id == reservation.hotel_id,
            ReservationTerms.reservation_id == reservation.id,
        )
    ).first()
    return (row[0], tuple(row[1])) if row else (None, ())


def ages_of(
    session: Session, hotel: Hotel, reservation_ids: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """Return the known ages of the children of parties, by reservation."""
    if not reservation_ids:
        return {}
    rows = session.execute(
        sa.select(ReservationTerms.reservation_id, ReservationTerms.child_ages).where(
            ReservationTerms.hotel_id == hotel.id,
            ReservationTerms.reservation_id.in_(reservation_ids),
        )
    )
    return {row[0]: tuple(row[1]) for row in rows}


_TERMS = sa.and_(
    ReservationTerms.hotel_id == ReservationNight.hotel_id,
    ReservationTerms.reservation_id == ReservationNight.reservation_id,
)


def children_by_night(
    session: Session, hotel: Hotel, reservation_ids: Collection[int], nights: Collection[date]
) -> dict[tuple[int, date], Children]:
    """Return one age for each child of those nights, by reservation and night; one question."""
    found = session.execute(
        sa.select(
            ReservationNight.reservation_id,
            ReservationNight.night,
            ReservationNight.children,
            ReservationTerms.child_ages,
        )
        .outerjoin(ReservationTerms, _TERMS)
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.reservation_id.in_(reservation_ids),
            ReservationNight.night.in_(nights),
            ReservationNight.children > 0,
        )
    )
    return {
        (party_id, night): children_of(count, tuple(ages or ()))
        for party_id, night, count, ages in found
    }


def heads_of_entries(
    session: Session, hotel: Hotel, entry_ids: Collection[int]
) -> dict[int, Heads]:
    """Return who slept there in the nights that entries are for, by entry.

    What was posted by hand is for as many nights as its quantity says, from the day it was posted.
    """
    if not entry_ids:
        return {}
    quantity = (
        sa.select(sa.func.max(Line.quantity))
        .where(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id)
        .scalar_subquery()
    )
    found = session.execute(
        sa.select(
            Entry.id,
            ReservationNight.adults,
            ReservationNight.children,
            ReservationTerms.child_ages,
            sa.case((Entry.service_night.is_(None), quantity), else_=1).label("nights"),
        )
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Entry.hotel_id,
                ReservationNight.reservation_id == Entry.subject_id,
                ReservationNight.night == sa.func.coalesce(Entry.service_night, Entry.business_day),
            ),
        )
        .outerjoin(ReservationTerms, _TERMS)
        .where(Entry.hotel_id == hotel.id, Entry.id.in_(entry_ids))
    )
    return {
        entry_id: Heads(adults, children_of(count, tuple(ages or ())), nights or 1)
        for entry_id, adults, count, ages, nights in found
    }


def children_of(children: int, ages: tuple[int, ...]) -> Children:
    """Return one age for each child of a night; ages of another number of children are no help."""
    return Party(0, children, ages if len(ages) <= children else ()).child_ages


def policies_of(
    session: Session, hotel: Hotel, parties: Collection[Reservation]
) -> dict[int, Policy]:
    """Return the policies that parties booked under, by reservation: one question."""
    rows = session.execute(
        sa.select(ReservationTerms.reservation_id, Policy)
        .join(
            Policy,
            sa.and_(
                Policy.hotel_id == ReservationTerms.hotel_id,
                Policy.id == ReservationTerms.policy_id,
            ),
        )
        .where(
            ReservationTerms.hotel_id == hotel.id,
            ReservationTerms.reservation_id.in_([each.id for each in parties]),
        )
    )
    return {row[0]: row[1] for row in rows}


def policy_of(session: Session, reservation: Reservation) -> Policy | None:
    """Return the policy a party booked under, as it was then."""
    return session.scalar(
        sa.select(Policy)
        .join(
            ReservationTerms,
            sa.and_(
                ReservationTerms.hotel_id == Policy.hotel_id,
                ReservationTerms.policy_id == Policy.id,
            ),
        )
        .where(
            ReservationTerms.hotel_id == reservation.hotel_id,
            ReservationTerms.reservation_id == reservation.id,
        )
    )
