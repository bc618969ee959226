"""Opening a group with its master folio, agreeing its terms, and saying how sure it is."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import FolioKind
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import clean_name
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays.groups import allotting
from pms.hotel.stays.groups.tables import Billing, Group, GroupTerms, Status

LONGEST = 60


class GroupCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a group {code} already. Choose another code.", field="code")


class NoTerms(Refusal):
    """Nothing was agreed with the group yet."""

    def __init__(self, group: Group) -> None:
        super().__init__(f"Nothing is agreed with {group.name} yet. Say its dates first.")


class AllotmentOutside(Refusal):
    """Rooms are agreed on nights that the new dates leave out."""

    def __init__(self, night: date) -> None:
        super().__init__(
            f"Rooms are agreed for {night:%a %d %b %Y}. Take them off the allotment first.",
            field="arrival",
        )


@dataclass(frozen=True)
class Terms:
    """What shall be agreed with a group."""

    arrival: date
    departure: date
    plan: RatePlan
    company: Company | None = None
    agent: Company | None = None
    contact: str | None = None
    elastic: bool = False
    cut_off: date | None = None
    cut_off_days: int | None = None
    billing: Billing = Billing.OWN
    notes: str | None = None


def open_group(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    payee: Company | None = None,
    terms: Terms | None = None,
    by: Staff,
) -> Group:
    """Open a group with its master folio, which a company may pay; refuses a code in use.

    The master is opened by the house where the person may not post. With `terms` the group is
    tentative; what goes to the master follows from them.
    """
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    code = code.strip().upper()
    if not code or len(code) > 24:
        raise Invalid("A group's code has 1 to 24 characters.", field="code")
    if by_code(session, hotel, code) is not None:
        raise GroupCodeTaken(code)
    name = clean_name(name, field="name", needed=True)
    opener = by if by.may(Permission.POST, hotel.id) else staff.the_house(session, hotel)
    payee = payee or (terms.company or terms.agent if terms else None)
    master = folios.open_folio(
        session, hotel, kind=FolioKind.GROUP, name=name, payee_company=payee, by=opener
    )
    group = Group(hotel_id=hotel.id, id=new_id(), code=code, name=name, folio_id=master.id)
    session.add(group)
    session.flush()
    logbook.record(session, "opened group", group, by=by, day=day, code=code, master=master.number)
    if terms is not None:
        agree(session, group, terms, by=by)
    return group


def agree(
    session: Session, group: Group, terms: Terms, *, name: str | None = None, by: Staff
) -> GroupTerms:
    """Write down what is agreed with a group, or write it anew.

    Its allotment follows: what may go beyond it, and when it is given back. Refuses dates that
    aren't a stay, and dates that leave out nights on which rooms are agreed.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    _check(terms, day, known=group.terms)
    card_numbers.refuse(contact=terms.contact, notes=terms.notes)
    found = group.terms
    before = words(found) if found else None
    if name is not None:
        group.name = clean_name(name, field="name", needed=True)
    kept = GroupTerms(hotel_id=hotel.id, group_id=group.id) if found is None else found
    kept.chain_id = hotel.chain_id
    kept.arrival, kept.departure, kept.plan_id = terms.arrival, terms.departure, terms.plan.id
    kept.company_id = terms.company.id if terms.company else None
    kept.agent_id = terms.agent.id if terms.agent else None
    kept.contact, kept.notes, kept.billing = terms.contact, terms.notes, terms.billing
    kept.elastic, kept.cut_off, kept.cut_off_days = (
        terms.elastic, terms.cut_off, terms.cut_off_days
    )  # fmt: skip
    group.version += 1
    session.add(kept)
    session.flush()
    session.expire(group, ["terms"])
    _refuse_outside(session, hotel, group, terms)
    if found is not None:
        allotting.follow(session, hotel, group, kept, day=day)
    logbook.record(session, "agreed", group, by=by, day=day, before=before, **words(kept))
    return kept


def _check(terms: Terms, day: date, *, known: GroupTerms | None) -> None:
    if terms.departure <= terms.arrival:
        raise Invalid("A group stays at least one night.", field="departure")
    if (terms.departure - terms.arrival).days > LONGEST:
        raise Invalid(f"A group stays at most {LONGEST} nights.", field="departure")
    if terms.departure < day or (known is None and terms.arrival < day):
        raise Invalid("Those dates are past. Agree on nights to come.", field="arrival")
    if terms.cut_off is not None and terms.cut_off_days is not None:
        raise Invalid("Cut off on a day, or days before each night; not both.", field="cut_off")
    if terms.cut_off is not None and terms.cut_off >= terms.departure:
        raise Invalid("The cut-off is before the group leaves.", field="cut_off")
    if terms.cut_off_days is not None and not 0 <= terms.cut_off_days <= 365:
        raise Invalid("Say 0 to 365 days before each night.", field="cut_off_days")


def _refuse_outside(session: Session, hotel: Hotel, group: Group, terms: Terms) -> None:
    for row in inventory.allotted(session, hotel, group.id):
        if row.agreed and not terms.arrival <= row.night < terms.departure:
            raise AllotmentOutside(row.night)


def settle_status(
    session: Session,
    group: Group,
    status: Status,
    *,
    deducts: bool | None = None,
    reason: str | None = None,
    by: Staff,
) -> None:
    """Say how sure a group is; its allotment is kept off sale, or given back, with it.

    A definite group deducts, an inquiry and a lost one don't; a tentative one as is said. Refuses
    to lose a group without a reason, and to keep rooms that have been sold since.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    terms = terms_of(group)
    lock(session, terms)
    before = {"status": terms.status.value, "deducts": terms.deducts}
    if status is Status.LOST and not (reason or "").strip():
        raise Invalid("Say why the group is lost.", field="reason")
    card_numbers.refuse(reason=reason)
    tentative = terms.deducts if deducts is None else deducts
    terms.deducts = {Status.DEFINITE: True, Status.TENTATIVE: tentative}.get(status, False)
    terms.status = status
    terms.lost_reason = reason.strip() if status is Status.LOST and reason else None
    group.version += 1
    session.flush()
    allotting.follow(session, hotel, group, terms, day=day, anew=True)
    logbook.record(
        session, f"made {status.value}", group, by=by, day=day, why=terms.lost_reason,
        before=before, status=status.value, deducts=terms.deducts,
    )  # fmt: skip


def terms_of(group: Group) -> GroupTerms:
    """Return what is agreed with a group; refuses one with nothing agreed."""
    if group.terms is None:
        raise NoTerms(group)
    return group.terms


def by_code(session: Session, hotel: Hotel, code: str) -> Group | None:
    """Return the hotel's group of that code."""
    return session.scalar(
        sa.select(Group).where(Group.hotel_id == hotel.id, Group.code == code.strip().upper())
    )


def words(terms: GroupTerms) -> dict[str, Any]:
    """Return the terms as the logbook says them."""
    return {
        "arrival": terms.arrival,
        "departure": terms.departure,
        "cut_off": terms.cut_off
        or (f"{terms.cut_off_days} days before" if terms.cut_off_days is not None else None),
        "elastic": terms.elastic,
        "billing": terms.billing.value,
    }
