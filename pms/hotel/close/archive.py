"""The archive: a closed day's reports, kept byte for byte as they were first printed."""

import hashlib
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, insert_new
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel


class NotArchived(Refusal):
    """There is no such report of that day."""

    status = 404

    def __init__(self, name: str, day: date) -> None:
        super().__init__(f"No {name} of {day:%a %d %b %Y} is archived. Choose a closed day.")


class ArchivedReport(Base):
    """One report of one closed day in one form (csv or json)."""

    __tablename__ = "archived_reports"

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    content: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(sa.String(64))


ink.append_only("archived_reports")


def keep(session: Session, hotel: Hotel, day: date, papers: dict[tuple[str, str], bytes]) -> None:
    """Put a day's reports away by (name, form); one that is there already stays as it is."""
    rows = [
        {
            "hotel_id": hotel.id,
            "day": day,
            "name": name,
            "form": form,
            "content": content,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for (name, form), content in papers.items()
    ]
    insert_new(session, ArchivedReport, rows)


def reprint(session: Session, hotel: Hotel, day: date, name: str, form: str) -> bytes:
    """Return a report as it was printed that night; refuses one that isn't there."""
    kept = session.get(
        ArchivedReport, {"hotel_id": hotel.id, "day": day, "name": name, "form": form}
    )
    if kept is None:
        raise NotArchived(name, day)
    return kept.content


def contents(session: Session, hotel: Hotel, day: date) -> list[tuple[str, str, int]]:
    """Return name, form and size of what is archived of a day."""
    rows = session.execute(
        sa.select(ArchivedReport.name, ArchivedReport.form, sa.func.length(ArchivedReport.content))
        .where(ArchivedReport.hotel_id == hotel.id, ArchivedReport.day == day)
        .order_by(ArchivedReport.name, ArchivedReport.form)
    )
    return [(row[0], row[1], row[2]) for row in rows]
