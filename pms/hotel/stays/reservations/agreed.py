"""Agreed: the terms a party booked under and the ages of its children, kept with the promise."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, upsert, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.rooms.policies import Policy
from pms.hotel.rooms.pricing import OLDEST_CHILD
from pms.hotel.stays.reservations.promise import Reservation


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
