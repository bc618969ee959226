"""What doesn't fit and must not be forgotten in the demo: options, waiting, turnaways, traces."""

from datetime import date, time, timedelta

from pms.demo.month import House
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import rates, rooms
from pms.hotel.stays import alerts, reservations, traces, turnaways, waitlist
from pms.hotel.stays.alerts import Area
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.turnaways import Why

TURNED = (
    (Why.SOLD_OUT, 3, 2, 2, "Two suites for a film crew"),
    (Why.PRICE, 5, 1, 3, "Neighbour asks 15 less"),
    (Why.RESTRICTED, 12, 1, 1, "One night on the fair's weekend"),
    (Why.ONLY_ASKING, 20, 1, 2, None),
    (Why.SOLD_OUT, 3, 1, 1, None),
)
TRACED = (
    (Department.HOUSEKEEPING, 0, "Cot and a kettle before they come"),
    (Department.FRONT_OFFICE, 0, "Ask for the flight number, order the car"),
    (Department.FOOD_AND_BEVERAGE, 1, "Birthday cake to the room at eight"),
    (Department.ENGINEERING, 2, "Look at the balcony door"),
)


def set_up(house: House, *, today: date) -> None:
    """Let people wait and be turned away, and write down what must not be forgotten."""
    with house.at(today, time(15, 20)) as hotel:
        by = house.who(Role.RESERVATIONS)
        due = house.due(hotel, today)
        _waiting(house, hotel, today, by=by)
        _turned_away(house, hotel, today, by=by)
        _options(house, hotel, today, by=by)
        _not_to_forget(house, hotel, today, due, by=house.who(Role.FRONT_DESK))


def _waiting(house: House, hotel: Hotel, today: date, *, by: Staff) -> None:
    """Two wait for the best rooms of the oversold nights, one for a night that is free again."""
    plan = rates.by_code(house.session, hotel, "BAR")
    kinds = rooms.types(house.session, hotel)
    if plan is None:
        raise LookupError("BAR")
    for person, kind, ahead, priority in ((33, kinds[-1], 3, 1), (41, kinds[-1], 4, 2),
                                          (12, kinds[0], 9, 2)):  # fmt: skip
        arrival = today + timedelta(days=ahead)
        waitlist.put(
            house.session, hotel, guest=house.guest(hotel, person, by=by), room_type=kind,
            plan=plan, arrival=arrival, departure=arrival + timedelta(days=1), adults=1,
            priority=priority, notes="Calls back in the evening" if priority == 1 else None, by=by,
        )  # fmt: skip


def _turned_away(house: House, hotel: Hotel, today: date, *, by: Staff) -> None:
    for why, ahead, count, nights, words in TURNED:
        arrival = today + timedelta(days=ahead)
        turnaways.note(
            house.session, hotel, why=why, arrival=arrival,
            departure=arrival + timedelta(days=nights), adults=2, rooms=count, words=words, by=by,
        )  # fmt: skip


def _options(house: House, hotel: Hotel, today: date, *, by: Staff) -> None:
    """Some of those who come in a fortnight haven't decided yet."""
    coming = house.due(hotel, today + timedelta(days=14))
    for party, days in zip(coming[:3], (2, 4, 6), strict=False):
        until = today + timedelta(days=days)
        reservations.keep_until(house.session, party, until=until, by=by)


def _not_to_forget(
    house: House, hotel: Hotel, today: date, due: list[Reservation], *, by: Staff
) -> None:
    for number, (department, ahead, words) in enumerate(TRACED):
        traces.add(
            house.session, hotel, department=department, due_on=today + timedelta(days=ahead),
            words=words, reservation=due[number % len(due)] if due and number != 3 else None,
            by=by,
        )  # fmt: skip
    if due:
        alerts.put(
            house.session, hotel, due[0], words="Travels with a guide dog: room on a low floor",
            areas=[Area.RESERVATION, Area.CHECK_IN], by=by,
        )  # fmt: skip
        alerts.put(
            house.session, hotel, due[-1].guest, words="Bills to the firm only: no minibar",
            areas=[Area.CHECK_OUT, Area.FOLIO, Area.CHECK_IN], by=by,
        )  # fmt: skip
