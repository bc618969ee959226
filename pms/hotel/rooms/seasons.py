"""Seasons: spans of nights whose daily prices are set by type, weekdays and weekends.

A season sets the price of each of its nights, and each such price remembers it. A price set by
hand afterwards stands until the season sets it again. Nights that aren't open yet get the season's
price when the horizon reaches them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import dates, ink
from pms.base.db import Base, OfHotel, new_id, upsert, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.derivations import DerivedPlan, Follows
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.tariff import versions

WEEKEND = frozenset({4, 5})  # the nights of Friday and Saturday
LONGEST = 800
Key = tuple[date, int]  # a night and a type


class Season(OfHotel, Base):
    """A plan's season: its name and its nights; no two of a plan have a night together."""

    __tablename__ = "seasons"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        sa.CheckConstraint("last >= first", name="has_a_night"),
        sa.Index(None, "hotel_id", "plan_id", "first"),
    )

    plan_id: Mapped[int]
    name: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]


class SeasonPrice(Base):
    """What a type costs in a season on weekdays, and on the nights of Friday and Saturday."""

    __tablename__ = "season_prices"
    __table_args__ = (
        within_hotel("season_id", "seasons", ondelete="CASCADE"),
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint("price >= 0 AND weekend_price >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    season_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    price: Mapped[int]
    weekend_price: Mapped[int]


_TOGETHER = (
    "EXISTS (SELECT 1 FROM seasons s WHERE s.hotel_id = NEW.hotel_id "
    "AND s.plan_id = NEW.plan_id AND s.id != NEW.id "
    "AND s.first <= NEW.last AND s.last >= NEW.first)"
)
for _deed in ("INSERT", "UPDATE"):
    ink.guard(
        f"seasons_apart_on_{_deed.lower()}",
        table="seasons",
        when=_deed,
        refuse_if=_TOGETHER,
        message="a night has one season",
    )


class SeasonsOverlap(Refusal):
    """A night would be in two seasons."""

    def __init__(self, other: Season) -> None:
        super().__init__(
            f"{other.name} has nights of these already, {other.first:%d %b %Y} to "
            f"{other.last:%d %b %Y}. Shorten one of them.",
            field="first",
        )


@dataclass(frozen=True, slots=True)
class TypePrice:
    """A type's price in a season; without a price for weekends they cost the same."""

    price: Money
    weekend: Money | None = None

    @property
    def of_weekend(self) -> Money:
        """What a night of Friday or Saturday costs."""
        return self.price if self.weekend is None else self.weekend


@dataclass(frozen=True, slots=True)
class Span:
    """A season's name and nights."""

    name: str
    first: date
    last: date


def put(
    session: Session,
    plan: RatePlan,
    span: Span,
    prices: Mapping[RoomType, TypePrice],
    *,
    season: Season | None = None,
    over_hand: bool = False,
    by: Staff,
) -> Season:
    """Make a season, or change one, and set the price of each of its nights from today on.

    A new one sets all of them. A changed one leaves those of its types that were set by hand since,
    unless `over_hand`; nights it no longer has keep their price. Refuses a plan that follows
    another, seasons that overlap, and a season without a price.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    _check(session, plan, span, prices, season)
    is_new = season is None
    before = {} if season is None else _words(season)
    had = set() if season is None else prices_of(session, season).keys()
    if season is None:
        season = Season(hotel_id=hotel.id, id=new_id(), plan_id=plan.id)
        session.add(season)
    season.name, season.first, season.last = span.name.strip(), span.first, span.last
    session.flush()
    _replace_prices(session, season, prices)
    by_hand: set[Key] = set()
    if not is_new and not over_hand:
        by_hand = _by_hand(session, season, before, had)
    nights = _set(session, hotel, season, day, prices, keep=by_hand)
    versions.renew(session, hotel.id)
    logbook.record(
        session, "set season", season, by=by, day=day, before=before,
        name=season.name, first=season.first, last=season.last, nights=nights,
        kept_by_hand=len(by_hand),
    )  # fmt: skip
    return season


def _replace_prices(session: Session, season: Season, prices: Mapping[RoomType, TypePrice]) -> None:
    of_season = {"hotel_id": season.hotel_id, "season_id": season.id}
    session.execute(sa.delete(SeasonPrice).filter_by(**of_season))
    session.execute(
        sa.insert(SeasonPrice),
        [
            {
                **of_season,
                "type_id": kind.id,
                "price": each.price.minor,
                "weekend_price": each.of_weekend.minor,
            }
            for kind, each in prices.items()
        ],
    )


def _check(
    session: Session,
    plan: RatePlan,
    span: Span,
    prices: Mapping[RoomType, TypePrice],
    season: Season | None,
) -> None:
    if not span.name.strip():
        raise Invalid("A season has a name.", field="name")
    if span.last < span.first:
        raise Invalid("The last night isn't before the first.", field="last")
    if (span.last - span.first).days >= LONGEST:
        raise Invalid(f"A season has at most {LONGEST} nights.", field="last")
    if not prices:
        raise Invalid("Say a price for at least one type.", field="prices")
    if any(min(e.price.minor, e.of_weekend.minor) < 0 for e in prices.values()):
        raise Invalid("A price isn't below zero.", field="prices")
    refuse_taken(session, plan, span.first, span.last, but=season)


def refuse_taken(
    session: Session, plan: RatePlan, first: date, last: date, *, but: Season | None = None
) -> None:
    """Refuse a season of a plan that follows another, and of nights of a season (`but` that)."""
    parent = session.scalar(
        sa.select(RatePlan.name)
        .join(
            DerivedPlan,
            sa.and_(
                DerivedPlan.hotel_id == RatePlan.hotel_id, DerivedPlan.parent_id == RatePlan.id
            ),
        )
        .where(DerivedPlan.hotel_id == plan.hotel_id, DerivedPlan.plan_id == plan.id)
    )
    if parent is not None:
        raise Follows(plan.name, parent)
    other = session.scalar(
        sa.select(Season)
        .where(
            Season.hotel_id == plan.hotel_id,
            Season.plan_id == plan.id,
            Season.id != (but.id if but else 0),
            Season.first <= last,
            Season.last >= first,
        )
        .limit(1)
    )
    if other is not None:
        raise SeasonsOverlap(other)


def _by_hand(
    session: Session, season: Season, before: Mapping[str, object], had: Collection[int]
) -> set[Key]:
    """Return the nights of types the season had whose price was set by hand since."""
    found = session.execute(
        sa.select(NightPrice.night, NightPrice.type_id).where(
            NightPrice.hotel_id == season.hotel_id,
            NightPrice.plan_id == season.plan_id,
            NightPrice.night.between(before["first"], before["last"]),
            NightPrice.night.between(season.first, season.last),
            NightPrice.season_id.is_(None),
            NightPrice.type_id.in_(had),
        )
    )
    return {(row[0], row[1]) for row in found}


def _set(
    session: Session,
    hotel: Hotel,
    season: Season,
    day: date,
    prices: Mapping[RoomType, TypePrice],
    *,
    keep: set[Key],
) -> int:
    """Set the prices of the season's open nights from a day on; say of how many nights."""
    session.execute(
        sa.update(NightPrice)
        .where(NightPrice.hotel_id == hotel.id, NightPrice.season_id == season.id)
        .where(sa.or_(NightPrice.night < season.first, NightPrice.night > season.last))
        .values(season_id=None)
    )
    horizon = inventory.last_night(session, hotel)
    if horizon is None or horizon < season.first:
        return 0
    nights = dates.days(max(season.first, day), min(season.last, horizon))
    amounts = {kind.id: (each.price.minor, each.of_weekend.minor) for kind, each in prices.items()}
    anew = [
        row for row in rows(season, amounts, nights) if (row["night"], row["type_id"]) not in keep
    ]
    upsert(session, NightPrice, anew, key=_KEY)
    return len({row["night"] for row in anew})


_KEY = ("hotel_id", "night", "type_id", "plan_id")


def rows(
    season: Season, prices: Mapping[int, tuple[int, int]], nights: Iterable[date]
) -> list[dict[str, object]]:
    """Return a season's night prices as rows; `prices` by type, weekdays and weekends."""
    return [
        {
            "hotel_id": season.hotel_id,
            "night": night,
            "type_id": type_id,
            "plan_id": season.plan_id,
            "price": weekend if night.weekday() in WEEKEND else usual,
            "season_id": season.id,
        }
        for night in nights
        for type_id, (usual, weekend) in prices.items()
    ]


def of_new_nights(session: Session, hotel: Hotel, first: date, last: date) -> None:
    """Price nights that are opened now as the seasons say that reach them.

    A plan that follows another by now has its prices from there, whatever seasons it had.
    """
    follows = sa.exists().where(
        DerivedPlan.hotel_id == Season.hotel_id, DerivedPlan.plan_id == Season.plan_id
    )
    reaching = session.scalars(
        sa.select(Season)
        .join(RatePlan, sa.and_(RatePlan.hotel_id == hotel.id, RatePlan.id == Season.plan_id))
        .where(
            Season.hotel_id == hotel.id,
            Season.first <= last,
            Season.last >= first,
            RatePlan.active,
            ~follows,
        )
    ).all()
    for season in reaching:
        amounts = prices_of(session, season)
        nights = dates.days(max(season.first, first), min(season.last, last))
        upsert(session, NightPrice, rows(season, amounts, nights), key=_KEY)


def remove(session: Session, season: Season, *, by: Staff) -> None:
    """Take a season away; its nights keep their prices, as if set by hand."""
    require(by, Permission.SET_UP, season.hotel_id)
    hotel = session.get_one(Hotel, season.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    session.execute(
        sa.update(NightPrice)
        .where(NightPrice.hotel_id == hotel.id, NightPrice.season_id == season.id)
        .values(season_id=None)
    )
    logbook.record(session, "removed season", season, by=by, day=day, before=_words(season))
    session.delete(season)
    versions.renew(session, hotel.id)


def of_plan(session: Session, plan: RatePlan) -> list[Season]:
    """Return a plan's seasons in order."""
    return list(
        session.scalars(
            sa.select(Season)
            .where(Season.hotel_id == plan.hotel_id, Season.plan_id == plan.id)
            .order_by(Season.first)
        )
    )


def prices_of(session: Session, season: Season) -> dict[int, tuple[int, int]]:
    """Return what each type costs in a season: weekdays and weekends."""
    found = session.execute(
        sa.select(SeasonPrice.type_id, SeasonPrice.price, SeasonPrice.weekend_price).filter_by(
            hotel_id=season.hotel_id, season_id=season.id
        )
    )
    return {row[0]: (row[1], row[2]) for row in found}


def _words(season: Season) -> dict[str, object]:
    return {"name": season.name, "first": season.first, "last": season.last}
