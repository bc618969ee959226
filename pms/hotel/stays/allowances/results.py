"""Results: what packages with an allowance brought, what was consumed, and what is left of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Account, Entry, Ledger, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.packages import Package
from pms.hotel.stays.allowances.tables import AllowanceUse
from pms.hotel.stays.package_charges import PACKAGE
from pms.hotel.stays.reservations.package_tables import ReservationAllowance, ReservationPackage


@dataclass(frozen=True, slots=True)
class Used:
    """A package's allowance over some days, net of taxes: what it brought and what was consumed."""

    package: Package
    posted: Money
    consumed: Money

    @property
    def result(self) -> Money:
        """The house's profit, or below zero its loss."""
        return self.posted - self.consumed


def used(session: Session, hotel: Hotel, first: date, last: date) -> list[Used]:
    """Return what packages with an allowance brought and gave in some days, by name.

    Both by the day the allowance fell on, net of taxes; what was voided counts for nothing.
    """
    posted = _by_package(session, hotel, _posted(hotel, first, last))
    consumed = _by_package(session, hotel, _consumed(hotel, first, last))
    packages = session.scalars(
        sa.select(Package)
        .where(Package.hotel_id == hotel.id, Package.id.in_({*posted, *consumed}))
        .order_by(Package.name)
    )
    return [
        Used(
            each,
            Money(-posted.get(each.id, 0), hotel.currency),
            Money(consumed.get(each.id, 0), hotel.currency),
        )
        for each in packages
    ]


def _by_package(
    session: Session, hotel: Hotel, of_entries: sa.Select[*tuple[Any, ...]]
) -> dict[int, int]:
    """Return what stands on revenue accounts by package, debits above zero."""
    which = of_entries.subquery("which")
    rows = session.execute(
        sa.select(ReservationPackage.package_id, sa.func.sum(Line.amount))
        .select_from(which)
        .join(
            ReservationPackage,
            sa.and_(
                ReservationPackage.hotel_id == hotel.id,
                ReservationPackage.reservation_id == which.c.reservation_id,
                ReservationPackage.no == which.c.no,
            ),
        )
        .join(Line, sa.and_(Line.hotel_id == hotel.id, Line.entry_id == which.c.entry_id))
        .join(
            Account,
            sa.and_(
                Account.hotel_id == hotel.id,
                Account.id == Line.account_id,
                Account.ledger == Ledger.REVENUE,
            ),
        )
        .group_by(ReservationPackage.package_id)
    )
    return {package_id: int(amount) for package_id, amount in rows}


def _posted(hotel: Hotel, first: date, last: date) -> sa.Select[*tuple[Any, ...]]:
    rule = sa.literal(PACKAGE).concat(sa.cast(ReservationAllowance.no, sa.String))
    return (
        sa.select(
            Entry.id.label("entry_id"),
            ReservationAllowance.reservation_id,
            ReservationAllowance.no,
        )
        .join(
            ReservationAllowance,
            sa.and_(
                ReservationAllowance.hotel_id == Entry.hotel_id,
                ReservationAllowance.reservation_id == Entry.subject_id,
                rule == Entry.rule,
            ),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.service_night.between(first, last),
            ledger.standing(),
        )
    )


def _consumed(hotel: Hotel, first: date, last: date) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(AllowanceUse.entry_id, AllowanceUse.reservation_id, AllowanceUse.no)
        .join(
            Entry,
            sa.and_(Entry.hotel_id == AllowanceUse.hotel_id, Entry.id == AllowanceUse.entry_id),
        )
        .where(
            AllowanceUse.hotel_id == hotel.id,
            AllowanceUse.since.between(first, last),
            ledger.standing(),
        )
    )
