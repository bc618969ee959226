"""Agreed routing: the default rules a stay was booked under, laid down on its folio."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.refusal import Refusal
from pms.hotel.books import folios, routing, taking
from pms.hotel.books.folios import WINDOWS, Folio, FolioWindow, RoutingRule
from pms.hotel.books.taking import Takes
from pms.hotel.guests.agreements import Agreement
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import default_rules
from pms.hotel.stays.default_rules import DefaultRule, Owner
from pms.hotel.stays.groups.tables import Billing, Group
from pms.hotel.stays.reservations.promise import Reservation


class AllWindowsTaken(Refusal):
    """There is no window left for another payer."""

    def __init__(self, folio: Folio) -> None:
        super().__init__(f"All {WINDOWS} windows of folio {folio.number} are taken. Choose one.")


def payer_of(session: Session, reservation: Reservation) -> Company | None:
    """Return who pays by default: the stay's company, or its group's where the group pays nothing.

    A group whose master pays has said by that who does.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    company_id = reservation.company_id
    if company_id is None and reservation.group_id is not None:
        terms = session.get_one(Group, (hotel.id, reservation.group_id)).terms
        if terms is not None and terms.billing is Billing.OWN:
            company_id = terms.company_id or terms.agent_id
    return None if company_id is None else session.get_one(Company, (hotel.chain_id, company_id))


def agreed(
    session: Session, reservation: Reservation, company: Company, *, at: datetime
) -> list[DefaultRule]:
    """Return the default rules of a stay as they stood at a moment.

    Those of the agreement that holds on its arrival, then its rate plan's.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    standing = session.scalars(
        sa.select(Agreement).where(
            Agreement.hotel_id == hotel.id,
            Agreement.company_id == company.id,
            Agreement.first <= reservation.arrival,
            Agreement.until >= reservation.arrival,
        )
    )
    owners: list[Owner] = [*standing, reservation.plan]
    return default_rules.stood_at(session, hotel, at, owners)


def lay_down(
    session: Session, reservation: Reservation, folio: Folio, *, at: datetime, by: Staff
) -> list[RoutingRule]:
    """Let the company of a stay pay what was agreed at a moment, in a window of its own.

    That is opened where the company has none yet; a folio with all its windows taken is left as it
    is. Returns the rules.
    """
    company = payer_of(session, reservation)
    rules = agreed(session, reservation, company, at=at) if company is not None else []
    if company is None or not rules:
        return []
    window = _window(session, folio, company, by=by)
    if window is None:
        return []
    hotel = session.get_one(Hotel, folio.hotel_id)
    laid = [
        routing.route(session, folio, to_window=window, takes=takes, default_id=rule.id, by=by)
        for rule, takes in zip(rules, taking.of_rules(session, hotel, rules), strict=True)
    ]
    day = business_day.today(session, hotel)
    logbook.record(
        session, "followed agreement", folio, by=by, day=day, company=company.code, rules=len(laid),
        window=window,
    )  # fmt: skip
    return laid


def let_company_pay(
    session: Session, folio: Folio, company: Company, *, takes: Takes, by: Staff
) -> RoutingRule:
    """Send charges to a window of the folio that the company pays, opened if it has none yet.

    Refuses what `routing.route` does, and where all windows are taken.
    """
    window = _window(session, folio, company, by=by)
    if window is None:
        raise AllWindowsTaken(folio)
    return routing.route(session, folio, to_window=window, takes=takes, by=by)


def end_laid(session: Session, folio: Folio, *, by: Staff) -> None:
    """End the rules that were laid down on a folio by default; what the desk made stays."""
    for rule in routing.of(session, folio):
        if rule.default_id is not None:
            routing.stop(session, rule, by=by)


def _window(session: Session, folio: Folio, company: Company, *, by: Staff) -> int | None:
    """Return the company's window of a folio, opened on first need; None when all are taken."""
    session.expire(folio, ["windows"])
    windows: Sequence[FolioWindow] = folio.windows
    known = [each.no for each in windows if each.payee_company_id == company.id and each.no > 1]
    if known:
        return known[0]
    taken = {each.no for each in windows}
    free = [no for no in range(2, WINDOWS + 1) if no not in taken]
    if not free:
        return None
    folios.open_window(
        session, folio, no=free[0], payee_company=company, payee_name=company.name, by=by
    )
    session.expire(folio, ["windows"])
    return free[0]
