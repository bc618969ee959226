"""Routing: who pays what of a folio by rule, as machines list, try, add and end it."""

from datetime import date
from functools import partial
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field
from typing_extensions import TypedDict

from pms.api import bills, folios
from pms.api.bills import WhoPaysRead, WindowNo
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.door import opens
from pms.api.problems import NotHere, UnknownCode
from pms.api.shapes import Amount, AmountAsked, Body, Day, Word, amount, id_of
from pms.hotel.books import routing
from pms.hotel.books.folios import EVERY_DAY, Folio, RoutingRule
from pms.hotel.books.routing import Takes
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.stays import billing
from pms.hotel.stays.who_pays import who_pays
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.web.database import session

_RULES = "/hotels/<code>/folios/<folio_id>/routing-rules"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Annotated[str, Field(pattern=f"^({'|'.join(_WEEKDAYS)})$")]


class RuleAsked(Body):
    """A rule to be: which charges, how much of them, and which window pays that.

    Charges of a code, of a department, or all; `percent` is in hundredths of a percent of each,
    taxes in it; limits are with taxes too. Without a `to_folio` it is a window of the same folio.
    """

    to_folio: Word | None = None
    to_window: WindowNo
    charge_code: Word | None = None
    department: Annotated[Department, Field(strict=False)] | None = None
    percent: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    night_limit: AmountAsked | None = None
    total_limit: AmountAsked | None = None
    first_night: Day | None = None
    last_night: Day | None = None
    weekdays: list[Weekday] = Field(default_factory=list, max_length=7)


class RuleEnding(Body):
    """Nothing is asked but that the rule ends."""


class RuleRead(TypedDict):
    """A rule that is followed; the lower its `place`, the earlier it takes."""

    id: str
    place: int
    to_folio: str
    to_window: int
    charge_code: str | None
    department: Department | None
    percent: int
    night_limit: Amount | None
    total_limit: Amount | None
    first_night: date | None
    last_night: date | None
    weekdays: list[str]
    sent: Amount


class Rules(TypedDict):
    """A folio's rules, in the order in which they take."""

    rules: list[RuleRead]


@look(_RULES, answers=Rules)
@opens(Scope.FOLIOS)
def routing_rule_list(hotel: Hotel, folio_id: str) -> Rules:
    """List the rules of a folio in the order in which they take."""
    return _read(hotel, folios.find(hotel, folio_id))


@deed(_RULES, asks=RuleAsked, answers=Rules, status=201)
@opens(Scope.FOLIOS)
def add_routing_rule(hotel: Hotel, asked: RuleAsked, *, by: Staff, folio_id: str) -> Made:
    """Let another window pay, from the next posting on; it takes after the folio's other rules."""
    found = folios.find(hotel, folio_id)
    routing.route(session(), found, **_details(hotel, asked), by=by)
    where = f"{PREFIX}/hotels/{hotel.code}/folios/{found.id}/routing-rules"
    return Made(_read(hotel, found), where)


@deed(f"{_RULES}/try", asks=RuleAsked, answers=WhoPaysRead)
@opens(Scope.FOLIOS)
def try_routing_rule(hotel: Hotel, asked: RuleAsked, *, by: Staff, folio_id: str) -> WhoPaysRead:
    """Say who would pay what of the rest of the stay with one more rule; nothing is kept."""
    found = folios.find(hotel, folio_id)
    first = partial(routing.route, session(), found, **_details(hotel, asked), by=by)
    party = billing.party_of(session(), found)
    if party is None:
        raise NotHere("stay behind the folio")
    return bills.shares(who_pays(session(), party, first=first))


@deed(f"{_RULES}/<rule_id>/end", asks=RuleEnding, answers=Rules)
@opens(Scope.FOLIOS)
def end_routing_rule(
    hotel: Hotel, _asked: RuleEnding, *, by: Staff, folio_id: str, rule_id: str
) -> Rules:
    """End a rule; what went its way stays where it is."""
    found, number = folios.find(hotel, folio_id), id_of(rule_id)
    rule = number and session().get(RoutingRule, {"hotel_id": hotel.id, "id": number})
    if not rule or rule.folio_id != found.id:
        raise NotHere("routing rule")
    routing.stop(session(), rule, by=by)
    return _read(hotel, found)


def _details(hotel: Hotel, asked: RuleAsked) -> dict[str, Any]:
    code = None
    if asked.charge_code is not None:
        code = charges.by_code(session(), hotel, asked.charge_code)
        if code is None:
            raise UnknownCode("charge_code", asked.charge_code)
    bits = sum(1 << _WEEKDAYS.index(each) for each in set(asked.weekdays))
    takes = Takes(
        code=code,
        department=asked.department,
        first_night=asked.first_night,
        last_night=asked.last_night,
        weekdays=bits or EVERY_DAY,
        percent=asked.percent,
        night_limit=asked.night_limit.money("night_limit") if asked.night_limit else None,
        total_limit=asked.total_limit.money("total_limit") if asked.total_limit else None,
    )
    to_folio = folios.find(hotel, asked.to_folio) if asked.to_folio else None
    return {"to_folio": to_folio, "to_window": asked.to_window, "takes": takes}


def _read(hotel: Hotel, folio: Folio) -> Rules:
    followed, sent = routing.of(session(), folio), routing.sent_in_all(session(), folio)
    wanted = {rule.charge_code_id for rule in followed if rule.charge_code_id is not None}
    named = sa.select(ChargeCode.id, ChargeCode.code).where(
        ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(wanted)
    )
    codes = {row.id: row.code for row in session().execute(named)}
    return {
        "rules": [
            {
                "id": str(rule.id),
                "place": place,
                "to_folio": str(rule.to_folio_id),
                "to_window": rule.to_window,
                "charge_code": codes.get(rule.charge_code_id or 0),
                "department": rule.department,
                "percent": rule.percent,
                "night_limit": _limit(rule.night_limit, hotel),
                "total_limit": _limit(rule.total_limit, hotel),
                "first_night": rule.first_night,
                "last_night": rule.last_night,
                "weekdays": [day for no, day in enumerate(_WEEKDAYS) if rule.weekdays & 1 << no],
                "sent": amount(sent[rule.id].minor if rule.id in sent else 0, hotel.currency),
            }
            for place, rule in enumerate(followed, start=1)
        ]
    }


def _limit(minor: int | None, hotel: Hotel) -> Amount | None:
    return None if minor is None else amount(minor, hotel.currency)
