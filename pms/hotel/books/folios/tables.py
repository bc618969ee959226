"""What a folio is: a page of the guest ledger, with windows, and where its charges are routed."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.tariff.charges import ChargeCode, Department

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


class RoutingRule(OfHotel, Base):
    """Which charges of a folio go to another window: a code's, a department's, or all.

    `first_night` and `last_night` bound it, both included; without them it is the whole stay. Of
    several that fit, the lowest `priority` wins. Taxes follow what they are on.
    """

    __tablename__ = "routing_rules"
    __table_args__ = (
        within_hotel("folio_id", "folios"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.ForeignKeyConstraint(
            ["hotel_id", "to_folio_id", "to_window"],
            ["folio_windows.hotel_id", "folio_windows.folio_id", "folio_windows.no"],
        ),
        sa.CheckConstraint(
            "charge_code_id IS NULL OR department IS NULL", name="code_or_department"
        ),
        sa.CheckConstraint(
            "first_night IS NULL OR last_night IS NULL OR first_night <= last_night",
            name="from_first_to_last",
        ),
        sa.Index(None, "hotel_id", "folio_id"),
    )

    folio_id: Mapped[int]
    charge_code_id: Mapped[int | None]
    department: Mapped[Department | None] = mapped_column(choice(Department))
    first_night: Mapped[date | None]
    last_night: Mapped[date | None]
    to_folio_id: Mapped[int]
    to_window: Mapped[int] = mapped_column(sa.SmallInteger)
    priority: Mapped[int] = mapped_column(default=100)

    def fits(self, code: ChargeCode, night: date) -> bool:
        """Tell whether a charge for that night goes this way."""
        return (
            self.charge_code_id in (None, code.id)
            and self.department in (None, code.department)
            and (self.first_night is None or self.first_night <= night)
            and (self.last_night is None or night <= self.last_night)
        )


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
