"""Companies: firms and agencies that book or pay, shared by a chain's hotels."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers
from pms.base.db import Base, OfChain, begins_with, lock, new_id, sought
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import credit_limits
from pms.hotel.guests.guests import clean_name
from pms.hotel.guests.spelling import folded
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff, require


class CompanyCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"A company has the code {code} already.", field="code")


class Company(OfChain, Base):
    """A firm; `direct_bill` says whether its stays may go to the city ledger."""

    __tablename__ = "companies"
    __table_args__ = (
        sa.UniqueConstraint("chain_id", "code"),
        sa.Index(None, "chain_id", "folded_name"),
    )

    code: Mapped[str]
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(sought())
    address: Mapped[str | None]
    tax_number: Mapped[str | None]
    email: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(sa.String(2))
    direct_bill: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


def enter(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    address: str | None = None,
    tax_number: str | None = None,
    email: str | None = None,
    language: str | None = None,
    direct_bill: bool = False,
    credit_limit: int | None = None,
    by: Staff,
) -> Company:
    """Write down a company; refuses a code in use and a language that papers don't have.

    `credit_limit` is minor units of the hotel's currency, and holds for this hotel.
    """
    require(by, Permission.RESERVE, hotel.id)
    card_numbers.refuse(name=name, address=address, tax_number=tax_number, email=email)
    code = code.strip().upper()
    if not code or len(code) > 24:
        raise Invalid("A company's code has 1 to 24 characters.", field="code")
    if by_code(session, hotel, code) is not None:
        raise CompanyCodeTaken(code)
    company = Company(
        chain_id=hotel.chain_id,
        id=new_id(),
        code=code,
        name=clean_name(name, field="name", needed=True),
        folded_name=folded(name),
        address=address,
        tax_number=tax_number,
        email=email,
        language=_known(language),
        direct_bill=direct_bill,
    )
    session.add(company)
    session.flush()
    if direct_bill or credit_limit is not None:
        most = None if credit_limit is None else Money(credit_limit, hotel.currency)
        credit_limits.grant(session, hotel, company.id, most)
    day = business_day.today(session, hotel)
    entered = logbook.line(
        "entered company", "companies", hotel.id, company.id, by=by, day=day, after={"code": code}
    )
    logbook.write(session, [entered])
    return company


def by_code(session: Session, hotel: Hotel, code: str) -> Company | None:
    """Return the chain's company of that code."""
    return session.scalar(
        sa.select(Company).where(
            Company.chain_id == hotel.chain_id, Company.code == code.strip().upper()
        )
    )


def called(session: Session, hotel: Hotel, words: str, *, limit: int = 5) -> list[Company]:
    """Return the chain's company of that code, or else those whose name begins so."""
    words = words.strip()
    known = by_code(session, hotel, words)
    if known is not None or not words:
        return [] if known is None else [known]
    return list(
        session.scalars(
            sa.select(Company)
            .where(
                Company.chain_id == hotel.chain_id,
                begins_with(Company.folded_name, folded(words)),
            )
            .order_by(Company.folded_name, Company.id)
            .limit(limit)
        )
    )


def on_account(session: Session, hotel: Hotel, *, limit: int = 300) -> list[Company]:
    """Return the companies whose stays may go to the city ledger, by name."""
    return list(
        session.scalars(
            sa.select(Company)
            .where(Company.chain_id == hotel.chain_id, Company.direct_bill)
            .order_by(Company.name, Company.id)
            .limit(limit)
        )
    )


def amend(
    session: Session,
    company: Company,
    *,
    name: str,
    address: str | None,
    tax_number: str | None,
    email: str | None,
    language: str | None = None,
    hotel: Hotel,
    by: Staff,
) -> Company:
    """Write a company's name and address anew; its code and its credit stay as they are.

    Refuses a language that papers don't have; without one they are in the hotel's.
    """
    require(by, Permission.RESERVE, hotel.id)
    card_numbers.refuse(name=name, address=address, tax_number=tax_number, email=email)
    lock(session, company)
    before = {"name": company.name, "tax_number": company.tax_number}
    company.name = clean_name(name, field="name", needed=True)
    company.folded_name = folded(company.name)
    company.address, company.tax_number, company.email = address, tax_number, email
    company.language = _known(language)
    company.version += 1
    session.flush()
    day = business_day.today(session, hotel)
    after = {"name": company.name, "tax_number": tax_number}
    line = logbook.line(
        "amended",
        "companies",
        hotel.id,
        company.id,
        by=by,
        day=day,
        before=before,
        after=after,
    )
    logbook.write(session, [line])
    return company


def _known(language: str | None) -> str | None:
    if language and language not in LANGUAGES:
        raise Invalid(f"Papers are written in {', '.join(LANGUAGES.values())}.", field="language")
    return language or None
