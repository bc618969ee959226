"""Turnaways: business that wasn't had, refused by the house or by the guest, and why."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, clock, ink
from pms.base.db import Base, OfHotel, choice, new_id, within_chain, within_hotel
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.rooms import RoomType


class TurnawayKind(enum.StrEnum):
    """A denial is the house's no, a regret is the guest's."""

    DENIAL = "denial"
    REGRET = "regret"


class Why(enum.StrEnum):
    """Why the business wasn't had."""

    SOLD_OUT = "sold_out"
    RESTRICTED = "restricted"
    NO_SUCH_TYPE = "no_such_type"
    PRICE = "price"
    POLICY = "policy"
    LOCATION = "location"
    FACILITIES = "facilities"
    ONLY_ASKING = "only_asking"
    OTHER = "other"

    @property
    def kind(self) -> TurnawayKind:
        """Whose no it is."""
        return TurnawayKind.DENIAL if self in _DENIALS else TurnawayKind.REGRET

    @property
    def words(self) -> str:
        """The reason as the desk says it."""
        return _WORDS[self]


_DENIALS = {Why.SOLD_OUT, Why.RESTRICTED, Why.NO_SUCH_TYPE}
_WORDS = {
    Why.SOLD_OUT: "Sold out",
    Why.RESTRICTED: "Restricted (minimum stay, closed)",
    Why.NO_SUCH_TYPE: "No such room in the house",
    Why.PRICE: "Too dear",
    Why.POLICY: "Deposit or cancellation terms",
    Why.LOCATION: "Location",
    Why.FACILITIES: "Something is missing here",
    Why.ONLY_ASKING: "Only asking",
    Why.OTHER: "Other",
}


class Turnaway(OfHotel, Base):
    """One inquiry that became no booking; written once."""

    __tablename__ = "turnaways"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("departure > arrival", name="has_a_night"),
        sa.CheckConstraint("rooms > 0", name="of_a_room"),
        sa.Index(None, "hotel_id", "day"),
    )

    chain_id: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime]
    kind: Mapped[TurnawayKind] = mapped_column(choice(TurnawayKind))
    why: Mapped[Why] = mapped_column(choice(Why))
    arrival: Mapped[date]
    departure: Mapped[date]
    type_id: Mapped[int | None]
    rooms: Mapped[int] = mapped_column(default=1)
    adults: Mapped[int]
    words: Mapped[str | None]
    staff_id: Mapped[int]


ink.append_only("turnaways")


@dataclass(frozen=True)
class Lost:
    """What was turned away for a reason: how often, and how many room nights."""

    why: Why
    times: int
    room_nights: int


def note(
    session: Session,
    hotel: Hotel,
    *,
    why: Why,
    arrival: date,
    departure: date,
    adults: int = 1,
    rooms: int = 1,
    room_type: RoomType | None = None,
    words: str | None = None,
    by: Staff,
) -> Turnaway:
    """Write down an inquiry that became no booking; whose no it is follows from the reason."""
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    inventory.check_dates(arrival, departure)
    if arrival == departure or arrival < day:
        raise Invalid("They asked for nights to come, at least one.", field="arrival")
    if not 1 <= rooms <= 500 or not 1 <= adults <= 500:
        raise Invalid("Say how many rooms and guests, 1 to 500.", field="rooms")
    card_numbers.refuse(words=words)
    made = Turnaway(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        day=day,
        at=clock.now(),
        kind=why.kind,
        why=why,
        arrival=arrival,
        departure=departure,
        type_id=room_type.id if room_type else None,
        rooms=rooms,
        adults=adults,
        words=words,
        staff_id=by.id,
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "turned away", made, by=by, day=day, why=words, reason=why.value,
        arrival=arrival, departure=departure, rooms=rooms,
    )  # fmt: skip
    return made


def of_days(
    session: Session, hotel: Hotel, first: date, last: date, *, limit: int = 200
) -> list[Turnaway]:
    """Return what was turned away on those days, the latest first."""
    return list(
        session.scalars(
            sa.select(Turnaway)
            .where(Turnaway.hotel_id == hotel.id, Turnaway.day.between(first, last))
            .order_by(Turnaway.id.desc())
            .limit(limit)
        )
    )


def by_reason(session: Session, hotel: Hotel, first: date, last: date) -> list[Lost]:
    """Return what was lost by reason on those days, the most room nights first."""
    rows = session.execute(
        sa.select(Turnaway.why, Turnaway.arrival, Turnaway.departure, Turnaway.rooms).where(
            Turnaway.hotel_id == hotel.id, Turnaway.day.between(first, last)
        )
    )
    sums: dict[Why, tuple[int, int]] = {}
    for why, arrival, departure, rooms in rows:
        times, nights = sums.get(why, (0, 0))
        sums[why] = times + 1, nights + rooms * (departure - arrival).days
    lost = [Lost(why, times, nights) for why, (times, nights) in sums.items()]
    return sorted(lost, key=lambda each: (-each.room_nights, each.why.value))


def by_day(lost: Sequence[Turnaway]) -> dict[date, tuple[int, int]]:
    """Return denials and regrets of each day."""
    days: dict[date, tuple[int, int]] = {}
    for each in lost:
        denials, regrets = days.get(each.day, (0, 0))
        denied = each.kind is TurnawayKind.DENIAL
        days[each.day] = denials + denied, regrets + (not denied)
    return days
