"""Routing: which charges of a folio others pay, how much of them, and in which order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import EVERY_DAY, WHOLE, Folio, RoutingRule
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff.charges import ChargeCode, Department

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STEP = 10  # between the priorities of rules that follow each other


class RoutesToItself(Refusal):
    """A rule that leads nowhere else, or on to a rule that leads back."""

    def __init__(self) -> None:
        super().__init__("Those charges stand there already. Choose another window.")


class RuleEnded(Refusal):
    """The rule isn't followed any more."""

    def __init__(self) -> None:
        super().__init__("That rule has ended. Make a new one.")


class SentMore(Refusal):
    """A limit below what the rule has sent already."""

    def __init__(self, sent: Money, *, field: str) -> None:
        super().__init__(
            f"The rule has sent {sent} {sent.currency} already. Say that or more, or stop it and "
            "make a new one.",
            field=field,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """Which charges a rule takes, and how much of them; unless said otherwise, all of all.

    `weekdays` has a bit for each, Monday lowest; `percent` is in hundredths of a percent of a
    charge with its taxes. Limits are with taxes too: of a night's charges, and of all of them.
    """

    code: ChargeCode | None = None
    department: Department | None = None
    first_night: date | None = None
    last_night: date | None = None
    weekdays: int = EVERY_DAY
    percent: int = WHOLE
    night_limit: Money | None = None
    total_limit: Money | None = None


EVERYTHING = Takes()


def route(
    session: Session,
    folio: Folio,
    *,
    to_folio: Folio | None = None,
    to_window: int,
    takes: Takes = EVERYTHING,
    priority: int | None = None,
    by: Staff,
) -> RoutingRule:
    """Send charges, or a part of them, to another window of this folio or of any other.

    What is posted already stays; taxes follow what they are on. It comes after the folio's other
    rules unless a lower `priority` is said, and is followed one step: what it leads to isn't routed
    on. Refuses a closed folio, a window not opened, and the same window.
    """
    require(by, Permission.POST, folio.hotel_id)
    hotel = session.get_one(Hotel, folio.hotel_id)
    _refuse_odd(hotel, takes)
    to_folio = to_folio or folio
    if to_folio.id == folio.id and to_window == 1:
        raise RoutesToItself
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio, to_folio])
    folios.window_account(session, to_folio, to_window)
    last = max((rule.priority for rule in of(session, folio)), default=100 - STEP)
    rule = RoutingRule(
        hotel_id=folio.hotel_id,
        id=new_id(),
        folio_id=folio.id,
        to_folio_id=to_folio.id,
        to_window=to_window,
        priority=last + STEP if priority is None else priority,
        **_kept(takes),
    )
    session.add(rule)
    session.flush()
    logbook.record(
        session,
        "routed",
        folio,
        by=by,
        day=day,
        to=f"{to_folio.number}/{to_window}",
        **_said(takes, hotel.currency),
    )
    return rule


def change(session: Session, rule: RoutingRule, *, takes: Takes, by: Staff) -> RoutingRule:
    """Let a rule take other charges, or more or less of them, from the next posting on.

    What it sent so far counts towards its limits. Refuses a rule that ended, and a limit below
    what it has sent already.
    """
    require(by, Permission.POST, rule.hotel_id)
    hotel = session.get_one(Hotel, rule.hotel_id)
    _refuse_odd(hotel, takes)
    day, folio = _held(session, hotel, rule)
    _refuse_below_sent(session, hotel, rule, takes)
    before = {name: getattr(rule, name) for name in _kept(takes)}
    after = _kept(takes)
    for name, value in after.items():
        setattr(rule, name, value)
    session.flush()
    changed = [name for name, value in after.items() if value != before[name]]
    logbook.record(
        session,
        "changed routing",
        folio,
        by=by,
        day=day,
        before=_in_words({name: before[name] for name in changed}, hotel.currency),
        **_in_words({name: after[name] for name in changed}, hotel.currency),
    )
    return rule


def put_earlier(session: Session, rule: RoutingRule, *, by: Staff) -> None:
    """Let a rule take before the one that comes before it; the first stays the first."""
    require(by, Permission.POST, rule.hotel_id)
    hotel = session.get_one(Hotel, rule.hotel_id)
    day, folio = _held(session, hotel, rule)
    order = [each for each in of(session, folio) if each.id != rule.id]
    place = sum((each.priority, each.id) < (rule.priority, rule.id) for each in order)
    order.insert(max(place - 1, 0), rule)
    for no, each in enumerate(order, start=1):
        each.priority = no * STEP
    session.flush()
    logbook.record(
        session, "put routing earlier", folio, by=by, day=day, before={"place": place + 1},
        place=max(place, 1),
    )  # fmt: skip


def move_nights(
    session: Session, hotel: Hotel, folio_ids: Collection[int], step: timedelta
) -> None:
    """Let the rules of folios whose stays move take the same nights of theirs as before.

    Who moves the stays writes it down.
    """
    for rules in folios.routing_rules(session, hotel.id, folio_ids).values():
        for rule in rules:
            rule.first_night, rule.last_night = (
                None if each is None else each + step
                for each in (rule.first_night, rule.last_night)
            )
    session.flush()


def stop(session: Session, rule: RoutingRule, *, by: Staff) -> None:
    """End a rule; what went its way stays where it is."""
    require(by, Permission.POST, rule.hotel_id)
    day, folio = _held(session, session.get_one(Hotel, rule.hotel_id), rule)
    target = session.get_one(Folio, (rule.hotel_id, rule.to_folio_id))
    rule.ended_on = day
    session.flush()
    logbook.record(
        session,
        "stopped routing",
        folio,
        by=by,
        day=day,
        before={"to": f"{target.number}/{rule.to_window}"},
    )


def of(session: Session, folio: Folio) -> list[RoutingRule]:
    """Return a folio's rules in the order in which they take."""
    return folios.routing_rules(session, folio.hotel_id, [folio.id]).get(folio.id, [])


def sent_in_all(session: Session, folio: Folio) -> dict[int, Money]:
    """Return what each rule of a folio has sent and what still stands of it, by the rule's id."""
    hotel = session.get_one(Hotel, folio.hotel_id)
    sent = folios.sent_by(session, hotel.id, [rule.id for rule in of(session, folio)])
    return {rule_id: Money(minor, hotel.currency) for rule_id, minor in sent.in_all.items()}


def leading_to(session: Session, folio: Folio) -> list[RoutingRule]:
    """Return the rules of other folios that send their charges here."""
    return list(
        session.scalars(
            sa.select(RoutingRule)
            .where(
                RoutingRule.hotel_id == folio.hotel_id,
                RoutingRule.to_folio_id == folio.id,
                RoutingRule.folio_id != folio.id,
                RoutingRule.ended_on.is_(None),
            )
            .order_by(RoutingRule.id)
        )
    )


def _held(session: Session, hotel: Hotel, rule: RoutingRule) -> tuple[date, Folio]:
    """Return the day and the rule's folio, locked and open; refuses a rule that ended."""
    day = business_day.hold(session, hotel)
    folio = session.get_one(Folio, (hotel.id, rule.folio_id))
    folios.lock_open(session, [folio])
    lock(session, rule)
    if rule.ended_on is not None:
        raise RuleEnded
    return day, folio


def _refuse_odd(hotel: Hotel, takes: Takes) -> None:
    if takes.code is not None and takes.department is not None:
        raise Invalid("Route a code or a department, not both at once.", field="department")
    first, last = takes.first_night, takes.last_night
    if first is not None and last is not None and first > last:
        raise Invalid("The last night isn't before the first.", field="last_night")
    if not 1 <= takes.weekdays <= EVERY_DAY:
        raise Invalid("Choose at least one weekday.", field="weekdays")
    if not 1 <= takes.percent <= WHOLE:
        raise Invalid("A part is more than nothing, and 100 % at most.", field="percent")
    for field in ("night_limit", "total_limit"):
        limit: Money | None = getattr(takes, field)
        if limit is not None and (limit.minor <= 0 or limit.currency != hotel.currency):
            raise Invalid(f"A limit is above zero, in {hotel.currency}.", field=field)


def _refuse_below_sent(session: Session, hotel: Hotel, rule: RoutingRule, takes: Takes) -> None:
    sent = folios.sent_by(session, hotel.id, [rule.id])
    most = max((minor for minor in sent.by_night.values()), default=0)
    for field, limit, minor in (
        ("night_limit", takes.night_limit, most),
        ("total_limit", takes.total_limit, sent.in_all[rule.id]),
    ):
        if limit is not None and limit.minor < minor:
            raise SentMore(Money(minor, hotel.currency), field=field)


def _kept(takes: Takes) -> dict[str, Any]:
    """Return the columns of a rule that takes so."""
    return {
        "charge_code_id": takes.code.id if takes.code else None,
        "department": takes.department,
        "first_night": takes.first_night,
        "last_night": takes.last_night,
        "weekdays": takes.weekdays,
        "percent": takes.percent,
        "night_limit": takes.night_limit.minor if takes.night_limit else None,
        "total_limit": takes.total_limit.minor if takes.total_limit else None,
    }


def _said(takes: Takes, currency: str) -> dict[str, Any]:
    """Return what the logbook says of a rule: which charges, and what bounds it."""
    what = takes.code.code if takes.code else takes.department.value if takes.department else "all"
    usual = _kept(EVERYTHING)
    bounds = {name: value for name, value in _kept(takes).items() if value != usual[name]}
    for name in ("charge_code_id", "department"):
        bounds.pop(name, None)
    return {"what": what, **_in_words(bounds, currency)}


def _in_words(kept: dict[str, Any], currency: str) -> dict[str, Any]:
    """Return columns of a rule as they are read: `60 %`, `120.00 EUR`, `Mon Tue`."""
    said = dict(kept)
    for name in ("night_limit", "total_limit"):
        if said.get(name) is not None:
            said[name] = Money(said[name], currency)
    if "percent" in said:
        said["percent"] = f"{said['percent'] / 100:g} %"
    if "weekdays" in said:
        said["weekdays"] = " ".join(
            day for no, day in enumerate(_WEEKDAYS) if said["weekdays"] & 1 << no
        )
    return said
