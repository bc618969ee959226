"""Terms: what is agreed with a rate plan, as machines read it before they book."""

from datetime import date, datetime

from typing_extensions import TypedDict

from pms.api.shapes import Amount, amount
from pms.base import clock, dates
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Amount as Reckoned
from pms.hotel.rooms.policies import Asks, By, Terms
from pms.hotel.stays.reservations import kept_until


class FeeRead(TypedDict):
    """How a fee is reckoned: the first `nights`, a `percent` of the stay, or an amount."""

    nights: int | None
    percent: str | None
    amount: Amount | None


class PolicyRead(TypedDict):
    """What is agreed; cancelling is free until `free_until` (null: never), then costs the fee.

    The fees are of who guarantees the stay, by card, deposit or company. Who guarantees nothing
    pays neither, and has the room until `unguaranteed_until` (null: all night, since that is past).
    """

    rate_plan: str
    policy: str
    guarantee: Asks
    free_until: datetime | None
    unguaranteed_until: datetime | None
    cancellation_fee: FeeRead | None
    no_show_fee: FeeRead | None
    deposit: FeeRead | None
    deposit_due: date | None


def policy(hotel: Hotel, rate_plan: str, name: str, terms: Terms, arrival: date) -> PolicyRead:
    """Return a plan's terms for an arrival booked today; instants by the hotel's clock."""
    until = terms.free_until(arrival, hotel.time_zone)
    kept = kept_until(hotel, arrival, clock.now())
    return {
        "rate_plan": rate_plan,
        "policy": name,
        "guarantee": terms.asks,
        "free_until": dates.local(until, hotel.time_zone) if until else None,
        "unguaranteed_until": dates.local(kept, hotel.time_zone) if kept else None,
        "cancellation_fee": _fee(hotel, terms.cancel),
        "no_show_fee": _fee(hotel, terms.no_show),
        "deposit": _fee(hotel, terms.deposit),
        "deposit_due": terms.deposit_due(hotel.business_date, arrival),
    }


def _fee(hotel: Hotel, fee: Reckoned) -> FeeRead | None:
    if not fee:
        return None
    return {
        "nights": fee.value if fee.by is By.NIGHTS else None,
        "percent": f"{fee.value // 100}.{fee.value % 100:02}" if fee.by is By.PERCENT else None,
        "amount": amount(fee.value, hotel.currency) if fee.by is By.AMOUNT else None,
    }
