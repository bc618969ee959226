"""The demo's routing: a couple whose company pays a part, and a dinner that two windows share.

And a company that pays room and breakfast of each stay by its agreement, city tax left to guests.
"""

from datetime import date, time, timedelta
from decimal import Decimal

import sqlalchemy as sa

from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.routing import Takes
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import inventory, rates
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays import default_rules, reservations, settlements, stays
from pms.hotel.stays.reservations import Origin, Reservation
from pms.hotel.tariff import charge_sets, charges
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import Levies

ADJUSTS_UP_TO = 10_000
PART, A_NIGHT = 6_000, 12_000  # 60 %, and 120.00 at most
MON_TO_THU = 0b0001111
AGREED, PAID = "NORDWIND", "Room and breakfast"
SETS = {PAID: ("ROOM", "BREAKFAST"), "Extras": ("BAR", "MINIBAR", "LAUNDRY", "PARKING")}


def set_up(house: House, *, today: date) -> None:
    """Limit what desk and auditor adjust and pay out; let a company pay a part of a stay."""
    with house.at(today, time(15, 25)) as hotel:
        most = Money(ADJUSTS_UP_TO, hotel.currency)
        limits = dict.fromkeys((Role.FRONT_DESK, Role.NIGHT_AUDITOR), most)
        limits[Role.ACCOUNTANT] = most * 10
        folios.set_limits(house.session, hotel, limits, by=house.who(Role.MANAGER))
    with house.at(today, time(15, 40)) as hotel:
        by = house.who(Role.FRONT_DESK)
        couple, company = _couple(house, hotel), _company(house, hotel)
        if couple is not None and company is not None:
            _share(house, hotel, couple, company, by=by)
    with house.at(today, time(15, 50)) as hotel:
        _agree(house, hotel, by=house.who(Role.MANAGER))
    with house.at(today, time(15, 55)) as hotel:
        _book(house, hotel, today, by=house.who(Role.FRONT_DESK))


def _agree(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Keep two sets; let a company pay one of them of each stay booked from now on."""
    session = house.session
    kept = {
        name: charge_sets.add(session, hotel, name=name, codes=codes, by=by)
        for name, sold in SETS.items()
        if (codes := [each for code in sold if (each := charges.by_code(session, hotel, code))])
    }
    firm = companies.by_code(session, hotel, AGREED)
    agreed = agreements.of(session, hotel, firm) if firm is not None else []
    if agreed:
        lodging = Takes(charge_set=kept[PAID], levies=Levies.LEFT)
        default_rules.add(session, hotel, agreed[0], takes=lodging, by=by)


def _book(house: House, hotel: Hotel, today: date, *, by: Staff) -> None:
    """Book two stays under that agreement, and open the bill of the first before it comes."""
    session = house.session
    firm = companies.by_code(session, hotel, AGREED)
    plan = rates.by_code(session, hotel, "BAR")
    arrival = today + timedelta(days=2)
    left = inventory.availability(session, hotel, arrival, arrival + timedelta(days=3))
    free = [each.type_id for each in left if each.rooms > 1]
    if firm is None or plan is None or not free:
        return
    parties = [
        reservations.book(
            session, hotel, guest=house.guest(hotel, person, by=by),
            room_type=session.get_one(RoomType, (hotel.id, free[0])), plan=plan,
            arrival=arrival, departure=arrival + timedelta(days=3), adults=1,
            origin=Origin(source="company"), company=firm, by=by,
        )
        for person in (31, 47)
    ]  # fmt: skip
    settlements.folio_of(session, parties[0], by=by)


def _couple(house: House, hotel: Hotel) -> Reservation | None:
    """Return a party of two that stays longest, with one window on its open folio."""
    parties = sorted(
        (stay.reservation for stay in stays.in_house(house.session, hotel)),
        key=lambda party: (party.departure, party.number),
        reverse=True,
    )
    for party in parties:
        if party.adults == 2 and party.folio_id is not None and party.group_id is None:
            folio = house.session.get_one(Folio, (hotel.id, party.folio_id))
            if folio.state is FolioState.OPEN and len(folio.windows) == 1:
                return party
    return None


def _company(house: House, hotel: Hotel) -> Company | None:
    return house.session.scalar(
        sa.select(Company)
        .where(Company.chain_id == hotel.chain_id, Company.direct_bill)
        .order_by(Company.name)
        .limit(1)
    )


def _share(house: House, hotel: Hotel, couple: Reservation, company: Company, *, by: Staff) -> None:
    """Open the company's window; it pays a part of the room, and half of tonight's dinner."""
    session = house.session
    folio = settlements.folio_of(session, couple, by=by)
    window = folios.open_window(
        session, folio, no=2, payee_company=company, payee_name=company.name, by=by
    )
    rooms = Takes(
        department=Department.ROOMS,
        percent=PART,
        night_limit=Money(A_NIGHT, hotel.currency),
        weekdays=MON_TO_THU,
    )
    routing.route(session, folio, to_window=window.no, takes=rooms, by=by)
    breakfasts = Takes(
        department=Department.FOOD_AND_BEVERAGE, total_limit=Money(A_NIGHT, hotel.currency)
    )
    routing.route(session, folio, to_window=window.no, takes=breakfasts, by=by)
    if folios.routing_refresh(session, folio).moves:  # the nights before are the company's too
        folios.refresh_routing(session, folio, by=by)
    code = charges.by_code(session, hotel, "BAR")
    if code is not None:
        drinks = folios.charge(session, folio, code=code, quantity=4, window=1, by=by)
        folios.split(
            session, drinks, percent=Decimal(50), to_folio=folio, to_window=window.no,
            reason="With a client", by=by,
        )  # fmt: skip
