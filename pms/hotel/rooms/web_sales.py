"""Web sales: whether guests can book on the hotel's own page, which types and plans they see there.

What was agreed with certain companies is never public: the database refuses it, and the page asks
for prices as somebody who belongs to none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, colours, ink
from pms.base.db import Base, upsert, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import rates, rooms, sheets
from pms.hotel.rooms.rates import RatePlan

COLOUR = "#4350c8"
LONGEST_GREETING, LONGEST_WORDS = 600, 300
Words = Mapping[str, str]  # by language


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
    greetings: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class WebPlan(Base):
    """A plan that everybody sees, with a few words about it by language."""

    __tablename__ = "web_plans"
    __table_args__ = (within_hotel("plan_id", "rate_plans"), {"sqlite_with_rowid": False})

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class WebType(Base):
    """A room type that everybody sees, with a few words about it by language."""

    __tablename__ = "web_types"
    __table_args__ = (within_hotel("type_id", "room_types"), {"sqlite_with_rowid": False})

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


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
    """What a hotel sells on the web: words by language, of public plans and types by their ids."""

    is_open: bool = False
    colour: str = COLOUR
    greetings: Words = field(default_factory=dict)
    plans: Mapping[int, Words] = field(default_factory=dict)
    types: Mapping[int, Words] = field(default_factory=dict)


def of(session: Session, hotel: Hotel) -> Shop:
    """Return what a hotel sells on the web: three questions."""
    kept = session.get(WebSales, hotel.id, populate_existing=True)
    plans = session.execute(
        sa.select(WebPlan.plan_id, WebPlan.words).where(WebPlan.hotel_id == hotel.id)
    )
    types = session.execute(
        sa.select(WebType.type_id, WebType.words).where(WebType.hotel_id == hotel.id)
    )
    return Shop(
        is_open=kept.is_open if kept else False,
        colour=kept.colour if kept else COLOUR,
        greetings=kept.greetings if kept else {},
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
        "greetings": dict(shop.greetings),
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
        greetings=_words(shop.greetings, LONGEST_GREETING, "greeting"),
        plans={each: _words(words, LONGEST_WORDS, "plans") for each, words in shop.plans.items()},
        types={
            each: _words(words, LONGEST_WORDS, "types")
            for each, words in shop.types.items()
            if each in types
        },
    )


def _words(said: Words, longest: int, field: str) -> dict[str, str]:
    kept = {code: said[code].strip() for code in LANGUAGES if said.get(code, "").strip()}
    if any(len(words) > longest for words in kept.values()):
        raise Invalid(f"At most {longest} letters in each language.", field=field)
    card_numbers.refuse(**{field: " ".join(kept.values())})
    return kept


def _replace(
    session: Session,
    hotel: Hotel,
    table: type[WebPlan] | type[WebType],
    key: str,
    said: Mapping[int, Words],
) -> None:
    session.execute(sa.delete(table).where(table.hotel_id == hotel.id))
    rows = [{"hotel_id": hotel.id, key: each, "words": dict(words)} for each, words in said.items()]
    if rows:
        session.execute(sa.insert(table), rows)


def _facts(shop: Shop) -> dict[str, object]:
    return {
        "open": shop.is_open,
        "colour": shop.colour,
        "plans": len(shop.plans),
        "types": len(shop.types),
        "languages": ", ".join(shop.greetings),
    }
