"""Season changes: what a season would change, shown first; applied as shown, and taken back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, OfHotel, lock, new_id, upsert, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import seasons
from pms.hotel.rooms.rate_changes import ChangedMeanwhile, UndoneAlready
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.seasons import Season, SeasonPrice, Span, TypePrice
from pms.hotel.tariff import versions

KEY = ("hotel_id", "night", "type_id", "plan_id")
Stands = dict[tuple[date, int], tuple[int, int | None]]


class SeasonChange(OfHotel, Base):
    """A season made, changed or removed: how it and its nights' prices stood before and after.

    `before` and `after` are rows of (night, type, price, season); `season_before` is how the season
    stood, nothing of a new one.
    """

    __tablename__ = "season_changes"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        sa.Index(None, "hotel_id", "plan_id", "made_at"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_someone"),
    )

    plan_id: Mapped[int]
    season_id: Mapped[int]
    season_before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    before: Mapped[list[Any]] = mapped_column(sa.JSON)
    after: Mapped[list[Any]] = mapped_column(sa.JSON)
    removes: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]


class NewerChange(Refusal):
    """The season was changed again since."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed again since. Take that change back first.")


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A night's price of a type in minor units, as it stands and as it would be."""

    night: date
    type_id: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A season as it shall be; without a `season` it is a new one."""

    span: Span
    prices: Mapping[RoomType, TypePrice]
    season: Season | None = None
    over_hand: bool = False


def preview(session: Session, plan: RatePlan, wish: Wish, *, by: Staff) -> list[NewPrice]:
    """Return the prices that would change: the deed itself, taken back at once.

    Refuses what `seasons.put` refuses.
    """
    trial = session.begin_nested()
    try:
        *_, changed = _put(session, plan, wish, by=by)
    finally:
        trial.rollback()
        session.expire_all()
    return changed


def digest(changed: list[NewPrice]) -> str:
    """Return what a page showed, so that only that is applied."""
    return hashlib.sha256(repr(changed).encode()).hexdigest()[:32]


def put(
    session: Session, plan: RatePlan, wish: Wish, *, seen: str | None = None, by: Staff
) -> SeasonChange:
    """Make or change a season so that it can be taken back; with `seen`, only as it was shown.

    Refuses what `seasons.put` refuses, and what changed since it was shown.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    business_day.hold_hotel(session, session.get_one(Hotel, plan.hotel_id))
    stood = None if wish.season is None else _as_kept(session, wish.season)
    season, before, after, changed = _put(session, plan, wish, by=by)
    if seen is not None and digest(changed) != seen:
        raise ChangedMeanwhile(len(changed))
    return _keep(session, plan, season.id, stood, before, after, by=by)


def remove(session: Session, season: Season, *, by: Staff) -> SeasonChange:
    """Take a season away so that it can be taken back; its nights keep their prices till then."""
    require(by, Permission.SET_UP, season.hotel_id)
    business_day.hold_hotel(session, session.get_one(Hotel, season.hotel_id))
    plan = session.get_one(RatePlan, (season.hotel_id, season.plan_id))
    season_id, first, last = season.id, season.first, season.last
    stood, before = _as_kept(session, season), _stands(session, plan, first, last)
    seasons.remove(session, season, by=by)
    after = _stands(session, plan, first, last)
    return _keep(session, plan, season_id, stood, before, after, removes=True, by=by)


def _keep(
    session: Session,
    plan: RatePlan,
    season_id: int,
    stood: dict[str, Any] | None,
    before: Stands,
    after: Stands,
    *,
    removes: bool = False,
    by: Staff,
) -> SeasonChange:
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    change = SeasonChange(
        hotel_id=plan.hotel_id,
        id=new_id(),
        plan_id=plan.id,
        season_id=season_id,
        season_before=stood,
        before=[_row(key, before.get(key)) for key in keys],
        after=[_row(key, after.get(key)) for key in keys],
        removes=removes,
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(change)
    session.flush()
    return change


def _put(
    session: Session, plan: RatePlan, wish: Wish, *, by: Staff
) -> tuple[Season, Stands, Stands, list[NewPrice]]:
    first, last = wish.span.first, wish.span.last
    if wish.season is not None:
        first, last = min(first, wish.season.first), max(last, wish.season.last)
    before = _stands(session, plan, first, last)
    season = seasons.put(
        session, plan, wish.span, wish.prices,
        season=wish.season, over_hand=wish.over_hand, by=by,
    )  # fmt: skip
    after = _stands(session, plan, first, last)
    changed = []
    for key in sorted(before.keys() | after.keys()):
        was, becomes = (rows[key][0] if key in rows else None for rows in (before, after))
        if was != becomes:
            changed.append(NewPrice(*key, was, becomes))
    return season, before, after, changed


def _stands(session: Session, plan: RatePlan, first: date, last: date) -> Stands:
    session.flush()
    rows = session.execute(
        sa.select(NightPrice.night, NightPrice.type_id, NightPrice.price, NightPrice.season_id)
        .where(
            NightPrice.hotel_id == plan.hotel_id,
            NightPrice.plan_id == plan.id,
            NightPrice.night.between(first, last),
        )
    )  # fmt: skip
    return {(night, type_id): (price, season_id) for night, type_id, price, season_id in rows}


def _row(key: tuple[date, int], stands: tuple[int, int | None] | None) -> list[Any]:
    return [key[0].isoformat(), key[1], *(stands or (None, None))]


def _as_kept(session: Session, season: Season) -> dict[str, Any]:
    return {
        "name": season.name,
        "first": season.first.isoformat(),
        "last": season.last.isoformat(),
        "prices": [[kind, *costs] for kind, costs in seasons.prices_of(session, season).items()],
    }


# --- taking back --------------------------------------------------------------------------------


def undo(session: Session, change: SeasonChange, *, by: Staff) -> None:
    """Take a season's change back: the season and its nights' prices stand as they did.

    Refuses where a night was changed since, a change that isn't the season's last, and to bring
    back a season that another overlaps by now.
    """
    require(by, Permission.SET_UP, change.hotel_id)
    hotel = session.get_one(Hotel, change.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if lock(session, change).undone_at is not None:
        raise UndoneAlready
    season = session.get(Season, (hotel.id, change.season_id))
    if season is None and change.removes:
        season = _brought_back(session, change)
    if season is None:
        raise ChangedMeanwhile(len(change.after))
    _refuse_newer(session, change, season)
    _refuse_changed(session, change)
    _restore_nights(session, change, season)
    _restore_season(session, change, season)
    versions.renew(session, hotel.id)
    change.undone_at, change.undone_by = clock.now(), by.id
    session.flush()
    logbook.record(session, "took back season", change, by=by, day=day, nights=len(change.after))


def _brought_back(session: Session, change: SeasonChange) -> Season | None:
    """Bring back a season that was removed, as long as its days are nobody's."""
    stood = change.season_before
    if stood is None:
        return None
    first, last = (date.fromisoformat(stood[name]) for name in ("first", "last"))
    plan = session.get_one(RatePlan, (change.hotel_id, change.plan_id))
    seasons.refuse_taken(session, plan, first, last)
    season = Season(
        hotel_id=change.hotel_id,
        id=change.season_id,
        plan_id=plan.id,
        name=stood["name"],
        first=first,
        last=last,
    )
    session.add(season)
    session.flush()
    return season


def _refuse_newer(session: Session, change: SeasonChange, season: Season) -> None:
    newer = session.scalar(
        sa.select(SeasonChange.id).where(
            SeasonChange.hotel_id == change.hotel_id,
            SeasonChange.season_id == change.season_id,
            SeasonChange.undone_at.is_(None),
            SeasonChange.id > change.id,
        )
    )
    if newer is not None:
        raise NewerChange(season.name)


def _refuse_changed(session: Session, change: SeasonChange) -> None:
    if not change.after:
        return
    nights = [date.fromisoformat(row[0]) for row in change.after]
    plan = session.get_one(RatePlan, (change.hotel_id, change.plan_id))
    stands = _stands(session, plan, min(nights), max(nights))
    keys = [(night, row[1]) for night, row in zip(nights, change.after, strict=True)]
    now = [_row(key, stands.get(key)) for key in keys]
    wrong = sum(1 for row, stood in zip(now, change.after, strict=True) if row != stood)
    if wrong:
        raise ChangedMeanwhile(wrong)


def _restore_nights(session: Session, change: SeasonChange, season: Season) -> None:
    rows = [
        {
            "hotel_id": change.hotel_id,
            "night": date.fromisoformat(night),
            "type_id": type_id,
            "plan_id": change.plan_id,
            "price": price,
            "season_id": season_id,
        }
        for night, type_id, price, season_id in change.before
    ]
    upsert(session, NightPrice, [row for row in rows if row["price"] is not None], key=KEY)
    for row in rows:
        if row["price"] is None:  # there was none before
            session.execute(sa.delete(NightPrice).filter_by(**{name: row[name] for name in KEY}))
    if change.season_before is None:  # nights opened since keep their price, of no season
        session.execute(
            sa.update(NightPrice)
            .where(NightPrice.hotel_id == change.hotel_id, NightPrice.season_id == season.id)
            .values(season_id=None)
        )


def _restore_season(session: Session, change: SeasonChange, season: Season) -> None:
    which = {"hotel_id": season.hotel_id, "season_id": season.id}
    session.execute(sa.delete(SeasonPrice).filter_by(**which))
    stood = change.season_before
    if stood is None:
        session.delete(season)
        return
    season.name = stood["name"]
    season.first, season.last = (date.fromisoformat(stood[name]) for name in ("first", "last"))
    session.execute(
        sa.insert(SeasonPrice),
        [
            which | {"type_id": type_id, "price": usual, "weekend_price": weekend}
            for type_id, usual, weekend in stood["prices"]
        ],
    )


def last_of(session: Session, plan: RatePlan) -> SeasonChange | None:
    """Return the newest change of a plan's seasons that stands."""
    return session.scalar(
        sa.select(SeasonChange)
        .where(
            SeasonChange.hotel_id == plan.hotel_id,
            SeasonChange.plan_id == plan.id,
            SeasonChange.undone_at.is_(None),
        )
        .order_by(SeasonChange.id.desc())
        .limit(1)
    )
