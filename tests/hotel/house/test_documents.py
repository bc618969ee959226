"""Documents: numbered without a gap, kept byte for byte, chained."""

import hashlib
import threading
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pms.base.db import new_id, transaction
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, documents, logbook
from pms.hotel.house.documents import Document, Kind, Series
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role, Staff
from tests import founding
from tests.engines import ONE_ENGINE


def issue(session: Session, hotel: Hotel, by: Staff, **details: Any) -> Document:
    """Issue an invoice, or what is said instead."""
    usual: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "title": "Invoice for Ana",
        "content": b"%PDF one",
        "media_type": "application/pdf",
        "data": {"total": "120.00 EUR", "nights": [1, 2]},
    }
    with founding.writing(session):
        return documents.issue(session, hotel, **{**usual, **details}, by=by)


@pytest.fixture
def hotel(session: Session) -> Hotel:
    """A hotel."""
    return founding.hotel(session)


@pytest.fixture
def by(session: Session, hotel: Hotel) -> Staff:
    """Its manager."""
    return founding.staff(session, hotel)


def test_a_paper_keeps_its_number_bytes_and_what_it_was_made_from(
    session: Session, hotel: Hotel, by: Staff
) -> None:
    issue(session, hotel, by)
    session.expunge_all()

    paper = documents.read(session, hotel, Kind.INVOICE, 1)

    assert (paper.label, paper.number) == ("INV-2026-00001", 1)
    assert paper.content == b"%PDF one"
    assert paper.sha256 == hashlib.sha256(b"%PDF one").hexdigest()
    assert paper.data == {"total": "120.00 EUR", "nights": [1, 2]}
    assert paper.issued_on == founding.FIRST_DAY
    assert documents.wrong(session, hotel) == []
    assert [line.verb for line in logbook.history(session, paper)] == ["issued"]


def test_each_kind_hotel_and_year_counts_by_itself(
    session: Session, hotel: Hotel, by: Staff
) -> None:
    opened = date(2026, 12, 31)
    other = founding.hotel(session, opens_on=opened)
    them = founding.staff(session, other)
    labels = [issue(session, hotel, by).label for _ in range(2)]
    labels.append(issue(session, hotel, by, kind=Kind.AUDIT_REPORT).label)
    labels.append(issue(session, other, them).label)

    with transaction(session):
        business_day.roll(session, other, closing=opened)
    labels.append(issue(session, other, them).label)

    assert labels == [
        "INV-2026-00001",
        "INV-2026-00002",
        "NA-00001",
        "INV-2026-00001",
        "INV-2027-00001",
    ]
    assert documents.read(session, other, Kind.INVOICE, 1).label == "INV-2027-00001"
    assert documents.read(session, other, Kind.INVOICE, 1, year=2026).label == "INV-2026-00001"


def test_a_deed_that_fails_gives_the_number_back(session: Session, hotel: Hotel, by: Staff) -> None:
    with pytest.raises(Refusal), transaction(session):
        issue(session, hotel, by)
        raise Refusal("No.")

    assert issue(session, hotel, by).number == 1


def test_many_clerks_leave_no_gap(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    def clerk() -> None:
        with Session(engine) as own:
            for turn in range(5):
                try:
                    with transaction(own):
                        issue(own, own.get_one(Hotel, hotel.id), by)
                        if turn == 2:
                            raise Refusal("No.")
                except Refusal:
                    pass

    threads = [threading.Thread(target=clerk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = session.scalars(sa.select(Document.number).order_by(Document.number)).all()
    assert numbers == list(range(1, 17))
    assert documents.wrong(session, hotel) == []


@ONE_ENGINE
def test_what_is_no_paper_or_was_never_issued_is_refused(
    session: Session, hotel: Hotel, by: Staff
) -> None:
    with pytest.raises(Invalid, match="something in it"):
        issue(session, hotel, by, content=b"")
    with pytest.raises(documents.NoSuchDocument, match="No invoice 1 was issued"):
        documents.read(session, hotel, Kind.INVOICE, 1)
    with pytest.raises(NotAllowed):
        issue(session, hotel, founding.staff(session, hotel, Role.HOUSEKEEPER))


def test_a_paper_is_found_by_day_and_title(session: Session, hotel: Hotel, by: Staff) -> None:
    issue(session, hotel, by, title="Flash", kind=Kind.AUDIT_REPORT)
    newer = issue(session, hotel, by, title="Flash", kind=Kind.AUDIT_REPORT)

    def found(day: date) -> Document | None:
        return documents.find(session, hotel, Kind.AUDIT_REPORT, day, "Flash")

    assert found(founding.FIRST_DAY) is newer
    assert found(founding.FIRST_DAY + timedelta(days=1)) is None


# --- the database itself ----------------------------------------------------------------------


def test_the_database_itself_refuses_to_change_a_paper(
    session: Session, hotel: Hotel, by: Staff
) -> None:
    issue(session, hotel, by)

    for deed in (
        "UPDATE documents SET title = 'another'",
        "DELETE FROM documents",
        "UPDATE document_series SET last = last + 2",
        "UPDATE document_series SET last = last - 1",
        "DELETE FROM document_series",
    ):
        with pytest.raises(DatabaseError), transaction(session):
            session.execute(sa.text(deed))


@pytest.mark.parametrize(
    ("number", "previous", "why"),
    [(3, None, "gap|chained"), (1, None, "gap|chained"), (2, "0" * 64, "chained")],
)
def test_the_database_itself_refuses_a_gap_and_a_broken_chain(
    session: Session, hotel: Hotel, by: Staff, number: int, previous: str | None, why: str
) -> None:
    first = issue(session, hotel, by)
    row = {column.key: getattr(first, column.key) for column in sa.inspect(Document).columns}

    with pytest.raises(DatabaseError, match=why), transaction(session):
        session.execute(
            sa.insert(Document),
            [{**row, "id": new_id(), "number": number, "previous": previous or first.digest}],
        )


def test_a_paper_changed_behind_the_triggers_back_is_named(
    session: Session, hotel: Hotel, by: Staff
) -> None:
    for _ in range(3):
        issue(session, hotel, by)
    on = "" if session.get_bind().dialect.name == "sqlite" else " ON documents"
    with transaction(session):
        session.execute(sa.text(f"DROP TRIGGER documents_no_update{on}"))
        session.execute(sa.update(Document).where(Document.number == 2).values(content=b"forged"))

    assert documents.wrong(session, hotel) == ["INV-2026-00002"]
    assert session.scalars(sa.select(Series.last)).one() == 3
