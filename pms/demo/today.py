"""The demo's present: a day half gone, with everything a desk meets on it."""

from datetime import date, time, timedelta

from pms.base import dates
from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import folios, payments
from pms.hotel.books.folios import FolioKind
from pms.hotel.books.payments import Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import blocks, inventory, rates, rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.rooms import Condition, Room, RoomType
from pms.hotel.stays import choosing, reservations, stays
from pms.hotel.stays.reservations import ManualRate, Origin, Purpose
from pms.hotel.tariff import charges

OUTAGE = "sold by a channel while the line was down"


def set_up(house: House, *, today: date) -> None:
    """Bring the day to about three in the afternoon."""
    _break_things(house, today)
    house.leave(today, share=0.6)
    _clean_some(house, today)
    _welcome_some(house, today)
    _share_and_pass_by(house, today)
    _oversell(house, today)


def _break_things(house: House, today: date) -> None:
    """Take rooms out of order and out of service."""
    with house.at(today, time(8, 15)) as hotel:
        by = house.who(Role.HOUSEKEEPING_MANAGER)
        wanted = (
            (Block.OUT_OF_ORDER, 4, "Burst pipe behind the shower"),
            (Block.OUT_OF_ORDER, 1, "Carpet is being laid"),
            (Block.OUT_OF_SERVICE, 2, "Television flickers"),
        )
        for kind, nights, reason in wanted:
            until = today + timedelta(days=nights)
            room = _untouched(house, hotel, until)
            if room is not None:
                blocks.block(
                    house.session, room, kind, first=today, until=until, reason=reason, by=by
                )


def _untouched(house: House, hotel: Hotel, until: date) -> Room | None:
    """Return a room of the commonest type that nobody is in, or will be."""
    occupied = set(stays.occupied(house.session, hotel))
    left = inventory.availability(house.session, hotel, hotel.business_date, until)
    roomy = max(left, key=lambda each: each.rooms)
    if roomy.rooms < 1:
        return None
    free = inventory.vacant(
        house.session, hotel, type_id=roomy.type_id, first=hotel.business_date, until=until
    )
    free = [room for room in free if room.id not in occupied]
    return house.rng.choice(free) if free else None


def _clean_some(house: House, today: date) -> None:
    """Leave housekeeping half done: conditions of every kind."""
    with house.at(today, time(12, 30)) as hotel:
        by = house.who(Role.HOUSEKEEPING_MANAGER)
        ways = (Condition.INSPECTED, Condition.CLEAN, Condition.PICKUP, Condition.DIRTY)
        for room in rooms.all_rooms(house.session, hotel):
            condition = house.rng.choices(ways, (35, 20, 8, 37))[0]
            if not room.is_ready and condition is not room.condition:
                rooms.turn(house.session, room, condition, by=by)


def _welcome_some(house: House, today: date) -> None:
    """Prepare arrivals with rooms, and check a few in already; others still wait for a room."""
    with house.at(today, time(14, 30)) as hotel:
        by = house.who(Role.FRONT_DESK)
        due = house.due(hotel, today)
        for number, reservation in enumerate(due):
            if number % 3 == 2:
                continue
            room = house.ready_room(hotel, reservation)
            if room is not None and number % 3 == 0 and number < 12:
                stays.check_in(house.session, reservation, room=room, by=by)
                continue
            suggested = choosing.suggest(house.session, reservation, limit=1)
            if suggested:
                stays.assign(house.session, reservation, room=suggested[0].room, by=by)


def _share_and_pass_by(house: House, today: date) -> None:
    """Walk-in, sharers, day use, a guest of the house, house use, and a passer-by at the bar."""
    with house.at(today, time(15, 0)) as hotel:
        desk, manager = house.who(Role.FRONT_DESK), house.who(Role.MANAGER)
        kind = _roomiest(house, hotel)
        _walk_in(house, hotel, kind, by=desk)
        _sharers(house, hotel, kind, by=desk)
        _day_use(house, hotel, kind, by=manager)
        for nights, purpose in ((1, Purpose.HOUSE_USE), (2, Purpose.COMPLIMENTARY)):
            if _has_left(house, hotel, kind, nights):
                _booking(house, hotel, kind, nights, purpose=purpose, by=manager)
        _passer_by(house, hotel, by=desk)


def _roomiest(house: House, hotel: Hotel) -> RoomType:
    """Return the type for two with the most rooms left for tomorrow night too."""
    departure = hotel.business_date + timedelta(days=2)
    left = inventory.availability(house.session, hotel, hotel.business_date, departure)
    rooms_left = {each.type_id: each.rooms for each in left if each.sleeps >= 2}
    kinds = [kind for kind in rooms.types(house.session, hotel) if kind.id in rooms_left]
    return max(kinds, key=lambda kind: rooms_left[kind.id])


def _has_left(house: House, hotel: Hotel, kind: RoomType, nights: int) -> bool:
    departure = hotel.business_date + timedelta(days=nights)
    left = inventory.availability(house.session, hotel, hotel.business_date, departure)
    return any(each.type_id == kind.id and each.rooms > 0 for each in left)


def _ready_for(house: House, hotel: Hotel, kind: RoomType, until: date) -> Room | None:
    free = inventory.vacant(
        house.session, hotel, type_id=kind.id, first=hotel.business_date, until=until
    )
    taken = set(stays.occupied(house.session, hotel))
    return next((room for room in free if room.is_ready and room.id not in taken), None)


def _walk_in(house: House, hotel: Hotel, kind: RoomType, *, by: Staff) -> None:
    until = hotel.business_date + timedelta(days=2)
    room = _ready_for(house, hotel, kind, until)
    plan = rates.by_code(house.session, hotel, "BAR")
    if room is not None and plan is not None and _has_left(house, hotel, kind, 2):
        stays.walk_in(
            house.session,
            hotel,
            guest=house.guest(hotel, 9, by=by),
            room=room,
            plan=plan,
            departure=until,
            adults=1,
            by=by,
        )


def _sharers(house: House, hotel: Hotel, kind: RoomType, *, by: Staff) -> None:
    until = hotel.business_date + timedelta(days=3)
    room = _ready_for(house, hotel, kind, until)
    if room is None or not _has_left(house, hotel, kind, 3):
        return
    first = _booking(house, hotel, kind, 3, person=15, adults=1, by=by)
    second = _booking(house, hotel, kind, 3, person=44, adults=1, shares_with=first, by=by)
    stays.check_in(house.session, first, room=room, by=by)
    stays.check_in(house.session, second, room=room, by=by)


def _day_use(house: House, hotel: Hotel, kind: RoomType, *, by: Staff) -> None:
    today = hotel.business_date
    room = _ready_for(house, hotel, kind, today + dates.ONE_DAY)
    rate = ManualRate({today: Money(6_500, hotel.currency)}, "day rate, 10 to 18 h")
    party = _booking(house, hotel, kind, 0, person=52, adults=1, rate=rate, by=by)
    if room is not None:
        stays.check_in(house.session, party, room=room, by=by)


def _booking(
    house: House,
    hotel: Hotel,
    kind: RoomType,
    nights: int,
    *,
    person: int = 28,
    adults: int = 2,
    purpose: Purpose = Purpose.PAYING,
    rate: ManualRate | None = None,
    shares_with: reservations.Reservation | None = None,
    force: str | None = None,
    arrival: date | None = None,
    by: Staff,
) -> reservations.Reservation:
    plan = rates.by_code(house.session, hotel, "BAR")
    if plan is None:
        raise LookupError("BAR")
    arrival = arrival or hotel.business_date
    return reservations.book(
        house.session,
        hotel,
        guest=house.guest(hotel, person, by=by),
        room_type=kind,
        plan=plan,
        arrival=arrival,
        departure=arrival + timedelta(days=nights),
        adults=min(adults, kind.sleeps),
        purpose=purpose,
        rate=rate,
        shares_with=shares_with,
        origin=Origin(source="telephone", channel="desk"),
        force=force,
        by=by,
    )


def _passer_by(house: House, hotel: Hotel, *, by: Staff) -> None:
    folio = folios.open_folio(
        house.session, hotel, kind=FolioKind.PASSER_BY, name="Bar, table 4", by=by
    )
    code = charges.by_code(house.session, hotel, "BAR")
    if code is None:
        raise LookupError("BAR")
    folios.charge(house.session, folio, code=code, quantity=3, by=by)
    payments.pay(
        house.session,
        folio,
        amount=folios.balance_of(house.session, folio)[1],
        method=Method.CASH,
        by=by,
    )
    folios.close(house.session, folio, by=by)


def _oversell(house: House, today: date) -> None:
    """Sell the best rooms over for two nights: what the walk list is for."""
    with house.at(today, time(15, 10)) as hotel:
        by = house.who(Role.MANAGER)
        kind = rooms.types(house.session, hotel)[-1]
        arrival = today + timedelta(days=3)
        departure = arrival + timedelta(days=2)
        left = inventory.availability(house.session, hotel, arrival, departure)
        over = next(each.rooms for each in left if each.type_id == kind.id) + 1
        for number in range(over):
            _booking(
                house,
                hotel,
                kind,
                2,
                person=30 + number,
                force=OUTAGE,
                arrival=arrival,
                by=by,
            )
