"""Agreements: what a company or an agent has with a hotel, from when to when."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, clock
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import credit_limits
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

WHOLE = 10_000  # a commission of 100 percent, in hundredths of a percent


class Party(enum.StrEnum):
    """A company sends its own people, an agent sends guests and earns a commission."""

    COMPANY = "company"
    AGENT = "agent"


class AgreedAlready(Refusal):
    """Two agreements of one company can't hold on the same day."""

    def __init__(self, company: Company, standing: "Agreement") -> None:
        super().__init__(
            f"{company.name} has an agreement until {standing.until:%a %d %b %Y} already. "
            "End it, or begin after it.",
            field="first",
        )


class AgreementOver(Refusal):
    def __init__(self) -> None:
        super().__init__("That agreement is over already.")


class Agreement(OfHotel, Base):
    """One agreement: `first` to `until`, both with it; commission in hundredths of a percent."""

    __tablename__ = "agreements"
    __table_args__ = (
        within_chain("company_id", "companies"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.UniqueConstraint("hotel_id", "company_id", "first"),
        sa.CheckConstraint("until >= first", name="lasts_a_day"),
        sa.CheckConstraint(
            f"commission >= 0 AND commission <= {WHOLE}", name="commission_is_a_share"
        ),
        sa.CheckConstraint("party = 'agent' OR commission = 0", name="agents_earn_it"),
    )

    chain_id: Mapped[int]
    company_id: Mapped[int]
    party: Mapped[Party] = mapped_column(choice(Party))
    first: Mapped[date]
    until: Mapped[date]
    commission: Mapped[int] = mapped_column(default=0)
    contact: Mapped[str | None]
    notes: Mapped[str | None]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day <= self.until


def make(
    session: Session,
    hotel: Hotel,
    company: Company,
    *,
    party: Party,
    first: date,
    until: date,
    commission: int = 0,
    contact: str | None = None,
    notes: str | None = None,
    by: Staff,
) -> Agreement:
    """Agree with a company or an agent; refuses days on which another agreement holds.

    `commission` is hundredths of a percent of the room revenue, for agents only.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, company)
    if until < first:
        raise Invalid("It ends before it begins. Check the days.", field="until")
    if not 0 <= commission <= WHOLE or (commission and party is not Party.AGENT):
        raise Invalid("A commission is 0 to 100 percent, and for agents only.", field="commission")
    card_numbers.refuse(contact=contact, notes=notes)
    for standing in of(session, hotel, company):
        if standing.first <= until and first <= standing.until:
            raise AgreedAlready(company, standing)
    made = Agreement(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        company_id=company.id,
        party=party,
        first=first,
        until=until,
        commission=commission,
        contact=contact,
        notes=notes,
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "agreed", made, by=by, day=day, company=company.code, party=party.value,
        first=first, until=until, commission=commission,
    )  # fmt: skip
    return made


def end(session: Session, agreement: Agreement, *, by: Staff) -> None:
    """End an agreement with today; refuses one that is over."""
    hotel = session.get_one(Hotel, agreement.hotel_id)
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, agreement)
    if agreement.until < day:
        raise AgreementOver
    before = agreement.until
    agreement.until = max(day, agreement.first)
    agreement.version += 1
    session.flush()
    logbook.record(
        session, "ended", agreement, by=by, day=day, before={"until": before},
        until=agreement.until,
    )  # fmt: skip


def of(session: Session, hotel: Hotel, company: Company) -> list[Agreement]:
    """Return a company's agreements with this hotel, the latest first."""
    return list(
        session.scalars(
            sa.select(Agreement)
            .where(Agreement.hotel_id == hotel.id, Agreement.company_id == company.id)
            .order_by(Agreement.first.desc())
            .limit(50)
        )
    )


def grant_credit(
    session: Session,
    company: Company,
    *,
    direct_bill: bool,
    credit_limit: Money | None,
    hotel: Hotel,
    by: Staff,
) -> None:
    """Say whether a company's stays may go to the city ledger, and how much it may owe there.

    Direct billing is the chain's, the limit is this hotel's, in its currency; None is any amount.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, company)
    before = {
        "direct_bill": company.direct_bill,
        "credit_limit": credit_limits.limit_of(session, hotel, company.id),
    }
    company.direct_bill = direct_bill
    credit_limits.grant(session, hotel, company.id, credit_limit)
    company.version += 1
    session.flush()
    after = {"direct_bill": direct_bill, "credit_limit": credit_limit}
    said = logbook.line(
        "granted credit", "companies", hotel.id, company.id, by=by, day=day,
        before=before, after=after,
    )  # fmt: skip
    logbook.write(session, [said])
