"""The rate calendar: many nights changed at once, seen before and taken back after.

A change is worked out first (nothing is written) and applied as it was shown: where somebody
changed a price or a restriction of it meanwhile it is refused. What was replaced is kept with it.
"""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id, upsert
from pms.base.money import Money, round_half_up
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import derivations, restrictions
from pms.hotel.rooms.rate_changes import ChangedMeanwhile as ChangedMeanwhile
from pms.hotel.rooms.rate_changes import Of, UndoneAlready, keep
from pms.hotel.rooms.rate_changes import RateChange as RateChange
from pms.hotel.rooms.rate_changes import last as last
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.rooms.restrictions import Kind, Restriction
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.seasons import Season

MOST_PERCENT = 500
_PRICE_KEY = ("hotel_id", "night", "type_id", "plan_id")


class How(enum.StrEnum):
    """How prices are changed: to an amount, by an amount, or by a percentage."""

    SET = "set"
    ADD = "add"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class NewPrice:
    """One night's price in minor units, as it stands and as it shall be; and by which season."""

    night: date
    type_id: int
    plan_id: int
    before: int | None
    after: int
    was_season: int | None = None
    season: int | None = None


@dataclass(frozen=True, slots=True)
class NewRestriction:
    """One night's restriction of a type and a plan (None: of all), as it stands and shall be.

    None is no restriction, zero one that takes no number.
    """

    night: date
    type_id: int | None
    plan_id: int | None
    before: int | None
    after: int | None


# --- prices ------------------------------------------------------------------------------------


def work_out(
    session: Session,
    hotel: Hotel,
    nights: Collection[date],
    *,
    types: Sequence[RoomType],
    plans: Sequence[RatePlan],
    how: How,
    amount: Money | None = None,
    percent: Fraction | None = None,
) -> list[NewPrice]:
    """Return what each night's price would become; nothing is written.

    A night without a price gets one only where it is set, not where it is raised. Percentages are
    rounded half up to the unit. Plans that follow another are left out: they follow. Refuses what
    would fall below zero, and nothing but followers.
    """
    if how is How.PERCENT and (percent is None or not -100 <= percent <= MOST_PERCENT):
        raise Invalid(f"Say a percentage from -100 to {MOST_PERCENT}.", field="value")
    if how is not How.PERCENT and amount is None:
        raise Invalid("Say an amount.", field="value")
    plans = _own_prices(session, hotel, plans)
    stands = _stands(session, hotel, nights, types, plans)
    changes = []
    for kind in types:
        for plan in plans:
            for night in sorted(nights):
                before, season = stands.get((night, kind.id, plan.id), (None, None))
                after = _changed(before, how, amount, percent)
                if after is not None and after < 0:
                    raise Invalid(
                        f"{kind.name} on {night:%d %b} would fall below zero.", field="value"
                    )
                if after is not None and after != before:
                    changes.append(NewPrice(night, kind.id, plan.id, before, after, season))
    return changes


def _own_prices(session: Session, hotel: Hotel, plans: Sequence[RatePlan]) -> list[RatePlan]:
    """Return the plans that have prices of their own; refuses where none has."""
    derived = derivations.all_of(session, hotel)
    own = [plan for plan in plans if plan.id not in derived]
    if plans and not own:
        parent = session.get_one(RatePlan, (hotel.id, derived[plans[0].id].parent_id))
        raise derivations.Follows(plans[0].name, parent.name)
    return own


def _changed(
    before: int | None, how: How, amount: Money | None, percent: Fraction | None
) -> int | None:
    if how is How.SET:
        return amount.minor if amount else 0
    if before is None:
        return None
    if how is How.ADD:
        return before + (amount.minor if amount else 0)
    return round_half_up(before * (1 + (percent or Fraction(0)) / 100))


def _stands(
    session: Session,
    hotel: Hotel,
    nights: Collection[date],
    types: Sequence[RoomType],
    plans: Sequence[RatePlan],
) -> dict[tuple[date, int, int], tuple[int, int | None]]:
    if not nights or not types or not plans:
        raise Invalid("Choose nights, a type and a plan.", field="first")
    rows = session.execute(
        sa.select(
            NightPrice.night,
            NightPrice.type_id,
            NightPrice.plan_id,
            NightPrice.price,
            NightPrice.season_id,
        ).where(
            NightPrice.hotel_id == hotel.id,
            NightPrice.night.between(min(nights), max(nights)),
            NightPrice.type_id.in_([each.id for each in types]),
            NightPrice.plan_id.in_([each.id for each in plans]),
        )
    )
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def apply(
    session: Session, hotel: Hotel, changes: Sequence[NewPrice], *, words: str, by: Staff
) -> RateChange:
    """Set prices as they were shown; refused where one of them isn't what it was then."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)  # the second of two sees what the first did
    if not changes:
        raise Invalid("No price would change. Choose other nights or another price.", field="value")
    if min(change.night for change in changes) < day:
        raise Invalid("Past nights keep their prices. Begin today.", field="first")
    _write(session, hotel, changes)
    return keep(
        session, hotel, Of.PRICES, words, by=by, day=day,
        before=[_said(each, each.before, each.was_season) for each in changes],
        after=[_said(each, each.after, each.season) for each in changes],
    )  # fmt: skip


def _write(session: Session, hotel: Hotel, changes: Sequence[NewPrice]) -> None:
    """Write prices over those they were worked out from."""
    rows = session.execute(
        sa.select(NightPrice.night, NightPrice.type_id, NightPrice.plan_id, NightPrice.price).where(
            NightPrice.hotel_id == hotel.id,
            NightPrice.night.between(
                min(each.night for each in changes), max(each.night for each in changes)
            ),
        )
    )
    stands = {(row[0], row[1], row[2]): row[3] for row in rows}
    stale = [
        each
        for each in changes
        if stands.get((each.night, each.type_id, each.plan_id)) != each.before
    ]
    if stale:
        raise ChangedMeanwhile(len(stale))
    fresh = [
        {
            "hotel_id": hotel.id,
            "night": each.night,
            "type_id": each.type_id,
            "plan_id": each.plan_id,
            "price": each.after,
            "season_id": each.season,
        }
        for each in changes
    ]
    upsert(session, NightPrice, fresh, key=_PRICE_KEY)


# --- restrictions ------------------------------------------------------------------------------


def work_out_restrictions(
    session: Session,
    hotel: Hotel,
    kind: Kind,
    nights: Collection[date],
    *,
    value: int | None = None,
    lift: bool = False,
    types: Sequence[RoomType] = (),
    plans: Sequence[RatePlan] = (),
) -> list[NewRestriction]:
    """Return which nights' restrictions of a kind would change, at this level; nothing is written.

    Lifted is what stands at exactly this level, for these types and plans or for all.
    """
    stands = {(row[0], row[2], row[3]): row[4] or 0 for row in _rows(session, hotel, kind, nights)}
    after = None if lift else value or 0
    return [
        NewRestriction(night, *level, before, after)
        for level in restrictions.scopes(types, plans)
        for night in sorted(nights)
        if (before := stands.get((night, *level))) != after
    ]


def restrict(
    session: Session,
    hotel: Hotel,
    kind: Kind,
    nights: Collection[date],
    *,
    value: int | None = None,
    lift: bool = False,
    types: Sequence[RoomType] = (),
    plans: Sequence[RatePlan] = (),
    shown: Sequence[NewRestriction] | None = None,
    words: str,
    by: Staff,
) -> RateChange:
    """Put or lift a restriction and keep what stood before.

    Refuses what these refuse, and where it would no longer change what was `shown`.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    if shown is not None:
        now = work_out_restrictions(
            session, hotel, kind, nights, value=value, lift=lift, types=types, plans=plans
        )
        if moved := {each.night for each in {*now} ^ {*shown}}:
            raise ChangedMeanwhile(len(moved))
    before = _restricted(session, hotel, kind, nights)
    if lift:
        restrictions.lift(session, hotel, kind, nights, types=types, plans=plans, by=by)
    else:
        restrictions.put(session, hotel, kind, nights, value=value, types=types, plans=plans, by=by)
    after = _restricted(session, hotel, kind, nights)
    return keep(session, hotel, Of.RESTRICTIONS, words, before=before, after=after, by=by, day=day)


def _restricted(
    session: Session, hotel: Hotel, kind: Kind, nights: Collection[date]
) -> list[list[Any]]:
    """Return what stands of a kind on these nights, in the words it is kept in."""
    rows = _rows(session, hotel, kind, nights)
    plain = [[row[0].isoformat(), row[1].value, row[2], row[3], row[4]] for row in rows]
    return sorted(plain, key=lambda row: [str(each) for each in row])


def _rows(session: Session, hotel: Hotel, kind: Kind, nights: Collection[date]) -> Sequence[Any]:
    """Return night, kind, type, plan and number of what stands of a kind at every level."""
    return session.execute(
        sa.select(
            Restriction.night,
            Restriction.kind,
            Restriction.type_id,
            Restriction.plan_id,
            Restriction.value,
        ).where(
            Restriction.hotel_id == hotel.id,
            Restriction.kind == kind,
            Restriction.night.in_(nights),
        )
    ).all()


# --- taking back -------------------------------------------------------------------------------


def undo(session: Session, change: RateChange, *, by: Staff) -> None:
    """Take a change back; refused where somebody changed one of its nights since."""
    require(by, Permission.SET_UP, change.hotel_id)
    hotel = session.get_one(Hotel, change.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    lock(session, change)
    if change.undone_at is not None:
        raise UndoneAlready
    if change.of is Of.PRICES:
        _undo_prices(session, hotel, change)
    else:
        _undo_restrictions(session, hotel, change)
    change.undone_at, change.undone_by = clock.now(), by.id
    session.flush()
    logbook.record(session, "took back", change, by=by, day=day, words=change.words)


def _undo_prices(session: Session, hotel: Hotel, change: RateChange) -> None:
    pairs = list(zip(change.before, change.after, strict=True))
    back = [
        NewPrice(
            date.fromisoformat(night), type_id, plan_id, after[3], price or 0,
            season=_still(session, hotel, season),
        )
        for (night, type_id, plan_id, price, *season), after in pairs
    ]  # fmt: skip
    _write(session, hotel, back)
    for night, type_id, plan_id, price, *_ in change.before:
        if price is None:  # there was none before
            session.execute(
                sa.delete(NightPrice).filter_by(
                    hotel_id=hotel.id,
                    night=date.fromisoformat(night),
                    type_id=type_id,
                    plan_id=plan_id,
                )
            )


def _still(session: Session, hotel: Hotel, season: list[int | None]) -> int | None:
    """Return the season a price was of, if there still is one; old changes don't say."""
    [season_id] = season or [None]
    if season_id is None or session.get(Season, (hotel.id, season_id)) is None:
        return None
    return season_id


def _undo_restrictions(session: Session, hotel: Hotel, change: RateChange) -> None:
    rows = change.before + change.after
    if not rows:
        return
    kind = Kind(rows[0][1])
    nights = {date.fromisoformat(row[0]) for row in rows}
    stands = _restricted(session, hotel, kind, nights)
    if stands != change.after:
        raise ChangedMeanwhile(len(nights))
    session.execute(
        sa.delete(Restriction).where(
            Restriction.hotel_id == hotel.id,
            Restriction.kind == kind,
            Restriction.night.in_(nights),
        )
    )
    if change.before:
        session.execute(
            sa.insert(Restriction),
            [
                {
                    "hotel_id": hotel.id,
                    "id": new_id(),
                    "night": date.fromisoformat(night),
                    "kind": Kind(said),
                    "type_id": type_id,
                    "plan_id": plan_id,
                    "value": value,
                }
                for night, said, type_id, plan_id, value in change.before
            ],
        )


def _said(change: NewPrice, price: int | None, season: int | None) -> list[Any]:
    return [change.night.isoformat(), change.type_id, change.plan_id, price, season]
