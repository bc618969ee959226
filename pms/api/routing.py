"""Routing: who pays what of a folio by rule, as machines list, try, add and end it."""

from collections.abc import Collection, Sequence
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
from pms.hotel.books import routing, taking
from pms.hotel.books.folios import EVERY_DAY, Folio, RoutingRule
from pms.hotel.books.taking import Takes
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.stays import billing
from pms.hotel.stays.who_pays import who_pays
from pms.hotel.tariff import charge_sets
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Levies
from pms.web.database import session

_RULES = "/hotels/<code>/folios/<folio_id>/routing-rules"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Annotated[str, Field(pattern=f"^({'|'.join(_WEEKDAYS)})$")]


class RuleAsked(Body):
    """A rule to be: which charges, how much of them, and which window pays that.

    Charges of some codes, of one of the house's charge sets (by its name), of a department, or all;
    levies such as a city tax go along, are left, or go alone. `percent` is in hundredths of a
    percent of each, taxes in it; limits are with taxes too. Without a `to_folio` it is a window of
    the same folio.
    """

    to_folio: Word | None = None
    to_window: WindowNo
    charge_code: Word | None = None
    charge_codes: list[Word] = Field(default_factory=list, max_length=charge_sets.MOST_CODES)
    charge_set: Word | None = None
    department: Annotated[Department, Field(strict=False)] | None = None
    levies: Annotated[Levies, Field(strict=False)] = Levies.ALONG
    percent: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    night_limit: AmountAsked | None = None
    total_limit: AmountAsked | None = None
    first_night: Day | None = None
    last_night: Day | None = None
    weekdays: list[Weekday] = Field(default_factory=list, max_length=7)


class RuleEnding(Body):
    """Nothing is asked but that the rule ends."""


class RuleRead(TypedDict):
    """A rule that is followed; the lower its `place`, the earlier it takes.

    `is_default` says that an agreement or a rate plan laid it down.
    """

    id: str
    place: int
    to_folio: str
    to_window: int
    charge_code: str | None
    charge_codes: list[str]
    charge_set: str | None
    department: Department | None
    levies: Levies
    is_default: bool
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


class ChargeSetRead(TypedDict):
    """A set of charge codes that can be routed together, with what is in it now."""

    name: str
    charge_codes: list[str]


class ChargeSets(TypedDict):
    """The sets that the house offers, by name."""

    charge_sets: list[ChargeSetRead]


@look("/hotels/<code>/charge-sets", answers=ChargeSets)
@opens(Scope.FOLIOS)
def charge_set_list(hotel: Hotel) -> ChargeSets:
    """List the sets of charge codes that rules can take."""
    kept = charge_sets.named(session(), hotel, active=True)
    inside = charge_sets.codes_of(session(), hotel.id, [each.id for each in kept])
    codes = _codes_by_id(hotel, {each for some in inside.values() for each in some})
    return {
        "charge_sets": [
            {"name": each.name or "", "charge_codes": sorted(codes[one] for one in inside[each.id])}
            for each in kept
        ]
    }


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
    known = {code.code: code for code in _codes(hotel, [*asked.charge_codes, asked.charge_code])}
    for field, codes in (
        ("charge_code", [asked.charge_code]),
        ("charge_codes", asked.charge_codes),
    ):
        for code in codes:
            if code is not None and code not in known:
                raise UnknownCode(field, code)
    chosen = None
    if asked.charge_set is not None:
        chosen = charge_sets.by_name(session(), hotel, asked.charge_set)
        if chosen is None:
            raise UnknownCode("charge_set", asked.charge_set)
    bits = sum(1 << _WEEKDAYS.index(each) for each in set(asked.weekdays))
    takes = Takes(
        code=known[asked.charge_code] if asked.charge_code is not None else None,
        codes=tuple(known[code] for code in dict.fromkeys(asked.charge_codes)),
        charge_set=chosen,
        department=asked.department,
        levies=asked.levies,
        first_night=asked.first_night,
        last_night=asked.last_night,
        weekdays=bits or EVERY_DAY,
        percent=asked.percent,
        night_limit=asked.night_limit.money("night_limit") if asked.night_limit else None,
        total_limit=asked.total_limit.money("total_limit") if asked.total_limit else None,
    )
    to_folio = folios.find(hotel, asked.to_folio) if asked.to_folio else None
    return {"to_folio": to_folio, "to_window": asked.to_window, "takes": takes}


def _codes(hotel: Hotel, codes: Sequence[str | None]) -> Sequence[ChargeCode]:
    return (
        session()
        .scalars(
            sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel.id, ChargeCode.code.in_(codes))
        )
        .all()
    )


def _codes_by_id(hotel: Hotel, ids: Collection[int]) -> dict[int, str]:
    rows = session().execute(
        sa.select(ChargeCode.id, ChargeCode.code).where(
            ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(ids)
        )
    )
    return {row.id: row.code for row in rows}


def _read(hotel: Hotel, folio: Folio) -> Rules:
    followed, sent = routing.of(session(), folio), routing.sent_in_all(session(), folio)
    taken = taking.of_rules(session(), hotel, followed)
    return {
        "rules": [
            {
                "id": str(rule.id),
                "place": place,
                "to_folio": str(rule.to_folio_id),
                "to_window": rule.to_window,
                "charge_code": takes.code.code if takes.code else None,
                "charge_codes": [code.code for code in takes.codes],
                "charge_set": takes.charge_set.name if takes.charge_set else None,
                "department": rule.department,
                "levies": rule.levies,
                "is_default": rule.default_id is not None,
                "percent": rule.percent,
                "night_limit": _limit(rule.night_limit, hotel),
                "total_limit": _limit(rule.total_limit, hotel),
                "first_night": rule.first_night,
                "last_night": rule.last_night,
                "weekdays": [day for no, day in enumerate(_WEEKDAYS) if rule.weekdays & 1 << no],
                "sent": amount(sent[rule.id].minor if rule.id in sent else 0, hotel.currency),
            }
            for place, (rule, takes) in enumerate(zip(followed, taken, strict=True), start=1)
        ]
    }


def _limit(minor: int | None, hotel: Hotel) -> Amount | None:
    return None if minor is None else amount(minor, hotel.currency)
