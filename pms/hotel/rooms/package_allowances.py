"""Package allowances: what may be consumed against a package, each day or over the stay.

The package costs what it costs. What is charged under its allowance's codes is taken off the bill
as far as the allowance goes; a change is for bookings made from then on.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, choice, upsert, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.packages import Package
from pms.hotel.rooms.packaging import Allowance, Span
from pms.hotel.tariff import versions
from pms.hotel.tariff.charges import ChargeCode

MOST_CODES = 50


class PackageAllowance(Base):
    """What may be consumed against a package: `amount` for each unit its price is for."""

    __tablename__ = "package_allowances"
    __table_args__ = (
        within_hotel("package_id", "packages"),
        sa.CheckConstraint("amount > 0", name="allows_something"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    package_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    span: Mapped[Span] = mapped_column(choice(Span, "span"))
    amount: Mapped[int]


class AllowanceCode(Base):
    """A charge code whose charges a package's allowance takes."""

    __tablename__ = "allowance_codes"
    __table_args__ = (
        within_hotel("package_id", "packages"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.Index(None, "hotel_id", "charge_code_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    package_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    charge_code_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def allow(
    session: Session,
    package: Package,
    *,
    span: Span,
    amount: Money,
    codes: Collection[ChargeCode],
    by: Staff,
) -> None:
    """Let guests consume an amount against a package, of what is charged under some codes.

    Refuses nothing to consume or to consume it of, another currency, and the package's own code:
    its price isn't consumed.
    """
    require(by, Permission.SET_UP, package.hotel_id)
    hotel = session.get_one(Hotel, package.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if amount.currency != hotel.currency:
        raise Invalid(f"{hotel.name} counts in {hotel.currency}.", field="allowance")
    if amount.minor <= 0:
        raise Invalid("An allowance is more than nothing.", field="allowance")
    if not 1 <= len(codes) <= MOST_CODES:
        raise Invalid("Say what is consumed against it.", field="allowance_codes")
    if any(code.id == package.charge_code_id for code in codes):
        raise Invalid(
            "The package is posted under that code itself. Choose what is sold.",
            field="allowance_codes",
        )
    which = {"hotel_id": hotel.id, "package_id": package.id}
    row = which | {"span": span, "amount": amount.minor}
    upsert(session, PackageAllowance, [row], key=tuple(which))
    session.execute(sa.delete(AllowanceCode).filter_by(**which))
    session.execute(
        sa.insert(AllowanceCode), [which | {"charge_code_id": code.id} for code in codes]
    )
    versions.renew(session, hotel.id)
    logbook.record(
        session, "set allowance", package, by=by, day=day,
        span=span, amount=amount, codes=sorted(code.code for code in codes),
    )  # fmt: skip


def allow_nothing(session: Session, package: Package, *, by: Staff) -> None:
    """Let nothing be consumed against a package any more; bookings keep what was agreed."""
    require(by, Permission.SET_UP, package.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, package.hotel_id))
    which = {"hotel_id": package.hotel_id, "package_id": package.id}
    if session.get(PackageAllowance, which) is None:
        return
    session.execute(sa.delete(PackageAllowance).filter_by(**which))
    versions.renew(session, package.hotel_id)
    logbook.record(session, "took off allowance", package, by=by, day=day)


def of(
    session: Session, hotel: Hotel, package_ids: Sequence[int] | None = None
) -> dict[int, Allowance]:
    """Return the allowance of each package that has one; of all, or of those."""
    query = sa.select(
        PackageAllowance.package_id, PackageAllowance.span, PackageAllowance.amount
    ).where(PackageAllowance.hotel_id == hotel.id)
    if package_ids is not None:
        query = query.where(PackageAllowance.package_id.in_(package_ids))
    return {row.package_id: Allowance(row.span, row.amount) for row in session.execute(query)}


def codes_of(session: Session, hotel: Hotel) -> dict[int, list[ChargeCode]]:
    """Return what is consumed against each package, by code."""
    rows = session.execute(
        sa.select(AllowanceCode.package_id, ChargeCode)
        .join(
            ChargeCode,
            sa.and_(
                ChargeCode.hotel_id == AllowanceCode.hotel_id,
                ChargeCode.id == AllowanceCode.charge_code_id,
            ),
        )
        .where(AllowanceCode.hotel_id == hotel.id)
        .order_by(ChargeCode.code)
    )
    found: dict[int, list[ChargeCode]] = defaultdict(list)
    for package_id, code in rows:
        found[package_id].append(code)
    return found


def taking(session: Session, hotel_id: int, charge_code_id: int) -> set[int]:
    """Return the ids of the packages against which a charge code is consumed."""
    return set(
        session.scalars(
            sa.select(AllowanceCode.package_id).where(
                AllowanceCode.hotel_id == hotel_id,
                AllowanceCode.charge_code_id == charge_code_id,
            )
        )
    )
