"""Negotiated plans: sold only to the companies they were agreed with, from a night to a night."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, upsert, within_chain, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.tariff import versions


class PlanCompany(Base):
    """A company a plan was agreed with; it ends by its last night and is never taken away.

    So a plan that was agreed with somebody never becomes everybody's.
    """

    __tablename__ = "plan_companies"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("company_id", "companies"),
        sa.CheckConstraint("last IS NULL OR last >= first", name="ends_after_it_begins"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain_id: Mapped[int]
    first: Mapped[date]
    last: Mapped[date | None]


ink.guard(
    "plan_companies_are_kept",
    table="plan_companies",
    when="DELETE",
    refuse_if="1 = 1",
    message="an agreement ends, it is not taken away",
)


class NotAgreed(Refusal):
    """The plan isn't agreed with who asks for it."""

    def __init__(self, plan: str, company: str | None) -> None:
        whom = f"not with {company} for these nights" if company else "with certain companies only"
        super().__init__(
            f"{plan} was agreed {whom}. Choose another plan, or name the company.",
            field="rate_plan",
        )


def agree(
    session: Session,
    plan: RatePlan,
    company: Company,
    *,
    first: date,
    last: date | None = None,
    by: Staff,
) -> None:
    """Let a company book a plan for nights from the first to the last; nobody else may from now on.

    Agreeing again changes the nights. Refuses a last night before the first.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if last is not None and last < first:
        raise Invalid("The last night isn't before the first.", field="last")
    row = {
        "hotel_id": hotel.id,
        "plan_id": plan.id,
        "company_id": company.id,
        "chain_id": hotel.chain_id,
        "first": first,
        "last": last,
    }
    upsert(session, PlanCompany, [row], key=("hotel_id", "plan_id", "company_id"))
    versions.renew(session, hotel.id)
    logbook.record(
        session, "agreed plan", plan, by=by, day=day, company=company.code, first=first, last=last
    )


def end(session: Session, plan: RatePlan, company: Company, *, last: date, by: Staff) -> None:
    """End an agreement after a last night; what is booked stays booked."""
    require(by, Permission.SET_UP, plan.hotel_id)
    found = session.get(PlanCompany, (plan.hotel_id, plan.id, company.id))
    if found is None:
        raise NotAgreed(plan.name, company.name)
    agree(session, plan, company, first=min(found.first, last), last=last, by=by)


def companies_of(session: Session, plan: RatePlan) -> list[tuple[Company, PlanCompany]]:
    """Return whom a plan was agreed with, by name."""
    rows = session.execute(
        sa.select(Company, PlanCompany)
        .join(
            PlanCompany,
            sa.and_(PlanCompany.chain_id == Company.chain_id, PlanCompany.company_id == Company.id),
        )
        .where(PlanCompany.hotel_id == plan.hotel_id, PlanCompany.plan_id == plan.id)
        .order_by(Company.folded_name)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]
