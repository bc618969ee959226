"""Packages of a reservation: those its plan brought and those it asked for, as they were agreed.

A row is never changed but for what the party's children come to, and for the day it is taken off:
what was agreed before stays to be read, and the night audit posts each row once a night.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import package_allowances, packages, packaging
from pms.hotel.rooms.packages import Package, PackageNotSold
from pms.hotel.rooms.packaging import Allowance, Element, Per, Rhythm, Share
from pms.hotel.rooms.pricing import Party
from pms.hotel.stays.reservations import agreed
from pms.hotel.stays.reservations.package_tables import (
    MOST,
    ReservationAllowance,
    ReservationPackage,
)
from pms.hotel.stays.reservations.promise import Purpose, Reservation, State
from pms.hotel.stays.reservations.refusals import InThePast, WrongState
from pms.hotel.tariff.charges import ChargeCode


class TakenOffAlready(Invalid):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__("It is taken off already. Look at the reservation again.", field="no")


@dataclass(frozen=True, slots=True)
class Agreed:
    """A package of a reservation as it is reckoned, with its number there."""

    no: int
    element: Element


# --- with the booking ---------------------------------------------------------------------------


def keep(
    session: Session,
    reservation: Reservation,
    elements: Sequence[Element],
    ages: tuple[int, ...],
) -> None:
    """Keep what a plan brings with a new booking; no question where it brings nothing."""
    if elements and not reservation.is_day_use:
        _write(session, reservation, elements, ages, after=0)


def follow(
    session: Session,
    reservation: Reservation,
    elements: Sequence[Element],
    *,
    ages: tuple[int, ...],
    day: date,
    anew: bool,
) -> None:
    """Let the packages follow an amended reservation, whose plan brings `elements`.

    A plan it didn't have yet brings its packages; one that is priced `anew` brings them as they
    are today, from today on. Children cost what they cost where the row was agreed.
    """
    rows = of(session, reservation)
    party = Party(reservation.adults, reservation.children, ages)
    for row in rows:
        row.children_price = _value(row).of_children(party)
    of_plan = [row for row in rows if row.plan_id == reservation.plan_id]
    brought = {row.package_id for row in of_plan}
    if of_plan and not anew:
        return
    begun = reservation.arrival < day
    if anew:
        kept = {row.package_id for row in of_plan if begun and row.rhythm is Rhythm.ONCE}
        for row in of_plan:
            if row.taken_off_on is None and row.package_id not in kept:
                row.taken_off_on = day
        brought = kept
        session.flush()
    fresh = [each for each in elements if each.package_id not in brought]
    after = max((row.no for row in rows), default=0)
    _write(session, reservation, fresh, ages, after=after, first=day if begun else None)


def _write(
    session: Session,
    reservation: Reservation,
    elements: Iterable[Element],
    ages: tuple[int, ...],
    *,
    after: int,
    first: date | None = None,
) -> None:
    party = Party(reservation.adults, reservation.children, ages)
    numbered = list(enumerate(elements, start=after + 1))
    session.add_all(
        ReservationPackage(
            hotel_id=reservation.hotel_id,
            reservation_id=reservation.id,
            no=no,
            package_id=each.package_id,
            plan_id=each.plan_id,
            charge_code_id=each.charge_code_id,
            included=each.included,
            quantity=each.quantity,
            per=each.per,
            price=each.price,
            child_prices=[list(pair) for pair in each.children],
            children_price=each.of_children(party),
            rhythm=each.rhythm,
            weekdays=each.weekdays,
            first=first,
        )
        for no, each in numbered
    )
    session.flush()
    session.add_all(
        ReservationAllowance(
            hotel_id=reservation.hotel_id,
            reservation_id=reservation.id,
            no=no,
            span=each.allowance.span,
            amount=each.allowance.amount,
        )
        for no, each in numbered
        if each.allowance is not None
    )
    session.flush()


# --- at the desk --------------------------------------------------------------------------------


def add(
    session: Session,
    reservation: Reservation,
    package: Package,
    *,
    quantity: int = 1,
    first: date | None = None,
    included: bool = False,
    by: Staff,
) -> ReservationPackage:
    """Add a package to a reservation, from tonight or its arrival on, or from a later night.

    `included` gives it out of the price of the night, which wants the right to set rates. Refuses
    a stay that is over, a package not sold any more, and nights that aren't the stay's.
    """
    require(by, Permission.RESERVE, reservation.hotel_id)
    if included:
        require(by, Permission.SET_RATE, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    _check(lock(session, reservation))
    if not package.active:
        raise PackageNotSold(package)
    if not 1 <= quantity <= MOST:
        raise Invalid(f"Take 1 to {MOST} of it.", field="quantity")
    begins = max(day, reservation.arrival)
    if first is not None and first < begins:
        raise InThePast(first)
    if (first or begins) >= reservation.departure:
        raise Invalid("Choose a night of the stay that is to come.", field="first")
    code = session.get_one(ChargeCode, (hotel.id, package.charge_code_id))
    children = packages.children_of(session, hotel, [package.id]).get(package.id, ())
    allowance = package_allowances.of(session, hotel, [package.id]).get(package.id)
    element = packages.element_of(package, code.tax_class_id, children, included=included)
    number = max((row.no for row in of(session, reservation)), default=0) + 1
    _, ages = agreed.read(session, reservation)
    _write(
        session,
        reservation,
        [replace(element, quantity=quantity, allowance=allowance)],
        ages,
        after=number - 1,
        first=first or (day if reservation.arrival < day else None),
    )
    row = session.get_one(ReservationPackage, (hotel.id, reservation.id, number))
    reservation.version += 1
    logbook.record(
        session, "added package", reservation, by=by, day=day,
        package=package.code, quantity=quantity, first=row.first,
        how="in the price" if included else "on top",
    )  # fmt: skip
    return row


def take_off(
    session: Session, reservation: Reservation, row: ReservationPackage, *, by: Staff
) -> None:
    """Take a package off from tonight on; what was posted stays, and is voided on the folio."""
    require(by, Permission.RESERVE, reservation.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    _check(lock(session, reservation))
    if row.taken_off_on is not None:
        raise TakenOffAlready
    row.taken_off_on = day
    reservation.version += 1
    session.flush()
    code = session.get_one(Package, (row.hotel_id, row.package_id)).code
    logbook.record(session, "took off package", reservation, by=by, day=day, package=code)


def _check(reservation: Reservation) -> None:
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise WrongState(reservation, "only a booked or in-house one has packages")


# --- questions ----------------------------------------------------------------------------------


def of(session: Session, reservation: Reservation) -> list[ReservationPackage]:
    """Return a reservation's packages in the order they were agreed, those taken off too."""
    return list(
        session.scalars(
            sa.select(ReservationPackage)
            .where(
                ReservationPackage.hotel_id == reservation.hotel_id,
                ReservationPackage.reservation_id == reservation.id,
            )
            .order_by(ReservationPackage.no)
        )
    )


_ELEMENTS = (
    sa.select(
        ReservationPackage,
        Package.code,
        Package.name,
        Package.meals,
        ChargeCode.tax_class_id,
        ReservationAllowance.span,
        ReservationAllowance.amount,
    )
    .join(
        Package,
        sa.and_(
            Package.hotel_id == ReservationPackage.hotel_id,
            Package.id == ReservationPackage.package_id,
        ),
    )
    .join(
        ChargeCode,
        sa.and_(
            ChargeCode.hotel_id == ReservationPackage.hotel_id,
            ChargeCode.id == ReservationPackage.charge_code_id,
        ),
    )
    .outerjoin(
        ReservationAllowance,
        sa.and_(
            ReservationAllowance.hotel_id == ReservationPackage.hotel_id,
            ReservationAllowance.reservation_id == ReservationPackage.reservation_id,
            ReservationAllowance.no == ReservationPackage.no,
        ),
    )
    .where(
        ReservationPackage.hotel_id == sa.bindparam("hotel"),
        ReservationPackage.reservation_id.in_(sa.bindparam("reservations", expanding=True)),
    )
    .order_by(ReservationPackage.no)
)


def elements(
    session: Session, hotel: Hotel, reservation_ids: Sequence[int]
) -> dict[int, list[Agreed]]:
    """Return the packages of each reservation that has some: one question for all."""
    which = {"hotel": hotel.id, "reservations": reservation_ids}
    rows: Iterable[Any] = session.execute(_ELEMENTS, which)
    found: dict[int, list[Agreed]] = defaultdict(list)
    for row, code, name, meals, tax_class_id, span, amount in rows:
        element = replace(
            _value(row),
            code=code,
            name=name,
            meals=meals,
            tax_class_id=tax_class_id,
            allowance=Allowance(span, amount) if span is not None else None,
        )
        found[row.reservation_id].append(Agreed(row.no, element))
    return found


def _value(row: ReservationPackage) -> Element:
    return Element(
        package_id=row.package_id,
        code="",
        name="",
        charge_code_id=row.charge_code_id,
        tax_class_id=None,
        per=row.per,
        price=row.price,
        rhythm=row.rhythm,
        weekdays=row.weekdays,
        included=row.included,
        quantity=row.quantity,
        children=tuple((age, price) for age, price in row.child_prices),
        children_price=row.children_price,
        plan_id=row.plan_id,
        first=row.first,
        taken_off_on=row.taken_off_on,
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """What of a party decides which packages fall on its nights."""

    arrival: date
    departure: date
    is_given: bool
    is_sharer: bool

    @classmethod
    def made_of(cls, party: Reservation) -> "Whose":
        """Read it from a reservation."""
        return cls(
            arrival=party.arrival,
            departure=party.departure,
            is_given=party.purpose is not Purpose.PAYING,
            is_sharer=party.shares_with_id is not None,
        )


def of_night(
    kept: Iterable[Agreed], whose: Whose, *, night: date, plan_id: int, price: int, adults: int
) -> tuple[Share, ...]:
    """Return what a party's packages come to on a night at that price, in that plan.

    A room's package is its holder's alone; a night that is given includes nothing.
    """
    return packaging.of_night(
        [
            each.element
            for each in kept
            if each.element.plan_id in (None, plan_id)
            and not (each.element.per is Per.ROOM and whose.is_sharer)
            and not (each.element.included and whose.is_given)
        ],
        price,
        Party(adults),
        night=night,
        arrival=whose.arrival,
        departure=whose.departure,
    )
