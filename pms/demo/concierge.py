"""The demo's concierge: vendors, a catalogue for two weeks, bookings, calls and what one knows."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from pms.base import clock, dates
from pms.base.db import transaction
from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.service import concierge, knowledge, wake_ups
from pms.hotel.service.concierge import (
    Activity,
    ActivityKind,
    Asked,
    Counts,
    Pays,
    catalogue,
    vendors,
)
from pms.hotel.service.concierge.catalogue import Details
from pms.hotel.service.concierge.vendors import Terms
from pms.hotel.service.knowledge import Topic, Written
from pms.hotel.stays import stays
from pms.hotel.stays.presence import Stay
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import TaxClass

K = ActivityKind
VENDORS = (
    Terms(name="Spree Walks", contact="Lena Vogt", phone="+49 30 5550101", free_hours=24,
          fee_percent=50, commission_rate=1_500, address="Unter den Linden 5"),
    Terms(name="Taverna Kreuz", contact="Nikos", phone="+49 30 5550102", free_hours=2,
          fee_percent=0, commission_rate=0, address="Bergmannstraße 12"),
    Terms(name="City Cars", contact="Dispatch", phone="+49 30 5550103", free_hours=3,
          fee_percent=100, commission_rate=1_000),
    Terms(name="Stille Spa", contact="Reception", phone="+49 30 5550104", free_hours=12,
          fee_percent=80, commission_rate=2_000, address="Lindenallee 14, basement"),
    Terms(name="Opera tickets", contact="Box office", phone="+49 30 5550105", free_hours=72,
          fee_percent=100, commission_rate=800),
)  # fmt: skip

# vendor, kind, name, words, meets, minutes, counts, places, euros each, code, hours
DOES: tuple[tuple[str, K, str, str, str | None, int | None, Counts, int, int, tuple[str, ...]], ...]
DOES = (
    ("Spree Walks", K.TOUR, "Old town on foot", "Two hours with a historian, in English.",
     "Hotel lobby", 120, Counts.PERSONS, 12, 28, ("10:00", "15:00")),
    ("Spree Walks", K.TOUR, "Evening boat", "An hour on the Spree, blankets on board.",
     "Pier Friedrichstraße", 60, Counts.PERSONS, 8, 24, ("19:30",)),
    ("Taverna Kreuz", K.TABLE, "Table at Taverna Kreuz", "The courtyard is heated.",
     None, 120, Counts.PERSONS, 10, 0, ("18:30", "20:30")),
    ("City Cars", K.TRANSPORT, "Car to the airport", "Up to three with luggage, 45 minutes.",
     "Main entrance", 45, Counts.BOOKINGS, 2, 62, ("06:00", "09:00", "12:00", "17:00")),
    ("Stille Spa", K.SPA, "Massage, 50 minutes", "Towels and a robe are there.",
     "Basement, door 3", 50, Counts.BOOKINGS, 2, 79, ("11:00", "14:00", "16:00", "18:00")),
    ("Opera tickets", K.TICKET, "The Magic Flute", "Stalls, row 9. Tickets at the box office.",
     "Box office", 190, Counts.PERSONS, 4, 96, ("19:00",)),
)  # fmt: skip

KNOWN = (
    Written(title="Pharmacy on call", topic=Topic.HEALTH, hours="Night bell all night",
            words="Löwen Apotheke is three minutes away; ring the night bell after 20:00.",
            phone="+49 30 5550120", address="Lindenallee 22",
            map_url="https://www.openstreetmap.org/#map=18/52.5290/13.3880"),
    Written(title="Doctor who comes to the hotel", topic=Topic.HEALTH, hours="Every day 8 to 22",
            words="Dr. Yılmaz speaks English, German and Turkish. A visit takes about an hour.",
            phone="+49 30 5550121"),
    Written(title="To the airport", topic=Topic.TRANSPORT,
            words="S-Bahn S9 every 20 minutes, 50 minutes, zone ABC ticket. By car 45 minutes, "
            "an hour and a quarter on weekday mornings.", hours="First train 04:12"),
    Written(title="Bicycles", topic=Topic.TRANSPORT, hours="7:00 to 21:00",
            words="Six bicycles stand in the courtyard. Note the number at the desk; helmets are "
            "in the cupboard by the lift."),
    Written(title="Late ramen", topic=Topic.EATING, hours="17:00 to 01:00, closed on Tuesday",
            words="Small, no bookings, worth the queue. Vegan broth too.",
            address="Torstraße 88", map_url="https://www.openstreetmap.org/#map=18/52.5296/13.4010"),
    Written(title="Breakfast before a flight", topic=Topic.EATING, hours="From 04:30 on request",
            words="Order a box until 22:00 the evening before: sandwich, fruit, juice."),
    Written(title="Museum Island", topic=Topic.SIGHTS, hours="10:00 to 18:00, Thursday to 20:00",
            words="Five museums. Book a time for the Neues Museum; Monday some are closed.",
            address="Bodestraße 1", map_url="https://www.openstreetmap.org/#map=17/52.5200/13.3970"),
    Written(title="Christmas markets", topic=Topic.SIGHTS, hours="End of November to 26 December",
            words="Gendarmenmarkt is the prettiest and costs a little; Lucia in Kulturbrauerei is "
            "Nordic and free."),
    Written(title="Supermarket on Sunday", topic=Topic.SHOPS, hours="8:00 to 22:00",
            words="Shops are closed on Sunday but in the main station's lower floor.",
            address="Hauptbahnhof"),
    Written(title="Sauna and gym", topic=Topic.HOUSE, hours="6:00 to 22:00",
            words="The room card opens both. Sauna needs 30 minutes to warm up: call 9."),
    Written(title="Wi-Fi", topic=Topic.HOUSE,
            words="Network LANTERN, room number and surname. Television casts from the phone."),
)  # fmt: skip
EARLY, LATE = time(6, 30), time(8)


def live(house: House, *, today: date) -> None:
    """Fill the catalogue, book for some parties, write calls down, and write what one knows."""
    with house.at(today, time(8)) as hotel:
        by = house.who(Role.MANAGER)
        activities = _set_up(house, hotel, by=by)
        for each in KNOWN:
            knowledge.write(house.session, hotel, each, by=by)
        for activity, hours in activities:
            catalogue.open_times(
                house.session, activity, first=today, last=today + timedelta(days=13),
                hours=[time.fromisoformat(hour) for hour in hours], by=by,
            )  # fmt: skip
    with clock.set_to(house.now), transaction(house.session):
        _book(house, house.hotel, [each for each, _ in activities], today)
    _call(house, today=today)


def _set_up(house: House, hotel: Hotel, *, by: Staff) -> list[tuple[Activity, tuple[str, ...]]]:
    code = _code(house, hotel, by=by)
    made = {each.name: vendors.add(house.session, hotel, each, by=by) for each in VENDORS}
    found = []
    for vendor, kind, name, words, meets, minutes, counts, places, euros, hours in DOES:
        details = Details(
            kind=kind, name=name, words=words, meets=meets, minutes=minutes, counts=counts,
            capacity=places, price=Money(euros * 100, hotel.currency) if euros else None,
            charge_code=code if euros else None,
        )  # fmt: skip
        found.append((catalogue.add(house.session, made[vendor], details, by=by), hours))
    return found


def _code(house: House, hotel: Hotel, *, by: Staff) -> ChargeCode:
    """Return what activities are charged as, with the taxes of services."""
    services = house.session.scalar(
        sa.select(TaxClass.id).where(TaxClass.hotel_id == hotel.id, TaxClass.code == "DRINKS")
    )
    return charges.add(
        house.session, hotel, code="CONCIERGE", name="Concierge", department=Department.OTHER,
        tax_class_id=services, by=by,
    )  # fmt: skip


def _book(house: House, hotel: Hotel, activities: list[Activity], today: date) -> None:
    """Book what is still to come today and tomorrow, some of it confirmed, for who stays on."""
    by = house.who(Role.FRONT_DESK)
    begins = house.now + timedelta(minutes=30)
    until = dates.instant(datetime.combine(today + timedelta(days=3), time()), hotel.time_zone)
    times = catalogue.times(house.session, hotel, first=begins, until=until, limit=200)
    guests = _staying(house, hotel, today)
    if not guests:
        return
    for number, chosen in enumerate(times[::3][:14]):
        party = guests[number % len(guests)].reservation
        persons = min(max(party.adults, 1), chosen.left)
        if not persons:
            continue
        priced = bool(chosen.activity.price)
        fetched = chosen.activity.kind in {K.TABLE, K.TICKET} and number % 2 == 0
        made = concierge.book(
            house.session,
            chosen,
            party,
            Asked(
                persons=persons,
                pays=Pays.FOLIO if priced else Pays.VENDOR,
                charge=priced and number % 4 != 1,
                pickup_at=chosen.starts_at - timedelta(minutes=25) if fetched else None,
                pickup_place="Lobby" if fetched else None,
                notes="Window, if there is one" if chosen.activity.kind is K.TABLE else None,
            ),
            by=by,
        )
        if number % 3:
            concierge.confirm(house.session, made, vendor_ref=f"R{4_410 + number * 37}", by=by)
        if number == 5:
            concierge.cancel(house.session, made, reason="Guest has a cold", by=by)


def _staying(house: House, hotel: Hotel, today: date) -> list[Stay]:
    """Return who is here for another night, one in three, so that not all are busy."""
    here = stays.in_house(house.session, hotel, limit=90)
    return [each for each in here if each.reservation.departure > today][::3]


def _call(house: House, *, today: date) -> None:
    """Let some be called tomorrow, and one this morning who answered."""
    by = house.who(Role.NIGHT_AUDITOR)
    with house.at(today, time(6)) as hotel:
        for stay in _staying(house, hotel, today)[:1]:
            _try_to_ask(house, hotel, stay, EARLY, by=by)
    with house.at(today, time(6, 31)) as hotel:
        for each in wake_ups.listed(house.session, hotel, waiting=True):
            if each.is_due(clock.now()):
                wake_ups.answered(house.session, each.call, by=by)
    with clock.set_to(house.now), transaction(house.session):
        hotel = house.hotel
        guests = _staying(house, hotel, today)
        for number, stay in enumerate(guests[1:7]):
            at = time(6 + number % 3, 15 * (number % 4))
            wake_ups.ask(
                house.session, hotel, [stay.reservation], at=at, daily=number % 3 == 0,
                notes="Softly, a child sleeps" if number == 2 else None, by=by,
            )  # fmt: skip
        early = [stay.reservation for stay in guests[7:10]]
        if len(early) > 1:
            wake_ups.ask(house.session, hotel, early, at=LATE, by=by)
        wake_ups.look_after(house.session, hotel, by=staff.the_house(house.session, hotel))


def _try_to_ask(house: House, hotel: Hotel, stay: Stay, at: time, *, by: Staff) -> None:
    """Write a call down where its hour is still to come on the demo's clock."""
    soon = wake_ups.next_day(hotel, at)
    if stay.reservation.arrival <= soon <= stay.reservation.departure:
        wake_ups.ask(house.session, hotel, [stay.reservation], at=at, first_on=soon, by=by)
