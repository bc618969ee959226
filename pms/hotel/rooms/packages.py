"""Packages: breakfast, half board, parking: what they cost, when they are posted, in which plans.

A change is for bookings made from then on: a reservation keeps its packages as they were agreed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, OfHotel, choice, lock, new_id, upsert, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.packaging import EVERY_DAY, EVERY_MEAL, Element, Per, Rhythm
from pms.hotel.rooms.pricing import OLDEST_CHILD
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.tariff import versions
from pms.hotel.tariff.charges import ChargeCode

LONGEST_CODE = 12


class Package(OfHotel, Base):
    """Something sold with a room; `price` in minor units, `meals` has a bit each (see `MEALS`)."""

    __tablename__ = "packages"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        within_hotel("charge_code_id", "charge_codes"),
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
        sa.CheckConstraint(f"weekdays BETWEEN 1 AND {EVERY_DAY}", name="some_weekday"),
        sa.CheckConstraint(f"meals BETWEEN 0 AND {EVERY_MEAL}", name="known_meals"),
    )

    code: Mapped[str]
    name: Mapped[str]
    charge_code_id: Mapped[int]
    per: Mapped[Per] = mapped_column(choice(Per, "per"))
    price: Mapped[int]
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm, "rhythm"))
    weekdays: Mapped[int] = mapped_column(sa.SmallInteger, default=EVERY_DAY)
    meals: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)


class PackageChild(Base):
    """What a child up to an age pays for a package, in minor units."""

    __tablename__ = "package_children"
    __table_args__ = (
        within_hotel("package_id", "packages"),
        sa.CheckConstraint(f"age BETWEEN 0 AND {OLDEST_CHILD}", name="age_of_a_child"),
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    package_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    age: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    price: Mapped[int]


class PlanPackage(Base):
    """A package of a plan: included in its price, or added to it."""

    __tablename__ = "plan_packages"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        within_hotel("package_id", "packages"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    package_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    included: Mapped[bool]


class PackageCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a package {code} already. Choose another code.", field="code")


class PackageNotSold(Refusal):
    """It was taken out of the catalogue."""

    def __init__(self, package: Package) -> None:
        super().__init__(
            f"{package.name} isn't sold any more. Sell it again first, or choose another.",
            field="package",
        )


@dataclass(frozen=True, slots=True)
class Details:
    """What a package is; `children` are prices up to an age, `weekdays` and `meals` bits."""

    name: str
    charge_code: ChargeCode
    per: Per
    price: Money
    rhythm: Rhythm = Rhythm.EVERY_NIGHT
    weekdays: int = EVERY_DAY
    meals: int = 0
    children: tuple[tuple[int, Money], ...] = ()

    def columns(self) -> dict[str, Any]:
        """Return what the package keeps of them."""
        return {
            "name": self.name.strip(),
            "charge_code_id": self.charge_code.id,
            "per": self.per,
            "price": self.price.minor,
            "rhythm": self.rhythm,
            "weekdays": self.weekdays if self.rhythm is Rhythm.WEEKDAYS else EVERY_DAY,
            "meals": self.meals,
        }


# --- the catalogue ------------------------------------------------------------------------------


def add(session: Session, hotel: Hotel, *, code: str, details: Details, by: Staff) -> Package:
    """Add a package; refuses a code in use, another currency, and prices that can't be."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    code = code.strip().upper()
    if not 1 <= len(code) <= LONGEST_CODE:
        raise Invalid(f"A package has a code of 1 to {LONGEST_CODE} characters.", field="code")
    _check(hotel, details)
    if by_code(session, hotel, code) is not None:
        raise PackageCodeTaken(code)
    package = Package(hotel_id=hotel.id, id=new_id(), code=code, **details.columns())
    session.add(package)
    _put_children(session, package, details)
    versions.renew(session, hotel.id)
    said = _words(package)
    logbook.record(session, "added package", package, by=by, day=day, code=code, **said)
    return package


def change(session: Session, package: Package, *, details: Details, by: Staff) -> None:
    """Change a package for bookings made from now on; refuses what `add` refuses."""
    require(by, Permission.SET_UP, package.hotel_id)
    hotel = session.get_one(Hotel, package.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    _check(hotel, details)
    before = _words(lock(session, package))
    for name, value in details.columns().items():
        setattr(package, name, value)
    _put_children(session, package, details)
    versions.renew(session, hotel.id)
    said = _words(package)
    logbook.record(session, "changed package", package, by=by, day=day, before=before, **said)


def sell(session: Session, package: Package, active: bool, *, by: Staff) -> None:
    """Sell a package, or no more; plans and reservations that have it keep it."""
    require(by, Permission.SET_UP, package.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, package.hotel_id))
    lock(session, package).active = active
    versions.renew(session, package.hotel_id)
    verb = "sells package" if active else "sells package no more"
    logbook.record(session, verb, package, by=by, day=day, code=package.code)


def attach(
    session: Session, plan: RatePlan, package: Package, *, included: bool, by: Staff
) -> None:
    """Let a plan bring a package, in its price or on top of it, for bookings made from now on.

    A plan has its own packages only, none of the plan it follows. Refuses one not sold any more.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if not package.active:
        raise PackageNotSold(package)
    row = {
        "hotel_id": hotel.id, "plan_id": plan.id, "package_id": package.id, "included": included
    }  # fmt: skip
    upsert(session, PlanPackage, [row], key=("hotel_id", "plan_id", "package_id"))
    versions.renew(session, hotel.id)
    logbook.record(
        session, "gave plan a package", plan, by=by, day=day,
        package=package.code, included=included,
    )  # fmt: skip


def detach(session: Session, plan: RatePlan, package: Package, *, by: Staff) -> None:
    """Take a package out of a plan, for bookings made from now on."""
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    session.execute(
        sa.delete(PlanPackage).where(
            PlanPackage.hotel_id == hotel.id,
            PlanPackage.plan_id == plan.id,
            PlanPackage.package_id == package.id,
        )
    )
    versions.renew(session, hotel.id)
    code = package.code
    logbook.record(session, "took package out of plan", plan, by=by, day=day, package=code)


def _check(hotel: Hotel, details: Details) -> None:
    if not details.name.strip():
        raise Invalid("A package has a name.", field="name")
    prices = [details.price, *(price for _, price in details.children)]
    if any(price.currency != hotel.currency for price in prices):
        raise Invalid(f"{hotel.name} counts in {hotel.currency}.", field="price")
    if any(price.minor < 0 for price in prices):
        raise Invalid("A package costs nothing or more.", field="price")
    ages = [age for age, _ in details.children]
    if len(set(ages)) < len(ages) or any(not 0 <= age <= OLDEST_CHILD for age in ages):
        raise Invalid(f"Say each age once, from 0 to {OLDEST_CHILD}.", field="children")
    if details.rhythm is Rhythm.WEEKDAYS and not 1 <= details.weekdays <= EVERY_DAY:
        raise Invalid("Choose at least one weekday.", field="weekdays")


def _put_children(session: Session, package: Package, details: Details) -> None:
    session.flush()
    which = {"hotel_id": package.hotel_id, "package_id": package.id}
    session.execute(sa.delete(PackageChild).filter_by(**which))
    if details.children:
        rows = [{**which, "age": age, "price": price.minor} for age, price in details.children]
        session.execute(sa.insert(PackageChild), rows)


def _words(package: Package) -> dict[str, Any]:
    names = ("name", "charge_code_id", "per", "price", "rhythm", "weekdays", "meals")
    return {name: getattr(package, name) for name in names}


# --- questions ----------------------------------------------------------------------------------


def by_code(session: Session, hotel: Hotel, code: str) -> Package | None:
    """Return the hotel's package of that code."""
    return session.scalar(
        sa.select(Package).where(Package.hotel_id == hotel.id, Package.code == code)
    )


def catalogue(session: Session, hotel: Hotel, *, sold: bool = False) -> list[Package]:
    """Return the hotel's packages by name; with `sold`, only those that are sold."""
    query = sa.select(Package).where(Package.hotel_id == hotel.id).order_by(Package.name)
    return list(session.scalars(query.where(Package.active) if sold else query))


def children_of(
    session: Session, hotel: Hotel, package_ids: Sequence[int] | None = None
) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return each package's prices of children by age, youngest first; of all, or of those."""
    query = (
        sa.select(PackageChild.package_id, PackageChild.age, PackageChild.price)
        .where(PackageChild.hotel_id == hotel.id)
        .order_by(PackageChild.package_id, PackageChild.age)
    )
    if package_ids is not None:
        query = query.where(PackageChild.package_id.in_(package_ids))
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for package_id, age, price in session.execute(query):
        found[package_id].append((age, price))
    return {package_id: tuple(rows) for package_id, rows in found.items()}


def of_plans(session: Session, hotel: Hotel) -> dict[int, tuple[Element, ...]]:
    """Return the packages of each plan that has some: those included first, then by code."""
    rows = session.execute(
        sa.select(Package, PlanPackage.plan_id, PlanPackage.included, ChargeCode.tax_class_id)
        .join(
            PlanPackage,
            sa.and_(PlanPackage.hotel_id == Package.hotel_id, PlanPackage.package_id == Package.id),
        )
        .join(
            ChargeCode,
            sa.and_(
                ChargeCode.hotel_id == Package.hotel_id, ChargeCode.id == Package.charge_code_id
            ),
        )
        .where(Package.hotel_id == hotel.id)
        .order_by(PlanPackage.included.desc(), Package.code)
    ).all()
    children = children_of(session, hotel) if rows else {}
    found: dict[int, list[Element]] = defaultdict(list)
    for package, plan_id, included, tax_class_id in rows:
        of_children = children.get(package.id, ())
        element = element_of(package, tax_class_id, of_children, included=included, plan_id=plan_id)
        found[plan_id].append(element)
    return {plan_id: tuple(each) for plan_id, each in found.items()}


def element_of(
    package: Package,
    tax_class_id: int | None,
    children: tuple[tuple[int, int], ...],
    *,
    included: bool,
    plan_id: int | None = None,
) -> Element:
    """Return a package as a plain value."""
    return Element(
        package_id=package.id,
        code=package.code,
        name=package.name,
        charge_code_id=package.charge_code_id,
        tax_class_id=tax_class_id,
        per=package.per,
        price=package.price,
        rhythm=package.rhythm,
        weekdays=package.weekdays,
        meals=package.meals,
        included=included,
        children=children,
        plan_id=plan_id,
    )
