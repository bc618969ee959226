"""Credit limits: how much a company may owe one hotel, in that hotel's currency."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, upsert, within_chain
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel


class CompanyCredit(Base):
    """Credit that a hotel granted a company: `most` minor units of its currency; none: any amount.

    Each hotel of a chain grants its own, so none has to reckon in another's currency.
    """

    __tablename__ = "company_credits"
    __table_args__ = (
        within_chain("company_id", "companies"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("most >= 0", name="at_least_nothing"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain_id: Mapped[int]
    most: Mapped[int | None]


def grant(session: Session, hotel: Hotel, company_id: int, most: Money | None) -> None:
    """Let a company owe this hotel so much, None any amount; its row is locked.

    Refuses an amount below zero or of another currency than the hotel's.
    """
    if most is not None and (most.minor < 0 or most.currency != hotel.currency):
        raise Invalid(f"A limit is an amount in {hotel.currency}, not below zero.",
                      field="credit_limit")  # fmt: skip
    row = {
        "hotel_id": hotel.id,
        "company_id": company_id,
        "chain_id": hotel.chain_id,
        "most": None if most is None else most.minor,
    }
    upsert(session, CompanyCredit, [row], key=("hotel_id", "company_id"))


def limits(session: Session, hotel: Hotel, company_ids: Collection[int]) -> dict[int, Money]:
    """Return what companies may owe this hotel at most, those without a limit left out."""
    rows = session.execute(
        sa.select(CompanyCredit.company_id, CompanyCredit.most).where(
            CompanyCredit.hotel_id == hotel.id,
            CompanyCredit.company_id.in_(company_ids),
        )
    )
    return {
        company_id: Money(most, hotel.currency) for company_id, most in rows if most is not None
    }


def limit_of(session: Session, hotel: Hotel, company_id: int) -> Money | None:
    """Return what a company may owe this hotel at most; None is any amount."""
    return limits(session, hotel, [company_id]).get(company_id)


def is_granted_elsewhere_only(session: Session, hotel: Hotel, company_id: int) -> bool:
    """Tell whether other hotels of the chain granted a company credit, and this one didn't."""
    granted = set(
        session.scalars(
            sa.select(CompanyCredit.hotel_id).where(
                CompanyCredit.chain_id == hotel.chain_id, CompanyCredit.company_id == company_id
            )
        )
    )
    return bool(granted) and hotel.id not in granted
