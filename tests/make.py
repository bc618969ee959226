"""Plain builders: `make.hotel(session)`, `make.reservation(session, nights=2)`; ready to be used.

Each makes what it needs around it unless it is given; nothing here commits.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.cashiers import safe
from pms.hotel.books.folios import Folio, FolioKind
from pms.hotel.books.payments import CardSlip
from pms.hotel.guests import guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hiring, hotels, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import inventory, policies, rates, rooms
from pms.hotel.rooms.policies import Amount, Asks, By, Policy, Terms
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Condition, Room, RoomType
from pms.hotel.rooms.yields import Does, Measure, Rule
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import TaxKind
from tests import moulds

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


def hotel(
    session: Session,
    code: str = "TEST",
    *,
    opens_on: date = DAY,
    currency: str = "EUR",
    time_zone: str = "Europe/Berlin",
    chain: hotels.Chain | None = None,
) -> Hotel:
    """An open hotel without rooms."""
    return hotels.open_hotel(
        session,
        chain or hotels.open_chain(session, "Linden Hotels"),
        code=code,
        name=f"Hotel {code.title()}",
        time_zone=time_zone,
        currency=currency,
        opens_on=opens_on,
    )


def furnished(session: Session, code: str = "TEST", *, rooms: int = 4, **details: object) -> Hotel:
    """A hotel with a type DBL, its rooms 101 and on, a plan BAR at 100.00, and 60 nights open."""

    def build() -> Hotel:
        return _furnished(session, code, rooms, details)

    if "chain" in details:
        return build()
    return moulds.cast(session, code, (rooms, *sorted(details.items())), build)


def _furnished(session: Session, code: str, rooms: int, details: dict[str, object]) -> Hotel:
    house = hotel(session, code, **details)  # type: ignore[arg-type]
    double = room_type(session, house)
    for n in range(rooms):
        room(session, house, str(101 + n), kind=double)
    inventory.extend(session, house, until=house.business_date + timedelta(days=60))
    plan(session, house, double)
    return house


def by(session: Session, house: Hotel, role: Role = Role.MANAGER) -> Staff:
    """Someone of a role in the hotel, made once."""
    known: dict[str, Staff] = session.info.setdefault("people", {})
    email = f"{role.value}@{house.code.lower()}.example"
    if email not in known or known[email] not in session:
        known[email] = staff.by_email(session, email) or hiring.hire(
            session,
            session.get_one(hotels.Chain, house.chain_id),
            email=email,
            name=role.words,
            password=None,
            roles={house: role},
        )
    return known[email]


def room_type(
    session: Session, house: Hotel, code: str = "DBL", *, sleeps: int = 3, rank: int = 0
) -> RoomType:
    """A room type, made once per code."""
    found = rooms.type_by_code(session, house, code)
    return found or rooms.add_type(
        session,
        house,
        code=code,
        name=f"{code.title()} room",
        sleeps=sleeps,
        rank=rank,
        by=by(session, house),
    )


def room(
    session: Session,
    house: Hotel,
    number: str = "101",
    *,
    kind: RoomType | None = None,
    condition: Condition = Condition.INSPECTED,
) -> Room:
    """A room, made once per number."""
    found = rooms.by_number(session, house, number) or inventory.add_room(
        session,
        house,
        number=number,
        room_type=kind or room_type(session, house),
        floor=number[0],
        by=by(session, house),
    )
    found.condition = condition
    session.flush()
    return found


def charge_code(session: Session, house: Hotel, code: str = "ROOM") -> ChargeCode:
    """A charge code without tax, made once."""
    return charges.by_code(session, house, code) or charges.add(
        session,
        house,
        code=code,
        name=code.capitalize(),
        department=Department.ROOMS if code == "ROOM" else Department.OTHER,
        by=by(session, house),
    )


def plan(
    session: Session,
    house: Hotel,
    kind: RoomType | None = None,
    code: str = "BAR",
    *,
    price: str = "100.00",
    nights: int = 61,
) -> RatePlan:
    """A plan with one price for the type on every open night."""
    made = rates.by_code(session, house, code) or rates.add_plan(
        session,
        house,
        code=code,
        name="Best available",
        market="transient",
        charge_code=charge_code(session, house),
        by=by(session, house),
    )
    each = Money.parse(price, house.currency)
    first = house.business_date
    days = dates.nights(first, first + timedelta(days=nights))
    rates.set_prices(
        session,
        made,
        kind or room_type(session, house),
        dict.fromkeys(days, each),
        by=by(session, house),
    )
    return made


def terms(**other: object) -> Terms:
    """Terms by which cancelling is never free: the first night, and the stay for not coming."""
    said: dict[str, Any] = {
        "asks": Asks.NONE,
        "deposit": Amount(),
        "deposit_days": None,
        "cancel_days": None,
        "cancel_at": time(18, 0),
        "cancel": Amount(By.NIGHTS, 1),
        "no_show": Amount(By.PERCENT, 10_000),
        **other,
    }
    return Terms(**said)


def rule(first: date, **other: object) -> Rule:
    """A rule of yield for 60 nights: 10 % more from 50 % sold."""
    said: dict[str, Any] = {
        "name": "Busy",
        "plan_id": None,
        "type_id": None,
        "first": first,
        "last": first + timedelta(days=60),
        "measure": Measure.OCCUPANCY,
        "below": False,
        "mark": 50,
        "days": None,
        "does": Does.PERCENT,
        "value": 1_000,
        **other,
    }
    return Rule(**said)


def policy(session: Session, house: Hotel, code: str = "STRICT", **other: object) -> Policy:
    """A policy of these terms, whose fees bear no tax."""
    fee = charges.by_code(session, house, "FEE") or charges.add(
        session, house, code="FEE", name="Fee", department=Department.MISCELLANEOUS,
        by=by(session, house),
    )  # fmt: skip
    return policies.add(
        session, house, code=code, name=code.title(), terms=terms(**other), fee_code=fee,
        by=by(session, house),
    )  # fmt: skip


def guest(session: Session, house: Hotel, surname: str = "Dvořák", given: str = "Ana") -> Guest:
    """A guest's profile."""
    return guests.welcome(session, house, surname=surname, given_name=given, by=by(session, house))


def reservation(
    session: Session,
    house: Hotel,
    *,
    nights: int = 2,
    arrival: date | None = None,
    kind: RoomType | None = None,
    adults: int = 2,
    surname: str = "Dvořák",
    **details: object,
) -> Reservation:
    """A booked party, arriving today unless said otherwise."""
    arrival = arrival or house.business_date
    kind = kind or room_type(session, house)
    book_plan = rates.by_code(session, house, "BAR") or plan(session, house, kind)
    if "guest" not in details:
        details["guest"] = guest(session, house, surname)
    details.setdefault("by", by(session, house))
    return reservations.book(
        session,
        house,
        room_type=kind,
        plan=book_plan,
        arrival=arrival,
        departure=arrival + timedelta(days=nights),
        adults=adults,
        **details,  # type: ignore[arg-type]
    )


def folio(session: Session, house: Hotel, *, windows: int = 1, name: str = "Ana Dvořák") -> Folio:
    """An open guest folio with so many windows."""
    manager = by(session, house)
    made = folios.open_folio(session, house, kind=FolioKind.GUEST, name=name, by=manager)
    for no in range(2, windows + 1):
        folios.open_window(session, made, no=no, by=manager)
    return made


def filled_safe(session: Session, house: Hotel, minor: int = 100_000) -> Hotel:
    """The house, with so much of its own money fetched from the bank into the safe."""
    safe.move(
        session, house, safe.Way.FETCH, amount=Money(minor, house.currency), by=by(session, house)
    )
    return house


def taxed_code(session: Session, house: Hotel, code: str = "LODGING") -> ChargeCode:
    """A charge code with 7 % inside its price, and 2.00 a head and night on top."""
    found = charges.by_code(session, house, code)
    if found is not None:
        return found
    manager = by(session, house)
    vat = taxes.add(
        session,
        house,
        code="VAT7",
        name="VAT 7 %",
        kind=TaxKind.PERCENT,
        rate=7 * taxes.PERCENT,
        inclusive=True,
        by=manager,
    )
    city = taxes.add(
        session,
        house,
        code="CITY",
        name="City tax",
        kind=TaxKind.PER_PERSON_NIGHT,
        rate=200,
        inclusive=False,
        by=manager,
    )
    lodging = taxes.add_class(
        session, house, code=code, name=code.title(), taxes=[vat, city], by=manager
    )
    return charges.add(
        session,
        house,
        code=code,
        name=code.title(),
        department=Department.ROOMS,
        tax_class_id=lodging.id,
        by=manager,
    )


def slip(batch: str = "7", terminal: str = "T1", brand: str = "Visa") -> CardSlip:
    """A card terminal's slip."""
    return CardSlip(
        brand=brand, last_four="1111", authorisation="A1B2", terminal=terminal, batch=batch
    )
