"""Documents: papers the house issued, with the number and the bytes they were issued with.

Each series counts without a gap, and each paper's digest holds the one before it, so that a
paper changed, lost or slipped in later shows. Registration cards repeat guests' documents: their
bytes stand under seal.
"""

import enum
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, choice, insert_new, lock, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, content_keys, logbook
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LARGEST = 8 * 1024 * 1024


class Kind(enum.StrEnum):
    """What kind of paper it is; each kind is numbered by itself."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    REGISTRATION_CARD = "registration-card"
    AUDIT_REPORT = "audit-report"

    @property
    def prefix(self) -> str:
        """What stands before the number."""
        return _PREFIX[self]

    @property
    def by_year(self) -> bool:
        """Whether its numbers begin again each year."""
        return self in {Kind.INVOICE, Kind.CREDIT_NOTE, Kind.RECEIPT}


_PREFIX = {
    Kind.INVOICE: "INV",
    Kind.CREDIT_NOTE: "CN",
    Kind.RECEIPT: "RC",
    Kind.STATEMENT: "ST",
    Kind.REGISTRATION_CARD: "REG",
    Kind.AUDIT_REPORT: "NA",
}
SEALED = frozenset({Kind.REGISTRATION_CARD})


class NoSuchDocument(Refusal):
    status = 404

    def __init__(self, kind: Kind, number: int) -> None:
        super().__init__(f"No {kind.value} {number} was issued. Check the number.", field="number")


class Series(OfHotel, Base):
    """One count of papers of a hotel: of a kind, and of a year (0 when it never begins again)."""

    __tablename__ = "document_series"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "kind", "year"),
        sa.CheckConstraint("last >= 0", name="counts_up"),
    )

    kind: Mapped[Kind] = mapped_column(choice(Kind))
    prefix: Mapped[str] = mapped_column(sa.String(8))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)
    last_digest: Mapped[str] = mapped_column(sa.String(64), default="")


class Document(OfHotel, Base):
    """One issued paper; `data` is what it was made from, frozen with it."""

    __tablename__ = "documents"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "series_id", "number"),
        within_hotel("series_id", "document_series"),
        sa.CheckConstraint("length(sha256) = 64 AND length(digest) = 64", name="has_digests"),
        sa.Index(None, "hotel_id", "kind", "issued_on"),
    )

    series_id: Mapped[int]
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    label: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    staff_id: Mapped[int]
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))


ink.append_only("documents")
ink.guard(
    "documents_cards_are_sealed",
    table="documents",
    when="INSERT",
    refuse_if="NEW.kind = 'registration-card' AND NOT EXISTS (SELECT 1 FROM content_keys"
    " WHERE hotel_id = NEW.hotel_id AND id = NEW.id)",
    message="a registration card stands under seal",
)
_SERIES_OF_NEW = "FROM documents WHERE hotel_id = NEW.hotel_id AND series_id = NEW.series_id"
ink.guard(
    "documents_gapless",
    table="documents",
    when="INSERT",
    refuse_if=f"NEW.number <> COALESCE((SELECT MAX(number) {_SERIES_OF_NEW}), 0) + 1",
    message="documents of a series are numbered without a gap",
)
ink.guard(
    "documents_chained",
    table="documents",
    when="INSERT",
    refuse_if="NEW.previous <> COALESCE("
    f"(SELECT digest {_SERIES_OF_NEW} AND number = NEW.number - 1), '')",
    message="documents of a series are chained to the one before",
)
ink.guard(
    "document_series_counts_up",
    table="document_series",
    when="UPDATE",
    refuse_if="NEW.last <> OLD.last + 1 OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year",
    message="a document series counts up by one",
)
ink.guard(
    "document_series_no_delete",
    table="document_series",
    when="DELETE",
    refuse_if="OLD.last > 0",
    message="a document series in use stays",
)


def issue(
    session: Session,
    hotel: Hotel,
    *,
    kind: Kind,
    title: str,
    content: bytes,
    media_type: str,
    data: Mapping[str, Any],
    by: Staff,
) -> Document:
    """Give a paper the next number of its kind and keep its bytes.

    `data` is plain JSON. Refuses an empty paper and one over 8 MiB. The number goes back when the
    deed is rolled back, so issue last, when nothing else can fail.
    """
    require(by, Permission.POST, hotel.id)
    if not content or len(content) > LARGEST:
        raise Invalid("A document has something in it, and at most 8 MiB.", field="content")
    day = business_day.hold(session, hotel)
    series = lock(session, _series(session, hotel, kind, day))
    document_id = new_id()
    sealed = kind in SEALED
    document = Document(
        hotel_id=hotel.id,
        id=document_id,
        series_id=series.id,
        kind=kind,
        number=series.last + 1,
        label=_label(series, series.last + 1),
        title=title,
        media_type=media_type,
        content=content_keys.seal(session, hotel, content, of=document_id) if sealed else content,
        sha256=hashlib.sha256(content).hexdigest(),
        data=json.loads(json.dumps(dict(data))),  # as it comes back
        issued_at=clock.now(),
        issued_on=day,
        staff_id=by.id,
        previous=series.last_digest,
    )
    document.digest = digest_of(document)
    series.last, series.last_digest = document.number, document.digest
    session.add(document)
    session.flush()
    logbook.record(
        session,
        "issued",
        document,
        by=by,
        day=day,
        label=document.label,
        title=title,
        sha256=document.sha256,
    )
    return document


def read(
    session: Session, hotel: Hotel, kind: Kind, number: int, *, year: int | None = None
) -> Document:
    """Return a paper with its bytes, of the newest year unless told; refuses one never issued."""
    wanted = (
        sa.select(Document)
        .join(Series, _same_series())
        .where(Document.hotel_id == hotel.id, Series.kind == kind, Document.number == number)
        .order_by(Series.year.desc())
        .limit(1)
        .options(undefer(Document.content))
    )
    found = session.scalar(wanted if year is None else wanted.where(Series.year == year))
    if found is None:
        raise NoSuchDocument(kind, number)
    return found


def content_of(session: Session, document: Document) -> bytes:
    """Return a paper's bytes as it was issued, opened where they stand under seal."""
    if document.kind not in SEALED:
        return document.content
    return content_keys.unseal(session, document.hotel_id, document.content, of=document.id)


def find(session: Session, hotel: Hotel, kind: Kind, day: date, title: str) -> Document | None:
    """Return the newest paper of a kind issued on a business day under a title."""
    return session.scalar(
        sa.select(Document)
        .where(
            Document.hotel_id == hotel.id,
            Document.kind == kind,
            Document.issued_on == day,
            Document.title == title,
        )
        .order_by(Document.number.desc())
        .limit(1)
    )


def wrong(session: Session, hotel: Hotel) -> list[str]:
    """Return the labels of papers that aren't what was issued, or don't follow the one before.

    Recounts every series from its first paper: number, bytes, digest, and the series' own head.
    """
    found = []
    for series in session.scalars(sa.select(Series).where(Series.hotel_id == hotel.id)):
        number, previous = 0, ""
        papers = session.execute(
            sa.select(Document, ContentKey)
            .outerjoin(
                ContentKey,
                sa.and_(ContentKey.hotel_id == Document.hotel_id, ContentKey.id == Document.id),
            )
            .where(Document.hotel_id == hotel.id, Document.series_id == series.id)
            .order_by(Document.number)
            .options(undefer(Document.content))
            .execution_options(yield_per=50, populate_existing=True)
        )
        for paper, key in papers:
            number += 1
            whole = content_keys.is_whole(paper.content, paper.sha256, key)
            follows = paper.number == number and paper.previous == previous
            if not whole or not follows or digest_of(paper) != paper.digest:
                found.append(paper.label)
            number, previous = paper.number, paper.digest
        if (series.last, series.last_digest) != (number, previous):
            found.append(_label(series, series.last))
    return found


def digest_of(document: Document) -> str:
    """Return SHA-256 of what a paper says, in canonical JSON without database ids."""
    words = {
        "label": document.label,
        "kind": document.kind.value,
        "number": document.number,
        "title": document.title,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "data": document.data,
        "issued_at": document.issued_at.isoformat(),
        "issued_on": document.issued_on.isoformat(),
        "previous": document.previous,
    }
    canonical = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _series(session: Session, hotel: Hotel, kind: Kind, day: date) -> Series:
    year = day.year if kind.by_year else 0
    new = {"hotel_id": hotel.id, "id": new_id(), "kind": kind, "prefix": kind.prefix, "year": year}
    insert_new(session, Series, [{**new, "last": 0, "last_digest": ""}])
    return session.scalars(
        sa.select(Series).where(
            Series.hotel_id == hotel.id, Series.kind == kind, Series.year == year
        )
    ).one()


def _label(series: Series, number: int) -> str:
    year = f"{series.year}-" if series.year else ""
    return f"{series.prefix}-{year}{number:05}"


def _same_series() -> sa.ColumnElement[bool]:
    return sa.and_(Series.hotel_id == Document.hotel_id, Series.id == Document.series_id)
