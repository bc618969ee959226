"""The desk today: rules and hours, who waits for a room, an upgrade sold, express check-outs."""

from datetime import date, time, timedelta
from itertools import pairwise

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.demo.month import House
from pms.hotel.books import payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import (
    express,
    hour_fees,
    house_rules,
    queueing,
    settlements,
    stays,
    upgrades,
)
from pms.hotel.stays.hour_fees import Hour
from pms.hotel.stays.house_rules import Check, Severity
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department

STEPS = (
    (Hour.EARLY, time(10), 100),
    (Hour.EARLY, time(15), 50),
    (Hour.LATE, time(12), 50),
    (Hour.LATE, time(18), 100),
)
WAITS = (("Garden, with a newspaper", "+49 170 5550134"), ("Back from lunch at two", None))
LEAVE_EARLY = 3


def set_up(house: House, *, today: date) -> None:
    """Set the rules, then let the day be as busy as one is."""
    with house.at(today, time(15, 12)) as hotel:
        _set_rules(house, hotel, by=house.who(Role.MANAGER))
    with house.at(today, time(15, 15)) as hotel:
        _ask_express(house, hotel, by=house.who(Role.FRONT_DESK))
    with house.at(today, time(15, 20)) as hotel:
        due = house.due(hotel, today)
        _queue_some(house, hotel, due, by=house.who(Role.FRONT_DESK))
    with house.at(today, time(15, 30)) as hotel:
        coming = house.due(hotel, today + timedelta(days=1))
        _sell_an_upgrade(house, coming, by=house.who(Role.FRONT_DESK))


def _set_rules(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Hold open bills of earlier stays against a check-in; ask for early and late hours."""
    for check, severity in (
        (Check.OTHER_BALANCE, Severity.BLOCKS),
        (Check.INSPECTED, Severity.WARNS),
        (Check.KEYS_OUT, Severity.WARNS),
    ):
        house_rules.set_rule(house.session, hotel, check, severity, by=by)
    room = charges.by_code(house.session, hotel, "ROOM")
    code = charges.add(
        house.session, hotel, code="HOURS", name="Early or late hours",
        department=Department.ROOMS, tax_class_id=room.tax_class_id if room else None, by=by,
    )  # fmt: skip
    for hour, at, percent in STEPS:
        hour_fees.steps.add(house.session, hotel, hour, at=at, percent=percent, code=code, by=by)
    kinds = rooms.types(house.session, hotel)
    for plain, better in pairwise(kinds):
        if better.rank == plain.rank + 1:
            upgrades.set_price(
                house.session, plain, better, amount=Money(2_500, hotel.currency), by=by
            )
            break


def _ask_express(house: House, hotel: Hotel, *, by: Staff) -> None:
    leaving = stays.due_out(house.session, hotel, hotel.business_date)
    for number, stay in enumerate(leaving[:LEAVE_EARLY]):
        if number == 0:
            _pays(house, stay.reservation, by=by)
        mail = stay.reservation.guest.email or "guest@example.org"
        express.ask(house.session, stay.reservation, email=mail, by=by)


def _pays(house: House, party: Reservation, *, by: Staff) -> None:
    if party.folio_id is None:
        return
    folio = house.session.get_one(Folio, (party.hotel_id, party.folio_id))
    for no, owed in settlements.open_balances(house.session, party).items():
        if owed.minor > 0:
            payments.pay(house.session, folio, window=no, amount=owed, method=Method.CASH, by=by)


def _queue_some(house: House, hotel: Hotel, due: list[Reservation], *, by: Staff) -> None:
    """Give parties rooms that aren't ready yet, and let them wait for these."""
    waits = iter(WAITS)
    for party in due:
        room = next((night.room for night in party.nights if night.room), None)
        if room is None:
            room = _unready(house, hotel, party)
            if room is not None:
                stays.assign(house.session, party, room=room, by=by)
        if room is None or room.is_ready:
            continue
        where = next(waits, None)
        if where is None:
            return
        queueing.put(
            house.session, party, waits_at=where[0], phone=where[1],
            promised_by=time(16, 15), by=by,
        )  # fmt: skip


def _unready(house: House, hotel: Hotel, party: Reservation) -> Room | None:
    """Return a vacant room of a party's type that is still to be cleaned."""
    inside = set(stays.occupied(house.session, hotel))
    free = inventory.vacant(
        house.session, hotel, type_id=party.type_id, first=party.arrival, until=party.departure
    )
    return next((room for room in free if not room.is_ready and room.id not in inside), None)


def _sell_an_upgrade(house: House, coming: list[Reservation], *, by: Staff) -> None:
    for party in coming:
        for offer in upgrades.offers(house.session, party):
            try:
                with house.session.begin_nested():
                    upgrades.take(house.session, party, offer.room_type, by=by)
            except Refusal:
                continue
            return
