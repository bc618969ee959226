"""Promised: what a booking comes to, night by night with its taxes, as letters and cards say it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.money import Money, total
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import offers, sheets
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Rule, Tax, TaxedAmount, TaxRate

MOST_ROOMS = 50


@dataclass(frozen=True)
class PromisedNight:
    """A night and what the guest pays for it, taxes included."""

    night: date
    taxed: TaxedAmount

    @property
    def gross(self) -> Money:
        """What is paid for it, taxes included."""
        return self.taxed.gross


@dataclass(frozen=True)
class TaxSum:
    """One tax over the whole stay; `inside` says that the price had it already."""

    name: str
    amount: Money
    inside: bool


@dataclass(frozen=True)
class PromisedRoom:
    """One room of a booking: who, when, which type, and what each night costs."""

    reservation: Reservation
    nights: tuple[PromisedNight, ...]
    taxes: tuple[TaxSum, ...]
    currency: str

    @property
    def total(self) -> Money:
        """What the guest pays for all its nights, taxes included."""
        return total((each.gross for each in self.nights), self.currency)

    @property
    def by_night(self) -> dict[date, Money]:
        """What the guest pays for each of its nights."""
        return {each.night: each.gross for each in self.nights}


def rooms_of(session: Session, reservation: Reservation) -> list[Reservation]:
    """Return a booking's rooms that stand as this one does and are the same guest's."""
    if reservation.state is State.CANCELLED:
        return [reservation]
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == reservation.hotel_id,
                Reservation.booking_number == reservation.booking_number,
                Reservation.guest_id == reservation.guest_id,
                Reservation.state == reservation.state,
            )
            .options(joinedload(Reservation.room_type), joinedload(Reservation.plan))
            .order_by(Reservation.number)
            .limit(MOST_ROOMS)
            .execution_options(populate_existing=True)  # a change may have just been made
        )
    )


def promised(session: Session, hotel: Hotel, parties: Iterable[Reservation]) -> list[PromisedRoom]:
    """Return what each party was promised, taxed as the audit will tax it.

    The number of questions grows with the changes of tax rates inside the stays, not with nights.
    A cancelled party's nights are those it had.
    """
    parties = list(parties)
    rows = session.execute(
        sa.select(ReservationNight, ChargeCode.tax_class_id)
        .join(
            RatePlan,
            sa.and_(
                RatePlan.hotel_id == ReservationNight.hotel_id,
                RatePlan.id == ReservationNight.plan_id,
            ),
        )
        .join(
            ChargeCode,
            sa.and_(
                ChargeCode.hotel_id == RatePlan.hotel_id, ChargeCode.id == RatePlan.charge_code_id
            ),
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.reservation_id.in_([party.id for party in parties]),
        )
        .order_by(ReservationNight.night, ReservationNight.slot)
        .execution_options(populate_existing=True)
    ).all()
    ruled = _rules(session, hotel, {(class_id, night.night) for night, class_id in rows})
    of_party: dict[int, list[tuple[ReservationNight, list[Rule]]]] = defaultdict(list)
    for night, class_id in rows:
        of_party[night.reservation_id].append((night, ruled[class_id, night.night]))
    coded = session.execute(sa.select(Tax.code, Tax.name).where(Tax.hotel_id == hotel.id))
    names: dict[str, str] = {row.code: row.name for row in coded}
    return [_room(hotel, party, of_party[party.id], names) for party in parties]


def with_taxes(
    session: Session,
    hotel: Hotel,
    party: Reservation,
    nights: Iterable[tuple[date, int, int, int]],
) -> Money:
    """Return what a party pays for nights of (night, price, plan id, adults), taxes on top too."""
    nights = list(nights)
    if party.purpose is not Purpose.PAYING:
        return Money(sum(night[1] for night in nights), hotel.currency)
    recipes = sheets.current(session, hotel).recipes
    return offers.total(
        session,
        hotel,
        [
            offers.Priced(night, price, recipes[plan_id].tax_class_id, adults)
            for night, price, plan_id, adults in nights
        ],
    )


def _room(
    hotel: Hotel,
    party: Reservation,
    rows: list[tuple[ReservationNight, list[Rule]]],
    names: dict[str, str],
) -> PromisedRoom:
    gone = party.state in {State.CANCELLED, State.NO_SHOW}
    nights: list[PromisedNight] = []
    sums: dict[tuple[str, bool], Money] = {}
    for night, rules in rows:
        if not night.live and not gone:
            continue
        taxed = taxes.split(
            Money(night.price, hotel.currency),
            rules if party.purpose is Purpose.PAYING else (),
            persons=night.adults,
            night_no=(night.night - party.arrival).days + 1,
        )
        nights.append(PromisedNight(night.night, taxed))
        for line in taxed.taxes:
            key = (line.rule.code, line.rule.inclusive)
            sums[key] = sums.get(key, Money.zero(hotel.currency)) + line.amount
    listed = tuple(
        TaxSum(names.get(code, code), amount, inside) for (code, inside), amount in sums.items()
    )
    return PromisedRoom(party, tuple(nights), listed, hotel.currency)


def _rules(
    session: Session, hotel: Hotel, wanted: set[tuple[int | None, date]]
) -> dict[tuple[int | None, date], list[Rule]]:
    """Return each class's rules per night; asked once per change of a rate between them."""
    if not wanted:
        return {}
    nights = [night for _, night in wanted]
    first, last = min(nights), max(nights)
    changes = session.scalars(
        sa.select(TaxRate.from_day)
        .where(TaxRate.hotel_id == hotel.id, TaxRate.from_day > first, TaxRate.from_day <= last)
        .distinct()
    ).all()
    starts = sorted({first, *changes})
    classes = {class_id for class_id, _ in wanted}
    dated = {start: taxes.rules(session, hotel.id, classes, start) for start in starts}
    return {
        (class_id, night): dated[max(each for each in starts if each <= night)][class_id]
        for class_id, night in wanted
    }
