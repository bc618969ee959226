"""Handing out: a paper's files are made once and kept; the first print is the original."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.hotel.books.papers.tables import Paper, PaperFile, PaperPrint
from pms.hotel.house import business_day, files, logbook, outbox
from pms.hotel.house.files import KeptFile
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff, require


@dataclass(frozen=True, slots=True)
class Made:
    """A paper's files as bytes: the PDF, and the XML inside it where there is one."""

    pdf: bytes
    xml: bytes | None


def keep(session: Session, paper: Paper, made: Made, *, by: Staff) -> PaperFile:
    """Keep a paper's files; who comes second gets what is kept already."""
    require(by, Permission.SEE_PAPERS, paper.hotel_id)
    hotel = session.get_one(Hotel, paper.hotel_id)
    day = business_day.hold(session, hotel)
    kept = kept_of(session, paper)
    if kept is not None:
        return kept
    pdf = files.keep(
        session, hotel, name=f"{_name(paper)}.pdf", media_type="application/pdf", content=made.pdf
    )
    xml = made.xml and files.keep(
        session, hotel, name=f"{_name(paper)}.xml", media_type="text/xml", content=made.xml
    )
    kept = PaperFile(
        hotel_id=hotel.id,
        paper_id=paper.id,
        pdf_id=pdf.id,
        xml_id=xml.id if xml else None,
        made_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    logbook.record(session, "kept file", paper, by=by, day=day, name=pdf.name)
    return kept


def kept_of(session: Session, paper: Paper) -> PaperFile | None:
    """Return a paper's files, once they are made."""
    return session.get(
        PaperFile, {"hotel_id": paper.hotel_id, "paper_id": paper.id}, populate_existing=True
    )


def pdf_of(session: Session, kept: PaperFile) -> KeptFile:
    """Return the PDF with its bytes, as it was made."""
    return files.read(session, kept.hotel_id, kept.pdf_id)


def xml_of(session: Session, kept: PaperFile) -> KeptFile | None:
    """Return the XML with its bytes, if the paper has one."""
    return files.read(session, kept.hotel_id, kept.xml_id) if kept.xml_id is not None else None


def print_(session: Session, paper: Paper, *, by: Staff) -> PaperPrint:
    """Count one more print of a paper: number 1 is the original, the others are copies."""
    require(by, Permission.SEE_PAPERS, paper.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, paper.hotel_id))
    printed = _count(session, paper, by=by)
    logbook.record(session, "printed", paper, by=by, day=day, no=printed.no)
    return printed


def mail(
    session: Session,
    paper: Paper,
    *,
    to: str,
    subject: str,
    text: str,
    key: str,
    by: Staff,
) -> Letter:
    """Send a paper's original by mail, its PDF attached; refuses what is no address."""
    require(by, Permission.ISSUE_PAPERS, paper.hotel_id)
    hotel = session.get_one(Hotel, paper.hotel_id)
    day = business_day.hold(session, hotel)
    kept = kept_of(session, paper)
    if kept is None:
        raise LookupError(f"{paper.label} has no file yet.")
    letter = outbox.write(
        session,
        hotel,
        key=key,
        to=to,
        subject=subject,
        text=text,
        documents=[pdf_of(session, kept)],
        by=by,
    )
    _count(session, paper, by=by)
    logbook.record(session, "mailed", paper, by=by, day=day, letter=letter.id)
    return letter


def prints_of(session: Session, paper: Paper) -> int:
    """Return how often a paper was handed out or mailed."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(PaperPrint)
            .where(PaperPrint.hotel_id == paper.hotel_id, PaperPrint.paper_id == paper.id)
        )
        or 0
    )


def without_file(session: Session, hotel: Hotel, *, limit: int = 50) -> Sequence[Paper]:
    """Return papers whose files weren't made yet, the oldest first."""
    return session.scalars(
        sa.select(Paper)
        .outerjoin(
            PaperFile,
            sa.and_(PaperFile.hotel_id == Paper.hotel_id, PaperFile.paper_id == Paper.id),
        )
        .where(Paper.hotel_id == hotel.id, PaperFile.paper_id.is_(None))
        .order_by(Paper.id)
        .limit(limit)
    ).all()


def _count(session: Session, paper: Paper, *, by: Staff) -> PaperPrint:
    lock(session, paper)
    printed = PaperPrint(
        hotel_id=paper.hotel_id,
        id=new_id(),
        paper_id=paper.id,
        no=prints_of(session, paper) + 1,
        staff_id=by.id,
        printed_at=clock.now(),
    )
    session.add(printed)
    session.flush()
    return printed


def _name(paper: Paper) -> str:
    return paper.label.replace("/", "-")
