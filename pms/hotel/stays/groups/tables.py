"""What a group is: parties that belong together, what was agreed with them, and their prices."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.guests.companies import Company
from pms.hotel.rooms.rates import RatePlan


class Status(enum.StrEnum):
    """How sure a group is; only a definite or a deducting tentative one keeps rooms off sale."""

    INQUIRY = "inquiry"
    TENTATIVE = "tentative"
    DEFINITE = "definite"
    LOST = "lost"


class Billing(enum.StrEnum):
    """What of the parties' charges the master folio takes."""

    OWN = "own"
    ROOMS = "rooms"
    ALL = "all"

    @property
    def words(self) -> str:
        """What it means, in words."""
        return _BILLED[self]


_BILLED = {
    Billing.OWN: "Each party pays its own",
    Billing.ROOMS: "Room and tax to the master, extras their own",
    Billing.ALL: "Everything to the master",
}


class GroupLost(Refusal):
    """Nobody books for a group that doesn't come."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is lost. Agree with it again first.", field="group")


class Group(OfHotel, Base):
    """A group and its master folio."""

    __tablename__ = "groups"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        within_hotel("folio_id", "folios"),
    )

    code: Mapped[str]
    name: Mapped[str]
    folio_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    terms: Mapped["GroupTerms | None"] = relationship(viewonly=True, lazy="joined")

    def refuse_lost(self) -> None:
        """Refuse to book for a group that doesn't come."""
        if self.terms is not None and self.terms.status is Status.LOST:
            raise GroupLost(self.name)

    def has_agreed(self, arrival: date, departure: date) -> bool:
        """Whether these nights were agreed with the group, whatever restricts newcomers."""
        terms = self.terms
        return (
            terms is not None
            and terms.deducts
            and terms.arrival <= arrival
            and departure <= terms.departure
        )


class GroupTerms(Base):
    """What was agreed with a group: for whom, when, how sure, until when, and who pays.

    `deducts` says that its allotment is kept off sale. It is cut off on a day, or so many days
    before each night, or not before the night itself.
    """

    __tablename__ = "group_terms"
    __table_args__ = (
        within_hotel("group_id", "groups"),
        within_hotel("plan_id", "rate_plans"),
        within_chain("company_id", "companies"),
        within_chain("agent_id", "companies"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("departure > arrival", name="has_a_night"),
        sa.CheckConstraint("(status = 'lost') = (lost_reason IS NOT NULL)", name="lost_for_a_why"),
        sa.CheckConstraint(
            "CASE status WHEN 'definite' THEN deducts WHEN 'tentative' THEN true"
            " ELSE NOT deducts END",
            name="deducts_when_it_is_sure",
        ),
        sa.CheckConstraint("cut_off IS NULL OR cut_off_days IS NULL", name="cut_off_in_one_way"),
        sa.CheckConstraint("cut_off_days IS NULL OR cut_off_days >= 0", name="cut_off_before"),
        sa.Index(None, "hotel_id", "departure"),
        sa.Index(None, "hotel_id", "agent_id"),
        sa.Index(None, "hotel_id", "company_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain_id: Mapped[int]
    company_id: Mapped[int | None]
    agent_id: Mapped[int | None]
    plan_id: Mapped[int]
    contact: Mapped[str | None]
    arrival: Mapped[date]
    departure: Mapped[date]
    status: Mapped[Status] = mapped_column(choice(Status), default=Status.TENTATIVE)
    deducts: Mapped[bool] = mapped_column(default=True)
    elastic: Mapped[bool] = mapped_column(default=False)
    cut_off: Mapped[date | None]
    cut_off_days: Mapped[int | None]
    billing: Mapped[Billing] = mapped_column(choice(Billing), default=Billing.OWN)
    lost_reason: Mapped[str | None]
    notes: Mapped[str | None]

    plan: Mapped[RatePlan] = relationship(viewonly=True)
    company: Mapped[Company | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            GroupTerms.chain_id == Company.chain_id,
            sa.orm.foreign(GroupTerms.company_id) == Company.id,
        ),
    )
    agent: Mapped[Company | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            GroupTerms.chain_id == Company.chain_id,
            sa.orm.foreign(GroupTerms.agent_id) == Company.id,
        ),
    )

    def releases(self, night: date) -> date:
        """Return the day whose audit gives back what of a night isn't picked up."""
        if self.cut_off is not None:
            return min(self.cut_off, night)
        days = self.cut_off_days or 0
        return date.fromordinal(night.toordinal() - days)


class GroupPrice(Base):
    """What a group pays for a night of a type, instead of its plan's price."""

    __tablename__ = "group_prices"
    __table_args__ = (
        within_hotel("group_id", "groups"),
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint("price >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    price: Mapped[int]
