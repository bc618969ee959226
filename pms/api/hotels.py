"""Hotels: the one a token opens, what it can still sell, and what a stay would cost."""

from collections.abc import Sequence
from datetime import date

from typing_extensions import TypedDict

from pms.api.calls import look
from pms.api.door import opens
from pms.api.problems import UnknownCode
from pms.api.shapes import Adults, Amount, Children, Day, Query, Word, amount
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import offers, quotes
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
    """What is left, plain types first."""

    room_types: list[TypeLeft]


class QuoteAsked(StayAsked):
    """A stay, and perhaps the type or the plan one is interested in."""

    room_type: Word | None = None
    rate_plan: Word | None = None


class TaxRead(TypedDict):
    """One tax of a night."""

    tax: str
    amount: Amount
    inside: bool


class NightRead(TypedDict):
    """One night: net, its taxes, and what the guest pays."""

    night: date
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


class Quotes(TypedDict):
    """Every type and plan that has a price for each night."""

    quotes: list[QuoteRead]


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
    left = offers.offers(
        session(),
        hotel,
        asked.arrival,
        asked.departure,
        adults=asked.adults,
        children=asked.children,
    )
    currency = hotel.currency
    return {
        "room_types": [
            {
                "room_type": offer.room_type,
                "available": offer.rooms,
                "rates": [
                    {"rate_plan": plan, "total": amount(minor, currency)}
                    for plan, minor in offer.totals
                ],
            }
            for offer in left
        ]
    }


@look("/hotels/<code>/quotes", asks=QuoteAsked, answers=Quotes)
@opens(Scope.QUOTES, Scope.AVAILABILITY)
def quote(hotel: Hotel, asked: QuoteAsked) -> Quotes:
    """Quote a stay night by night with its taxes, in every type and plan or in those asked for."""
    check_stay(hotel, asked.arrival, asked.departure)
    made = quotes.quote(session(), hotel, asked.arrival, asked.departure, adults=asked.adults)
    _refuse_unknown(made, asked)
    return {
        "quotes": [
            _quote(each)
            for each in made
            if each.nights
            and each.room_type.sleeps >= asked.adults + asked.children
            and asked.room_type in (None, each.room_type.code)
            and asked.rate_plan in (None, each.plan.code)
        ]
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


def _quote(quote: Quote) -> QuoteRead:
    currency = quote.currency
    return {
        "room_type": quote.room_type.code,
        "rate_plan": quote.plan.code,
        "available": quote.room_type.rooms,
        "restricted": list(quote.restricted),
        "total": amount(quote.total.minor, currency),
        "nights": [
            {
                "night": each.night,
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
    }
