"""Chains and hotels: who owns what, where it stands, what money it counts in."""

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import dates, ink, money
from pms.base.db import Base, new_id
from pms.base.refusal import Invalid, Refusal


class HotelCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a hotel {code} already. Choose another code.", field="code")


class Chain(Base):
    """A chain: its guests and companies are shared by its hotels, and by nobody else."""

    __tablename__ = "chains"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    name: Mapped[str]


class Hotel(Base):
    """A hotel: `business_date` is the day it lives, whatever the wall clock says."""

    __tablename__ = "hotels"
    __table_args__ = (
        sa.UniqueConstraint("chain_id", "id"),
        sa.CheckConstraint("business_date >= opened_on", name="not_before_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("chains.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    currency: Mapped[str] = mapped_column(sa.String(3))
    business_date: Mapped[date]
    opened_on: Mapped[date]
    audit_at: Mapped[time] = mapped_column(default=time(2, 0))
    release_at: Mapped[time] = mapped_column(default=time(18, 0))
    credit_limit: Mapped[int] = mapped_column(default=100_000)
    mails_escalations: Mapped[bool] = mapped_column(default=False)


ink.guard(
    "hotels_never_go_back",
    table="hotels",
    when="UPDATE",
    refuse_if="NEW.business_date < OLD.business_date",
    message="the business date never goes back",
)


def open_chain(session: Session, name: str) -> Chain:
    """Found a chain."""
    chain = Chain(id=new_id(), name=name)
    session.add(chain)
    session.flush()
    return chain


def open_hotel(
    session: Session,
    chain: Chain,
    *,
    code: str,
    name: str,
    time_zone: str,
    currency: str,
    opens_on: date,
) -> Hotel:
    """Open a hotel whose first business day is `opens_on`.

    Refuses a code in use, an unknown time zone, and an unknown currency.
    """
    if not code or len(code) > 16 or not code.replace("-", "").isalnum():
        raise Invalid("A hotel's code is 1 to 16 letters, digits or hyphens.", field="code")
    if by_code(session, code) is not None:
        raise HotelCodeTaken(code)
    dates.zone(time_zone)
    money.digits_of(currency)
    hotel = Hotel(
        id=new_id(),
        chain_id=chain.id,
        code=code,
        name=name,
        time_zone=time_zone,
        currency=currency,
        business_date=opens_on,
        opened_on=opens_on,
    )
    session.add(hotel)
    session.flush()
    return hotel


def by_code(session: Session, code: str) -> Hotel | None:
    """Return the hotel of that code."""
    return session.scalar(sa.select(Hotel).where(Hotel.code == code))
