"""Groups of the demo: a wedding with an allotment, a conference by its list, a tour not sure."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from pms.base import dates
from pms.base.money import Money
from pms.demo.month import House
from pms.demo.people import PEOPLE
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Party
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import inventory, rates, rooms
from pms.hotel.stays import groups, rooming, together
from pms.hotel.stays.groups import Billing, Group, Status, Terms

_LINDQVIST = next(n for n, person in enumerate(PEOPLE) if person.surname == "Lindqvist")
HEADS = ("Surname", "Given name", "Departure", "Type", "Adults", "Shares", "Notes")


def set_up(house: House, *, today: date) -> None:
    """Agree with three groups in the afternoon, and let rooms be picked up."""
    house.enter_firms()
    _agreements(house, today)
    with house.at(today, time(15, 15)) as hotel:
        desk, manager = house.who(Role.RESERVATIONS), house.who(Role.MANAGER)
        _wedding(house, hotel, today, desk=desk, manager=manager)
        _conference(house, hotel, today, by=desk)
        _tour(house, hotel, today, by=desk)


def _agreements(house: House, today: date) -> None:
    """One firm sends its people, the other guests, and earns a tenth."""
    with house.at(today, time(15, 10)) as hotel:
        for code, party, commission, contact in (
            ("NORDWIND", Party.COMPANY, 0, "Torben Hansen, travel desk"),
            ("SAKURA", Party.AGENT, 1_000, "Mr. Tanaka"),
        ):
            firm = companies.by_code(house.session, hotel, code)
            if firm is not None:
                agreements.make(
                    house.session, hotel, firm, party=party, first=hotel.opened_on,
                    until=today.replace(month=12, day=31), commission=commission,
                    contact=contact, by=house.who(Role.MANAGER),
                )  # fmt: skip


def _wedding(house: House, hotel: Hotel, today: date, *, desk: Staff, manager: Staff) -> None:
    """Saturday in two weeks: twelve rooms kept, some picked up in the parents' name."""
    soon = today + timedelta(days=10)
    arrival = soon + timedelta(days=(4 - soon.weekday()) % 7)
    group = _agreed(
        house, hotel, "LINDQVIST", "Lindqvist and Mäkelä wedding", arrival, 2,
        contact="Åsa Lindqvist, +46 70 555 01 23", cut_off=arrival - timedelta(days=5),
        notes="Late breakfast on Sunday. The couple has the suite.", by=desk,
    )  # fmt: skip
    groups.settle_status(house.session, group, Status.DEFINITE, by=desk)
    kept = _allot(house, hotel, group, {"DBL": 8, "TWN": 3, "STE": 1}, by=desk)
    double = rooms.type_by_code(house.session, hotel, "DBL")
    if double is None or not kept:
        return
    groups.set_price(house.session, group, double, Money(10_900, hotel.currency), by=manager)
    wanted = [(double, min(3, kept.get("DBL", 0)))]
    if wanted[0][1]:
        together.pick_up(
            house.session, group, wanted, guest=house.guest(hotel, _LINDQVIST, by=desk),
            arrival=arrival, departure=arrival + timedelta(days=2), adults=2,
            notes="Parents of the bride", by=desk,
        )  # fmt: skip


def _conference(house: House, hotel: Hotel, today: date, *, by: Staff) -> None:
    """From today: a firm's people by their list, rooms on the master, two of them sharing."""
    group = _agreed(
        house, hotel, "WIND26", "Nordwind engineers' days", today, 3,
        firm="NORDWIND", contact="Torben Hansen", billing=Billing.ROOMS, elastic=True, by=by,
    )  # fmt: skip
    groups.settle_status(house.session, group, Status.DEFINITE, by=by)
    kinds = {"SGL": 3, "DBL": 3, "TWN": 2}
    kept = _allot(house, hotel, group, kinds, by=by)
    people = iter(PEOPLE[20:])
    table: list[list[str]] = [list(HEADS)]
    for code, count in kept.items():
        for n in range(count):
            shares = f"{code}{n}" if code == "TWN" else ""
            for _ in range(2 if shares else 1):
                person = next(people)
                table.append([person.surname, person.given, "", code, "1", shares, ""])
    for row in rooming.check(house.session, group, rooming.read(house.session, group, table)):
        if row.problem is None:
            rooming.book_row(house.session, group, row, by=by)


def _tour(house: House, hotel: Hotel, today: date, *, by: Staff) -> None:
    """A tour in five weeks that hasn't signed: kept, and given back day by day."""
    group = _agreed(
        house, hotel, "SAKURA-12", "Sakura winter tour", today + timedelta(days=36), 3,
        agent="SAKURA", contact="Mr. Tanaka", cut_off_days=21, by=by,
    )  # fmt: skip
    _allot(house, hotel, group, {"TWN": 4, "DBL": 6}, by=by)


def _agreed(
    house: House,
    hotel: Hotel,
    code: str,
    name: str,
    arrival: date,
    nights: int,
    *,
    firm: str | None = None,
    agent: str | None = None,
    by: Staff,
    **details: object,
) -> Group:
    plan = rates.by_code(house.session, hotel, "BAR")
    if plan is None:
        raise LookupError("BAR")
    terms = Terms(
        arrival=arrival,
        departure=arrival + timedelta(days=nights),
        plan=plan,
        company=companies.by_code(house.session, hotel, firm) if firm else None,
        agent=companies.by_code(house.session, hotel, agent) if agent else None,
        **details,  # type: ignore[arg-type]
    )
    return groups.open_group(house.session, hotel, code=code, name=name, terms=terms, by=by)


def _allot(
    house: House, hotel: Hotel, group: Group, wanted: Mapping[str, int], *, by: Staff
) -> dict[str, int]:
    """Agree on the rooms wanted, as far as they are free on every night; say how many of which."""
    terms = groups.terms_of(group)
    left = inventory.availability(house.session, hotel, terms.arrival, terms.departure)
    free = {each.code: (each.type_id, each.rooms) for each in left}
    kept: dict[str, int] = {}
    agreed: dict[tuple[date, int], int] = {}
    for code, count in wanted.items():
        if code not in free:
            continue
        type_id, rooms_left = free[code]
        kept[code] = max(0, min(count, rooms_left - 1))
        for night in dates.nights(terms.arrival, terms.departure):
            agreed[night, type_id] = kept[code]
    groups.allot(house.session, group, agreed, by=by)
    return kept
