"""The outbox: letters that leave the house after the deed they tell of is committed.

Three steps: *intend* (the letter and its job, in the deed's own transaction), *call* (the carrier
is handed the letter with no transaction open), *settle* (it is marked sent, once). A worker that
dies between call and settle sends the letter again under the same message id.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from pms.base import card_numbers, clock
from pms.base.db import Base, OfHotel, insert_new, new_id, transaction
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, documents, jobs, logbook
from pms.hotel.house.documents import Document
from pms.hotel.house.files import KeptFile
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

JOB = "letter"


class LetterKeyTaken(Refusal):
    def __init__(self) -> None:
        super().__init__("Another letter was written under that key. Look at it in the outbox.")


class Letter(OfHotel, Base):
    """One letter to one address; it can be erased, so it is not written in ink."""

    __tablename__ = "letters"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "key"),
        sa.CheckConstraint("length(content_digest) = 64", name="has_digest"),
        sa.Index(None, "hotel_id", "sent_at"),
    )

    key: Mapped[str]
    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    document_ids: Mapped[list[str]]
    content_digest: Mapped[str] = mapped_column(sa.String(64))
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Parcel:
    """A letter as a carrier takes it; `attachments` are (name, media type, bytes)."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str | None
    attachments: tuple[tuple[str, str, bytes], ...]


Carrier = Callable[[Parcel], None]


def write(
    session: Session,
    hotel: Hotel,
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    documents: Sequence[Document | KeptFile] = (),
    by: Staff,
) -> Letter:
    """Intend a letter: it leaves after this transaction, if it commits.

    The same key with the same words answers the letter there is; with other words it is refused,
    as is an address or a subject that can't be one, and a card's number.
    """
    require(by, Permission.LOOK, hotel.id)
    to = address(to)
    card_numbers.refuse(subject=subject, text=text)
    if not subject.strip() or not subject.isprintable() or len(subject) > 200:
        raise Invalid("A subject is one line of at most 200 characters.", field="subject")
    papers = [str(document.id) for document in documents]
    words = json.dumps([to, subject, text, html, papers], ensure_ascii=False)
    row = {
        "hotel_id": hotel.id,
        "id": new_id(),
        "key": key,
        "to": to,
        "subject": subject,
        "text": text,
        "html": html,
        "document_ids": papers,
        "content_digest": hashlib.sha256(words.encode()).hexdigest(),
        "written_at": clock.now(),
    }
    insert_new(session, Letter, [row])
    letter = session.scalars(
        sa.select(Letter).where(Letter.hotel_id == hotel.id, Letter.key == key)
    ).one()
    if letter.content_digest != row["content_digest"]:
        raise LetterKeyTaken
    if letter.id == row["id"]:
        day = business_day.today(session, hotel)
        logbook.record(session, "wrote", letter, by=by, day=day, key=key, subject=subject)
        payload = {"letter": str(letter.id)}
        jobs.enqueue(session, hotel, JOB, payload, key=f"{JOB}/{letter.id}")
    return letter


def deliver(session: Session, claim: jobs.Claim, carry: Carrier) -> None:
    """Hand the claimed job's letter to the carrier and mark it sent; a sent one is left alone.

    Whatever the carrier raises goes on to the job, which is tried again later.
    """
    key = {"hotel_id": claim.hotel_id, "id": int(claim.payload["letter"])}
    letter = session.get(Letter, key, populate_existing=True)
    if letter is None or letter.sent_at is not None:
        return
    parcel = _parcel(session, letter)
    session.rollback()
    carry(parcel)
    with transaction(session):
        session.execute(
            sa.update(Letter)
            .where(Letter.hotel_id == key["hotel_id"], Letter.id == key["id"])
            .where(Letter.sent_at.is_(None))
            .values(sent_at=clock.now())
        )


def unsent(session: Session, hotel: Hotel, *, limit: int = 50) -> Sequence[tuple[Letter, jobs.Job]]:
    """Return letters that haven't left, each with the job that says why, the oldest first."""
    same = sa.and_(
        jobs.Job.hotel_id == Letter.hotel_id,
        jobs.Job.key == sa.literal(f"{JOB}/").concat(sa.cast(Letter.id, sa.String)),
    )
    rows = session.execute(
        sa.select(Letter, jobs.Job)
        .join(jobs.Job, same)
        .where(Letter.hotel_id == hotel.id, Letter.sent_at.is_(None))
        .order_by(Letter.id)
        .limit(limit)
    )
    return [(letter, job) for letter, job in rows]


def handlers(carry: Carrier) -> Mapping[str, jobs.Handler]:
    """Return who does the outbox's jobs, with a carrier to hand letters to."""
    return {JOB: lambda session, claim: deliver(session, claim, carry)}


def _parcel(session: Session, letter: Letter) -> Parcel:
    wanted = [int(each) for each in letter.document_ids]
    papers = session.scalars(
        sa.select(Document)
        .where(Document.hotel_id == letter.hotel_id, Document.id.in_(wanted))
        .order_by(Document.id)
        .options(undefer(Document.content))
    ).all()
    files = session.scalars(
        sa.select(KeptFile)
        .where(KeptFile.hotel_id == letter.hotel_id, KeptFile.id.in_(wanted))
        .order_by(KeptFile.id)
        .options(undefer(KeptFile.content))
    ).all()
    return Parcel(
        message_id=f"<{letter.hotel_id}.{letter.id}@letters.pms.invalid>",
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        attachments=(
            *(
                (paper.label, paper.media_type, documents.content_of(session, paper))
                for paper in papers
            ),
            *((file.name, file.media_type, file.content) for file in files),
        ),
    )


def address(to: str, *, at: str = "to") -> str:
    """Return an e-mail address as it is written to; refuses what can't be one."""
    name, _, domain = to.strip().rpartition("@")
    plain = to.isprintable() and not any(letter in to for letter in ' ,;:<>"')
    if not name or "." not in domain or not plain or len(to) > 254:
        raise Invalid("That is no e-mail address.", field=at)
    return to.strip()
