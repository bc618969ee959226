"""What a folio is: a page of the guest ledger, with windows."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel

WINDOWS = 8


class FolioKind(enum.StrEnum):
    """Whose bill it is."""

    GUEST = "guest"
    GROUP = "group"
    COMPANY = "company"
    HOUSE = "house"
    PASSER_BY = "passer_by"


class FolioState(enum.StrEnum):
    """Whether it can still be charged."""

    OPEN = "open"
    CLOSED = "closed"


class FolioWindow(Base):
    """One window: an account of the guest ledger, and who pays it."""

    __tablename__ = "folio_windows"
    __table_args__ = (
        within_hotel("folio_id", "folios"),
        within_hotel("account_id", "accounts"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("payee_guest_id", "guests"),
        within_chain("payee_company_id", "companies"),
        sa.UniqueConstraint("hotel_id", "account_id"),
        sa.CheckConstraint(f"no BETWEEN 1 AND {WINDOWS}", name="one_to_eight"),
        sa.CheckConstraint(
            "payee_guest_id IS NULL OR payee_company_id IS NULL", name="one_payee_at_most"
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folio_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[int]
    chain_id: Mapped[int]
    payee_guest_id: Mapped[int | None]
    payee_company_id: Mapped[int | None]
    payee_name: Mapped[str | None]
    address: Mapped[str | None]


class Folio(OfHotel, Base):
    """A bill: its windows are accounts, its balance is the sum of their lines."""

    __tablename__ = "folios"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on_a_day"),
        sa.Index(None, "hotel_id", "state", "kind"),
    )

    number: Mapped[int]
    kind: Mapped[FolioKind] = mapped_column(choice(FolioKind))
    name: Mapped[str]
    state: Mapped[FolioState] = mapped_column(choice(FolioState), default=FolioState.OPEN)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    credit_limit: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    windows: Mapped[list[FolioWindow]] = relationship(viewonly=True, order_by=FolioWindow.no)


ink.guard(
    "folios_close_settled",
    table="folios",
    when="UPDATE",
    refuse_if=(
        "NEW.state = 'closed' AND EXISTS (SELECT w.no FROM folio_windows w JOIN lines l"
        " ON l.hotel_id = w.hotel_id AND l.account_id = w.account_id"
        " WHERE w.hotel_id = NEW.hotel_id AND w.folio_id = NEW.id"
        " GROUP BY w.no HAVING SUM(l.amount) <> 0)"
    ),
    message="a folio closes when each of its windows is settled",
)
ink.guard(
    "lines_on_open_folios",
    table="lines",
    when="INSERT",
    refuse_if=(
        "EXISTS (SELECT 1 FROM folio_windows w JOIN folios f"
        " ON f.hotel_id = w.hotel_id AND f.id = w.folio_id"
        " WHERE w.hotel_id = NEW.hotel_id AND w.account_id = NEW.account_id"
        " AND f.state = 'closed')"
    ),
    message="that folio is closed",
)
