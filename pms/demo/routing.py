"""The demo's routing: a couple whose company pays a part, and a dinner that two windows share."""

from datetime import date, time
from decimal import Decimal

import sqlalchemy as sa

from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.routing import Takes
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department

ADJUSTS_UP_TO = 10_000
PART, A_NIGHT = 6_000, 12_000  # 60 %, and 120.00 at most
MON_TO_THU = 0b0001111


def set_up(house: House, *, today: date) -> None:
    """Limit what the night auditor adjusts; let a company pay a part of a couple's stay."""
    with house.at(today, time(15, 25)) as hotel:
        most = Money(ADJUSTS_UP_TO, hotel.currency)
        folios.set_limits(
            house.session, hotel, {Role.NIGHT_AUDITOR: most}, by=house.who(Role.MANAGER)
        )
    with house.at(today, time(15, 40)) as hotel:
        by = house.who(Role.FRONT_DESK)
        couple, company = _couple(house, hotel), _company(house, hotel)
        if couple is not None and company is not None:
            _share(house, hotel, couple, company, by=by)


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
