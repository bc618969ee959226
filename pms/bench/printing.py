"""The bench of invoices: numbered and frozen in the books, then made as PDF/A-3 with its XML."""

import io
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.memory import settle
from pms.base.money import Money
from pms.bench import filling
from pms.bench.filling import DAY
from pms.bench.ground import (
    Answer,
    Asked,
    database,
    engine_words,
    machine,
    percentile,
    session_of,
    timed_here,
    told,
)
from pms.gateways import pdf
from pms.hotel.books import folios, papers
from pms.hotel.books.folios import Folio, FolioKind
from pms.hotel.books.papers import Addressee, Issuer, Paper, issuers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff, the_house
from pms.hotel.tariff.charges import ChargeCode
from pms.web.letters import issued

SHELF = str(Path(__file__).parents[2] / "static")
ISSUER = Issuer(
    name="Bench Hotel GmbH", street="Lindenallee 14", postcode="10115", city="Berlin",
    country="DE", tax_number="DE136695976", iban="DE89370400440532013000",
)  # fmt: skip
TO = Addressee(name="Muster & Co. KG", city="Hamburg", country="DE", language="de")
LINES, GOAL_MS = 10, 300  # of the processor's time: others may be at work beside us


def invoice(asked: Asked) -> Answer:
    """Ten lines: issued by the verb, printed warm on one page, copied; beside a bare page."""
    count = asked.of(2, 20, 100)
    with database(asked) as engine:
        with session_of(engine) as session:
            with transaction(session):
                house = filling.build(session, rooms_=20)
                by = the_house(session, house.hotel)
                issuers.write(session, house.hotel, ISSUER, by=by)
                bills = [_bill(session, house.hotel, by=by) for _ in range(count)]
            verb, verb_cpu = timed_here(lambda no: _issue(session, house.hotel, bills[no]), count)
            paper = session.scalars(sa.select(Paper).limit(1)).one()
            made = issued.made(paper, SHELF)  # fonts and style sheet are read now
            settle()  # as the server does before its first guest
            pages = len(PdfReader(io.BytesIO(made.pdf)).pages)
            printed, cpu = timed_here(lambda _: issued.made(paper, SHELF), count)
            issued.copy(made.pdf, "de", SHELF)
            copied, copy_cpu = timed_here(lambda _: issued.copy(made.pdf, "de", SHELF), count)
            raw, raw_cpu = timed_here(lambda _: pdf.render("<p>1</p>", SHELF), count)
        words = engine_words(engine)
    return {
        "bench": f"invoice: {LINES} lines, one page",
        **machine(),
        "engine": words,
        "issue": {"what": "number, data and coverage, committed", **told(verb), "cpu_ms": verb_cpu},
        "print": {"what": "PDF/A-3 with its XML, warm", **told(printed), "cpu_ms": cpu},
        "copy": {"what": "the kept PDF, marked", **told(copied), "cpu_ms": copy_cpu},
        "pdf_kb": round(len(made.pdf) / 1024, 1),
        "pages": pages,
        "raw": {"what": "WeasyPrint, a page of one figure", **told(raw), "cpu_ms": raw_cpu},
        "print_over_raw": round(percentile(printed, 0.5) / percentile(raw, 0.5), 1),
        "ok": pages == 1 and (asked.size == "tiny" or cpu <= GOAL_MS),
    }


def _bill(session: Session, hotel: Hotel, *, by: Staff) -> Folio:
    code = session.scalars(sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel.id)).first()
    if code is None:
        raise LookupError("The bench's hotel has no charge code.")
    bill = folios.open_folio(session, hotel, kind=FolioKind.PASSER_BY, name=TO.name, by=by)
    for no in range(LINES):
        price = Money(10_700 + no, hotel.currency)
        folios.charge(session, bill, code=code, amount=price, window=1, by=by)
    return bill


def _issue(session: Session, hotel: Hotel, bill: Folio) -> None:
    about = papers.About(
        folio=bill.number, window=1, arrival=DAY, departure=DAY + timedelta(days=LINES)
    )
    with transaction(session):
        papers.invoice(session, bill, to=TO, about=about, by=the_house(session, hotel))
