"""What ending a promise costs now, by the clocks of the hotel, told before it is done."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money, total
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Amount, By, Policy, Terms, terms_of
from pms.hotel.stays import promised, settlements, standing_charges
from pms.hotel.stays.reservations import (
    Guarantee,
    Purpose,
    Reservation,
    agreed,
)
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.tariff.fee_codes import FeeOf


@dataclass(frozen=True, slots=True)
class Due:
    """What ending a promise costs now, and until when it was (or is) free.

    `nights` are those a no-show's fee is charged as, with what each costs; `tonight` is the first
    night that is still promised, and what is left to pay of it. `cost` is what all nights come to,
    of which the amount is reckoned; none where part of it stands charged already.
    """

    of: FeeOf
    amount: Money
    free_until: datetime | None
    terms: Terms | None
    policy: Policy | None = None
    nights: tuple[tuple[date, Money], ...] = ()
    tonight: tuple[date, Money] | None = None
    cost: Money | None = None

    def until_tomorrow(self) -> "Due":
        """Return what a party pays that is expected tomorrow: the first night at most.

        Where it comes to that night it is charged as one: who comes tonight has paid it.
        """
        if self.tonight is None:
            return self
        _, left = self.tonight
        nights = (self.tonight,) if self.amount >= left else ()
        return replace(self, amount=min(self.amount, left), nights=nights)

    def __bool__(self) -> bool:
        return self.amount.minor > 0


def of_cancelling(session: Session, reservation: Reservation) -> Due:
    """Return what cancelling now costs; nothing before the deadline, without a policy, for who was
    to pay nothing, and for who guaranteed nothing: they may as well not come.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    policy = agreed.policy_of(session, reservation)
    nothing = Money.zero(hotel.currency)
    if policy is None or reservation.purpose is not Purpose.PAYING:
        return Due(FeeOf.CANCELLATION, nothing, None, None)
    terms = terms_of(policy)
    if not is_sure(session, reservation):
        return Due(FeeOf.CANCELLATION, nothing, None, terms, policy)
    until = terms.free_until(reservation.arrival, hotel.time_zone)
    if not terms.is_late(reservation.arrival, hotel.time_zone, clock.now()):
        return Due(FeeOf.CANCELLATION, nothing, until, terms, policy)
    due = Due(FeeOf.CANCELLATION, nothing, until, terms, policy)
    return replace(_reckon(session, hotel, reservation, due, terms.cancel), nights=())


def of_no_show(session: Session, reservation: Reservation) -> Due:
    """Return what not coming costs; nothing for who guaranteed nothing and paid nothing."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    policy = agreed.policy_of(session, reservation)
    terms = terms_of(policy) if policy else None
    due = Due(FeeOf.NO_SHOW, Money.zero(hotel.currency), None, terms, policy)
    pays = reservation.purpose is Purpose.PAYING
    if terms is not None and pays and is_sure(session, reservation):
        return _reckon(session, hotel, reservation, due, terms.no_show)
    return due


def is_sure(session: Session, reservation: Reservation) -> bool:
    """Tell whether something makes the hotel sure of a party: a guarantee, or money that it holds.

    Who it isn't sure of pays no fee, and has the room until the release hour.
    """
    return reservation.guarantee is not Guarantee.NONE or bool(
        settlements.deposit_held(session, reservation)
    )


def _reckon(
    session: Session, hotel: Hotel, reservation: Reservation, due: Due, asked: Amount
) -> Due:
    """Reckon a fee of all the nights that were promised, less what stands charged of it already.

    Nobody sleeps here for it, so it is of no city tax. A party that was rolled, or taken back after
    it hadn't come, has paid that part once.
    """
    as_nights, as_fees = standing_charges.before_arrival(session, reservation)
    of_night = promised.for_fees(session, hotel, reservation, {*as_nights, *as_fees})
    priced = dict(sorted({**of_night, **as_nights}.items()))
    paid = total([*as_nights.values(), *as_fees.values()], hotel.currency)
    nothing = Money.zero(hotel.currency)
    amount = max(asked.of(list(priced.values()), hotel.currency) - paid, nothing)
    due = replace(due, cost=None if paid else total(priced.values(), hotel.currency))
    nights: tuple[tuple[date, Money], ...] = ()
    if asked.by is By.NIGHTS and not reservation.is_day_use:
        asked_for = [*priced.items()][: asked.value]
        first = tuple((night, price) for night, price in asked_for if night not in as_nights)
        if total((price for _, price in first), hotel.currency) == amount:
            nights = first
    coming = [night.night for night in of_nights.read(session, reservation) if night.live]
    first_night = min(coming, default=None)
    if first_night is None:
        return replace(due, amount=amount, nights=nights)
    stands = as_nights.get(first_night, nothing) + as_fees.get(first_night, nothing)
    left = max(of_night[first_night] - stands, nothing)
    return replace(due, amount=amount, nights=nights, tonight=(first_night, left))
