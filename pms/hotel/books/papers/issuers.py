"""Issuers: who a hotel is on its papers, how they are numbered, and what its country asks."""

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum import get_cc_module, iban
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from pms.base import countries
from pms.base.db import Base, insert_new
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books.papers import duties
from pms.hotel.books.papers.duties import Duty, Weight
from pms.hotel.books.papers.tables import PaperKind
from pms.hotel.house import business_day, letterheads, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

PATTERNS = {
    PaperKind.INVOICE: "INV-YYYY-#####",
    PaperKind.CREDIT_NOTE: "CN-YYYY-#####",
    PaperKind.RECEIPT: "RC-YYYY-#####",
    PaperKind.DEPOSIT_INVOICE: "DI-YYYY-#####",
    PaperKind.PRO_FORMA: "PF-YYYY-#####",
}
LONGEST = {
    "name": 120, "street": 120, "postcode": 16, "city": 80, "tax_number": 20,
    "registration": 120, "bank": 80, "closing_words": 300, "duty_met": 300,
}  # fmt: skip
_PRINTED = (
    "name", "street", "postcode", "city", "country", "tax_number", "registration", "bank", "iban",
)  # fmt: skip
_LETTERS = 2
_MARKS = re.compile(r"#+")
_PATTERN = re.compile(r"[A-Za-z0-9./_#-]{1,24}", re.ASCII)


class NoIssuer(Refusal):
    """Nobody wrote who the hotel is on its invoices."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody has written who issues the invoices. A manager does it under Invoicing."
        )


class DutyStandsInTheWay(Refusal):
    """The hotel's country asks for more than this program does."""

    def __init__(self, duty: Duty) -> None:
        super().__init__(
            f"{duty.says} This program isn't certified for that. "
            "A manager writes under Invoicing how the hotel meets it."
        )


class NotATaxNumber(Invalid):
    """The number isn't one of that country's."""

    def __init__(self, number: str, country: str) -> None:
        super().__init__(
            f"{number[:20]} is no VAT number of {country}. Check its digits, or leave it out.",
            field="tax_number",
        )


class IssuerRow(Base):
    """One hotel's entry of who issues its papers."""

    __tablename__ = "issuers"
    __table_args__ = (
        sa.CheckConstraint("year_begins BETWEEN 1 AND 12", name="year_begins_in_a_month"),
        sa.CheckConstraint("due_days BETWEEN 0 AND 365", name="due_within_a_year"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    country: Mapped[str] = mapped_column(sa.String(2))
    tax_number: Mapped[str]
    registration: Mapped[str]
    bank: Mapped[str]
    iban: Mapped[str]
    due_days: Mapped[int] = mapped_column(sa.SmallInteger)
    year_begins: Mapped[int] = mapped_column(sa.SmallInteger)
    closing_words: Mapped[str]
    duty_met: Mapped[str]
    patterns: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues a hotel's papers. `year_begins` is the month its fiscal year begins with.

    `duty_met` says how the hotel meets what its country asks for; with it nothing warns or blocks.
    `patterns` are by kind: `YYYY` or `YY` is the year, a run of `#` the number.
    """

    name: str
    street: str
    postcode: str
    city: str
    country: str
    tax_number: str = ""
    registration: str = ""
    bank: str = ""
    iban: str = ""
    due_days: int = 14
    year_begins: int = 1
    closing_words: str = ""
    duty_met: str = ""
    patterns: dict[str, str] = field(default_factory=dict)

    @property
    def duty(self) -> Duty | None:
        """What the country asks for and nobody wrote how it is met."""
        return None if self.duty_met.strip() else duties.of(self.country)

    def pattern(self, kind: PaperKind) -> str:
        """Return how papers of a kind are numbered."""
        return self.patterns.get(kind.value) or PATTERNS[kind]

    def fiscal_year(self, day: date) -> int:
        """Return the fiscal year of a day, named by the calendar year it begins in."""
        return day.year if day.month >= self.year_begins else day.year - 1


def of(session: Session, hotel: Hotel) -> Issuer | None:
    """Return who issues a hotel's papers, if that is written."""
    kept = session.get(IssuerRow, hotel.id)
    if kept is None:
        return None
    return Issuer(**{name: getattr(kept, name) for name in Issuer.__dataclass_fields__})


def printed(session: Session, hotel: Hotel) -> dict[str, str]:
    """Return who a paper is from, as its head and foot say it; empty where nobody wrote it."""
    issuer, head = of(session, hotel), letterheads.of(session, hotel)
    said = {name: getattr(issuer, name, "") for name in _PRINTED}
    return said | {"name": said["name"] or hotel.name, "phone": head.phone, "email": head.email}


def needed(session: Session, hotel: Hotel) -> Issuer:
    """Return who issues a hotel's papers; refuses where nobody is, or its country's duty blocks."""
    issuer = of(session, hotel)
    if issuer is None:
        raise NoIssuer
    if issuer.duty is not None and issuer.duty.weight is Weight.BLOCKS:
        raise DutyStandsInTheWay(issuer.duty)
    return issuer


def write(session: Session, hotel: Hotel, issuer: Issuer, *, by: Staff) -> Issuer:
    """Write who issues the hotel's papers; a new pattern holds from the next series on.

    Refuses an unknown country, a VAT number or IBAN with wrong digits, and patterns that would
    give two papers one number.
    """
    require(by, Permission.SET_UP, hotel.id)
    _check(issuer)
    day = business_day.hold(session, hotel)
    before, values = of(session, hotel), asdict(issuer)
    insert_new(session, IssuerRow, [{"hotel_id": hotel.id, **values}])
    session.execute(sa.update(IssuerRow).where(IssuerRow.hotel_id == hotel.id).values(**values))
    session.expire_all()
    changed = {k: v for k, v in values.items() if before is None or getattr(before, k) != v}
    line = logbook.line(
        "wrote issuer", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={k: getattr(before, k) for k in changed} if before else None, after=changed,
    )  # fmt: skip
    logbook.write(session, [line])
    return issuer


def tax_number(number: str, country: str) -> str:
    """Return a VAT number as it is written, with its country's letters in the EU.

    Refuses one whose form or check digits are wrong; numbers of countries whose rule isn't known
    pass as they are.
    """
    plain = number.strip().upper()
    if not plain:
        return ""
    in_eu = country.lower() in eu_vat.MEMBER_STATES
    module = eu_vat if in_eu else get_cc_module(country.lower(), "vat")
    if module is None:
        return plain[:20]
    try:
        if in_eu and not plain[:2].isalpha():
            plain = ("EL" if country == "GR" else country) + plain
        valid = str(module.validate(plain))
        named = "XI" if country == "GB" and plain.startswith("XI") else country  # N. Ireland
        is_named = plain.startswith(named) and not valid.startswith(named)
        return f"{named}{valid}" if is_named else valid  # some modules take the letters off
    except ValidationError:
        raise NotATaxNumber(number, country) from None


def label(pattern: str, year: int, number: int) -> str:
    """Return a paper's number as its pattern writes it."""
    dated = pattern.replace("YYYY", f"{year:04}").replace("YY", f"{year % 100:02}")
    return _MARKS.sub(lambda marks: f"{number:0{len(marks.group())}}", dated)


def country_code(country: str, *, at: str = "country") -> str:
    """Return a country's two letters; refuses what isn't a country's."""
    plain = country.strip().upper()
    if len(plain) != _LETTERS or not countries.is_country(plain):
        raise Invalid("Write the country as two letters, such as DE.", field=at)
    return plain


def _check(issuer: Issuer) -> None:
    for name in ("name", "street", "city"):
        if not getattr(issuer, name).strip():
            raise Invalid("The law wants this on an invoice. Write it.", field=name)
    for name, most in LONGEST.items():
        if len(getattr(issuer, name)) > most:
            raise Invalid(f"At most {most} letters fit there.", field=name)
    if country_code(issuer.country) != issuer.country:
        raise Invalid("Write the country as two letters, such as DE.", field="country")
    tax_number(issuer.tax_number, issuer.country)
    if issuer.iban and not iban.is_valid(issuer.iban):
        raise Invalid("That is no IBAN. Check its digits.", field="iban")
    _check_patterns(issuer)


def _check_patterns(issuer: Issuer) -> None:
    seen: dict[str, PaperKind] = {}
    for kind in PaperKind:
        pattern = issuer.pattern(kind)
        marks = _MARKS.findall(pattern)
        if not _PATTERN.fullmatch(pattern) or len(marks) != 1 or "YY" not in pattern:
            raise Invalid(
                "A pattern has YYYY or YY for the year and one run of # for the number, "
                "such as INV-YYYY-#####, in at most 24 characters.",
                field=kind.value,
            )
        look = _MARKS.sub("#", pattern)
        if look in seen:
            raise Invalid(
                f"The {seen[look].words} has that pattern. Give each kind its own.",
                field=kind.value,
            )
        seen[look] = kind
