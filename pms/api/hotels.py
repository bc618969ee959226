"""Hotels: the one a token opens, what it can still sell, and what a stay would cost."""

from collections.abc import Sequence
from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict

from pms.api.calls import look
from pms.api.door import opens
from pms.api.problems import UnknownCode
from pms.api.shapes import Adults, Ages, Amount, Children, Day, Query, Word, amount
from pms.api.terms import PolicyRead, policy
from pms.base.refusal import Invalid
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import offers, quotes
from pms.hotel.rooms.pricing import Why
from pms.hotel.rooms.quotes import Quote
from pms.hotel.stays.reservations import InThePast
from pms.web.database import session


class HotelRead(TypedDict):
    """A hotel; `business_date` is the day it lives, whatever the wall clock says."""

    code: str
    name: str
    time_zone: str
    currency: str
    business_date: date


class Hotels(TypedDict):
    """The hotels a token opens."""

    hotels: list[HotelRead]


class StayAsked(Query):
    """A stay: the nights from arrival to the day before departure, and who comes."""

    arrival: Day
    departure: Day
    adults: Adults = 1
    children: Children = 0
    child_ages: Ages | None = None
    company: Word | None = None

    @property
    def ages(self) -> tuple[int, ...]:
        """The children's ages, as far as they were said."""
        return tuple(int(age) for age in (self.child_ages or "").split(",") if age)

    @property
    def heads_of_children(self) -> int:
        """How many children come: as many as were said, or as have an age."""
        return max(self.children, len(self.ages))


class Rate(TypedDict):
    """A plan, and what the whole stay costs in it, taxes included."""

    rate_plan: str
    total: Amount


class TypeLeft(TypedDict):
    """A room type, and how many rooms of it this very call could still sell."""

    room_type: str
    available: int
    rates: list[Rate]


class Availability(TypedDict):
    """What is left, plain types first, and what is agreed with each plan that has a policy."""

    room_types: list[TypeLeft]
    policies: NotRequired[list[PolicyRead]]


class QuoteAsked(StayAsked):
    """A stay, and perhaps the type or the plan one is interested in."""

    room_type: Word | None = None
    rate_plan: Word | None = None


class TaxRead(TypedDict):
    """One tax of a night."""

    tax: str
    amount: Amount
    inside: bool


class PartRead(TypedDict):
    """One step of a night's price: where it comes from, in words, and what it adds."""

    source: Why
    words: str
    amount: Amount


class ShareRead(TypedDict):
    """A package on a night: `included`, it is carved out of the price; else it is added to it."""

    package: str
    name: str
    amount: Amount
    included: bool


class NightRead(TypedDict):
    """One night: how its price is made, then net, its taxes, and what the guest pays.

    The parts add up to the price; the price, with the packages that are added and the taxes that
    aren't inside, to the total.
    """

    night: date
    price: Amount
    parts: list[PartRead]
    packages: list[ShareRead]
    net: Amount
    taxes: list[TaxRead]
    total: Amount


class QuoteRead(TypedDict):
    """A stay in one type and plan, night by night; and why it isn't sold, if it is restricted."""

    room_type: str
    rate_plan: str
    available: int
    restricted: list[str]
    total: Amount
    nights: list[NightRead]
    policy: PolicyRead | None


class ClosedRead(TypedDict):
    """A type in a plan that can't be had for the stay, and each reason why."""

    room_type: str
    rate_plan: str
    why: list[str]


class Quotes(TypedDict):
    """Every type and plan with a price for each night, and why some can't be had."""

    quotes: list[QuoteRead]
    closed: list[ClosedRead]


class NoNight(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "A stay has at least one night. Choose a departure after the arrival.",
            field="departure",
        )


@look("/hotels", answers=Hotels)
@opens(*Scope)
def hotels(hotel: Hotel) -> Hotels:
    """List the hotels this token opens."""
    return {"hotels": [_hotel(hotel)]}


@look("/hotels/<code>", answers=HotelRead)
@opens(*Scope)
def hotel(hotel: Hotel) -> HotelRead:
    """Read a hotel: its clock, its currency and its business day."""
    return _hotel(hotel)


@look("/hotels/<code>/availability", asks=StayAsked, answers=Availability)
@opens(Scope.AVAILABILITY)
def availability(hotel: Hotel, asked: StayAsked) -> Availability:
    """Say what can still be sold for a stay, and at what total in each rate plan."""
    check_stay(hotel, asked.arrival, asked.departure)
    left = offers.offered(
        session(),
        hotel,
        asked.arrival,
        asked.departure,
        adults=asked.adults,
        children=asked.heads_of_children,
        ages=asked.ages,
        company_id=_company(hotel, asked.company),
    )
    currency = hotel.currency
    answer: Availability = {
        "room_types": [
            {
                "room_type": offer.room_type,
                "available": offer.rooms,
                "rates": [
                    {"rate_plan": plan, "total": amount(minor, currency)}
                    for plan, minor in offer.totals
                ],
            }
            for offer in left.types
        ]
    }
    if left.terms:
        answer["policies"] = [
            policy(hotel, code, name, terms, asked.arrival)
            for code, (name, terms) in left.terms.items()
        ]
    return answer


@look("/hotels/<code>/quotes", asks=QuoteAsked, answers=Quotes)
@opens(Scope.QUOTES, Scope.AVAILABILITY)
def quote(hotel: Hotel, asked: QuoteAsked) -> Quotes:
    """Quote a stay night by night with its taxes, in every type and plan or in those asked for."""
    check_stay(hotel, asked.arrival, asked.departure)
    made = quotes.quote(
        session(),
        hotel,
        asked.arrival,
        asked.departure,
        adults=asked.adults,
        children=asked.heads_of_children,
        ages=asked.ages,
        company_id=_company(hotel, asked.company),
    )
    _refuse_unknown(made, asked)
    heads = asked.adults + asked.heads_of_children
    wanted = [
        each
        for each in made
        if asked.room_type in (None, each.room_type.code)
        and asked.rate_plan in (None, each.plan.code)
    ]
    return {
        "quotes": [
            _quote(hotel, asked.arrival, each)
            for each in wanted
            if each.nights and each.room_type.sleeps >= heads
        ],
        "closed": [
            {"room_type": each.room_type.code, "rate_plan": each.plan.code, "why": why}
            for each in wanted
            if (why := each.closed_to(heads))
        ],
    }


def check_stay(hotel: Hotel, arrival: date, departure: date) -> None:
    """Refuse a stay without a night, and one that began before the hotel's day."""
    if departure <= arrival:
        raise NoNight
    if arrival < hotel.business_date:
        raise InThePast(arrival)


def _refuse_unknown(made: Sequence[Quote], asked: QuoteAsked) -> None:
    if asked.room_type and all(asked.room_type != each.room_type.code for each in made):
        raise UnknownCode("room_type", asked.room_type)
    if asked.rate_plan and all(asked.rate_plan != each.plan.code for each in made):
        raise UnknownCode("rate_plan", asked.rate_plan)


def _hotel(hotel: Hotel) -> HotelRead:
    return {
        "code": hotel.code,
        "name": hotel.name,
        "time_zone": hotel.time_zone,
        "currency": hotel.currency,
        "business_date": hotel.business_date,
    }


def _company(hotel: Hotel, code: str | None) -> int | None:
    if code is None:
        return None
    found = companies.by_code(session(), hotel, code)
    if found is None:
        raise UnknownCode("company", code)
    return found.id


def _quote(hotel: Hotel, arrival: date, quote: Quote) -> QuoteRead:
    currency = quote.currency
    plan, terms = quote.plan, quote.terms
    return {
        "room_type": quote.room_type.code,
        "rate_plan": quote.plan.code,
        "available": quote.room_type.rooms,
        "restricted": list(quote.restricted),
        "total": amount(quote.total.minor, currency),
        "nights": [
            {
                "night": each.night,
                "price": amount(each.price.minor, currency),
                "parts": [
                    {
                        "source": part.why,
                        "words": part.words,
                        "amount": amount(part.amount, currency),
                    }
                    for part in each.parts
                ],
                "packages": [
                    {
                        "package": share.element.code,
                        "name": share.element.name,
                        "amount": amount(share.amount, currency),
                        "included": share.element.included,
                    }
                    for share in each.packages
                ],
                "net": amount(each.taxed.net.minor, currency),
                "taxes": [
                    {
                        "tax": tax.rule.code,
                        "amount": amount(tax.amount.minor, currency),
                        "inside": tax.rule.inclusive,
                    }
                    for tax in each.taxed.taxes
                ],
                "total": amount(each.taxed.gross.minor, currency),
            }
            for each in quote.nights
        ],
        "policy": policy(hotel, plan.code, quote.policy, terms, arrival) if terms else None,
    }
