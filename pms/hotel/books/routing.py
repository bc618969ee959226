"""Routing: which charges of a folio go to another window or to a master, for which nights."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio, RoutingRule
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff.charges import ChargeCode, Department


class RoutesToItself(Refusal):
    """A rule that leads nowhere else, or on to a rule that leads back."""

    def __init__(self) -> None:
        super().__init__("Those charges stand there already. Choose another window.")


def route(
    session: Session,
    folio: Folio,
    *,
    to_folio: Folio | None = None,
    to_window: int,
    code: ChargeCode | None = None,
    department: Department | None = None,
    first_night: date | None = None,
    last_night: date | None = None,
    priority: int = 100,
    by: Staff,
) -> RoutingRule:
    """Send a code's charges, a department's, or all, to another window, for the nights given.

    What is posted already stays; taxes follow what they are on. A rule is followed one step: what
    it leads to isn't routed on. Refuses a closed folio, a window not opened, and the same window.
    """
    require(by, Permission.POST, folio.hotel_id)
    if code is not None and department is not None:
        raise Invalid("Route a code or a department, not both at once.", field="department")
    if first_night is not None and last_night is not None and first_night > last_night:
        raise Invalid("The last night isn't before the first.", field="last_night")
    to_folio = to_folio or folio
    if to_folio.id == folio.id and to_window == 1:
        raise RoutesToItself
    day = business_day.hold(session, session.get_one(Hotel, folio.hotel_id))
    folios.lock_open(session, [folio, to_folio])
    folios.window_account(session, to_folio, to_window)
    rule = RoutingRule(
        hotel_id=folio.hotel_id,
        id=new_id(),
        folio_id=folio.id,
        charge_code_id=code.id if code else None,
        department=department,
        first_night=first_night,
        last_night=last_night,
        to_folio_id=to_folio.id,
        to_window=to_window,
        priority=priority,
    )
    session.add(rule)
    session.flush()
    logbook.record(
        session,
        "routed",
        folio,
        by=by,
        day=day,
        what=code.code if code else department.value if department else "all",
        to=f"{to_folio.number}/{to_window}",
        first_night=first_night,
        last_night=last_night,
    )
    return rule


def stop(session: Session, rule: RoutingRule, *, by: Staff) -> None:
    """Take a rule away; what went its way stays where it is."""
    require(by, Permission.POST, rule.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, rule.hotel_id))
    folio = session.get_one(Folio, (rule.hotel_id, rule.folio_id))
    folios.lock_open(session, [folio])
    target = session.get_one(Folio, (rule.hotel_id, rule.to_folio_id))
    logbook.record(
        session,
        "stopped routing",
        folio,
        by=by,
        day=day,
        before={"to": f"{target.number}/{rule.to_window}"},
    )
    session.delete(rule)
    session.flush()


def of(session: Session, folio: Folio) -> list[RoutingRule]:
    """Return a folio's rules, the first that fits wins."""
    return folios.routes(session, folio.hotel_id, [folio.id]).get(folio.id, [])


def leading_to(session: Session, folio: Folio) -> list[RoutingRule]:
    """Return the rules of other folios that send their charges here."""
    return list(
        session.scalars(
            sa.select(RoutingRule)
            .where(
                RoutingRule.hotel_id == folio.hotel_id,
                RoutingRule.to_folio_id == folio.id,
                RoutingRule.folio_id != folio.id,
            )
            .order_by(RoutingRule.id)
        )
    )
