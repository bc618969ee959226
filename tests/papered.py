"""Papers for tests: a hotel that may issue them, and folios with something to invoice."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import folios, ledger, papers
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import About, Addressee, Issuer, Paper, PaperKind, freezing, issuers
from pms.hotel.books.papers.freezing import Said
from pms.hotel.books.papers.reading import Posting, TaxShare
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import Head
from pms.hotel.tariff.taxes import Tax
from tests import make

ISSUER = Issuer(
    name="Lantern Hotel GmbH",
    street="Lindenallee 14",
    postcode="10115",
    city="Berlin",
    country="DE",
    tax_number="DE136695976",
    registration="HRB 4711, Amtsgericht Charlottenburg",
    bank="Musterbank",
    iban="DE89370400440532013000",
)
GUEST = Addressee(
    name="Ana Dvořák",
    street="Rua das Flores 7",
    postcode="1200-001",
    city="Lisboa",
    country="PT",
    email="ana@example.org",
    language="en",
)
FIRM = Addressee(
    name="Muster & Co. KG",
    street="Hafenstraße 1",
    postcode="20457",
    city="Hamburg",
    country="DE",
    tax_number="DE136695976",
    reference="PO-77",
    language="de",
    is_company=True,
)


def hotel(session: Session, **more: object) -> Hotel:
    """A hotel that issues papers in Germany, unless `more` says otherwise."""
    house = make.hotel(session)
    issuers.write(session, house, replace(ISSUER, **more), by=make.by(session, house))
    return house


def charged(session: Session, house: Hotel, *amounts: int, windows: int = 1) -> Folio:
    """A folio with nights of those prices (7 % inside, 2.00 city tax on top)."""
    folio, manager = make.folio(session, house, windows=windows), make.by(session, house)
    code = make.taxed_code(session, house)
    for amount in amounts:
        folios.charge(
            session, folio, code=code, amount=Money(amount, house.currency), window=1, by=manager
        )
    return folio


def invoice(session: Session, folio: Folio, *, to: Addressee = GUEST, window: int = 1) -> Paper:
    """The invoice of what stands on a folio."""
    house = session.get_one(Hotel, folio.hotel_id)
    return papers.invoice(session, folio, window=window, to=to, by=make.by(session, house))


def give_back(session: Session, house: Hotel, charge: Entry, tax: Tax) -> None:
    """Give a tax of a charge back to its window, as the audit does to who stays long enough."""
    lines = [line for line in ledger.lines_of(session, charge) if line.tax_id == tax.id]
    sides = [
        ledger.Side(
            line.account_id, -line.amount, line.charge_code_id, tax.id, base=-(line.base or 0)
        )
        for line in lines
    ]
    draft = ledger.Draft(
        kind=Kind.ADJUSTMENT,
        text=f"{charge.text}: {tax.code} exempt",
        concerns_id=charge.id,
        lines=tuple(sides),
    )
    ledger.post(session, house, [draft], by=make.by(session, house))


def data(*, language: str = "en") -> dict[str, Any]:
    """What a paper of two nights, a city tax and a payment says, without a database."""
    house = Hotel(name="Lantern Hotel", currency="EUR")
    night = Posting(1, make.DAY, Kind.CHARGE, "Lodging", None, net=10_000)
    night.vat = [TaxShare("VAT7", "VAT 7 %", 70_000, 10_000, 700)]
    night.levies = [TaxShare("CITY", "City tax", None, 10_000, 200)]
    paid = {"day": make.DAY.isoformat(), "kind": "payment", "text": "Cash", "amount": 5_000}
    said = Said(
        about=About(folio=10001, window=1, booking="100001", room="305"),
        payments=[paid],
        due_on=make.DAY,
    )
    lines = [freezing.line_of(no, night) for no in (1, 2)]
    to = replace(GUEST, language=language)
    return freezing.frozen(house, ISSUER, Head(), to, lines, said, day=make.DAY)


def unissued(said: dict[str, Any], kind: PaperKind = PaperKind.INVOICE) -> Paper:
    """A paper that nobody issued, to be printed."""
    return Paper(kind=kind, label="INV-2026-00001", data=said)
