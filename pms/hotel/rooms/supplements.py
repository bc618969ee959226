"""Supplements: what a night costs more or less by who sleeps in the room.

The price of the day is for two adults, or for whoever fits where nothing is said. A plan without
supplements of its own has those of the plan it follows.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, OfHotel, choice, new_id, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.pricing import ADULTS_LISTED, OLDEST_CHILD, Supplement, Who
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.tariff import versions


def _once(level: str, where: str, *columns: str) -> sa.Index:
    return sa.Index(
        f"uq_occupancy_supplements_of_{level}",
        "hotel_id", "plan_id", "who", "number", *columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )  # fmt: skip


class OccupancySupplement(OfHotel, Base):
    """One supplement a night; without a type it is for all types that have none of their own."""

    __tablename__ = "occupancy_supplements"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint(
            f"(who = 'adults' AND number BETWEEN 1 AND {ADULTS_LISTED})"
            " OR (who = 'extra_adult' AND number = 0)"
            f" OR (who = 'child' AND number BETWEEN 0 AND {OLDEST_CHILD})",
            name="number_fits_who",
        ),
        _once("plan", "type_id IS NULL"),
        _once("type", "type_id IS NOT NULL", "type_id"),
    )

    plan_id: Mapped[int]
    type_id: Mapped[int | None]
    who: Mapped[Who] = mapped_column(choice(Who))
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[int]


def put(
    session: Session,
    plan: RatePlan,
    rows: Sequence[Supplement],
    *,
    room_type: RoomType | None = None,
    by: Staff,
) -> None:
    """Say what parties pay more in a plan, for one type or for all; what stood there is replaced.

    Refuses the same number of adults or the same age twice, and numbers that can't be.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    _check(rows)
    type_id = room_type.id if room_type else None
    stood = of_plan(session, plan).get(type_id, [])
    session.execute(
        sa.delete(OccupancySupplement).where(
            OccupancySupplement.hotel_id == hotel.id,
            OccupancySupplement.plan_id == plan.id,
            sa.func.coalesce(OccupancySupplement.type_id, 0) == (type_id or 0),
        )
    )
    if rows:
        session.execute(
            sa.insert(OccupancySupplement),
            [
                {
                    "hotel_id": hotel.id,
                    "id": new_id(),
                    "plan_id": plan.id,
                    "type_id": type_id,
                    "who": each.who,
                    "number": each.number,
                    "amount": each.amount,
                }
                for each in rows
            ],
        )
    versions.renew(session, hotel.id)
    logbook.record(
        session, "set supplements", plan, by=by, day=day,
        before={"supplements": _words(stood)}, supplements=_words(rows),
        room_type=room_type.code if room_type else "all",
    )  # fmt: skip


def _check(rows: Sequence[Supplement]) -> None:
    if len({(each.who, each.number) for each in rows}) < len(rows):
        raise Invalid("Say each number of adults and each age once.", field="supplements")
    for each in rows:
        if each.who is Who.ADULTS and not 1 <= each.number <= ADULTS_LISTED:
            raise Invalid(f"Say a price for 1 to {ADULTS_LISTED} adults.", field="supplements")
        if each.who is Who.CHILD and not 0 <= each.number <= OLDEST_CHILD:
            raise Invalid(f"A child's age is 0 to {OLDEST_CHILD}.", field="supplements")


def of_plan(session: Session, plan: RatePlan) -> dict[int | None, list[Supplement]]:
    """Return a plan's own supplements, by type; `None` are those for all types."""
    found: dict[int | None, list[Supplement]] = {}
    for type_id, who, number, amount in session.execute(
        sa.select(
            OccupancySupplement.type_id,
            OccupancySupplement.who,
            OccupancySupplement.number,
            OccupancySupplement.amount,
        )
        .where(
            OccupancySupplement.hotel_id == plan.hotel_id, OccupancySupplement.plan_id == plan.id
        )
        .order_by(OccupancySupplement.who, OccupancySupplement.number)
    ):
        found.setdefault(type_id, []).append(Supplement(who, number, amount))
    return found


def _words(rows: Sequence[Supplement]) -> list[str]:
    return [f"{each.who.value} {each.number}: {each.amount}" for each in rows]
