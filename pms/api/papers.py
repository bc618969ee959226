"""Papers: invoices, credit notes and receipts read by machines, such as an accountant's."""

from base64 import b64encode
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from typing_extensions import TypedDict

from pms.api.calls import look
from pms.api.cursors import Paged, after, behind, page
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import Amount, Day, Query, amount, id_of
from pms.hotel.books import papers
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.web.database import session

_PAPERS = "/hotels/<code>/papers"
_BRIEF = (
    Paper.id,
    Paper.kind,
    Paper.label,
    Paper.issued_on,
    Paper.addressee,
    Paper.currency,
    Paper.net,
    Paper.tax,
    Paper.gross,
    Paper.paid,
    Paper.credits_id,
)


class Form(StrEnum):
    """A form a paper is kept in."""

    PDF = "pdf"
    XML = "xml"


class PapersAsked(Paged):
    """Which papers: of a kind, issued from a day on."""

    kind: PaperKind | None = None
    from_day: Day | None = None


class FormAsked(Query):
    """Which of a paper's files."""

    form: Form = Form.PDF


class PaperBrief(TypedDict):
    """A paper in a list; a credit note's amounts are above zero too."""

    id: str
    kind: PaperKind
    number: str
    issued_on: date
    addressee: str
    net: Amount
    tax: Amount
    gross: Amount
    paid: Amount
    credits: str | None


class PaperRead(PaperBrief):
    """A paper with everything that is printed on it, amounts there in minor units."""

    digest: str
    data: dict[str, Any]


class Papers(TypedDict):
    """A page of papers in the order they were issued; `next_cursor` asks for the next one."""

    papers: list[PaperBrief]
    next_cursor: str | None


class PaperFileRead(TypedDict):
    """A file as it was made, its bytes in base64."""

    name: str
    media_type: str
    sha256: str
    content: str


@look(_PAPERS, asks=PapersAsked, answers=Papers)
@opens(Scope.FOLIOS)
def paper_list(hotel: Hotel, asked: PapersAsked) -> Papers:
    """List papers in the order they were issued."""
    query = (
        sa.select(*_BRIEF)
        .where(Paper.hotel_id == hotel.id)
        .order_by(Paper.id)
        .limit(asked.limit + 1)
    )
    if asked.kind is not None:
        query = query.where(Paper.kind == asked.kind)
    if asked.from_day is not None:
        query = query.where(Paper.issued_on >= asked.from_day)
    reached = after(asked.cursor, int)
    if reached is not None:
        query = query.where(behind((Paper.id,), reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "id")
    return {"papers": [_brief(row) for row in rows], "next_cursor": cursor}


@look(f"{_PAPERS}/<paper_id>", answers=PaperRead)
@opens(Scope.FOLIOS)
def read_paper(hotel: Hotel, paper_id: str) -> PaperRead:
    """Read a paper as it was issued."""
    found = _find(hotel, paper_id)
    return {**_brief(found), "digest": found.digest, "data": found.data}


@look(f"{_PAPERS}/<paper_id>/file", asks=FormAsked, answers=PaperFileRead)
@opens(Scope.FOLIOS)
def paper_file(hotel: Hotel, asked: FormAsked, paper_id: str) -> PaperFileRead:
    """Fetch a paper's PDF or its EN 16931 XML, byte for byte as it was made."""
    kept = papers.kept_of(session(), _find(hotel, paper_id))
    if kept is None:
        raise NotHere("file")
    is_pdf = asked.form is Form.PDF
    file = papers.pdf_of(session(), kept) if is_pdf else papers.xml_of(session(), kept)
    if file is None:
        raise NotHere("file")
    return {
        "name": file.name,
        "media_type": file.media_type,
        "sha256": file.sha256,
        "content": b64encode(file.content).decode(),
    }


def _find(hotel: Hotel, paper_id: str) -> Paper:
    number = id_of(paper_id)
    found = number and session().get(Paper, {"hotel_id": hotel.id, "id": number})
    if not found:
        raise NotHere("paper")
    return found


def _brief(paper: Any) -> PaperBrief:
    return {
        "id": str(paper.id),
        "kind": paper.kind,
        "number": paper.label,
        "issued_on": paper.issued_on,
        "addressee": paper.addressee,
        "net": amount(paper.net, paper.currency),
        "tax": amount(paper.tax, paper.currency),
        "gross": amount(paper.gross, paper.currency),
        "paid": amount(paper.paid, paper.currency),
        "credits": None if paper.credits_id is None else str(paper.credits_id),
    }
