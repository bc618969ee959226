"""Routing: which charges of a folio others pay, how much of them, and in which order."""

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, taking
from pms.hotel.books.folios import Folio, RoutingRule
from pms.hotel.books.taking import EVERYTHING, Takes
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

__all__ = [
    "RoutesToItself",
    "RuleEnded",
    "SentMore",
    "Takes",
    "change",
    "leading_to",
    "move_nights",
    "of",
    "put_earlier",
    "route",
    "sent_in_all",
    "stop",
]

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
            f"The rule has sent {sent.said} already. Say that or more, or stop it and "
            "make a new one.",
            field=field,
        )


def route(
    session: Session,
    folio: Folio,
    *,
    to_folio: Folio | None = None,
    to_window: int,
    takes: Takes = EVERYTHING,
    priority: int | None = None,
    default_id: int | None = None,
    by: Staff,
) -> RoutingRule:
    """Send charges, or a part of them, to another window of this folio or of any other.

    What is posted already stays; taxes follow what they are on, unless it says other of levies.
    It comes after the folio's other rules unless a lower `priority` is said, and is followed one
    step: what it leads to isn't routed on. Refuses a closed folio, a window not opened, the same
    window, and, unless it was agreed before (`default_id`), a retired set and levies that stay.
    """
    require(by, Permission.POST, folio.hotel_id)
    hotel = session.get_one(Hotel, folio.hotel_id)
    to_folio = to_folio or folio
    if to_folio.id == folio.id and to_window == 1:
        raise RoutesToItself
    day = business_day.hold(session, hotel)
    taking.refuse_odd(hotel, takes)
    if default_id is None:
        taking.refuse_retired(takes)
        taking.refuse_levies(session, hotel, takes, day=day)
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
        default_id=default_id,
        first_night=takes.first_night,
        last_night=takes.last_night,
        **taking.columns(session, hotel, takes),
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
        **takes.words(),
    )
    return rule


def change(session: Session, rule: RoutingRule, *, takes: Takes, by: Staff) -> RoutingRule:
    """Let a rule take other charges, or more or less of them, from the next posting on.

    What it sent so far counts towards its limits. Refuses a rule that ended, a limit below what it
    has sent already, another set that is retired, and levies that stay.
    """
    require(by, Permission.POST, rule.hotel_id)
    hotel = session.get_one(Hotel, rule.hotel_id)
    day, folio = _held(session, hotel, rule)
    taking.refuse_odd(hotel, takes)
    taking.refuse_levies(session, hotel, takes, day=day)
    [before] = taking.of_rules(session, hotel, [rule])
    if before.charge_set != takes.charge_set:
        taking.refuse_retired(takes)
    _refuse_below_sent(session, hotel, rule, takes)
    after = taking.columns(session, hotel, takes, known=rule)
    rule.first_night, rule.last_night = takes.first_night, takes.last_night
    for name, value in after.items():
        setattr(rule, name, value)
    session.flush()
    was, now = before.words(), takes.words()
    changed = [name for name in was | now if was.get(name) != now.get(name)]
    logbook.record(
        session,
        "changed routing",
        folio,
        by=by,
        day=day,
        before={name: was.get(name) for name in changed},
        **{name: now.get(name) for name in changed},
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


def _refuse_below_sent(session: Session, hotel: Hotel, rule: RoutingRule, takes: Takes) -> None:
    sent = folios.sent_by(session, hotel.id, [rule.id])
    most = max((minor for minor in sent.by_night.values()), default=0)
    for field, limit, minor in (
        ("night_limit", takes.night_limit, most),
        ("total_limit", takes.total_limit, sent.in_all[rule.id]),
    ):
        if limit is not None and limit.minor < minor:
            raise SentMore(Money(minor, hotel.currency), field=field)
