"""Web sales: whether guests can book on the hotel's own page, which types and plans they see there.

What was agreed with certain companies is never public: the database refuses it, and the page asks
for prices as somebody who belongs to none. What is said here is the house's own words; guests read
it in their language as they read every name of the house (`house/translations`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, colours, ink
from pms.base.db import Base, upsert, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import rates, rooms, sheets
from pms.hotel.rooms.rates import RatePlan

COLOUR = "#4350c8"
LONGEST_GREETING, LONGEST_WORDS = translations.LONGEST, 300


class NothingPublic(Invalid):
    def __init__(self, what: str, field: str) -> None:
        super().__init__(f"Choose at least one {what}, or keep the page closed.", field=field)


class AgreedWithSome(Invalid):
    def __init__(self, plan: RatePlan) -> None:
        super().__init__(
            f"{plan.name} was agreed with certain companies. It can't be public.", field="plans"
        )


class WebSales(Base):
    """A hotel's page on the web; a hotel that wrote nothing has none that is open."""

    __tablename__ = "web_sales"
    __table_args__ = (
        sa.CheckConstraint("length(colour) = 7", name="colour_is_one"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    is_open: Mapped[bool] = mapped_column(default=False)
    colour: Mapped[str] = mapped_column(sa.String(7), default=COLOUR)
    greeting: Mapped[str] = mapped_column(sa.String(LONGEST_GREETING), default="")


class WebPlan(Base):
    """A plan that everybody sees, with a few words about it."""

    __tablename__ = "web_plans"
    __table_args__ = (within_hotel("plan_id", "rate_plans"), {"sqlite_with_rowid": False})

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    about: Mapped[str] = mapped_column(sa.String(LONGEST_WORDS), default="")


class WebType(Base):
    """A room type that everybody sees, with a few words about it."""

    __tablename__ = "web_types"
    __table_args__ = (within_hotel("type_id", "room_types"), {"sqlite_with_rowid": False})

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    about: Mapped[str] = mapped_column(sa.String(LONGEST_WORDS), default="")


ink.guard(
    "web_plans_are_everybodys",
    table="web_plans",
    when="INSERT",
    refuse_if="EXISTS (SELECT 1 FROM plan_companies WHERE hotel_id = NEW.hotel_id"
    " AND plan_id = NEW.plan_id)",
    message="a plan agreed with certain companies is not public",
)


@dataclass(frozen=True)
class Shop:
    """What a hotel sells on the web: public plans and types by their ids, each with its words."""

    is_open: bool = False
    colour: str = COLOUR
    greeting: str = ""
    plans: Mapping[int, str] = field(default_factory=dict)
    types: Mapping[int, str] = field(default_factory=dict)

    @property
    def said(self) -> list[str]:
        """All that stands on the page, to be read in other languages."""
        return [self.greeting, *self.plans.values(), *self.types.values()]


def of(session: Session, hotel: Hotel) -> Shop:
    """Return what a hotel sells on the web: three questions."""
    kept = session.get(WebSales, hotel.id, populate_existing=True)
    plans = session.execute(
        sa.select(WebPlan.plan_id, WebPlan.about).where(WebPlan.hotel_id == hotel.id)
    )
    types = session.execute(
        sa.select(WebType.type_id, WebType.about).where(WebType.hotel_id == hotel.id)
    )
    return Shop(
        is_open=kept.is_open if kept else False,
        colour=kept.colour if kept else COLOUR,
        greeting=kept.greeting if kept else "",
        plans={row[0]: row[1] for row in plans},
        types={row[0]: row[1] for row in types},
    )


def colour(session: Session, hotel: Hotel) -> str:
    """Return the hotel's own colour."""
    return session.scalar(sa.select(WebSales.colour).where(WebSales.hotel_id == hotel.id)) or COLOUR


def offerable(session: Session, hotel: Hotel) -> list[RatePlan]:
    """Return the plans that may be public: sold, and agreed with nobody."""
    recipes = sheets.current(session, hotel).recipes
    return [plan for plan in rates.plans(session, hotel) if not recipes[plan.id].companies]


def write(session: Session, hotel: Hotel, shop: Shop, *, by: Staff) -> Shop:
    """Write anew what a hotel sells on the web.

    Refuses an open page without plan or type, a plan agreed with companies, and words that are
    too long.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    before = of(session, hotel)
    shop = _checked(session, hotel, shop)
    row = {
        "hotel_id": hotel.id,
        "is_open": shop.is_open,
        "colour": shop.colour,
        "greeting": shop.greeting,
    }
    upsert(session, WebSales, [row], key=("hotel_id",))
    _replace(session, hotel, WebPlan, "plan_id", shop.plans)
    _replace(session, hotel, WebType, "type_id", shop.types)
    line = logbook.line(
        "set up web sales", "hotels", hotel.id, hotel.id, by=by, day=day,
        before=_facts(before), after=_facts(shop),
    )  # fmt: skip
    logbook.write(session, [line])
    return shop


def _checked(session: Session, hotel: Hotel, shop: Shop) -> Shop:
    if shop.is_open and not shop.plans:
        raise NothingPublic("plan", "plans")
    if shop.is_open and not shop.types:
        raise NothingPublic("room type", "types")
    public = {plan.id for plan in offerable(session, hotel)}
    for plan in rates.plans(session, hotel):
        if plan.id in shop.plans and plan.id not in public:
            raise AgreedWithSome(plan)
    types = {kind.id: kind for kind in rooms.types(session, hotel)}
    return Shop(
        is_open=shop.is_open,
        colour=colours.read(shop.colour),
        greeting=_words(shop.greeting, LONGEST_GREETING, "greeting"),
        plans={each: _words(about, LONGEST_WORDS, "plans") for each, about in shop.plans.items()},
        types={
            each: _words(about, LONGEST_WORDS, "types")
            for each, about in shop.types.items()
            if each in types
        },
    )


def _words(said: str, longest: int, field: str) -> str:
    """Return words as one paragraph, which is how they are looked up in other languages."""
    kept = " ".join(said.split())
    if len(kept) > longest:
        raise Invalid(f"At most {longest} letters.", field=field)
    card_numbers.refuse(**{field: kept})
    return kept


def _replace(
    session: Session,
    hotel: Hotel,
    table: type[WebPlan] | type[WebType],
    key: str,
    said: Mapping[int, str],
) -> None:
    session.execute(sa.delete(table).where(table.hotel_id == hotel.id))
    rows = [{"hotel_id": hotel.id, key: each, "about": about} for each, about in said.items()]
    if rows:
        session.execute(sa.insert(table), rows)


def _facts(shop: Shop) -> dict[str, object]:
    return {
        "open": shop.is_open,
        "colour": shop.colour,
        "plans": len(shop.plans),
        "types": len(shop.types),
        "greeting": shop.greeting,
    }
