"""Rates: plans with a price for each night and room type."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, OfHotel, new_id, upsert, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.tariff import versions
from pms.hotel.tariff.charges import ChargeCode


class PlanCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a rate plan {code} already.", field="code")


class NoPrice(Refusal):
    """A night has no price in that plan and type."""

    status = 422

    def __init__(self, plan: str, room_type: str, night: date) -> None:
        super().__init__(
            f"{plan} has no price for {room_type} on {night:%a %d %b %Y}. "
            "Choose another rate plan, or set a rate by hand.",
            field="rate_plan",
        )


class RatePlan(OfHotel, Base):
    """A plan: its segment of the market, and the charge code its nights are posted under."""

    __tablename__ = "rate_plans"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        within_hotel("charge_code_id", "charge_codes"),
    )

    code: Mapped[str]
    name: Mapped[str]
    market: Mapped[str]
    charge_code_id: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class NightPrice(Base):
    """What one night of one type costs in one plan, taxes as the charge code's class says.

    `season_id` names the season that set it; without one it was set by hand. A plan that follows
    another has no prices here.
    """

    __tablename__ = "night_prices"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        within_hotel("plan_id", "rate_plans"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(primary_key=True)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    price: Mapped[int]
    season_id: Mapped[int | None]


def add_plan(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    market: str,
    charge_code: ChargeCode,
    by: Staff,
) -> RatePlan:
    """Add a rate plan; refuses a code in use."""
    require(by, Permission.SET_UP, hotel.id)
    if by_code(session, hotel, code) is not None:
        raise PlanCodeTaken(code)
    plan = RatePlan(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        name=name,
        market=market,
        charge_code_id=charge_code.id,
    )
    session.add(plan)
    versions.renew(session, hotel.id)
    day = business_day.today(session, hotel)
    logbook.record(session, "added rate plan", plan, by=by, day=day, code=code, market=market)
    return plan


def set_prices(
    session: Session,
    plan: RatePlan,
    room_type: RoomType,
    prices: dict[date, Money],
    *,
    by: Staff,
) -> None:
    """Set the plan's price of a type for each night given, instead of what stood there."""
    require(by, Permission.SET_UP, plan.hotel_id)
    if any(price.minor < 0 for price in prices.values()):
        raise Invalid("A price isn't below zero. Set such a rate by hand.", field="price")
    upsert(
        session,
        NightPrice,
        [
            {
                "hotel_id": plan.hotel_id,
                "night": night,
                "type_id": room_type.id,
                "plan_id": plan.id,
                "price": price.minor,
                "season_id": None,
            }
            for night, price in prices.items()
        ],
        key=("hotel_id", "night", "type_id", "plan_id"),
    )
    if prices:
        hotel = session.get_one(Hotel, plan.hotel_id)
        amounts = [price.minor for price in prices.values()]
        logbook.record(
            session,
            "set prices",
            plan,
            by=by,
            day=business_day.today(session, hotel),
            room_type=room_type.code,
            first=min(prices),
            last=max(prices),
            lowest=min(amounts),
            highest=max(amounts),
        )


def by_code(session: Session, hotel: Hotel, code: str) -> RatePlan | None:
    """Return the hotel's plan of that code."""
    return session.scalar(
        sa.select(RatePlan).where(RatePlan.hotel_id == hotel.id, RatePlan.code == code)
    )


def plans(session: Session, hotel: Hotel) -> list[RatePlan]:
    """Return the plans that are sold."""
    return list(
        session.scalars(
            sa.select(RatePlan)
            .where(RatePlan.hotel_id == hotel.id, RatePlan.active)
            .order_by(RatePlan.code)
        )
    )
