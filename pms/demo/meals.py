"""The demo's packages: breakfast in some plans, parking and a bottle on top, some of it booked."""

from datetime import date, time, timedelta

import sqlalchemy as sa

from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import folios
from pms.hotel.books.folios import FolioState
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import derivations, package_allowances, packages, rates, rooms
from pms.hotel.rooms.derivations import Difference
from pms.hotel.rooms.packages import Details, Package
from pms.hotel.rooms.packaging import Per, Rhythm, Span
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays import allowances, reservations, settlements
from pms.hotel.stays.reservations import Origin, Reservation, State
from pms.hotel.stays.reservations import packages as of_reservation
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode

EATING = 14  # parties in house that have breakfast
CREDIT = 1_500  # a day in the bar, in minor units


def set_up(house: House, *, today: date) -> None:
    """Add the catalogue, give plans their packages, and let some parties have them."""
    with house.at(today, time(16, 0)) as hotel:
        by = house.who(Role.MANAGER)
        breakfast, board, parking, bottle = _catalogue(house, hotel, by=by)
        plan = _with_breakfast(house, hotel, by=by)
        packages.attach(house.session, plan, breakfast, included=False, by=by)
        corporate = rates.by_code(house.session, hotel, "CORP")
        if corporate is not None:
            packages.attach(house.session, corporate, breakfast, included=True, by=by)
        desk = house.who(Role.FRONT_DESK)
        for n, party in enumerate(_in_house(house, hotel)):
            of_reservation.add(house.session, party, breakfast, by=desk)
            if n % 4 == 0:
                of_reservation.add(house.session, party, parking, by=desk)
        _book(house, hotel, plan, (board, bottle), today, by=desk)
        _give_credit(house, hotel, by=by)


def _catalogue(house: House, hotel: Hotel, *, by: Staff) -> tuple[Package, ...]:
    def add(code: str, posted_as: str, price: int, name: str, **other: object) -> Package:
        details = Details(
            name, _code(house, hotel, posted_as), price=Money(price, hotel.currency),
            **{"per": Per.PERSON, **other},  # type: ignore[arg-type]
        )  # fmt: skip
        return packages.add(house.session, hotel, code=code, details=details, by=by)

    def of_children(*pairs: tuple[int, int]) -> tuple[tuple[int, Money], ...]:
        return tuple((age, Money(price, hotel.currency)) for age, price in pairs)

    young = of_children((5, 0), (12, 950))
    return (
        add("BRK", "BREAKFAST", 1_900, "Breakfast", meals=0b001, children=young),
        add("HB", "BREAKFAST", 3_400, "Dinner, half board", meals=0b100, children=young),
        add("PARK", "PARKING", 1_800, "Garage", per=Per.ROOM),
        add("BOTTLE", "MINIBAR", 2_900, "Bottle on arrival", per=Per.ROOM, rhythm=Rhythm.ONCE),
    )


def _give_credit(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Sell a credit for the bar, and let somebody drink more than it."""
    bar = _code(house, hotel, "BAR")
    posted_as = charges.add(
        house.session, hotel, code="CREDIT", name="Bar credit", department=bar.department,
        tax_class_id=bar.tax_class_id, by=by,
    )  # fmt: skip
    amount = Money(CREDIT, hotel.currency)
    details = Details("Bar credit", posted_as, price=amount, per=Per.ROOM)
    credit = packages.add(house.session, hotel, code="CREDIT", details=details, by=by)
    package_allowances.allow(
        house.session, credit, span=Span.DAY, amount=amount,
        codes=[bar, _code(house, hotel, "MINIBAR")], by=by,
    )  # fmt: skip
    desk = house.who(Role.FRONT_DESK)
    for drinks, party in enumerate(_in_house(house, hotel)[:3]):
        of_reservation.add(house.session, party, credit, by=desk)
        folio = settlements.folio_of(house.session, party, by=desk)
        if drinks and folio.state is FolioState.OPEN:
            entry = folios.charge(house.session, folio, code=bar, quantity=drinks, by=desk)
            allowances.absorb(house.session, folio, entry)


def _code(house: House, hotel: Hotel, code: str) -> ChargeCode:
    found = charges.by_code(house.session, hotel, code)
    if found is None:
        raise LookupError(code)
    return found


def _with_breakfast(house: House, hotel: Hotel, *, by: Staff) -> RatePlan:
    bar = rates.by_code(house.session, hotel, "BAR")
    if bar is None:
        raise LookupError("BAR")
    plan = rates.add_plan(
        house.session, hotel, code="BB", name="With breakfast", market=bar.market,
        charge_code=house.session.get_one(ChargeCode, (hotel.id, bar.charge_code_id)), by=by,
    )  # fmt: skip
    derivations.derive(house.session, plan, bar, Difference(points=0), by=by)
    return plan


def _in_house(house: House, hotel: Hotel) -> list[Reservation]:
    """Return some parties that stay the night, by number."""
    return list(
        house.session.scalars(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == hotel.id,
                Reservation.state == State.IN_HOUSE,
                Reservation.departure > hotel.business_date,
            )
            .order_by(Reservation.number)
            .limit(EATING)
        )
    )


def _book(
    house: House,
    hotel: Hotel,
    plan: RatePlan,
    extras: tuple[Package, ...],
    today: date,
    *,
    by: Staff,
) -> None:
    kind = rooms.type_by_code(house.session, hotel, "DBL")
    if kind is None:
        return
    arrival = today + timedelta(days=16)
    party = reservations.book(
        house.session, hotel, guest=house.guest(hotel, 12, by=by), room_type=kind, plan=plan,
        arrival=arrival, departure=arrival + timedelta(days=3), adults=2,
        origin=Origin(source="telephone"), by=by,
    )  # fmt: skip
    for extra in extras:
        of_reservation.add(house.session, party, extra, by=by)
