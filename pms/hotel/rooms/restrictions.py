"""Restrictions: nights that are open but not for every stay, set for the house, a type or a plan.

All levels speak, and the strictest counts: a stay is sold when no level says no. What a channel
calls them (OTA RatePlan, OPERA): closed, closed to arrival and to departure, minimum and maximum
length of stay, minimum stay through, minimum and maximum advance.
"""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType

LONGEST = 999


class Kind(enum.StrEnum):
    """What a restriction forbids; those that count carry a number of nights or days."""

    CLOSED = "closed"
    CLOSED_TO_ARRIVAL = "closed_to_arrival"
    CLOSED_TO_DEPARTURE = "closed_to_departure"
    MIN_STAY = "min_stay"
    MAX_STAY = "max_stay"
    MIN_STAY_THROUGH = "min_stay_through"
    MIN_ADVANCE = "min_advance"
    MAX_ADVANCE = "max_advance"

    @property
    def counts(self) -> bool:
        """Whether it carries a number."""
        return self not in _DOORS


_DOORS = frozenset({Kind.CLOSED, Kind.CLOSED_TO_ARRIVAL, Kind.CLOSED_TO_DEPARTURE})


def _once(level: str, where: str, *columns: str) -> sa.Index:
    """Return the key of a level: NULLs, which say "all", would never be equal in one key."""
    return sa.Index(
        f"uq_restrictions_of_{level}",
        "hotel_id",
        "night",
        "kind",
        *columns,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


class Restriction(OfHotel, Base):
    """One night's restriction; without a type or a plan it is for all of them."""

    __tablename__ = "restrictions"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        within_hotel("plan_id", "rate_plans"),
        sa.CheckConstraint(
            "(value IS NULL) = (kind IN ('closed', 'closed_to_arrival', 'closed_to_departure'))",
            name="number_where_it_counts",
        ),
        sa.CheckConstraint(f"value BETWEEN 1 AND {LONGEST}", name="number_in_reason"),
        _once("house", "type_id IS NULL AND plan_id IS NULL"),
        _once("type", "type_id IS NOT NULL AND plan_id IS NULL", "type_id"),
        _once("plan", "type_id IS NULL AND plan_id IS NOT NULL", "plan_id"),
        _once("both", "type_id IS NOT NULL AND plan_id IS NOT NULL", "type_id", "plan_id"),
    )

    night: Mapped[date]
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    type_id: Mapped[int | None]
    plan_id: Mapped[int | None]
    value: Mapped[int | None] = mapped_column(sa.SmallInteger)


ink.guard(
    "restrictions_keep_their_night",
    table="restrictions",
    when="UPDATE OF night, kind, type_id, plan_id",
    refuse_if="1 = 1",
    message="a restriction is lifted and set anew",
)


class Restricted(Refusal):
    """The nights are there, but not for such a stay."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why[0].upper()}{why[1:]}. Choose other dates or another plan, or book it as a fact "
            "with a reason.",
            field="rate_plan",
        )


# --- what stands --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What restricts a stay that was asked for; read once for all types and plans."""

    arrival: date
    departure: date
    today: date
    rows: tuple[tuple[date, Kind, int | None, int | None, int | None], ...]
    ruled: tuple[tuple[date, Kind, int | None, int | None, int | None, str], ...] = ()

    def also(
        self, ruled: Sequence[tuple[date, Kind, int | None, int | None, int | None, str]]
    ) -> "Standing":
        """Return the same with what rules of the house forbid, each with its reason in words."""
        return replace(self, ruled=tuple(ruled))

    def against(self, type_id: int, plan_id: int) -> list[str]:
        """Return why the stay isn't sold in a type and plan, in the guest's words; or nothing."""
        if not self.rows and not self.ruled:
            return []
        said = [
            why
            for night, kind, of_type, of_plan, value in self.rows
            if of_type in (None, type_id) and of_plan in (None, plan_id)
            if (why := self._why(night, kind, value or 0))
        ]
        said += [
            f"{why} ({words})"
            for night, kind, of_type, of_plan, value, words in self.ruled
            if of_type in (None, type_id) and of_plan in (None, plan_id)
            if (why := self._why(night, kind, value or 0))
        ]
        return list(dict.fromkeys(said))

    def _why(self, night: date, kind: Kind, value: int) -> str | None:
        length, ahead = (self.departure - self.arrival).days, (self.arrival - self.today).days
        arrives, leaves = night == self.arrival, night == self.departure
        said = f"{night:%a} {night.day} {night:%b}"
        if leaves and not arrives:
            closed = kind is Kind.CLOSED_TO_DEPARTURE
            return f"closed to departure on {said}" if closed else None
        if kind is Kind.CLOSED:
            return f"closed on {said}"
        if kind is Kind.MIN_STAY_THROUGH and length < value:
            return f"at least {_nights(value)} over {said}"
        if not arrives:
            return None
        return {
            Kind.CLOSED_TO_ARRIVAL: f"closed to arrival on {said}",
            Kind.MIN_STAY: f"at least {_nights(value)} from {said}" if length < value else None,
            Kind.MAX_STAY: f"at most {_nights(value)} from {said}" if length > value else None,
            Kind.MIN_ADVANCE: f"to be booked {_days(value)} ahead" if ahead < value else None,
            Kind.MAX_ADVANCE: f"sold from {_days(value)} ahead" if ahead > value else None,
        }.get(kind)


_OF_STAY = (
    sa.select(
        Restriction.night,
        Restriction.kind,
        Restriction.type_id,
        Restriction.plan_id,
        Restriction.value,
    )
    .where(
        Restriction.hotel_id == sa.bindparam("hotel"),
        Restriction.night >= sa.bindparam("arrival"),
        Restriction.night <= sa.bindparam("departure"),
    )
    .order_by(Restriction.night, Restriction.kind)
)


def of_stay(
    session: Session, hotel: Hotel, arrival: date, departure: date, *, today: date | None = None
) -> Standing:
    """Return what restricts a stay booked today; one question whatever its length."""
    rows = session.connection().execute(
        _OF_STAY,
        {"hotel": hotel.id, "arrival": arrival, "departure": departure},
    )
    standing = tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows)
    return Standing(arrival, departure, today or hotel.business_date, standing)


def refuse(
    session: Session,
    hotel: Hotel,
    arrival: date,
    departure: date,
    sold: tuple[RoomType, RatePlan] | None,
    *,
    today: date,
) -> None:
    """Refuse a stay that isn't sold in its type and plan; where nothing new is sold, nothing."""
    if sold is None:
        return
    room_type, plan = sold
    standing = of_stay(session, hotel, arrival, departure, today=today)
    if why := standing.against(room_type.id, plan.id):
        raise Restricted("; ".join(why))


def refuse_ruled(
    ruled: Sequence[tuple[date, Kind, int | None, int | None, int | None, str]],
    arrival: date,
    departure: date,
    sold: tuple[RoomType, RatePlan],
    *,
    today: date,
) -> None:
    """Refuse a stay that rules of the house hold back from its type and plan."""
    standing = Standing(arrival, departure, today, (), tuple(ruled))
    if why := standing.against(sold[0].id, sold[1].id):
        raise Restricted("; ".join(why))


# --- setting and lifting --------------------------------------------------------------------------


def put(
    session: Session,
    hotel: Hotel,
    kind: Kind,
    nights: Collection[date],
    *,
    value: int | None = None,
    types: Sequence[RoomType] = (),
    plans: Sequence[RatePlan] = (),
    by: Staff,
) -> int:
    """Restrict each of the nights, for each type and plan given (none: all of them); say how many.

    What stood there of this kind is replaced. Refuses past nights, and a number where none
    belongs or the other way round.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    _refuse_wrong(kind, value, nights, day)
    at = scopes(types, plans)
    _clear(session, hotel, kind, nights, at)
    rows = [
        {
            "hotel_id": hotel.id,
            "id": new_id(),
            "night": night,
            "kind": kind,
            "type_id": type_id,
            "plan_id": plan_id,
            "value": value,
        }
        for night in sorted(nights)
        for type_id, plan_id in at
    ]
    session.execute(sa.insert(Restriction), rows)
    _note(session, hotel, f"set {kind.value}", nights, types, plans, value=value, by=by, day=day)
    return len(rows)


def lift(
    session: Session,
    hotel: Hotel,
    kind: Kind,
    nights: Collection[date],
    *,
    types: Sequence[RoomType] = (),
    plans: Sequence[RatePlan] = (),
    by: Staff,
) -> int:
    """Lift the nights' restrictions of a kind at exactly this level; say how many stood."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    _refuse_wrong(kind, 1 if kind.counts else None, nights, day)
    lifted = _clear(session, hotel, kind, nights, scopes(types, plans))
    _note(session, hotel, f"lifted {kind.value}", nights, types, plans, by=by, day=day)
    return lifted


def _refuse_wrong(kind: Kind, value: int | None, nights: Collection[date], day: date) -> None:
    if not nights:
        raise Invalid("Those dates hold no night. Choose others.", field="first")
    if min(nights) < day:
        raise Invalid(f"{min(nights):%a %d %b %Y} is past. Restrict from today on.", field="first")
    if kind.counts and (value is None or not 1 <= value <= LONGEST):
        raise Invalid(f"Say a number from 1 to {LONGEST}.", field="value")
    if not kind.counts and value is not None:
        raise Invalid("Closing takes no number. Leave it empty.", field="value")


def scopes(
    types: Sequence[RoomType], plans: Sequence[RatePlan]
) -> list[tuple[int | None, int | None]]:
    """Return at which levels a restriction of these types and plans stands; none: all of them."""
    of_types: list[int | None] = [each.id for each in types] or [None]
    of_plans: list[int | None] = [each.id for each in plans] or [None]
    return [(type_id, plan_id) for type_id in of_types for plan_id in of_plans]


def _clear(
    session: Session,
    hotel: Hotel,
    kind: Kind,
    nights: Collection[date],
    at: list[tuple[int | None, int | None]],
) -> int:
    lifted = 0
    for type_id, plan_id in at:
        done = session.execute(
            sa.delete(Restriction).where(
                Restriction.hotel_id == hotel.id,
                Restriction.kind == kind,
                Restriction.night.in_(nights),
                sa.func.coalesce(Restriction.type_id, 0) == (type_id or 0),
                sa.func.coalesce(Restriction.plan_id, 0) == (plan_id or 0),
            )
        )
        lifted += done.rowcount  # type: ignore[attr-defined]
    return lifted


def _note(
    session: Session,
    hotel: Hotel,
    verb: str,
    nights: Collection[date],
    types: Sequence[RoomType],
    plans: Sequence[RatePlan],
    *,
    value: int | None = None,
    by: Staff,
    day: date,
) -> None:
    after = {
        "types": ", ".join(each.code for each in types) or "all",
        "plans": ", ".join(each.code for each in plans) or "all",
        "nights": len(nights),
        "first": min(nights),
        "last": max(nights),
        "value": value,
    }
    said = logbook.line(verb, "hotels", hotel.id, hotel.id, by=by, day=day, after=after)
    logbook.write(session, [said])


def _nights(count: int) -> str:
    return "1 night" if count == 1 else f"{count} nights"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
