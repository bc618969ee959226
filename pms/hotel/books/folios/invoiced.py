"""What of a folio stands on an issued paper: it is no longer moved or voided, only credited."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.books.ledger.tables import Entry

_COVERS = "SELECT COALESCE(SUM(covers), 0) FROM paper_entries WHERE hotel_id = NEW.hotel_id"


class PaperEntry(Base):
    """A posting that a paper put on itself (`covers` 1), or that a credit note let go (-1).

    `turn` counts how often it was let go and invoiced anew; its key makes two who invoice the
    same posting at once one too many. `line_no` is the line of the paper that says it.
    """

    __tablename__ = "paper_entries"
    __table_args__ = (
        within_hotel("paper_id", "papers"),
        within_hotel("entry_id", "entries"),
        within_hotel("account_id", "accounts"),
        sa.UniqueConstraint("hotel_id", "account_id", "entry_id", "turn", "covers"),
        sa.CheckConstraint("covers IN (1, -1)", name="covers_or_lets_go"),
        sa.Index(None, "hotel_id", "entry_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    paper_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    covers: Mapped[int] = mapped_column(sa.SmallInteger)
    turn: Mapped[int] = mapped_column(sa.SmallInteger)
    line_no: Mapped[int | None] = mapped_column(sa.SmallInteger)


ink.append_only("paper_entries")
ink.guard(
    "paper_entries_once",
    table="paper_entries",
    when="INSERT",
    refuse_if=f"({_COVERS} AND account_id = NEW.account_id AND entry_id = NEW.entry_id)"
    " <> (1 - NEW.covers) / 2",
    message="a posting is on one paper at a time",
)
# A transfer writes first what leaves, so its first line's account is where it was taken from.
_FIRST = "SELECT account_id FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id"
_TAKEN_FROM = (
    "SELECT 1 FROM entries t JOIN lines f"
    " ON f.hotel_id = t.hotel_id AND f.entry_id = t.id AND f.no = 1"
    " JOIN paper_entries p ON p.hotel_id = t.hotel_id AND p.entry_id = t.concerns_id"
    " AND p.account_id = f.account_id"
    " WHERE t.hotel_id = NEW.hotel_id AND t.id = NEW.reverses_id AND t.kind = 'transfer'"
    " GROUP BY p.entry_id HAVING SUM(p.covers) > 0"
)
ink.guard(
    "entries_leave_papers_alone",
    table="entries",
    when="INSERT",
    refuse_if=f"(NEW.reverses_id IS NOT NULL AND ({_COVERS} AND entry_id = NEW.reverses_id) > 0)"
    f" OR (NEW.reverses_id IS NOT NULL AND EXISTS ({_TAKEN_FROM}))"
    " OR (NEW.kind = 'transfer' AND NEW.concerns_id IS NOT NULL"
    f" AND ({_COVERS} AND entry_id = NEW.concerns_id AND account_id = ({_FIRST} AND no = 1)) > 0)",
    message="what is invoiced is credited before it changes",
)


class OnPaper(Refusal):
    """The posting stands on an issued paper."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is invoiced. Issue a credit note first, then change it.")


def refuse_invoiced(session: Session, entry: Entry, account_id: int | None = None) -> None:
    """Refuse to change a posting that stands on an issued paper, or its part on one account."""
    covered = sa.select(sa.func.sum(PaperEntry.covers)).where(
        PaperEntry.hotel_id == entry.hotel_id, PaperEntry.entry_id == entry.id
    )
    if account_id is not None:
        covered = covered.where(PaperEntry.account_id == account_id)
    if session.scalar(covered):
        raise OnPaper(entry.text)
